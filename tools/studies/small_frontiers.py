"""Reward and nats of the best flexible and the best equal precision, in a corridor and a room."""

import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from tqdm import tqdm

import dra
from dra import exact

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

SETTING = {"beta": 10.0, "gamma": 1.0}
BASE = 5.0
PRICES = 3 / 10 ** (0.4 * np.arange(1, 8))
GRID = np.concatenate([np.geomspace(0.02, 4.0, 30), np.linspace(4.1, 5.0, 10)])
TASKS = {
    "corridor": dra.tasks.gridworld(1, 6, start=(0, 0), goal=(0, 5), walls=()),
    "room": dra.tasks.gridworld(3, 4, start=(2, 0), goal=(0, 3), walls=()),
}


def of_equal(task, sigma, q=0.0):
    """The memory of one sigma for all, means tied."""
    q, sigma = (np.broadcast_to(x, task.memory_shape) for x in (q, sigma))
    return exact.tied_values(task, dra.Memory(q, sigma, BASE), beta=10.0, gamma_q=1.0)


def best_equal(task, price, tried):
    """Reward and nats of the best equal precision: the best on the grid, refined."""

    def F(memory, weight=price):
        return exact.objective(task, memory, **SETTING, cost_weight=weight)

    k = int(np.argmax([F(m) for m in tried]))
    ends = GRID[max(k - 1, 0)], GRID[min(k + 1, len(GRID) - 1)]
    found = minimize_scalar(
        lambda s: -F(of_equal(task, s, tried[k].q)), bounds=ends, options={"xatol": 1e-3}
    )
    memory = of_equal(task, found.x, tried[k].q)
    return [float(F(memory, 0.0)), float(memory.cost())]


def study(n, seed):
    """For each task [reward, nats] at each price; flexible from ``n`` starts a price."""
    data = {"prices": PRICES.tolist()}
    for name, task in tqdm(TASKS.items()):
        tried = [of_equal(task, GRID[0])]
        for s in GRID[1:]:
            tried.append(of_equal(task, s, tried[-1].q))
        options = {**SETTING, "sigma_base": BASE, "starts": n, "rng": seed, "progress": False}
        found = exact.frontier(task, PRICES[::-1], **options)
        data[name] = {
            "equal": [best_equal(task, price, tried) for price in PRICES],
            "flexible": np.transpose([found.reward, found.nats])[::-1].tolist(),
        }
    return data


if __name__ == "__main__":
    store(__file__, study, n=7, seed=0)
