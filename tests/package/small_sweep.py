"""A small sweep."""

import numpy as np

import dra

TASK = dra.tasks.gridworld(3, 4, start=(2, 0), goal=(0, 3), walls=[(1, 1)], step_limit=200)
CONDITIONS = {"rich": {"sigma_init": 1.0}, "poor": {"sigma_init": 5.0, "credit": "q"}}
RUN = {"seeds": 3, "trials": 10, "rng": 0, "n_jobs": 1, "record_every": 3}


def sweep(conditions=CONDITIONS, task=TASK, **options):
    return dra.sweep(task, conditions, **RUN | options)


def nats(run):
    """A measure."""
    return {"nats": np.float64(run.memory.cost()), "steps": np.int64(run.env_steps), "n": "a"}


def more_nats(run):
    """Another measure."""
    return {"nats": 2 * run.memory.cost()}


def begin(size, rng):
    return rng.integers(0, size)


def observe(size, place):
    return place


def move(size, place, action, rng):
    place = (place + 2 * action - 1) % size
    return place, -1.0, place == 0


RING = dra.tasks.simulated(
    begin, observe, move, n_states=9, n_actions=2, step_limit=50, constants=9, name="ring"
)
