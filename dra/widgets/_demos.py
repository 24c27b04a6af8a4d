"""The panels: one memory, two memories, the frontier."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import ipywidgets as widgets

from dra import costs, plots
from dra.exact.prices import Frontier
from dra.exact.prices import frontier as solve
from dra.plots import _arguments, _frontier, _memories, _one_memory
from dra.tasks.grid import gridworld
from dra.tasks.table import Tabular
from dra.widgets._numbers import frontier_numbers, one_memory_numbers, two_memories_numbers
from dra.widgets._panel import LABEL, WIDTH, Panel, blank, slider

BETAS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, math.inf)
COST_WEIGHTS = (0.01, 0.03, 0.1, 0.2, 0.3, 0.5, 1.0, 2.0)


def one_memory(*, cost: Any = costs.kl) -> Panel:
    """Return a panel: one memory, what is at stake, and the price of a nat.

    Parameters
    ----------
    cost : str or cost
        What the memory is paid by (:mod:`dra.costs`).

    Returns
    -------
    Panel

    Raises
    ------
    ValueError
        If ``cost`` is none.
    """
    cost = costs.named(cost)
    number = widgets.FloatSlider
    controls = {
        "cost_weight": widgets.FloatLogSlider(
            description="price of a nat λ", min=-2.2, max=0.2, step=0.02, value=0.08,
            readout_format=".3f", style=LABEL, layout=WIDTH,
        ),
        "gap": slider(number, "gap between the options", 0.1, 5.0, 0.1, 0.5),
        "sigma_base": slider(number, "base memory σ_base", 1.0, 10.0, 0.5, 5.0),
    }  # fmt: skip

    def show(**values):
        numbers = one_memory_numbers(**values, cost=cost)
        description = (
            "Left, the objective against sigma, highest at {:.2f}. Right, the best sigma "
            "against the price of a nat, with a line at {:.3f}."
        ).format(numbers["best σ"], values["cost_weight"])
        figure = blank(*_one_memory.SIZE)
        plots.one_memory(**values, cost=cost, figure=figure)
        return figure, description, numbers

    return Panel(controls, show)


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
