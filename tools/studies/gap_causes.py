"""What separates DRA from the best allocation: agents whose windfall is gone, one cause at a time.

``switches``: [F, F with tied means] of each agent after 1000 trials more with one thing changed.
``ladder``: F with tied means, one cause after another.
"""

import sys
from pathlib import Path

from tqdm import tqdm

import dra
from dra import exact

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

TASK = dra.tasks.gridworld()
SETTLED, MORE = 20_000, 1000
SWITCHES = {
    "unchanged": {},
    "no discount in the critic": {"gamma_q": 1.0},
    "a discount in the gradient": {"gamma": 0.9},
    "slower learning": {"learning_rate_q": 0.01},
    "100 trajectories": {"n_trajectories": 100},
    "smaller steps of sigma": {"learning_rate_sigma": 0.01},
    "tighter clipping": {"sigma_bounds": (0.1, 20.0)},
}


def F(memory):
    """The exact objective at the paper's price."""
    return float(exact.objective(TASK, memory, beta=10.0, gamma=1.0, cost_weight=0.1))


def tie(memory, gamma_q):
    """The same sigma with the means of its own policy."""
    return exact.tied_values(TASK, memory, beta=10.0, gamma_q=gamma_q)


def go_on(memory, trials, seed, **parameters):
    """The memory of an agent that goes on from this one."""
    sigma = memory.sigma.clip(*parameters.get("sigma_bounds", (0.01, 100.0)))
    start = {"q_init": memory.q, "sigma_init": sigma, "progress": False}
    start |= {"record_every": trials, "evaluation_episodes": 1}
    return dra.train(TASK, trials, rng=seed, **start, **parameters).memory


def perfect_critic(memory, seed):
    """F of an agent that is told the tied means every 200 trials, and learns none itself."""
    for j in range(MORE // 200):
        options = {"learning_rate_q": 0.0, "gamma_q": 0.9}
        memory = go_on(tie(memory, 0.9), 200, [*seed, j], **options)
    return F(tie(memory, 0.9))


def rest(memory, gamma_q):
    """F where the noiseless agent comes to rest."""
    found = exact.fixed_point(TASK, start=memory, gamma_q=gamma_q, tolerance=0.03)
    return F(found.memory)


def agent(seed):
    """All that is asked of one agent: the switches, and the rungs of the ladder."""
    options = {"record_every": SETTLED, "evaluation_episodes": 1, "progress": False}
    memory = dra.train(TASK, SETTLED, rng=[*seed, 0], **options).memory
    switches = {}
    for name, parameters in SWITCHES.items():
        after = go_on(memory, MORE, [*seed, 1], **parameters)
        tied = tie(after, parameters.get("gamma_q", 0.9))
        switches[name] = [F(after), F(tied)]
    rungs = {
        "DRA, means tied": F(tie(memory, 0.9)),
        "1000 trials more": switches["unchanged"][1],
        "+ perfect critic": perfect_critic(memory, [*seed, 2]),
        "+ no noise": rest(memory, 0.9),
        "+ no discount": rest(memory, 1.0),
    }
    return switches, rungs


def study(n, seed):
    """The numbers of ``n`` agents, one list for each switch and rung."""
    agents = [agent([seed, k]) for k in tqdm(range(n))]
    return {part: {name: [a[i][name] for a in agents] for name in agents[0][i]}
            for i, part in enumerate(("switches", "ladder"))}  # fmt: skip


if __name__ == "__main__":
    store(__file__, study, n=12, seed=5500)
