"""Episodes of an agent that no longer learns: watch one, or measure many."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from dra import _check, _slots, _twin
from dra._slots import check_fit
from dra.memory import Memory
from dra.tasks import Task

AT_ONCE = 1000
"""Episodes between two looks at whether Ctrl-C was pressed."""


@dataclass(frozen=True, eq=False)
class Episode:
    """One episode of T moves.

    Attributes
    ----------
    states : (T + 1,) int array
        Rows of the memory.
    actions : (T,) int array
    rewards : (T,) array
    noise : (T, n_actions) array
        The standard normal draws zeta of each recall, by action; NaN where there is none.
    terminated : bool
        False if the step limit, or the task itself, cut the episode off.
    """

    states: np.ndarray
    actions: np.ndarray
    rewards: np.ndarray
    noise: np.ndarray
    terminated: bool


@np.errstate(all="ignore")
def rollout(task: Task, memory: Memory, *, beta: float, rng: Any) -> Episode:
    """Follow the soft Thompson policy of ``memory`` for one episode.

    Parameters
    ----------
    task : Task
    memory : Memory
    beta : float
        Inverse temperature, finite.
    rng : seed or Generator

    Returns
    -------
    Episode

    Raises
    ------
    ValueError
        If an argument is not legal or the memory does not fit the task.

    Examples
    --------
    >>> import dra
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> memory = dra.Memory([[0, 0, 0, 1.0]] * 3, sigma=0.01, sigma_base=5.0)
    >>> rollout(task, memory, beta=50.0, rng=0).states
    array([0, 1, 2])
    """
    beta, table, rng = _checked(task, memory, beta, rng)
    code = _twin.loops_for(task, compiled=False)
    moves, starts = task._world
    state, terminated = code.begin(starts, rng), False
    states: list[int] = [int(code.observe(moves, state))]
    actions: list[int] = []
    rewards: list[float] = []
    drawn: list[np.ndarray] = []
    over = False
    while not over and len(actions) < task.step_limit:
        row = states[-1]
        total = code.recall(table, row, beta, rng)
        action = table.action[row, code.pick(table.weight, table.n_choices[row], total, rng)]
        state, reward, terminated = code.move(moves, state, action, rng)
        over = terminated or code.cut_off(moves, state)
        states.append(int(code.observe(moves, state)))
        actions.append(int(action))
        rewards.append(float(reward))
        drawn.append(np.full(task.n_actions, np.nan))
        existing = table.action[row, : table.n_choices[row]]
        drawn[-1][existing] = table.noise[: table.n_choices[row]]
    zeta = np.array(drawn).reshape(-1, task.n_actions)
    return Episode(np.array(states), np.array(actions), np.array(rewards), zeta, bool(terminated))


def returns(
    task: Task, memory: Memory, *, beta: float, episodes: int, rng: Any, gamma: float = 1.0
) -> np.ndarray:
    """Return the discounted returns of many episodes.

    Parameters
    ----------
    task : Task
    memory : Memory
    beta : float
        Inverse temperature, finite.
    episodes : int
    rng : seed or Generator
    gamma : float in [0, 1]

    Returns
    -------
    (episodes,) array

    Raises
    ------
    ValueError
        If an argument is not legal or the memory does not fit the task.

    Examples
    --------
    >>> import dra
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> memory = dra.Memory.initial(task, sigma=2.0, sigma_base=5.0)
    >>> returns(task, memory, beta=10.0, episodes=4, rng=0)
    array([ 4., -1.,  6.,  7.])
    """
    beta, table, rng = _checked(task, memory, beta, rng)
    gamma = _check.number("gamma", gamma, least=0, most=1)
    earned = np.empty(_check.integer("episodes", episodes, least=1))
    code = _twin.loops_for(task)
    for first in range(0, earned.size, AT_ONCE):
        part = earned[first : first + AT_ONCE]
        code.fill_returns(task._world, table, beta, gamma, task.step_limit, part, rng)
    return earned


def _checked(task, memory, beta, rng):
    """Return (beta, table of the memory, Generator)."""
    check_fit(task, memory)
    beta = _check.number("beta", beta, above=0)
    _slots.drawable(memory, beta)
    return beta, memory.table(task), _check.generator("rng", rng)
