"""Which cause has which effect in the allocator: agents with one thing switched off at a time.

Each arm is a list of stages; a stage is a number of trials and what differs from the paper's
parameters. Means and sigma are handed on from stage to stage. An arm can also start with means
that it was given. The result is, for each arm and agent, the exact objective, the exact return
(both at lambda = 0.1, or the arm's own) and the nats of the final memory.
"""

import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

import dra

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

TASK = dra.tasks.gridworld()
BETA = 10.0
LEARN, ALLOCATE = {"learning_rate_sigma": 0.0}, {"learning_rate_q": 0.0}
BLURRED = {"sigma_init": 5.0}
FAST = {"learning_rate_sigma": 1.0}
FREE_FLOOR, CEILING = {"sigma_bounds": (1e-6, 100.0)}, {"sigma_bounds": (1e-6, 5.0)}
START, LATER = (1000, {}), 4000

ARMS = {
    # three plans, and allocation for means that were given
    "learn first": [(1000, BLURRED | LEARN), (1000, ALLOCATE)],
    "take turns": [(100, BLURRED | LEARN), (100, ALLOCATE)] + [(100, LEARN), (100, ALLOCATE)] * 9,
    "both at once": [(1000, BLURRED)],
    "given the means of both": [(1000, BLURRED | ALLOCATE)],
    "given the optimum": [(1000, BLURRED | ALLOCATE)],
    # half the price
    "standard": [(1500, {})],
    "half price": [(1500, {"cost_weight": 0.05})],
    "half price, same clock": [(1500, {"cost_weight": 0.05, "learning_rate_sigma": 0.2})],
    # the clocks
    "sigma slow": [(1500, {"learning_rate_sigma": 0.001})],
    "sigma fast": [(1500, FAST)],
    "sigma fast, 1000 trajectories": [(400, FAST | {"n_trajectories": 1000})],
    "means slow": [(1500, {"learning_rate_q": 0.01})],
    "means slow, more time": [(15_000, {"learning_rate_q": 0.01})],
    "means slow, given": [(1500, {"learning_rate_q": 0.01})],
    "means fast": [(1500, {"learning_rate_q": 1.0})],
    # the floor
    "floor 0.1": [(2000, {"sigma_bounds": (0.1, 100.0)})],
    "floor 0.01": [(2000, {})],
    "floor 1e-6": [(2000, FREE_FLOOR)],
    "floor 1e-6, ceiling 5": [(2000, CEILING)],
    # after the peak
    "peak": [START],
    "peak, then as before": [START, (LATER, {})],
    "peak, then means held": [START, (LATER, ALLOCATE)],
    "peak, then means slow": [START, (LATER, {"learning_rate_q": 0.01})],
    "peak, then sigma slow": [START, (LATER, {"learning_rate_sigma": 0.01})],
    # the discount of learning
    "no discount": [(1500, {"gamma_q": 1.0})],
    "no discount, 5000 trials": [(5000, {"gamma_q": 1.0})],
    "held": [(1500, ALLOCATE)],
    "no discount, held": [(1500, ALLOCATE)],
    "stretched, held": [(1500, ALLOCATE)],
}
GIVEN = {  # whose final means an arm starts with
    "given the means of both": "both at once",
    "means slow, given": "standard",
    "held": "standard",
    "no discount, held": "no discount",
    "stretched, held": "standard",
}


def distances():
    """Moves to the goal, for every state (large where there is no way)."""
    goal, successor = TASK.layout.state(TASK.layout.goal), TASK.next_state[:, :, 0]
    moves = np.where(np.arange(TASK.n_states) == goal, 0, 99)
    for _ in range(TASK.n_states):
        moves = np.minimum(moves, 1 + moves[successor].min(axis=1))
    return moves


def best_values(gamma_q=0.9):
    """Action-values of an agent that never errs."""
    successor, reward = TASK.next_state[:, :, 0], TASK.reward[:, :, 0]
    q = np.zeros(reward.shape)
    for _ in range(300):
        q = reward + gamma_q * np.where(TASK.terminal, 0, q.max(axis=1))[successor]
    return np.where(TASK.terminal[:, None], 0, q)


def stretch(q, gamma_q=0.9):
    """Undo the discount of the differences within a state, and of nothing else."""
    mean, moves = q.mean(axis=1, keepdims=True), np.clip(distances() - 1, 0, 30)
    return mean + (q - mean) / gamma_q ** moves[:, None]


def last_memory(stages, q, rng):
    """Train through the stages, from means ``q`` (None: from 0)."""
    start = {} if q is None else {"q_init": q}
    for k, (trials, options) in enumerate(stages):
        parameters = start | {"record_every": trials} | options
        memory = dra.train(TASK, trials, rng=[*rng, k], progress=False, **parameters).memory
        start = {"q_init": memory.q, "sigma_init": memory.sigma}
    return memory


def measure(memory, price):
    """Exact objective and return, and the nats."""
    value = {"beta": BETA, "gamma": 1.0}
    total = dra.exact.objective(TASK, memory, cost_weight=price, **value)
    earned = dra.exact.objective(TASK, memory, cost_weight=0.0, **value)
    return [round(float(x), 4) for x in (total, earned, memory.cost())]


def study(n, seed):
    found, memories = {}, {}
    for a, (name, stages) in enumerate(tqdm(ARMS.items(), disable=None)):
        given = memories.get(GIVEN.get(name), [None] * n)
        means = [None if m is None else m.q for m in given]
        if name == "given the optimum":
            means = [best_values()] * n
        if name == "stretched, held":
            means = [stretch(q) for q in means]
        price = stages[-1][1].get("cost_weight", 0.1)
        memories[name] = [last_memory(stages, means[k], (seed, a, k)) for k in range(n)]
        rows = [measure(m, price) for m in memories[name]]
        columns = zip(*rows, strict=True)
        found[name] = dict(zip(("objective", "return", "nats"), map(list, columns), strict=True))
    return found


if __name__ == "__main__":
    store(__file__, study, n=40, seed=20_201_107)
