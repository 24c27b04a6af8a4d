"""What a memory earns with the budgeted planner."""

from __future__ import annotations

import math
from sys import float_info

import numpy as np
from scipy.special import ndtr

from dra import _check, costs
from dra._check import Seed
from dra._slots import check_fit
from dra.memory import Memory
from dra.planning import search, tree
from dra.tasks.table import Tabular

METHODS = ("exact", "sampled")
MOST_SAMPLES = 10**9  # as many as fit into memory

_FARTHEST = 40.0  # a normal density is 0 beyond so many standard deviations


def plan_reward(
    task: Tabular,
    memory: Memory,
    budget: int,
    *,
    method: str = "exact",
    samples: int = 10_000,
    rng: Seed | None = None,
) -> float:
    """Return the expected reward of planning with a budget, over the start and the memory's draws.

    Parameters
    ----------
    task : Tabular
        A task that the planner can search, see :mod:`dra.planning`.
    memory : Memory
    budget : int
        Accesses, at least the depth; ``budget // depth`` complete paths are found. The full tree
        takes depth * 2^depth, and what is left of a larger budget is not used.
    method : {"exact", "sampled"}
        A finite sum (:mod:`dra.planning.tree`), or the mean of :func:`plan_samples`.
    samples, rng : int, seed or Generator
        Of method "sampled" only; ``rng`` must be given there.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the planner cannot search the task, the memory is not one of this task, or an argument
        is not legal.

    Examples
    --------
    >>> import dra
    >>> task = dra.tasks.huys(3)
    >>> q = dra.planning.optimal_values(task)
    >>> memory = dra.Memory.initial(task, q=q, sigma=20.0, sigma_base=100.0)
    >>> round(plan_reward(task, memory, 6), 3)
    64.754
    """
    _check.one_of("method", method, METHODS)
    if method == "sampled":
        rng = _check.generator("rng", rng)
        return float(plan_samples(task, memory, budget, samples=samples, rng=rng).mean())
    found = tree.build(task, n_paths(task, budget))
    with np.errstate(all="ignore"):
        return float(found.expected(left_probability(*_rows(task, memory))))


@np.errstate(all="ignore")
def plan_samples(
    task: Tabular, memory: Memory, budget: int, *, samples: int, rng: Seed
) -> np.ndarray:
    """Return the rewards of independent trials of planning.

    Parameters
    ----------
    task, memory, budget
        As for :func:`plan_reward`, whose errors are raised here too.
    samples : int
        Number of trials.
    rng : seed or Generator

    Returns
    -------
    array (samples,)
        Their standard deviation over sqrt(samples) is the standard error of their mean.

    Examples
    --------
    >>> import dra
    >>> task = dra.tasks.huys(3)
    >>> q = dra.planning.optimal_values(task)
    >>> memory = dra.Memory.initial(task, q=q, sigma=20.0, sigma_base=100.0)
    >>> plan_samples(task, memory, 6, samples=4, rng=0)
    array([ 50., 100., 100., 100.])
    """
    levels, to, reward = tree.layers(task)
    q, sigma = _rows(task, memory)
    accesses = len(levels) * n_paths(task, budget)
    samples = _check.integer("samples", samples, least=1, most=MOST_SAMPLES)
    rng, earned = _check.generator("rng", rng), np.empty(samples)
    search.fill_rewards(
        to, reward, task.start_state, np.cumsum(task.start_probability), q, sigma,
        len(levels), accesses, earned, rng,
    )  # fmt: skip
    return earned


@np.errstate(all="ignore")
def plan_reward_gradient(task: Tabular, memory: Memory, budget: int) -> np.ndarray:
    """Return the derivative of the exact :func:`plan_reward` in sigma.

    Parameters
    ----------
    task, memory, budget
        As for :func:`plan_reward`, whose errors are raised here too.

    Returns
    -------
    array (n_states, 2)
        Zero for known memories, which are given.

    Examples
    --------
    >>> import dra
    >>> task = dra.tasks.huys(2)
    >>> q = dra.planning.optimal_values(task)
    >>> memory = dra.Memory.initial(task, q=q, sigma=20.0, sigma_base=100.0)
    >>> plan_reward_gradient(task, memory, 2)[6].round(4)
    array([-0.0069, -0.0069])
    """
    q, sigma = _rows(task, memory)
    gain = tree.build(task, n_paths(task, budget)).gain(left_probability(q, sigma))
    spread = np.hypot(sigma[:, 0], sigma[:, 1])
    z = ((q[:, 0] - q[:, 1]) / spread).clip(-_FARTHEST, _FARTHEST)
    density = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    slope = (-gain * density * z / np.maximum(spread**2, float_info.min))[:, None] * sigma
    return np.where(memory.known, 0.0, slope)


def plan_objective(
    task: Tabular,
    memory: Memory,
    budget: int,
    *,
    cost_weight: float = 1.0,
    cost: str | costs.Cost = costs.kl,
) -> float:
    """Return F = exact :func:`plan_reward` - cost_weight * (cost of the memory) (eq-objective).

    Parameters
    ----------
    task, memory, budget
        As for :func:`plan_reward`, whose errors are raised here too.
    cost_weight : float >= 0
        Price of a nat, in units of reward.
    cost : str or cost
        See :mod:`dra.costs`.

    Returns
    -------
    float

    Examples
    --------
    >>> import dra
    >>> task = dra.tasks.huys(3)
    >>> q = dra.planning.optimal_values(task)
    >>> memory = dra.Memory.initial(task, q=q, sigma=20.0, sigma_base=100.0)
    >>> round(plan_objective(task, memory, 6, cost="precision"), 3)
    -223.246
    """
    reward = plan_reward(task, memory, budget)
    return reward - float(memory.cost(cost_weight, cost))


def left_probability(q, sigma):
    """Return the probabilities that the first of two draws is the larger (eq-two-actions).

    ``q`` and ``sigma`` have shape (..., n_states, 2), the result (..., n_states).
    """
    return ndtr((q[..., 0] - q[..., 1]) / np.hypot(sigma[..., 0], sigma[..., 1]))


def n_paths(task, budget):
    """Return how many complete paths a budget of accesses finds; check the budget."""
    depth = len(tree.layers(task)[0])
    budget = _check.integer("budget", budget)
    if budget < depth:
        raise ValueError(f"budget is {budget}; one complete path takes {depth} accesses")
    return min(budget // depth, 2**depth)


def _rows(task, memory):
    """Return q and sigma, (n_states, 2), or raise ``ValueError`` if ``memory`` does not fit."""
    check_fit(task, memory)
    rows = memory.rows(task)
    return rows.q, rows.sigma
