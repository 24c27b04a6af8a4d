"""What a policy is worth, by a linear solve."""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dra import _check
from dra.exact import chain as chains
from dra.tasks.table import Tabular


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What :func:`evaluate` returns.

    Attributes
    ----------
    values : (n_states,) array
        Expected discounted return from each state; 0 for terminal states, NaN where it has no
        limit.
    action_values : (n_states, n_actions) array
        The same after a first choice; 0 where it does not exist.
    visits : (n_states,) array
        Expected visits per episode, the visit at time t counted as gamma^t; 0 for terminal states.
    episode_length : float
        Expected moves per episode, not discounted; inf if an episode may never
        end, or so rarely ends that rounding hides it.
    expected_return : float
        Value of the start distribution.
    """

    values: np.ndarray
    action_values: np.ndarray
    visits: np.ndarray
    episode_length: float
    expected_return: float


@np.errstate(all="ignore")
def evaluate(task: Tabular, choice_probabilities: ArrayLike, gamma: float) -> Evaluation:
    """Evaluate fixed choice probabilities on a tabular task.

    Exact for episodes that last until they terminate: the task's step limit is ignored.

    Parameters
    ----------
    task : Tabular
    choice_probabilities : (n_states, n_actions) array
        Rows of terminal states are not read.
    gamma : float in [0, 1]
        Discount of the values and of the visits. For undiscounted visits use 1.

    Returns
    -------
    Evaluation

    Raises
    ------
    ValueError
        If an argument is not legal, or ``gamma`` is 1 and an episode may never end.

    Examples
    --------
    >>> import numpy as np, dra
    >>> from dra import exact
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> result = exact.evaluate(task, np.full((3, 4), 0.25), gamma=1.0)
    >>> round(result.episode_length, 6), round(result.expected_return, 6)
    (12.0, -1.0)
    """
    gamma = _check.number("gamma", gamma, least=0, most=1)
    states = chains.states(task, everywhere=True)
    weight = _weight(task, choice_probabilities, states)
    ends = _surely_ends(states, weight)
    all_end = not states.begin[~ends].any()
    if gamma == 1 and not all_end:
        raise ValueError(chains.NEVER_ENDS)
    kept = ends if gamma == 1 else np.ones_like(ends)
    counts, inner = np.zeros(kept.size), np.full(kept.size, np.nan)
    counts[kept], inner[kept] = _solve(chains.part(states, kept), weight[kept], gamma)
    length = math.inf
    if gamma == 1:
        length = float(counts.sum())
    elif all_end:
        with suppress(ValueError):  # the discounted values have a limit all the same
            length = float(chains.visits(chains.part(states, ends), weight[ends], 1.0).sum())
    return _spread(task, states, counts, inner, gamma, length)


def _weight(task, choice_probabilities, states):
    """Return the checked choice probabilities of ``states``."""
    weight = _check.array("choice_probabilities", choice_probabilities)
    if weight.shape != task.slot.shape:
        raise ValueError(
            f"choice_probabilities has shape {weight.shape}; it must be {task.slot.shape}"
        )
    given = np.asarray(choice_probabilities)[states.number]  # its type says how exact sums are
    weight = _check.probabilities("choice_probabilities", given)
    absent = np.argwhere((weight > 0) & ~states.available)
    if absent.size:
        place, action = absent[0]
        raise ValueError(
            f"choice_probabilities[{states.number[place]}, {action}] is {weight[place, action]}; "
            "it must be 0, for this choice does not exist"
        )
    return weight


def _surely_ends(states, weight):
    """Return the mask of states from which every episode ends sooner or later."""
    backwards = chains.connections(states, weight).T
    may_end = chains.reached(backwards, np.sum(weight * states.ending, axis=1) > 0)
    return ~chains.reached(backwards, ~may_end)


def _solve(states, weight, gamma):
    """Return the visits and the values of ``states``."""
    solver = chains.chain(states, weight, gamma)
    values = solver.solve(np.sum(weight * states.reward, axis=1))
    return chains.visits(states, weight, gamma, solver), values


def _spread(task, states, counts, inner, gamma, length):
    """Return the :class:`Evaluation`, with arrays over all states of the task."""
    values, visits = np.zeros(task.n_states), np.zeros(task.n_states)
    action_values = np.zeros(task.slot.shape)
    values[states.number], visits[states.number] = inner, np.maximum(counts, 0.0)  # rounding
    action_values[states.number] = states.reward + gamma * states.ahead(inner)
    first = states.begin > 0
    expected = float(states.begin[first] @ inner[first])
    return Evaluation(values, action_values, visits, length, expected)
