"""The memory: a table of action-values, each remembered as a normal distribution N(q, sigma^2)."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

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
    known: np.ndarray = None  # type: ignore[assignment]

    def __post_init__(self):
        """Check and copy the arrays."""
        q = _check.array("q", self.q)
        known = np.zeros(q.shape, bool) if self.known is None else np.array(self.known, dtype=bool)
        if known.shape != q.shape:
            raise ValueError(f"known has shape {known.shape}; it must be {q.shape}")
        set_field = object.__setattr__  # the dataclass is frozen; the arrays may change in place
        set_field(self, "q", q)
        set_field(self, "sigma", _check.array("sigma", self.sigma, shape=q.shape, above=0))
        set_field(self, "sigma_base", _check.number("sigma_base", self.sigma_base, above=0))
        set_field(self, "known", known)

    @classmethod
    def initial(cls, task, *, q=0.0, sigma, sigma_base):
        """Return a memory for ``task`` with the given ``q`` and ``sigma``; known memories as known.

        ``q`` and ``sigma`` are numbers or arrays of ``task.memory_shape``.
        """
        shape = task.memory_shape
        known = task.known.reshape(shape)
        q = np.where(known, task.known_q.reshape(shape), _check.array("q", q, shape=shape))
        sigma = _check.array("sigma", sigma, shape=shape, above=0)
        sigma = np.where(known, task.known_sigma.reshape(shape), sigma)
        return cls(q, sigma, sigma_base, known)

    def copy(self):
        """Return an independent copy."""
        return Memory(self.q, self.sigma, self.sigma_base, self.known)

    def table(self, task):
        """Return the flat arrays that the inner loops read and write (views, no copies)."""
        if self.q.shape != task.memory_shape:
            raise ValueError(
                f"memory has shape {self.q.shape}; {task.name} needs {task.memory_shape}"
            )
        return loops.Table(
            self.q.reshape(-1),
            self.sigma.reshape(-1),
            task.slot,
            self.known.reshape(-1),
            tuple(range(task.n_actions)),
        )

    def rows(self, task):
        """Return the memory read choice by choice: shape (n_states, n_actions)."""
        if self.q.shape != task.memory_shape:
            raise ValueError(
                f"memory has shape {self.q.shape}; {task.name} needs {task.memory_shape}"
            )
        m = task.slot
        flat = (x.reshape(-1)[m] for x in (self.q, self.sigma))
        return Memory(*flat, self.sigma_base, self.known.reshape(-1)[m])

    def cost(self, cost_weight=1.0, cost=costs.kl):
        """Return ``cost_weight`` times the summed cost of all memories that are paid for (eq-cost).

        In nats for ``cost_weight`` 1, in units of reward for the paper's lambda.
        """
        each = costs.named(cost).value(self.sigma, self.sigma_base)
        return cost_weight * np.sum(each, where=~self.known)

    def dprime(self):
        """Return d' of each state's best two actions, shape (n_states,); see :mod:`dra.policy`."""
        return policy.dprime(*self._choices())

    def choice_probabilities(self, beta):
        """Return the exact probability of each choice, (n_states, n_actions)."""
        return policy.choice_probabilities(*self._choices(), beta)

    def choice_entropy(self, beta=math.inf, base=None):
        """Return the entropy of each state's choice, (n_states,), in nats or in ``base``.

        ``beta=inf`` is the greedy choice of one draw, as in figure 1B of the paper.
        """
        return policy.choice_entropy(*self._choices(), beta=beta, base=base)

    def _choices(self):
        """Return (q, sigma), or raise where memories are shared and rows mean nothing."""
        if self.q.ndim != 2:
            raise ValueError(
                f"memory has shape {self.q.shape}, one entry per shared memory; "
                "use memory.rows(task) to read it choice by choice"
            )
        return self.q, self.sigma

    def save(self, path):
        """Write the memory to an .npz file, all of it or nothing."""
        _files.write_npz(path, {"kind": "dra.Memory", **self.arrays()})

    @classmethod
    def load(cls, path):
        """Read a memory that :meth:`save` wrote.

        Raises
        ------
        ValueError
            If the file is truncated or holds something else.
        """
        stored = _files.read_npz(path, "dra.Memory")
        return cls(stored["q"], stored["sigma"], float(stored["sigma_base"]), stored["known"])

    def arrays(self):
        """Return the contents as a dict of arrays."""
        return {
            "q": self.q,
            "sigma": self.sigma,
            "sigma_base": np.float64(self.sigma_base),
            "known": self.known,
        }

    def __str__(self):
        """List the memories, one a line, at most twenty."""
        each = costs.kl.value(self.sigma, self.sigma_base)
        lines = [f"{'memory':>12} {'q':>10} {'sigma':>10} {'KL (nats)':>10}"]
        for place in list(np.ndindex(self.q.shape))[:20]:
            name = ", ".join(map(str, place)) + (" known" if self.known[place] else "")
            lines.append(
                f"{name:>12} {self.q[place]:10.4g} {self.sigma[place]:10.4g} {each[place]:10.4g}"
            )
        if self.q.size > 20:
            lines.append(f"... {self.q.size} memories in all")
        return "\n".join(lines)

    def __repr__(self):
        """Name the size and the total price."""
        return (
            f"<Memory of {self.q.size} action-values, {self.cost():.4g} nats above "
            f"sigma_base {self.sigma_base:g}>"
        )
