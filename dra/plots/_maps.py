"""Maps: a value of each state, or of each choice, where the task's layout puts it."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.collections import PolyCollection
from matplotlib.colors import to_rgb
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from dra import _check
from dra.plots import _arguments
from dra.plots._places import Places, picture, places
from dra.tasks.task import Task

WALL = "0.25"
WALK = "C1"
WRITTEN = 100  # states at most: of more, numbers and edges cannot be told apart
NAMED = 12  # actions at most: more names do not fit below a table
WEDGES = {
    "up": ((0.0, 0.0), (-0.5, -0.5), (0.5, -0.5)),
    "down": ((0.0, 0.0), (0.5, 0.5), (-0.5, 0.5)),
    "left": ((0.0, 0.0), (-0.5, 0.5), (-0.5, -0.5)),
    "right": ((0.0, 0.0), (0.5, -0.5), (0.5, 0.5)),
}
"""The part of a cell that stands for a move, (x, y) from its centre in units of the cell."""


def state_map(
    task: Task, values: ArrayLike | None = None, *, ax: Axes | None = None,
    label: str | None = None, **options: Any,
) -> Axes:  # fmt: skip
    """Draw a value of each state, or of each choice, of any task in colour.

    A task with a layout is drawn as the layout arranges its states (see :mod:`dra.plots`), with
    walls, start and goal where it names them. The choices of a state share its cell: wedges where
    the actions are up, down, left and right, strips in the order of the actions elsewhere. A task
    without a layout is a strip of states, or a table of states and actions.

    Parameters
    ----------
    task : Task
    values : (n_states,) or (n_states, n_actions) array, optional
        NaN and masked entries, terminal states and walls are left blank, whatever their value.
        Choices that do not exist are hatched.
    ax : Axes, optional
    label : str, optional
        Label of the colour bar, with its unit; without a label there is no colour bar.
    **options
        cmap, vmin, vmax, norm: as for ``imshow``.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    >>> import dra
    >>> task = dra.tasks.mountain_car()
    >>> memory = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
    >>> ax = state_map(task, memory.choice_entropy(), label="choice entropy [nats]", vmin=0)
    >>> ax.images[0].get_array().shape
    (15, 19)
    """
    task = _arguments.task_of(task)
    blank = np.full(task.n_states, np.nan)
    shown = blank if values is None else _arguments.values_of(task, values)
    options, label = _arguments.colours(options), _arguments.label_of(label)
    where = places(task) if task.layout is not None else None
    if where is not None:
        shown[where.wall] = np.nan
    shown, ax = _arguments.finite(shown), _arguments.axes_on(ax)
    with np.errstate(all="ignore"):
        if where is not None:
            drawn = _arranged(ax, task, where, shown, options)
        elif shown.ndim == 2:
            drawn = table(ax, shown, _arguments.absent(task), task.action_names, **options)
        else:
            drawn = strip(ax, shown, "state", **options)
        if label is not None:
            ax.figure.colorbar(drawn, ax=ax, label=label, shrink=0.8)
    return ax


def maze(
    task: Task, values: ArrayLike | None = None, *, ax: Axes | None = None,
    label: str | None = None, **options: Any,
) -> Axes:  # fmt: skip
    """Draw a grid-world: walls, S for start, G for goal, and one value per cell in colour.

    Parameters
    ----------
    task : Task
        With a layout that names walls, start and goal; :func:`state_map` draws any task.
    values, ax, label, **options
        As for :func:`state_map`.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the task is no grid-world, or another argument is not legal.
    """
    layout = _arguments.task_of(task).layout
    if layout is None:
        raise ValueError(f"task is {task!r}, which has no layout; plots.state_map draws any task")
    if not all(hasattr(layout, name) for name in ("walls", "start", "goal")):
        raise ValueError(
            f"task is {task!r}, whose layout has no walls, start and goal; it must be a grid-world "
            "(plots.state_map draws any task)"
        )
    return state_map(task, values, ax=ax, label=label, **options)


def walk(
    task: Task, states: ArrayLike, *, ax: Axes | None = None, color: Any = WALK, **options: Any
) -> Axes:
    """Draw the path through ``states`` on a map, with a dot where it ends.

    Parameters
    ----------
    task : Task
        With a layout.
    states : (n,) int array
        As of :attr:`dra.Episode.states`.
    ax : Axes, optional
        One that holds a map of the task; by default a new one, without values.
    color : color
    **options
        Others of ``plot``: linewidth, linestyle and the like.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If an argument is not legal, or a state is not in the picture.
    """
    where = places(_arguments.task_of(task))
    states = _check.array("states", states)
    if states.ndim != 1 or states.size == 0:
        raise ValueError(f"states has shape {states.shape}; it must be (n,), n at least 1")
    free = np.flatnonzero(~np.isnan(where.x) & ~where.wall)
    for i in np.flatnonzero(~np.isin(states, free)):
        raise ValueError(
            f"states[{i}] is {states[i]:g}; it must be the number of a state in the map"
        )
    options = _arguments.line({"color": color, **options})
    ax = state_map(task) if ax is None else _arguments.axes_on(ax)
    x, y = where.x[states.astype(int)], where.y[states.astype(int)]
    (path,) = ax.plot(x, y, **options)
    (end,) = ax.plot(x[-1], y[-1], "o", color=color)
    rim = "black" if _lightness(path.get_color()) > 0.7 else "white"  # legible on every colour
    for drawn, size in ((path, path.get_linewidth()), (end, 0.0)):
        drawn.set_path_effects([withStroke(linewidth=size + 2.0, foreground=rim)])
    return ax


def write(ax: Axes, task: Task, values: np.ndarray, *, below: float = 0.0, form: str = ".2g"):
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
    return "black" if _lightness(colours.to_rgba(value)) > 0.5 else "white"


def _lightness(color: Any) -> float:
    """Return how light a colour looks, 0 to 1."""
    return float(np.dot(to_rgb(color), (0.299, 0.587, 0.114)))


def _arranged(
    ax: Axes, task: Task, where: Places, shown: np.ndarray, options: dict[str, Any]
) -> ScalarMappable:
    """Draw a map on a layout; return what a colour bar can be made of."""
    by_state = shown if shown.ndim == 1 else np.full(task.n_states, np.nan)
    drawn = ax.imshow(
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
        edgecolor="0.5" if task.n_states <= WRITTEN else "face", linewidth=0.5, cmap=options.get("cmap"), norm=options.get("norm"),
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
