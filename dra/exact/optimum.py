"""The best possible allocation: the maximum of the objective over sigma, q following sigma.

For each sigma the means are those that learning would settle on (:mod:`dra.exact.tied`), so q is
not free: an agent that may scale q buys precision for nothing. The gradient is exact, what q does
included (one adjoint solve), and L-BFGS-B climbs in log sigma. The objective has many local maxima,
mostly one for each way through the task that could be remembered, hence the choice of starts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from dra import _check, costs
from dra.exact import chain as chains
from dra.exact import tied
from dra.exact.objective import reward_gradient
from dra.memory import Memory

ROUGH, FINE = 3e-5, 1e-13  # tolerances of a climb, of the objective
_FAILURES = (RuntimeError, ValueError, np.linalg.LinAlgError)


@dataclass(frozen=True, eq=False)
class Optimum:
    """What :func:`optimal_allocation` returns.

    Attributes
    ----------
    memory : Memory
        The best allocation found, with the means that belong to it.
    objective, reward, cost : float
        objective = reward - cost; the cost is weighted.
    certificate : float
        Largest entry of the projected gradient in log sigma, in units of reward. It is zero at a
        maximum, which may be a local one.
    starts : (n_starts,) array
        Objective reached from each start, the best one polished; NaN where the values did not
        settle.
    """

    memory: Memory
    objective: float
    reward: float
    cost: float
    certificate: float
    starts: np.ndarray

    @property
    def spread(self):
        """Difference between the best and the worst start."""
        return float(np.nanmax(self.starts) - np.nanmin(self.starts))


@dataclass(frozen=True, eq=False)
class Problem:
    """What is maximised: ``gamma``-discounted reward minus ``price(total cost in nats)``."""

    ties: tied.Ties
    gamma: float
    sigma: np.ndarray  # (n_slots,) of the known memories; elsewhere not used
    sigma_base: float
    cost: object
    bounds: tuple
    price: Callable  # nats -> (price in units of reward, its derivative)


@dataclass(frozen=True, eq=False)
class Climb:
    """A point on the way up: its parts, and the gradient in log sigma of the free memories."""

    sigma: np.ndarray
    point: tied.Point
    reward: float
    nats: float
    objective: float
    gradient: np.ndarray


def optimal_allocation(
    task, *, beta, gamma, cost_weight, sigma_base, gamma_q=None, cost=costs.kl,
    sigma_bounds=(0.01, 100.0), starts=7, rng=0,
):  # fmt: skip
    """Find the sigma that maximises the objective while q holds the values of the policy.

    Parameters
    ----------
    task : Tabular
    beta : float
        Inverse temperature; may be inf.
    gamma : float in [0, 1]
        Discount of the objective.
    cost_weight : float >= 0
    sigma_base : float
    gamma_q : float in [0, 1], optional
        Discount at which q is learned; by default ``gamma``. The paper learns at 0.9 and reports
        the undiscounted return.
    cost : str or cost
    sigma_bounds : (float, float)
    starts : int, or sequence of numbers and arrays of ``task.memory_shape``
        Values of sigma to climb from. A number n stands for one equal allocation and n - 1 that
        are precise along one good way through the task each. Where there are fewer good ways, two
        more equal allocations may join them.
    rng : seed or Generator
        Only used to choose among equally good ways.

    Returns
    -------
    Optimum

    Raises
    ------
    ValueError
        If an argument is not legal, or the task cannot be solved at this discount.
    RuntimeError
        If the values do not settle from any start.
    """
    cost_weight = _check.number("cost_weight", cost_weight, least=0)
    problem = problem_of(
        task, beta, gamma, gamma_q, sigma_base, cost, sigma_bounds, weighted(cost_weight)
    )
    rough = first_climbs(problem, task, starts, rng)
    best = highest(rough)
    rough[best] = climb(problem, rough[best].sigma, rough[best].point.x, FINE)
    top = rough[best]
    return Optimum(
        memory_at(problem, task, top), top.objective, top.reward, top.reward - top.objective,
        steepness(problem, top), np.array([c.objective if c else np.nan for c in rough]),
    )  # fmt: skip


def problem_of(task, beta, gamma, gamma_q, sigma_base, cost, sigma_bounds, price):
    """Return the :class:`Problem`, its arguments checked."""
    beta = _check.number("beta", beta, above=0, finite=False)
    gamma = _check.number("gamma", gamma, least=0, most=1)
    gamma_q = gamma if gamma_q is None else _check.number("gamma_q", gamma_q, least=0, most=1)
    bounds = _check.bounds("sigma_bounds", sigma_bounds)
    memory = Memory.initial(task, sigma=sigma_base, sigma_base=sigma_base)
    return Problem(
        tied.ties(task, memory, beta, gamma_q), gamma, memory.sigma.ravel(), memory.sigma_base,
        costs.named(cost), bounds, price,
    )  # fmt: skip


def weighted(cost_weight):
    """Return the price of a :class:`Problem` at which every nat costs ``cost_weight``."""
    return lambda nats: (cost_weight * nats, cost_weight)


def first_climbs(problem, task, starts, rng):
    """Return rough climbs from all starts, each from the values of the one before; see climb."""
    rough = []
    for sigma, x in places(problem, task, starts, rng):
        near = rough[-1].point.x if rough and rough[-1] else x
        rough.append(climb(problem, sigma, near, ROUGH))
    return rough


def places(problem, task, starts, rng):
    """Return a list of (sigma (n_slots,), x): where to climb from."""
    ties, size = problem.ties, problem.sigma.size
    x = np.where(ties.known, ties.known_q, 0.0) if ties.shared else np.zeros(ties.model.states.size)
    if isinstance(starts, (int, np.integer)):
        n = _check.integer("starts", starts, least=1)
        precise = _clipped(problem, np.full(size, problem.sigma_base / 100))
        point = tied.settled(ties, precise[ties.slot], x)
        equal = [np.full(size, problem.sigma_base / k) for k in (5, 2, 25)]
        found = [equal[0], *ways(problem, point, n - 1, rng), *equal[1:]]
        found = found[: max(len(found) - 2, min(n, 4))]
        return [(_clipped(problem, s), point.x) for s in found]
    shape = task.memory_shape
    given = [_check.array("a start", s, shape=shape, above=0).ravel() for s in starts]
    return [(_clipped(problem, s), x) for s in given]


def _clipped(problem, sigma):
    return np.where(problem.ties.known, problem.sigma, np.clip(sigma, *problem.bounds))


def ways(problem, point, n, rng):
    """Return at most ``n`` allocations that are precise on one good way through the task each.

    A way is the states that a greedy policy visits. Ties are broken by noise on the values of
    ``point``, and the noise grows until better known ways are joined by others.
    """
    ties, rng, found = problem.ties, np.random.default_rng(rng), {}
    q = point.made.q
    span = q.max(axis=1, keepdims=True) - q.min(axis=1, keepdims=True)
    for size in np.geomspace(1e-4, 0.3, 40):
        if len(found) >= n:
            break
        noisy = q + size * span * rng.random(q.shape)
        weight = np.eye(q.shape[1])[noisy.argmax(axis=1)]
        visited = chains.visits(ties.model, weight, 0.99) > 0.05
        sigma = np.full(problem.sigma.size, problem.sigma_base)
        sigma[ties.slot[visited]] = np.minimum(0.4 * span[visited], problem.sigma_base)
        found.setdefault(visited.tobytes(), sigma)
    return list(found.values())


def at(problem, sigma, before):
    """Return the :class:`Climb` at ``sigma``; ``before`` is a Climb near by, or values x."""
    ties = problem.ties
    rows = sigma[ties.slot]
    if isinstance(before, Climb):
        guess = before.point.x + before.point.push(rows - before.sigma[ties.slot])
        try:
            point = tied.settled(ties, rows, guess)
        except _FAILURES:
            point = tied.settled(ties, rows, before.point.x)
    else:
        point = tied.settled(ties, rows, before)
    by_sigma, by_q = reward_gradient(ties.model, point.made, problem.gamma)
    slope = np.bincount(ties.slot.ravel(), (by_sigma + point.pull(by_q)).ravel(), sigma.size)
    counts = chains.visits(ties.model, point.made.chance, problem.gamma)
    reward = float(counts @ np.sum(point.made.chance * ties.model.reward, axis=1))
    free = ~ties.known
    nats = float(np.sum(problem.cost.value(sigma, problem.sigma_base), where=free))
    price, rate = problem.price(nats)
    slope = slope - rate * problem.cost.grad(sigma, problem.sigma_base)
    return Climb(sigma, point, reward, nats, reward - price, (sigma * slope)[free])


def climb(problem, sigma, x, tolerance):
    """Climb from ``sigma`` by L-BFGS-B in log sigma; None if the values do not settle there."""
    free = ~problem.ties.known
    last = None

    def negative(log_sigma):
        nonlocal last
        now = sigma.copy()
        now[free] = np.clip(np.exp(log_sigma), *problem.bounds)
        last = at(problem, now, x if last is None else last)
        return -last.objective, -last.gradient

    bounds = [tuple(np.log(problem.bounds))] * int(free.sum())
    options = {"maxiter": 500, "maxcor": 30, "ftol": tolerance, "gtol": tolerance**0.5}
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
    log_sigma = np.log(top.sigma[~problem.ties.known])
    low, high = np.log(problem.bounds)
    moved = np.clip(log_sigma + top.gradient, low, high) - log_sigma
    return float(np.abs(moved).max(initial=0.0))


def memory_at(problem, task, top):
    """Return the :class:`Memory` at ``top``; choices that cannot occur have q = 0."""
    ties = problem.ties
    q = ties.known_q.copy()
    q[ties.slot] = top.point.made.q
    shape = task.memory_shape
    return Memory(
        q.reshape(shape), top.sigma.reshape(shape), problem.sigma_base, ties.known.reshape(shape)
    )
