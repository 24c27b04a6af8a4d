"""The mice of exercises 6.5 and 6.6: what is found, and what typical mistakes find."""

import math
from functools import lru_cache

import numpy as np

import dra

PRESET = dict(dra.presets.GRIDWORLD_CHANGE)
BETA, BASE, HIGH = PRESET["beta"], PRESET["sigma_base"], PRESET["sigma_bounds"][1]


# 6.5: wake up


@lru_cache
def raised(seed=63, n=8):
    """Memories of mice after 3000 trials in the old maze."""
    task, options = dra.tasks.gridworld(), PRESET | {"progress": False, "record_every": 3000}
    return [dra.train(task, 3000, rng=[seed, 0, k], **options).memory for k in range(n)]


@lru_cache
def changed(alter, seed=63, n=8, where=dra.tasks.gridworld_changed, **options):
    """[expected return at first, mean return after 800 to 1000 trials] of altered memories.

    ``alter(q, sigma)`` returns the means and sigma with which a mouse goes on.
    """
    task, found = where(), []
    for k, memory in enumerate(raised(seed, n)):
        q, sigma = alter(memory.q, memory.sigma)
        pi = dra.policy.choice_probabilities(q, sigma, BETA)
        start = {"q_init": q, "sigma_init": sigma, "progress": False, "record_every": 20}
        run = dra.train(task, 1000, rng=[seed, 1, k], **PRESET | start | options)
        at_first = dra.exact.evaluate(task, pi, 1.0).expected_return
        found.append((at_first, run.history.reward[-10:].mean()))
    return np.mean(found, axis=0)


def awake(q, sigma):
    return q, np.full(sigma.shape, 3.0)


def asleep(q, sigma):
    return q, sigma


def newborn(q, sigma):
    return awake(0 * q, sigma)


def forgetful(q, sigma):
    return q, np.full(sigma.shape, BASE)


def woken():
    return changed(awake)


def left_alone():
    return changed(asleep)


def born_again():
    return changed(newborn)


def at_the_base():
    return changed(forgetful)


def woken_in_the_old_maze():
    return changed(awake, where=dra.tasks.gridworld)


def woken_for_good():
    return changed(awake, learning_rate_sigma=0.0)


# 6.6: other currencies

PRICES = (("entropy", 0.1), ("precision", 0.1), ("precision", 0.01))


@lru_cache
def under(cost, price, top=BASE, seed=65, n=3):
    """The sigma of mice after 3000 trials, for each mouse one array."""
    options = PRESET | {"cost": cost, "cost_weight": price, "sigma_bounds": (0.01, top)}
    options |= {"progress": False, "record_every": 3000}
    task = dra.tasks.gridworld()
    return [dra.train(task, 3000, rng=[seed, k], **options).memory.sigma for k in range(n)]


def counted(made, price_of=dra.costs.kl_value):
    """[nats, memories at the base] for each of the costs, means over mice."""
    nats = [np.mean([price_of(sigma, BASE).sum() for sigma in mice]) for mice in made]
    return np.array([nats, [np.mean([np.sum(sigma > 4.99) for sigma in mice]) for mice in made]])


def currencies():
    return counted([under(*paid) for paid in PRICES])


def as_paid():
    """What each cost says of its own memories, in place of the nats."""
    found = currencies()
    for k, (name, _) in enumerate(PRICES):
        cost = {"entropy": dra.costs.entropy, "precision": dra.costs.precision}[name]
        made = under(*PRICES[k])
        found[0, k] = np.mean([np.sum(cost.value(sigma, BASE)) for sigma in made])
    return found


def currencies_in_bits():
    return currencies() / [[math.log(2)], [1.0]]


def beyond_the_base():
    return counted([under(*paid, top=HIGH) for paid in PRICES])


def at_one_price():
    return currencies()[:, [0, 1, 1]]


def under_kl():
    return counted([under("kl", price) for _, price in PRICES])


def in_per_cent_of_memories():
    return currencies() * [[1.0], [100 / 216]]
