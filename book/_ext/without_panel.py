"""What a notebook has to run where its page has a figure to play with and dra.widgets no panel.

Each is a function and a line or two that call it, with numbers to change. It prints what the figure
says at first, computed by ``dra``, and leaves the names of the chapter alone.
"""

HEAD = """\
# a figure to play with, as numbers: change those in the last lines and run again
import numpy as np

import dra
from dra import {needs}


"""
RULES = '''\
def play_rules(often, stake, price, base=5.0):
    """Coffee in a share of mornings, at stake 1, and holidays; four allocations."""
    ends = np.zeros((3, 2, 3))
    ends[:, :, 2] = 1.0
    rewards, start = [[1, 0], [stake, 0], [0, 0]], [often, 1 - often, 0]
    task = dra.tasks.tabular(ends, rewards, terminal=[2], start=start)
    best = exact.optimal_allocation(
        task, beta=np.inf, gamma=1.0, cost_weight=price, sigma_base=base,
        starts=[0.3, 1.0, 2.5, 4.9],
    ).memory
    both = dra.Memory(best.q[:2], best.sigma[:2], base)
    visits, stakes = np.array([[often], [1 - often]]), np.array([[1.0], [stake]])
    found = {
        "best": both,
        "equal": baselines.equal(both, both.cost()),
        "frequency": baselines.by_frequency(both, both.cost(), visits + np.zeros((2, 2))),
        "stakes": baselines.by_stakes(both, both.cost(), stakes + np.zeros((2, 2))),
    }
    print("           nats: coffee  holiday   right: coffee  holiday   reward")
    for name, memory in found.items():
        nats = dra.costs.kl.value(memory.sigma, base).sum(axis=1)
        right = memory.choice_probabilities(np.inf)[:, 0]
        reward = (visits * stakes).ravel() @ right
        print(f"{name:10s}{nats[0]:13.2f}{nats[1]:9.2f}", end="")
        print(f"{right[0]:16.3f}{right[1]:9.3f}{reward:9.4f}")


play_rules(often=0.8, stake=4, price=0.1)'''

SCALE = '''\
def play_scale(size, contexts=1, scaled=()):
    """A right option that earns ``size``, a wrong one that earns nothing.

    scaled : of "beta", "base", "price" (by the size) and "visits" (the price, by the
        number of contexts)
    """
    by = {name: size if name in scaled else 1.0 for name in ("beta", "base", "price")}
    beta, base, price = 10.0 / by["beta"], 5.0 * by["base"], 0.08 * by["price"]
    price /= contexts if "visits" in scaled else 1
    ends = np.zeros((3, 2, 3))
    ends[:, :, 2] = 1.0
    start = [1 / contexts, 1 - 1 / contexts, 0]
    task = dra.tasks.tabular(ends, [[size, 0], [0, 0], [0, 0]], terminal=[2], start=start)
    best = exact.optimal_allocation(
        task, beta=beta, gamma=1.0, cost_weight=price, sigma_base=base,
        starts=[0.02 * base, 0.3 * base, 0.98 * base], sigma_bounds=(1e-4 * base, base),
    ).memory
    right = best.choice_probabilities(beta)[0, 0]
    nats = dra.costs.kl.value(best.sigma[0], base).sum()
    print(f"size {size:g}, contexts {contexts}, scaled:", *(scaled or ["nothing"]))
    print(f"chooses right {right:.3f}, nats kept {nats:.2f}")


play_scale(size=0.1)
play_scale(size=0.1, scaled=("beta", "base", "price"))'''

THEORIES = '''\
def play_theories(green, stake, price, base=5.0):
    """A earns 1 at a green light, B earns ``stake`` at a red one; four agents."""
    ends, p = np.zeros((3, 2, 3)), np.array([green, 1 - green])
    ends[:, :, 2] = 1.0
    Q = np.array([[1.0, 0.0], [0.0, stake]])
    rewards = np.vstack([Q, [0.0, 0.0]])
    task = dra.tasks.tabular(ends, rewards, terminal=[2], start=[*p, 0])
    rows = {}
    per_visit = dra.costs.weighted("kl", np.array([*p, 1.0])[:, None])
    for name, cost in {"DRA, once": "kl", "DRA, per visit": per_visit}.items():
        memory = exact.optimal_allocation(
            task, beta=np.inf, gamma=1.0, cost_weight=price, sigma_base=base, cost=cost,
            starts=[0.3, 1.0, 2.5, 4.9],
        ).memory
        nats = dra.costs.kl.value(memory.sigma, base).sum(axis=1)[:2]
        own = nats.sum() if cost == "kl" else p @ nats
        rows[name] = memory.choice_probabilities(np.inf), own
    squeezed = baselines.policy_compression(Q, p, beta=1 / price)
    rows["compression"] = squeezed.choice_probabilities, squeezed.bits * np.log(2)
    soft = dra.policy.softmax(Q, 1 / price)
    own = np.log(2) + p @ (soft * np.log(np.maximum(soft, 1e-300))).sum(axis=1)
    rows["max. entropy"] = soft, own
    print("                 green right  red right  own nats")
    for name, (chances, own) in rows.items():
        print(f"{name:15s}{chances[0, 0]:13.3f}{chances[1, 1]:11.3f}{own:10.3f}")


play_theories(green=0.8, stake=1, price=0.1)'''

CELLS = {
    "rules": HEAD.format(needs="baselines, exact") + RULES,
    "scale": HEAD.format(needs="exact") + SCALE,
    "theories": HEAD.format(needs="baselines, exact") + THEORIES,
}
