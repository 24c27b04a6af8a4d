"""Grid-worlds: the maze of Mattar & Daw (2018) that the paper uses, and any other.

A cell is (row, column) counted from the top left; state number = row * columns + column. The four
actions are up, down, left, right. A move into a wall or over the edge leaves the agent where it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from dra import _check, presets
from dra.tasks.layout import Layout
from dra.tasks.table import STEP_LIMIT, Tabular, assemble

ACTIONS = ("up", "down", "left", "right")
MOVES = np.array([(-1, 0), (1, 0), (0, -1), (0, 1)])
PAPER_WALLS = ((1, 2), (2, 2), (3, 2), (0, 7), (1, 7), (2, 7), (4, 5))


Cell = tuple[int, int]


def gridworld(
    rows: int = 6, columns: int = 9, *, start: Cell = (2, 0), goal: Cell = (0, 8),
    walls: Sequence[Cell] = PAPER_WALLS, goal_reward: float = 10.0, step_reward: float = -1.0,
    slip: float = 0.0, step_limit: int = STEP_LIMIT,
) -> Tabular:  # fmt: skip
    """Make a grid-world; by default the paper's maze, with the paper's parameters as its preset.

    Entering the goal earns ``goal_reward`` and ends the episode; every other step earns
    ``step_reward``. With probability ``slip`` a move goes in one of the four directions at random.

    Parameters
    ----------
    rows, columns : int
    start, goal : (row, column)
    walls : sequence of (row, column)
    goal_reward, step_reward : float
    slip : float in [0, 1]
    step_limit : int
        The paper has none; 10 000 steps are never reached there after the first trials.

    Returns
    -------
    Tabular

    Raises
    ------
    ValueError
        If a cell lies outside the grid or in a wall, or the goal cannot be reached.

    Examples
    --------
    >>> print(gridworld(2, 4, start=(0, 0), goal=(0, 3), walls=[(0, 2)]))
    S . # G
    . . . .
    """
    layout = _layout(rows, columns, start, goal, walls)
    slip = _check.number("slip", slip, least=0, most=1)
    goal_reward = _check.number("goal_reward", goal_reward)
    step_reward = _check.number("step_reward", step_reward)
    next_state = _neighbours(layout)
    terminal = np.zeros(layout.rows * layout.columns, bool)
    terminal[layout.state(layout.goal)] = True
    _require_path(layout, next_state)
    if slip > 0:
        probability = np.broadcast_to((1 - slip) * np.eye(4) + slip / 4, (*next_state.shape, 4))
        next_state = np.broadcast_to(next_state[:, None, :], probability.shape)
    else:
        next_state = next_state[:, :, None]
        probability = np.ones(next_state.shape)
    return assemble(
        "grid-world",
        next_state,
        probability,
        np.where(terminal[next_state], goal_reward, step_reward),
        terminal=terminal,
        start=layout.state(layout.start),
        step_limit=step_limit,
        action_names=ACTIONS,
        preset=presets.GRIDWORLD,
        layout=layout,
    )


def gridworld_changed(**options: Any) -> Tabular:
    """Make the maze of figure 1B after the change: wall (0, 7) is gone, the goal is at (0, 6).

    Parameters
    ----------
    **options
        Those of :func:`gridworld`.

    Returns
    -------
    Tabular

    Examples
    --------
    >>> print(gridworld_changed())
    . . . . . . G . .
    . . # . . . . # .
    S . # . . . . # .
    . . # . . . . . .
    . . . . . # . . .
    . . . . . . . . .
    """
    walls = tuple(cell for cell in PAPER_WALLS if cell != (0, 7))
    return gridworld(**{"walls": walls, "goal": (0, 6), **options})


def _layout(rows, columns, start, goal, walls):
    """Check the cells and return the :class:`Layout`."""
    rows = _check.integer("rows", rows, least=1)
    columns = _check.integer("columns", columns, least=1)

    def inside(name, cell):
        try:
            row, column = _check.pair(cell)
            row = _check.integer("row", row, most=rows - 1)
            return row, _check.integer("column", column, most=columns - 1)
        except (TypeError, ValueError):
            raise ValueError(
                f"{name} is {_check.shown(cell)}; a cell is (row, column) with row < {rows}, "
                f"column < {columns}"
            ) from None

    cells = _check.listed("walls", walls, "a sequence of cells")
    layout = Layout(
        rows,
        columns,
        inside("start", start),
        inside("goal", goal),
        tuple(inside(f"walls[{i}]", cell) for i, cell in enumerate(cells)),
    )
    for name, cell in (("start", layout.start), ("goal", layout.goal)):
        if cell in layout.walls:
            raise ValueError(f"{name} is {cell}, which is a wall; it must be a free cell")
    if layout.start == layout.goal:
        raise ValueError(f"start and goal are both {layout.goal}; they must differ")
    return layout


def _neighbours(layout):
    """Return the (n_states, 4) array of states that the four moves lead to."""
    row, column = np.divmod(np.arange(layout.rows * layout.columns), layout.columns)
    free = np.ones((layout.rows, layout.columns), bool)
    for cell in layout.walls:
        free[cell] = False
    to_row = row[:, None] + MOVES[:, 0]
    to_column = column[:, None] + MOVES[:, 1]
    inside = (to_row >= 0) & (to_row < layout.rows)
    inside &= (to_column >= 0) & (to_column < layout.columns)
    to = np.where(inside, to_row * layout.columns + to_column, 0)
    here = np.arange(row.size)[:, None]
    return np.where(inside & free.ravel()[to], to, here)


def _require_path(layout, neighbours):
    """Raise ``ValueError`` unless the goal can be reached from the start."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import breadth_first_order

    n = neighbours.shape[0]
    edges = csr_array((np.ones(4 * n), neighbours.ravel(), np.arange(0, 4 * n + 1, 4)), (n, n))
    reached = breadth_first_order(edges, layout.state(layout.start), return_predecessors=False)
    if layout.state(layout.goal) not in reached:
        raise ValueError(
            f"goal {layout.goal} cannot be reached from start {layout.start}: walls are in the way"
        )
