"""The Dynamic Resource Allocator: learn the values and how precisely to remember them (chapter 5).

:func:`train` is Algorithm 1. Each trial learns from one episode, estimates the gradient of expected
reward from sampled trajectories, and takes one step up the gradient of the objective.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from os import PathLike
from typing import Any

import numpy as np

from dra import (
    _archive,
    _check,
    _files,
    _interrupt,
    _progress,
    _slots,
    _start,
    _twin,
    costs,
    loops,
)  # fmt: skip
from dra._interrupt import Interrupted
from dra.parameters import Parameters
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
    _slots.checked(task)
    options = _start.options(progress, callback, checkpoint_every, compiled)
    trials = _check.integer("trials", trials, least=1)
    resolved = Parameters.resolve(task.preset, parameters)
    if resolved.record_every is None:
        resolved = replace(resolved, record_every=max(1, trials // 50))
    later = _start.changes_of(changes)
    _start.check_alike(later, task)
    _start.check_trials(trials, snapshots=resolved.snapshots, changes=later)
    _start.check_schedule(resolved, trials)
    rng = _check.generator("rng", rng)
    memory = resolved.first_memory(task)
    _start.check_cost(resolved.cost, memory)
    _slots.drawable(memory, np.max(resolved.beta))
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
    cost_grad, sigma, sigma_base = costs.trusted(p.cost).grad, run.memory.sigma, p.sigma_base
    learn = p.gamma_q, p.learning_rate_q, p.credit.code, p.gamma
    climb = p.learning_rate_sigma, p.cost_weight, *p.sigma_bounds
    task, code, work, climber, fragile = _workspace(run, run.trial, compiled)
    for trial in range(run.trial, run.trials):
        if trial in run.changes:
            task, code, work, climber, fragile = _workspace(run, trial, compiled)
        beta = p.beta_at(trial)
        undo = _interrupt.undo(run) if fragile else None
        try:
            steps = code.trial(work, beta, *learn, task.step_limit, p.n_trajectories)
            slope = cost_grad(sigma, sigma_base).reshape(-1)
            bad = code.ascend(*climber, slope, *climb)
            if bad >= 0:
                raise _no_number(trial, bad, sigma, slope)
        except BaseException:
            if undo is not None:
                undo()
            raise
        run.env_steps += steps
        run.trial = trial + 1
        if trial % p.record_every == 0:
            _record(run, trial, task, beta, code)
        if trial in p.snapshots:
            run.snapshots[trial] = run.memory.copy()
        yield


def _workspace(run, trial, compiled):
    """Return the task of ``trial``, its loops, what they work on, and whether a trial may fail.

    What they work on is a workspace for ``trial``, and the arrays of it that ``ascend`` needs.
    """
    task = run.task_at(trial)
    code = _twin.loops_for(task, run.parameters.credit.psi, compiled)
    table, gradient = run.memory.table(task), np.zeros(run.memory.sigma.size)
    work = code.packed(loops.Workspace(task._world, table, gradient, run.rng))
    fragile = code is not loops or run.parameters.cost not in costs.BUILT_IN.values()
    return task, code, work, (table.sigma, table.fixed, gradient), fragile


def _no_number(trial, m, sigma, slope):
    """Return the error for a step of memory ``m`` that is no number."""
    return FloatingPointError(
        f"in trial {trial} the step of memory {m} is no number: its sigma is {sigma.flat[m]:g}, "
        f"the gradient of its cost {slope[m]:g}"
    )


def _record(run, trial, task, beta, code):
    """Evaluate the policy and append a row to the history."""
    p = run.parameters
    returns = np.empty(p.evaluation_episodes)
    code.fill_returns(
        task._world, run.memory.table(task), beta, p.gamma, task.step_limit, returns,
        run.evaluation_rng,
    )  # fmt: skip
    reward = float(returns.mean())
    cost = float(run.cost)
    run.records.append((trial, reward, cost, reward - cost, int(run.env_steps)))
