"""Two memories: what their means and standard deviations do, and what they cost."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import FigureBase

from dra import _check, costs, policy
from dra.plots import _arguments

RANGE = 12.0  # of the axis, in units of reward
SIZE = 8.0, 3.2
STYLES = {"A": ("C0", "-", "//"), "B": ("C1", "--", "\\\\")}  # colour, line, hatching


@np.errstate(all="ignore")
def two_memories(
    q_a: float, sigma_a: float, q_b: float, sigma_b: float, sigma_base: float, beta: float,
    *, cost: Any = costs.kl, figure: FigureBase | None = None,
) -> dict[str, Axes]:  # fmt: skip
    """Draw two remembered values, the base memory's (dotted) behind each, and their chances.

    Parameters
    ----------
    q_a, sigma_a, q_b, sigma_b, sigma_base : float
        Means and standard deviations, in units of reward.
    beta : float > 0
        Inverse temperature; inf is Thompson sampling.
    cost : str or cost
        What the memories are paid by (:mod:`dra.costs`).
    figure : Figure, optional

    Returns
    -------
    dict of str to Axes
        ``memories`` and ``choice``.

    Raises
    ------
    ValueError
        If an argument is not legal.
    """
    q, sigma, base, beta = checked(q_a, sigma_a, q_b, sigma_b, sigma_base, beta)
    price, unit = costs.evaluated(cost, sigma, base), _arguments.nats(cost)
    figure = _arguments.figure_on(figure, *SIZE)
    left, right = figure.subplots(1, 2, width_ratios=(3, 1))
    for name, mean, width in zip(STYLES, q, sigma, strict=True):
        _draw_memory(left, name, mean, width, base)
    top = 1.15 * _density(0.0, 0.0, min(*sigma, base))
    left.set(xlim=(-RANGE, RANGE), ylim=(0, top), xlabel="remembered value [reward]", yticks=[])
    left.set_title(f"A costs {price[0]:.2f} {unit}, B {price[1]:.2f}")
    chances = policy.choice_probabilities(q, sigma, beta)
    for (name, (colour, line, hatch)), chance in zip(STYLES.items(), chances, strict=True):
        right.bar(name, chance, facecolor="none", edgecolor=colour, hatch=hatch, linestyle=line)
        right.text(name, chance, f"{chance:.3f}", ha="center", va="bottom")
    right.set(ylim=(0, 1.12), ylabel="chosen with probability")
    right.set_title(f"d′ = {policy.dprime(q, sigma):.2f}")
    return {"memories": left, "choice": right}


def checked(
    q_a: Any, sigma_a: Any, q_b: Any, sigma_b: Any, sigma_base: Any, beta: Any
) -> tuple[np.ndarray, np.ndarray, float, float]:
    """Return (q (2,), sigma (2,), sigma_base, beta)."""
    q = np.array([_check.number("q_a", q_a), _check.number("q_b", q_b)])
    sigma = [_check.number("sigma_a", sigma_a, above=0), _check.number("sigma_b", sigma_b, above=0)]
    base = _check.number("sigma_base", sigma_base, above=0)
    return q, np.array(sigma), base, _check.number("beta", beta, above=0, finite=False)


def _draw_memory(ax: Axes, name: str, mean: float, sigma: float, base: float) -> None:
    """Draw the density of a memory, and of the base memory around the same mean."""
    colour, line, hatch = STYLES[name]
    x = np.sort(np.append(np.linspace(-RANGE, RANGE, 481), mean + sigma * np.linspace(-4, 4)))
    height = _density(x, mean, sigma)
    ax.plot(x, height, color=colour, linestyle=line)
    ax.fill_between(x, height, facecolor="none", edgecolor=colour, hatch=hatch, linewidth=0)
    ax.plot(x, _density(x, mean, base), color=colour, linestyle=":", linewidth=1)
    ax.annotate(
        name, (mean, height.max()), (0, 4), textcoords="offset points", ha="center",
        color=colour, weight="bold",
    )  # fmt: skip


def _density(x: np.ndarray | float, mean: float, sigma: float) -> np.ndarray:
    """Return the normal density."""
    return np.exp(-0.5 * ((x - mean) / sigma) ** 2) / (sigma * math.sqrt(2 * math.pi))
