"""What a memory earns with the budgeted planner."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtr

from dra import _check
from dra.planning import search, tree

METHODS = ("exact", "sampled")


def plan_reward(task, memory, budget, *, method="exact", samples=10_000, rng=None):
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
    """
    _check.one_of("method", method, METHODS)
    if method == "sampled":
        return float(plan_samples(task, memory, budget, samples=samples, rng=rng).mean())
    found = tree.build(task, n_paths(task, budget))
    return float(found.expected(left_probability(*_rows(task, memory))))


def plan_samples(task, memory, budget, *, samples, rng):
    """Return the rewards of ``samples`` independent trials of planning, shape (samples,).

    Their standard deviation over sqrt(samples) is the standard error of their mean. The parameters
    are those of :func:`plan_reward`.
    """
    levels, to, reward = tree.layers(task)
    q, sigma = _rows(task, memory)
    accesses = len(levels) * n_paths(task, budget)
    earned = np.empty(_check.integer("samples", samples, least=1))
    if rng is None:
        raise ValueError("rng is None; it must be a seed or a numpy.random.Generator")
    search.fill_rewards(
        to, reward, task.start_state, np.cumsum(task.start_probability), q, sigma,
        len(levels), accesses, earned, np.random.default_rng(rng),
    )  # fmt: skip
    return earned


def plan_reward_gradient(task, memory, budget):
    """Return the derivative of the exact :func:`plan_reward` in sigma, (n_states, 2).

    Zero for known memories, which are given.
    """
    q, sigma = _rows(task, memory)
    gain = tree.build(task, n_paths(task, budget)).gain(left_probability(q, sigma))
    spread = np.hypot(sigma[:, 0], sigma[:, 1])
    z = (q[:, 0] - q[:, 1]) / spread
    density = np.exp(-0.5 * z * z) / math.sqrt(2 * math.pi)
    slope = (-gain * density * z / spread**2)[:, None] * sigma
    return np.where(memory.known, 0.0, slope)


def plan_objective(task, memory, budget, *, cost_weight=1.0):
    """Return F = exact :func:`plan_reward` - cost_weight * (KL of the memory) (eq-objective)."""
    cost_weight = _check.number("cost_weight", cost_weight, least=0)
    return plan_reward(task, memory, budget) - float(memory.cost(cost_weight))


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
    rows = memory.rows(task)
    return rows.q, rows.sigma
