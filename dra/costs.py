"""The family of costs: what it costs to remember an action-value with standard deviation sigma.

A cost has a value and a gradient, both elementwise functions of ``sigma`` and ``sigma_base`` in
nats. The total cost of a memory is ``cost_weight`` times the sum of the values (eq-cost). Anything
with these two methods is a cost; :class:`Cost` makes one of two functions.

All three vanish at sigma = sigma_base: a memory no better than the base memory is free. Beyond it
:data:`kl` rises again, but :data:`entropy` and :data:`precision` fall below zero and would pay for
forgetting; train with them under ``sigma_bounds`` that end at ``sigma_base``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dra import _check

__all__ = [
    "BUILT_IN",
    "Cost",
    "entropy",
    "entropy_grad",
    "entropy_value",
    "kl",
    "kl_grad",
    "kl_value",
    "named",
    "precision",
    "precision_grad",
    "precision_value",
]


@dataclass(frozen=True)
class Cost:
    """A cost of precision.

    Attributes
    ----------
    name : str
        How saved runs refer to it.
    value, grad : callable (sigma, sigma_base) -> array
        Elementwise value in nats and its derivative in sigma.

    Examples
    --------
    >>> import numpy as np
    >>> root = Cost("root", lambda s, b: np.sqrt(b / s) - 1, lambda s, b: -0.5 * np.sqrt(b / s) / s)
    >>> float(root.value(1.25, 5.0))
    1.0
    """

    name: str
    value: Callable
    grad: Callable


def kl_value(sigma, sigma_base):
    """KL divergence from the base memory, N(q, sigma^2) to N(q, sigma_base^2) (eq-kl)."""
    ratio = np.divide(sigma, sigma_base)
    return 0.5 * ratio * ratio - np.log(ratio) - 0.5


def kl_grad(sigma, sigma_base):
    """Return d/dsigma of :func:`kl_value`: sigma / sigma_base^2 - 1 / sigma (eq-kl-grad)."""
    return np.multiply(sigma, 1.0 / (sigma_base * sigma_base)) - np.divide(1.0, sigma)


def entropy_value(sigma, sigma_base):
    """Entropy of the base memory minus that of the memory: ln(sigma_base / sigma) (eq-entropy)."""
    return -np.log(np.divide(sigma, sigma_base))


def entropy_grad(sigma, sigma_base):
    """Return d/dsigma of :func:`entropy_value`: -1 / sigma."""
    return np.divide(-1.0, sigma)


def precision_value(sigma, sigma_base):
    """Precision above the base's, in units of twice the base's (eq-precision).

    (sigma_base^2 / sigma^2 - 1) / 2; the half gives it the slope of the entropy cost at the base.
    """
    ratio = np.divide(sigma_base, sigma)
    return 0.5 * (ratio * ratio - 1.0)


def precision_grad(sigma, sigma_base):
    """Return d/dsigma of :func:`precision_value`: -sigma_base^2 / sigma^3."""
    ratio = np.divide(sigma_base, sigma)
    return -ratio * ratio / sigma


kl = Cost("kl", kl_value, kl_grad)
"""KL divergence from the base memory, the cost of the paper: :func:`kl_value`, :func:`kl_grad`."""

entropy = Cost("entropy", entropy_value, entropy_grad)
"""Entropy of the base memory above the memory's: :func:`entropy_value`, :func:`entropy_grad`."""

precision = Cost("precision", precision_value, precision_grad)
"""Precision above the base memory's: :func:`precision_value`, :func:`precision_grad`."""

BUILT_IN = {cost.name: cost for cost in (kl, entropy, precision)}
"""The three above, by name."""


def named(cost):
    """Return ``cost`` itself, or the built-in cost of that name.

    Raises
    ------
    ValueError
        If ``cost`` is neither the name of a built-in cost nor has ``value`` and ``grad``.
    """
    if isinstance(cost, str):
        _check.one_of("cost", cost, BUILT_IN)
        return BUILT_IN[cost]
    if not (callable(getattr(cost, "value", None)) and callable(getattr(cost, "grad", None))):
        raise ValueError(
            f"cost is {cost!r}; it must be one of {sorted(BUILT_IN)} or have the methods "
            "value(sigma, sigma_base) and grad(sigma, sigma_base)"
        )
    return cost
