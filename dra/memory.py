"""The memory: a table of action-values, each remembered as a normal distribution N(q, sigma^2)."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from os import PathLike

import numpy as np
from numpy.typing import ArrayLike

from dra import _check, _files, costs, loops, policy


@dataclass(frozen=True, eq=False)
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
    known: np.ndarray | None = None
    available: np.ndarray | None = None

    def __post_init__(self):
        """Check and copy the arrays."""
        q = _check.array("q", self.q)
        known = False if self.known is None else self.known
        set_field = object.__setattr__  # the dataclass is frozen; the arrays may change in place
        set_field(self, "q", q)
        set_field(self, "sigma", _check.array("sigma", self.sigma, shape=q.shape, above=0))
        set_field(self, "sigma_base", _check.number("sigma_base", self.sigma_base, above=0))
        set_field(self, "known", _check.mask("known", known, q.shape))
        set_field(self, "available", _check.mask("available", self.available, q.shape))

    @classmethod
    def initial(cls, task, *, q: ArrayLike = 0.0, sigma: ArrayLike, sigma_base: float) -> Memory:
        """Return a memory for ``task`` with the given ``q`` and ``sigma``; known memories as known.

        ``q`` and ``sigma`` are numbers or arrays of ``task.memory_shape``. Memories of choices
        that do not exist are known too.
        """
        shape = _memory_shape(task)
        available = np.zeros(task.known.size, bool)
        available[task.slot[_existing(task)]] = True
        available = available.reshape(shape)
        known = task.known.reshape(shape) | ~available
        q = np.where(known, task.known_q.reshape(shape), _check.array("q", q, shape=shape))
        sigma = _check.array("sigma", sigma, shape=shape, above=0)
        sigma = np.where(known, task.known_sigma.reshape(shape), sigma)
        return cls(q, sigma, sigma_base, known, available)

    def copy(self) -> Memory:
        """Return an independent copy."""
        return Memory(self.q, self.sigma, self.sigma_base, self.known, self.available)

    def check(self) -> None:
        """Raise unless the arrays, which may be changed in place, are still legal.

        Raises
        ------
        ValueError
            If an entry of ``q`` is not finite or one of ``sigma`` is not finite and above 0.
        """
        _check.array("memory.q", self.q)
        _check.array("memory.sigma", self.sigma, above=0)

    def _fit(self, task):
        """Raise unless the memory is legal and has the shape that ``task`` needs."""
        self.check()
        if self.q.shape != _memory_shape(task):
            raise ValueError(
                f"memory has shape {self.q.shape}; {task.name} needs {task.memory_shape}"
            )

    def table(self, task) -> loops.Table:
        """Return the flat arrays that the inner loops read and write (views, no copies)."""
        self._fit(task)
        return task.table(self.q.reshape(-1), self.sigma.reshape(-1), self.known.reshape(-1))

    def rows(self, task) -> Memory:
        """Return the memory read choice by choice: shape (n_states, n_actions)."""
        self._fit(task)
        q, sigma, known, available = (
            x.reshape(-1)[task.slot] for x in (self.q, self.sigma, self.known, self.available)
        )
        available = available & _existing(task)
        return Memory(q, sigma, self.sigma_base, known | ~available, available)

    def cost(self, cost_weight: float = 1.0, cost: str | costs.Cost = costs.kl) -> float:
        """Return ``cost_weight`` times the summed cost of all memories that are paid for (eq-cost).

        In nats for ``cost_weight`` 1, in units of reward for the paper's lambda.

        Raises
        ------
        ValueError
            If ``cost_weight`` is negative or no number, ``cost`` is none, or what it gives is not
            finite or has another shape than sigma.
        """
        cost_weight = _check.number("cost_weight", cost_weight, least=0)
        self.check()
        each = costs.evaluated(cost, self.sigma, self.sigma_base)
        return cost_weight * np.sum(each, where=self._paid())

    def _paid(self):
        return ~self.known & self.available

    def dprime(self) -> np.ndarray:
        """Return d' of each state's best two actions, shape (n_states,); see :mod:`dra.policy`."""
        return policy.dprime(*self._choices(), available=self.available)

    def choice_probabilities(self, beta: float) -> np.ndarray:
        """Return the exact probability of each choice, (n_states, n_actions)."""
        return policy.choice_probabilities(*self._choices(), beta, available=self.available)

    def choice_entropy(self, beta: float = math.inf, base: float | None = None) -> np.ndarray:
        """Return the entropy of each state's choice, (n_states,), in nats or in ``base``.

        ``beta=inf`` is the greedy choice of one draw, as in figure 1B of the paper.
        """
        return policy.choice_entropy(
            *self._choices(), beta=beta, base=base, available=self.available
        )

    def _choices(self):
        """Return (q, sigma), or raise where memories are shared and rows mean nothing."""
        self.check()
        if self.q.ndim != 2:
            raise ValueError(
                f"memory has shape {self.q.shape}, one entry per shared memory; "
                "use memory.rows(task) to read it choice by choice"
            )
        return self.q, self.sigma

    def save(self, path: str | PathLike) -> None:
        """Write the memory to an .npz file, all of it or nothing."""
        self.check()
        _files.write_npz(path, {"kind": "dra.Memory", **self.arrays()})

    @classmethod
    def load(cls, path: str | PathLike) -> Memory:
        """Read a memory that :meth:`save` wrote.

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
        """Return the memory whose :meth:`arrays` these are; other entries are passed over.

        Without the entry "available", as in old files, all choices exist.

        Raises
        ------
        ValueError
            If an entry is missing or not legal.
        """
        stored = {f.name: arrays[f.name] for f in fields(cls) if f.name in arrays}
        missing = {f.name for f in fields(cls)} - stored.keys() - {"available"}
        if missing:
            raise ValueError(f"arrays holds {sorted(arrays)}; {sorted(missing)} is missing")
        return cls(**stored)

    def text(self, cost: str | costs.Cost = costs.kl) -> str:
        """List the memories of choices that exist, one a line, at most twenty, priced by ``cost``.

        Known memories are listed too, with the price that nobody pays.
        """
        each = costs.evaluated(cost, self.sigma, self.sigma_base)
        header = f"{_name(cost)} (nats)"
        lines = [f"{'memory':>12} {'q':>10} {'sigma':>10} {header:>10}"]
        places = np.argwhere(self.available)
        for place in map(tuple, places[:20].tolist()):
            name = ", ".join(map(str, place)) + (" known" if self.known[place] else "")
            lines.append(
                f"{name:>12} {self.q[place]:10.4g} {self.sigma[place]:10.4g} "
                f"{each[place]:{max(len(header), 10)}.4g}"
            )
        if len(places) > 20:
            lines.append(f"... {len(places)} memories in all")
        return "\n".join(lines)

    def __str__(self):
        """List the memories with their KL cost."""
        return self.text()

    def __repr__(self):
        """Name the size and the KL cost."""
        with np.errstate(all="ignore"):
            each = costs.trusted(costs.kl).value(self.sigma, self.sigma_base)
        return (
            f"<Memory of {np.count_nonzero(self.available)} action-values, KL cost "
            f"{np.sum(each, where=self._paid()):.4g} nats, sigma_base {self.sigma_base:g}>"
        )


def _name(cost):
    cost = costs.named(cost)
    return getattr(cost, "name", type(cost).__name__)


def _existing(task):
    """Return which choices of ``task`` exist, a bool array (n_states, n_actions)."""
    return task.available


def _memory_shape(task):
    """Return ``task.memory_shape``, or raise where ``task`` is none."""
    try:
        return task.memory_shape
    except AttributeError:
        raise ValueError(f"task is {task!r}; it must be a task (see dra.tasks)") from None
