"""Mountain cars whose credit is the advantage plus a constant: the same signal, more noise."""

import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

import dra

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

TASK = dra.tasks.mountain_car()
CONSTANTS = (-10.0, -30.0, -100.0, 30.0)
TRIALS = 3000


def dial(c):
    """The credit A + c."""

    def psi(values, chosen, reward, next_values, terminated):
        return values[chosen] - values.mean() + c

    return dra.credits.Credit(f"A {c:+g}", psi)


def agent(seed, credit):
    """Mean return of trials 2001 to 3000, and the share of sigma above sigma_base at the end."""
    moves = [0]
    options = {"record_every": TRIALS, "evaluation_episodes": 1, "progress": False}
    run = dra.train(TASK, TRIALS, rng=seed, credit=credit,
                    callback=lambda run: moves.append(run.env_steps), **options)  # fmt: skip
    episodes = 1 + run.parameters.n_trajectories
    reward = -np.diff(moves)[2000:].mean() / episodes
    return float(reward), float((run.memory.sigma > run.memory.sigma_base).mean())


def study(n, seed):
    """For each constant the returns of ``n`` agents, and their shares of absurd memories."""
    data = {}
    for i, c in enumerate(CONSTANTS):
        credit = dial(c)
        rows = [agent([seed, i, k], credit) for k in tqdm(range(n), desc=f"{c:+g}")]
        reward, absurd = zip(*rows, strict=True)
        data[f"{c:+g}"] = {"half-time": reward, "above sigma_base": absurd}
    return data


if __name__ == "__main__":
    store(__file__, study, n=30, seed=5400)
