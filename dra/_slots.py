"""What a task says of the memories it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from dra import _check, _memo, loops
from dra.tasks import Task

if TYPE_CHECKING:
    from dra.memory import Memory


def checked(task: Task) -> Task:
    """Return ``task``, or raise where it is none."""
    return _check.instance("task", task, Task, "a task, see dra.tasks")


def check_fit(task: Task, memory: Memory, name: str = "memory") -> None:
    """Raise unless the memory is legal and has the shape that ``task`` needs."""
    from dra.memory import Memory  # which imports this module

    checked(task)
    check_arrays(name, _check.instance(name, memory, Memory, "a dra.Memory"))
    if memory.q.shape != task.memory_shape:
        raise ValueError(
            f"{name} has shape {memory.q.shape}; the task {task.name} needs {task.memory_shape}"
        )


def check_arrays(name: str, memory: Memory) -> None:
    """Raise unless the arrays of a memory, which may have been changed in place, are legal."""
    _check.array(f"{name}.q", memory.q)
    _check.array(f"{name}.sigma", memory.sigma, above=0)


def initial(
    task: Task, q: ArrayLike, sigma: ArrayLike
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return (q, sigma, known, available) of a memory for ``task`` before anything is learned."""
    form = checked(task).memory_shape
    available = np.zeros(task.known.size, bool)
    available[task.slot[task.available]] = True
    available = available.reshape(form)
    known = task.known.reshape(form) | ~available
    means = _check.array("q", q, shape=form)
    deviations = _check.array("sigma", sigma, shape=form, above=0)
    means = np.where(known, task.known_q.reshape(form), means)
    deviations = np.where(known, task.known_sigma.reshape(form), deviations)
    return means, deviations, known, available


def table(task: Task, q: np.ndarray, sigma: np.ndarray, fixed: np.ndarray) -> loops.Table:
    """Return a memory, flat arrays (n_slots,), as the inner loops read and write it."""
    slot, action, n_choices = _memo.kept(task, "choices", lambda: _choices(task))
    noise, weight = np.zeros((2, task.n_actions))
    visited, seen = np.zeros(task.n_states, np.int64), np.zeros(task.n_states, bool)
    return loops.Table(
        q, sigma, fixed, slot, action, n_choices, noise, weight, np.zeros(q.size), visited, seen
    )


def _choices(task):
    """Return (slot, action, number of choices) choice by choice, those that exist first.

    Slots are unsigned: compiled code need not look whether one counts from the end.
    """
    action = np.argsort(~task.available, axis=1, kind="stable")
    slot = np.take_along_axis(task.slot, action, axis=1)
    return slot.astype(np.uint64), action.astype(np.int64), task.available.sum(axis=1)


def drawable(memory, beta):
    """Raise unless beta times any value that may be drawn is a number, as the loops take it to be.

    A standard normal draw is never beyond 40.
    """
    with np.errstate(all="ignore"):
        reach = np.max(beta * (np.abs(memory.q) + 40.0 * memory.sigma))
    if not np.isfinite(reach):
        raise ValueError(
            f"beta is {beta:g}; times the values of memory it must stay within floating point"
        )
