"""What the Dynamic Resource Allocator does on average: its expected step and where that leads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dra import _check, _progress, costs
from dra.costs import Cost
from dra.credits import Credit
from dra.exact import chain as chains
from dra.exact import tied
from dra.exact.objective import (
    Choices,
    choices,
    choices_of,
    collected,
    credited,
    fitted,
    remembered,
    with_mean,
)
from dra.memory import Memory
from dra.parameters import Parameters
from dra.tasks.table import Tabular

_STEP = 1e-5  # of the differences that make the Jacobian, relative to sigma
_LONGEST = 0.5  # step of log sigma


@dataclass(frozen=True, eq=False)
class FixedPoint:
    """What :func:`fixed_point` returns.

    Attributes
    ----------
    memory : Memory
    residual : float
        Largest drift of log sigma that does not point out of bounds, times sigma^2 (so that it is
        a change of the objective, in units of reward). Zero at a fixed point.
    converged : bool
        Whether the residual is below the tolerance.
    steps : int
    """

    memory: Memory
    residual: float
    converged: bool
    steps: int


def expected_step(task: Tabular, memory: Memory, **parameters: Any) -> Memory:
    """Return the memory after the average trial of :func:`dra.train`.

    To first order in the learning rates: the updates of a trial are added up at the memory with
    which it began. Where a choice is made so often in an episode that learning_rate_q times the
    number of times is no longer small, the sampled trial does less than this.

    Parameters
    ----------
    task : Tabular
    memory : Memory
    **parameters
        See :class:`dra.parameters.Parameters`; those not given come from the task's preset. beta
        must be one number.

    Returns
    -------
    Memory

    Raises
    ------
    ValueError
        If an argument is not legal, or an episode may never end.
    """
    states, memory = fitted(task, memory)
    p, credit = _resolved(task, parameters)
    slope = p.cost_weight * costs.evaluated(p.cost, memory.sigma, memory.sigma_base, "grad")
    made = choices(task, memory, states, p.beta)
    often = chains.visits(states, made.chance, 1.0)[:, None] * made.chance
    value = np.sum(made.chance * made.q, axis=1)
    lacking = often * (states.reward + p.gamma_q * states.ahead(value) - made.q)
    q = memory.q + p.learning_rate_q * collected(task, memory, states, lacking)
    gradient = collected(task, memory, states, credited(states, made, p.gamma, credit))
    moved = memory.sigma + p.learning_rate_sigma * (gradient - slope)
    sigma = np.where(memory.known, memory.sigma, np.clip(moved, *p.sigma_bounds))
    return replace(memory, q=q, sigma=sigma)


def fixed_point(
    task: Tabular, *, start: Memory | None = None, tolerance: float = 1e-6, max_steps: int = 200,
    progress: bool | None = None, **parameters: Any,
) -> FixedPoint:  # fmt: skip
    """Follow the expected dynamics, learning of q being much the faster, until nothing moves.

    There q holds what learning settles on (:mod:`dra.exact.tied`), and the expected gradient with
    the agent's credit equals the price of precision, or sigma is at a bound. There may be several
    fixed points; ``start`` decides which one is found.

    Parameters
    ----------
    task : Tabular
    start : Memory, optional
        Default: the memory with which training begins.
    tolerance : float >= 0
    max_steps : int >= 0
    progress : bool, optional
        As for :func:`dra.exact.optimal_allocation`.
    **parameters
        As for :func:`expected_step`.

    Returns
    -------
    FixedPoint
        ``converged`` is False where the steps did not suffice.

    Raises
    ------
    ValueError
        As :func:`expected_step`.
    RuntimeError
        If the values do not settle.
    """
    tolerance = _check.number("tolerance", tolerance, least=0)
    max_steps = _check.integer("max_steps", max_steps)
    chains.states(task)  # raises where there are none
    p, credit = _resolved(task, parameters)
    if start is None:
        start = Memory.initial(task, q=p.q_init, sigma=p.sigma_init, sigma_base=p.sigma_base)
    flow, sigma, point = _begin(task, start, p, credit)
    length, step = 1.0, 0
    with _progress.bar(max_steps, "step", progress) as bar:
        while True:
            drift = flow.drift(sigma, point)
            residual = flow.residual(sigma, drift)
            if residual <= tolerance or step == max_steps or length < 1e-6:
                break
            sigma, point, length = _advance(flow, sigma, point, drift, length)
            step += 1
            bar.update()
    return FixedPoint(flow.memory_at(sigma, point), residual, residual <= tolerance, step)


def stability(
    task: Tabular, memory: Memory, *, tolerance: float = 1e-5, **parameters: Any
) -> float:
    """Return how fast the expected dynamics leaves (above 0) or approaches a fixed point.

    The largest real part of the eigenvalues of the Jacobian of the expected change of sigma in one
    trial, in 1 / trials, with q following sigma at once. Sigmas held at a bound are left out.

    Parameters
    ----------
    task : Tabular
    memory : Memory
        A fixed point.
    tolerance : float >= 0
        Largest residual, in units of reward, that passes for a fixed point. Means may miss those
        that learning settles on by as much.
    **parameters
        As for :func:`expected_step`.

    Returns
    -------
    float

    Raises
    ------
    ValueError
        As :func:`fixed_point`, or if ``memory`` is away from a fixed point.
    RuntimeError
        If the values do not settle.
    """
    tolerance = _check.number("tolerance", tolerance, least=0)
    _, memory = fitted(task, memory)
    p, credit = _resolved(task, parameters)
    flow, sigma, point = _begin(task, memory, p, credit)
    drift = flow.drift(sigma, point)
    there = flow.memory_at(sigma, point)
    off = np.abs(there.q - memory.q).max(), np.abs(there.sigma - memory.sigma).max()
    residual = max(flow.residual(sigma, drift), *off)
    if not residual <= tolerance:
        raise ValueError(
            f"memory is away from a fixed point: the residual is {residual:.2g}, tolerance is "
            f"{tolerance:g}; exact.fixed_point(task, start=memory, ...) leads to one"
        )
    moves = np.flatnonzero(flow.inward(sigma, drift))
    moves = np.union1d(moves, np.flatnonzero((drift == 0) & ~flow.ties.known))
    jacobian = _jacobian(flow, sigma, point)[np.ix_(moves, moves)]
    if moves.size == 0:
        return -np.inf
    return float(p.learning_rate_sigma * np.linalg.eigvals(jacobian).real.max())


@dataclass(frozen=True, eq=False)
class _Flow:
    """The drift of sigma (n_slots,), in units of learning_rate_sigma a trial, q following it."""

    ties: tied.Ties
    parameters: Parameters
    memory: Memory
    credit: Credit
    cost: Cost

    def gradient(self, made):
        """Return the expected gradient, memory by memory (n_slots,)."""
        rows = credited(self.ties.states, made, self.parameters.gamma, self.credit)
        total = np.bincount(self.ties.slot.ravel(), rows.ravel(), self.ties.known.size)
        return np.where(self.ties.known, 0.0, total)

    def price(self, sigma):
        """Return the derivative of the weighted cost."""
        slope = self.cost.grad(sigma.reshape(self.memory.sigma.shape), self.memory.sigma_base)
        return np.where(self.ties.known, 0.0, self.parameters.cost_weight * np.ravel(slope))

    def drift(self, sigma, point):
        """Return the expected change of sigma."""
        return self.gradient(point.made) - self.price(sigma)

    def residual(self, sigma, drift):
        """Return the largest drift that does not point out of bounds, in units of reward."""
        return float(np.abs(self.inward(sigma, sigma * drift)).max(initial=0.0))

    def memory_at(self, sigma, point):
        """Return the :class:`Memory` with this sigma and its means."""
        q, shape = self.memory.q.ravel().copy(), self.memory.q.shape
        q[self.ties.slot] = point.made.q
        return replace(self.memory, q=q.reshape(shape), sigma=sigma.reshape(shape))

    def inward(self, sigma, change):
        """Return ``change`` without what would lead out of bounds."""
        low, high = self.parameters.sigma_bounds
        outward = ((sigma <= low) & (change < 0)) | ((sigma >= high) & (change > 0))
        return np.where(outward, 0.0, change)


def _begin(task, memory, p, credit):
    """Return (flow, sigma, settled point) for a memory."""
    states, memory = fitted(task, memory)
    costs.evaluated(p.cost, memory.sigma, memory.sigma_base, "grad")
    ties = tied.ties(task, states, memory, p.beta, p.gamma_q)
    flow = _Flow(ties, p, memory, credit, costs.trusted(p.cost))
    sigma = memory.sigma.ravel()
    sigma = np.where(ties.known, sigma, np.clip(sigma, *p.sigma_bounds))
    x = tied.values(ties, sigma[ties.slot], remembered(task, memory, states)[0])
    return flow, sigma, tied.settled(ties, sigma[ties.slot], x)


def _advance(flow, sigma, point, drift, length):
    """Take an implicit Euler step of d(log sigma)/dt = drift / sigma; return the next length too.

    The step is shortened until it is small and nearly solves its equation.
    """
    low, high = flow.parameters.sigma_bounds
    slope = _jacobian(flow, sigma, point) * sigma / sigma[:, None] - np.diag(drift / sigma)
    free = np.flatnonzero(flow.inward(sigma, drift))
    speed = (drift / sigma)[free]
    for _ in range(30):
        step = np.linalg.solve(np.eye(free.size) / length - slope[np.ix_(free, free)], speed)
        largest = np.abs(step).max()
        if largest <= _LONGEST:
            new = sigma.copy()
            new[free] = np.clip(sigma[free] * np.exp(step), low, high)
            guess = point.x + point.push((new - sigma)[flow.ties.slot])
            after = tied.settled(flow.ties, new[flow.ties.slot], guess)
            error = step - length * (flow.drift(new, after) / new)[free]
            error = np.abs(error[(new[free] > low) & (new[free] < high)]).max(initial=0.0)
            if error <= 0.5 * largest:
                return new, after, length * (2.5 if error < 0.2 * largest else 1.0)
        length /= 2.5
    return sigma, point, 0.0


def _jacobian(flow, sigma, point):
    """Return the derivative of the drift in sigma, (n_slots, n_slots), q following sigma."""
    ties, size = flow.ties, sigma.size
    follow = np.zeros((size, size))
    for m in np.flatnonzero(~ties.known):
        follow[:, m] = point.means(point.push((ties.slot == m).astype(float)))
    total = _partial(flow, sigma, point, "sigma") + _partial(flow, sigma, point, "q") @ follow
    change = _STEP * sigma
    curvature = (flow.price(sigma + change) - flow.price(sigma - change)) / (2 * change)
    return total - np.diag(curvature)


def _partial(flow, sigma, point, name):
    """Return the derivative of the expected gradient in ``name``, by differences.

    A memory changes the choices of few states; only those are computed again.
    """
    ties, made = flow.ties, point.made
    memory, state = np.nonzero((ties.slot == np.arange(sigma.size)[:, None, None]).any(axis=2))
    q, s = made.q[state], sigma[ties.slot[state]]
    changed = q if name == "q" else s
    change = _STEP * sigma
    changed += np.where(ties.slot[state] == memory[:, None], change[memory][:, None], 0.0)
    new = choices_of(q, s, ties.beta, ties.states.available[state])
    before, result = flow.gradient(made), np.zeros((sigma.size, sigma.size))
    for m in np.flatnonzero(~ties.known):
        own = memory == m
        if own.any():
            parts = made.q.copy(), made.chance.copy(), made.by_sigma.copy()
            for part, moved in zip(parts, (new.q, new.chance, new.by_sigma), strict=True):
                part[state[own]] = moved[own]
            result[:, m] = (flow.gradient(Choices(*parts, made.by_q)) - before) / change[m]
    return result


def _resolved(task, parameters):
    """Return the :class:`Parameters` of a task and their credit; beta must be one number."""
    p = Parameters.resolve(task.preset, parameters)
    if not isinstance(p.beta, float):
        raise ValueError(f"beta has {p.beta.size} entries; the expected dynamics needs one number")
    return p, with_mean(p.credit)
