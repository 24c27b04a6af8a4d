"""The Dynamic Resource Allocator: learn the values and how precisely to remember them (chapter 5).

:func:`train` is Algorithm 1. Each trial learns from one episode, estimates the gradient of expected
reward from sampled trajectories, and takes one step up the gradient of the objective.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from os import PathLike
from typing import Any

import numpy as np

from dra import (
    _archive,
    _check,
    _files,
    _interrupt,
    _progress,
    _start,
    _twin,
    costs,
    loops,
)  # fmt: skip
from dra._interrupt import Interrupted
from dra.run import Run
from dra.tasks import Task, advice

__all__ = ["Interrupted", "resume", "train"]

Path = str | PathLike[str]


def train(
    task: Task, trials: int, *, rng: Any, changes: Mapping[int, Task] | None = None,
    progress: bool | None = None, callback: Callable[[Run], Any] | None = None,
    checkpoint: Path | None = None, checkpoint_every: int = 1000, compiled: bool = True,
    **parameters: Any,
) -> Run:  # fmt: skip
    """Train a memory on a task with the Dynamic Resource Allocator.

    Parameters
    ----------
    task : Task
    trials : int
    rng : seed or Generator
        Training draws from this stream; evaluation draws from its first spawned child, so how
        often a run is evaluated does not change it.
    changes : mapping of int to Task, optional
        Tasks that take over at the start of the given trials.
    progress : bool, optional
        Show a progress bar. Default: on a terminal, or in a live notebook, after two seconds;
        never where the environment variable CI is set.
    callback : callable, optional
        Called with the :class:`Run` after every trial.
    checkpoint : path, optional
        File, not there yet, to save the run to every ``checkpoint_every`` trials, when stopped, and
        at the end.
    checkpoint_every : int
    compiled : bool
        False runs the same loops uncompiled, with the same result.
    **parameters
        See :class:`dra.parameters.Parameters`. Those not given come from the task's preset.

    Returns
    -------
    Run

    Raises
    ------
    ValueError
        If an argument is not legal; nothing has been done then.
    FileExistsError
        If ``checkpoint`` is there already: :func:`resume` goes on with it.
    Interrupted
        On Ctrl-C, between two trials. A second Ctrl-C stops at once.

    Notes
    -----
    Any error during training has an attribute ``run``: the run after its last whole trial.

    Examples
    --------
    >>> import dra
    >>> run = dra.train(dra.tasks.gridworld(), 200, rng=0)
    >>> run.trial, run.history.trial[-1].item(), bool(run.history.reward[-1] > -100)
    (200, 196, True)
    """
    options = _start.options(progress, callback, checkpoint_every, compiled)
    trials, resolved, later, memory = _start.prepared(task, trials, changes, parameters)
    rng = _check.generator("rng", rng)
    advice.give(task, resolved, parameters)
    if checkpoint is not None:
        checkpoint = _files.check_writable(checkpoint)
        _start.check_new(checkpoint)
        _archive.state("rng", rng)
    if resolved.q_init_spread > 0:
        shift = resolved.q_init_spread * rng.uniform(-1.0, 1.0, size=memory.q.shape)
        memory.q[~memory.known] += shift[~memory.known]
    run = Run(task, later, resolved, trials, memory, rng, _start.spawned(rng))
    return _advance(run, checkpoint, *options)


def resume(
    run: Run | Path, *, trials: int | None = None, task: Task | None = None,
    changes: Mapping[int, Task] | None = None, cost: Any = None, credit: Any = None,
    progress: bool | None = None, callback: Callable[[Run], Any] | None = None,
    checkpoint: Path | None = None, checkpoint_every: int = 1000, compiled: bool = True,
) -> Run:  # fmt: skip
    """Go on with a run: the result is bit for bit that of a run never stopped.

    A run made longer keeps the spacing of its records.

    Parameters
    ----------
    run : Run or path
        A run, changed in place, or a file that :meth:`Run.save` wrote. A file is then also the
        default ``checkpoint``.
    trials : int, optional
        New total number of trials, for a longer run than first asked for.
    task, changes, cost, credit : optional
        For a run in a file: what a file cannot hold, passed again; see :meth:`Run.load`.
    progress, callback, checkpoint, checkpoint_every, compiled
        As in :func:`train`. A ``checkpoint`` that is there already must hold a run no further than
        this one.

    Returns
    -------
    Run

    Raises
    ------
    ValueError
        If an argument is not legal, or the file holds something else.
    OSError
        If the file cannot be read.
    Interrupted
        As in :func:`train`.

    Examples
    --------
    >>> import dra
    >>> run = dra.train(dra.tasks.gridworld(), 20, rng=0)
    >>> run = dra.resume(run, trials=30)
    >>> run
    <Run on grid-world: 30 of 30 trials, objective -165.1>
    """
    options = _start.options(progress, callback, checkpoint_every, compiled)
    if isinstance(run, Run):
        again = {"task": task, "changes": changes, "cost": cost, "credit": credit}
        for name, value in again.items():
            if value is not None:
                raise ValueError(f"{name} is given, but a run that is not in a file has its own")
    else:
        _files.path_of(run, "run", "a dra.Run, or the path of a file")
        checkpoint = run if checkpoint is None else checkpoint
        run = Run.load(run, task=task, changes=changes, cost=cost, credit=credit)
    if trials is not None:
        trials = _check.integer("trials", trials, least=max(run.trial, 1))
        _start.check_schedule(run.parameters, trials)
    if checkpoint is not None:
        checkpoint = _files.check_writable(checkpoint)
        _start.check_overwrite(checkpoint, run)
    run.trials = run.trials if trials is None else trials
    return _advance(run, checkpoint, *options)


def _advance(run, checkpoint, progress, callback, checkpoint_every, compiled):
    """Do the trials that are left, with everything around them."""
    if checkpoint is not None:
        _archive.pack(run)  # refuses what could not be saved later
    bar = _progress.bar(run.trials, "trial", progress, initial=run.trial)
    with _interrupt.deferred() as interrupted, bar, _interrupt.carrying(run):
        for _ in _trials(run, compiled):
            if callback is not None:
                callback(run)
            bar.update()
            if checkpoint is not None and (run.trial % checkpoint_every == 0 or run.finished):
                run.save(checkpoint)
            if interrupted:
                if checkpoint is not None:
                    run.save(checkpoint)
                raise Interrupted(run)
    return run


def _trials(run, compiled):
    """Algorithm 1. Yields after every trial, when ``run`` is complete and consistent."""
    p = run.parameters
    slope_of, sigma, sigma_base = costs.trusted(p.cost).grad, run.memory.sigma, p.sigma_base
    given = loops.Given(
        np.empty(1), np.empty(sigma.size), np.empty(1, bool), np.empty(p.evaluation_episodes)
    )
    work = None
    for trial in range(run.trial, run.trials):
        if work is None or trial in run.changes:
            work, gradient, fragile = _work(run, trial, given, compiled)
        undo = _interrupt.undo(run) if fragile else None
        try:
            given.beta[0] = p.beta_at(trial)
            given.slope[:] = slope_of(sigma, sigma_base).reshape(-1)
            given.evaluate[0] = trial % p.record_every == 0
            steps, moved = next(work)
            if not moved:
                raise _no_number(run, trial, gradient, given.slope)
        except BaseException:
            if undo is not None:
                undo()
            raise
        run.env_steps += steps
        run.trial = trial + 1
        if given.evaluate[0]:
            reward, cost = float(given.returns.mean()), float(run.cost)
            run.records.append((trial, reward, cost, reward - cost, int(run.env_steps)))
        if trial in p.snapshots:
            run.snapshots[trial] = run.memory.copy()
        yield


def _work(run, trial, given, compiled):
    """Return the trials to come, the gradient that each fills, and whether one may fail."""
    p, task = run.parameters, run.task_at(trial)
    code, gradient = _twin.loops_for(task, p.credit.psi, compiled), np.zeros(run.memory.sigma.size)
    learn = p.gamma_q, p.learning_rate_q
    estimate = p.credit.code, p.gamma, p.n_trajectories
    climb = p.learning_rate_sigma, p.cost_weight, *p.sigma_bounds
    work = code.trials(
        task._world, run.memory.table(task), gradient, given, learn, estimate, climb,
        task.step_limit, run.rng, run.evaluation_rng,
    )  # fmt: skip
    return work, gradient, code is not loops or p.cost not in costs.BUILT_IN.values()


def _no_number(run, trial, gradient, slope):
    """Return the error for a step of sigma that is no number."""
    bad = np.isnan(gradient - run.parameters.cost_weight * slope) & ~run.memory.known.reshape(-1)
    m = int(bad.argmax())
    return FloatingPointError(
        f"in trial {trial} the step of memory {m} is no number: its sigma is "
        f"{run.memory.sigma.flat[m]:g}, the gradient of its cost {slope[m]:g}"
    )
