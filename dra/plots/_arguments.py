"""Checks of what is drawn, where, and how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cm import ScalarMappable
from matplotlib.figure import FigureBase
from matplotlib.lines import Line2D

from dra import _check, costs
from dra.tasks.table import Tabular
from dra.tasks.task import Task

COLOURS = ("cmap", "norm", "vmax", "vmin")


def task_of(task: Any) -> Task:
    """Return ``task`` if it is one."""
    return _check.instance("task", task, Task, "a task, such as dra.tasks.gridworld()")


def axes_on(ax: Any) -> Axes:
    """Return ``ax``, or a new one of pyplot for None."""
    if ax is None:
        import matplotlib.pyplot as plt

        return plt.subplots()[1]
    if _check.instance("ax", ax, Axes, "an Axes of Matplotlib").figure is None:
        raise ValueError("ax was removed from its figure; it must be part of one")
    return ax


def figure_on(figure: Any, width: float, height: float) -> FigureBase:
    """Return ``figure``, or a new one of pyplot for None."""
    if figure is None:
        import matplotlib.pyplot as plt

        return plt.figure(figsize=(width, height), layout="constrained")
    return _check.instance("figure", figure, FigureBase, "a Figure of Matplotlib")


def values_of(task: Task, values: Any) -> np.ndarray:
    """Return a copy of values by state or by choice: NaN where nothing is to be shown.

    That is where they are masked, in terminal states, and at choices that do not exist.
    """
    try:
        given = np.ma.asarray(values)
    except ValueError:
        given = np.ma.asarray(None)
    if given.dtype.kind not in "biuf":
        raise ValueError(f"values is {_check.shown(values)}; it must be an array of numbers")
    shown = np.ma.filled(given.astype(float), np.nan)
    n, m = task.slot.shape
    if shown.shape not in ((n,), (n, m)):
        raise ValueError(f"values has shape {shown.shape}; it must be ({n},) or ({n}, {m})")
    shown[terminal(task)] = np.nan
    if shown.ndim == 2:
        shown[~task.available] = np.nan
    return shown


def finite(values: np.ndarray) -> np.ndarray:
    """Return ``values``, or raise ``ValueError`` where one is infinite."""
    for place in np.argwhere(np.isinf(values)).tolist():
        raise ValueError(
            f"values{place} is {values[tuple(place)]}; every entry must be finite, or NaN to be "
            "left blank"
        )
    return values


def terminal(task: Task) -> np.ndarray:
    """Return which states are known to end an episode, (n_states,) bool: a tabular task's."""
    return task.terminal if isinstance(task, Tabular) else np.zeros(task.n_states, bool)


def absent(task: Task) -> np.ndarray:
    """Return the choices to be marked: those that do not exist where others might."""
    return ~task.available & ~terminal(task)[:, None]


def colours(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options for colours, checked."""
    for name in options:
        if name not in COLOURS:
            raise ValueError(f"{name!r} is not an option; the options are {list(COLOURS)}")
    given = {name: value for name, value in options.items() if value is not None}
    given |= {name: _check.number(name, given[name]) for name in ("vmin", "vmax") if name in given}
    if given.get("vmin", -np.inf) > given.get("vmax", np.inf):
        raise ValueError(f"vmin is {given['vmin']} and vmax {given['vmax']}; vmin must be smaller")
    if "norm" in given and {"vmin", "vmax"} & set(given):
        raise ValueError(
            f"norm is {_check.shown(given['norm'])}; with it vmin and vmax must not be given"
        )
    try:
        ScalarMappable(given.get("norm"), given.get("cmap"))
    except Exception as error:  # whatever the bad ones lead Matplotlib to
        raise ValueError(f"norm and cmap must be those of Matplotlib: {error}") from None
    return given


def label_of(label: Any) -> str | None:
    """Return a label if it is a text or None."""
    return label if label is None else _check.instance("label", label, str, "a text, or None")


def line(options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a line, checked."""
    try:
        Line2D([0], [0], **options)
    except Exception as error:  # whatever the bad ones lead Matplotlib to
        given = ", ".join(f"{name}={_check.shown(value)}" for name, value in options.items())
        raise ValueError(f"the options of the line are {given}: {error}") from None
    return dict(options)


def nats(cost: Any) -> str:
    """Return the unit of a cost, with its name."""
    return f"nats ({getattr(costs.named(cost), 'name', type(cost).__name__)})"
