"""When does flexible precision pay? The best flexible and the best equal one in random tasks.

Two actions and no softmax noise, so that a choice has a closed form and a compiled loop finds the
tied means. Every twelfth task is solved by `dra.exact` as well.
"""

import math
import sys
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from numba import njit
from scipy.optimize import minimize, minimize_scalar

import dra
from dra import exact

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

BASE, LOW, STATES = 5.0, 0.02, 8
START_Q = np.zeros((STATES + 1, 2))


@njit
def tied(to, p, r, sigma, q):
    """Make q the values of the policy that it has with sigma; return the value of the start."""
    value = np.zeros(len(q))
    for _ in range(2000):
        moved = 0.0
        for s in range(len(q) - 1):
            width = math.sqrt(2 * (sigma[s, 0] ** 2 + sigma[s, 1] ** 2))
            first = 0.5 * math.erfc((q[s, 1] - q[s, 0]) / width)
            value[s] = first * q[s, 0] + (1 - first) * q[s, 1]
        for s in range(len(q) - 1):
            for a in range(2):
                new = r[s, a]
                for k in range(to.shape[2]):
                    new += p[s, a, k] * value[to[s, a, k]]
                moved = max(moved, abs(new - q[s, a]))
                q[s, a] += 0.8 * (new - q[s, a])
        if moved < 1e-11:
            break
    return value[0]


@njit
def objective_and_slope(to, p, r, sigma, price, q):
    """F and its derivatives in log sigma by central differences; q follows."""
    n, h = len(q) - 1, 1e-5
    slope, near = np.zeros((n, 2)), sigma.copy()
    F = tied(to, p, r, sigma, q) - price * nats(sigma)
    for s in range(n):
        for a in range(2):
            for sign in (1, -1):
                near[s, a] = sigma[s, a] * math.exp(sign * h)
                slope[s, a] += sign * (tied(to, p, r, near, q.copy()) - price * nats(near))
            near[s, a] = sigma[s, a]
    return F, slope / (2 * h)


@njit
def nats(sigma):
    """The Kullback-Leibler cost of all memories."""
    ratio = sigma / BASE
    return np.sum(-np.log(ratio) + ratio**2 / 2 - 0.5)


def drawn(k, seed):
    """Task number ``k`` and its price: 1 to 4 successors, 5 to 20 moves on average."""
    rng = np.random.default_rng([seed, k])
    form = {"branching": int(rng.integers(1, 5)), "ending": 1 / float(rng.uniform(5, 20))}
    return dra.tasks.random(STATES, 2, **form, rng=rng), form, float(10 ** rng.uniform(-2.5, 0))


def parts(task):
    """Next states, probabilities and mean rewards of a task."""
    return task.next_state, task.probability, task.reward[:, :, 0]


def best_equal(task, price):
    """(objective, sigma, objective at sigma_base): the best of a grid, refined."""
    q = START_Q.copy()

    def value(sigma):
        same = np.full((STATES, 2), sigma)
        return tied(*parts(task), same, q) - price * nats(same)

    grid = np.r_[np.geomspace(LOW, 4.8, 40), BASE]
    values = [value(s) for s in grid]
    k = int(np.argmax(values))
    ends = grid[max(k - 1, 0)], grid[min(k + 1, len(grid) - 1)]
    found = minimize_scalar(lambda s: -value(s), bounds=ends, options={"xatol": 1e-4})
    better = max((values[k], float(grid[k])), (-found.fun, float(found.x)))
    return *map(float, better), float(values[-1])


def best_flexible(task, price, starts):
    """(objective, nats) of the best allocation found from some starts, by L-BFGS in log sigma."""

    def negative(log_sigma, q):
        sigma = np.exp(log_sigma).reshape(STATES, 2)
        F, slope = objective_and_slope(*parts(task), sigma, price, q)
        return -F, -slope.ravel()

    bounds = [(math.log(LOW), math.log(4 * BASE))] * (2 * STATES)
    found = [
        minimize(negative, np.log(s).ravel(), START_Q.copy(), jac=True, bounds=bounds,
                 method="L-BFGS-B", options={"maxiter": 200})
        for s in starts
    ]  # fmt: skip
    best = min(found, key=lambda f: f.fun)
    return float(-best.fun), float(nats(np.exp(best.x))), [float(-f.fun) for f in found]


def gini(x):
    """Inequality of numbers >= 0: 0 if all are equal, near 1 if one has all."""
    x = np.sort(x)
    return float(np.sum((2 * np.arange(1, x.size + 1) - x.size - 1) * x) / (x.size * x.sum()))


def features(task):
    """Visits and stakes (best less worse action) of the best policy, and how unequal they are."""
    q = START_Q.copy()
    tied(*parts(task), np.full((STATES, 2), 1e-6), q)
    chance = np.eye(2)[q.argmax(axis=1)]
    stakes, visits = np.abs(q[:-1, 0] - q[:-1, 1]), exact.evaluate(task, chance, 1.0).visits[:-1]
    found = {"visits": visits, "stakes": stakes, "importance": visits * stakes}
    unequal = {name: gini(x) for name, x in found.items()}
    return unequal | {"total": float(np.sum(visits * stakes))}, visits * stakes


def one(k, seed):
    """What is found in task number ``k``."""
    task, form, price = drawn(k, seed)
    known, importance = features(task)
    equal, sigma, nothing = best_equal(task, price)
    by_importance = np.clip(BASE * price / (importance + price), 2 * LOW, BASE)
    starts = [np.full((STATES, 2), sigma), np.stack([by_importance] * 2, 1)]
    flexible, spent, found = best_flexible(task, price, starts)
    again = None
    if k % 12 == 0:
        again = exact.optimal_allocation(
            task, beta=np.inf, gamma=1.0, cost_weight=price, sigma_base=BASE, starts=3,
            sigma_bounds=(LOW, 4 * BASE), progress=False,
        ).objective  # fmt: skip
    return {
        **form, "price": price, **known, "nothing": nothing, "equal": equal, "flexible": flexible,
        "sigma_equal": sigma, "nats": spent, "spread": max(found) - min(found), "by_dra": again,
    }  # fmt: skip


def study(n, seed):
    """A column for every number; ``n`` tasks."""
    rows = Parallel()(delayed(one)(k, seed) for k in range(n))
    return {name: [row[name] for row in rows] for name in rows[0]}


if __name__ == "__main__":
    store(__file__, study, n=600, seed=0)
