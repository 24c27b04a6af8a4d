"""One trajectory per trial or ten: the objective after the same number of moves.

For each pair of step sizes and each number of trajectories: the mean objective of an agent's
records (one every 1 % of its trials) between 0.4 and 0.6, 0.6 and 0.8, 0.8 and 1 million moves.
"""

import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

import dra

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

TASK = dra.tasks.gridworld()
TRIALS = {1: 25_000, 10: 6000}  # more than a million moves
RATES = {1: (0.1, 0.03, 0.01), 10: (0.3, 0.1, 0.03)}
WINDOWS = ((0.4e6, 0.6e6), (0.6e6, 0.8e6), (0.8e6, 1e6))


class EnoughError(Exception):
    pass


def stop(run):
    if run.env_steps > WINDOWS[-1][1]:
        raise EnoughError


def objectives(n_trajectories, rate_sigma, rate_q, rng):
    """Mean objective in each window of moves."""
    trials = TRIALS[n_trajectories]
    parameters = {"n_trajectories": n_trajectories, "record_every": trials // 100}
    rates = {"learning_rate_sigma": rate_sigma, "learning_rate_q": rate_q}
    try:
        run = dra.train(TASK, trials, rng=rng, progress=False, callback=stop, **parameters, **rates)
    except EnoughError as error:
        run = error.run
    moves, objective = run.history.env_steps, run.history.objective
    inside = [(moves > low) & (moves <= high) for low, high in WINDOWS]
    return [round(float(objective[i].mean()), 3) for i in inside]


def study(n, seed):
    cells = [(count, s, q) for count, rates in RATES.items() for s in rates for q in rates]
    rows = []
    for count, rate_sigma, rate_q in tqdm(cells, disable=None):
        rng = [[seed, count, k] for k in range(n)]
        agents = np.array([objectives(count, rate_sigma, rate_q, r) for r in rng])
        row = {"trajectories": count, "rate_sigma": rate_sigma, "rate_q": rate_q}
        row["mean"] = agents.mean(axis=0).round(3).tolist()
        row["sd"] = agents.std(axis=0, ddof=1).round(3).tolist()
        rows.append(row)
    return {"windows": [list(w) for w in WINDOWS], "cells": rows}


if __name__ == "__main__":
    store(__file__, study, n=10, seed=20_201_108)
