"""Flexible minus equal precision for both planners, at other prices, bases and costs; exact."""

import math
import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import ndtr
from tqdm import tqdm

import dra
from dra import planning

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

TASK = dra.tasks.huys(3)
ROOTS, TO, R = TASK.start_state, TASK.next_state[:, :, 0], TASK.reward[:, :, 0]
Q = planning.optimal_values(TASK)
SETTINGS = [("kl", p, 100.0) for p in (0.15, 0.3, 0.5, 1.0, 2.0, 4.0)]
SETTINGS += [("kl", 1.0, 50.0), ("kl", 1.0, 200.0)]
SETTINGS += [("entropy", p, 100.0) for p in (0.25, 0.5, 1.0, 2.0)]
SETTINGS += [("precision", p, 100.0) for p in (0.03, 0.1, 0.3)]
BUDGETS, WALKS = (3, 9, 15, 21), (1, 2, 3, 5)


def ladders():
    """States and actions of the eight paths of each root, and what they earn, ascending."""
    actions = np.array([[x >> k & 1 for k in range(3)] for x in range(8)])
    visited, earned = np.zeros((6, 8, 3), int), np.zeros((6, 8))
    s = np.repeat(ROOTS[:, None], 8, axis=1)
    for k in range(3):
        visited[:, :, k], earned, s = s, earned + R[s, actions[:, k]], TO[s, actions[:, k]]
    order = np.argsort(earned, axis=1)
    return visited, actions, order, np.take_along_axis(earned, order, axis=1)


VISITED, ACTIONS, ORDER, LADDER = ladders()


def reward_again(walks, log_sigma):
    """Expected reward of the best of several independent walks; one sigma a paid state."""
    sigma = np.ones(19)
    sigma[6:18] = np.exp(log_sigma)
    left = ndtr(-np.diff(Q)[:, 0] / (math.sqrt(2) * sigma))
    chance = np.stack([left, 1 - left], axis=1)[VISITED, ACTIONS].prod(axis=2)
    at_most = np.cumsum(np.take_along_axis(chance, ORDER, axis=1), axis=1) ** walks
    return (np.diff(at_most, axis=1, prepend=0) * LADDER).sum() / 6


def gain_again(walks, cost, price, base, rng):
    """Flexible minus equal for the planner that re-explores."""

    def loss(x):
        x = np.broadcast_to(x, 12)
        return 2 * price * cost.value(np.exp(x), base).sum() - reward_again(walks, x)

    line, top = np.log(np.geomspace(1, base, 300)), math.log(base)
    values = [loss(x) for x in line]
    starts = [np.full(12, line[np.argmin(values)]), np.full(12, top)]
    starts += list(rng.uniform(2.5, top, (2, 12)))
    return min(values) - min(minimize(loss, x, bounds=[(0, top)] * 12).fun for x in starts)


def gain_tidy(budget, starts, rng, **same):
    """Flexible minus equal for the planner that does not walk a finished branch again."""
    flexible = planning.allocate_flexible(TASK, budget, rng=rng, starts=starts, **same)
    return flexible.objective - planning.allocate_equal(TASK, budget, **same).objective


def study(n, seed):
    """One row a setting; ``n`` starts for each flexible optimum of the tidy planner."""
    rng, rows = np.random.default_rng(seed), []
    for name, price, base in tqdm(SETTINGS if n > 2 else SETTINGS[:1]):
        cost = getattr(dra.costs, name)
        same = {"cost": cost, "cost_weight": price, "sigma_base": base, "sigma_bounds": (1.0, base)}
        rows.append({
            "cost": name,
            "price": price,
            "base": base,
            "tidy": [gain_tidy(B, n, rng, **same) for B in BUDGETS],
            "re-exploring": [gain_again(K, cost, price, base, rng) for K in WALKS],
        })  # fmt: skip
    return {"rows": rows}


if __name__ == "__main__":
    store(__file__, study, n=64, seed=17)
