"""Simulated tasks: the agent sees a row of its memory, the task keeps a state of its own.

Where a tabular task has arrays, a simulated one has two named tuples of numbers: ``moves``, what a
move depends on, and ``starts``, what a start depends on. Versions of :func:`dra.loops.begin`,
:func:`dra.loops.observe` and :func:`dra.loops.move` are registered for their types.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from dra import loops
from dra.tasks.task import Task


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Simulated(Task):
    """A task with a step function.

    Attributes, beside those of :class:`dra.tasks.task.Task`
    --------------------------------------------------------
    moves, starts : named tuples
        See above.
    recipe : mapping
        ``maker``, a function of :mod:`dra.tasks`, and the keyword arguments that make this task
        again: what a saved run keeps of it.
    """

    moves: Any
    starts: Any
    recipe: Mapping = field(default_factory=dict)

    @property
    def model(self):
        """The task as the inner loops read it (:class:`dra.loops.Model`)."""
        return loops.Model(self.moves, self.starts)


def own_memories(n_states, n_actions):
    """Return the fields of a task in which every choice has its own memory and none is known."""
    n = n_states * n_actions
    return {
        "slot": np.arange(n).reshape(n_states, n_actions),
        "known": np.zeros(n, bool),
        "known_q": np.zeros(n),
        "known_sigma": np.ones(n),
    }
