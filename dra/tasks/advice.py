"""Advice on parameters: warnings before a run that can hardly go well, or hardly end."""

from __future__ import annotations

import warnings

import numpy as np

from dra.tasks.table import STEP_LIMIT, Tabular

USUAL = 10.0
"""The largest reward in the paper's maze, to which the default parameters are made."""

SCALED = ("beta", "sigma_base", "cost_weight")


class Advice(UserWarning):
    """A run is legal, but its parameters do not seem to be meant."""


def give(task, parameters, given):
    """Warn where a task does not suit the default parameters.

    Parameters
    ----------
    task : Task
    parameters : Parameters
    given : collection of str
        Names of the parameters that the caller chose.
    """
    if not isinstance(task, Tabular):
        return
    scale = float(np.abs(task.reward).max())
    chosen = [name for name in SCALED if name in given or name in task.preset]
    if not chosen and scale > 0 and not USUAL / 5 <= scale <= USUAL * 5:
        warnings.warn(
            f"the largest reward of {task.name} is {scale:g}, and the default beta, sigma_base and "
            f"cost_weight are made for {USUAL:g}; try **dra.presets.for_scale({scale:g})",
            Advice, stacklevel=3,
        )  # fmt: skip
    if task.step_limit == STEP_LIMIT and not _ends(task):
        moves = (parameters.n_trajectories + 1) * task.step_limit
        warnings.warn(
            f"{task.name} has no end, so every trial makes {moves} moves; step_limit=... cuts "
            "episodes off sooner",
            Advice, stacklevel=3,
        )  # fmt: skip


def _ends(task):
    """Return whether some episode can come to a terminal state."""
    reached = np.zeros(task.n_states, bool)
    reached[task.start_state] = True
    front = np.flatnonzero(reached)
    while front.size:
        to = task.next_state[front][task.available[front]]
        chance = task.probability[front][task.available[front]]
        fresh = np.unique(to[chance > 0])
        front = fresh[~reached[fresh]]
        reached[front] = True
        if task.terminal[front].any():
            return True
    return False
