"""What the inner loops read and write: records of arrays, and tuples of arrays."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

MOVE = np.dtype(
    [("to", np.int64), ("reward", float), ("noise", float), ("cumulative", float),
     ("terminal", bool)]
)  # fmt: skip
"""One possible result of an action; ``cumulative`` adds up the probabilities of the results."""

START = np.dtype([("state", np.int64), ("cumulative", float)])
"""One possible start state."""


class World(NamedTuple):
    """What an episode moves through; what a task's own functions get as their first argument.

    K is the largest number of successors that any state and action has.
    """

    moves: np.ndarray  # (n_states, n_actions, K) of MOVE; for observe and move
    starts: np.ndarray  # (n_starts,) of START; for begin


class Table(NamedTuple):
    """A memory as flat arrays, one entry per slot, the map from (row, choice) to slot, and room."""

    q: np.ndarray  # (n_slots,) means, changed in place by learning
    sigma: np.ndarray  # (n_slots,) standard deviations
    fixed: np.ndarray  # (n_slots,) bool: known memories, never learned
    slot: np.ndarray  # (n_states, n_actions) uint64
    action: np.ndarray  # (n_states, n_actions) int64
    n_choices: np.ndarray  # (n_states,) int64: how many choices there are
    noise: np.ndarray  # (n_actions,) the standard normal draws zeta of the last recall
    weight: np.ndarray  # (n_actions,) its softmax weights, not normalised
    scores: np.ndarray  # (n_slots,) the scores of a trajectory; zero between two
    visited: np.ndarray  # (n_states,) int64: the rows that it read, each once
    seen: np.ndarray  # (n_states,) bool: which those are; false between two


class Given(NamedTuple):
    """What the next trials are told, anew each time, and what they tell of an evaluation."""

    trials: np.ndarray  # (1,) int64: how many to do
    beta: np.ndarray  # (at least so many,) inverse temperature of each
    slope: np.ndarray  # (n_slots,) derivative of the cost in sigma
    evaluate: np.ndarray  # (1,) bool: whether to fill ``returns`` after the last of them
    returns: np.ndarray  # (evaluation_episodes,) returns of episodes that teach nothing
