"""The drift of sigma while q follows it at once, and implicit steps along it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from dra import costs
from dra.costs import Cost
from dra.credits import Credit
from dra.exact import chain as chains
from dra.exact import tied
from dra.exact.objectives import (
    Choices,
    choices_of,
    credited,
    fitted,
    remembered,
    visits_and_action_values,
    with_mean,
)
from dra.memory import Memory
from dra.parameters import Parameters

_STEP = 1e-5  # of the differences that make the Jacobian, relative to sigma
_LONGEST = 0.5  # step of log sigma


@dataclass(frozen=True, eq=False)
class Flow:
    """The drift of sigma (n_slots,), in units of learning_rate_sigma a trial, q following it."""

    ties: tied.Ties
    parameters: Parameters
    memory: Memory
    credit: Credit
    cost: Cost

    def gradient(self, made, visits, action_values):
        """Return the expected gradient, memory by memory (n_slots,)."""
        rows = credited(self.ties.states, made, visits, action_values, self.credit)
        total = np.bincount(self.ties.slot.ravel(), rows.ravel(), self.ties.known.size)
        return np.where(self.ties.known, 0.0, total)

    def price(self, sigma):
        """Return the derivative of the weighted cost."""
        now = sigma.reshape(self.memory.sigma.shape).copy()  # a cost may write into it
        slope = self.cost.grad(now, self.memory.sigma_base)
        return np.where(self.ties.known, 0.0, self.parameters.cost_weight * np.ravel(slope))

    def drift(self, sigma, point):
        """Return the expected change of sigma."""
        made, gamma = point.made, self.parameters.gamma
        at = visits_and_action_values(self.ties.states, made.chance, gamma)
        return self.gradient(made, *at) - self.price(sigma)

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


def start_of(task, memory, p, credit, name="memory"):
    """Return (flow, sigma, settled point) for a memory."""
    states, memory = fitted(task, memory, name)
    costs.evaluated(p.cost, memory.sigma, memory.sigma_base, "grad")
    ties = tied.ties(task, states, memory, p.beta, p.gamma_q)
    flow = Flow(ties, p, memory, credit, costs.trusted(p.cost))
    sigma = memory.sigma.ravel()
    sigma = np.where(ties.known, sigma, np.clip(sigma, *p.sigma_bounds))
    x = tied.values(ties, sigma[ties.slot], remembered(task, memory, states)[0])
    return flow, sigma, tied.settled(ties, sigma[ties.slot], x)


def advance(flow, sigma, point, drift, length):
    """Take an implicit Euler step of d(log sigma)/dt = drift / sigma; return the next length too.

    The step is shortened until it is small and nearly solves its equation.
    """
    low, high = flow.parameters.sigma_bounds
    slope = jacobian(flow, sigma, point) * sigma / sigma[:, None] - np.diag(drift / sigma)
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


def jacobian(flow, sigma, point):
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

    A memory changes the choices of few states, which are computed again. How visits and
    action-values follow is linear in that, and solved for all memories at once.
    """
    ties, made = flow.ties, point.made
    memory, state = np.nonzero((ties.slot == np.arange(sigma.size)[:, None, None]).any(axis=2))
    q, s = made.q[state], sigma[ties.slot[state]]
    changed = q if name == "q" else s
    change = _STEP * sigma
    changed += np.where(ties.slot[state] == memory[:, None], change[memory][:, None], 0.0)
    new = choices_of(q, s, ties.beta, ties.states.available[state])
    of_chance = np.zeros((*ties.slot.shape, sigma.size))
    of_chance[state, :, memory] = new.chance - made.chance[state]
    visits, values, of_visits, of_values = _response(flow, made, of_chance)
    before, result = flow.gradient(made, visits, values), np.zeros((sigma.size, sigma.size))
    order = np.argsort(memory, kind="stable")
    own = np.split(order, np.searchsorted(memory[order], np.arange(1, sigma.size)))
    for m in np.flatnonzero(~ties.known):
        q, by_sigma = made.q.copy(), made.by_sigma.copy()
        q[state[own[m]]], by_sigma[state[own[m]]] = new.q[own[m]], new.by_sigma[own[m]]
        after = Choices(q, made.chance, by_sigma, made.by_q)
        after = flow.gradient(after, visits + of_visits[:, m], values + of_values[:, :, m])
        result[:, m] = (after - before) / change[m]
    return result


def _response(flow, made, of_chance):
    """Return visits and action-values, and their changes for changes of the chances (n, A, m)."""
    states, gamma = flow.ties.states, flow.parameters.gamma
    solver = chains.chain(states, made.chance, gamma)
    visits, values = visits_and_action_values(states, made.chance, gamma, solver)
    shape = of_chance.shape
    moved = (visits[:, None, None] * of_chance).reshape(-1, shape[2])
    of_visits = solver.solve_transposed(gamma * (states.moves.T @ moved))
    ahead = solver.solve(np.einsum("sa,sam->sm", values, of_chance))
    return visits, values, of_visits, gamma * (states.moves @ ahead).reshape(shape)


def resolved(task, parameters):
    """Return the :class:`Parameters` of a task and their credit; beta must be one number."""
    p = Parameters.resolve(task.preset, parameters)
    if not isinstance(p.beta, float):
        raise ValueError(f"beta has {p.beta.size} entries; the expected dynamics needs one number")
    p.first_memory(task)  # raises where it does not fit
    return p, with_mean(p.credit)
