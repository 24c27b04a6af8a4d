"""What makes late mountain cars of credit A wobble: causes switched off in a finished car.

Each car drives for 2500 trials. Then four twins of it go on for 2500 more: one as it is; one whose
memories that were learned in fewer than 20 trials are worth -100, no prize any more; one with every
sigma at 1 for good; one whose means are held.
"""

import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

import dra

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

HALF, BLOCK, FEW, LAST = 2500, 100, 20, 20  # trials, trials a block, trials, blocks
BETA = np.asarray(dra.presets.MOUNTAIN_CAR["beta"])


def drive(seed, look=None, **options):
    """Train one car for ``HALF`` trials; return the run and the moves of each trial."""
    moves = [0]

    def after(run):
        moves.append(run.env_steps)
        if look is not None:
            look(run)

    options = {"record_every": HALF, "evaluation_episodes": 1, "progress": False, **options}
    run = dra.train(
        dra.tasks.mountain_car(), HALF, rng=seed, credit="advantage", callback=after, **options
    )
    return run, np.diff(moves)


def wobble(moves, episodes):
    """Return the mean absolute change of the reward from block to block, over the last blocks."""
    reward = -moves.reshape(-1, BLOCK).mean(axis=1) / episodes
    return float(np.abs(np.diff(reward[-LAST:])).mean())


def car(seed, k):
    """Return the wobble of the four twins of car ``k``, and its share of hardly tried memories."""
    tried, last = np.zeros((285, 3)), []

    def count(run):
        if last:
            tried[:] += run.memory.q != last.pop()
        last.append(run.memory.q.copy())

    run, _ = drive([seed, k], count, beta=BETA[:HALF])
    memory, few = run.memory, tried < FEW
    no_prize = np.where(few, np.minimum(memory.q, -100.0), memory.q)
    kinds = {
        "as it is": {},
        "no tickets": {"q_init": no_prize},
        "sigma frozen at 1": {
            "sigma_init": np.ones_like(memory.sigma), "learning_rate_sigma": 0.0,
        },
        "means held": {"learning_rate_q": 0.0},
    }  # fmt: skip
    found = {"hardly tried": float(few.mean())}
    for stream, (kind, own) in enumerate(kinds.items()):
        options = {"q_init": memory.q, "sigma_init": memory.sigma, "q_init_spread": 0.0, **own}
        twin, moves = drive([seed, stream, k], beta=BETA[HALF:], **options)
        found[kind] = wobble(moves, 1 + twin.parameters.n_trajectories)
    return found


def study(n, seed):
    """Return the wobble of ``n`` cars and their twins, and the shares of hardly tried memories."""
    cars = [car(seed, k) for k in tqdm(range(n), desc="late wobble", unit="car")]
    return {name: [round(c[name], 3) for c in cars] for name in cars[0]}


if __name__ == "__main__":
    store(__file__, study, n=24, seed=41)
