"""The best allocation for the maze, looked for from many starts.

The seven starts of dra.exact.optimal_allocation, then n detours: precise along the way that is
shortest when each cell takes a random time, forgotten elsewhere; and n shaken ones: the best found
so far with each sigma multiplied by a random factor and some states exchanged.
"""

import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

import dra
from dra import exact

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store


def search(task, gamma_q, starts, rng=0):
    """The best allocation from these starts at the parameters of the paper, or None."""
    options = {"beta": 10.0, "gamma": 1.0, "cost_weight": 0.1, "sigma_base": 5.0}
    options |= {"starts": starts, "rng": rng, "progress": False}
    try:
        return exact.optimal_allocation(task, gamma_q=gamma_q, **options)
    except RuntimeError:  # the values did not settle
        return None


def detour(task, rng):
    """A start: sigma 0.5 to 2 along a random way to the goal, 5 elsewhere."""
    to = task.next_state[:, :, 0]
    time, left = rng.uniform(1, 4, task.n_states), np.zeros(task.n_states)
    for _ in range(task.n_states):
        left = np.where(task.terminal, 0.0, time + left[to].min(axis=1))
    sigma, s = np.full(task.memory_shape, 5.0), task.start_state[0]
    while not task.terminal[s]:
        sigma[s] = 2.0 ** rng.uniform(-1, 1)
        s = to[s, left[to[s]].argmin()]
    return sigma


def shaken(sigma, rng):
    """A start: factors from 1/2 to 2, and a tenth of the states exchange what they keep."""
    sigma, moved = sigma * 2.0 ** rng.uniform(-1, 1, sigma.shape), rng.random(len(sigma)) < 0.1
    sigma[moved] = rng.permutation(sigma[moved])
    return sigma.clip(0.01, 100.0)


def study(n, seed):
    """For each discount: what the starts reached (those that settled), and the best sigma."""
    small = dra.tasks.gridworld(3, 4, start=(2, 0), goal=(0, 3), walls=())
    task, found = dra.tasks.gridworld() if n > 2 else small, {}
    for i, gamma_q in enumerate((0.9, 1.0)):
        rng = np.random.default_rng([seed, i])
        best = search(task, gamma_q, 7, rng)
        ends = {"ways": best.optima.round(4).tolist(), "detours": [], "shaken": []}
        for k in tqdm(range(2 * n)):
            start = detour(task, rng) if k < n else shaken(best.memory.sigma, rng)
            here = search(task, gamma_q, [start])
            if here is not None:
                ends["detours" if k < n else "shaken"].append(round(here.objective, 4))
                best = max(best, here, key=lambda x: x.objective)
        sigma = best.memory.sigma.round(4).tolist()
        found[str(gamma_q)] = {"best": round(best.objective, 4), **ends, "sigma": sigma}
    return found


if __name__ == "__main__":
    store(__file__, study, n=30, seed=0)
