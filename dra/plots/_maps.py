"""Maps: a value of each state, or of each choice, where the task's layout puts it."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from numpy.typing import ArrayLike

from dra import _check
from dra.plots import _arguments, _cells
from dra.plots._places import places
from dra.tasks.task import Task

WALK = "C1"


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
            drawn = _cells.arranged(ax, task, where, shown, options)
        elif shown.ndim == 2:
            drawn = _cells.table(ax, shown, _arguments.absent(task), task.action_names, **options)
        else:
            drawn = _cells.strip(ax, shown, "state", **options)
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
        As the states of a :class:`dra.Episode`.
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
    path = _check.array("states", states)
    if path.ndim != 1 or path.size == 0:
        raise ValueError(f"states has shape {path.shape}; it must be (n,), n at least 1")
    free = np.flatnonzero(~np.isnan(where.x) & ~where.wall)
    for i in np.flatnonzero(~np.isin(path, free)):
        raise ValueError(f"states[{i}] is {path[i]:g}; it must be the number of a state in the map")
    options = _arguments.line({"color": color, **options})
    ax = state_map(task) if ax is None else _arguments.axes_on(ax)
    x, y = where.x[path.astype(int)], where.y[path.astype(int)]
    (line,) = ax.plot(x, y, **options)
    (end,) = ax.plot(x[-1], y[-1], "o", color=line.get_color())
    rim = "black" if _cells.lightness(line.get_color()) > 0.7 else "white"  # to be seen anywhere
    for drawn, size in ((line, line.get_linewidth()), (end, 0.0)):
        drawn.set_path_effects([withStroke(linewidth=size + 2.0, foreground=rim)])
    return ax
