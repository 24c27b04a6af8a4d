"""The objective and its gradient, without sampling.

With P(a|s) the exact choice probabilities (eq-choice), d_gamma(s) the discounted visits and Q the
action-values of the policy, the policy-gradient theorem (Sutton et al. 2000) gives, for any
parameter theta of a memory,

    d E[return] / d theta = sum_s d_gamma(s) sum_a Q(s, a) dP(a|s) / d theta.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dra import _check, costs, loops, policy
from dra.exact import chain as chains


@dataclass(frozen=True, eq=False)
class Gradient:
    """Derivatives in ``sigma`` and in ``q``, each of the shape of the memory's."""

    sigma: np.ndarray
    q: np.ndarray


@dataclass(frozen=True, eq=False)
class Choices:
    """The choices of a memory in the states of a model, with their derivatives.

    Attributes
    ----------
    q : (n, n_actions) array
        Means as the agent remembers them.
    chance : (n, n_actions) array
    by_sigma, by_q : (n, n_actions, n_actions) arrays
        Entry [s, a, b]: the derivative of the chance of a in sigma_b or q_b.
    """

    q: np.ndarray
    chance: np.ndarray
    by_sigma: np.ndarray
    by_q: np.ndarray


def objective(task, memory, *, beta, gamma, cost_weight, cost=costs.kl):
    """Return F = E[return] - cost_weight * (cost of the memory), exactly (eq-objective).

    The policy is soft Thompson sampling from ``memory``. The task's step limit is ignored.

    Parameters
    ----------
    task : Tabular
    memory : Memory
    beta : float
        Inverse temperature; may be inf.
    gamma : float in [0, 1]
        Discount of the return.
    cost_weight : float >= 0
    cost : str or cost

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If an argument is not legal, or ``gamma`` is 1 and an episode may never end.

    Examples
    --------
    >>> import dra
    >>> from dra import exact
    >>> task = dra.tasks.gridworld()
    >>> memory = dra.Memory.initial(task, sigma=5.0, sigma_base=5.0)
    >>> round(exact.objective(task, memory, beta=10.0, gamma=0.9, cost_weight=0.1), 3)
    -9.998
    """
    beta, gamma, cost_weight = _numbers(beta, gamma, cost_weight)
    price = float(memory.cost(cost_weight, cost))
    model = chains.model(task)
    q, sigma = remembered(task, memory, model)
    chance = policy.choice_probabilities(q, sigma, beta)
    counts = chains.visits(model, chance, gamma)
    return float(counts @ np.sum(chance * model.reward, axis=1)) - price


def objective_gradient(task, memory, *, beta, gamma, cost_weight, cost=costs.kl):
    """Return the exact gradient of :func:`objective`.

    ``q`` and ``sigma`` are free parameters of the policy here: the derivative in sigma is taken at
    fixed q. :func:`dra.exact.optimal_allocation` adds how q follows sigma.

    Parameters
    ----------
    task, memory, beta, gamma, cost_weight, cost
        As for :func:`objective`.

    Returns
    -------
    Gradient
        A shared memory collects the contributions of all its choices; known memories have zero.

    Raises
    ------
    ValueError
        As :func:`objective`.
    """
    beta, gamma, cost_weight = _numbers(beta, gamma, cost_weight)
    slope = cost_weight * costs.named(cost).grad(memory.sigma, memory.sigma_base)
    model = chains.model(task)
    made = choices(task, memory, model, beta)
    reward = reward_gradient(model, made, gamma)
    sigma, q = (collected(task, memory, model, each) for each in reward)
    return Gradient(np.where(memory.known, 0.0, sigma - slope), q)


def expected_gradient(task, memory, *, beta, gamma=1.0, credit="advantage"):
    """Return what :func:`dra.gradient.estimate` returns on average.

    With credit "return" this is the gradient in sigma of the expected return. With "q" or
    "advantage" it is so only where ``memory.q`` holds the policy's action-values at ``gamma``;
    the two agree with each other always.

    Parameters
    ----------
    task : Tabular
    memory : Memory
    beta : float
    gamma : float in [0, 1]
    credit : {"return", "q", "advantage"}

    Returns
    -------
    array of the shape of ``memory.sigma``

    Raises
    ------
    ValueError
        As :func:`objective`.
    """
    beta, gamma, _ = _numbers(beta, gamma, 0.0)
    _check.one_of("credit", credit, loops.CREDIT)
    model = chains.model(task)
    made = choices(task, memory, model, beta)
    return collected(task, memory, model, credited(model, made, gamma, credit))


def _numbers(beta, gamma, cost_weight):
    return (
        _check.number("beta", beta, above=0, finite=False),
        _check.number("gamma", gamma, least=0, most=1),
        _check.number("cost_weight", cost_weight, least=0),
    )


def remembered(task, memory, model):
    """Return (q, sigma), each (n, n_actions), that the states of ``model`` read."""
    rows = memory.rows(task)
    return rows.q[model.states], rows.sigma[model.states]


def choices(task, memory, model, beta):
    """Return the :class:`Choices` of ``memory`` in the states of ``model``."""
    q, sigma = remembered(task, memory, model)
    chance, by_q, by_sigma = policy.choice_probability_derivatives(q, sigma, beta)
    return Choices(q, chance, by_sigma, by_q)


def weighed(credit, by):
    """Return sum_a credit(s, a) dP(a|s)/dx_b, (n, n_actions), with a baseline for the digits."""
    centred = credit - credit.mean(axis=1, keepdims=True)
    return np.einsum("sa,sab->sb", centred, by)


def visits_and_action_values(model, chance, gamma):
    """Return the discounted visits (n, 1) and the action-values (n, n_actions) of a policy."""
    solver = chains.chain(model, chance, gamma)
    counts = chains.visits(model, chance, gamma, solver)[:, None]
    values = solver.solve(np.sum(chance * model.reward, axis=1))
    return counts, model.reward + gamma * model.ahead(values)


def reward_gradient(model, made, gamma):
    """Return the gradient of expected return choice by choice, in sigma and in q."""
    counts, action_values = visits_and_action_values(model, made.chance, gamma)
    return tuple(counts * weighed(action_values, by) for by in (made.by_sigma, made.by_q))


def credited(model, made, gamma, credit):
    """Return the expected score-function gradient in sigma, choice by choice."""
    counts, action_values = visits_and_action_values(model, made.chance, gamma)
    return counts * weighed(action_values if credit == "return" else made.q, made.by_sigma)


def collected(task, memory, model, rows):
    """Add up ``rows`` (n, n_actions) memory by memory; zero for known memories."""
    slot = task.slot[model.states].ravel()
    total = np.bincount(slot, weights=rows.ravel(), minlength=memory.q.size)
    return np.where(memory.known, 0.0, total.reshape(memory.q.shape))
