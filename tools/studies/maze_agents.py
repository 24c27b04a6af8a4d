"""How much agents of the same making differ: what the first chapter measures, for n of them.

Every number is exact given the trained memory (no walks are sampled), so that the spread is that
between training runs. Steps are the expected steps to the goal.
"""

import sys
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from tqdm import tqdm

import dra
from dra import exact

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

TASK = dra.tasks.gridworld()
BASE, BETA, TRIALS = 5.0, 10.0, 5000
WALLS = [TASK.layout.state(cell) for cell in TASK.layout.walls]
USED = np.setdiff1d(np.flatnonzero(~TASK.terminal), WALLS)
START = TASK.layout.state(TASK.layout.start)
NEXT = TASK.next_state[:, :, 0]
kl = dra.costs.kl.value


def evaluated(q, sigma):
    pi = dra.Memory(q, sigma, BASE).choice_probabilities(BETA)
    return exact.evaluate(TASK, pi, 1.0)


def steps(q, sigma):
    """Expected steps from the start."""
    return 11 - float(evaluated(q, sigma).values[START])


def even(q, nats, states):
    """One sigma for the memories of ``states`` that spends ``nats``; the others are free."""
    sigma = np.full(q.shape, BASE)
    n = 4 * len(states)
    sigma[states] = brentq(lambda s: n * kl(s, BASE) - nats, 1e-9, BASE)
    return sigma


def path_of(q):
    states = [START]
    while not TASK.terminal[states[-1]] and len(states) <= TASK.n_states:
        states.append(int(NEXT[states[-1], q[states[-1]].argmax()]))
    return np.array(states[:-1])


def optimal_means():
    q = np.zeros(TASK.memory_shape)
    for _ in range(200):
        value = np.where(TASK.terminal, 0.0, q.max(axis=1))
        q = TASK.reward[:, :, 0] + 0.9 * value[NEXT]
    return q


def gaps(q, states):
    """Distance between the best and the second-best mean in each of ``states``."""
    ordered = np.sort(q[states], axis=1)
    return ordered[:, -1] - ordered[:, -2]


def untied(q, best):
    """Optimal means; rivals that tie with the way of ``q`` are moved below it."""
    changed, way = best.copy(), path_of(q)
    typical = gaps(best, way)[gaps(best, way) > 1e-9].mean()
    for s in way:
        a = q[s].argmax()
        ties = (np.abs(best[s] - best[s, a]) < 1e-9) & (np.arange(4) != a)
        changed[s, ties] -= typical
    return changed


def stretched(q, best):
    """Optimal means; the gaps on the way are on average as wide as those of ``q``."""
    way, top = path_of(q), best.max(axis=1, keepdims=True)
    return top - (top - best) * gaps(q, way).mean() / gaps(best, way).mean()


def means_exchanged(q, sigma, equal):
    """Steps with optimal means, and with either of their two differences removed."""
    best = optimal_means()
    found = {}
    for name, s in (("selective", sigma), ("equal", equal)):
        found[f"{name}, optimal means"] = steps(best, s)
        found[f"{name}, optimal, untied"] = steps(untied(q, best), s)
        found[f"{name}, optimal, stretched"] = steps(stretched(q, best), s)
    way = path_of(q)
    return found | {"learned gaps": float(gaps(q, way).mean() / gaps(best, way).mean())}


def by_visits(q, equal, nats):
    """Steps of an agent that spends in proportion to the visits of the equal one."""
    visits = evaluated(q, equal).visits
    sigma = np.full(q.shape, BASE)
    for s in np.flatnonzero(visits > 0):
        share = visits[s] / visits.sum() * nats / 4
        sigma[s] = brentq(lambda x, share=share: kl(x, BASE) - share, 1e-9, BASE)
    return steps(q, sigma)


def widths(q, sigma, nats):
    """Steps of agents that spend the same nats on other cells."""
    path, everywhere = path_of(q), np.arange(TASK.n_states)
    corridor = np.intersect1d(USED, np.append(path, NEXT[path].ravel()))
    narrow, margin = even(q, nats, path), even(q, nats, path)
    margin[np.setdiff1d(corridor, path)] = narrow[path[0], 0]
    regions = {"equal": everywhere, "maze": USED, "corridor": corridor, "path": path}
    found = {name: steps(q, even(q, nats, states)) for name, states in regions.items()}
    extra = {
        "half": steps(q, even(q, nats, path[7:])),
        "path and margin": steps(q, margin),
        "selective": steps(q, sigma),
        "fog": steps(q, np.full(q.shape, BASE)),
    }
    return found | extra


def times_the_nats(q, nats, target):
    """How many times the nats an equal agent needs to be as quick."""
    everywhere = np.arange(TASK.n_states)
    return brentq(lambda m: steps(q, even(q, m * nats, everywhere)) - target, 1.0, 12.0, xtol=0.01)


def agent(rng):
    """The numbers of one training run."""
    memory = dra.train(TASK, TRIALS, rng=rng, progress=False).memory
    q, sigma, nats = memory.q, memory.sigma, memory.cost()
    equal = even(q, nats, np.arange(TASK.n_states))
    own = dra.train(
        TASK, TRIALS, rng=[*rng, 1], sigma_init=equal[0, 0], learning_rate_sigma=0.0, progress=False
    ).memory
    found = widths(q, sigma, nats)
    dealt = np.random.default_rng([*rng, 2])
    shuffles = np.tile(sigma, (20, 1, 1))
    for s in shuffles:
        s[USED] = sigma[dealt.permutation(USED)]
    entropy = memory.choice_entropy(base=4)[USED]
    by_cell = np.sort(kl(sigma, BASE).sum(axis=1))[::-1]
    ahead = evaluated(q, sigma).values[USED] > evaluated(q, equal).values[USED]
    found |= means_exchanged(q, sigma, equal)
    return found | {
        "shuffled": float(np.mean([steps(q, s) for s in shuffles])),
        "equal, own means": steps(own.q, own.sigma),
        "by visits": by_visits(q, equal, nats),
        "sure cells": int((entropy < 0.5).sum()),
        "open cells": int((entropy > 0.75).sum()),
        "ratio": found["equal"] / found["selective"],
        "times the nats": times_the_nats(q, nats, found["selective"]),
        "nats": nats,
        "objective": 11 - found["selective"] - 0.1 * nats,
        "free": float((kl(sigma, BASE) < 0.01).mean()),
        "in 20 cells": float(by_cell[:20].sum() / nats),
        "faster from": int(ahead.sum()),
    }


def study(n, seed):
    """A list of n numbers for each quantity."""
    rows = [agent([seed, i]) for i in tqdm(range(n))]
    return {name: [row[name] for row in rows] for name in rows[0]}


if __name__ == "__main__":
    store(__file__, study, n=60, seed=1)
