"""What the tables of a task may hold: state numbers, starts, a number for each move."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from dra import _check

if TYPE_CHECKING:
    from dra.tasks.table import Tabular


def per_move(name: str, value: ArrayLike, shape: tuple, least: float | None) -> np.ndarray:
    """Return a number for each (state, action, next state), given for each or by choice."""
    x = _check.array(name, value, least=least)
    if x.ndim and x.shape == shape[:2]:
        x = x[:, :, None]
    elif x.ndim and x.shape != shape:
        raise ValueError(f"{name} has shape {x.shape}; it must be {shape[:2]} or {shape}")
    if name == "reward" and x.ndim == 0:
        raise ValueError(f"reward is {x}; it must have shape {shape[:2]} or {shape}")
    return np.broadcast_to(x, shape)


def numbered(name: str, value: ArrayLike, shape: tuple, n_states: int) -> np.ndarray:
    """Return state numbers as an int64 array of ``shape``."""
    x = _check.numbers_of(name, value)
    if x.shape != shape:
        raise ValueError(f"{name} has shape {x.shape}; it must be {shape}")
    ok = (x >= 0) & (x < n_states) & (x == np.floor(x))
    if not ok.all():
        raise ValueError(f"{name} has the entry {x[~ok][0]:g}; states are 0 to {n_states - 1}")
    return x.astype(np.int64)


def states_mask(name: str, states: ArrayLike, n_states: int) -> np.ndarray:
    """Return ``states``, a bool mask or a sequence of state numbers, as a bool mask."""
    _check.shape_of(name, states)
    given = np.atleast_1d(np.asarray(states))
    if given.dtype == bool and given.shape == (n_states,):
        return _check.mask(name, states, given.shape)
    numbers = numbered(name, np.atleast_1d(states), given.shape, n_states)
    mask = np.zeros(n_states, bool)
    if given.ndim > 1 or np.unique(numbers).size < numbers.size:
        raise ValueError(
            f"{name} is {_check.shown(states)}; it must list state numbers, each once, or be a "
            f"bool array of shape ({n_states},)"
        )
    mask[numbers] = True
    return mask


def starts(start: ArrayLike, terminal: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return (states, probabilities) of a start state or a start distribution."""
    if not _check.shape_of("start", start):
        state = _check.integer("start", start, most=terminal.size - 1)
        return np.array([state]), np.ones(1)
    chance = _check.probabilities("start", start)
    if chance.shape != terminal.shape:
        raise ValueError(f"start has shape {chance.shape}; it must be {terminal.shape}")
    states = np.flatnonzero(chance)
    return states, chance[states]


def check_starts(task: Tabular) -> None:
    """Raise unless episodes start, and go on, where there is a choice."""
    ended = task.start_state[task.terminal[task.start_state]]
    if ended.size:
        raise ValueError(f"start includes the terminal state {ended[0]}")
    stuck = np.flatnonzero(~task.terminal & ~task.available.any(axis=1))
    if stuck.size:
        raise ValueError(f"available leaves no action in state {stuck[0]}, which is not terminal")
