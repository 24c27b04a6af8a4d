"""A hundred mountain cars for each credit, as many without allocation, and a few controls.

``reward`` is the mean return over all episodes, learning and trajectories, of a block of 100
trials. Pairs are [mean, standard deviation] over agents.
"""

import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

import dra

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

TASK = dra.tasks.mountain_car()
PATIENT = dra.tasks.mountain_car(step_limit=1000)
FROZEN = {"learning_rate_sigma": 0.0}
KINDS = {
    "R": {"credit": "return"},
    "Q": {"credit": "q"},
    "A": {"credit": "advantage"},
    "F": FROZEN,
}
CONTROLS = {  # with credit A; the first values of q changed, or learning switched off
    "same first values": {"q_init_spread": 0.0},
    "first values -100": {"q_init": -100.0},
    "values never learned": {"learning_rate_q": 0.0, **FROZEN},
}


def train(task, seed, trials=5000, **options):
    """Mean return and cost per block of 100 trials, and the finished run."""
    moves, cost = [0], []

    def look(run):
        moves.append(run.env_steps)
        if run.trial % 100 == 0:
            cost.append(float(run.cost))

    options = {"record_every": trials, "evaluation_episodes": 1, "progress": False, **options}
    run = dra.train(task, trials, rng=seed, callback=look, **options)
    episodes = 1 + run.parameters.n_trajectories
    return -np.diff(moves).reshape(-1, 100).mean(axis=1) / episodes, np.array(cost), run


def measures(reward, cost, run):
    """What the chapter asks of one agent."""
    return {
        "half-time": reward[20:30].mean(),
        "bar of the script": reward[:-3].mean() - cost[-1],
        "last three blocks": (reward - cost)[-3:].mean(),
        "reward": reward.mean(),
        "first ten blocks": reward[:10].mean(),
        "last ten blocks": reward[-10:].mean(),
        "objective": (reward - cost).mean(),
        "cost": cost.mean(),
        "final cost": cost[-1],
        "wobble": np.abs(np.diff(reward[-20:])).mean(),
        "above sigma_base": float((run.memory.sigma > run.memory.sigma_base).mean()),
    }


def pairs(rows):
    """[mean, standard deviation] of each measure."""
    return {key: [np.mean([r[key] for r in rows]), np.std([r[key] for r in rows], ddof=1)]
            for key in rows[0]}  # fmt: skip


def study(n, seed):
    """``n`` agents of each kind; a quarter of that, at least two, for each control."""
    few = max(2, n // 4)
    data = {"n": n, "few": few, "kinds": {}, "controls": {}, "limit 1000": {}}
    data |= {"blocks": {}, "share above -145 at 2500": {}}
    for i, (kind, options) in enumerate(KINDS.items()):
        runs = [train(TASK, [seed, i, k], **options) for k in tqdm(range(n), desc=kind)]
        data["kinds"][kind] = pairs([measures(*run) for run in runs])
        blocks = np.array([reward for reward, _, _ in runs])
        data["blocks"][kind] = [blocks.mean(axis=0).tolist(), blocks.std(axis=0, ddof=1).tolist()]
        data["share above -145 at 2500"][kind] = float((blocks[:, 24] > -145).mean())
    for i, (name, options) in enumerate(CONTROLS.items(), start=4):
        rows = [
            measures(*train(TASK, [seed, i, k], **options)) for k in tqdm(range(few), desc=name)
        ]
        data["controls"][name] = pairs(rows)
    for i, (kind, options) in enumerate(KINDS.items(), start=8):
        blocks = [train(PATIENT, [seed, i, k], 800, **options)[0] for k in range(few)]
        data["limit 1000"][kind] = [np.mean(blocks, axis=0).tolist(),
                                    np.std(blocks, axis=0, ddof=1).tolist()]  # fmt: skip
    return data


if __name__ == "__main__":
    store(__file__, study, n=100, seed=4900)
