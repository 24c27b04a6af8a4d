"""What is checked before a run begins, and prepared."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from dra import _archive, _check, _slots, costs, credits
from dra.parameters import Parameters
from dra.tasks import Task


def prepared(task, trials, changes, parameters):
    """Return (trials, parameters, changes, first memory) of a run, once all of it is legal."""
    _slots.checked(task)
    trials = _check.integer("trials", trials, least=1)
    resolved = Parameters.resolve(task.preset, parameters)
    if resolved.record_every is None:
        resolved = replace(resolved, record_every=max(1, trials // 50))
    later = changes_of(changes)
    check_alike(later, task)
    check_trials(trials, snapshots=resolved.snapshots, changes=later)
    check_schedule(resolved, trials)
    memory = resolved.first_memory(task)
    check_cost(resolved.cost, memory)
    _slots.drawable(memory, np.max(resolved.beta))
    return trials, resolved, later, memory


def spawned(rng):
    """Return the stream of evaluation."""
    try:
        return rng.spawn(1)[0]
    except TypeError:
        raise ValueError(
            "rng cannot spawn a stream for evaluation; make it by numpy.random.default_rng(seed)"
        ) from None


def same_stream(rng):
    """Return a copy of a Generator that spawns the same streams.

    Before NumPy 2 a deep copy forgets the seed, and what it spawns is another at every call.
    """
    copied, seeds = copy.deepcopy(rng), rng.bit_generator.seed_seq
    if isinstance(seeds, np.random.SeedSequence):
        copied = np.random.Generator(type(rng.bit_generator)(np.random.SeedSequence(**seeds.state)))
        copied.bit_generator.state = rng.bit_generator.state
    return copied


def changes_of(changes):
    """Return ``changes`` as a dict in order of trials; None is empty."""
    legal = "a mapping from trials to tasks"
    given = {} if changes is None else _check.instance("changes", changes, Mapping, legal)
    trials = {trial: _check.integer("a trial in changes", trial) for trial in given}
    for trial, task in given.items():
        _check.instance(f"changes[{trial}]", task, Task, "a task, see dra.tasks")
    return {trials[trial]: given[trial] for trial in sorted(given, key=trials.get)}


def passed_again(task, changes, cost, credit):
    """Return what is passed again beside a file, by name, None where it is not."""
    return {
        "task": None if task is None else _slots.checked(task),
        "changes": changes_of(changes),
        "cost": None if cost is None else costs.named(cost),
        "credit": None if credit is None else credits.named(credit),
    }


def check_alike(changes, task):
    """Raise unless the tasks of ``changes`` have the memories of ``task``."""
    for trial, changed in changes.items():
        alike = changed.memory_shape == task.memory_shape
        if not alike or (changed.known != task.known).any() or (changed.slot != task.slot).any():
            raise ValueError(
                f"changes[{trial}] has memories of shape {changed.memory_shape}; they must be the "
                f"memories of the first task, {task.memory_shape}, and known alike"
            )


def options(progress, callback, checkpoint_every, compiled):
    """Return the checked options of a run."""
    if callback is not None:
        _check.function("callback", callback)
    every = _check.integer("checkpoint_every", checkpoint_every, least=1)
    return _check.option("progress", progress), callback, every, _check.flag("compiled", compiled)


def check_trials(trials, **named):
    """Raise if one of the named collections of trial numbers reaches beyond the run."""
    for name, numbers in named.items():
        late = [t for t in numbers if t >= trials]
        if late:
            raise ValueError(f"{name} names trial {late[0]}; the trials are 0 to {trials - 1}")


def check_schedule(parameters, trials):
    """Raise unless a beta given trial by trial lasts for all trials."""
    if not isinstance(parameters.beta, float) and parameters.beta.shape[0] < trials:
        raise ValueError(
            f"beta has {parameters.beta.shape[0]} entries; it must have one for each of the "
            f"{trials} trials"
        )


def check_cost(cost, memory):
    """Raise unless ``cost`` gives finite arrays of the shape of sigma."""
    for name in ("value", "grad"):
        costs.evaluated(cost, memory.sigma, memory.sigma_base, name)


def check_new(checkpoint):
    """Raise if the file of a new run is there already."""
    if checkpoint.exists():
        raise FileExistsError(
            f"checkpoint {str(checkpoint)!r} is there already; dra.resume(path) goes on with the "
            "run in it, a new run needs another name"
        )


def check_overwrite(checkpoint, run):
    """Raise unless the file holds a run that ``run`` may have grown from."""
    held = _archive.trials_done(checkpoint) if checkpoint.exists() else 0
    if held > run.trial:
        raise FileExistsError(
            f"checkpoint {str(checkpoint)!r} holds a run after {held} trials, further than this "
            f"one after {run.trial}; it needs another name"
        )
