"""Figures: functions that draw on ``ax``, or on a new one, and return it."""

from __future__ import annotations

import numpy as np

try:
    import matplotlib.pyplot as plt
    from matplotlib.patches import Rectangle
except ImportError as error:
    raise ImportError(
        f'dra.plots needs {error.name}, which is not installed: pip install "dra[book]"'
    ) from error

__all__ = [
    "band",
    "maze",
    "walk",
]

WALL = "0.25"
WALK = "C1"


def maze(task, values=None, *, ax=None, label=None, **options):
    """Draw a grid-world: walls, S for start, G for goal, and one value per cell in colour.

    Parameters
    ----------
    task : Tabular
        With a grid layout.
    values : (n_states,) array, optional
        Walls and terminal states are left blank, whatever their value.
    ax : Axes, optional
    label : str, optional
        Label of the colour bar, with its unit; without a label there is no colour bar.
    **options
        For ``imshow``: cmap, vmin, vmax, norm.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If the task has no layout or ``values`` does not fit it.
    """
    layout = task.layout
    if layout is None:
        raise ValueError(f"task is {task!r}, which has no layout; it must be a grid-world")
    ax = plt.subplots()[1] if ax is None else ax
    shown = np.full(task.n_states, np.nan) if values is None else np.array(values, dtype=float)
    if shown.shape != (task.n_states,):
        raise ValueError(f"values has shape {shown.shape}; it must be ({task.n_states},)")
    shown[[layout.state(cell) for cell in layout.walls]] = np.nan
    shown[task.terminal] = np.nan
    image = ax.imshow(layout.image(shown), **options)
    if label is not None:
        ax.figure.colorbar(image, ax=ax, label=label, shrink=0.8)
    for row, column in layout.walls:  # crossed out, so that no shade is taken for a wall
        ax.add_patch(Rectangle((column - 0.5, row - 0.5), 1, 1, color=WALL))
        ax.scatter(column, row, marker="x", color="0.7")
    for name, cell in (("S", layout.start), ("G", layout.goal)):
        ax.text(
            cell[1], cell[0], name, ha="center", va="center", weight="bold",
            bbox={"boxstyle": "circle,pad=0.15", "facecolor": "white", "edgecolor": "none"},
        )  # fmt: skip
    ax.set_xticks(np.arange(layout.columns + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(layout.rows + 1) - 0.5, minor=True)
    ax.grid(which="minor", color="0.8", linewidth=0.5)
    ax.grid(which="major", visible=False)
    ax.tick_params(which="both", length=0, labelbottom=False, labelleft=False)
    return ax


def walk(task, states, *, ax=None, color=WALK, **options):
    """Draw the path through ``states`` on a maze, with a dot where it ends; options as for plot."""
    ax = maze(task) if ax is None else ax
    rows, columns = np.divmod(np.asarray(states), task.layout.columns)
    ax.plot(columns, rows, color=color, **options)
    ax.plot(columns[-1], rows[-1], "o", color=color)
    return ax


def band(x, curves, *, ax=None, label=None, **options):
    """Draw the mean of ``curves`` (n_runs, n_x) with a band of one standard deviation over runs.

    ``options`` are those of ``plot``.
    """
    ax = plt.subplots()[1] if ax is None else ax
    curves = np.asarray(curves, dtype=float)
    if curves.ndim != 2 or curves.shape[1] != np.size(x):
        raise ValueError(f"curves has shape {curves.shape}; it must be (n_runs, {np.size(x)})")
    mean, spread = curves.mean(axis=0), curves.std(axis=0, ddof=min(1, len(curves) - 1))
    (line,) = ax.plot(x, mean, label=label, **options)
    ax.fill_between(x, mean - spread, mean + spread, color=line.get_color(), alpha=0.2, lw=0)
    return ax
