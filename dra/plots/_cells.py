"""What maps are made of: cells, tables, walls, and numbers written on them."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from matplotlib.ticker import MaxNLocator

from dra.plots import _arguments
from dra.plots._places import Places, picture, places
from dra.tasks.task import Task

WALL = "0.25"
WRITTEN = 100  # states at most: of more, numbers and edges cannot be told apart
NAMED = 12  # actions at most: more names do not fit below a table
WEDGES = {
    "up": ((0.0, 0.0), (-0.5, -0.5), (0.5, -0.5)),
    "down": ((0.0, 0.0), (0.5, 0.5), (-0.5, 0.5)),
    "left": ((0.0, 0.0), (-0.5, 0.5), (-0.5, -0.5)),
    "right": ((0.0, 0.0), (0.5, -0.5), (0.5, 0.5)),
}
"""The part of a cell that stands for a move, (x, y) from its centre in units of the cell."""


def arranged(
    ax: Axes, task: Task, where: Places, shown: np.ndarray, options: dict[str, Any]
) -> ScalarMappable:
    """Draw a map on a layout; return what a colour bar can be made of."""
    by_state = shown if shown.ndim == 1 else np.full(task.n_states, np.nan)
    drawn: ScalarMappable = ax.imshow(
        picture(task, by_state), extent=where.extent, interpolation="nearest",
        origin="lower" if where.measured else "upper",
        aspect="auto" if where.measured else "equal", **options,
    )  # fmt: skip
    if shown.ndim == 2:
        drawn = _choices(ax, task, where, shown, options)
    _furniture(ax, task.layout, where)
    left, right, bottom, top = where.extent
    ax.set(xlim=(left, right), ylim=(bottom, top))
    if where.measured:
        horizontal, vertical = getattr(task.layout, "labels", ("", ""))
        ax.set(xlabel=horizontal, ylabel=vertical)
        ax.grid(visible=False, which="both")
        return drawn
    ax.set_xticks(np.arange(left, right + 0.5), minor=True)
    ax.set_yticks(np.arange(top, bottom + 0.5), minor=True)
    ax.grid(which="minor", color="0.8", linewidth=0.5)
    ax.grid(which="major", visible=False)
    ax.tick_params(which="both", length=0, labelbottom=False, labelleft=False)
    return drawn


def _furniture(ax: Axes, layout: Any, where: Places) -> None:
    """Draw walls, start and goal, where a layout names them."""
    for row, column in getattr(layout, "walls", ()):  # crossed out: no shade is taken for a wall
        x, y = where.centre(row, column)
        corner = x - where.width / 2, y - where.height / 2
        ax.add_patch(Rectangle(corner, where.width, where.height, color=WALL))
        ax.scatter(x, y, marker="x", color="0.7")
    for name, cell in (("S", "start"), ("G", "goal")):
        if getattr(layout, cell, None) is not None:
            x, y = where.centre(*getattr(layout, cell))
            ax.text(
                x, y, name, ha="center", va="center", weight="bold", color="black",
                bbox={"boxstyle": "circle,pad=0.15", "facecolor": "white", "edgecolor": "none"},
            )  # fmt: skip


def _choices(
    ax: Axes, task: Task, where: Places, shown: np.ndarray, options: dict[str, Any]
) -> ScalarMappable:
    """Draw a polygon for each choice, in its state's cell; hatch those that do not exist."""
    size = where.width, -where.height if where.measured else where.height
    parts = np.array(_parts(task.action_names)) * size  # (n_actions, corners, 2)
    polygons = np.stack([where.x, where.y], axis=1)[:, None, None] + parts
    placed = ~np.isnan(where.x)[:, None]
    drawn = PolyCollection(
        list(polygons[placed & ~np.isnan(shown)]), array=shown[placed & ~np.isnan(shown)],
        edgecolor="0.5" if task.n_states <= WRITTEN else "face", linewidth=0.5,
        cmap=options.get("cmap"), norm=options.get("norm"),
    )  # fmt: skip
    drawn.set_clim(options.get("vmin"), options.get("vmax"))
    ax.add_collection(drawn, autolim=False)
    hatch(ax, polygons[placed & _arguments.absent(task) & ~where.wall[:, None]])
    return drawn


def _parts(action_names: tuple[str, ...]) -> list[tuple[tuple[float, float], ...]]:
    """Return the part of a cell that stands for each action: corners (x, y), y downwards."""
    if set(action_names) <= set(WEDGES):
        return [WEDGES[name] for name in action_names]
    ends = np.linspace(-0.5, 0.5, len(action_names) + 1).tolist()
    return [((a, -0.5), (b, -0.5), (b, 0.5), (a, 0.5)) for a, b in pairwise(ends)]


def hatch(ax: Axes, polygons: np.ndarray) -> None:
    """Mark choices that do not exist."""
    ax.add_collection(
        PolyCollection(list(polygons), facecolor="none", edgecolor="0.6", hatch="////", lw=0),
        autolim=False,
    )


def table(
    ax: Axes, shown: np.ndarray, absent: np.ndarray, names: tuple[str, ...], **options: Any
) -> ScalarMappable:
    """Draw values by state and action (n_states, n_actions) as a table; hatch absent choices."""
    drawn = ax.imshow(shown, origin="upper", aspect="auto", interpolation="nearest", **options)
    ax.grid(visible=False, which="both")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel="action", ylabel="state")
    if len(names) <= NAMED:
        ax.set_xticks(range(len(names)), names)
    corners = np.array([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)])
    hatch(ax, np.argwhere(absent)[:, None, ::-1] + corners)
    return drawn


def strip(ax: Axes, shown: np.ndarray, what: str, **options: Any) -> ScalarMappable:
    """Draw values (n,) in a row."""
    drawn = ax.imshow(
        shown[None], origin="upper", aspect="auto", interpolation="nearest", **options
    )
    ax.grid(visible=False, which="both")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel=what, yticks=[])
    return drawn


def write(
    ax: Axes, task: Task, values: np.ndarray, *, below: float = 0.0, form: str = ".2g"
) -> None:
    """Write values by state into the cells of a map in legible ink, NaN not at all."""
    where, colours = places(task), ax.images[0]
    for state in np.flatnonzero(~np.isnan(values) & ~np.isnan(where.x)):
        ax.text(
            where.x[state], where.y[state] + below * where.height, f"{values[state]:{form}}",
            ha="center", va="center", fontsize=7, color=ink(colours, values[state]),
            in_layout=False,
        )  # fmt: skip


def ink(colours: ScalarMappable, value: float) -> str:
    """Return the colour that can be read on the colour of a value."""
    return "black" if lightness(colours.to_rgba(np.array(value))) > 0.5 else "white"


def lightness(color: Any) -> float:
    """Return how light a colour looks, 0 to 1."""
    return float(np.dot(to_rgb(color), (0.299, 0.587, 0.114)))
