"""The exact expected reward of the budgeted planner.

Within a trial preferences do not change, so the search is depth-first: it exhausts the preferred
subtree of a node before it enters the other. When time runs out, the explored part of the tree is
one *chain* from the root to the last leaf found, together with every subtree that the chain left
behind, explored in full. What a full subtree contributes is its best path, whatever the memory.
Chance decides only which chain it is, and the chain asks one node of each level which branch it
prefers. Memories of different levels are drawn independently, so

    E[reward] = sum over starts and chains of
                P(start) * product over the chain's nodes of P(preference) * best path found.

That is n_starts * 2^depth terms, each linear in the preference probability of every node.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dra import _check
from dra._memo import kept
from dra.tasks.table import Tabular

MOST_MOVES = 16


@dataclass(frozen=True, eq=False)
class Tree:
    """All chains of one budget; the two chains that leave a node are neighbours.

    Attributes
    ----------
    nodes : list of int arrays
        ``nodes[k]``, shape (n_starts * 2^k,): the state that each chain asks at move k.
    start : (n_starts,) array
        Probabilities of the starts.
    payoff : (n_starts * 2^depth,) array
        Reward of the best path found along each chain.
    """

    nodes: list
    start: np.ndarray
    payoff: np.ndarray

    def values(self, left):
        """Return the expected reward of each chain from move k on, for k = 0 to depth.

        ``left`` (..., n_states) holds the probabilities of preferring the first action. Entry k
        has shape (..., n_starts * 2^k).
        """
        values = [np.broadcast_to(self.payoff, (*left.shape[:-1], self.payoff.size))]
        for nodes in reversed(self.nodes):
            first, second = values[0][..., ::2], values[0][..., 1::2]
            values.insert(0, second + left[..., nodes] * (first - second))
        return values

    def expected(self, left):
        """Return the expected reward, shape (...), for probabilities ``left`` (..., n_states)."""
        return self.values(left)[0] @ self.start

    def gain(self, left):
        """Return the derivative of the expected reward in ``left``, of the same shape."""
        values, gain = self.values(left), np.zeros(left.shape)
        reach = np.broadcast_to(self.start, values[0].shape)
        for k, nodes in enumerate(self.nodes):
            first, second = values[k + 1][..., ::2], values[k + 1][..., 1::2]
            states, column = np.unique(nodes, return_inverse=True)
            gain[..., states] = (reach * (first - second)) @ np.eye(states.size)[column]
            p = left[..., nodes]
            reach = np.stack([reach * p, reach * (1 - p)], axis=-1).reshape(*p.shape[:-1], -1)
        return gain


def build(task, paths):
    """Return the :class:`Tree` of a search that finds ``paths`` complete paths (1 to 2^depth)."""
    return kept(task, ("tree", paths), lambda: _build(task, paths))


def _build(task, paths):
    levels, to, reward = layers(task)
    best_from = _best_values(levels, to, reward).max(axis=1)
    node, gained = task.start_state, np.zeros(task.start_state.size)
    best, nodes = np.full(gained.shape, -np.inf), []
    for k in range(len(levels)):
        nodes.append(node)
        half = 2 ** (len(levels) - k - 1)
        after, ahead = gained[:, None] + reward[node], to[node]  # (chains, preferred branch)
        best = np.repeat(best[:, None], 2, axis=1)
        if paths > half:  # the preferred branch is explored in full; the chain takes the other
            best = np.maximum(best, after + best_from[ahead])
            after, ahead, paths = after[:, ::-1], ahead[:, ::-1], paths - half
        node, gained, best = ahead.ravel(), after.ravel(), best.ravel()
    return Tree(nodes, task.start_probability, np.maximum(best, gained))


def optimal_values(task: Tabular) -> np.ndarray:
    """Return the optimal action-values by backward induction.

    Parameters
    ----------
    task : Tabular
        A task that the planner can search, see :mod:`dra.planning`.

    Returns
    -------
    array (n_states, 2)
        0 in terminal states.

    Raises
    ------
    ValueError
        If the planner cannot search the task.

    Examples
    --------
    >>> import dra
    >>> optimal_values(dra.tasks.huys(2))[6:12].tolist()[:2]
    [[120.0, 40.0], [-40.0, -90.0]]
    """
    return _best_values(*layers(task))


def _best_values(levels, to, reward):
    values = np.zeros(reward.shape)
    for states in reversed(levels):
        values[states] = reward[states] + values[to[states]].max(axis=2)
    return values


def layers(task):
    """Return (levels, next states, rewards) of a task that the planner can search.

    ``levels[k]`` are the states that move k can start from; the other two have shape
    (n_states, 2).

    Raises
    ------
    ValueError
        If the task is not deterministic, has not two actions in every state, shares memories
        between states, or does not end after the same number of moves, at most 16, on all paths.
    """
    _check.instance("task", task, Tabular, "a tabular task")
    return kept(task, "layers", lambda: _layers(task))


def _layers(task):
    if task.n_actions != 2 or task.shared or not (task.probability.max(axis=2) == 1).all():
        raise ValueError(
            f"task is {task!r}; it must be deterministic, with two actions and no shared memories"
        )
    if not task.available[~task.terminal].all():
        raise ValueError(
            f"task is {task!r}, in which some actions do not exist; the planner needs both actions "
            "in every state"
        )
    certain = task.probability.argmax(axis=2)[:, :, None]
    to = np.take_along_axis(task.next_state, certain, axis=2)[:, :, 0]
    reward = np.take_along_axis(task.reward, certain, axis=2)[:, :, 0]
    levels, states = [], np.unique(task.start_state)
    while not task.terminal[states].all():
        levels.append(states)
        if task.terminal[states].any() or len(levels) > min(MOST_MOVES, task.step_limit):
            raise ValueError(
                f"task is {task!r}; all its paths must end after the same number of moves, "
                f"at most {MOST_MOVES} and within the step limit"
            )
        states = np.unique(to[states])
    return levels, to, reward
