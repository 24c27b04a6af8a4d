"""The floor: the random numbers and exponentials of a run, and nothing else."""

import math

import numpy as np

from dra._compile import compiled, inlined


@inlined
def bare_recall(actions, weight, rng):
    """Draw and exponentiate as a recall does, and do nothing else."""
    for a in actions:
        weight[a] = math.exp(-abs(rng.standard_normal()))


@compiled
def bare_loop(actions, n_recalls, n_choices, rng):
    """Draw the random numbers and take the exponentials of a run, and do nothing else."""
    weight = np.empty(len(actions))
    total = 0.0
    for i in range(n_recalls):
        bare_recall(actions, weight, rng)
        total += weight[0]
        if i < n_choices:
            total += rng.random()
    return total


def floor_of(run):
    """Return a function that draws what a run drew."""
    actions = tuple(range(run.task.n_actions))
    # a learning episode, 1 of n_trajectories + 1, recalls a second time at each step
    recalls = run.env_steps + run.env_steps // (run.parameters.n_trajectories + 1)
    rng = np.random.default_rng(0)
    bare_loop(actions, 10, 10, rng)
    return lambda: bare_loop(actions, recalls, run.env_steps, rng)
