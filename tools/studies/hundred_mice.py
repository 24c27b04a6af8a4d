"""A hundred mice in the changing maze, and as many with the authors' stale value of the new goal.

The stale value makes the new goal worth less. A hundred more, for whom it is worth as much more as
it is worth less for those, say whether it is the stake that counts.
Greedy choice entropies of the two ways (means of two cells that every shortest way of that kind
passes), who is on the top way when, and how precision goes with impact.
"""

import sys
from pathlib import Path

import numpy as np
from scipy import stats
from tqdm import tqdm

import dra

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from maze_mice import (
    CHANGE,
    LOWER,
    NEW,
    OLD,
    OLD_WAY,
    STATE,
    TRIALS,
    UPPER,
    impacts,
    through_the_top,
    train,
)
from study import store

TIMES = [2900, 3000, 3100, 3200, 3300, 3400, 3600, 3800, 4000, 4300, 4600, 4800, 4900, 5000,
         5200, 5400, 5700, 6000, 6400, 7000, 7500, 8000, 9000, 9900]  # fmt: skip
MOMENTS = [2900, 3000, 4000, 4900, 5000, 6000, 7000, 8000, 9000, TRIALS - 1]
WAYS = [*LOWER, *UPPER, *np.flatnonzero(OLD_WAY)]
KINDS = ("typical", "stale", "more at stake")
MORE = 4.6  # reward, the stale value with the other sign


def stale_value(memory):
    """What the authors' scripts add to the reward of entering the new goal, for ever."""
    goal = STATE(NEW.layout.goal)
    return 0.9 * memory.choice_probabilities(10.0)[goal] @ memory.q[goal]


def mouse(seed, kind):
    """Snapshots and history of one mouse; also what its kind adds to the reward of the goal."""
    old = train(OLD, CHANGE, [*seed, 0], snapshots=(2900, CHANGE - 1))
    before = old.memory
    ghost = {"typical": 0.0, "stale": stale_value(before), "more at stake": MORE}[kind]
    new = dra.tasks.gridworld_changed(goal_reward=10.0 + ghost)
    after = [t - CHANGE for t in TIMES[1:]] + [TRIALS - CHANGE - 1]
    run = train(new, TRIALS - CHANGE, [*seed, 1], q_init=before.q, sigma_init=before.sigma,
                snapshots=after)  # fmt: skip
    shots = old.snapshots | {t + CHANGE: m for t, m in run.snapshots.items()}
    return shots, run.history.reward - ghost, ghost


def entropy_of(memory):
    """Greedy choice entropies [base 4] of the cells in ``WAYS``."""
    part = dra.Memory(memory.q[WAYS], memory.sigma[WAYS], memory.sigma_base)
    return part.choice_entropy(base=4)


def look(shots):
    """Entropies of the two ways and of the whole old way, and switched or not, at all times."""
    entropy = [entropy_of(shots[t]) for t in TIMES]
    return {
        "lower": [e[:2].mean() for e in entropy],
        "upper": [e[2:4].mean() for e in entropy],
        "old way": [e[4:].mean() for e in entropy],
        "switched": [through_the_top(shots[t]) > 0.5 for t in MOMENTS],
    }


def rank(x, y):
    """Spearman's correlation of all entries."""
    return stats.spearmanr(np.ravel(x), np.ravel(y)).statistic


def correlations(shots):
    """Precision against impact, and its rivals, before the change and at the end."""
    before, after = shots[CHANGE - 1], shots[TRIALS - 1]
    found = {"before": impacts(OLD, before), "after": impacts(NEW, after)}
    out = {}
    for p, memory in (("before", before), ("after", after)):
        for i, (impact, _, _) in found.items():
            out[f"precision {p}, impact {i}"] = rank(memory.sigma**-2.0, impact)
        _, cells, visits = found[p]
        nats = dra.costs.kl_value(memory.sigma, 5.0).sum(axis=1)
        chosen_in = ~(OLD if p == "before" else NEW).terminal
        busy = (visits > 0.5) & chosen_in
        out[f"cells {p}, impact"] = rank(nats, cells)
        out[f"cells {p}, visits"] = rank(nats, visits)
        # in the goal, visited in every episode, nothing is chosen
        out[f"cells {p} without the goal, impact"] = rank(nats[chosen_in], cells[chosen_in])
        out[f"cells {p} without the goal, visits"] = rank(nats[chosen_in], visits[chosen_in])
        out[f"busy cells {p}, impact"] = rank(nats[busy], cells[busy])
        out[f"busy cells {p}, visits"] = rank(nats[busy], visits[busy])
        out[f"busy cells {p}"] = float(busy.sum())
    equal = dra.Memory(before.q, np.ones((54, 4)), 5.0)
    stakes, cell_stakes, _ = impacts(OLD, equal)
    out["precision before, impact if all equally sharp"] = rank(before.sigma**-2.0, stakes)
    nats = dra.costs.kl_value(before.sigma, 5.0).sum(axis=1)
    out["cells before, impact if all equally sharp"] = rank(nats, cell_stakes)
    return out


def study(n, seed):
    """Quantiles of entropies, shares, correlations [mean, standard deviation], of n mice a kind."""
    data = {"times": TIMES, "moments": MOMENTS, "n": n}
    for number, kind in enumerate(KINDS):
        seen, early, ghosts, jumps, ranks = [], [], [], [], []
        for k in tqdm(range(n), desc=kind):
            shots, reward, ghost = mouse([seed, number, k], kind)
            seen.append(look(shots))
            early.append(reward[10:50].mean())
            ghosts.append(ghost)
            jumps.append(shots[CHANGE].cost() - shots[CHANGE - 1].cost())
            if kind == "typical":
                ranks.append(correlations(shots))
        ways = {way: np.quantile([s[way] for s in seen], (0.25, 0.5, 0.75), axis=0).tolist()
                for way in ("lower", "upper", "old way")}  # fmt: skip
        data[kind] = ways | {
            "switched": np.sum([s["switched"] for s in seen], axis=0).tolist(),
            "reward 200 to 1000 after": [np.mean(early), np.std(early, ddof=1)],
            "stale value": float(np.mean(ghosts)),
            "jump in nats": [np.mean(jumps), np.std(jumps, ddof=1), np.min(jumps)],
        }
        if ranks:
            data["ranks"] = {key: [np.mean([r[key] for r in ranks]),
                                   np.std([r[key] for r in ranks], ddof=1)]
                             for key in ranks[0]}  # fmt: skip
    return data


if __name__ == "__main__":
    store(__file__, study, n=100, seed=4700)
