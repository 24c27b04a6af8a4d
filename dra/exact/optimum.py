"""The best possible allocation: the maximum of the objective over sigma, q following sigma.

The objective has many local maxima, mostly one for each way through the task that could be
remembered, hence the choice of starts (:mod:`dra.exact.ascent`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dra import _check, _progress, costs
from dra.costs import Cost
from dra.exact import ascent
from dra.memory import Memory
from dra.tasks.table import Tabular


@dataclass(frozen=True, eq=False)
class Optimum:
    """What :func:`optimal_allocation` returns.

    Attributes
    ----------
    memory : Memory
        The best allocation found, with the means that belong to it.
    objective, reward, cost : float
        objective = reward - cost; the cost is weighted.
    certificate : float
        Largest entry of the projected gradient in log sigma, in units of reward. It is zero at a
        maximum, which may be a local one.
    optima : (n_starts,) array
        Objective reached from each start, the best one polished; NaN where the values did not
        settle.
    """

    memory: Memory
    objective: float
    reward: float
    cost: float
    certificate: float
    optima: np.ndarray

    @property
    def spread(self) -> float:
        """Difference between the best and the worst of the optima."""
        return float(np.nanmax(self.optima) - np.nanmin(self.optima))


@np.errstate(all="ignore")
def optimal_allocation(
    task: Tabular, *, beta: float, gamma: float, cost_weight: float, sigma_base: float,
    gamma_q: float | None = None, cost: str | Cost = costs.kl,
    sigma_bounds: tuple[float, float] = (0.01, 100.0), starts: int | Sequence[ArrayLike] = 7,
    rng: int | np.random.Generator = 0, progress: bool | None = None,
) -> Optimum:  # fmt: skip
    """Find the sigma that maximises the objective while q holds the values of the policy.

    Parameters
    ----------
    task : Tabular
    beta : float
        Inverse temperature; may be inf.
    gamma : float in [0, 1]
        Discount of the objective.
    cost_weight : float >= 0
    sigma_base : float
    gamma_q : float in [0, 1], optional
        Discount at which q is learned; by default ``gamma``. The paper learns at 0.9 and reports
        the undiscounted return.
    cost : str or cost
    sigma_bounds : (float, float)
    starts : int, or sequence of numbers and arrays of ``task.memory_shape``
        Values of sigma to climb from. A number n stands for one equal allocation and n - 1 that
        are precise along one good way through the task each. Where there are fewer good ways, two
        more equal allocations may join them.
    rng : seed or Generator
        Only used to choose among equally good ways.
    progress : bool, optional
        Show a progress bar. Default: on a terminal, or in a live notebook, after two seconds;
        never where the environment variable CI is set. Ctrl-C stops at once and keeps nothing.

    Returns
    -------
    Optimum

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
    >>> best = exact.optimal_allocation(task, beta=10.0, gamma=1.0, cost_weight=0.1, sigma_base=5.0)
    >>> round(best.objective, 2), round(best.reward, 2), round(best.cost, 2)
    (7.34, 8.61, 1.27)
    """
    cost_weight = _check.number("cost_weight", cost_weight, least=0)
    progress = _check.option("progress", progress)
    problem = ascent.problem_of(
        task, beta, gamma, gamma_q, sigma_base, cost, sigma_bounds, ascent.weighted(cost_weight)
    )
    given = ascent.starts_of(problem, starts, rng)
    with _progress.bar(len(given) + 1, "climb", progress) as bar:
        rough = ascent.first_climbs(problem, given, bar)
        best = ascent.highest(rough)
        rough[best] = (
            ascent.climb(problem, rough[best].sigma, rough[best].point.x, ascent.FINE)
            or rough[best]
        )
        bar.update()
    top = rough[best]
    return Optimum(
        ascent.memory_at(problem, top), top.objective, top.reward, top.reward - top.objective,
        ascent.steepness(problem, top), np.array([c.objective if c else np.nan for c in rough]),
    )  # fmt: skip
