"""Two learners of chapter 11, and what they have learned when they are given more time.

``doors`` is for learners that climb the bound from sampled episodes: the mean sigma of each of
three doors, met with probability 0.6, 0.3 and 0.1, in the second half of so many trials. ``roads``
is for soft Q-learners at alpha = 0.1 on the two roads: the entropy of choice at states 0 and 2
after so many episodes. Each is a list of n rows.
"""

import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

import dra
from dra import baselines, evidence

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

BETA, LAM, BASE = 10.0, 0.1, 5.0
EXACT = 0.687  # the best sigma of every door, paid per visit and with the bonus
TO = np.array([[1, 2], [3, 3], [3, 4], [5, 5], [5, 5], [5, 5]])[:, :, None]
EXISTS = np.array([[1, 1], [1, 0], [1, 1], [1, 0], [1, 0], [1, 1]], bool)
EPISODES = (1000, 20_000, 100_000)


def three_doors():
    """Three doors, of which one choice earns 2 and the other nothing; and known means."""
    moves = np.zeros((4, 2, 4))
    moves[:, :, 3] = 1.0
    payoff = np.array([[2.0, 0.0]] * 3 + [[0.0, 0.0]])
    return dra.tasks.tabular(moves, payoff, terminal=[3], start=[0.6, 0.3, 0.1, 0.0]), payoff


def climb(rng, trials, *, paid="visit", start=2.0, rate=0.3):
    """The sigma of each door after each trial of ten episodes."""
    doors, payoff = three_doors()
    sigma = np.append(np.full(3, start), BASE)[:, None] * np.ones(2)
    memory, path = dra.Memory(payoff, sigma, BASE), []
    given = {"gamma": 1.0, "cost_weight": LAM, "bonus_weight": LAM, "paid": paid}
    for k in range(trials):
        slope = evidence.estimate(
            doors, memory, beta=BETA, n_trajectories=10, rng=[*rng, k], **given
        )
        memory.sigma[:] = np.clip(memory.sigma + rate * slope, 0.1, BASE)
        path.append(memory.sigma[:3].mean(axis=1))
    return np.array(path)


def sampled_doors(rng):
    """One learner in each way: the mean sigma in the second half of its trials."""
    long = climb([*rng, 0], 3000)
    near = climb([*rng, 1], 600, start=EXACT)
    small = climb([*rng, 2], 3000, start=EXACT, rate=0.1)
    once = climb([*rng, 3], 600, paid="once")
    return {
        "600 trials": long[300:600].mean(axis=0).tolist(),
        "3000 trials": long[1500:].mean(axis=0).tolist(),
        "600 trials from the exact values": near[300:].mean(axis=0).tolist(),
        "small steps from the exact values": small[1500:].mean(axis=0).tolist(),
        "600 trials, paid once": once[300:].mean(axis=0).tolist(),
    }


def soft_learner(rng, episodes):
    """The entropy at 0 and at 2 of one learner on the two roads, from values of zero."""
    roads = dra.tasks.assemble(
        "two roads", TO, 1.0, np.where(TO == 5, 1.0, 0.0), terminal=[5], start=0,
        available=EXISTS, step_limit=10,
    )  # fmt: skip
    found = baselines.learn_max_entropy(roads, episodes, alpha=0.1, gamma=0.98, rng=rng)
    return found.choice_entropy[[0, 2]].tolist()


def study(n, seed):
    """Run n learners of each kind."""
    doors = [sampled_doors([seed, 0, i]) for i in tqdm(range(n), "doors")]
    roads = {
        str(e): [soft_learner([seed, 1, i], e) for i in tqdm(range(n), f"{e} episodes")]
        for e in EPISODES
    }
    return {"doors": {name: [row[name] for row in doors] for name in doors[0]}, "roads": roads}


if __name__ == "__main__":
    store(__file__, study, n=12, seed=1)
