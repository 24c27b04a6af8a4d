"""Where the states of a task lie in its picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dra import _check
from dra.tasks.task import Task


@dataclass(frozen=True, eq=False)
class Places:
    """The picture of a layout: its edges, and the centre of each state.

    Attributes
    ----------
    extent : (left, right, bottom, top)
        The edges. Where row 0 is at the top, ``bottom`` is the larger number.
    width, height : float
        Of a cell, to the right and from row to row.
    x, y : (n_states,) arrays
        NaN for a state that is not in the picture.
    wall : (n_states,) bool array
        States that nobody enters.
    measured : bool
        Whether the axes have units.
    """

    extent: tuple[float, float, float, float]
    width: float
    height: float
    x: np.ndarray
    y: np.ndarray
    wall: np.ndarray
    measured: bool

    def centre(self, row: ArrayLike, column: ArrayLike) -> tuple[Any, Any]:
        """Return (x, y) of cells."""
        left, _, bottom, top = self.extent
        first = bottom if self.measured else top
        return (
            left + (np.asarray(column) + 0.5) * self.width,
            first + (np.asarray(row) + 0.5) * self.height,
        )


def places(task: Task) -> Places:
    """Return where the states of a task with a layout lie.

    Raises
    ------
    ValueError
        If the task has no layout, or the layout makes numbers of its own.
    """
    numbers = picture(task, np.arange(task.n_states, dtype=float))
    filled = ~np.isnan(numbers)
    if not np.isin(numbers[filled], np.arange(task.n_states)).all():
        raise ValueError(
            f"task.layout is {_check.shown(task.layout)}; its image(values) must hold values and "
            "NaN only"
        )
    state, (rows, columns) = numbers[filled].astype(int), numbers.shape
    extent = getattr(task.layout, "extent", None)
    left, right, bottom, top = extent or (-0.5, columns - 0.5, rows - 0.5, -0.5)
    size = (right - left) / columns, abs(top - bottom) / rows
    x, y = np.full((2, task.n_states), np.nan)
    walled, wall = np.zeros(numbers.shape, bool), np.zeros(task.n_states, bool)
    for cell in getattr(task.layout, "walls", ()):
        walled[tuple(cell)] = True
    wall[state] = walled[filled]
    found = Places((left, right, bottom, top), *size, x, y, wall, extent is not None)
    x[state], y[state] = found.centre(*np.nonzero(filled))
    return found


def picture(task: Task, values: np.ndarray) -> np.ndarray:
    """Return values by state as the layout arranges them, a two-dimensional array."""
    if task.layout is None:
        raise ValueError(f"task is {task!r}, which has no layout; it must have one for this")
    return np.array(task.layout.image(values), dtype=float)
