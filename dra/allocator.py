"""The Dynamic Resource Allocator: learn the values and how precisely to remember them (chapter 5).

:func:`train` is Algorithm 1. Each trial learns from one episode, estimates the gradient of expected
reward from sampled trajectories, and takes one step up the gradient of the objective.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Mapping
from os import PathLike
from sys import float_info
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

TOGETHER, MOVES = 64, 10_000
"""How many trials compiled code does at once: at most so many, and so that Ctrl-C need not wait for
more than about so many moves."""


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
        often a run is evaluated does not change it. The run keeps a Generator itself and not a
        copy: what else draws from it, between two calls of :func:`resume`, changes the run.
    changes : mapping of int to Task, optional
        Tasks that take over at the start of the given trials.
    progress : bool, optional
        Show a progress bar. Default: on a terminal, or in a live notebook, after two seconds;
        never where the environment variable CI is set.
    callback : callable, optional
        Called with the :class:`Run` after every trial. It may put another memory in place.
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
        On Ctrl-C, between two trials. A second Ctrl-C stops at once. A handler of the caller's own
        is left alone: what it raises is an error as any other.

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
        every = checkpoint_every if callback is None else 1
        for done in _trials(run, compiled, every):
            if callback is not None:
                callback(run)
            bar.update(done)
            if checkpoint is not None and (run.trial % checkpoint_every == 0 or run.finished):
                run.save(checkpoint)
            if interrupted:
                if checkpoint is not None:
                    run.save(checkpoint)
                raise Interrupted(run)
    return run


def _trials(run, compiled, every=1):
    """Algorithm 1. Yields, when ``run`` is complete and consistent, how many trials were done.

    Many short trials are done at once in compiled code, but none beyond a multiple of ``every``.
    """
    p, memory, work, most = run.parameters, run.memory, None, 1
    slope_of, in_loops, together = costs.trusted(p.cost).grad, _kl(p) > 0, TOGETHER
    given = loops.Given(
        np.ones(1, np.int64), np.empty(TOGETHER), np.empty(memory.sigma.size), np.empty(1, bool),
        np.empty(p.evaluation_episodes),
    )  # fmt: skip
    while not run.finished:
        if work is None or run.trial in run.changes or run.memory is not memory:
            work, gradient, fragile = _work(run, given, compiled)
            memory = run.memory  # a callback may have put another in place
        undo = _interrupt.undo(run)
        try:
            _tell(run, given, 1 if fragile or not in_loops else min(most, together), every)
            if not in_loops:
                given.slope[:] = np.ravel(slope_of(memory.sigma.copy(), p.sigma_base))
            steps, done, moved = next(work)
            if not moved:
                raise _no_number(run, run.trial + done - 1, gradient, given.slope)
            _note(run, given, steps, done)
        except BaseException as error:
            undo()
            if given.trials[0] == 1 or not isinstance(error, FloatingPointError):
                raise
            together = 1  # again, one by one, up to the one that fails
            continue
        most = max(1, MOVES * done // steps)
        yield done


def _tell(run, given, most, every):
    """Tell the loops which trials come next, ``most`` at most: up to where something is looked at.

    That is a record, a snapshot, a change of the task, or a multiple of ``every``.
    """
    p, first = run.parameters, run.trial
    snapshot = bisect_left(p.snapshots, first)
    end = min(
        first + most, run.trials, first + every - first % every,
        first + -first % p.record_every + 1,
        *(trial + 1 for trial in p.snapshots[snapshot : snapshot + 1]),
        *(trial for trial in run.changes if trial > first),
    )  # fmt: skip
    given.trials[0] = end - first
    given.beta[: end - first] = p.beta if isinstance(p.beta, float) else p.beta[first:end]
    given.evaluate[0] = (end - 1) % p.record_every == 0


def _note(run, given, steps, done):
    """Count what was done, and keep what is asked for."""
    run.env_steps += steps
    run.trial += done
    last = run.trial - 1
    if given.evaluate[0]:
        reward, cost = float(given.returns.mean()), float(run.cost)
        run.records.append((last, reward, cost, reward - cost, int(run.env_steps)))
    if last in run.parameters.snapshots:
        run.snapshots[last] = run.memory.copy()


def _work(run, given, compiled):
    """Return the trials to come, the gradient that each fills, and whether code not ours runs."""
    p, task = run.parameters, run.task_at(run.trial)
    code, gradient = _twin.loops_for(task, p.credit.psi, compiled), np.zeros(run.memory.sigma.size)
    learn = p.gamma_q, p.learning_rate_q
    estimate = p.credit.code, p.gamma, p.n_trajectories
    climb = p.learning_rate_sigma, p.cost_weight, *p.sigma_bounds, _kl(p)
    work = code.trials(
        task._world, run.memory.table(task), gradient, given, learn, estimate, climb,
        task.step_limit, run.rng, run.evaluation_rng,
    )  # fmt: skip
    return work, gradient, code is not loops or p.cost not in costs.BUILT_IN.values()


def _kl(p):
    """Return 1 / sigma_base^2 where the loops can find the slope of the cost themselves, else 0."""
    square = p.sigma_base * p.sigma_base
    normal = float_info.min <= square <= float_info.max
    return 1.0 / square if p.cost is costs.kl and normal else 0.0


def _no_number(run, trial, gradient, slope):
    """Return the error for a step of sigma that is no number."""
    bad = np.isnan(gradient - run.parameters.cost_weight * slope) & ~run.memory.known.reshape(-1)
    m = int(bad.argmax())
    return FloatingPointError(
        f"in trial {trial} the step of memory {m} is no number: its sigma is "
        f"{run.memory.sigma.flat[m]:g}, the gradient of its cost {slope[m]:g}"
    )
