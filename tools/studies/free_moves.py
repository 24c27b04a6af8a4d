"""Do mountain cars explore if their moves cost nothing?

They learn as others do, with every sigma frozen; only that a move is worth 0, so that no memory
sinks for being tried, and the flag 1. ``moves`` are those of an episode: the mean of each car over
all its trials, and its least block of 100 trials.
"""

import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

import dra

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

TASK = dra.tasks.mountain_car()
MOVE = TASK.move
TRIALS = 5000


def free_move(valley, state, action, rng):
    """Move as the car does, at no cost; the flag is worth 1."""
    state, _, ended = MOVE(valley, state, action, rng)
    return state, 1.0 * ended, ended


FREE = dra.tasks.simulated(
    TASK.begin, TASK.observe, free_move, n_states=TASK.n_states, n_actions=TASK.n_actions,
    step_limit=TASK.step_limit, constants=TASK.constants, name="free moves",
    preset=dra.presets.MOUNTAIN_CAR,
)  # fmt: skip


def moves(task, seed):
    """Moves of an episode, the mean of each block of 100 trials."""
    made = [0]
    run = dra.train(
        task, TRIALS, rng=seed, callback=lambda run: made.append(run.env_steps),
        learning_rate_sigma=0.0, record_every=TRIALS, evaluation_episodes=1, progress=False,
    )  # fmt: skip
    episodes = 1 + run.parameters.n_trajectories
    return np.diff(made).reshape(-1, 100).mean(axis=1) / episodes


def study(n, seed):
    """``n`` cars whose moves cost nothing, and as many whose moves cost 1."""
    data = {}
    for stream, (name, task) in enumerate((("free", FREE), ("as they are", TASK))):
        blocks = [moves(task, [seed, stream, k]) for k in tqdm(range(n), desc=name)]
        data[name] = {
            "mean": [round(float(b.mean()), 2) for b in blocks],
            "least block": [round(float(b.min()), 2) for b in blocks],
        }
    return data


if __name__ == "__main__":
    store(__file__, study, n=25, seed=5300)
