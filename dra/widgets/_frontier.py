"""The frontier: which memories are kept, and which are dropped, as precision gets dearer."""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np
from matplotlib.patches import Rectangle

from dra import _check, costs, plots
from dra.exact.prices import frontier as solve
from dra.tasks.grid import gridworld
from dra.widgets._panel import LABEL, Panel, blank

COST_WEIGHTS = (0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0)
SIGNS = (("^", 0, -0.33), ("v", 0, 0.33), ("<", -0.36, 0), (">", 0.36, 0))  # of the four moves


def frontier_numbers(found, index, task=None):
    """Return the numbers of one point of a frontier.

    Parameters
    ----------
    found : dra.exact.Frontier
    index : int
        Number of the cost weight.
    task : Tabular, optional
        A grid-world, to name the cells whose memories are kept.

    Returns
    -------
    dict of str to number or str

    Raises
    ------
    ValueError
        If there is no such point.
    """
    index = _point(found, index)
    kept, before = found.kept[index], found.kept[max(index - 1, 0)]
    numbers = {
        "price of a nat λ": float(found.cost_weights[index]),
        "reward": float(found.reward[index]),
        "memory [nats]": float(found.nats[index]),
        "cost λ × nats": float(found.cost[index]),
        "objective": float(found.objective[index]),
        "memories kept (σ below σ_base / 2)": int(kept.sum()),
        "kept at the price before, dropped here": int((before & ~kept).sum()),
    }
    if task is not None and task.layout is not None:
        cells = (f"{task.layout.cell(s)}: {kept[s].sum()}" for s in np.flatnonzero(kept.any(1)))
        numbers["kept by cell (row, column)"] = "; ".join(cells) or "none"
    return numbers


def draw_frontier(found, index, task=None):
    """Draw reward against nats with one point marked, and the memories kept there.

    Parameters
    ----------
    found, index, task
        As for :func:`frontier_numbers`. On a grid-world a triangle stands for a memory that is
        kept, and points in the direction of its move; other tasks are shown as a table of nats, a
        frame around those kept. The nats are those of :data:`dra.costs.kl`.

    Returns
    -------
    Figure
    """
    index = _point(found, index)
    grid = task is not None and task.layout is not None
    memory, kept = found.memories[index], np.atleast_2d(found.kept[index])
    figure = blank(9.0, 3.6 if grid else max(3.6, 0.2 * len(kept)))
    left, right = figure.subplots(1, 2, width_ratios=(1, 1.5))
    left.plot(found.nats, found.reward, marker="o", fillstyle="none")
    here = found.nats[index], found.reward[index]
    left.plot(*here, "D", color="C1", markersize=9)
    left.axline(here, slope=found.cost_weights[index], color="C1", linestyle="--", linewidth=1)
    left.set(xlabel="memory [nats]", ylabel="reward")
    left.set_title(f"λ = {found.cost_weights[index]:.3g}, the slope of the dashed line")
    nats = np.where(memory.known, 0.0, costs.kl.value(memory.sigma, memory.sigma_base))
    nats = np.atleast_2d(nats)
    if grid:
        _maze(right, task, nats, kept)
    else:
        _table(right, nats, kept)
    right.set_title(f"{kept.sum()} of {kept.size} memories are kept (numbers: nats)")
    return figure


def frontier(task=None, cost_weights=COST_WEIGHTS, *, found=None, progress=None, **options):
    """Return a panel: slide the price of a nat along a frontier.

    Parameters
    ----------
    task : Tabular, optional
        By default a room of three by four cells, which takes some ten seconds. The paper's maze,
        ``dra.tasks.gridworld()``, takes a minute or more.
    cost_weights : ascending sequence of float
    found : dra.exact.Frontier, optional
        One computed before; then nothing else is needed than its task.
    progress : bool, optional
        As for :func:`dra.exact.frontier`.
    **options
        Others for :func:`dra.exact.frontier`; by default beta=10, gamma=1, sigma_base=5 and two
        starts.

    Returns
    -------
    Panel

    Raises
    ------
    ValueError
        If an argument is not legal, or ``found`` is of another task.
    """
    if task is None and found is None:
        task = gridworld(3, 4, start=(2, 0), goal=(0, 3), walls=())
    if found is None:
        options = {"beta": 10.0, "gamma": 1.0, "sigma_base": 5.0, "starts": 2, **options}
        found = solve(task, cost_weights, progress=progress, **options)
    elif task is not None and found.memories[0].q.shape != task.memory_shape:
        raise ValueError(
            f"found has memories of shape {found.memories[0].q.shape}; the task's are "
            f"{task.memory_shape}"
        )
    prices = [(f"{w:.3g}", i) for i, w in enumerate(found.cost_weights)]
    layout = widgets.Layout(width="40em")
    controls = {
        "index": widgets.SelectionSlider(
            description="price of a nat λ", options=prices, style=LABEL, layout=layout
        )
    }

    def show(index):
        numbers = frontier_numbers(found, index, task)
        description = f"Reward against nats, and the memories kept at the price {prices[index][0]}."
        return draw_frontier(found, index, task), description, numbers

    return Panel(controls, show)


def _point(found, index):
    """Return the checked number of a point."""
    index = _check.integer("index", index)
    if index >= len(found.memories):
        raise ValueError(f"index is {index}; the points are 0 to {len(found.memories) - 1}")
    return index


def _maze(ax, task, nats, kept):
    """Show the nats of each cell as a number in colour, and each memory kept as a triangle."""
    total = nats.sum(axis=1)
    plots.maze(task, total, ax=ax, cmap="Blues", vmin=0, vmax=12, label="nats")
    for state in np.flatnonzero(~task.terminal):
        row, column = cell = task.layout.cell(state)
        if cell in task.layout.walls:
            continue
        ink = "white" if total[state] > 7 else "black"
        if cell != task.layout.start:
            ax.text(
                column, row, f"{total[state]:.1f}", ha="center", va="center", fontsize=7, color=ink
            )
        for (sign, right, down), keeps in zip(SIGNS, kept[state], strict=True):
            if keeps:
                ax.plot(column + right, row + down, sign, color=ink, markersize=4)


def _table(ax, nats, kept):
    """Show the nats of each memory as a number in colour, those kept in a frame."""
    ax.imshow(nats, cmap="Blues", vmin=0, vmax=4, aspect="auto")
    for row, column in np.ndindex(nats.shape):
        ink = "white" if nats[row, column] > 2.3 else "black"
        value = f"{nats[row, column]:.1f}"
        ax.text(column, row, value, ha="center", va="center", fontsize=7, color=ink)
        if kept[row, column]:
            corner = column - 0.45, row - 0.45
            ax.add_patch(Rectangle(corner, 0.9, 0.9, fill=False, edgecolor="C1", linewidth=2))
    xlabel, ylabel = ("action", "state") if len(nats) > 1 else ("memory", "")
    ax.set(xlabel=xlabel, ylabel=ylabel, xticks=range(nats.shape[1]))
    ax.set_yticks(range(len(nats)) if ylabel else [])
