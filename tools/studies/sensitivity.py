"""Claims 4 and 6 of the paper under other parameters, one at a time.

Claim 4: more precision for memories of higher impact. Claim 6: adaptation to a change. Each setting
has ``n`` agents in the changing maze of figure 1B, and for each a twin whose sigma is frozen at the
change. The start of sigma is 0.6 sigma_base throughout. Every measure is [mean, standard error].
"All equally sharp": the impact if every memory had sigma = 0.2 sigma_base. An agent that is not
back at its old reward by the end counts with the last record, 6980 trials after the change.
"""

import sys
from pathlib import Path

import numpy as np
from scipy import stats
from tqdm import tqdm

import dra

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from maze_mice import CHANGE, NEW, OLD, TRIALS, impacts, through_the_top, train
from study import store

SETTINGS = {
    "default": {},
    "beta 5": {"beta": 5.0},
    "beta 20": {"beta": 20.0},
    "sigma_base 2.5": {"sigma_base": 2.5, "sigma_init": 1.5},
    "sigma_base 10": {"sigma_base": 10.0, "sigma_init": 6.0},
    "lambda 0.025": {"cost_weight": 0.025},
    "lambda 0.05": {"cost_weight": 0.05},
    "lambda 0.2": {"cost_weight": 0.2},
    "lambda 0.4": {"cost_weight": 0.4},
    "N_traj 1": {"n_trajectories": 1},
    "N_traj 3": {"n_trajectories": 3},
    "N_traj 30": {"n_trajectories": 30},
}
FROZEN = {"learning_rate_sigma": 0.0, "n_trajectories": 1}


def rank(x, y):
    """Spearman's correlation; 0 where one of the two is constant."""
    x, y = np.ravel(x), np.ravel(y)
    return float(stats.spearmanr(x, y).statistic) if np.ptp(x) > 0 and np.ptp(y) > 0 else 0.0


def claim_4(before, after, beta):
    """How precision goes with impact, memory by memory and cell by cell."""
    memories, cells, visits = impacts(OLD, before, beta)
    then, _, _ = impacts(NEW, after, beta)
    nats = dra.costs.kl_value(before.sigma, before.sigma_base).sum(axis=1)
    busy = (visits > 0.5) & ~OLD.terminal
    equal = dra.Memory(before.q, np.full((54, 4), 0.2 * before.sigma_base), before.sigma_base)
    stakes, cell_stakes, _ = impacts(OLD, equal, beta)
    return {
        "memories": rank(before.sigma**-2.0, memories),
        "memories, all equally sharp": rank(before.sigma**-2.0, stakes),
        "cells, all equally sharp": rank(nats, cell_stakes),
        "cells, impact": rank(nats, cells),
        "cells, visits": rank(nats, visits),
        "busy cells, impact": rank(nats[busy], cells[busy]),
        "busy cells, visits": rank(nats[busy], visits[busy]),
        "busy cells": int(busy.sum()),
        "memories after": rank(after.sigma**-2.0, then),
        "old precision, new impact": rank(before.sigma**-2.0, then),
    }


def claim_6(run, twin, beta):
    """Reward regained, the way taken at the end, and what allocation adds to the twin's end."""
    h = run.history
    before, since = h[h.trial < CHANGE], h[h.trial >= CHANGE]
    level = before.reward[before.trial >= CHANGE - 1000].mean()
    times = [x.trial[np.append(np.flatnonzero(x.reward >= level), -1)[0]]
             for x in (since, twin.history)]  # fmt: skip
    end, frozen_end = (x.objective[-25:].mean() for x in (since, twin.history))
    return {
        "reward before": level,
        "reward at the end": since.reward[-25:].mean(),
        "back after": times[0] - CHANGE,
        "back after, frozen": times[1],
        "objective before": before.objective[before.trial >= CHANGE - 1000].mean(),
        "objective at the end": end,
        "objective at the end, frozen": frozen_end,
        "gain of allocating": end - frozen_end,
        "on the top way, trial 5000": float(through_the_top(run.snapshots[5000], beta) > 0.5),
        "on the top way, trial 9999": float(through_the_top(run.memory, beta) > 0.5),
    }


def agent(seed, options):
    """All measures of one agent."""
    beta = options.get("beta", 10.0)
    run = train(OLD, TRIALS, [*seed, 0], changes={CHANGE: NEW}, snapshots=(CHANGE - 1, 5000),
                **options)  # fmt: skip
    before = run.snapshots[CHANGE - 1]
    held = {**options, "q_init": before.q, "sigma_init": before.sigma, **FROZEN}
    twin = train(NEW, TRIALS - CHANGE, [*seed, 1], **held)
    return claim_4(before, run.memory, beta) | claim_6(run, twin, beta)


def study(n, seed):
    """Mean and standard error of every measure, for ``n`` agents in each setting."""
    found = {}
    for i, (name, options) in enumerate(tqdm(SETTINGS.items())):
        each = [agent([seed, i, k], options) for k in range(n)]
        table = {key: np.array([a[key] for a in each], dtype=float) for key in each[0]}
        found[name] = {key: [x.mean(), x.std(ddof=1) / np.sqrt(n)] for key, x in table.items()}
    return found


if __name__ == "__main__":
    store(__file__, study, n=20, seed=4600)
