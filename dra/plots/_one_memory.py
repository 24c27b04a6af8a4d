"""One memory at a price: the objective over its sigma, and the best sigma at every price."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase
from scipy.optimize import minimize_scalar
from scipy.stats import norm

from dra import _check, costs
from dra.plots import _arguments

SIZE = 8.0, 3.2
PRICES = np.geomspace(0.005, 2.0, 240)
SHARPEST = 1e-3  # of sigma_base
POINTS = 2000


@np.errstate(all="ignore")
def one_memory(
    gap: float, cost_weight: float, sigma_base: float,
    *, cost: Any = costs.kl, figure: FigureBase | None = None,
) -> dict[str, Axes]:  # fmt: skip
    """Draw the objective of one remembered option over its sigma, and the best sigma at each price.

    The option is worth ``gap`` more than another whose value is known for certain.

    Parameters
    ----------
    gap : float > 0
        In units of reward.
    cost_weight : float >= 0
        The price of a nat, in units of reward.
    sigma_base : float > 0
    cost : str or cost
        What the memory is paid by (:mod:`dra.costs`).
    figure : Figure, optional

    Returns
    -------
    dict of str to Axes
        ``objective`` and ``best``.

    Raises
    ------
    ValueError
        If an argument is not legal.
    """
    gap, weight, base, cost = checked(gap, cost_weight, sigma_base, cost)
    sigma = np.geomspace(SHARPEST * base, base, POINTS)
    figure = _arguments.figure_on(figure, *SIZE)
    left, right = figure.subplots(1, 2)
    worth, paid = gap * norm.cdf(gap / sigma), cost.value(sigma, base)
    sharp, top = best(gap, weight, base, cost)
    left.plot(sigma, worth - weight * paid, color="C0")
    left.plot(sharp, top, "^", color="C0")
    left.set(
        xscale="log", xlim=(SHARPEST * base, 1.1 * base), xlabel="σ [reward]",
        ylim=(top - 0.4 * gap, top + 0.05 * gap), ylabel="objective F [reward]",
    )  # fmt: skip
    left.set_title(f"best σ = {sharp:.2f}")
    leaps = np.argmax(worth - PRICES[:, None] * paid, axis=1)
    right.plot(PRICES, sigma[leaps], color="C1")
    right.axvline(weight, color="C6", linestyle=":")
    right.plot(weight, sharp, "^", color="C0")
    right.set(
        xscale="log", xlim=(PRICES[0], PRICES[-1]), xlabel="price λ [reward / nat]",
        ylim=(0, 1.05 * base), ylabel="best σ [reward]",
    )  # fmt: skip
    return {"objective": left, "best": right}


def checked(
    gap: Any, cost_weight: Any, sigma_base: Any, cost: Any
) -> tuple[float, float, float, costs.Cost]:
    """Return the arguments as numbers and a cost."""
    weight = _check.number("cost_weight", cost_weight, least=0)
    base = _check.number("sigma_base", sigma_base, above=0)
    return _check.number("gap", gap, above=0), weight, base, costs.named(cost)


def best(gap: float, weight: float, base: float, cost: costs.Cost) -> tuple[float, float]:
    """Return (sigma, F) where F is highest, between a thousandth of the base and the base."""

    def loss(log_sigma):
        sigma = np.exp(log_sigma)
        return weight * cost.value(sigma, base) - gap * norm.cdf(gap / sigma)

    grid = np.linspace(np.log(SHARPEST * base), np.log(base), POINTS)
    place = int(np.argmin(loss(grid)))
    low, high = grid[max(place - 1, 0)], grid[min(place + 1, POINTS - 1)]
    found = minimize_scalar(loss, bounds=(low, high), method="bounded", options={"xatol": 1e-10})
    at = min(found.x, grid[place], key=loss)
    return float(np.exp(at)), -float(loss(at))
