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

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dra import policy
from dra.exact import chain as chains
from dra.exact.objectives import choices_of, weighed

TOLERANCE = 1e-9  # of the residual, relative to the largest value and to States.unit
_STEPS = 100
_DETOUR = 500  # policy steps in a row, after which to give up


@dataclass(frozen=True, eq=False)
class Ties:
    """What ties q to sigma in a task.

    Attributes
    ----------
    states : States
    slot : (n, n_actions) int array
    known : (n_slots,) bool array
    known_q : (n_slots,) array
    shared : bool
    beta, gamma : float
        gamma is the discount of learning.
    """

    states: chains.States
    slot: np.ndarray
    known: np.ndarray
    known_q: np.ndarray
    shared: bool
    beta: float
    gamma: float

    def at(self, sigma, x):
        """Return the equations at sigma (n, n_actions) and the unknown x."""
        return (Shared if self.shared else Separate)(self, sigma, x)


class Separate:
    """The equations at one point where every choice has a memory of its own.

    The unknown x is the state values v (n,); the equations are v(s) - x(s) = 0. Of the attributes,
    ``made`` are the :class:`dra.exact.objectives.Choices` and ``residual`` what is lacking.
    """

    def __init__(self, ties, sigma, x):
        states = ties.states
        self.ties, self.x = ties, x
        self.learned = ~ties.known[ties.slot]
        q = states.reward + ties.gamma * states.ahead(x)
        q = np.where(self.learned, q, ties.known_q[ties.slot])
        self.made, v, dv_dq, self._dv_dsigma = _targets(ties, q, sigma)
        self._dv_dq = np.where(self.learned, dv_dq, 0.0)
        self.residual = v - x

    @cached_property
    def policy_step(self):
        """The change of x to its values under the present policy."""
        chance = np.where(self.learned, self.made.chance, 0.0)
        return chains.chain(self.ties.states, chance, self.ties.gamma).solve(self.residual)

    @property
    def error(self):
        """How far x is from its values under the present policy."""
        return np.abs(self.policy_step).max()

    @cached_property
    def _tangent(self):
        return chains.chain(self.ties.states, self._dv_dq, self.ties.gamma)

    def newton_step(self):
        """Return the change of x that would solve the equations, were they linear."""
        return self._tangent.solve(self.residual)

    def push(self, change):
        """Return the change of x, to first order, for a change of sigma (n, n_actions)."""
        return self._tangent.solve(np.sum(self._dv_dsigma * change, axis=1))

    def pull(self, by_q):
        """Return a function's derivative in sigma by way of q; ``by_q`` is that in q."""
        by_q = np.where(self.learned, by_q, 0.0)
        behind = self.ties.gamma * (self.ties.states.moves.T @ by_q.ravel())
        return self._dv_dsigma * self._tangent.solve_transposed(behind)[:, None]

    def means(self, change):
        """Return the change of the means, memory by memory (n_slots,), for a change of x."""
        means = np.zeros(self.ties.known.size)
        means[self.ties.slot] = self.ties.gamma * self.ties.states.ahead(change)
        return np.where(self.ties.known, 0.0, means)


class Shared:
    """The equations at one point where memories are shared; dense in the number of memories.

    The unknown x is the means of all memories. With w = d(s) P(a|s) the expected number of choices,
    the equations are r_m = 0 with r_m = sum_{(s, a) in m} w (target - q_m) / W_m and W_m the sum of
    w. The attributes and methods are those of :class:`Separate`.
    """

    def __init__(self, ties, sigma, x):
        states, slot = ties.states, ties.slot
        self.ties, self.x = ties, x
        self.made, v, self._dv_dq, self._dv_dsigma = _targets(ties, x[slot], sigma)
        self._solver = chains.chain(states, self.made.chance, 1.0)
        self._counts = chains.visits(states, self.made.chance, 1.0, self._solver)[:, None]
        often = (self._counts * self.made.chance).ravel()
        total = np.bincount(slot.ravel(), often, x.size)
        self._free = ~ties.known & (total > 0)
        one = (slot.ravel() == np.arange(x.size)[:, None]) & self._free[:, None]
        one = one / np.where(total > 0, total, 1.0)[:, None]
        lacking = states.reward + ties.gamma * states.ahead(v) - self.made.q
        self._share = one * often
        self.residual = self._share @ lacking.ravel()
        self._surplus = one * (lacking - self.residual[slot]).ravel()

    @property
    def policy_step(self):
        """The change of x in some learning."""
        return 0.2 * self.residual

    @property
    def error(self):
        """How far x is from its mean targets."""
        return np.abs(self.residual).max()

    def newton_step(self):
        """As :meth:`Separate.newton_step`."""
        return self._solved(self.residual)

    def push(self, change):
        """As :meth:`Separate.push`."""
        response = self._response(self.made.by_sigma, self._dv_dsigma)
        return self._solved(np.einsum("sbm,sb->m", response, change))

    def pull(self, by_q):
        """As :meth:`Separate.pull`."""
        slot = self.ties.slot.ravel()
        wanted = np.bincount(slot, by_q.ravel(), self.x.size) * self._free
        response = self._response(self.made.by_sigma, self._dv_dsigma)
        return response @ self._solved(wanted, transposed=True)

    def means(self, change):
        """As :meth:`Separate.means`: they are x."""
        return change

    def _solved(self, right, transposed=False):
        """Solve with the Jacobian of the residual in x, which memories that rest stay out of."""
        rest = -np.eye(self.x.size)
        jacobian = rest.copy()
        np.add.at(
            jacobian, self.ties.slot, self._response(self.made.by_q, self._dv_dq) * self._free
        )
        jacobian = np.where(self._free[:, None], jacobian, rest)
        return np.linalg.solve(jacobian if transposed else jacobian.T, -right)

    def _response(self, by, dv):
        """Return the derivatives [s, b, m] of the residual of memory m in q_sb or sigma_sb.

        A residual is the mean over an episode's choices of what their targets are in excess. Its
        derivative has a part from how often choices are made, by the policy-gradient theorem with
        the surplus (n_slots, n * n_actions) as the reward, and one from their targets.
        """
        states, chance = self.ties.states, self.made.chance
        earned = self._surplus.T.reshape(*self.ties.slot.shape, -1)
        later = self._solver.solve(np.einsum("sa,sam->sm", chance, earned))
        earned = earned + (states.moves @ later).reshape(earned.shape)
        visited = np.einsum("sam,sab->sbm", self._counts[:, :, None] * earned, by)
        behind = self.ties.gamma * (states.moves.T @ self._share.T)
        return visited + behind[:, None, :] * dv[:, :, None]


def ties(task, states, memory, beta, gamma):
    """Return the :class:`Ties` of a task for the known memories of ``memory``."""
    return Ties(
        states, task.slot[states.number], memory.known.ravel(), memory.q.ravel(), task.shared,
        beta, gamma,
    )  # fmt: skip


def settled(ties, sigma, x, tolerance=TOLERANCE):
    """Solve for q given sigma (n, n_actions), from x; return the equations where they are solved.

    They are where the residual is at most ``tolerance`` of the largest value and the unit.

    Raises
    ------
    RuntimeError
        If there is no convergence.
    """
    point, detour, unit = ties.at(sigma, x), 1, ties.states.unit
    for _ in range(_STEPS):
        if np.abs(point.residual).max() <= tolerance * (unit + np.abs(point.x).max()):
            return point
        better = _newton(sigma, point)
        if better is None:
            for _ in range(detour):
                point = ties.at(sigma, point.x + point.policy_step)
            detour *= 2
        else:
            point = better
        if detour > _DETOUR:
            break
    raise RuntimeError(
        f"the values did not settle: the residual is {np.abs(point.residual).max():.2g}"
    )


def _newton(sigma, point):
    """Return the point after a Newton step, shortened if need be; None where none is better."""
    try:
        step = point.newton_step()
    except (ValueError, np.linalg.LinAlgError):
        return None
    if not np.isfinite(step).all():
        return None
    for length in (1.0, 0.5, 0.25, 0.125):
        new = point.ties.at(sigma, point.x + length * step)
        if new.error <= (1 - 0.3 * length) * point.error:
            return new
    return None


def values(ties, sigma, q):
    """Return x from which to start where the agent now remembers q and sigma, (n, n_actions)."""
    if ties.shared:
        x = ties.known_q.copy()
        x[ties.slot] = q
        return x
    chance = policy.choice_probabilities(q, sigma, ties.beta, available=ties.states.available)
    return np.sum(chance * q, axis=1)


def _targets(ties, q, sigma):
    """Return (choices, v, dv/dq, dv/dsigma)."""
    available = ties.states.available
    made = choices_of(q, sigma, ties.beta, available)
    v = np.sum(made.chance * q, axis=1)
    dv_dq = made.chance + weighed(q, made.by_q, available)
    return made, v, dv_dq, weighed(q, made.by_sigma, available)
