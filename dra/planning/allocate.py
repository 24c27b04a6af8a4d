"""Optimal allocations for the budgeted planner: every memory its own sigma, or one for all.

The two memories of a state enter the reward through sigma_left^2 + sigma_right^2 alone, and among
pairs of the same sum the KL cost is least where the two are equal. So the optimum has one sigma a
state. The reward is linear in each state's preference probability, and states of the same level
never meet in a chain (:mod:`dra.planning.tree`): given the other levels, the best sigma of every
state of a level is a search on a line of its own. Going from level to level, the objective only
rises. It may end in different local optima, for there are two good ways to keep a memory, precise
or forgotten; therefore it starts from many points, the best equal allocation among them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dra import _check, costs
from dra.memory import Memory
from dra.planning import tree
from dra.planning.reward import METHODS, left_probability, n_paths, plan_reward, plan_samples

SWEEPS = 1000
TOLERANCE = 1e-10  # of the objective, between two sweeps


@dataclass(frozen=True, eq=False)
class Allocation:
    """An allocation and what it is worth.

    Attributes
    ----------
    memory : Memory
        With the optimal action-values as q.
    objective, reward, cost : float
        Exact values of this memory, whatever found it; objective = reward - cost.
    estimate : float
        The objective as the optimiser saw it. Where it sees samples, the best of many noisy values.
    optima : (starts,) array
        The exact objective that each start led to; their spread tells local optima, or noise.
    """

    memory: Memory
    objective: float
    reward: float
    cost: float
    estimate: float
    optima: np.ndarray


@dataclass(frozen=True, eq=False)
class Problem:
    """What an optimiser needs. Arrays of sigma have shape (..., n_states, 2)."""

    task: object
    budget: int
    found: tree.Tree
    blank: Memory
    cost_weight: float
    low: float
    high: float

    def memory(self, sigma):
        """Return the memory with ``sigma`` where memories are paid for."""
        return Memory(self.blank.q, self.fill(sigma), self.blank.sigma_base, self.blank.known)

    def fill(self, sigma):
        """Return ``sigma`` with the known memories' own."""
        return np.where(self.blank.known, self.blank.sigma, sigma)

    def objective(self, sigma):
        """Return the exact objective, shape (...)."""
        reward = self.found.expected(left_probability(self.blank.q, sigma))
        return reward - self.costs(sigma, slice(None)).sum(axis=-1)

    def costs(self, sigma, states):
        """Return what the memories of each of ``states`` cost; ``sigma`` is of these alone."""
        each = costs.kl_value(sigma, self.blank.sigma_base)
        return self.cost_weight * np.sum(each, axis=-1, where=~self.blank.known[states])

    def allocation(self, sigmas, estimates=None):
        """Return the :class:`Allocation` of the best of ``sigmas``, judged by ``estimates``."""
        optima = self.objective(sigmas)
        estimates = optima if estimates is None else np.array(estimates)
        memory = self.memory(sigmas[estimates.argmax()])
        reward = plan_reward(self.task, memory, self.budget)
        cost = float(memory.cost(self.cost_weight))
        return Allocation(memory, reward - cost, reward, cost, float(estimates.max()), optima)


def allocate_flexible(
    task, budget, *, cost_weight=1.0, sigma_base=100.0, sigma_bounds=(1.0, 100.0), method="exact",
    starts=None, samples=1000, evaluations=10_000, rng=0,
):  # fmt: skip
    """Return the best allocation in which every memory has a sigma of its own.

    Parameters
    ----------
    task : Tabular
        A task that the planner can search, see :mod:`dra.planning`.
    budget : int
        Accesses, as in :func:`plan_reward`.
    cost_weight : float >= 0
        Price of a nat, in units of reward.
    sigma_base : float
    sigma_bounds : (float, float)
        Where sigma is searched for.
    method : {"exact", "cma"}
        The exact objective, climbed level by level; or, as in the paper, CMA-ES on the mean of
        sampled trials, fresh ones for each evaluation. The second needs the package ``cma``.
    starts : int, optional
        Number of starting points, 32 for "exact" and 1 for "cma" by default.
    samples, evaluations : int
        Of "cma" only: trials per evaluation, and the most evaluations from one start. The paper's
        scripts have these defaults.
    rng : seed or Generator
        Of the starting points, and of "cma".

    Returns
    -------
    Allocation
        With "exact" never worse than :func:`allocate_equal`.
    """
    _check.one_of("method", method, ("exact", "cma"))
    problem = _problem(task, budget, cost_weight, sigma_base, sigma_bounds)
    starts = {"exact": 32, "cma": 1}[method] if starts is None else starts
    starts = _check.integer("starts", starts, least=1)
    rng = np.random.default_rng(rng)
    if method == "exact":
        return problem.allocation(_climb(problem, _starting_points(problem, starts, rng)))
    samples = _check.integer("samples", samples, least=1)
    evaluations = _check.integer("evaluations", evaluations, least=1)
    if problem.blank.known.all():
        raise ValueError(f"task is {task!r}, whose memories are all known; nothing is to allocate")
    ends = [_evolve(problem, samples, evaluations, rng) for _ in range(starts)]
    return problem.allocation(*map(np.array, zip(*ends, strict=True)))


def allocate_equal(
    task, budget, *, cost_weight=1.0, sigma_base=100.0, sigma_bounds=(1.0, 100.0), method="exact",
    samples=1000, evaluations=50, rng=0,
):  # fmt: skip
    """Return the best allocation in which all memories that are paid for share one sigma.

    Method "exact" searches the exact objective on a line. Method "sampled" keeps the best of
    ``evaluations`` values, evenly spaced, each judged by the mean of ``samples`` trials; it stands
    in for the Bayesian optimisation of the paper's scripts, which makes as many evaluations. The
    other parameters are those of :func:`allocate_flexible`.
    """
    _check.one_of("method", method, METHODS)
    problem = _problem(task, budget, cost_weight, sigma_base, sigma_bounds)
    if method == "exact":
        return problem.allocation(_best_equal(problem)[None])
    samples = _check.integer("samples", samples, least=1)
    evaluations = _check.integer("evaluations", evaluations, least=1)
    tried = np.linspace(problem.low, problem.high, evaluations)
    sigmas = problem.fill(tried[:, None, None])
    rng = np.random.default_rng(rng)
    return problem.allocation(sigmas, [_estimate(problem, s, samples, rng) for s in sigmas])


def _problem(task, budget, cost_weight, sigma_base, sigma_bounds):
    """Check the arguments and return the :class:`Problem`."""
    found = tree.build(task, n_paths(task, budget))
    cost_weight = _check.number("cost_weight", cost_weight, least=0)
    low, high = _check.bounds("sigma_bounds", sigma_bounds)
    q = tree.optimal_values(task)
    blank = Memory.initial(task, q=q, sigma=high, sigma_base=sigma_base)
    return Problem(task, budget, found, blank, cost_weight, low, high)


def _starting_points(problem, starts, rng):
    """Return sigmas (starts, n_states, 2): the equal optimum, all forgotten, then random ones.

    A random start keeps each state precisely or forgets it, with even chances.
    """
    low, high = np.log([problem.low, problem.high])
    states = problem.blank.q.shape[0]
    precise = np.exp(rng.uniform(low, high, size=(starts, states)))
    sigma = np.where(rng.random((starts, states)) < 0.5, precise, problem.high)[:, :, None]
    sigma[1:2] = problem.high
    sigma = problem.fill(sigma)
    sigma[0] = _best_equal(problem)
    return sigma


def _best_equal(problem):
    """Return the best sigma (n_states, 2) that is the same for all memories paid for."""
    sigma = _search(lambda s: problem.objective(problem.fill(s[:, None, None])), problem, ())
    return problem.fill(sigma)


def _climb(problem, sigma):
    """Improve each of ``sigma`` (starts, n_states, 2), level by level, until nothing is gained."""
    levels = [np.unique(nodes) for nodes in reversed(problem.found.nodes)]
    never_asked = np.setdiff1d(np.arange(len(problem.blank.q)), np.concatenate(levels))
    levels = [never_asked, *levels]
    levels = [states for states in levels if not problem.blank.known[states].all()]
    before = np.full(len(sigma), -np.inf)
    for _ in range(SWEEPS):
        for states in levels:
            sigma[:, states] = _best_level(problem, sigma, states)
        now = problem.objective(sigma)
        if (now - before).max(initial=0.0) < TOLERANCE:
            break
        before = now
    return sigma


def _best_level(problem, sigma, states):
    """Return the best sigma (starts, len(states), 2) of the states of a level, others as given."""
    q, known = problem.blank.q[states], problem.blank.known[states]
    gain = problem.found.gain(left_probability(problem.blank.q, sigma))[:, states]
    given = sigma[:, states]

    def worth(s):
        pair = np.where(known, given, s[..., None])
        return gain * left_probability(q, pair) - problem.costs(pair, states)

    return np.where(known, given, _search(worth, problem, gain.shape)[..., None])


def _search(function, problem, shape):
    """Return the sigma of each entry of ``shape`` that makes ``function`` largest.

    ``function`` maps an array (n, *shape) to values of that shape. The bounds are searched on a
    logarithmic grid; then the neighbourhood of the best point on finer and finer ones.
    """
    low, high = (np.full(shape, np.log(b)) for b in (problem.low, problem.high))
    for points in (201, 21, 21, 21, 21, 21):
        tried = np.linspace(low, high, points)
        at = function(np.exp(tried).clip(problem.low, problem.high)).argmax(axis=0)[None]
        around = [np.take_along_axis(tried, (at + d).clip(0, points - 1), 0)[0] for d in (-1, 0, 1)]
        low, best, high = around
    return np.exp(best).clip(problem.low, problem.high)


def _estimate(problem, sigma, samples, rng):
    """Return the objective of ``sigma`` (n_states, 2), its reward estimated from fresh samples."""
    earned = plan_samples(
        problem.task, problem.memory(sigma), problem.budget, samples=samples, rng=rng
    )
    return earned.mean() - problem.costs(sigma, slice(None)).sum()


def _evolve(problem, samples, evaluations, rng):
    """Return (sigma, estimate), the best that one run of CMA-ES on sampled objectives saw."""
    import cma

    paid = ~problem.blank.known

    def loss(vector):
        sigma = problem.blank.sigma.copy()
        sigma[paid] = vector
        return -_estimate(problem, sigma, samples, rng)

    middle, width = (problem.low + problem.high) / 2, problem.high - problem.low
    start = rng.normal(middle, 0.15 * width, size=paid.sum()).clip(problem.low, problem.high)
    options = {
        "bounds": [problem.low, problem.high],
        "tolfun": 1.0,
        "maxfevals": evaluations,
        "randn": lambda *size: rng.standard_normal(size),
        "seed": np.nan,  # leaves NumPy's global generator alone
        "verbose": -9,
        "verb_log": 0,
    }
    search = cma.CMAEvolutionStrategy(start, 0.3 * width, options)
    search.optimize(loss)
    sigma = problem.blank.sigma.copy()
    sigma[paid] = search.result.xbest
    return sigma, -search.result.fbest
