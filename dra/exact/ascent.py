"""The way up: climbs in log sigma, q following sigma, and where they start.

For each sigma the means are those that learning would settle on (:mod:`dra.exact.tied`), so q is
not free: an agent that may scale q buys precision for nothing. The gradient is exact, what q does
included (one adjoint solve), and L-BFGS-B climbs in log sigma.

A *start* is an allocation from which to climb, an *optimum* where the climb ends, and a *way* the
states that one greedy policy visits. Episodes do not start here, they *begin*.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from dra import _check, costs
from dra.costs import Cost
from dra.exact import chain as chains
from dra.exact import tied
from dra.exact.objectives import reward_and_gradient
from dra.memory import Memory

ROUGH, FINE = 3e-5, 1e-13  # tolerances of a climb, of the objective in its unit
_STEPS = {ROUGH: 40, FINE: 500}  # most steps; whatever is best goes on
_FAILURES = (RuntimeError, ValueError, np.linalg.LinAlgError)


@dataclass(frozen=True, eq=False)
class Problem:
    """What is maximised: ``gamma``-discounted reward minus ``price(total cost in nats)``.

    ``memory`` holds what is known, and whatever is left open. Sigmas are (n_slots,) arrays.
    """

    ties: tied.Ties
    gamma: float
    memory: Memory
    cost: Cost
    bounds: tuple
    price: Callable  # nats -> (price in units of reward, its derivative)

    @property
    def free(self):
        """Mask (n_slots,) of the memories that are not known."""
        return ~self.ties.known

    @property
    def unit(self):
        """What tolerances of the objective count in, see :class:`dra.exact.chain.States`."""
        return self.ties.states.unit

    def clipped(self, sigma):
        """Return ``sigma`` within bounds, and as it is known where it is."""
        inside = np.clip(sigma, *self.bounds)
        return np.where(self.ties.known, self.memory.sigma.ravel(), inside)

    def nats(self, sigma, method="value"):
        """Return the cost of each memory, or its slope, (n_slots,); 0 for known memories."""
        function = getattr(self.cost, method)
        each = function(sigma.reshape(self.memory.sigma.shape), self.memory.sigma_base)
        return np.where(self.ties.known, 0.0, np.ravel(each))


@dataclass(frozen=True, eq=False)
class Climb:
    """A point on the way up: its parts, and the gradient in log sigma of the free memories."""

    sigma: np.ndarray
    point: tied.Separate | tied.Shared
    reward: float
    nats: float
    objective: float
    gradient: np.ndarray


def problem_of(task, beta, gamma, gamma_q, sigma_base, cost, sigma_bounds, price):
    """Return the :class:`Problem`, its arguments checked."""
    beta = _check.number("beta", beta, above=0, finite=False)
    gamma = _check.number("gamma", gamma, least=0, most=1)
    gamma_q = gamma if gamma_q is None else _check.number("gamma_q", gamma_q, least=0, most=1)
    sigma_base = _check.number("sigma_base", sigma_base, above=0)
    bounds = _check.bounds("sigma_bounds", sigma_bounds)
    states = chains.states(task)
    memory = Memory.initial(task, sigma=sigma_base, sigma_base=sigma_base)
    for sigma in bounds:
        for method in ("value", "grad"):
            costs.evaluated(cost, np.where(memory.known, memory.sigma, sigma), sigma_base, method)
    return Problem(
        tied.ties(task, states, memory, beta, gamma_q), gamma, memory,
        costs.trusted(costs.named(cost)), bounds, price,
    )  # fmt: skip


def weighted(cost_weight):
    """Return the price of a :class:`Problem` at which every nat costs ``cost_weight``."""
    return lambda nats: (cost_weight * nats, cost_weight)


def first_climbs(problem, starts, bar):
    """Return rough climbs from all starts, each from the values of the one before; see climb."""
    rough = []
    for sigma, x in starts:
        near = rough[-1].point.x if rough and rough[-1] else x
        rough.append(climb(problem, sigma, near, ROUGH))
        bar.update()
    return rough


def starts_of(problem, starts, rng):
    """Return the checked starts as a list of (sigma (n_slots,), x)."""
    ties, size, rng = problem.ties, problem.ties.known.size, _check.generator("rng", rng)
    x = np.where(ties.known, ties.known_q, 0.0) if ties.shared else np.zeros(len(ties.slot))
    if isinstance(starts, str) or not np.iterable(starts):
        n = _check.integer("starts", starts, least=1)
        precise = problem.clipped(np.full(size, problem.memory.sigma_base / 100))
        point = tied.settled(ties, precise[ties.slot], x)
        equal = [np.full(size, problem.memory.sigma_base / k) for k in (5, 2, 25)]
        found = [equal[0], *ways(problem, point, n - 1, rng), *equal[1:]]
        return [(problem.clipped(s), point.x) for s in found[: max(len(found) - 2, min(n, 4))]]
    shape, given = problem.memory.sigma.shape, []
    legal = "a number of starts, or a sequence of them"
    for i, start in enumerate(_check.listed("starts", starts, legal)):
        sigma = _check.array(f"starts[{i}]", start, above=0)
        if sigma.shape not in ((), shape):
            raise ValueError(f"starts[{i}] has shape {sigma.shape}; it must be a number or {shape}")
        given.append((problem.clipped(np.broadcast_to(sigma, shape).ravel()), x))
    if not given:
        raise ValueError("starts is empty; there must be one at least")
    return given


def ways(problem, point, n, rng):
    """Return at most ``n`` allocations that are precise on one good way through the task each.

    A way is the states that a greedy policy visits. Ties are broken by noise on the values of
    ``point``, and the noise grows until better known ways are joined by others.
    """
    ties, found = problem.ties, {}
    available, q = ties.states.available, point.made.q
    low, high = (
        f(q, axis=1, where=available, keepdims=True, initial=start)
        for f, start in ((np.min, np.inf), (np.max, -np.inf))
    )
    for size in np.geomspace(1e-4, 0.3, 40):
        if len(found) >= n:
            break
        noisy = np.where(available, q + size * (high - low) * rng.random(q.shape), -np.inf)
        weight = np.eye(q.shape[1])[noisy.argmax(axis=1)]
        visited = chains.visits(ties.states, weight, 0.99) > 0.05
        sigma = np.full(ties.known.size, problem.memory.sigma_base)
        precise = np.minimum(0.4 * (high - low)[visited], problem.memory.sigma_base)
        sigma[ties.slot[visited]] = precise
        found.setdefault(visited.tobytes(), sigma)
    return list(found.values())


def at(problem, sigma, before, tolerance=tied.TOLERANCE):
    """Return the :class:`Climb` at ``sigma``; ``before`` is a Climb near by, or values x."""
    ties, x = problem.ties, before
    rows = sigma[ties.slot]
    if isinstance(before, Climb):
        x = before.point.x
        guess = x + before.point.push(rows - before.sigma[ties.slot])
        with suppress(*_FAILURES):
            return _at(problem, sigma, tied.settled(ties, rows, guess, tolerance))
    return _at(problem, sigma, tied.settled(ties, rows, x, tolerance))


def _at(problem, sigma, point):
    ties = problem.ties
    reward, by_sigma, by_q = reward_and_gradient(ties.states, point.made, problem.gamma)
    slope = np.bincount(ties.slot.ravel(), (by_sigma + point.pull(by_q)).ravel(), sigma.size)
    nats = float(np.sum(problem.nats(sigma)))
    price, rate = problem.price(nats)
    slope = slope - rate * problem.nats(sigma, "grad")
    return Climb(sigma, point, reward, nats, reward - price, (sigma * slope)[problem.free])


def climb(problem, sigma, x, tolerance):
    """Climb from ``sigma`` by L-BFGS-B in log sigma; None if the values do not settle there."""
    free, unit, last = problem.free, problem.unit, None

    def negative(log_sigma):
        nonlocal last
        now = sigma.copy()
        now[free] = np.clip(np.exp(log_sigma), *problem.bounds)
        last = at(problem, now, x if last is None else last, max(tied.TOLERANCE, 0.1 * tolerance))
        return -last.objective / unit, -last.gradient / unit

    bounds = [tuple(np.log(problem.bounds))] * int(free.sum())
    options = {
        "maxiter": _STEPS.get(tolerance, 500),
        "maxcor": 30,
        "ftol": tolerance,
        "gtol": tolerance**0.5,
    }
    try:
        found = minimize(
            negative, np.log(sigma[free]), jac=True, method="L-BFGS-B", bounds=bounds,
            options=options,
        )  # fmt: skip
        if not np.allclose(np.exp(found.x), last.sigma[free], rtol=1e-14, atol=0.0):
            negative(found.x)
    except _FAILURES:
        return None
    return last


def highest(climbs):
    """Return the number of the best of ``climbs``."""
    reached = [-np.inf if c is None else c.objective for c in climbs]
    if not np.isfinite(reached).any():
        raise RuntimeError("the values did not settle from any start; give other starts")
    return int(np.argmax(reached))


def steepness(problem, top):
    """Return the largest entry of the gradient in log sigma that does not point out of bounds."""
    log_sigma = np.log(top.sigma[problem.free])
    low, high = np.log(problem.bounds)
    moved = np.clip(log_sigma + top.gradient, low, high) - log_sigma
    return float(np.abs(moved).max(initial=0.0))


def memory_at(problem, top):
    """Return the :class:`Memory` at ``top``; choices that cannot occur have q = 0."""
    q, shape = problem.ties.known_q.copy(), problem.memory.q.shape
    q[problem.ties.slot] = top.point.made.q
    return replace(problem.memory, q=q.reshape(shape), sigma=top.sigma.reshape(shape))
