"""Optimal allocations for the budgeted planner: every memory its own sigma, or one for all.

The exact objective is climbed level by level (:mod:`dra.planning.climb`). It may end in different
local optima, for there are two good ways to keep a memory, precise or forgotten; therefore it
starts from many points, the best equal allocation among them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from dra import _check, _progress, costs
from dra._check import Seed
from dra.memory import Memory
from dra.planning.climb import best_equal, climb, starting_points
from dra.planning.problem import problem_of
from dra.planning.reward import METHODS, MOST_SAMPLES, plan_reward, plan_samples
from dra.tasks.table import Tabular

MOST_STARTS = 10**6


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


def allocate_flexible(
    task: Tabular,
    budget: int,
    *,
    cost_weight: float = 1.0,
    cost: str | costs.Cost = costs.kl,
    sigma_base: float = 100.0,
    sigma_bounds: tuple[float, float] = (1.0, 100.0),
    method: str = "exact",
    starts: int | None = None,
    samples: int = 1000,
    evaluations: int = 10_000,
    rng: Seed = 0,
    progress: bool | None = None,
) -> Allocation:
    """Return the best allocation in which every memory has a sigma of its own.

    Parameters
    ----------
    task : Tabular
        A task that the planner can search, see :mod:`dra.planning`.
    budget : int
        Accesses, as in :func:`plan_reward`.
    cost_weight : float >= 0
        Price of a nat, in units of reward.
    cost : str or cost
        See :mod:`dra.costs`. With the built-in costs the two memories of a state are best kept
        alike, and one sigma a state is searched. With any other cost, weighted ones included, both
        are searched, which takes some seconds.
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
    progress : bool, optional
        Show a progress bar of the evaluations, as :func:`dra.train` does.

    Returns
    -------
    Allocation
        With "exact" never worse than :func:`allocate_equal`.

    Raises
    ------
    ValueError
        If the planner cannot search the task, or an argument is not legal.

    Examples
    --------
    >>> import dra
    >>> found = allocate_flexible(dra.tasks.huys(3), 3)
    >>> round(found.objective, 3), found.memory.sigma[12:15, 0].round(1)
    (45.059, array([29.4, 90.5, 26.6]))
    """
    _check.one_of("method", method, ("exact", "cma"))
    problem = problem_of(task, budget, cost_weight, cost, sigma_base, sigma_bounds)
    starts = {"exact": 32, "cma": 1}[method] if starts is None else starts
    starts = _check.integer("starts", starts, least=1, most=MOST_STARTS)
    samples = _check.integer("samples", samples, least=1, most=MOST_SAMPLES)
    evaluations = _check.integer("evaluations", evaluations, least=1, most=MOST_SAMPLES)
    rng, progress = _check.generator("rng", rng), _check.option("progress", progress)
    with np.errstate(all="ignore"):
        if method == "exact":
            return _allocation(problem, climb(problem, starting_points(problem, starts, rng)))
        if problem.blank.known.all():
            raise ValueError(
                f"task is {_check.shown(task)}; some memories must not be known, to be allocated"
            )
        if problem.low == problem.high:
            raise ValueError(
                f"sigma_bounds is {_check.shown(sigma_bounds)}; CMA-ES needs room between the two"
            )
        with _progress.bar(starts * evaluations, "evaluation", progress) as bar:
            ends = [_evolve(problem, samples, evaluations, rng, bar) for _ in range(starts)]
        return _allocation(problem, *map(np.array, zip(*ends, strict=True)))


def allocate_equal(
    task: Tabular,
    budget: int,
    *,
    cost_weight: float = 1.0,
    cost: str | costs.Cost = costs.kl,
    sigma_base: float = 100.0,
    sigma_bounds: tuple[float, float] = (1.0, 100.0),
    method: str = "exact",
    samples: int = 1000,
    evaluations: int = 50,
    rng: Seed = 0,
    progress: bool | None = None,
) -> Allocation:
    """Return the best allocation in which all memories that are paid for share one sigma.

    Parameters
    ----------
    task, budget, cost_weight, cost, sigma_base, sigma_bounds
        As for :func:`allocate_flexible`, whose errors are raised here too.
    method : {"exact", "sampled"}
        The exact objective, searched on a line; or the best of some values, evenly spaced, each
        judged by the mean of sampled trials. The second stands in for the Bayesian optimisation of
        the paper's scripts, which makes as many evaluations.
    samples, evaluations : int
        Of "sampled" only: trials per evaluation, and the number of values.
    rng : seed or Generator
        Of "sampled" only.
    progress : bool, optional
        Show a progress bar of the evaluations, as :func:`dra.train` does.

    Returns
    -------
    Allocation

    Examples
    --------
    >>> import dra
    >>> found = allocate_equal(dra.tasks.huys(3), 3)
    >>> round(found.objective, 3), round(float(found.memory.sigma[12, 0]), 1)
    (41.887, 32.4)
    """
    _check.one_of("method", method, METHODS)
    problem = problem_of(task, budget, cost_weight, cost, sigma_base, sigma_bounds)
    samples = _check.integer("samples", samples, least=1, most=MOST_SAMPLES)
    evaluations = _check.integer("evaluations", evaluations, least=1, most=MOST_SAMPLES)
    rng, progress = _check.generator("rng", rng), _check.option("progress", progress)
    with np.errstate(all="ignore"):
        if method == "exact":
            return _allocation(problem, best_equal(problem)[None])
        tried = np.linspace(problem.low, problem.high, evaluations)
        sigmas, estimates = problem.fill(tried[:, None, None]), []
        with _progress.bar(evaluations, "evaluation", progress) as bar:
            for sigma in sigmas:
                estimates.append(_estimate(problem, sigma, samples, rng))
                bar.update()
        return _allocation(problem, sigmas, estimates)


def _allocation(problem, sigmas, estimates=None):
    """Return the :class:`Allocation` of the best of ``sigmas``, judged by ``estimates``."""
    optima = problem.objective(sigmas)
    estimates = optima if estimates is None else np.array(estimates)
    memory = problem.memory(sigmas[estimates.argmax()])
    reward = plan_reward(problem.task, memory, problem.budget)
    cost = float(memory.cost(problem.cost_weight, problem.cost))
    return Allocation(memory, reward - cost, reward, cost, float(estimates.max()), optima)


def _estimate(problem, sigma, samples, rng):
    """Return the objective of ``sigma`` (n_states, 2), its reward estimated from fresh samples."""
    earned = plan_samples(
        problem.task, problem.memory(sigma), problem.budget, samples=samples, rng=rng
    )
    return earned.mean() - problem.costs(sigma, slice(None)).sum()


def _evolve(problem, samples, evaluations, rng, bar):
    """Return (sigma, estimate), the best that one run of CMA-ES on sampled objectives saw."""
    import cma

    paid = ~problem.blank.known

    def loss(vector):
        bar.update()
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
