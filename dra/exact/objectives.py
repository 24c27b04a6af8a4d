"""The objective and its gradient, without sampling.

With P(a|s) the exact choice probabilities (eq-choice), d_gamma(s) the discounted visits and Q the
action-values of the policy, the policy-gradient theorem (Sutton et al. 2000) gives, for any
parameter theta of a memory,

    d E[return] / d theta = sum_s d_gamma(s) sum_a Q(s, a) dP(a|s) / d theta.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dra import _check, costs, credits, policy
from dra._slots import check_fit
from dra.costs import Cost
from dra.credits import Credit
from dra.exact import chain as chains
from dra.memory import Memory
from dra.tasks.table import Tabular


@dataclass(frozen=True, eq=False)
class Gradient:
    """What :func:`objective_gradient` returns.

    Attributes
    ----------
    sigma, q : arrays of the shape of the memory's
        Derivatives of the objective, in units of reward over those of sigma and q.
    """

    sigma: np.ndarray
    q: np.ndarray


@dataclass(frozen=True, eq=False)
class Choices:
    """The choices of a memory in some states, with their derivatives.

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


@np.errstate(all="ignore")
def objective(
    task: Tabular, memory: Memory, *, beta: float, gamma: float, cost_weight: float,
    cost: str | Cost = costs.kl,
) -> float:  # fmt: skip
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
    states, memory = fitted(task, memory)
    price = float(memory.cost(cost_weight, cost))
    q, sigma = remembered(task, memory, states)
    chance = policy.choice_probabilities(q, sigma, beta, available=states.available)
    counts = chains.visits(states, chance, gamma)
    return float(counts @ np.sum(chance * states.reward, axis=1)) - price


@np.errstate(all="ignore")
def objective_gradient(
    task: Tabular, memory: Memory, *, beta: float, gamma: float, cost_weight: float,
    cost: str | Cost = costs.kl,
) -> Gradient:  # fmt: skip
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

    Examples
    --------
    >>> import dra
    >>> from dra import exact
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> memory = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
    >>> options = {"beta": 10.0, "gamma": 0.9, "cost_weight": 0.1}
    >>> gradient = exact.objective_gradient(task, memory, **options)
    >>> gradient.q.round(2)[1]  # next to the goal, where the last action leads to it
    array([-0.76, -0.76, -2.86,  4.37])
    """
    beta, gamma, cost_weight = _numbers(beta, gamma, cost_weight)
    states, memory = fitted(task, memory)
    slope = cost_weight * costs.evaluated(cost, memory.sigma, memory.sigma_base, "grad")
    made = choices(task, memory, states, beta)
    _, *slopes = reward_and_gradient(states, made, gamma)
    sigma, q = (collected(task, memory, states, each) for each in slopes)
    return Gradient(np.where(memory.known, 0.0, sigma - slope), q)


@np.errstate(all="ignore")
def expected_gradient(
    task: Tabular, memory: Memory, *, beta: float, gamma: float = 1.0,
    credit: str | Credit = "advantage",
) -> np.ndarray:  # fmt: skip
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
    credit : str or Credit
        One of :data:`dra.credits.BUILT_IN`, or a credit of your own that has ``expected``.

    Returns
    -------
    array of the shape of ``memory.sigma``

    Raises
    ------
    ValueError
        As :func:`objective`, or if the mean of the credit is not known.

    Examples
    --------
    >>> import dra
    >>> from dra import exact
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> memory = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
    >>> exact.expected_gradient(task, memory, beta=10.0, gamma=0.9, credit="return").round(2)[1]
    array([-0.4 , -0.4 , -1.52,  2.32])
    """
    beta, gamma, _ = _numbers(beta, gamma, 0.0)
    credit = with_mean(credit)
    states, memory = fitted(task, memory)
    made = choices(task, memory, states, beta)
    visits, values = visits_and_action_values(states, made.chance, gamma)
    return collected(task, memory, states, credited(states, made, visits, values, credit))


def with_mean(credit):
    """Return the :class:`Credit` of that name, or raise where its mean is not known."""
    credit = credits.named(credit)
    if credit.expected is None:
        raise ValueError(
            f"credit {credit.name!r} has no function `expected`, its mean given state and choice; "
            "dra.exact needs that, sampling (dra.gradient.estimate) does not"
        )
    return credit


def _numbers(beta, gamma, cost_weight):
    return (
        _check.number("beta", beta, above=0, finite=False),
        _check.number("gamma", gamma, least=0, most=1),
        _check.number("cost_weight", cost_weight, least=0),
    )


def fitted(task, memory, name="memory"):
    """Return (the :class:`States` of a task, ``memory`` that knows which choices exist there)."""
    states = chains.states(task)
    check_fit(task, memory, name)
    absent = np.ones(task.known.size, bool)
    absent[task.slot[task.available]] = False
    return states, replace(memory, known=memory.known | absent.reshape(memory.q.shape))


def remembered(task, memory, states):
    """Return (q, sigma), each (n, n_actions), that ``states`` read."""
    slot = task.slot[states.number]
    return memory.q.reshape(-1)[slot], memory.sigma.reshape(-1)[slot]


def choices(task, memory, states, beta):
    """Return the :class:`Choices` of ``memory`` in ``states``."""
    return choices_of(*remembered(task, memory, states), beta, states.available)


def choices_of(q, sigma, beta, available):
    """Return the :class:`Choices` that q and sigma, (n, n_actions), make."""
    chance, by_q, by_sigma = policy.choice_probability_derivatives(
        q, sigma, beta, available=available
    )
    return Choices(q, chance, by_sigma, by_q)


def weighed(credit, by, available):
    """Return sum_a credit(s, a) dP(a|s)/dx_b, (n, n_actions), with a baseline for the digits."""
    centred = credit - np.mean(credit, axis=1, where=available, keepdims=True)
    return np.einsum("sa,sab->sb", np.where(available, centred, 0.0), by)


def visits_and_action_values(states, chance, gamma, solver=None):
    """Return the discounted visits (n,) and the action-values (n, n_actions) of a policy."""
    solver = solver or chains.chain(states, chance, gamma)
    counts = chains.visits(states, chance, gamma, solver)
    values = solver.solve(np.sum(chance * states.reward, axis=1))
    return counts, states.reward + gamma * states.ahead(values)


def reward_and_gradient(states, made, gamma):
    """Return the expected return and its derivatives choice by choice, in sigma and in q."""
    counts, action_values = visits_and_action_values(states, made.chance, gamma)
    reward = float(counts @ np.sum(made.chance * states.reward, axis=1))
    credits = (weighed(action_values, by, states.available) for by in (made.by_sigma, made.by_q))
    return reward, *(counts[:, None] * each for each in credits)


def credited(states, made, visits, action_values, credit):
    """Return the expected score-function gradient in sigma, choice by choice."""
    mean = _mean(credit, made.q, action_values, states.available)
    return visits[:, None] * weighed(mean, made.by_sigma, states.available)


def _mean(credit, q, action_values, available):
    """Return the mean credit of each choice (n, n_actions), checked."""
    given = credit.expected(q, action_values, available)
    try:
        mean = np.asarray(given, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(f"credit {credit.name!r}: expected gives {given!r}, no array") from None
    if mean.shape != q.shape or not np.isfinite(mean[available]).all():
        raise ValueError(
            f"credit {credit.name!r}: expected gives shape {mean.shape} for q of shape {q.shape}; "
            "it must be elementwise and finite"
        )
    return mean


def collected(task, memory, states, rows):
    """Add up ``rows`` (n, n_actions) memory by memory; zero for known memories."""
    slot = task.slot[states.number].ravel()
    total = np.bincount(slot, weights=rows.ravel(), minlength=memory.q.size)
    return np.where(memory.known, 0.0, total.reshape(memory.q.shape))
