"""Precision and impact where the dynamics of the allocator come to rest without noise.

On the way there: mice with ten times the trajectories, mice with more trials, and both. Behind it:
the same dynamics with the true action-values as the credit, whose mean is the slope of the return.
"""

import sys
from pathlib import Path

import numpy as np
from scipy import stats
from tqdm import tqdm

import dra

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from maze_mice import CHANGE, OLD, impacts, train
from study import store

LONG = 20_000  # trials
KINDS = ("mouse", "100 trajectories", "20 000 trials", "both", "rest", "rest, credit return")


def rank(x, y):
    """Spearman's correlation of all entries."""
    return stats.spearmanr(np.ravel(x), np.ravel(y)).statistic


def marginal(memory):
    """What the next bit of blur of each memory costs in expected return."""
    options = {"beta": 10.0, "gamma": 1.0, "cost_weight": 0.0}
    return -dra.exact.objective_gradient(OLD, memory, **options).sigma


def scores(memory):
    """Rank correlation of precision with marginal and with total impact."""
    precision = memory.sigma**-2.0
    return rank(precision, marginal(memory)), rank(precision, impacts(OLD, memory)[0])


def study(n, seed):
    """[mean, standard deviation] of both scores, for mice and for the rests they lead to."""
    rows = []
    for k in tqdm(range(n)):
        mouse = train(OLD, CHANGE, [seed, k]).memory
        row = [mouse]
        # less noise, more time, and both
        for stream, (trials, many) in enumerate(((CHANGE, 100), (LONG, 10), (LONG, 100))):
            row.append(train(OLD, trials, [seed, stream, k], n_trajectories=many).memory)
        # no noise: with the allocator's credit, and with the slope of J
        for credit in ("advantage", "return"):
            options = {"start": mouse, "credit": credit, "tolerance": 0.001}
            row.append(dra.exact.fixed_point(OLD, **options).memory)
        rows.append([score for memory in row for score in scores(memory)])
    mean, sd = np.mean(rows, axis=0), np.std(rows, axis=0, ddof=1)
    names = [f"{kind}, {part}" for kind in KINDS for part in ("marginal", "total")]
    pairs = zip(mean.tolist(), sd.tolist(), strict=True)
    return {"n": n} | dict(zip(names, map(list, pairs), strict=True))


if __name__ == "__main__":
    store(__file__, study, n=12, seed=5100)
