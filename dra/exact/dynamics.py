"""What the Dynamic Resource Allocator does on average: its expected step and where that leads."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dra.exact import chain as chains
from dra.exact import tied
from dra.exact.objective import Choices, choices, collected, credited, remembered
from dra.memory import Memory
from dra.parameters import Parameters
from dra.policy import choice_probability_derivatives

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


def expected_step(task, memory, **parameters):
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
    p = _resolved(task, parameters)
    model = chains.model(task)
    made = choices(task, memory, model, p.beta)
    often = chains.visits(model, made.chance, 1.0)[:, None] * made.chance
    value = np.sum(made.chance * made.q, axis=1)
    lacking = often * (model.reward + p.gamma_q * model.ahead(value) - made.q)
    q = memory.q + p.learning_rate_q * collected(task, memory, model, lacking)
    gradient = collected(task, memory, model, credited(model, made, p.gamma, p.credit))
    slope = gradient - p.cost_weight * p.cost.grad(memory.sigma, memory.sigma_base)
    sigma = np.clip(memory.sigma + p.learning_rate_sigma * slope, *p.sigma_bounds)
    sigma = np.where(memory.known, memory.sigma, sigma)
    return Memory(q, sigma, memory.sigma_base, memory.known)


def fixed_point(task, *, start=None, tolerance=1e-6, max_steps=200, **parameters):
    """Follow the expected dynamics, learning of q being much the faster, until nothing moves.

    There q holds what learning settles on (:mod:`dra.exact.tied`), and the expected gradient with
    the agent's credit equals the price of precision, or sigma is at a bound. There may be several
    fixed points; ``start`` decides which one is found.

    Parameters
    ----------
    task : Tabular
    start : Memory, optional
        Default: the memory with which training begins.
    tolerance : float
    max_steps : int
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
    p = _resolved(task, parameters)
    if start is None:
        start = Memory.initial(task, q=p.q_init, sigma=p.sigma_init, sigma_base=p.sigma_base)
    flow, sigma, point = _begin(task, start, p)
    length = 1.0
    for step in range(max_steps + 1):
        drift = flow.drift(sigma, point)
        residual = float(np.abs(flow.inward(sigma, sigma * drift)).max(initial=0.0))
        if residual <= tolerance or step == max_steps or length < 1e-6:
            break
        sigma, point, length = _advance(flow, sigma, point, drift, length)
    q = start.q.ravel().copy()
    q[flow.ties.slot] = point.made.q
    shape = start.q.shape
    found = Memory(q.reshape(shape), sigma.reshape(shape), start.sigma_base, start.known)
    return FixedPoint(found, residual, residual <= tolerance, step)


def stability(task, memory, **parameters):
    """Return how fast the expected dynamics leaves (above 0) or approaches a fixed point.

    The largest real part of the eigenvalues of the Jacobian of the expected change of sigma in one
    trial, in 1 / trials, with q following sigma at once. Sigmas held at a bound are left out.

    Parameters
    ----------
    task : Tabular
    memory : Memory
        A fixed point.
    **parameters
        As for :func:`expected_step`.

    Returns
    -------
    float

    Raises
    ------
    ValueError, RuntimeError
        As :func:`fixed_point`.
    """
    p = _resolved(task, parameters)
    flow, sigma, point = _begin(task, memory, p)
    drift = flow.drift(sigma, point)
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
    sigma_base: float

    def gradient(self, made):
        """Return the expected gradient, memory by memory (n_slots,)."""
        p = self.parameters
        rows = credited(self.ties.model, made, p.gamma, p.credit)
        total = np.bincount(self.ties.slot.ravel(), rows.ravel(), self.ties.known.size)
        return np.where(self.ties.known, 0.0, total)

    def price(self, sigma):
        """Return the derivative of the weighted cost."""
        p = self.parameters
        slope = p.cost_weight * p.cost.grad(sigma, self.sigma_base)
        return np.where(self.ties.known, 0.0, slope)

    def drift(self, sigma, point):
        """Return the expected change of sigma."""
        return self.gradient(point.made) - self.price(sigma)

    def inward(self, sigma, change):
        """Return ``change`` without what would lead out of bounds."""
        low, high = self.parameters.sigma_bounds
        outward = ((sigma <= low) & (change < 0)) | ((sigma >= high) & (change > 0))
        return np.where(outward, 0.0, change)


def _begin(task, memory, p):
    """Return (flow, sigma, settled point) for a memory."""
    ties = tied.ties(task, memory, p.beta, p.gamma_q)
    flow = _Flow(ties, p, memory.sigma_base)
    sigma = memory.sigma.ravel()
    sigma = np.where(ties.known, sigma, np.clip(sigma, *p.sigma_bounds))
    x = tied.values(ties, sigma[ties.slot], remembered(task, memory, ties.model)[0])
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
        follow[:, m] = tied.slots(ties, point.push((ties.slot == m).astype(float)))
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
    chance, _, by_sigma = choice_probability_derivatives(q, s, ties.beta)
    before, result = flow.gradient(made), np.zeros((sigma.size, sigma.size))
    for m in np.flatnonzero(~ties.known):
        own = memory == m
        if own.any():
            parts = made.q.copy(), made.chance.copy(), made.by_sigma.copy()
            for part, new in zip(parts, (q, chance, by_sigma), strict=True):
                part[state[own]] = new[own]
            result[:, m] = (flow.gradient(Choices(*parts, None)) - before) / change[m]
    return result


def _resolved(task, parameters):
    """Return the :class:`Parameters` of a task; beta must be one number."""
    p = Parameters.resolve(task.preset, parameters)
    if not isinstance(p.beta, float):
        raise ValueError(f"beta has {p.beta.size} entries; the expected dynamics needs one number")
    return p
