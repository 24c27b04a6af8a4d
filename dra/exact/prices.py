"""The frontier: the best allocation for each of several prices of precision.

A memory that earns reward r with n nats has the objective r - w n at cost_weight w, a straight line
in w. The best objective is the upper envelope of these lines: convex, and falling with slope -n
(the envelope theorem). So what is best at one weight is a bound at all others, and costs nothing to
compare. Climbs find local maxima only. They are therefore begun in three ways: from every start at
the lowest weight, each followed as precision gets dearer; from the neighbours' allocations, in both
directions, until that gains nothing; and from whatever memory of another weight is better.
"""

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

_SAME = 0.1  # largest difference in log sigma between climbs that count as one


@dataclass(frozen=True, eq=False)
class Frontier:
    """What :func:`frontier` returns. Entry i of everything belongs to ``cost_weights[i]``.

    Attributes
    ----------
    cost_weights : (n,) array
    memories : tuple of n Memory
        The best allocations found, with the means that belong to them.
    reward, nats : (n,) arrays
        What each memory earns, and what it costs before it is weighted.
    certificate : (n,) array
        Largest entry of each projected gradient in log sigma, see
        :class:`dra.exact.Optimum`.
    cost_function : str or cost
        What the memories are paid by (:mod:`dra.costs`).
    """

    cost_weights: np.ndarray
    memories: tuple[Memory, ...]
    reward: np.ndarray
    nats: np.ndarray
    certificate: np.ndarray
    cost_function: str | costs.Cost = costs.kl

    @property
    def cost(self) -> np.ndarray:
        """What the memories cost, in units of reward."""
        return self.cost_weights * self.nats

    @property
    def objective(self) -> np.ndarray:
        """Reward minus cost."""
        return self.reward - self.cost

    @property
    def kept(self) -> np.ndarray:
        """Masks (n, ...) of the memories that are kept: sigma below half of sigma_base.

        A memory just that precise costs 0.32 nats (:data:`dra.costs.kl`). Known memories do not
        count.
        """
        return np.array([(m.sigma < 0.5 * m.sigma_base) & ~m.known for m in self.memories])


@np.errstate(all="ignore")
def frontier(
    task: Tabular, cost_weights: ArrayLike, *, beta: float, gamma: float, sigma_base: float,
    gamma_q: float | None = None, cost: str | Cost = costs.kl,
    sigma_bounds: tuple[float, float] = (0.01, 100.0), starts: int | Sequence[ArrayLike] = 7,
    rng: int | np.random.Generator = 0, progress: bool | None = None,
) -> Frontier:  # fmt: skip
    """Find the optimal allocation for each of several cost weights.

    Parameters
    ----------
    task : Tabular
    cost_weights : sequence of float >= 0
        Ascending. The closer they lie, the better each climb's start.
    beta, gamma, sigma_base, gamma_q, cost, sigma_bounds, starts, rng, progress
        As for :func:`dra.exact.optimal_allocation`.

    Returns
    -------
    Frontier

    Raises
    ------
    ValueError
        If an argument is not legal, or the task cannot be solved at this discount.
    RuntimeError
        If the values do not settle from any start.

    Examples
    --------
    >>> import dra
    >>> from dra import exact
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> found = exact.frontier(task, [0.1, 1.0], beta=10.0, gamma=1.0, sigma_base=5.0)
    >>> found.nats.round(1), found.kept.sum(axis=(1, 2))
    (array([12.7,  0.2]), array([8, 0]))
    """
    weights, progress = _ascending(cost_weights), _check.option("progress", progress)
    problem = ascent.problem_of(
        task, beta, gamma, gamma_q, sigma_base, cost, sigma_bounds, ascent.weighted(weights[0])
    )
    problems = [replace(problem, price=ascent.weighted(w)) for w in weights]
    given = ascent.starts_of(problem, starts, rng)
    with _progress.bar(len(given) + 2 * weights.size, "climb", progress) as bar:
        first = ascent.first_climbs(problem, given, bar)
        ascent.highest(first)  # raises where there is none
        best = _followed(problems, first, bar)
        _exchange(problems, best, bar)
        _polish(problems, best, bar)
    return Frontier(
        weights,
        tuple(ascent.memory_at(problem, top) for top in best),
        np.array([top.reward for top in best]),
        np.array([top.nats for top in best]),
        np.array([ascent.steepness(p, top) for p, top in zip(problems, best, strict=True)]),
        costs.named(cost),  # with its checks
    )


def _ascending(cost_weights):
    """Return the checked cost weights as an array."""
    weights = _check.array("cost_weights", cost_weights, least=0.0)
    if weights.ndim != 1 or weights.size == 0 or np.any(np.diff(weights) <= 0):
        raise ValueError(
            f"cost_weights is {_check.shown(cost_weights)}; it must be an ascending sequence"
        )
    return weights


def _worth(problem, climb):
    """Return the objective of ``problem`` where a climb, made at any weight, has ended."""
    return climb.reward - problem.price(climb.nats)[0]


def _gains(problem, climb, other, tolerance):
    """Return whether ``climb`` is worth more than ``other``, beyond the tolerance of a climb."""
    least = _worth(problem, other)
    return _worth(problem, climb) > least + tolerance * (problem.unit + abs(least))


def _higher(problem, start, tolerance):
    """Return where a climb from ``start`` ends; at ``start`` where that is no lower."""
    top = ascent.climb(problem, start.sigma, start.point.x, tolerance)
    if top is not None and _worth(problem, top) > _worth(problem, start):
        return top
    return ascent.at(problem, start.sigma, start)


def _followed(problems, climbs, bar):
    """Follow climbs from the first problem to the last; return the best for each problem."""
    best = []
    climbs = [c for c in climbs if c is not None]
    for problem in problems:
        climbs = _distinct([_higher(problem, c, ascent.ROUGH) for c in climbs])
        best.append(max(climbs, key=lambda c: c.objective))
        bar.update()
    return best


def _distinct(climbs):
    """Return ``climbs`` without those that have met an earlier one."""
    found = []
    for climb in climbs:
        if all(np.abs(np.log(climb.sigma / other.sigma)).max() > _SAME for other in found):
            found.append(climb)
    return found


def _exchange(problems, best, bar):
    """Climb from the neighbours, downwards and upwards, until no climb of ``best`` is replaced."""
    n, tried, gained = len(best), set(), True
    while gained:
        gained = False
        bar.total += 2 * (n - 1)
        for i, neighbour in [(i, i + 1) for i in reversed(range(n - 1))] + [
            (i, i - 1) for i in range(1, n)
        ]:
            start = best[neighbour]
            if (i, start) not in tried:
                tried.add((i, start))
                top = _higher(problems[i], start, ascent.ROUGH)
                if _gains(problems[i], top, best[i], ascent.ROUGH):
                    best[i], gained = top, True
            bar.update()


def _polish(problems, best, bar):
    """Finish the climbs; begin again wherever the memory of another weight is better."""
    for i, problem in enumerate(problems):
        best[i] = _higher(problem, best[i], ascent.FINE)
        bar.update()
    gained = True
    while gained:
        gained = False
        for i, problem in enumerate(problems):
            top = max(best, key=lambda c: _worth(problem, c))
            if _gains(problem, top, best[i], ascent.FINE):
                best[i], gained = _higher(problem, top, ascent.FINE), True
