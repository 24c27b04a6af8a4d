"""The panel of the living maze."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
from matplotlib.colors import LogNorm, Normalize

from dra import _check, _start, costs, plots, presets
from dra.allocator import train
from dra.plots import _snapshot
from dra.run import Run
from dra.tasks.grid import PAPER_WALLS, Cell, gridworld
from dra.widgets._numbers import living_maze_numbers
from dra.widgets._panel import LABEL, WIDTH, Panel, blank, slider
from dra.widgets._walls import Walls

SHAPE = 6, 9
RICH = 0.2  # of sigma_base: the paper's 1 where the base is 5
TRIALS = (300, 1000, 3000)
RECORDS = 50  # of each run
CHANGE = 0.3  # of the run: trial 3000 of 10 000 in the paper
OPENED, MOVED = (0, 7), (0, 6)  # the wall, and the place of the goal, after it
COLOURS = {
    "choice entropy": Normalize(0.0, 1.0),
    "precision": LogNorm(0.01, 4.0, clip=True),
    "value": Normalize(-10.0, 10.0),
}
"""The same for all runs, so that they can be compared."""


def train_living_maze(
    *, cost_weight: float = 0.1, sigma_base: float = 5.0, beta: float = 10.0, start: str = "rich",
    trials: int = 1000, change: bool = False, walls: Sequence[Cell] = PAPER_WALLS,
    cost: Any = costs.kl, rng: Any = 0,
) -> Run:  # fmt: skip
    """Train DRA on a maze of the paper's size and keep what it remembers 50 times on the way.

    Parameters
    ----------
    cost_weight : float >= 0
    sigma_base, beta : float > 0
    start : {"rich", "poor"}
        Begin with sigma = sigma_base / 5, or with sigma_base.
    trials : int
        At least 50.
    change : bool
        Change the maze after three tenths of the trials, as in figure 1B: the wall at (0, 7) opens
        and the goal moves to (0, 6).
    walls : sequence of (row, column)
        By default those of the paper's maze.
    cost : str or cost
        What memories are paid by (:mod:`dra.costs`). Some pay for forgetting: under any but
        :data:`dra.costs.kl` no sigma exceeds ``sigma_base``.
    rng : seed or Generator

    Returns
    -------
    Run
        With snapshots at the trials of its history. Other parameters are those of the paper's run
        with a change (:data:`dra.presets.GRIDWORLD_CHANGE`).

    Raises
    ------
    ValueError
        If an argument is not legal.
    """
    _check.one_of("start", start, ("rich", "poor"))
    trials = _check.integer("trials", trials, least=RECORDS)
    sigma_base = _check.number("sigma_base", sigma_base, above=0)
    change = _check.flag("change", change)
    every, cost, task = trials // RECORDS, costs.named(cost), gridworld(walls=walls)
    changed = [wall for wall in task.layout.walls if wall != OPENED]
    options = {
        **presets.GRIDWORLD_CHANGE,
        "cost": cost,
        "cost_weight": cost_weight,
        "sigma_base": sigma_base,
        "beta": beta,
        "sigma_bounds": (0.01, 100.0 if cost is costs.kl else sigma_base),
        "sigma_init": sigma_base * (RICH if start == "rich" else 1.0),
        "record_every": every,
        "snapshots": range(0, trials, every),
        "evaluation_episodes": 20,
    }
    if change:
        options["changes"] = {int(CHANGE * trials): gridworld(goal=MOVED, walls=changed)}
    return train(task, trials, rng=rng, progress=False, **options)


def living_maze(*, cost: Any = costs.kl, rng: Any = 0) -> Panel:
    """Return a panel: DRA in a maze, its walls and parameters, and a player through its trials.

    It begins with the paper's maze; pressing a cell builds a wall or takes it away. Every change of
    a wall or a parameter trains a new agent, from the same seed; that takes a second or so
    (a minute without Numba).

    Parameters
    ----------
    cost : str or cost
        As for :func:`train_living_maze`.
    rng : seed or Generator
        A Generator is copied, and not advanced.

    Returns
    -------
    Panel

    Raises
    ------
    ValueError
        If an argument is not legal.
    """
    cost, stream = costs.named(cost), _check.generator("rng", rng)

    @functools.lru_cache(maxsize=4)
    def trained(**parameters):
        return train_living_maze(**parameters, cost=cost, rng=_start.same_stream(stream))

    def show(time, view, **parameters):
        run = trained(**parameters)
        trial = time * run.trials // 100
        numbers = living_maze_numbers(run, trial)
        description = f"The maze after trial {numbers['trial']}: {view} of each cell, and a walk."
        figure = blank(*_snapshot.SIZE)
        plots.snapshot(run, trial, view, norm=COLOURS[view], figure=figure)
        return figure, description, numbers

    controls, player = _living_maze_controls()
    return Panel(controls, show, extra=[player])


def _living_maze_controls() -> tuple[dict[str, widgets.Widget], widgets.Play]:
    """Return the controls by name, and a player that moves the first of them."""
    number, later = widgets.FloatSlider, {"continuous_update": False}
    last = 100 - 100 // RECORDS
    time = slider(widgets.IntSlider, "time [% of the run]", 0, last, 100 // RECORDS, last)
    player = widgets.Play(
        description="play the run", min=0, max=last, step=100 // RECORDS, value=last, interval=400
    )
    widgets.link((player, "value"), (time, "value"))
    choice = {"style": LABEL, "layout": WIDTH}
    controls = {
        "time": time,
        "walls": Walls(*SHAPE, PAPER_WALLS, {(2, 0): "S", (0, 8): "G"}),
        "view": widgets.Dropdown(description="cells show", options=list(COLOURS), **choice),
        "start": widgets.Dropdown(description="start", options=["rich", "poor"], **choice),
        "change": widgets.Checkbox(description="change the maze (figure 1B)", value=False),
        "trials": widgets.Dropdown(description="trials", options=TRIALS, value=1000, **choice),
        "cost_weight": slider(number, "price of a nat λ", 0.0, 1.0, 0.01, 0.1, **later),
        "sigma_base": slider(number, "base memory σ_base", 1.0, 10.0, 0.5, 5.0, **later),
        "beta": slider(number, "inverse temperature β", 0.5, 20.0, 0.5, 10.0, **later),
    }
    return controls, player
