"""What the Dynamic Resource Allocator does on average: its expected step and where that leads."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dra import _check, _progress, costs
from dra.exact import chain as chains
from dra.exact import flow as flows
from dra.exact.objectives import (
    choices,
    collected,
    credited,
    fitted,
    visits_and_action_values,
)
from dra.memory import Memory
from dra.tasks.table import Tabular


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
        Whether the residual is within the tolerance.
    steps : int
    """

    memory: Memory
    residual: float
    converged: bool
    steps: int


@np.errstate(all="ignore")
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

    Examples
    --------
    >>> import dra
    >>> from dra import exact
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> memory = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
    >>> after = exact.expected_step(task, memory, beta=10.0, learning_rate_q=0.1)
    >>> after.q.round(2)[1]  # next to the goal, where the last action leads to it
    array([-0.1, -0.1, -0.1,  1. ])
    """
    states, memory = fitted(task, memory)
    p, credit = flows.resolved(task, parameters)
    slope = p.cost_weight * costs.evaluated(p.cost, memory.sigma, memory.sigma_base, "grad")
    made = choices(task, memory, states, p.beta)
    often = chains.visits(states, made.chance, 1.0)[:, None] * made.chance
    value = np.sum(made.chance * made.q, axis=1)
    lacking = often * (states.reward + p.gamma_q * states.ahead(value) - made.q)
    q = memory.q + p.learning_rate_q * collected(task, memory, states, lacking)
    visits, values = visits_and_action_values(states, made.chance, p.gamma)
    gradient = collected(task, memory, states, credited(states, made, visits, values, credit))
    moved = memory.sigma + p.learning_rate_sigma * (gradient - slope)
    sigma = np.where(memory.known, memory.sigma, np.clip(moved, *p.sigma_bounds))
    return replace(memory, q=q, sigma=sigma)


@np.errstate(all="ignore")
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
        Largest residual that passes for none, in units of reward, or of the task's largest
        expected reward where that is below 1.
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

    Examples
    --------
    >>> import dra
    >>> from dra import exact
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> found = exact.fixed_point(task, beta=10.0, cost_weight=0.1)
    >>> found.converged, found.memory.sigma.round(1)[1]
    (True, array([0.7, 0.7, 1.3, 0.5]))
    """
    tolerance = _check.number("tolerance", tolerance, least=0)
    max_steps = _check.integer("max_steps", max_steps)
    progress = _check.option("progress", progress)
    unit = chains.states(task).unit  # raises where there are no states
    p, credit = flows.resolved(task, parameters)
    if start is None:
        start = p.first_memory(task)
    flow, sigma, point = flows.start_of(task, start, p, credit, "start")
    length, step, passes = unit, 0, tolerance * unit
    with _progress.bar(max_steps, "step", progress) as bar:
        while True:
            drift = flow.drift(sigma, point)
            residual = flow.residual(sigma, drift)
            if residual <= passes or step == max_steps or length < 1e-6 * unit:
                break
            sigma, point, length = flows.advance(flow, sigma, point, drift, length)
            step += 1
            bar.update()
    return FixedPoint(flow.memory_at(sigma, point), residual, residual <= passes, step)


@np.errstate(all="ignore")
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
        Largest residual that passes for a fixed point, in units of reward, or of the task's
        largest expected reward where that is below 1. Means may miss those that learning settles
        on by as much.
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

    Examples
    --------
    >>> import dra
    >>> from dra import exact
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> found = exact.fixed_point(task, beta=10.0, cost_weight=0.1)
    >>> exact.stability(task, found.memory, beta=10.0, cost_weight=0.1) < 0  # sigma comes back
    True
    """
    tolerance = _check.number("tolerance", tolerance, least=0)
    states, memory = fitted(task, memory)
    p, credit = flows.resolved(task, parameters)
    flow, sigma, point = flows.start_of(task, memory, p, credit)
    drift = flow.drift(sigma, point)
    there = flow.memory_at(sigma, point)
    off = np.abs(there.q - memory.q).max(), np.abs(there.sigma - memory.sigma).max()
    residual = max(flow.residual(sigma, drift), *off)
    if not residual <= tolerance * states.unit:
        raise ValueError(
            f"memory is away from a fixed point: the residual is {residual:.2g}, tolerance is "
            f"{tolerance * states.unit:g}; exact.fixed_point(task, start=memory, ...) leads to one"
        )
    moves = np.flatnonzero(flow.inward(sigma, drift))
    moves = np.union1d(moves, np.flatnonzero((drift == 0) & ~flow.ties.known))
    jacobian = flows.jacobian(flow, sigma, point)[np.ix_(moves, moves)]
    if moves.size == 0:
        return -np.inf
    return float(p.learning_rate_sigma * np.linalg.eigvals(jacobian).real.max())
