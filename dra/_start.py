"""What is checked before a run begins, and prepared."""

from __future__ import annotations

from collections.abc import Mapping

from dra import _archive, _check, costs
from dra.tasks import Task


def spawned(rng):
    """Return the stream of evaluation."""
    try:
        return rng.spawn(1)[0]
    except TypeError:
        raise ValueError(
            "rng cannot spawn a stream for evaluation; make it by numpy.random.default_rng(seed)"
        ) from None


def changes(changes, task):
    """Return ``changes`` as a dict in order of trials, each task checked against ``task``."""
    if changes is not None and not isinstance(changes, Mapping):
        raise ValueError(
            f"changes is {_check.shown(changes)}; it must be a mapping from trials to tasks"
        )
    checked = {}
    for trial, changed in (changes or {}).items():
        trial = _check.integer("a trial in changes", trial)
        _check.instance(f"changes[{trial}]", changed, Task, "a task, see dra.tasks")
        alike = changed.memory_shape == task.memory_shape
        if not alike or (changed.known != task.known).any() or (changed.slot != task.slot).any():
            raise ValueError(
                f"changes[{trial}] has memories of shape {changed.memory_shape}; they must be the "
                f"memories of the first task, {task.memory_shape}, and known alike"
            )
        checked[trial] = changed
    return dict(sorted(checked.items()))


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
