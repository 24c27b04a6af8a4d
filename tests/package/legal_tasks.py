"""A legal call of every public function of tasks."""

import dataclasses

import gymnasium
import numpy as np
from legal_values import CAR, GRID, MAZE, rng

from dra import tasks


def begin(size, rng):
    """Start anywhere on a ring."""
    return rng.integers(size)


def observe(size, place):
    """See the half of the ring."""
    return 2 * place // size


def move(size, place, action, rng):
    """Go one place left or right."""
    place = (place + 2 * action - 1) % size
    return place, -1.0, place == 5


class Strip:
    """A layout: the states in a row."""

    def image(self, values):
        """Return a picture."""
        return values[None]


LAYOUT = Strip()
KEYWORDS = {"available": None, "slot": None, "known": {0: (1.0, 0.5)}, "action_names": ("a", "b"),
            "preset": {"beta": 2.0}, "layout": LAYOUT}  # fmt: skip
SUCCESSORS = {"next_state": [[[1], [1]], [[1], [1]]], "probability": 1.0, "reward": -1.0}
RING = {"begin": begin, "observe": observe, "move": move}


def pole():
    """Return a fresh environment."""
    return gymnasium.make("CartPole-v1")


def leaning(observation):
    """See to which side the pole leans."""
    return int(observation[2] > 0)


def parts(task):
    """Return the fields of a task by name."""
    return {f.name: getattr(task, f.name) for f in dataclasses.fields(task)}


TASKS = {
    "dra.tasks.from_gymnasium": lambda here: (
        tasks.from_gymnasium,
        {"env": pole(), "observe": leaning, "n_states": 2, "live": True, "step_limit": 9,
         "name": "pole", **KEYWORDS},
    ),
    "dra.tasks.to_gymnasium": lambda here: (tasks.to_gymnasium, {"task": MAZE}),
    "dra.tasks.random": lambda here: (
        tasks.random,
        {"n_states": 4, "n_actions": 2, "branching": 2, "rng": rng(), "ending": 0.2,
         "step_limit": 9},
    ),
    "dra.tasks.gridworld": lambda here: (
        tasks.gridworld,
        {**GRID, "goal_reward": 10.0, "step_reward": -1.0, "slip": 0.1, "step_limit": 50},
    ),
    "dra.tasks.gridworld_changed": lambda here: (
        tasks.gridworld_changed, {"goal": (0, 6), "slip": 0.1}
    ),
    "dra.tasks.huys": lambda here: (tasks.huys, {"depth": 2}),
    "dra.tasks.mountain_car": lambda here: (tasks.mountain_car, {"step_limit": 20}),
    "dra.tasks.tabular": lambda here: (
        tasks.tabular,
        {"transition": np.full((2, 2, 2), 0.5), "reward": [[0.0, 1.0], [0.0, 0.0]],
         "terminal": [1], "start": 0, "reward_noise": 0.5, "step_limit": 9, "name": "mine",
         **KEYWORDS},
    ),
    "dra.tasks.assemble": lambda here: (
        tasks.assemble,
        {"name": "mine", **SUCCESSORS, "terminal": [1], "start": 0, "reward_noise": 0.5,
         "step_limit": 9, **KEYWORDS},
    ),
    "dra.tasks.Tabular": lambda here: (tasks.Tabular, parts(MAZE)),
    "dra.tasks.simulated": lambda here: (
        tasks.simulated,
        {**RING, "n_states": 2, "n_actions": 2, "step_limit": 9, "constants": 10, "name": "ring",
         **KEYWORDS},
    ),
    "dra.tasks.Simulated": lambda here: (tasks.Simulated, parts(CAR)),
    "dra.tasks.Task.pack": lambda here: (MAZE.pack, {}),
    "dra.tasks.Tabular.pack": lambda here: (MAZE.pack, {}),
    "dra.tasks.Simulated.pack": lambda here: (CAR.pack, {}),
}  # fmt: skip
"""As in :data:`legal_calls.CALLS`."""
