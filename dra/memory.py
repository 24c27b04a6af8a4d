"""The memory: a table of action-values, each remembered as a normal distribution N(q, sigma^2)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from os import PathLike
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from dra import _check, _files, _listing, _slots, costs, loops, policy

if TYPE_CHECKING:
    from dra.tasks import Task


@dataclass(frozen=True, eq=False, init=False)
class Memory:
    """Means and standard deviations of all action-values, and the base memory's.

    Parameters
    ----------
    q : array
        Means, (n_states, n_actions), in the task's units of reward. A task whose choices share
        memories has one entry per memory instead, (n_slots,); see :meth:`rows`.
    sigma : array or float
        Standard deviations, of the shape of ``q``, above zero. Precision is 1 / sigma^2.
    sigma_base : float
        Standard deviation of the base memory, which costs nothing.
    known : bool array, optional
        Memories that are given: neither learned, nor re-allocated, nor paid for. Default: none.
    available : bool array, optional
        Memories of choices that exist; the others are never read, paid for or shown. Default: all.

    Raises
    ------
    ValueError
        If shapes disagree or a number is out of range.

    Examples
    --------
    >>> memory = Memory(q=[[1.0, 0.0]], sigma=5.0, sigma_base=5.0)
    >>> float(memory.cost(cost_weight=0.1))
    0.0
    >>> round(float(Memory([[1.0, 0.0]], [[1.0, 5.0]], 5.0).cost(1.0)), 4)
    1.1294
    """

    q: np.ndarray
    sigma: np.ndarray
    sigma_base: float
    known: np.ndarray
    available: np.ndarray

    def __init__(
        self, q: ArrayLike, sigma: ArrayLike, sigma_base: float,
        known: ArrayLike | None = None, available: ArrayLike | None = None,
    ) -> None:  # fmt: skip
        """Check and copy the arrays."""
        means = _check.array("q", q)
        if means.ndim not in (1, 2) or means.size == 0:
            raise ValueError(f"q has shape {means.shape}; it must have one axis or two, not empty")
        known = False if known is None else known
        set_field = object.__setattr__  # the dataclass is frozen; the arrays may change in place
        set_field(self, "q", means)
        set_field(self, "sigma", _check.array("sigma", sigma, shape=means.shape, above=0))
        set_field(self, "sigma_base", _check.number("sigma_base", sigma_base, above=0))
        set_field(self, "known", _check.mask("known", known, means.shape))
        set_field(self, "available", _check.mask("available", available, means.shape))

    @classmethod
    def initial(
        cls, task: Task, *, q: ArrayLike = 0.0, sigma: ArrayLike, sigma_base: float
    ) -> Memory:
        """Return a memory for a task; known memories as the task knows them.

        Parameters
        ----------
        task : Task
        q, sigma : arrays of ``task.memory_shape``, or numbers
            Not used where memories are known.
        sigma_base : float

        Returns
        -------
        Memory
            Those of choices that do not exist are marked so, and as known.
        """
        q, sigma, known, available = _slots.initial(task, q, sigma)
        return cls(q, sigma, sigma_base, known, available)

    def copy(self) -> Memory:
        """Return an independent copy."""
        return Memory(self.q, self.sigma, self.sigma_base, self.known, self.available)

    def check(self) -> None:
        """Raise ``ValueError`` unless the arrays, changed in place or not, are legal."""
        _slots.check_arrays("memory", self)

    def table(self, task: Task) -> loops.Table:
        """Return the flat arrays that the inner loops read and write.

        Parameters
        ----------
        task : Task

        Returns
        -------
        dra.loops.Table
            Views of the memory's arrays, no copies, and room for one recall.
        """
        _slots.check_fit(task, self)
        return _slots.table(
            task, self.q.reshape(-1), self.sigma.reshape(-1), self.known.reshape(-1)
        )

    def rows(self, task: Task) -> Memory:
        """Return the memory read choice by choice.

        Parameters
        ----------
        task : Task

        Returns
        -------
        Memory
            Of shape (n_states, n_actions), with the choices that exist in the task.
        """
        _slots.check_fit(task, self)
        q, sigma, known, available = (
            x.reshape(-1)[task.slot] for x in (self.q, self.sigma, self.known, self.available)
        )
        available = available & task.available
        return Memory(q, sigma, self.sigma_base, known | ~available, available)

    def cost(self, cost_weight: float = 1.0, cost: str | costs.Cost = costs.kl) -> float:
        """Return the cost of all memories that are paid for, weighted (eq-cost).

        Parameters
        ----------
        cost_weight : float >= 0
            1 gives nats, the paper's lambda gives units of reward.
        cost : str or cost

        Returns
        -------
        float

        Raises
        ------
        ValueError
            If ``cost_weight`` is negative or no number, ``cost`` is none, or what it gives is not
            finite or has another shape than sigma.
        """
        cost_weight = _check.number("cost_weight", cost_weight, least=0)
        self.check()
        each = costs.evaluated(cost, self.sigma, self.sigma_base)
        return cost_weight * np.sum(each, where=~self.known & self.available)

    def dprime(self) -> np.ndarray:
        """Return d' of each state's best two actions, shape (n_states,); see :mod:`dra.policy`."""
        return policy.dprime(*self._choices(), available=self.available)

    def choice_probabilities(self, beta: float) -> np.ndarray:
        """Return the exact probability of each choice.

        Parameters
        ----------
        beta : float
            Inverse temperature, > 0; may be inf.

        Returns
        -------
        array (n_states, n_actions)
        """
        return policy.choice_probabilities(*self._choices(), beta, available=self.available)

    def choice_entropy(self, beta: float = math.inf, base: float | None = None) -> np.ndarray:
        """Return the entropy of each state's choice.

        Parameters
        ----------
        beta : float
            inf is the greedy choice of one draw, as in figure 1B of the paper.
        base : float, optional
            Of the logarithm, > 1. Default: nats.

        Returns
        -------
        array (n_states,)
        """
        return policy.choice_entropy(
            *self._choices(), beta=beta, base=base, available=self.available
        )

    def _choices(self) -> tuple[np.ndarray, np.ndarray]:
        """Return (q, sigma), or raise where memories are shared and rows mean nothing."""
        self.check()
        if self.q.ndim != 2:
            raise ValueError(
                f"memory has shape {self.q.shape}, one entry per shared memory; "
                "use memory.rows(task) to read it choice by choice"
            )
        return self.q, self.sigma

    def save(self, path: str | PathLike) -> None:
        """Write the memory to an .npz file, all of it or nothing.

        Parameters
        ----------
        path : path
        """
        self.check()
        _files.write_npz(path, {"kind": "dra.Memory", **self.arrays()})

    @classmethod
    def load(cls, path: str | PathLike) -> Memory:
        """Read a memory that :meth:`save` wrote.

        Parameters
        ----------
        path : path

        Returns
        -------
        Memory

        Raises
        ------
        ValueError
            If the file is truncated or holds something else.
        """
        return cls.from_arrays(_files.read_npz(path, "dra.Memory"))

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the contents as a dict of arrays, the fields by name."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        return values | {"sigma_base": np.float64(self.sigma_base)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Memory:
        """Return the memory whose :meth:`arrays` these are.

        Parameters
        ----------
        arrays : mapping
            Other entries are passed over. Without "available", as in old files, all choices exist.

        Returns
        -------
        Memory

        Raises
        ------
        ValueError
            If an entry is missing or not legal.
        """
        if not isinstance(arrays, Mapping):
            raise ValueError(
                f"arrays is {_check.shown(arrays)}; it must be a mapping from names to arrays"
            )
        stored: dict[str, Any] = {f.name: arrays[f.name] for f in fields(cls) if f.name in arrays}
        missing = {f.name for f in fields(cls)} - stored.keys() - {"available"}
        if missing:
            raise ValueError(f"arrays holds {sorted(arrays)}; {sorted(missing)} is missing")
        return cls(**stored)

    def text(self, cost: str | costs.Cost = costs.kl) -> str:
        """List the memories of choices that exist, one a line, at most twenty.

        Parameters
        ----------
        cost : str or cost
            Prices each memory; those of known ones nobody pays.

        Returns
        -------
        str
        """
        self.check()
        return _listing.table(self, cost)

    def __str__(self):
        """List the memories with their KL cost."""
        return self.text()

    def __repr__(self):
        """Name the size and the KL cost."""
        return _listing.line(self)
