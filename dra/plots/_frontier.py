"""The frontier: which memories are kept, and which are dropped, as precision gets dearer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from matplotlib.patches import Rectangle

from dra import _check, costs
from dra.memory import Memory
from dra.plots import _arguments, _cells, _maps
from dra.plots._places import places
from dra.tasks.task import Task

if TYPE_CHECKING:
    from dra.exact.prices import Frontier

SIGNS = {
    "up": ("^", 0.0, -0.33),
    "down": ("v", 0.0, 0.33),
    "left": ("<", -0.36, 0.0),
    "right": (">", 0.36, 0.0),
}
"""Marker of a move, and where it stands in its cell: to the right, and down."""

TALLEST = 12.0  # inches
SMALLEST = 1e-6  # nats: colours need a difference
WRITTEN = 60  # states at most: in a taller table numbers cannot be read


@np.errstate(all="ignore")
def frontier(
    found: Frontier, index: int, task: Task | None = None, *, figure: FigureBase | None = None
) -> dict[str, Axes]:
    """Draw reward against nats with one point marked, and the memories kept there.

    Parameters
    ----------
    found : Frontier
        The nats are those of its cost.
    index : int
        Number of the cost weight.
    task : Tabular, optional
        The task of the frontier. On a grid-world a triangle stands for a memory that is kept, and
        points in the direction of its move; other tasks, and no task, are shown as a table of
        nats, a frame around those kept.
    figure : Figure, optional

    Returns
    -------
    dict of str to Axes
        ``frontier`` and ``memories``.

    Raises
    ------
    ValueError
        If an argument is not legal, or ``found`` is of another task.
    """
    index = point(found, index, task)
    kept, nats = found.kept[index], nats_of(found)
    figure = _arguments.figure_on(figure, *size(found, task))
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.5))
    unit = _arguments.nats(found.cost_function)
    _draw_points(left, found, index, unit)
    if task is not None and _is_grid(task):
        _draw_maze(right, task, nats.sum(axis=2), index, kept, unit)
    else:
        _draw_table(right, found.memories[index], task, nats, index, kept)
    n = np.count_nonzero(~found.memories[index].known)
    right.set_title(f"{kept.sum()} of {n} memories are kept; numbers: {unit}")
    return {"frontier": left, "memories": right}


def size(found: Frontier, task: Task | None) -> tuple[float, float]:
    """Return the width and height of the figure in inches: a table grows with its states."""
    shape = found.memories[0].q.shape
    table = len(shape) == 2 and not (task is not None and _is_grid(task))
    return 9.0, min(max(3.6, 0.2 * shape[0] * table), TALLEST)


def point(found: Frontier, index: int, task: Task | None) -> int:
    """Return the number of a point, its frontier and the task checked."""
    from dra.exact.prices import Frontier  # only here: it needs SciPy's optimisers

    _check.instance("found", found, Frontier, "a Frontier, as dra.exact.frontier returns")
    index = _check.integer("index", index)
    if index >= len(found.memories):
        raise ValueError(f"index is {index}; the points are 0 to {len(found.memories) - 1}")
    shape = found.memories[index].q.shape
    if task is not None and shape != _arguments.task_of(task).memory_shape:
        raise ValueError(f"found has memories of shape {shape}; the task's are {task.memory_shape}")
    return index


def nats_of(found: Frontier) -> np.ndarray:
    """Return what each memory costs at each point, (n, *memory_shape): nothing if it is known."""
    cost = found.cost_function
    each = [(m.known, costs.evaluated(cost, m.sigma, m.sigma_base)) for m in found.memories]
    return np.array([np.where(known, 0.0, price) for known, price in each])


def _is_grid(task: Task) -> bool:
    """Return whether a task's memories can be drawn as directions in the cells of a picture."""
    moves = set(task.action_names) <= set(SIGNS)
    return task.layout is not None and not task.shared and moves


def _draw_points(ax: Axes, found: Frontier, index: int, unit: str) -> None:
    """Draw the frontier, and the price at one of its points as a slope."""
    here, weight = (found.nats[index], found.reward[index]), found.cost_weights[index]
    ax.plot(found.nats, found.reward, marker="o", fillstyle="none")
    ax.plot(*here, "D", color="C1", markersize=9)
    ax.axline(here, slope=weight, color="C1", linestyle="--", linewidth=1)
    ax.set(xlabel=f"memory [{unit}]", ylabel="reward")
    ax.set_title(f"λ = {weight:.3g}, the slope of the dashed line")


def _draw_maze(
    ax: Axes, task: Task, nats: np.ndarray, index: int, kept: np.ndarray, unit: str
) -> None:
    """Show the nats of each cell as a number in colour, and each memory kept as a triangle."""
    here, where = nats[index].copy(), places(task)
    here[_arguments.terminal(task) | where.wall] = np.nan
    ends = {"vmin": min(0.0, nats.min()), "vmax": max(nats.max(), SMALLEST)}
    _maps.state_map(task, here, ax=ax, cmap="Blues", label=unit, **ends)
    written = here.copy()
    if getattr(task.layout, "start", None) is not None:
        x, y = where.centre(*task.layout.start)
        written[(where.x == x) & (where.y == y)] = np.nan  # its S is there
    _cells.write(ax, task, written, form=".1f")
    for state, action in np.argwhere(kept & ~np.isnan(here + where.x)[:, None]):
        sign, right, down = SIGNS[task.action_names[action]]
        x, y = where.x[state] + right * where.width, where.y[state] + down * where.height
        ax.plot(x, y, sign, color=_cells.ink(ax.images[0], here[state]), markersize=4)


def _draw_table(
    ax: Axes, memory: Memory, task: Task | None, nats: np.ndarray, index: int, kept: np.ndarray
) -> None:
    """Show the nats of each memory as a number in colour, those kept in a frame."""
    exists = memory.available
    ends = {"vmin": min(0.0, nats.min()), "vmax": max(nats.max(), SMALLEST)}
    shown = np.where(exists, nats[index], np.nan)
    if shown.ndim == 1:
        drawn = _cells.strip(ax, shown, "memory", cmap="Blues", **ends)
    else:
        names = tuple(map(str, range(shown.shape[1]))) if task is None else task.action_names
        drawn = _cells.table(ax, shown, ~exists, names, cmap="Blues", **ends)
    shown, kept = np.atleast_2d(shown), np.atleast_2d(kept)
    for row, column in np.argwhere(~np.isnan(shown)) if len(shown) <= WRITTEN else ():
        ax.text(
            column, row, f"{shown[row, column]:.1f}", ha="center", va="center", fontsize=7,
            color=_cells.ink(drawn, shown[row, column]),
        )  # fmt: skip
    for row, column in np.argwhere(kept):
        corner = column - 0.45, row - 0.45
        ax.add_patch(Rectangle(corner, 0.9, 0.9, fill=False, edgecolor="C1", linewidth=2))
