"""The panels: two memories, the living maze, the frontier."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets
from matplotlib.colors import LogNorm, Normalize

from dra import _check, _start, costs, plots, presets
from dra.allocator import train
from dra.exact.prices import Frontier
from dra.exact.prices import frontier as solve
from dra.plots import _arguments, _frontier, _memories, _snapshot
from dra.run import Run
from dra.tasks.grid import gridworld, gridworld_changed
from dra.tasks.table import Tabular
from dra.widgets._numbers import frontier_numbers, living_maze_numbers, two_memories_numbers
from dra.widgets._panel import LABEL, WIDTH, Panel, blank, slider

BETAS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, math.inf)
COST_WEIGHTS = (0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0)
RICH = 0.2  # of sigma_base: the paper's 1 where the base is 5
TRIALS = (300, 1000, 3000)
RECORDS = 50  # of each run
CHANGE = 0.3  # of the run: trial 3000 of 10 000 in the paper
COLOURS = {
    "choice entropy": Normalize(0.0, 1.0),
    "precision": LogNorm(0.01, 4.0, clip=True),
    "value": Normalize(-10.0, 10.0),
}
"""The same for all runs, so that they can be compared."""


def two_memories(*, cost: Any = costs.kl) -> Panel:
    """Return a panel: two memories whose means, widths, base and beta can be moved.

    Parameters
    ----------
    cost : str or cost
        What the memories are paid by (:mod:`dra.costs`).

    Returns
    -------
    Panel

    Raises
    ------
    ValueError
        If ``cost`` is none.
    """
    cost = costs.named(cost)
    mean = {"low": -8.0, "high": 8.0, "step": 0.1}
    width = {"low": 0.2, "high": 10.0, "step": 0.1}
    number = widgets.FloatSlider
    controls = {
        "q_a": slider(number, "mean q of A", **mean, value=2.0),
        "sigma_a": slider(number, "blur σ of A", **width, value=3.0),
        "q_b": slider(number, "mean q of B", **mean, value=-1.0),
        "sigma_b": slider(number, "blur σ of B", **width, value=3.0),
        "sigma_base": slider(number, "base memory σ_base", 1.0, 10.0, 0.5, 5.0),
        "beta": widgets.SelectionSlider(
            description="inverse temperature β", options=[(f"{b:g}", b) for b in BETAS],
            value=10.0, style=LABEL, layout=WIDTH,
        ),
    }  # fmt: skip

    def show(**values):
        description = (
            "Densities of two remembered values. "
            "A has mean {q_a:.1f} and standard deviation {sigma_a:.1f}; "
            "B has mean {q_b:.1f} and standard deviation {sigma_b:.1f}."
        ).format(**values)
        figure, values = blank(*_memories.SIZE), {**values, "cost": cost}
        plots.two_memories(**values, figure=figure)
        return figure, description, two_memories_numbers(**values)

    return Panel(controls, show)


def train_living_maze(
    *, cost_weight: float = 0.1, sigma_base: float = 5.0, beta: float = 10.0, start: str = "rich",
    trials: int = 1000, change: bool = False, cost: Any = costs.kl, rng: Any = 0,
) -> Run:  # fmt: skip
    """Train DRA on the paper's maze and keep what it remembers 50 times on the way.

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
    every, cost = trials // RECORDS, costs.named(cost)
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
        "changes": {int(CHANGE * trials): gridworld_changed()} if change else None,
    }
    return train(gridworld(), trials, rng=rng, progress=False, **options)


def living_maze(*, cost: Any = costs.kl, rng: Any = 0) -> Panel:
    """Return a panel: DRA on the paper's maze, its parameters, and a player through its trials.

    Every change of a parameter trains a new agent, from the same seed; that takes a second or so
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
        "view": widgets.Dropdown(description="cells show", options=list(COLOURS), **choice),
        "start": widgets.Dropdown(description="start", options=["rich", "poor"], **choice),
        "change": widgets.Checkbox(description="change the maze (figure 1B)", value=False),
        "trials": widgets.Dropdown(description="trials", options=TRIALS, value=1000, **choice),
        "cost_weight": slider(number, "price of a nat λ", 0.0, 1.0, 0.01, 0.1, **later),
        "sigma_base": slider(number, "base memory σ_base", 1.0, 10.0, 0.5, 5.0, **later),
        "beta": slider(number, "inverse temperature β", 0.5, 20.0, 0.5, 10.0, **later),
    }
    return controls, player


def frontier(
    task: Tabular | None = None, cost_weights: Sequence[float] | None = None, *,
    found: Frontier | None = None, progress: bool | None = None, **options: Any,
) -> Panel:  # fmt: skip
    """Return a panel: slide the price of a nat along a frontier.

    Parameters
    ----------
    task : Tabular, optional
        By default a room of three by four cells, which takes some ten seconds. The paper's maze,
        ``dra.tasks.gridworld()``, takes a minute or more.
    cost_weights : ascending sequence of float, optional
        By default eight from 0.01 to 2.
    found : dra.exact.Frontier, optional
        One computed before; then nothing else is needed than its task.
    progress : bool, optional
        As for :func:`dra.exact.frontier`.
    **options
        Others for :func:`dra.exact.frontier`, ``cost`` among them; by default beta=10, gamma=1,
        sigma_base=5 and two starts.

    Returns
    -------
    Panel

    Raises
    ------
    ValueError
        If an argument is not legal, or ``found`` is of another task.
    """
    if found is not None:
        if cost_weights is not None or options:
            given = sorted(options) or ["cost_weights"]
            raise ValueError(f"found is given; with it {given[0]} must not be")
        _frontier.point(found, 0, task)
    else:
        options = {"beta": 10.0, "gamma": 1.0, "sigma_base": 5.0, "starts": 2, **options}
        if task is None:
            task = gridworld(3, 4, start=(2, 0), goal=(0, 3), walls=())
        _arguments.task_of(task)
        weights = COST_WEIGHTS if cost_weights is None else cost_weights
        found = solve(task, weights, progress=progress, **options)
    prices = [(f"{w:.3g}", i) for i, w in enumerate(found.cost_weights)]
    control = widgets.SelectionSlider(
        description="price of a nat λ", options=prices, style=LABEL,
        layout=widgets.Layout(width="40em"),
    )  # fmt: skip

    def show(index):
        numbers = frontier_numbers(found, index, task)
        description = f"Reward against nats, and the memories kept at the price {prices[index][0]}."
        figure = blank(*_frontier.size(found, task))
        plots.frontier(found, index, task, figure=figure)
        return figure, description, numbers

    return Panel({"index": control}, show)
