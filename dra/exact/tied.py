"""q tied to sigma: the action-values that learning settles on while sigma stays as it is.

Learning settles where each mean equals the expected target of its updates,

    q(s, a) = R(s, a) + gamma sum_s' T(s'|s, a) v(s'),     v(s) = sum_a P(a|s; q, sigma) q(s, a).

If every choice has its own memory these are the action-values of the policy that q and sigma make.
A shared memory settles on the mean target of its choices, weighted by how often each is made in an
episode; known memories stay what they are. P depends on q, so the equations are not linear, and
their operator need not contract (Asadi & Littman 2017). Newton's method solves them from a given
start; where there is more than one solution, the start decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dra import policy
from dra.exact import chain as chains
from dra.exact.objective import Choices, weighed

_TOLERANCE = 1e-9  # of the residual, relative to the largest value
_STEPS = 100
_DETOUR = 500  # policy steps in a row, after which to give up


@dataclass(frozen=True, eq=False)
class Ties:
    """What ties q to sigma in a task.

    Attributes
    ----------
    model : Model
    slot : (n, n_actions) int array
    known : (n_slots,) bool array
    known_q : (n_slots,) array
    shared : bool
    beta, gamma : float
        gamma is the discount of learning.
    """

    model: chains.Model
    slot: np.ndarray
    known: np.ndarray
    known_q: np.ndarray
    shared: bool
    beta: float
    gamma: float


@dataclass(frozen=True, eq=False)
class Point:
    """The equations at one point, and their derivatives.

    The unknown x is the state values v (n,) where every choice has its own memory, and the means of
    all memories (n_slots,) where memories are shared.

    Attributes
    ----------
    x, residual : arrays
    made : Choices
    error : float
        How far x is from its values under the present policy.
    policy_step, newton_step : callables () -> array like x
    pull : callable (n, n_actions) -> (n, n_actions)
        From the derivative of any function in q to its derivative in sigma by way of q.
    push : callable (n, n_actions) -> array like x
        From a change of sigma to the change of x, to first order.
    """

    x: np.ndarray
    residual: np.ndarray
    made: Choices
    error: float
    policy_step: Callable
    newton_step: Callable
    pull: Callable
    push: Callable


def ties(task, memory, beta, gamma):
    """Return the :class:`Ties` of a task for the known memories of ``memory``."""
    model = chains.model(task)
    return Ties(
        model, task.slot[model.states], memory.known.ravel(), memory.q.ravel(), task.shared,
        beta, gamma,
    )  # fmt: skip


def settled(ties, sigma, x):
    """Solve for q given sigma (n, n_actions), from x; return the last :class:`Point`.

    Raises
    ------
    RuntimeError
        If there is no convergence.
    """
    at = _shared if ties.shared else _separate
    point, detour = at(ties, sigma, x), 1
    for _ in range(_STEPS):
        if np.abs(point.residual).max() <= _TOLERANCE * (1.0 + np.abs(point.x).max()):
            return point
        better = _newton(ties, at, sigma, point)
        if better is None:
            for _ in range(detour):
                point = at(ties, sigma, point.x + point.policy_step())
            detour *= 2
        else:
            point = better
        if detour > _DETOUR:
            break
    raise RuntimeError(
        f"the values did not settle: the residual is {np.abs(point.residual).max():.2g}"
    )


def _newton(ties, at, sigma, point):
    """Return the point after a Newton step, shortened if need be; None where none is better."""
    try:
        step = point.newton_step()
    except (ValueError, np.linalg.LinAlgError):
        return None
    if not np.isfinite(step).all():
        return None
    for length in (1.0, 0.5, 0.25, 0.125):
        new = at(ties, sigma, point.x + length * step)
        if new.error <= (1 - 0.3 * length) * point.error:
            return new
    return None


def slots(ties, change):
    """Return the change of the means, memory by memory (n_slots,), for a change of x."""
    if ties.shared:
        return change
    means = np.zeros(ties.known.size)
    means[ties.slot] = ties.gamma * ties.model.ahead(change)
    return np.where(ties.known, 0.0, means)


def values(ties, sigma, q):
    """Return x from which to start where the agent now remembers q and sigma, (n, n_actions)."""
    if ties.shared:
        x = ties.known_q.copy()
        x[ties.slot] = q
        return x
    chance = policy.choice_probabilities(q, sigma, ties.beta)
    return np.sum(chance * q, axis=1)


def _targets(ties, q, sigma):
    """Return (choices, v, dv/dq, dv/dsigma)."""
    chance, by_q, by_sigma = policy.choice_probability_derivatives(q, sigma, ties.beta)
    made = Choices(q, chance, by_sigma, by_q)
    return made, np.sum(chance * q, axis=1), chance + weighed(q, by_q), weighed(q, by_sigma)


def _separate(ties, sigma, x):
    """Return the :class:`Point` at state values x, every choice having its own memory."""
    model, gamma = ties.model, ties.gamma
    known = ties.known[ties.slot]
    q = np.where(known, ties.known_q[ties.slot], model.reward + gamma * model.ahead(x))
    made, v, dv_dq, dv_dsigma = _targets(ties, q, sigma)
    learned_chance = np.where(known, 0.0, made.chance)
    policy_step = chains.chain(model, learned_chance, gamma).solve(v - x)
    dv_dq = np.where(known, 0.0, dv_dq)

    def newton_step():
        return chains.chain(model, dv_dq, gamma).solve(v - x)

    def pull(by_q):
        behind = gamma * (model.moves.T @ np.where(known, 0.0, by_q).ravel())
        return dv_dsigma * chains.chain(model, dv_dq, gamma).solve_transposed(behind)[:, None]

    def push(change):
        return chains.chain(model, dv_dq, gamma).solve(np.sum(dv_dsigma * change, axis=1))

    error = np.abs(policy_step).max()
    return Point(x, v - x, made, error, lambda: policy_step, newton_step, pull, push)


def _shared(ties, sigma, x):
    """Return the :class:`Point` at the means x of all memories; dense in the number of memories.

    With w = d(s) P(a|s) the expected number of choices, the equations are r_m = 0 with
    r_m = sum_{(s, a) in m} w (target - q_m) / W_m and W_m the sum of w.
    """
    model, slot = ties.model, ties.slot
    made, v, dv_dq, dv_dsigma = _targets(ties, x[slot], sigma)
    solver = chains.chain(model, made.chance, 1.0)
    counts = chains.visits(model, made.chance, 1.0, solver)[:, None]
    often = (counts * made.chance).ravel()
    total = np.bincount(slot.ravel(), often, x.size)
    free = ~ties.known & (total > 0)
    one = (slot.ravel() == np.arange(x.size)[:, None]) & free[:, None]
    one = one / np.where(total > 0, total, 1.0)[:, None]
    lacking = model.reward + ties.gamma * model.ahead(v) - made.q
    residual = (one * often) @ lacking.ravel()
    surplus = one * (lacking - residual[slot]).ravel()

    def response(by, dv):
        return _response(ties, made, solver, counts, surplus, one * often, by, dv)

    def solved(right, transposed=False):
        jacobian = -np.eye(x.size)
        np.add.at(jacobian, slot, response(made.by_q, dv_dq) * free)
        jacobian = np.where(free[:, None], jacobian, -np.eye(x.size))
        return np.linalg.solve(jacobian if transposed else jacobian.T, -right)

    def pull(by_q):
        wanted = np.bincount(slot.ravel(), by_q.ravel(), x.size) * free
        return response(made.by_sigma, dv_dsigma) @ solved(wanted, transposed=True)

    def push(change):
        return solved(np.einsum("sbm,sb->m", response(made.by_sigma, dv_dsigma), change))

    return Point(
        x, residual, made, np.abs(residual).max(), lambda: 0.2 * residual,
        lambda: solved(residual), pull, push,
    )  # fmt: skip


def _response(ties, made, solver, counts, surplus, share, by, dv):
    """Return the derivatives [s, b, m] of the residual of memory m in q_sb or sigma_sb.

    A residual is the mean over an episode's choices of what their targets are in excess. Its
    derivative has a part from how often choices are made, by the policy-gradient theorem with
    ``surplus`` (n_slots, n * n_actions) as the reward, and one from their targets.
    """
    model = ties.model
    earned = surplus.T.reshape(*ties.slot.shape, -1)
    later = solver.solve(np.einsum("sa,sam->sm", made.chance, earned))
    earned = earned + (model.moves @ later).reshape(earned.shape)
    visited = np.einsum("sam,sab->sbm", counts[:, :, None] * earned, by)
    behind = ties.gamma * (model.moves.T @ share.T)
    return visited + behind[:, None, :] * dv[:, :, None]
