"""Mountain car with Gymnasium's dynamics, seen through the paper's 19 x 15 grid.

An underpowered car in a valley must swing up the right-hand hill. The state is (position,
velocity); each of the three actions pushes left, not at all, or right. Every step earns -1; the
episode ends at position 0.5. Constants are those of Gymnasium's MountainCar-v0, after Moore (1990)
and Sutton & Barto (2018, example 10.1).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from dra import presets
from dra.tasks.simulator import Simulated, simulated

POSITIONS, VELOCITIES = 19, 15


class Valley(NamedTuple):
    """Constants of motion, and the bins through which the agent sees the state."""

    lowest: float = -1.2
    highest: float = 0.6
    fastest: float = 0.07
    goal: float = 0.5
    push: float = 0.001
    gravity: float = 0.0025
    left: float = -0.6  # the car rests at first between here
    right: float = -0.4  # and here
    bins_position: float = 10.0  # per unit of position
    bins_velocity: float = 100.0  # per unit of velocity
    columns: int = VELOCITIES


@dataclass(frozen=True)
class StateGrid:
    """The rows of the memory as a picture: position across, velocity up."""

    extent = (-1.25, 0.65, -0.075, 0.075)  # half a bin beyond the outermost
    labels = ("position", "velocity [per move]")

    def image(self, values):
        """Return per-state ``values`` (n_states,) as a (velocities, positions) array."""
        return np.asarray(values).reshape(POSITIONS, VELOCITIES).T

    def text(self):
        """Name the grid."""
        return f"mountain car: {POSITIONS} positions x {VELOCITIES} velocities"


def begin(valley, rng):
    """Return (position, velocity) at rest in the valley."""
    return valley.left + (valley.right - valley.left) * rng.random(), 0.0


def observe(valley, state):
    """Return the row of the memory: both coordinates rounded to the grid."""
    position, velocity = state
    i = int(np.rint((position - valley.lowest) * valley.bins_position))
    j = int(np.rint((velocity + valley.fastest) * valley.bins_velocity))
    return i * valley.columns + j


def move(valley, state, action, rng):
    """Return (next state, reward, terminated) of one push; nothing is random."""
    position, velocity = state
    velocity += (action - 1) * valley.push + math.cos(3 * position) * (-valley.gravity)
    velocity = min(max(velocity, -valley.fastest), valley.fastest)
    position += velocity
    position = min(max(position, valley.lowest), valley.highest)
    if position == valley.lowest and velocity < 0:
        velocity = 0.0
    return (position, velocity), -1.0, position >= valley.goal and velocity >= 0.0


def mountain_car(*, step_limit: int = 200) -> Simulated:
    """Make the mountain car task; 285 states, 3 actions.

    Parameters
    ----------
    step_limit : int
        Gymnasium's and the paper's 200 by default.

    Returns
    -------
    Simulated

    Raises
    ------
    ValueError
        If ``step_limit`` is not a positive integer.

    Examples
    --------
    >>> mountain_car()
    <mountain car: 285 states, 3 actions, step limit 200>
    """
    task = simulated(
        begin,
        observe,
        move,
        n_states=POSITIONS * VELOCITIES,
        n_actions=3,
        step_limit=step_limit,
        constants=Valley(),
        name="mountain car",
        action_names=("left", "coast", "right"),
        preset=presets.MOUNTAIN_CAR,
        layout=StateGrid(),
    )
    return replace(task, recipe={"kind": "mountain_car", "step_limit": task.step_limit})
