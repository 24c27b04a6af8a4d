"""A task as an environment of Gymnasium. Imported on demand: it needs Gymnasium."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium.envs.registration import EnvSpec

from dra import _check, _twin
from dra.tasks.table import Tabular
from dra.tasks.task import Task


class TaskEnv(gymnasium.Env):
    """What :func:`dra.tasks.to_gymnasium` returns.

    Attributes
    ----------
    task : Task
    P : dict, or None
        ``P[state][action]`` lists (probability, next state, reward, terminated), as in
        Gymnasium's own tabular environments; None where the task is no table, or has noisy rewards.
    initial_state_distrib : (n_states,) array, or None
        Start distribution that goes with it.
    """

    metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012

    def __init__(self, task: Task):
        self.task = _check.instance("task", task, Task, "a task, see dra.tasks")
        self.observation_space = gymnasium.spaces.Discrete(task.n_states)
        self.action_space = gymnasium.spaces.Discrete(task.n_actions)
        self.spec = EnvSpec(
            "dra/Task-v0", entry_point="dra.tasks.env:TaskEnv", kwargs={"task": task}
        )
        self._state: Any = None
        self._moves = 0
        self.P, self.initial_state_distrib = _tables(task)

    def __getstate__(self):
        """Leave the tables out: they follow from the task."""
        return {k: v for k, v in vars(self).items() if k not in ("P", "initial_state_distrib")}

    def __setstate__(self, state):
        """Make the tables again."""
        self.__dict__.update(state)
        self.P, self.initial_state_distrib = _tables(self.task)

    def action_mask(self, row: int) -> np.ndarray:
        """Return an int8 array (n_actions,), 1 for the actions that exist in a row."""
        return self.task.available[row].astype(np.int8)

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """Start an episode; return (row, info)."""
        super().reset(seed=seed)
        code, world = _twin.loops_for(self.task, compiled=False), self.task._world
        self._state, self._moves = code.begin(world.starts, self.np_random), 0
        return self._seen(code, world)

    def step(self, action: Any) -> tuple[int, float, bool, bool, dict[str, Any]]:
        """Make a move; return (row, reward, terminated, truncated, info).

        An action that does not exist leaves all as it is and earns nothing.
        """
        if self._state is None:
            raise gymnasium.error.ResetNeeded("call reset before step")
        code, world = _twin.loops_for(self.task, compiled=False), self.task._world
        action, reward, terminated = int(action), 0.0, False
        if self.task.available[int(code.observe(world.moves, self._state)), action]:
            self._state, reward, terminated = code.move(
                world.moves, self._state, action, self.np_random
            )
        self._moves += 1
        over = self._moves >= self.task.step_limit or code.cut_off(world.moves, self._state)
        row, info = self._seen(code, world)
        return row, float(reward), bool(terminated), bool(over and not terminated), info

    def _seen(self, code, world):
        """Return (row, info) of the present state."""
        row = int(code.observe(world.moves, self._state))
        return row, {"action_mask": self.action_mask(row)}


def _tables(task):
    """Return (P, start distribution) of a table without noise, else (None, None)."""
    if not isinstance(task, Tabular) or task.reward_noise.any():
        return None, None
    fields = task.probability, task.next_state, task.reward, task.terminal[task.next_state]
    lists = [x.tolist() for x in fields]
    P = {
        s: {
            a: [outcome for outcome in zip(*(x[s][a] for x in lists), strict=True) if outcome[0]]
            for a in range(task.n_actions)
        }
        for s in range(task.n_states)
    }
    start = np.zeros(task.n_states)
    np.add.at(start, task.start_state, task.start_probability)
    return P, start
