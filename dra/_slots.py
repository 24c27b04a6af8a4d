"""What a task says of the memories it needs."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from dra import _check
from dra.tasks import Task


def shape(task: Task) -> tuple[int, ...]:
    """Return ``task.memory_shape``, or raise where ``task`` is none."""
    try:
        return task.memory_shape
    except AttributeError:
        raise ValueError(f"task is {task!r}; it must be a task (see dra.tasks)") from None


def initial(
    task: Task, q: ArrayLike, sigma: ArrayLike
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return (q, sigma, known, available) of a memory for ``task`` before anything is learned."""
    form = shape(task)
    available = np.zeros(task.known.size, bool)
    available[task.slot[task.available]] = True
    available = available.reshape(form)
    known = task.known.reshape(form) | ~available
    q = np.where(known, task.known_q.reshape(form), _check.array("q", q, shape=form))
    sigma = _check.array("sigma", sigma, shape=form, above=0)
    return q, np.where(known, task.known_sigma.reshape(form), sigma), known, available
