"""What makes late mountain cars of credit A wobble: causes switched off in a finished car.

Each car drives for 2500 trials. Then six twins of it go on for 2500 more: one as it is; one whose
memories that were learned in fewer than 20 trials are worth -100, no prize any more; one with every
sigma at 1 for good; one whose means are held; one whose sigma stay as they are; one that forgets
everything, every sigma at sigma_base for good, and goes on learning means.
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
BASE, EPISODES = dra.presets.MOUNTAIN_CAR["sigma_base"], 300


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


def per_block(moves, episodes):
    """Return the mean return of each block of trials."""
    return -moves.reshape(-1, BLOCK).mean(axis=1) / episodes


def read_blank(memory, seed):
    """Return what these means earn at the end if every sigma is sigma_base."""
    blank = dra.Memory(memory.q, np.full_like(memory.sigma, BASE), sigma_base=BASE)
    options = {"beta": BETA[-1], "episodes": EPISODES, "rng": seed}
    return dra.returns(dra.tasks.mountain_car(), blank, **options).mean()


def car(seed, k):
    """Return what is asked of the six twins of car ``k``; its share of hardly tried memories."""
    tried, last = np.zeros((285, 3)), []

    def count(run):
        if last:
            tried[:] += run.memory.q != last.pop()
        last.append(run.memory.q.copy())

    run, _ = drive([seed, k], count, beta=BETA[:HALF])
    memory, few = run.memory, tried < FEW
    no_prize = np.where(few, np.minimum(memory.q, -100.0), memory.q)
    held = {"learning_rate_sigma": 0.0}
    kinds = {
        "as it is": {},
        "no tickets": {"q_init": no_prize},
        "sigma frozen at 1": {"sigma_init": np.ones_like(memory.sigma), **held},
        "means held": {"learning_rate_q": 0.0},
        "sigma frozen as they are": held,
        "all forgotten": {"sigma_init": np.full_like(memory.sigma, BASE), **held},
    }
    found = {}
    for stream, (kind, own) in enumerate(kinds.items()):
        options = {"q_init": memory.q, "sigma_init": memory.sigma, "q_init_spread": 0.0, **own}
        twin, moves = drive([seed, stream, k], beta=BETA[HALF:], **options)
        reward = per_block(moves, 1 + twin.parameters.n_trajectories)
        found[kind] = {
            "wobble": np.abs(np.diff(reward[-LAST:])).mean(),
            "last thousand": reward[-10:].mean(),
            "price": twin.memory.cost(dra.presets.MOUNTAIN_CAR["cost_weight"]),
            "read blank": read_blank(twin.memory, [seed, 9, stream, k]),
        }
    return found, few.mean()


def study(n, seed):
    """Return four measures of the twins of ``n`` cars; the shares of hardly tried memories."""
    cars = [car(seed, k) for k in tqdm(range(n), desc="late wobble", unit="car")]
    first = cars[0][0]
    return {"hardly tried": [round(float(few), 3) for _, few in cars]} | {
        measure: {kind: [round(float(f[kind][measure]), 3) for f, _ in cars] for kind in first}
        for measure in first["as it is"]
    }


if __name__ == "__main__":
    store(__file__, study, n=100, seed=41)
