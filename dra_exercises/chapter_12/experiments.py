"""The experiments of chapter 12: what is handed in, and what misconceptions give."""

import math
from functools import lru_cache

import numpy as np

import dra
from dra import baselines, exact

BETA, BASE = 10.0, 5.0
OPTIONS = {"beta": BETA, "gamma": 1.0, "sigma_base": BASE}

# 12.5: another power


@lru_cache
def twelve():
    """The chapter's twelve options in four sets, of which two are met four times as often."""
    q = np.concatenate([10 + k * np.array([1, 0, -1]) for k in (4.0, 1.0, 4.0, 1.0)])
    pairs = [(3 * k + i, 3 * k + j) for k in range(4) for i, j in [(0, 1), (0, 2), (1, 2)]]
    slot, ends = np.array([*pairs, (0, 0)]), np.zeros((13, 2, 13))
    ends[:, :, 12] = 1.0
    start = [*np.repeat([4, 4, 1, 1], 3) / 30, 0]
    return dra.tasks.tabular(ends, q[slot], terminal=[12], start=start, slot=slot)


@lru_cache
def optimum(price):
    return exact.optimal_allocation(twelve(), cost_weight=price, starts=[0.3], **OPTIONS).memory


def reward(memory, price=0.0):
    return exact.objective(twelve(), memory, beta=BETA, gamma=1.0, cost_weight=price)


def rewards(power=2.0, priced=False):
    """One row a price, 0.1 and 0.03: reward of by_frequency and of by_stakes, with w**power."""
    rows = []
    for price in (0.1, 0.03):
        best = optimum(price)
        visits = baselines.memory_visits(twelve(), best, beta=BETA)
        stakes = baselines.memory_stakes(twelve(), best, beta=BETA)
        found = (
            baselines.by_frequency(best, best.cost(), visits**power),
            baselines.by_stakes(best, best.cost(), stakes**power),
        )
        rows.append([reward(memory, price if priced else 0.0) for memory in found])
    return np.array(rows)


# 12.6: when does coffee leap?


@lru_cache
def lunch():
    """Coffee on four mornings of five, with 1 at stake; else holidays, with 4."""
    ends, pay = np.zeros((3, 2, 3)), [[1.0, 0.0], [4.0, 0.0], [0.0, 0.0]]
    ends[:, :, 2] = 1.0
    return dra.tasks.tabular(ends, pay, terminal=[2], start=[0.8, 0.2, 0.0])


def coffee(price, starts):
    found = exact.optimal_allocation(lunch(), cost_weight=price, starts=starts, **OPTIONS)
    return found.memory.sigma[0, 0]


@lru_cache
def leap(*starts):
    """The price at which the sigma of coffee that is found from these starts passes 1."""
    low, high = 0.05, 0.12
    while high / low > 1.002:
        middle = math.sqrt(low * high)
        low, high = (middle, high) if coffee(middle, list(starts)) < 1 else (low, middle)
    return math.sqrt(low * high)


def density(z):
    return math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


def condition(often=0.8, memories=2, z=1.0):
    """The price up to which a sharp coffee is a local maximum; z phi(z) is largest at z = 1."""
    return often * density(z) / memories


def leap_and_condition():
    return [leap(0.3, 4.9), condition()]
