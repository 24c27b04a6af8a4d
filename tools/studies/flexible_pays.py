"""When does flexible precision pay? The best flexible and the best equal one in random tasks."""

import sys
from pathlib import Path

import numpy as np
from joblib import Parallel, delayed
from scipy.optimize import minimize_scalar

import dra
from dra import exact

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

BETA, BASE = 10.0, 5.0
STATES = 8


def drawn(k, seed):
    """Task number ``k`` and its price: 2 to 4 actions, 1 to 4 successors, 5 to 20 moves."""
    rng = np.random.default_rng([seed, k])
    form = {
        "n_actions": int(rng.integers(2, 5)),
        "branching": int(rng.integers(1, 5)),
        "ending": 1 / float(rng.uniform(5, 20)),
    }
    return dra.tasks.random(STATES, **form, rng=rng), form, float(10 ** rng.uniform(-2.5, 0.0))


def best_equal(task, price):
    """(objective, sigma) of the best equal precision on a refined grid; objective at sigma_base."""
    options = {"beta": BETA, "gamma": 1.0, "cost_weight": price}
    memory = dra.Memory.initial(task, sigma=0.05, sigma_base=BASE)

    def value(sigma):
        nonlocal memory
        near = dra.Memory.initial(task, q=memory.q, sigma=sigma, sigma_base=BASE)
        memory = exact.tied_values(task, near, beta=BETA, gamma_q=1.0)
        return exact.objective(task, memory, **options)

    grid = np.r_[np.geomspace(0.05, 3.6, 8), BASE]
    values = [value(s) for s in grid]
    k = int(np.argmax(values))
    ends = grid[max(k - 1, 0)], grid[min(k + 1, len(grid) - 1)]
    found = minimize_scalar(
        lambda s: -value(s), bounds=ends, options={"xatol": 0.02, "maxiter": 10}
    )
    best = (values[k], grid[k]) if values[k] >= -found.fun else (-found.fun, float(found.x))
    return float(best[0]), float(best[1]), float(values[-1])


def best_flexible(task, price, starts):
    """The best allocation found from some starts."""
    options = {"beta": BETA, "gamma": 1.0, "cost_weight": price, "sigma_base": BASE}
    return exact.optimal_allocation(task, starts=starts, progress=False, **options)


def gini(x):
    """Inequality of numbers >= 0: 0 if all are equal, near 1 if one has all."""
    x = np.sort(x)
    return float(np.sum((2 * np.arange(1, x.size + 1) - x.size - 1) * x) / (x.size * x.sum()))


def features(task):
    """What an experimenter can know in advance: visits and stakes of precise choices."""
    sharp = exact.tied_values(
        task, dra.Memory.initial(task, sigma=0.01, sigma_base=BASE), beta=BETA, gamma_q=1.0
    )
    chance = sharp.choice_probabilities(BETA)
    truth = exact.evaluate(task, chance, 1.0)
    values = np.sort(truth.action_values[:-1], axis=1)
    stakes, visits = values[:, -1] - values.mean(axis=1), truth.visits[:-1]
    return {
        "visits": gini(visits),
        "stakes": gini(stakes),
        "importance": gini(visits * stakes),
        "total": float(np.sum(visits * stakes)),
    }


def one(k, seed):
    """What is found in task number ``k``."""
    task, form, price = drawn(k, seed)
    equal, sigma, nothing = best_equal(task, price)
    best = best_flexible(task, price, [sigma])
    more = best_flexible(task, price, 5).objective if k % 12 == 0 else None
    return {
        **form, "price": price, **features(task), "nothing": nothing, "equal": equal,
        "flexible": best.objective, "sigma_equal": sigma, "nats": best.memory.cost(),
        "from_five_starts": more, "certificate": best.certificate,
    }  # fmt: skip


def study(n, seed):
    """A column for every number; ``n`` tasks."""
    rows = Parallel()(delayed(one)(k, seed) for k in range(n))
    return {name: [row[name] for row in rows] for name in rows[0]}


if __name__ == "__main__":
    store(__file__, study, n=504, seed=0)
