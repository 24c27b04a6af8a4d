"""Two memories: what their means and standard deviations do, and what they cost."""

from __future__ import annotations

import math

import ipywidgets as widgets
import numpy as np

from dra import _check, costs, policy
from dra.widgets._panel import LABEL, WIDTH, Panel, blank, slider

RANGE = 12.0  # of the axis, in units of reward
BETAS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, math.inf)
STYLES = {"A": ("C0", "-", "//"), "B": ("C1", "--", "\\\\")}  # colour, line, hatching


def two_memories_numbers(q_a, sigma_a, q_b, sigma_b, sigma_base, beta):
    """Return what two memories do and cost.

    Parameters
    ----------
    q_a, q_b : float
        Means, in units of reward.
    sigma_a, sigma_b, sigma_base : float > 0
    beta : float > 0
        Inverse temperature; inf is Thompson sampling.

    Returns
    -------
    dict of str to float
        Exact choice probabilities, d' and prices by :data:`dra.costs.kl`.

    Raises
    ------
    ValueError
        If an argument is not legal.
    """
    q, sigma, base, beta = _checked(q_a, sigma_a, q_b, sigma_b, sigma_base, beta)
    chance = policy.choice_probabilities(q, sigma, beta)
    price = costs.kl.value(sigma, base)
    return {
        "probability of A": float(chance[0]),
        "probability of B": float(chance[1]),
        "d′": float(policy.dprime(q, sigma)),
        "price of A [nats]": float(price[0]),
        "price of B [nats]": float(price[1]),
        "price of both [nats]": float(price.sum()),
    }


def draw_two_memories(q_a, sigma_a, q_b, sigma_b, sigma_base, beta):
    """Draw both densities, the base memory's (dotted) behind each, and the choice probabilities.

    Parameters
    ----------
    q_a, sigma_a, q_b, sigma_b, sigma_base, beta
        As for :func:`two_memories_numbers`.

    Returns
    -------
    Figure
    """
    q, sigma, base, _ = _checked(q_a, sigma_a, q_b, sigma_b, sigma_base, beta)
    numbers = two_memories_numbers(q_a, sigma_a, q_b, sigma_b, sigma_base, beta)
    figure = blank(8.0, 3.2)
    left, right = figure.subplots(1, 2, width_ratios=(3, 1))
    for name, mean, width in zip(STYLES, q, sigma, strict=True):
        colour, line, hatch = STYLES[name]
        x = np.sort(np.append(np.linspace(-RANGE, RANGE, 481), mean + width * np.linspace(-4, 4)))
        height = _density(x, mean, width)
        left.plot(x, height, color=colour, linestyle=line)
        left.fill_between(x, height, facecolor="none", edgecolor=colour, hatch=hatch, linewidth=0)
        left.plot(x, _density(x, mean, base), color=colour, linestyle=":", linewidth=1)
        left.annotate(
            name, (mean, height.max()), (0, 4), textcoords="offset points", ha="center",
            color=colour, weight="bold",
        )  # fmt: skip
        chance = numbers[f"probability of {name}"]
        right.bar(name, chance, facecolor="none", edgecolor=colour, hatch=hatch, linestyle=line)
        right.text(name, chance, f"{chance:.3f}", ha="center", va="bottom")
    top = 1.15 * _density(0.0, 0.0, min(*sigma, base))
    left.set(xlim=(-RANGE, RANGE), ylim=(0, top), xlabel="remembered value [reward]", yticks=[])
    price = [numbers[f"price of {name} [nats]"] for name in STYLES]
    left.set_title(f"A costs {price[0]:.2f} nats, B {price[1]:.2f}")
    right.set(ylim=(0, 1.12), ylabel="chosen with probability", title=f"d′ = {numbers['d′']:.2f}")
    return figure


def two_memories():
    """Return a panel: two memories whose means, widths, base and beta can be moved.

    Returns
    -------
    Panel
    """
    mean = {"low": -8.0, "high": 8.0, "step": 0.1}
    width = {"low": 0.2, "high": 10.0, "step": 0.1}
    number = widgets.FloatSlider
    controls = {
        "q_a": slider(number, "mean q of A", **mean, value=2.0),
        "sigma_a": slider(number, "blur σ of A", **width, value=3.0),
        "q_b": slider(number, "mean q of B", **mean, value=-1.0),
        "sigma_b": slider(number, "blur σ of B", **width, value=3.0),
        "sigma_base": slider(number, "base memory σ_base", 1.0, 10.0, 0.5, 5.0),
        "beta": widgets.SelectionSlider(
            description="inverse temperature β", options=[(f"{b:g}", b) for b in BETAS],
            value=10.0, style=LABEL, layout=WIDTH,
        ),
    }  # fmt: skip

    def show(**values):
        description = (
            "Densities of two remembered values. "
            "A has mean {q_a:.1f} and standard deviation {sigma_a:.1f}; "
            "B has mean {q_b:.1f} and standard deviation {sigma_b:.1f}."
        ).format(**values)
        return draw_two_memories(**values), description, two_memories_numbers(**values)

    return Panel(controls, show)


def _checked(q_a, sigma_a, q_b, sigma_b, sigma_base, beta):
    """Return (q (2,), sigma (2,), sigma_base, beta)."""
    q = np.array([_check.number("q_a", q_a), _check.number("q_b", q_b)])
    sigma = [_check.number("sigma_a", sigma_a, above=0), _check.number("sigma_b", sigma_b, above=0)]
    base = _check.number("sigma_base", sigma_base, above=0)
    return q, np.array(sigma), base, _check.number("beta", beta, above=0, finite=False)


def _density(x, mean, sigma):
    """Return the normal density."""
    return np.exp(-0.5 * ((x - mean) / sigma) ** 2) / (sigma * math.sqrt(2 * math.pi))
