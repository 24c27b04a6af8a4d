"""The family of costs: what it costs to remember an action-value with standard deviation sigma.

A cost has a value and a gradient, both elementwise functions of ``sigma`` and ``sigma_base`` in
nats. The total cost of a memory is ``cost_weight`` times the sum of the values (eq-cost). Anything
with these two methods is a cost; :class:`Cost` makes one of two functions, and :func:`weighted`
gives each memory a price of its own. Wherever a cost is used it is given the sigma of the whole
memory, in the memory's shape, known memories included.

All three vanish at sigma = sigma_base: a memory no better than the base memory is free. Beyond it
:data:`kl` rises again, but :data:`entropy` and :data:`precision` fall below zero and would pay for
forgetting; train with them under ``sigma_bounds`` that end at ``sigma_base``.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from dra import _check, _cost
from dra._cost import (
    entropy_grad,
    entropy_value,
    kl_grad,
    kl_value,
    precision_grad,
    precision_value,
)

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
    "weighted",
]


@dataclass(frozen=True)
class Cost:
    """A cost of precision.

    Attributes
    ----------
    name : str
        How saved runs refer to it.
    value, grad : callable (sigma, sigma_base) -> array of the shape of sigma
        Elementwise value in nats and its derivative in sigma. To send a run to another process,
        make them functions of a module, for pickle finds those by name.

    Raises
    ------
    ValueError
        If ``name`` is no text, or ``value`` or ``grad`` cannot be called.

    Examples
    --------
    A cost of one's own, which grows like the root of precision:

    >>> def value(sigma, sigma_base):
    ...     return np.sqrt(sigma_base / sigma) - 1
    >>> def grad(sigma, sigma_base):
    ...     return -0.5 * np.sqrt(sigma_base / sigma) / sigma
    >>> root = Cost("root", value, grad)
    >>> float(root.value(1.25, 5.0))
    1.0

    The gradient should be tried against a difference before it is trusted:

    >>> slope = (root.value(1.25 + 1e-6, 5.0) - root.value(1.25 - 1e-6, 5.0)) / 2e-6
    >>> round(float(slope), 6), round(float(root.grad(1.25, 5.0)), 6)
    (-0.8, -0.8)

    It goes wherever a cost does:

    >>> import dra
    >>> run = dra.train(dra.tasks.gridworld(), 20, rng=0, cost=root, sigma_bounds=(0.01, 5.0))
    >>> bool(run.memory.cost(cost=root) > 0)
    True
    """

    name: str
    value: Callable
    grad: Callable

    def __post_init__(self):
        """Check the fields."""
        _check.text("name", self.name)
        for method in ("value", "grad"):
            _check.function(method, getattr(self, method))


kl = Cost("kl", kl_value, kl_grad)
"""KL divergence from the base memory, the cost of the paper: :func:`kl_value`, :func:`kl_grad`."""

entropy = Cost("entropy", entropy_value, entropy_grad)
"""Entropy of the base memory above the memory's: :func:`entropy_value`, :func:`entropy_grad`."""

precision = Cost("precision", precision_value, precision_grad)
"""Precision above the base memory's: :func:`precision_value`, :func:`precision_grad`."""

BUILT_IN = {cost.name: cost for cost in (kl, entropy, precision)}
"""The three above, by name."""


def named(cost: str | Cost) -> Cost:
    """Return ``cost`` itself, or the built-in cost of that name.

    Parameters
    ----------
    cost : str or cost
        A name in :data:`BUILT_IN`, or an object with the methods ``value`` and ``grad``.

    Returns
    -------
    Cost

    Raises
    ------
    ValueError
        If ``cost`` is neither.

    Examples
    --------
    >>> named("kl") is kl
    True
    """
    if isinstance(cost, str):
        _check.one_of("cost", cost, BUILT_IN)
        return BUILT_IN[cost]
    methods = callable(getattr(cost, "value", None)) and callable(getattr(cost, "grad", None))
    if isinstance(cost, type) or not methods:
        raise ValueError(
            f"cost is {_check.shown(cost)}; it must be one of {sorted(BUILT_IN)} or an "
            "object with the methods value(sigma, sigma_base) and grad(sigma, sigma_base)"
        )
    return cost


def weighted(cost: str | Cost, weights: ArrayLike) -> Cost:
    """Return ``cost`` with a price for each memory: ``weights`` times its value and gradient.

    Parameters
    ----------
    cost : str or cost
    weights : array of the shape of the memory, or one that broadcasts to it
        At least 0.

    Returns
    -------
    Cost
        Its name holds a checksum of the weights, by which a resumed run tells them apart.

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    The second action of each state costs twice as much to remember:

    >>> twice = weighted("kl", [1.0, 2.0])
    >>> twice.value([[1.0, 1.0], [5.0, 5.0]], 5.0).round(3).tolist()
    [[1.129, 2.259], [0.0, 0.0]]
    """
    cost, weights = named(cost), _check.array("weights", weights, least=0)
    if weights.size == 0:
        raise ValueError(f"weights has shape {weights.shape}; it must hold a weight a memory")
    weights.setflags(write=False)
    mark = zlib.crc32(weights.tobytes(), zlib.crc32(repr(weights.shape).encode()))
    name = f"{getattr(cost, 'name', type(cost).__name__)} weighted by {mark:08x}"
    return Cost(name, _cost.Times(cost.value, weights), _cost.Times(cost.grad, weights))


def trusted(cost):
    """Return ``cost`` without the checks of its arguments, for loops in which they are legal."""
    if not isinstance(cost, Cost):
        return cost
    return replace(cost, value=_cost.bare(cost.value), grad=_cost.bare(cost.grad))


def evaluated(cost, sigma, sigma_base, method="value"):
    """Return ``cost.value`` (or ``grad``) of a memory's sigma, which is legal; check the result.

    Raises
    ------
    ValueError
        If the result is not finite or has not the shape of sigma.
    """
    cost = named(cost)
    with np.errstate(all="ignore"):
        result = _cost.bare(getattr(cost, method))(sigma.copy(), sigma_base)
    try:
        if np.iscomplexobj(result) or isinstance(result, np.ma.MaskedArray):
            raise TypeError
        result = np.asarray(result, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(
            f"cost.{method} returns {_check.shown(result)}; it must return numbers"
        ) from None
    if result.shape != sigma.shape:
        raise ValueError(
            f"cost.{method} gives shape {result.shape} for sigma of shape {sigma.shape}; "
            "it must be elementwise"
        )
    if not np.isfinite(result).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(result))[0])
        raise ValueError(
            f"cost.{method} gives {result[where]} where sigma is {sigma[where]:g} and sigma_base "
            f"{sigma_base:g}; it must be finite"
        )
    return result
