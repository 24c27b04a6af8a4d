"""Legal values for many arguments: tasks, memories, parameters, streams."""

import numpy as np

import dra
from dra import tasks

GRID = {"rows": 1, "columns": 3, "start": (0, 0), "goal": (0, 2), "walls": ()}
MAZE = tasks.gridworld(**GRID, step_limit=50)
HUYS = tasks.huys(2)
CAR = tasks.mountain_car()
TIMES = {"beta": 2.0, "gamma": 0.9}
PARAMETERS = {
    "beta": 2.0, "gamma": 0.9, "gamma_q": 0.8, "credit": "advantage", "cost": "kl",
    "cost_weight": 0.1, "learning_rate_q": 0.1, "learning_rate_sigma": 0.1, "n_trajectories": 2,
    "q_init": 0.0, "q_init_spread": 0.1, "sigma_init": 2.0, "sigma_base": 5.0,
    "sigma_bounds": (0.01, 100.0), "record_every": 1, "evaluation_episodes": 2, "snapshots": (1,),
}  # fmt: skip
PRICED = {"cost_weight": 0.1, "cost": "kl"}


def memory_of(task, q=1.0, sigma=2.0, sigma_base=5.0):
    """Return a fresh memory."""
    return dra.Memory.initial(task, q=q, sigma=sigma, sigma_base=sigma_base)


def trained():
    """Return a fresh run of three trials."""
    return dra.train(MAZE, 3, rng=0, progress=False, snapshots=[1], changes={1: MAZE})


def rng():
    """Return a fresh stream."""
    return np.random.default_rng(0)


def plan():
    """Return the arguments of planning, afresh."""
    return {"task": HUYS, "memory": memory_of(HUYS), "budget": 2}


def agent():
    """Return the arguments of what looks at an agent, afresh."""
    return {"task": MAZE, "memory": memory_of(MAZE)}
