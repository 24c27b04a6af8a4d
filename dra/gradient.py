"""The stochastic gradient of expected reward in sigma (chapter 4).

For an agent whose choice in state s given the draw zeta is softmax(beta (q + sigma zeta)),

    d ln pi(a | s, zeta) / d sigma_sb = beta zeta_sb (1{a = b} - pi(b | s, zeta))      (eq-score)
    d E[return] / d sigma             = E[ sum_t gamma^t psi_t d ln pi_t / d sigma ]   (eq-gradient)

where psi_t is the credit of a choice (:mod:`dra.credits`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dra import _check, _slots, _twin, credits, policy
from dra._slots import check_fit
from dra.memory import Memory
from dra.tasks import Task

__all__ = ["estimate", "score"]


def score(noise: ArrayLike, action: int, q: ArrayLike, sigma: ArrayLike, beta: float) -> np.ndarray:
    """Return the score of one choice, d ln pi(action | zeta) / d sigma, shape (A,) (eq-score).

    Parameters
    ----------
    noise : (A,) array
        The standard normal draws zeta of the recall.
    action : int
    q, sigma : (A,) arrays
    beta : float
        Inverse temperature, finite.

    Returns
    -------
    (A,) array

    Raises
    ------
    ValueError
        If shapes disagree or an argument is out of range.

    Examples
    --------
    >>> score([1.0, -1.0], 0, q=[0.0, 0.0], sigma=[0.0, 0.0], beta=2.0)
    array([1., 1.])
    """
    noise = _check.array("noise", noise)
    if noise.ndim != 1 or noise.size == 0:
        raise ValueError(f"noise has shape {noise.shape}; it must be (n_actions,)")
    q = _check.array("q", q, shape=noise.shape)
    sigma = _check.array("sigma", sigma, shape=noise.shape, least=0)
    beta = _check.number("beta", beta, above=0)
    action = _check.integer("action", action, most=noise.size - 1)
    pi = policy.softmax(q + sigma * noise, beta)
    chosen = np.arange(noise.size) == action
    return beta * noise * (chosen - pi)


def estimate(
    task: Task, memory: Memory, *, beta: float, rng: Any, gamma: float = 1.0,
    credit: str | credits.Credit = "advantage", n_trajectories: int = 10,
) -> np.ndarray:  # fmt: skip
    """Return the mean score-function gradient of ``n_trajectories`` sampled trajectories.

    Parameters
    ----------
    task : Task
    memory : Memory
    beta : float
        Inverse temperature, finite.
    rng : seed or Generator
    gamma : float in [0, 1]
        Discount of the objective whose gradient this is.
    credit : str or dra.credits.Credit
        "return", "q", "advantage", or one of your own.
    n_trajectories : int

    Returns
    -------
    array of the shape of ``memory.sigma``
        Zero for known memories.

    Raises
    ------
    ValueError
        If an argument is out of range or the memory does not fit the task.

    Examples
    --------
    More precision pays where the agent goes: the goal is two moves to the right.

    >>> import dra
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> memory = dra.Memory([[0, 0, 0, 9.0]] * 3, sigma=4.0, sigma_base=5.0)
    >>> bool(estimate(task, memory, beta=10.0, rng=0, n_trajectories=1000)[:2].sum() < 0)
    True
    """
    check_fit(task, memory)
    beta = _check.number("beta", beta, above=0)
    gamma = _check.number("gamma", gamma, least=0, most=1)
    _slots.drawable(memory, beta)
    credit = credits.named(credit)
    n_trajectories = _check.integer("n_trajectories", n_trajectories, least=1)
    rng = _check.generator("rng", rng)
    table, mean = memory.table(task), np.empty(memory.sigma.size)
    _twin.loops_for(task, credit.psi).fill_gradient(
        task._world, table, beta, credit.code, gamma, task.step_limit, n_trajectories, mean, rng
    )
    return np.where(memory.known, 0.0, mean.reshape(memory.sigma.shape))
