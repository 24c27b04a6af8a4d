"""A moment of a run: what the agent remembers, a walk, and the curves."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import LogNorm, Normalize
from matplotlib.figure import FigureBase

from dra import _check
from dra.episodes import Episode, rollout
from dra.memory import Memory
from dra.plots import _arguments, _cells, _maps
from dra.plots._places import places
from dra.run import Run

SIZE = 8.0, 6.0
VIEWS = {
    "choice entropy": lambda m: m.choice_entropy(base=max(2, m.q.shape[1])),
    "precision": lambda m: 1 / np.where(m.available, m.sigma, np.inf).min(axis=1) ** 2,
    "value": lambda m: np.where(m.available, m.q, -np.inf).max(axis=1),
}
"""What is shown of a state: how open its choice is (0 to 1), its sharpest memory, largest mean."""
LABELS = {
    "choice entropy": "choice entropy (1: all alike)",
    "precision": "precision 1/σ², log scale",
    "value": "largest mean [reward]",
}


@np.errstate(all="ignore")
def snapshot(
    run: Run, trial: int, view: str = "choice entropy", *, norm: Normalize | None = None,
    figure: FigureBase | None = None,
) -> dict[str, Axes]:  # fmt: skip
    """Draw what an agent remembers after a trial, a walk of it, and the curves of its run.

    Parameters
    ----------
    run : Run
        With snapshots and records at the same trials; of any task. The walk is drawn where the
        task has a layout.
    trial : int
        The last snapshot up to it is shown.
    view : {"choice entropy", "precision", "value"}
        What the states show, in colour, and where they are few as a number.
    norm : Normalize, optional
        Of the colours. Default: the same throughout the run.
    figure : Figure, optional

    Returns
    -------
    dict of str to Axes
        ``map``, ``reward`` and ``cost``.

    Raises
    ------
    ValueError
        If an argument is not legal, or the run has no such snapshot.
    """
    at, memory, _ = moment(run, trial)
    _check.one_of("view", view, VIEWS)
    norm = _norm_of(run, view) if norm is None else norm
    _check.instance("norm", norm, Normalize, "a Normalize of Matplotlib, or None")
    task = run.task_at(at)
    figure = _arguments.figure_on(figure, *SIZE)
    axes = figure.subplot_mosaic([["map", "map"], ["reward", "cost"]], height_ratios=(2, 1))
    values = _values(task, memory, view)
    cmap = "cividis_r" if view == "precision" else "cividis"
    ax = _maps.state_map(task, values, ax=axes["map"], norm=norm, cmap=cmap, label=LABELS[view])
    if task.layout is not None:
        _maps.walk(task, walk_at(run, at, memory).states, ax=ax)
        if task.n_states <= _cells.WRITTEN:
            _cells.write(ax, task, values, below=0.32)
    ax.set_title(f"{view} after trial {at}" + "; the line is a walk" * (task.layout is not None))
    _curves(axes, run, at)
    return axes


def moment(run: Run, trial: int) -> tuple[int, Memory, np.record]:
    """Return (trial, memory, row of the history) of the last snapshot up to a trial.

    Raises
    ------
    ValueError
        If there is none.
    """
    _check.instance("run", run, Run, "a Run, such as dra.train returns")
    trial, history = _check.integer("trial", trial), run.history
    kept = [t for t in run.snapshots if t <= trial and t in history.trial]
    if not kept:
        raise ValueError(f"trial is {trial}; the run has no snapshot and record up to then")
    return kept[-1], run.snapshots[kept[-1]], history[history.trial == kept[-1]][0]


def walk_at(run: Run, trial: int, memory: Memory) -> Episode:
    """Return an episode with a memory, always the same one."""
    beta = run.parameters.beta_at(trial)
    return rollout(run.task_at(trial), memory, beta=beta, rng=[0, trial])


def _values(task: Any, memory: Memory, view: str) -> np.ndarray:
    """Return what a view shows of each state; NaN where nobody chooses."""
    rows = memory.rows(task)
    values = np.array(VIEWS[view](rows), dtype=float)
    values[~rows.available.any(axis=1)] = np.nan
    if task.layout is not None:
        values[places(task).wall] = np.nan
    values[_arguments.terminal(task)] = np.nan
    return values


def _norm_of(run: Run, view: str) -> Normalize:
    """Return colours that fit all snapshots of a run."""
    if view == "choice entropy":
        return Normalize(0.0, 1.0)
    every = [_values(run.task_at(t), memory, view) for t, memory in run.snapshots.items()]
    kind = LogNorm if view == "precision" else Normalize
    return kind(float(np.nanmin(every)), float(np.nanmax(every)), clip=True)


def _curves(axes: dict[str, Axes], run: Run, at: int) -> None:
    """Draw reward and cost against trials, with the moment and the changes of the task."""
    history, unit = run.history, _arguments.nats(run.parameters.cost)
    for name, label in (("reward", "reward"), ("cost", f"cost λ × {unit}")):
        below = axes[name]
        below.plot(history.trial, history[name], marker=".")
        below.axvline(at, color="0.5", linestyle="-", linewidth=1)
        for changed in run.changes:
            below.axvline(changed, color="0.5", linestyle=":", linewidth=1)
            below.text(changed, 0.02, " change", transform=below.get_xaxis_transform())
        below.set(xlabel="trial", ylabel=label)
    low, high = np.quantile(history.reward, (0.1, 1.0))  # without the first fall
    margin = 0.15 * (high - low) or 1.0
    axes["reward"].set_ylim(low - margin, high + margin)
