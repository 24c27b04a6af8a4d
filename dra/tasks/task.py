"""What every task has: memories to fill, a step limit, and a model that episodes move through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Task:
    """The part of a task that training needs to know, whatever its dynamics.

    A task is immutable and has an attribute ``model``, a :class:`dra.loops.Model`.

    Attributes
    ----------
    name : str
    step_limit : int
        Moves after which an episode is truncated.
    slot : (n_states, n_actions) int array
        Which memory each choice reads and writes. Memories may be shared between states.
    known : (n_slots,) bool array
        Memories that are given: neither learned, nor re-allocated, nor paid for.
    known_q, known_sigma : (n_slots,) arrays
        Mean and standard deviation of the known memories; elsewhere not used.
    action_names : tuple of str
    preset : mapping
        Default parameters of :func:`dra.train` for this task.
    layout : object or None
        How to draw the task (:class:`dra.tasks.grid.Layout` for grid-worlds).
    """

    name: str
    step_limit: int
    slot: np.ndarray
    known: np.ndarray
    known_q: np.ndarray
    known_sigma: np.ndarray
    action_names: tuple
    preset: Mapping = field(default_factory=dict)
    layout: Any = None

    def __post_init__(self):
        """Make the arrays read-only."""
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, np.ndarray):
                value.setflags(write=False)

    @property
    def n_states(self):
        """Number of states, terminal ones included."""
        return self.slot.shape[0]

    @property
    def n_actions(self):
        """Number of actions, the same in every state."""
        return self.slot.shape[1]

    @property
    def shared(self):
        """Whether one memory may serve several choices."""
        return self.known.size != self.slot.size or not (np.diff(self.slot.ravel()) == 1).all()

    @property
    def memory_shape(self):
        """Shape of q and sigma: (n_states, n_actions), or (n_slots,) if memories are shared."""
        return (self.known.size,) if self.shared else self.slot.shape

    def __str__(self):
        """Draw the task as text where it has a layout, else name its sizes."""
        if self.layout is not None:
            return self.layout.text()
        return f"{self.name}: {self.n_states} states, {self.n_actions} actions"

    def __repr__(self):
        """Name the task and its sizes."""
        return (
            f"<{self.name}: {self.n_states} states, {self.n_actions} actions, "
            f"step limit {self.step_limit}>"
        )
