"""The living maze: DRA learns, and what it holds can be looked at, trial by trial."""

from __future__ import annotations

import functools

import ipywidgets as widgets
import numpy as np
from matplotlib.colors import LogNorm

from dra import _check, plots, presets
from dra.allocator import train
from dra.episodes import rollout
from dra.tasks.grid import gridworld, gridworld_changed
from dra.widgets._panel import LABEL, WIDTH, Panel, blank, slider

RICH = 0.2  # of sigma_base: the paper's 1 where the base is 5
TRIALS = (300, 1000, 3000)
RECORDS = 50  # of each run
CHANGE = 0.3  # of the run: trial 3000 of 10 000 in the paper
VIEWS = {
    "choice entropy": lambda m: m.choice_entropy(base=4),
    "precision": lambda m: 1 / m.sigma.min(axis=1) ** 2,
    "value": lambda m: m.q.max(axis=1),
}
"""What a cell can show: how open its choice is (0 to 1), its sharpest memory, its largest mean."""
SCALES = {
    "choice entropy": {"vmin": 0, "vmax": 1, "label": "choice entropy, base 4"},
    "precision": {"norm": LogNorm(0.01, 4, clip=True), "label": "precision 1/σ², log scale"},
    "value": {"vmin": -10, "vmax": 10, "label": "largest mean [reward]"},
}


def train_living_maze(
    *, cost_weight=0.1, sigma_base=5.0, beta=10.0, start="rich", trials=1000, change=False, rng=0
):
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
    every = trials // RECORDS
    options = {
        **presets.GRIDWORLD_CHANGE,
        "cost_weight": cost_weight,
        "sigma_base": sigma_base,
        "beta": beta,
        "sigma_init": sigma_base * (RICH if start == "rich" else 1.0),
        "record_every": every,
        "snapshots": range(0, trials, every),
        "evaluation_episodes": 20,
        "changes": {int(CHANGE * trials): gridworld_changed()} if change else None,
    }
    return train(gridworld(), trials, rng=rng, progress=False, **options)


def living_maze_numbers(run, trial):
    """Return the numbers of a run at its last snapshot up to a trial.

    Parameters
    ----------
    run : Run
        On a grid-world, with snapshots and records at the same trials.
    trial : int

    Returns
    -------
    dict of str to number or str
        ``reward`` is the mean of the evaluation episodes, ``cost`` is weighted. The shortest way
        of the paper's maze has 14 steps, and 8 after its change.

    Raises
    ------
    ValueError
        If the run has no such snapshot.
    """
    at, memory, row = _moment(run, trial)
    changes = ", ".join(map(str, run.changes)) or "never"
    return {
        "trial": at,
        "trials in all": run.trial,
        "reward": float(row.reward),
        "cost λ × nats": float(row.cost),
        "objective": float(row.objective),
        "memory [nats]": float(memory.cost(1.0, run.parameters.cost)),
        "steps of the walk shown": len(_walk(run, at, memory).actions),
        "the maze changes at trial": changes,
    }


def draw_living_maze(run, trial, view="choice entropy"):
    """Draw the maze as the agent remembers it after a trial, a walk, and the curves of the run.

    Parameters
    ----------
    run, trial
        As for :func:`living_maze_numbers`.
    view : {"choice entropy", "precision", "value"}
        What the cells show, in colour and as a number.

    Returns
    -------
    Figure
    """
    _check.one_of("view", view, VIEWS)
    at, memory, _ = _moment(run, trial)
    task, history = run.task_at(at), run.history
    figure = blank(8.0, 6.0)
    axes = figure.subplot_mosaic([["maze", "maze"], ["reward", "cost"]], height_ratios=(2, 1))
    ax, values = axes["maze"], VIEWS[view](memory)
    cmap = "cividis_r" if view == "precision" else "cividis"
    plots.maze(task, values, ax=ax, cmap=cmap, **SCALES[view])
    plots.walk(task, _walk(run, at, memory).states, ax=ax)
    _write(ax, task, values)
    ax.set_title(f"{view} after trial {at}; the line is a walk")
    for name, label in (("reward", "reward"), ("cost", "cost λ × nats")):
        below = axes[name]
        below.plot(history.trial, history[name], marker=".")
        below.axvline(at, color="0.4", linestyle="-", linewidth=1)
        for changed in run.changes:
            below.axvline(changed, color="0.4", linestyle=":", linewidth=1)
            below.text(changed, 0.02, " change", transform=below.get_xaxis_transform())
        below.set(xlabel="trial", ylabel=label)
    axes["reward"].set_ylim(min(-30.0, 1.5 * np.median(history.reward)), 12)  # not the first fall
    return figure


def living_maze(*, rng=0):
    """Return a panel: DRA on the paper's maze, its parameters, and a player through its trials.

    Every change of a parameter trains a new agent, from the same seed; that takes a second or so
    (a minute without Numba).

    Parameters
    ----------
    rng : seed

    Returns
    -------
    Panel
    """
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
        "view": widgets.Dropdown(description="cells show", options=list(VIEWS), **choice),
        "start": widgets.Dropdown(description="start", options=["rich", "poor"], **choice),
        "change": widgets.Checkbox(description="change the maze (figure 1B)", value=False),
        "trials": widgets.Dropdown(description="trials", options=TRIALS, value=1000, **choice),
        "cost_weight": slider(number, "price of a nat λ", 0.0, 1.0, 0.01, 0.1, **later),
        "sigma_base": slider(number, "base memory σ_base", 1.0, 10.0, 0.5, 5.0, **later),
        "beta": slider(number, "inverse temperature β", 0.5, 20.0, 0.5, 10.0, **later),
    }
    trained = functools.lru_cache(maxsize=4)(functools.partial(train_living_maze, rng=rng))

    def show(time, view, **parameters):
        run = trained(**parameters)
        trial = time * run.trials // 100
        numbers = living_maze_numbers(run, trial)
        description = f"The maze after trial {numbers['trial']}: {view} of each cell, and a walk."
        return draw_living_maze(run, trial, view), description, numbers

    return Panel(controls, show, extra=[player])


def _moment(run, trial):
    """Return (trial, memory, row of the history) of the last snapshot up to a trial."""
    trial = _check.integer("trial", trial)
    kept = [t for t in run.snapshots if t <= trial and t in run.history.trial]
    if not kept:
        raise ValueError(f"trial is {trial}; the run has no snapshot and record up to then")
    history = run.history
    return kept[-1], run.snapshots[kept[-1]], history[history.trial == kept[-1]][0]


def _walk(run, trial, memory):
    """Return an episode with a memory, always the same one."""
    beta = run.parameters.beta_at(trial)
    return rollout(run.task_at(trial), memory, beta=beta, rng=[0, trial])


def _write(ax, task, values):
    """Write the value of each free cell into it, dark on light or light on dark."""
    image = ax.images[0]
    for state in np.flatnonzero(~task.terminal):
        row, column = cell = task.layout.cell(state)
        if cell not in task.layout.walls:
            light = np.dot(image.cmap(image.norm(values[state]))[:3], (0.299, 0.587, 0.114))
            ax.text(
                column, row + 0.32, f"{values[state]:.2g}", ha="center", va="center", fontsize=7,
                color="black" if light > 0.5 else "white", in_layout=False,
            )  # fmt: skip
