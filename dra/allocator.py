"""The Dynamic Resource Allocator: learn the values and how precisely to remember them (chapter 5).

:func:`train` is Algorithm 1. Each trial learns from one episode, estimates the gradient of expected
reward from sampled trajectories, and takes one step up the gradient of the objective.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from dataclasses import replace

import numpy as np

from dra import _check, _progress, costs, loops
from dra._compile import packed, uncompiled
from dra.memory import Memory
from dra.parameters import Parameters
from dra.run import Run


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during training. Nothing is lost: ``run`` holds all trials done so far."""

    def __init__(self, run):
        super().__init__(
            f"stopped after {run.trial} of {run.trials} trials; dra.resume(error.run) goes on"
        )
        self.run = run


def train(
    task, trials, *, rng, changes=None, progress=None, callback=None, checkpoint=None,
    checkpoint_every=1000, compiled=True, **parameters,
):  # fmt: skip
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
        File to save the run to every ``checkpoint_every`` trials, when stopped, and at the end.
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
    Interrupted
        On Ctrl-C, between two trials. A second Ctrl-C stops at once.

    Examples
    --------
    >>> import dra
    >>> run = dra.train(dra.tasks.gridworld(), 200, rng=0)
    >>> run.trial, run.history.trial[-1].item(), bool(run.history.reward[-1] > -100)
    (200, 196, True)
    """
    trials = _check.integer("trials", trials, least=1)
    resolved = Parameters.resolve(task.preset, parameters)
    if resolved.record_every is None:
        resolved = replace(resolved, record_every=max(1, trials // 50))
    changes = _changes(changes, task)
    _check_trials(trials, snapshots=resolved.snapshots, changes=changes)
    checkpoint_every = _check.integer("checkpoint_every", checkpoint_every, least=1)
    memory = Memory.initial(
        task, q=resolved.q_init, sigma=resolved.sigma_init, sigma_base=resolved.sigma_base
    )
    _check_schedule(resolved, trials)
    _check_cost(resolved.cost, memory)
    rng = np.random.default_rng(rng)
    if resolved.q_init_spread > 0:
        shift = resolved.q_init_spread * rng.uniform(-1.0, 1.0, size=memory.q.shape)
        memory.q[~memory.known] += shift[~memory.known]
    run = Run(task, changes, resolved, trials, memory, rng, rng.spawn(1)[0])
    return _advance(run, progress, callback, checkpoint, checkpoint_every, compiled)


def resume(
    run, *, trials=None, cost=None, progress=None, callback=None, checkpoint=None,
    checkpoint_every=1000, compiled=True,
):  # fmt: skip
    """Go on with a run: the result is bit for bit that of a run never stopped.

    A run made longer keeps the spacing of its records.

    Parameters
    ----------
    run : Run or path
        A run, changed in place, or a file that :meth:`Run.save` wrote. A file is then also the
        default ``checkpoint``.
    trials : int, optional
        New total number of trials, for a longer run than first asked for.
    cost : cost, optional
        Needed where the run in the file was trained with a cost of your own.
    progress, callback, checkpoint, checkpoint_every, compiled
        As in :func:`train`.

    Returns
    -------
    Run
    """
    if not isinstance(run, Run):
        checkpoint = run if checkpoint is None else checkpoint
        run = Run.load(run, cost)
    if trials is not None:
        trials = _check.integer("trials", trials, least=max(run.trial, 1))
        _check_schedule(run.parameters, trials)
        run.trials = trials
    return _advance(run, progress, callback, checkpoint, checkpoint_every, compiled)


def _advance(run, progress, callback, checkpoint, checkpoint_every, compiled):
    """Run the remaining trials of ``run``."""
    checkpoint_every = _check.integer("checkpoint_every", checkpoint_every, least=1)
    code = loops if compiled else uncompiled(loops)
    bar = _progress.bar(run.trials, "trial", progress, initial=run.trial)
    with _deferred_interrupt() as interrupted, bar:
        for _ in _trials(run, code, compiled):
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


def _trials(run, code, compiled):
    """Algorithm 1. Yields after every trial, when ``run`` is complete and consistent."""
    p = run.parameters
    cost_grad, (low, high) = costs.trusted(p.cost).grad, p.sigma_bounds
    credit = loops.CREDIT[p.credit]
    task, work = _workspace(run, run.trial, compiled)
    sigma = run.memory.sigma.reshape(-1)
    for trial in range(run.trial, run.trials):
        if trial in run.changes:
            task, work = _workspace(run, trial, compiled)
        beta = p.beta_at(trial)
        run.env_steps += code.trial(
            work, beta, p.gamma_q, p.learning_rate_q, credit, p.gamma, task.step_limit,
            p.n_trajectories,
        )  # fmt: skip
        slope = cost_grad(sigma, p.sigma_base)
        code.ascend(work, slope, p.learning_rate_sigma, p.cost_weight, low, high)
        run.trial = trial + 1
        if trial % p.record_every == 0:
            _record(run, trial, task, beta, code)
        if trial in p.snapshots:
            run.snapshots[trial] = run.memory.copy()
        yield


def _workspace(run, trial, compiled):
    """Return (task of ``trial``, what the inner loops work on)."""
    task = run.task_at(trial)
    work = loops.Workspace(
        task.model, run.memory.table(task), np.zeros(run.memory.sigma.size), run.rng
    )
    return task, packed(work) if compiled else [work]


def _record(run, trial, task, beta, code):
    """Evaluate the policy and append a row to the history."""
    p = run.parameters
    returns = np.empty(p.evaluation_episodes)
    code.fill_returns(
        task.model, run.memory.table(task), beta, p.gamma, task.step_limit, returns,
        run.evaluation_rng,
    )  # fmt: skip
    reward = float(returns.mean())
    cost = float(run.cost)
    run.records.append((trial, reward, cost, reward - cost, int(run.env_steps)))


def _changes(changes, task):
    """Return ``changes`` as a dict in order of trials, each task checked against ``task``."""
    checked = {}
    for trial, changed in sorted(dict(changes or {}).items()):
        trial = _check.integer("a trial in changes", trial)
        if changed.memory_shape != task.memory_shape or not (changed.known == task.known).all():
            raise ValueError(
                f"changes[{trial}] has memories of shape {changed.memory_shape}; they must be the "
                f"memories of the first task, {task.memory_shape}, and known alike"
            )
        checked[trial] = changed
    return checked


def _check_trials(trials, **named):
    """Raise if one of the named collections of trial numbers reaches beyond the run."""
    for name, numbers in named.items():
        late = [t for t in numbers if t >= trials]
        if late:
            raise ValueError(f"{name} names trial {late[0]}; the trials are 0 to {trials - 1}")


def _check_schedule(parameters, trials):
    """Raise unless a beta given trial by trial lasts for all trials."""
    if not isinstance(parameters.beta, float) and parameters.beta.shape[0] < trials:
        raise ValueError(
            f"beta has {parameters.beta.shape[0]} entries; it must have one for each of the "
            f"{trials} trials"
        )


def _check_cost(cost, memory):
    """Raise unless ``cost`` gives finite arrays of the shape of sigma."""
    for name, function in (("value", cost.value), ("grad", cost.grad)):
        result = np.asarray(function(memory.sigma, memory.sigma_base))
        if result.shape != memory.sigma.shape or not np.isfinite(result).all():
            raise ValueError(
                f"cost.{name} gives shape {result.shape} for sigma of shape {memory.sigma.shape}; "
                "it must be elementwise and finite"
            )


@contextmanager
def _deferred_interrupt():
    """Collect Ctrl-C in a list instead of raising in the middle of a trial; the second one raises.

    Outside the main thread, where Python delivers no signals, the list stays empty.
    """
    seen = []
    previous = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(previous):
        yield seen
        return

    def remember(number, frame):
        if seen:
            previous(number, frame)
        seen.append(number)

    signal.signal(signal.SIGINT, remember)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, previous)
