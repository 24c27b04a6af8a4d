"""A task as a Markov chain: expected rewards, sparse moves, and linear solves along them.

The :class:`States` are what an episode moves through, whatever the agent does; under one policy
they are a :class:`Chain`. Terminal states are worth nothing and never appear. A matrix over pairs
of states is built densely for small or crowded tasks only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from scipy.linalg.lapack import dgetrf, dgetrs
from scipy.sparse import csr_array, eye_array
from scipy.sparse.csgraph import breadth_first_order
from scipy.sparse.linalg import splu

from dra import _check
from dra.tasks.table import Tabular

_DENSE_STATES = 1000  # up to here a dense factorisation is always as good
_DENSE_SHARE = 0.05  # and beyond, where more than this share of pairs of states is connected


@dataclass(frozen=True, eq=False)
class States:
    """The n states of a task that are not terminal, or some of them. The arrays are read-only.

    Attributes
    ----------
    number : (n,) int array
        Their numbers in the task.
    available : (n, n_actions) bool array
        Which choices exist. All else is zero where they do not.
    reward : (n, n_actions) array
        Expected reward of a choice.
    moves : (n * n_actions, n) sparse array
        Probability of moving from a choice to one of these states.
    ending : (n, n_actions) array
        Probability that a choice ends the episode.
    begin : (n,) array
        Probability that an episode begins there.
    """

    number: np.ndarray
    available: np.ndarray
    reward: np.ndarray
    moves: csr_array
    ending: np.ndarray
    begin: np.ndarray

    def __post_init__(self):
        """Make the arrays read-only: all callers share them."""
        for f in fields(self):
            value = getattr(self, f.name)
            (value.data if f.name == "moves" else value).setflags(write=False)

    @cached_property
    def unit(self):
        """What tolerances count in: the largest expected reward, but at most 1; 1 if all are 0."""
        return min(1.0, float(np.abs(self.reward).max(initial=0.0))) or 1.0

    def ahead(self, values):
        """Return the expected value of the next state, (n, n_actions), for ``values`` (n,)."""
        return (self.moves @ values).reshape(self.reward.shape)


@dataclass(frozen=True, eq=False)
class Chain:
    """Solves with I - gamma P and with its transpose."""

    solve: Callable
    solve_transposed: Callable


_KEPT: WeakKeyDictionary = WeakKeyDictionary()  # task -> {everywhere: States}; goes with the task


def states(task, everywhere=False):
    """Return the :class:`States` that the task can visit, or all of them; built once a task.

    Raises
    ------
    ValueError
        If the task is not tabular.
    """
    legal = "a tabular task, such as dra.tasks.gridworld(), for dra.exact solves tables of moves"
    _check.instance("task", task, Tabular, legal)
    kept = _KEPT.setdefault(task, {})
    if not kept:
        whole = _all_states(task)
        may_visit = reached(connections(whole, whole.available * 1.0), whole.begin > 0)
        kept.update({True: whole, False: part(whole, may_visit)})
    return kept[everywhere]


def _all_states(task):
    """Return the :class:`States` of all states that are not terminal."""
    n_states, n_actions, k = task.next_state.shape
    alive = np.flatnonzero(~task.terminal)
    available = task.available[alive]
    to = task.next_state[alive].reshape(-1, k)
    chance = np.where(available[:, :, None], task.probability[alive], 0.0).reshape(-1, k)
    stays = ~task.terminal[to] & (chance > 0)
    place = np.zeros(n_states, np.int64)
    place[alive] = np.arange(alive.size)
    row = np.repeat(np.arange(len(to)), stays.sum(axis=1))
    moves = csr_array((chance[stays], (row, place[to[stays]])), shape=(len(to), alive.size))
    begin = np.zeros(alive.size)
    np.add.at(begin, place[task.start_state], task.start_probability)
    reward = np.sum(chance * task.reward[alive].reshape(-1, k), axis=1)
    ending = np.sum(chance * task.terminal[to], axis=1)
    shape = (alive.size, n_actions)
    return States(alive, available, reward.reshape(shape), moves, ending.reshape(shape), begin)


def part(whole, keep):
    """Return the states in the mask ``keep``; moves to other states are dropped."""
    rows = np.repeat(keep, whole.reward.shape[1])
    return States(
        whole.number[keep],
        whole.available[keep],
        whole.reward[keep],
        whole.moves[rows][:, keep],
        whole.ending[keep],
        whole.begin[keep],
    )


def connections(of, weight):
    """Return the (n, n) sparse sum of moves weighted by ``weight`` (n, n_actions)."""
    n, n_actions = weight.shape
    size = n * n_actions
    ends = np.arange(0, size + 1, n_actions)
    return csr_array((weight.ravel(), np.arange(size), ends), shape=(n, size)) @ of.moves


def reached(links, sources):
    """Return the mask of states that can be reached along ``links`` (n, n) from ``sources``."""
    n = links.shape[0]
    links = links.tocoo()
    used = links.data > 0
    first = np.flatnonzero(sources)
    row = np.concatenate([links.row[used], np.full(first.size, n)])
    column = np.concatenate([links.col[used], first])
    graph = csr_array((np.ones(row.size), (row, column)), shape=(n + 1, n + 1))
    mask = np.zeros(n + 1, bool)
    mask[breadth_first_order(graph, n, return_predecessors=False)] = True
    return mask[:n]


def chain(of, weight, gamma):
    """Factorise I - gamma P, where P adds up the moves with ``weight`` (n, n_actions).

    Raises
    ------
    ValueError
        If the matrix is singular.
    """
    links = connections(of, weight)
    n = links.shape[0]
    if n <= _DENSE_STATES or links.nnz > _DENSE_SHARE * n * n:
        matrix = -gamma * links.toarray()
        matrix[np.diag_indices(n)] += 1.0
        factors, pivots, failed = dgetrf(matrix, overwrite_a=True)
        if failed:
            raise ValueError(NEVER_ENDS)
        return Chain(
            lambda b: dgetrs(factors, pivots, b)[0],
            lambda b: dgetrs(factors, pivots, b, trans=1)[0],
        )
    matrix = (eye_array(n, format="csc") - gamma * links).tocsc()
    try:
        factors = splu(matrix, permc_spec="MMD_AT_PLUS_A", options={"SymmetricMode": True})
    except RuntimeError:
        raise ValueError(NEVER_ENDS) from None
    return Chain(factors.solve, lambda b: factors.solve(b, trans="T"))


NEVER_ENDS = (
    "gamma is 1 and the policy never ends some episodes (or hardly ever), so that their return "
    "has no limit; gamma must be below 1, or every episode must end"
)


def visits(of, weight, gamma, solver=None):
    """Return the expected visits (n,) per episode, the visit at time t counted as gamma^t.

    Raises
    ------
    ValueError
        If ``gamma`` is 1 and an episode may never end.
    """
    solver = solver or chain(of, weight, gamma)
    counts = solver.solve_transposed(of.begin)
    if gamma == 1:
        ends = counts @ np.sum(weight * of.ending, axis=1)
        if not abs(ends - 1.0) < 1e-6:
            raise ValueError(NEVER_ENDS)
    return counts
