"""Layouts: how the states of a task make a picture."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

OWN = "own"
"""Stands for what a file cannot hold."""


@dataclass(frozen=True)
class Layout:
    """Where things are in a grid-world; cells are (row, column)."""

    rows: int
    columns: int
    start: tuple
    goal: tuple
    walls: tuple

    def state(self, cell):
        """Return the state number of ``cell``."""
        return cell[0] * self.columns + cell[1]

    def cell(self, state):
        """Return the cell (row, column) of a state number."""
        return divmod(int(state), self.columns)

    def image(self, values):
        """Return per-state ``values`` (n_states,) as a (rows, columns) array."""
        return np.asarray(values).reshape(self.rows, self.columns)

    def text(self):
        """Draw the maze: S start, G goal, # wall, . floor."""
        picture = np.full((self.rows, self.columns), ".")
        for cell in self.walls:
            picture[cell] = "#"
        picture[self.start] = "S"
        picture[self.goal] = "G"
        return "\n".join(" ".join(row) for row in picture)


def plain(values: Mapping[str, Any]) -> dict[str, Any] | str:
    """Return a mapping as JSON holds it, or ``OWN`` where that is not possible."""
    try:
        return json.loads(json.dumps(dict(values), default=_listed))
    except (TypeError, ValueError):
        return OWN


def plain_layout(layout: Any) -> dict[str, Any] | str | None:
    """Return a layout as JSON holds it: that of a grid-world, or None; else ``OWN``."""
    if layout is None:
        return None
    return plain(vars(layout)) if type(layout) is Layout else OWN


def layout_from(stored: Mapping[str, Any] | None) -> Layout | None:
    """Return the layout that :func:`plain_layout` made plain."""
    return None if stored is None else Layout(**{k: _tuples(v) for k, v in stored.items()})


def _tuples(value: Any) -> Any:
    """Return JSON lists as tuples, all the way down."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _listed(value: Any) -> Any:
    """Return an array as a list."""
    if isinstance(value, np.ndarray | np.generic):
        return value.tolist()
    raise TypeError(f"{value!r} is neither plain nor an array")
