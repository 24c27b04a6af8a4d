"""Why DRA gives up when a nat costs one unit of reward: causes switched off one by one.

All memories are of the maze of the paper and are valued exactly, at the price 1. ``agents``
holds trained agents, a list of n rows for each way of training; ``resting`` where the expected
dynamics rests, which has no noise and a critic that is always right; ``best`` the best
allocations; ``discounts`` what an allocation is worth with the means that learning settles on
at either discount.
"""

import sys
from pathlib import Path

from tqdm import tqdm

import dra
from dra import exact

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

TASK = dra.tasks.gridworld()
BASE = 5.0
TRIALS = 5000
SETTINGS = {
    "price 1": {"cost_weight": 1.0},
    "price 0.3": {"cost_weight": 0.3},
    "price 1, gamma_q 1": {"cost_weight": 1.0, "gamma_q": 1.0},
}
SCALES = (0.5, 0.4, 0.3, 0.2)  # prices at which the agent allocates, valued at 1


def worth(memory, price=1.0):
    """The objective of a memory at a price."""
    return exact.objective(TASK, memory, beta=10.0, gamma=1.0, cost_weight=price)


def tied(memory, gamma_q=0.9):
    """The same sigma with the means that learning settles on."""
    return exact.tied_values(TASK, memory, beta=10.0, gamma_q=gamma_q)


def row(memory, **more):
    """What one memory earns, holds and is worth."""
    numbers = {"objective": worth(memory), "reward": worth(memory, 0.0), "nats": memory.cost()}
    return {**more, **numbers}


def trained(n, seed):
    """(rows of n agents for each setting, the agents of the price 0.3)."""
    rows, memories = {}, {}
    options = {"progress": False}
    for k, (name, parameters) in enumerate(SETTINGS.items()):
        memories[name] = [
            dra.train(TASK, TRIALS, rng=[seed, k, i], **parameters, **options).memory
            for i in tqdm(range(n), name)
        ]
    start = memories["price 0.3"]
    memories["price 1, from 0.3"] = [
        dra.train(
            TASK, TRIALS, rng=[seed, 9, i], cost_weight=1.0, q_init=m.q, sigma_init=m.sigma,
            **options,
        ).memory
        for i, m in enumerate(tqdm(start, "price 1, from 0.3"))
    ]  # fmt: skip
    for name, agents in memories.items():
        gamma_q = SETTINGS.get(name, {}).get("gamma_q", 0.9)
        rows[name] = [row(m, tied=worth(tied(m, gamma_q))) for m in agents]
    return rows, start


def rest(start, credit="advantage", price=1.0, gamma_q=0.9):
    """Where the expected dynamics rests."""
    options = {"credit": credit, "cost_weight": price, "gamma_q": gamma_q}
    found = exact.fixed_point(TASK, start=start, tolerance=0.02, progress=False, **options)
    if not found.converged:
        raise RuntimeError(f"no rest from {options}")
    return found.memory


def best_allocation(gamma_q):
    """The best allocation found, for means learned at a discount."""
    return exact.optimal_allocation(
        TASK, beta=10.0, gamma=1.0, gamma_q=gamma_q, cost_weight=1.0, sigma_base=BASE,
        starts=[3.0], progress=False,
    ).memory  # fmt: skip


def resting_places(starts, n):
    """(rows, the last memory of DRA's own credit) from n starts, and of n smaller prices."""
    rows, memories = [], {}
    for credit in ("advantage", "return"):
        for name, start in tqdm(list(starts.items())[:n], credit):
            memories[credit] = rest(start, credit)
            rows.append(row(memories[credit], credit=credit, start=name, price=1.0))
    at = memories["advantage"]
    for price in tqdm(SCALES[:n], "scales"):
        at = rest(at, price=price)
        rows.append(row(at, credit="advantage", start="the last", price=price))
    return rows, memories["advantage"]


def study(n, seed):
    """Train n agents in each way; compute what does not depend on n."""
    agents, cheap = trained(n, seed)
    best = {g: best_allocation(g) for g in (0.9, 1.0)}
    even = dra.Memory.initial(TASK, q=0.0, sigma=3.0, sigma_base=BASE)
    starts = {"even": even, "trained at 0.3": cheap[0], "best": best[0.9]}
    resting, rested = resting_places(starts, n)
    allocations = {
        "nothing": dra.Memory.initial(TASK, q=0.0, sigma=BASE, sigma_base=BASE),
        "DRA, gamma_q 0.9": rested,
        "DRA, gamma_q 1": rest(rested, gamma_q=1.0),
        "best, gamma_q 0.9": best[0.9],
        "best, gamma_q 1": best[1.0],
    }
    discounts = [
        {"allocation": name, "nats": m.cost()} | {f"at {g}": worth(tied(m, g)) for g in (0.9, 1.0)}
        for name, m in allocations.items()
    ]
    best_rows = [row(m, gamma_q=g) for g, m in best.items()]
    return {"agents": agents, "resting": resting, "best": best_rows, "discounts": discounts}


if __name__ == "__main__":
    store(__file__, study, n=20, seed=1)
