"""Allocations by a rule: a memory of given total cost, made sharp where a weight is large.

The cost of a set of memories says how many nats they take together, a rule where these go. All
three rules here are one formula,

    sigma_i = min(c / sqrt(w_i), sigma_base),

with one number c for all memories, found so that the total cost is what was asked for. The weight w
is 1 (equal precision), the number of times that a memory is read (by frequency), or the spread of
the values that it is compared with (by stakes). Without the limit it is the allocation that makes
the weighted squared error sum_i w_i sigma_i^2 least for so many nats of entropy: "reverse
water-filling" (Cover & Thomas 2006, section 10.3.3). None of the rules sees what DRA weighs, the
reward that an error costs.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq

from dra import _check, _slots
from dra.costs import kl
from dra.exact import evaluate
from dra.memory import Memory
from dra.tasks.table import Tabular

_SHARPEST = 1e-250  # of sigma_base


def equal(memory: Memory, budget_nats: float) -> Memory:
    """Return a copy of ``memory`` in which all memories that are paid for share one sigma.

    Parameters
    ----------
    memory : Memory
        Known memories, and those of choices that do not exist, stay as they are. The sigma of the
        others is not read.
    budget_nats : float > 0
        What all of them cost together: the KL cost, not weighted.

    Returns
    -------
    Memory

    Raises
    ------
    ValueError
        If an argument is not legal, no memory is paid for, or no sigma is small enough to cost that
        much.

    Examples
    --------
    >>> blurred = Memory(q=[[1.0, 0.0]], sigma=5.0, sigma_base=5.0)
    >>> sharp = equal(blurred, 3.0)
    >>> sharp.sigma.round(3).tolist(), round(float(sharp.cost()), 6)
    ([[0.683, 0.683]], 3.0)
    """
    _checked(memory)
    return _scaled(memory, budget_nats, "memory", np.ones(memory.q.shape))


def by_frequency(memory: Memory, budget_nats: float, visits: ArrayLike) -> Memory:
    """Return a copy of ``memory`` in which sigma is proportional to 1 / sqrt(visits) (eq-rule).

    Parameters
    ----------
    memory, budget_nats
        As for :func:`equal`, whose errors are raised here too.
    visits : array of the shape of ``memory.q``, or one that broadcasts to it
        How often each memory is read, in any unit; at least 0. See :func:`memory_visits`. A memory
        that is never read gets sigma_base, and so does one for which the rule asks for more.

    Returns
    -------
    Memory

    Raises
    ------
    ValueError
        Also if no memory that is paid for is ever read.

    Examples
    --------
    Read four times as often, twice as sharp:

    >>> blurred = Memory(q=[[1.0, 0.0]], sigma=5.0, sigma_base=5.0)
    >>> by_frequency(blurred, 3.0, [[4.0, 1.0]]).sigma.round(3).tolist()
    [[0.484, 0.968]]
    """
    _checked(memory)
    visits = _check.array("visits", visits, shape=memory.q.shape, least=0)
    return _scaled(memory, budget_nats, "visits", visits)


def by_stakes(memory: Memory, budget_nats: float, stakes: ArrayLike) -> Memory:
    """Return a copy of ``memory`` in which sigma is proportional to 1 / sqrt(stakes) (eq-rule).

    Parameters
    ----------
    memory, budget_nats
        As for :func:`equal`, whose errors are raised here too.
    stakes : array of the shape of ``memory.q``, or one that broadcasts to it
        What is at stake where each memory is read, in any unit; at least 0. See
        :func:`memory_stakes`. A memory without stakes gets sigma_base.

    Returns
    -------
    Memory

    Raises
    ------
    ValueError
        Also if nothing is at stake in any memory that is paid for.

    Examples
    --------
    >>> blurred = Memory(q=[[1.0, 0.0], [9.0, 0.0]], sigma=5.0, sigma_base=5.0)
    >>> by_stakes(blurred, 6.0, [[1.0], [9.0]]).sigma.round(2).tolist()
    [[1.19, 1.19], [0.4, 0.4]]
    """
    _checked(memory)
    stakes = _check.array("stakes", stakes, shape=memory.q.shape, least=0)
    return _scaled(memory, budget_nats, "stakes", stakes)


def memory_visits(task: Tabular, memory: Memory, *, beta: float, gamma: float = 1.0) -> np.ndarray:
    """Return how often each memory is read in an episode.

    All memories of a state are read when a choice is made there, not only that of the choice taken:
    at every visit of a state once for each of its actions, so twice where two actions share one.

    Parameters
    ----------
    task : Tabular
    memory : Memory
    beta : float
        Inverse temperature, > 0; may be inf.
    gamma : float in [0, 1]
        A reading at time t counts gamma^t.

    Returns
    -------
    array of the shape of ``memory.q``
        Expected numbers; exact.

    Raises
    ------
    ValueError
        If an argument is not legal, or ``gamma`` is 1 and an episode may never end.

    Examples
    --------
    >>> import dra
    >>> task = dra.tasks.huys(2)
    >>> memory = Memory.initial(task, sigma=100.0, sigma_base=100.0)
    >>> float(memory_visits(task, memory, beta=10.0).sum().round(6))  # two moves, two memories each
    4.0
    """
    _slots.check_fit(task, memory)
    chance = memory.rows(task).choice_probabilities(beta)
    return _by_memory(task, memory, evaluate(task, chance, gamma).visits)


def memory_stakes(task: Tabular, memory: Memory, *, beta: float, gamma: float = 1.0) -> np.ndarray:
    """Return what is at stake when a memory is read: best less worst value, on average.

    The spread of a state is the largest minus the smallest mean of its choices. A memory that
    several states share has the mean of their spreads over all its readings, so that it does not
    matter how many these are.

    Parameters
    ----------
    task, memory, beta, gamma
        As for :func:`memory_visits`, whose errors are raised here too.

    Returns
    -------
    array of the shape of ``memory.q``
        In units of reward. 0 where a memory is never read.

    Examples
    --------
    Two states that begin an episode equally often share the memory in the middle:

    >>> import dra
    >>> options = {"terminal": [2], "start": [0.5, 0.5, 0.0], "slot": [[0, 1], [1, 2], [0, 2]]}
    >>> task = dra.tasks.tabular([[[0, 0, 1]] * 2] * 3, np.zeros((3, 2)), **options)
    >>> memory_stakes(task, Memory([0.0, 1.0, 5.0], 2.0, 5.0), beta=10.0)
    array([1. , 2.5, 4. ])
    """
    _slots.check_fit(task, memory)
    rows = memory.rows(task)
    visits = evaluate(task, rows.choice_probabilities(beta), gamma).visits
    high = np.where(rows.available, rows.q, -np.inf).max(axis=1)
    low = np.where(rows.available, rows.q, np.inf).min(axis=1)
    read = _by_memory(task, memory, visits)
    spread = np.subtract(high, low, where=visits > 0, out=np.zeros(len(visits)))
    at_stake = _by_memory(task, memory, visits * spread)
    return at_stake / np.where(read > 0, read, 1.0)


def _checked(memory):
    """Raise unless ``memory`` is one, and legal."""
    _slots.check_arrays("memory", _check.instance("memory", memory, Memory, "a dra.Memory"))


def _by_memory(task, memory, of_state):
    """Return the sum of ``of_state``, (n_states,), over the choices that read each memory."""
    each = np.where(task.available, of_state[:, None], 0.0)
    return np.bincount(task.slot.ravel(), each.ravel(), memory.q.size).reshape(memory.q.shape)


def _scaled(memory, budget_nats, name, weight):
    """Return the memory with sigma = min(c / sqrt(weight), sigma_base) that costs the budget."""
    budget = _check.number("budget_nats", budget_nats, above=0)
    paid = ~memory.known & memory.available
    most = weight.max(initial=0.0, where=paid)
    if most == 0:
        raise ValueError(
            f"{name} is {_check.shown(memory if name == 'memory' else weight)}; some memory that "
            "is paid for must have a weight above 0"
        )
    with np.errstate(divide="ignore"):
        shape = np.sqrt(most / weight)  # at least 1; inf without weight
        shape[~paid] = np.inf

    def sigma_at(log_c):
        return memory.sigma_base * np.minimum(math.exp(log_c) * shape, 1.0)

    def excess(log_c):
        return kl.value(sigma_at(log_c), memory.sigma_base)[paid].sum() - budget

    sharpest = max(math.log(_SHARPEST), -budget - 1.0)
    if excess(sharpest) < 0:
        raise ValueError(
            f"budget_nats is {budget:g}; with this {name} it must be at most "
            f"{excess(sharpest) + budget:g}, the cost of memories as sharp as can be"
        )
    sigma = sigma_at(brentq(excess, sharpest, 0.0, xtol=1e-15, rtol=1e-15))
    sigma = np.where(paid, sigma, memory.sigma)
    return Memory(memory.q, sigma, memory.sigma_base, memory.known, memory.available)
