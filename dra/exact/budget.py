"""The dual question: the most reward that a memory of so many nats can earn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from dra import _check, _progress, costs
from dra.costs import Cost
from dra.exact import ascent
from dra.memory import Memory
from dra.tasks.table import Tabular

_ROUNDS = 30
_CLOSE = 1e-4  # relative violation of the budget that is let pass


@dataclass(frozen=True, eq=False)
class BestReward:
    """What :func:`best_reward` returns.

    Attributes
    ----------
    memory : Memory
    reward : float
    nats : float
        What the memory costs, at most the budget (to 1e-4 of it).
    multiplier : float
        What another nat would earn: the cost_weight at which this memory is (locally) optimal. 0
        where the budget is not used up.
    concave : bool
        Whether climbs with this cost_weight from near by come back to this memory. Where one ends
        elsewhere, the frontier is not concave: no cost_weight leads here, and the optimal
        allocation jumps over the budget as cost_weight changes. A climb that fails, for the values
        do not settle, says nothing.
    certificate : float
        Largest entry of the projected gradient of the Lagrangian in log sigma.
    optima : (n_starts,) array
        Reward reached from each start; NaN where none was.
    """

    memory: Memory
    reward: float
    nats: float
    multiplier: float
    concave: bool
    certificate: float
    optima: np.ndarray


@np.errstate(all="ignore")
def best_reward(
    task: Tabular, budget_nats: float, *, beta: float, gamma: float, sigma_base: float,
    gamma_q: float | None = None, cost: str | Cost = costs.kl,
    sigma_bounds: tuple[float, float] = (0.01, 100.0), starts: int | Sequence[ArrayLike] = 7,
    rng: int | np.random.Generator = 0, progress: bool | None = None,
) -> BestReward:  # fmt: skip
    """Find the most reward that a memory costing at most ``budget_nats`` can earn.

    By an augmented Lagrangian (Nocedal & Wright 2006, chapter 17), which also finds the stretches
    of the frontier that no cost_weight leads to.

    Parameters
    ----------
    task : Tabular
    budget_nats : float > 0
        Most that all memories together may cost, not weighted.
    beta, gamma, sigma_base, gamma_q, cost, sigma_bounds, starts, rng, progress
        As for :func:`dra.exact.optimal_allocation`.

    Returns
    -------
    BestReward

    Raises
    ------
    ValueError
        If an argument is not legal.
    RuntimeError
        If no start leads to a memory within the budget.

    Examples
    --------
    >>> import dra
    >>> from dra import exact
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> best = exact.best_reward(task, 2.0, beta=10.0, gamma=1.0, sigma_base=5.0)
    >>> round(best.reward, 2), round(best.nats, 2), round(best.multiplier, 2)
    (6.95, 2.0, 0.26)
    """
    budget = _check.number("budget_nats", budget_nats, above=0)
    progress = _check.option("progress", progress)
    problem = ascent.problem_of(
        task, beta, gamma, gamma_q, sigma_base, cost, sigma_bounds, lambda nats: (0.0, 0.0)
    )
    given, found, before = ascent.starts_of(problem, starts, rng), [], None
    with _progress.bar(len(given) + 1, "climb", progress) as bar:
        for sigma, x in given:
            near = before[0].point.x if before else x
            before = _within(problem, sigma, near, budget, before, ascent.ROUGH)
            found.append(before)
            bar.update()
        rewards = np.array([f[0].reward if f else np.nan for f in found])
        if np.isnan(rewards).all():
            raise RuntimeError(f"no start leads to a memory of at most {budget:g} nats")
        number = int(np.nanargmax(rewards))
        best = found[number]
        polished = _within(problem, best[0].sigma, best[0].point.x, budget, best, ascent.FINE)
        top, multiplier = polished or best
        rewards[number] = top.reward
        plain = replace(problem, price=ascent.weighted(multiplier))
        here = ascent.at(plain, top.sigma, top.point.x)
        stays = _stays(plain, here, budget)
        bar.update()
    return BestReward(
        ascent.memory_at(problem, top), top.reward, top.nats, multiplier, stays,
        ascent.steepness(plain, here), rewards,
    )  # fmt: skip


def _within(problem, sigma, x, budget, before, tolerance):
    """Return (Climb, multiplier) at a best reward within the budget near ``sigma``, or None."""
    first = ascent.at(problem, sigma, x)
    multiplier = _fair_price(problem, first) if before is None else before[1]
    multiplier = max(multiplier, 1e-6 * problem.unit)
    weight, gap = multiplier / max(1.0, 0.1 * budget), np.inf
    for _ in range(_ROUNDS):
        penalty = replace(problem, price=_augmented(budget, multiplier, weight))
        top = ascent.climb(penalty, sigma, x, tolerance)
        if top is None:
            return None
        sigma, x = top.sigma, top.point.x
        multiplier, last_gap = max(0.0, multiplier + weight * (top.nats - budget)), gap
        gap = abs(top.nats - budget) if multiplier > 0 else max(0.0, top.nats - budget)
        if gap <= _CLOSE * budget:
            return top, multiplier
        if gap > 0.3 * last_gap:
            weight *= 4
    return None


def _stays(problem, here, budget):
    """Return whether no climb from either side of ``here`` ends elsewhere; one may fail."""
    for nudge in (0.98, 1.02):
        sigma = problem.clipped(nudge * here.sigma)
        there = ascent.climb(problem, sigma, here.point.x, 1e-10)
        if there is None:
            continue
        gain = there.objective - here.objective
        if gain > 1e-6 * abs(here.reward) and abs(there.nats - here.nats) > 0.01 * budget:
            return False
    return True


def _fair_price(problem, point):
    """Return the price of a nat at which reward and cost pull equally hard."""
    cost = (point.sigma * problem.nats(point.sigma, "grad"))[problem.free]
    return float(np.abs(point.gradient @ cost) / max(cost @ cost, 1e-12))


def _augmented(budget, multiplier, weight):
    """Return the price of nats in the augmented Lagrangian of the budget."""

    def price(nats):
        rate = max(0.0, multiplier + weight * (nats - budget))
        return (rate**2 - multiplier**2) / (2 * weight), rate

    return price
