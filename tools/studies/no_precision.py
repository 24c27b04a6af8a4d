"""Mountain cars that never pay for precision, and finished ones that forget all of it at once.

``blank``: agents whose sigma stays at sigma_base from the first trial on; measures as in
``hundred_cars.json``, pairs of mean and standard deviation over agents.
``forgetting``: agents with credit A. At some trials: what they earn, what they would earn with
every sigma set to sigma_base, the difference (mean, standard deviation), and the price they pay.
"""

import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

import dra

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

TASK = dra.tasks.mountain_car()
PRESET = dra.presets.MOUNTAIN_CAR
TRIALS = 5000
LOOKS = (1000, 2500, TRIALS - 1)
EPISODES = 300


def train(seed, **options):
    """Mean return and cost per block of 100 trials, and the finished run."""
    moves, cost = [0], []

    def look(run):
        moves.append(run.env_steps)
        if run.trial % 100 == 0:
            cost.append(float(run.cost))

    run = dra.train(
        TASK, TRIALS, rng=seed, callback=look, record_every=TRIALS,
        evaluation_episodes=1, progress=False, **options,
    )  # fmt: skip
    episodes = 1 + run.parameters.n_trajectories
    return -np.diff(moves).reshape(-1, 100).mean(axis=1) / episodes, np.array(cost), run


def earns(memory, trial, seed):
    """Mean return of an agent with this memory, as strict as at this trial."""
    beta = PRESET["beta"][trial - 1]
    return dra.returns(TASK, memory, beta=beta, episodes=EPISODES, rng=seed).mean()


def forget(memory):
    """The same means, all of them as blurred as a memory that costs nothing."""
    blank = np.full_like(memory.sigma, memory.sigma_base)
    return dra.Memory(memory.q, blank, sigma_base=memory.sigma_base)


def pair(values):
    """[mean, standard deviation]."""
    return [float(np.mean(values)), float(np.std(values, ddof=1))]


def study(n, seed):
    """``n`` agents without precision, and ``n`` with credit A."""
    blank, seen = [], {trial: [] for trial in LOOKS}
    for k in tqdm(range(n), desc="blank"):
        base = PRESET["sigma_base"]
        reward, _, _ = train([seed, 0, k], learning_rate_sigma=0.0, sigma_init=base)
        blank.append((reward[20:30].mean(), reward[-3:].mean(), reward.mean()))
    for k in tqdm(range(n), desc="forgetting"):
        _, _, run = train([seed, 1, k], credit="advantage", snapshots=LOOKS)
        for trial in LOOKS:
            memory = run.snapshots[trial]
            own = earns(memory, trial, [seed, 2, k, trial])
            without = earns(forget(memory), trial, [seed, 3, k, trial])
            price = memory.cost(PRESET["cost_weight"])
            seen[trial].append((own, without, own - without, price))
    names = ("half-time", "last three blocks", "reward")
    found = ("own", "forgotten", "loss", "price")
    return {
        "blank": dict(zip(names, map(pair, zip(*blank, strict=True)), strict=True)),
        "forgetting": {
            str(trial): dict(zip(found, map(pair, zip(*rows, strict=True)), strict=True))
            for trial, rows in seen.items()
        },
    }


if __name__ == "__main__":
    store(__file__, study, n=100, seed=5100)
