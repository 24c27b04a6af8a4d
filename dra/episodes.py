"""Episodes of an agent that no longer learns: watch one, or measure many."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dra import _check, loops
from dra._compile import uncompiled

plain = uncompiled(loops)


@dataclass(frozen=True, eq=False)
class Episode:
    """One episode of T moves.

    Attributes
    ----------
    states : (T + 1,) int array
    actions : (T,) int array
    rewards : (T,) array
    terminated : bool
        False if the step limit cut the episode off.
    """

    states: np.ndarray
    actions: np.ndarray
    rewards: np.ndarray
    terminated: bool


def rollout(task, memory, *, beta, rng):
    """Follow the soft Thompson policy of ``memory`` for one episode.

    Parameters
    ----------
    task : Tabular
    memory : Memory
    beta : float
        Inverse temperature, finite.
    rng : seed or Generator

    Returns
    -------
    Episode

    Examples
    --------
    >>> import dra
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> memory = dra.Memory([[0, 0, 0, 1.0]] * 3, sigma=0.01, sigma_base=5.0)
    >>> rollout(task, memory, beta=50.0, rng=0).states
    array([0, 1, 2])
    """
    beta = _check.number("beta", beta, above=0)
    rng = np.random.default_rng(rng)
    (moves, starts), table = task.model, memory.table(task)
    noise, weight = np.empty(task.n_actions), np.empty(task.n_actions)
    state, terminated = plain.begin(starts, rng), False
    states, actions, rewards = [int(plain.observe(moves, state))], [], []
    while not terminated and len(actions) < task.step_limit:
        total = plain.recall(
            table.q, table.sigma, table.slot, table.actions, states[-1], beta, noise, weight, rng
        )
        action = plain.pick(weight, total, rng)
        state, reward, terminated = plain.move(moves, state, action, rng)
        states.append(int(plain.observe(moves, state)))
        actions.append(int(action))
        rewards.append(float(reward))
    return Episode(np.array(states), np.array(actions), np.array(rewards), bool(terminated))


def returns(task, memory, *, beta, episodes, rng, gamma=1.0):
    """Return the discounted returns of many episodes, an array of shape (episodes,).

    Parameters
    ----------
    task : Tabular
    memory : Memory
    beta : float
    episodes : int
    rng : seed or Generator
    gamma : float in [0, 1]
    """
    beta = _check.number("beta", beta, above=0)
    gamma = _check.number("gamma", gamma, least=0, most=1)
    earned = np.empty(_check.integer("episodes", episodes, least=1))
    loops.fill_returns(
        task.model, memory.table(task), beta, gamma, task.step_limit, earned,
        np.random.default_rng(rng),
    )  # fmt: skip
    return earned
