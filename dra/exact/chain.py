"""A task as a Markov chain: expected rewards, sparse moves, and linear solves along them.

Terminal states are worth nothing and never appear. A matrix over pairs of states is built densely
for small or crowded tasks only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.linalg.lapack import dgetrf, dgetrs
from scipy.sparse import csr_array, eye_array
from scipy.sparse.csgraph import breadth_first_order
from scipy.sparse.linalg import splu

_DENSE_STATES = 1000  # up to here a dense factorisation is always as good
_DENSE_SHARE = 0.05  # and beyond, where more than this share of pairs of states is connected


@dataclass(frozen=True, eq=False)
class Model:
    """The n states of a task that are not terminal, or some of them.

    Attributes
    ----------
    states : (n,) int array
        Their numbers in the task.
    reward : (n, n_actions) array
        Expected reward of a choice.
    moves : (n * n_actions, n) sparse array
        Probability of moving from a choice to a state of the model.
    ending : (n, n_actions) array
        Probability that a choice ends the episode.
    start : (n,) array
        Start distribution.
    """

    states: np.ndarray
    reward: np.ndarray
    moves: csr_array
    ending: np.ndarray
    start: np.ndarray

    def ahead(self, values):
        """Return the expected value of the next state, (n, n_actions), for ``values`` (n,)."""
        return (self.moves @ values).reshape(self.reward.shape)


@dataclass(frozen=True, eq=False)
class Chain:
    """Solves with I - gamma P and with its transpose."""

    solve: Callable
    solve_transposed: Callable


def model(task, everywhere=False):
    """Return the :class:`Model` of the states that the task can visit, or of all of them."""
    n_states, n_actions, k = task.next_state.shape
    states = np.flatnonzero(~task.terminal)
    to, chance = task.next_state[states].reshape(-1, k), task.probability[states].reshape(-1, k)
    stays = ~task.terminal[to] & (chance > 0)
    number = np.zeros(n_states, np.int64)
    number[states] = np.arange(states.size)
    row = np.repeat(np.arange(len(to)), stays.sum(axis=1))
    moves = csr_array((chance[stays], (row, number[to[stays]])), shape=(len(to), states.size))
    start = np.zeros(states.size)
    np.add.at(start, number[task.start_state], task.start_probability)
    shape = (states.size, n_actions)
    reward = np.sum(chance * task.reward[states].reshape(-1, k), axis=1).reshape(shape)
    ending = np.sum(chance * task.terminal[to], axis=1).reshape(shape)
    whole = Model(states, reward, moves, ending, start)
    if everywhere:
        return whole
    return part(whole, reached(connections(whole, np.ones(shape)), start > 0))


def part(whole, keep):
    """Return the model of the states in the mask ``keep``; moves to other states are dropped."""
    rows = np.repeat(keep, whole.reward.shape[1])
    return Model(
        whole.states[keep],
        whole.reward[keep],
        whole.moves[rows][:, keep],
        whole.ending[keep],
        whole.start[keep],
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
    counts = solver.solve_transposed(of.start)
    if gamma == 1:
        ends = counts @ np.sum(weight * of.ending, axis=1)
        if not abs(ends - 1.0) < 1e-6:
            raise ValueError(NEVER_ENDS)
    return counts
