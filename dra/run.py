"""A run: everything that training has produced and everything needed to go on with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from os import PathLike
from typing import Any

import numpy as np

from dra import _archive, _check, _files, _start
from dra.memory import Memory
from dra.parameters import Parameters
from dra.tasks import Task

HISTORY = ("trial", "reward", "cost", "objective", "env_steps")
"""Columns of :attr:`Run.history`."""


@dataclass(eq=False)
class Run:
    """The state of a training run between two trials.

    Attributes
    ----------
    task : Task
        The task of the first trial.
    changes : dict of int to Task
        Tasks that take over at the start of the given trials.
    parameters : Parameters
    trials : int
        Number of trials asked for.
    memory : Memory
    rng, evaluation_rng : Generator
        Streams of training and of evaluation.
    trial : int
        Number of trials done.
    env_steps : int
        Moves made in learning episodes and sampled trajectories; evaluation does not count.
    records : list of tuples
        Rows of :attr:`history`.
    snapshots : dict of int to Memory
        Copies of the memory after the given trials.
    """

    task: Task
    changes: dict[int, Task]
    parameters: Parameters
    trials: int
    memory: Memory
    rng: np.random.Generator
    evaluation_rng: np.random.Generator
    trial: int = 0
    env_steps: int = 0
    records: list[tuple[int, float, float, float, int]] = field(default_factory=list)
    snapshots: dict[int, Memory] = field(default_factory=dict)

    @property
    def history(self) -> np.recarray:
        """Records as arrays: ``trial``, ``reward``, ``cost``, ``objective``, ``env_steps``.

        ``reward`` is the mean return of the evaluation episodes after the trial's update,
        discounted by the objective's ``gamma`` (1 in all presets: not at all) and cut off where the
        task's step limit cuts an episode off. ``cost`` is weighted, and ``objective`` is their
        difference.
        """
        dtype = [(n, np.int64 if n in ("trial", "env_steps") else float) for n in HISTORY]
        return np.array(self.records, dtype=dtype).view(np.recarray)

    @property
    def finished(self) -> bool:
        """Whether all trials are done."""
        return self.trial >= self.trials

    def task_at(self, trial: int) -> Task:
        """Return the task in force in a trial.

        Parameters
        ----------
        trial : int

        Returns
        -------
        Task
        """
        trial = _check.integer("trial", trial)
        begun = [t for t in self.changes if t <= trial]
        return self.changes[max(begun)] if begun else self.task

    @property
    def cost(self) -> float:
        """The weighted cost of the memory as it is now."""
        return self.memory.cost(self.parameters.cost_weight, self.parameters.cost)

    def save(self, path: str | PathLike[str]) -> None:
        """Write the run to an .npz file, all of it or nothing; :func:`dra.resume` goes on with it.

        Everything is kept, random streams included. A task, a cost or a credit of your own is kept
        by name only, and has to be passed again.

        Parameters
        ----------
        path : path

        Raises
        ------
        ValueError
            If a random stream is of a kind that a file cannot hold.
        OSError
            If nothing can be written there.
        """
        _files.write_npz(path, _archive.pack(self))

    @classmethod
    def load(
        cls, path: str | PathLike[str], *, task: Task | None = None,
        changes: Mapping[int, Task] | None = None, cost: Any = None, credit: Any = None,
    ) -> Run:  # fmt: skip
        """Read a run that :meth:`save` wrote.

        Parameters
        ----------
        path : path
        task : Task, optional
            Needed where the run was trained on a task that a file cannot hold.
        changes : mapping of int to Task, optional
            The same for the tasks of ``changes``; only those that are needed.
        cost, credit : optional
            Needed where they were your own.

        Returns
        -------
        Run

        Raises
        ------
        ValueError
            If the file is truncated or holds something else, or what is passed again is missing or
            is not what the run was trained with.
        OSError
            If the file cannot be read.
        """
        given = _start.passed_again(task, changes, cost, credit)
        arrays = _files.read_npz(path, "dra.Run")
        return cls(**_archive.unpack(path, arrays, given))

    def __repr__(self) -> str:
        """Name the task, how far the run is, and its last record."""
        last = f", objective {self.records[-1][3]:.4g}" if self.records else ""
        return f"<Run on {self.task.name}: {self.trial} of {self.trials} trials{last}>"
