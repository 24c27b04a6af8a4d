"""What an allocation for the planner is judged by: reward minus the price of every memory."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dra import _check, costs
from dra.memory import Memory
from dra.planning import tree
from dra.planning.reward import left_probability, n_paths


@dataclass(frozen=True, eq=False)
class Problem:
    """What an optimiser needs. Arrays of sigma have shape (..., n_states, 2)."""

    task: object
    budget: int
    found: tree.Tree
    blank: Memory
    cost: costs.Cost
    cost_weight: float
    low: float
    high: float

    @property
    def built_in(self):
        """Whether the cost is one of the family: of one sigma alone, and convex in sigma^2."""
        return any(self.cost is cost for cost in costs.BUILT_IN.values())

    def memory(self, sigma):
        """Return the memory with ``sigma`` where memories are paid for."""
        blank = self.blank
        return Memory(blank.q, self.fill(sigma), blank.sigma_base, blank.known, blank.available)

    def fill(self, sigma):
        """Return ``sigma`` with the known memories' own."""
        return np.where(self.blank.known, self.blank.sigma, sigma)

    def objective(self, sigma):
        """Return the exact objective, shape (...)."""
        reward = self.found.expected(left_probability(self.blank.q, sigma))
        return reward - self.costs(sigma, slice(None)).sum(axis=-1)

    def costs(self, sigma, states):
        """Return what the memories of each of ``states`` cost; ``sigma`` is of these alone."""
        each = self.nats(sigma, states)
        return self.cost_weight * np.sum(each, axis=-1, where=~self.blank.known[states])

    def nats(self, sigma, states):
        """Return the cost of each memory of ``states``, in nats, in the shape of ``sigma``."""
        base = self.blank.sigma_base
        if self.built_in:
            return costs.trusted(self.cost).value(sigma, base)
        shape = self.blank.sigma.shape  # any other cost is given one whole memory at a time
        whole = np.broadcast_to(self.blank.sigma, (*sigma.shape[:-2], *shape)).copy()
        whole[..., states, :] = sigma
        distinct, back = np.unique(
            whole.reshape(-1, self.blank.sigma.size), axis=0, return_inverse=True
        )
        nats = np.array([costs.evaluated(self.cost, s.reshape(shape), base) for s in distinct])
        return nats[back.ravel()].reshape(whole.shape)[..., states, :]


def problem_of(task, budget, cost_weight, cost, sigma_base, sigma_bounds):
    """Check the arguments and return the :class:`Problem`."""
    found = tree.build(task, n_paths(task, budget))
    cost_weight = _check.number("cost_weight", cost_weight, least=0)
    low, high = _check.bounds("sigma_bounds", sigma_bounds)
    q = tree.optimal_values(task)
    blank = Memory.initial(task, q=q, sigma=high, sigma_base=sigma_base)
    cost = costs.named(cost)
    for bound in (low, high):
        ends = np.where(blank.known, blank.sigma, bound)
        costs.evaluated(cost, ends, blank.sigma_base)
    return Problem(task, budget, found, blank, cost, cost_weight, low, high)
