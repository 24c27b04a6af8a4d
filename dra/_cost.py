"""The functions of the family of costs, and how their arguments are checked (:mod:`dra.costs`)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from sys import float_info

import numpy as np
from numpy.typing import ArrayLike

from dra import _check


def border(function):
    """Check the arguments of ``function``; its attribute ``trusted`` goes without."""

    @functools.wraps(function)
    def checked(sigma, sigma_base):
        sigma = _check.array("sigma", sigma, above=0)
        sigma_base = _check.number("sigma_base", sigma_base, above=0)
        with np.errstate(all="ignore"):
            return function(sigma, sigma_base)

    checked.trusted = function
    return checked


def bare(function):
    """Return ``function`` without its :func:`border`, if it has one."""
    return getattr(function, "trusted", function)


def log_ratio(ratio, sigma, sigma_base):
    """Return log(ratio), also where sigma / sigma_base is too small or too large for a float."""
    normal = (ratio >= float_info.min) & (ratio <= float_info.max)
    if np.all(normal):
        return np.log(ratio)
    return np.where(normal, np.log(ratio), np.log(sigma) - np.log(sigma_base))


@dataclass(frozen=True, eq=False)
class Times:
    """A function of (sigma, sigma_base), times a weight for each memory."""

    function: Callable
    weights: np.ndarray

    def __call__(self, sigma, sigma_base):
        """Return the weighted values, in the shape of sigma."""
        nats = self.function(sigma, sigma_base)
        try:
            weights = np.broadcast_to(self.weights, np.shape(nats))
        except ValueError:
            raise ValueError(
                f"weights has shape {self.weights.shape}; sigma has shape {np.shape(sigma)}"
            ) from None
        return weights * nats

    @property
    def trusted(self):
        """The same without the border of the function."""
        return Times(bare(self.function), self.weights)


@border
def kl_value(sigma: ArrayLike, sigma_base: float) -> np.ndarray:
    """Return the KL divergence of N(q, sigma^2) from N(q, sigma_base^2) (eq-kl).

    Parameters
    ----------
    sigma, sigma_base : array, float
        Standard deviations of memories and of the base memory, above 0.

    Returns
    -------
    array of the shape of sigma
        In nats.

    Examples
    --------
    >>> kl_value([1.0, 5.0], sigma_base=5.0).round(3)
    array([1.129, 0.   ])
    """
    ratio = np.divide(sigma, sigma_base)
    return 0.5 * ratio * ratio - log_ratio(ratio, sigma, sigma_base) - 0.5


@border
def kl_grad(sigma: ArrayLike, sigma_base: float) -> np.ndarray:
    """Return d/dsigma of :func:`kl_value`: sigma / sigma_base^2 - 1 / sigma (eq-kl-grad).

    Parameters
    ----------
    sigma, sigma_base : array, float
        Standard deviations of memories and of the base memory, above 0.

    Returns
    -------
    array of the shape of sigma
        In nats per unit of sigma.

    Examples
    --------
    >>> kl_grad([1.0, 5.0], sigma_base=5.0).round(3)
    array([-0.96,  0.  ])
    """
    square = sigma_base * sigma_base
    if float_info.min <= square <= float_info.max:
        return np.multiply(sigma, 1.0 / square) - np.divide(1.0, sigma)
    return np.divide(np.divide(sigma, sigma_base), sigma_base) - np.divide(1.0, sigma)


@border
def entropy_value(sigma: ArrayLike, sigma_base: float) -> np.ndarray:
    """Return the entropy lost by remembering, ln(sigma_base / sigma) (eq-entropy).

    That of the base memory minus that of the memory.

    Parameters
    ----------
    sigma, sigma_base : array, float
        Standard deviations of memories and of the base memory, above 0.

    Returns
    -------
    array of the shape of sigma
        In nats.

    Examples
    --------
    >>> entropy_value([1.0, 5.0], sigma_base=5.0).round(3) + 0.0
    array([1.609, 0.   ])
    """
    return -log_ratio(np.divide(sigma, sigma_base), sigma, sigma_base)


@border
def entropy_grad(sigma: ArrayLike, sigma_base: float) -> np.ndarray:
    """Return d/dsigma of :func:`entropy_value`: -1 / sigma.

    Parameters
    ----------
    sigma, sigma_base : array, float
        Standard deviations of memories and of the base memory, above 0.

    Returns
    -------
    array of the shape of sigma
        In nats per unit of sigma.

    Examples
    --------
    >>> entropy_grad([1.0, 5.0], sigma_base=5.0)
    array([-1. , -0.2])
    """
    return np.divide(-1.0, sigma)


@border
def precision_value(sigma: ArrayLike, sigma_base: float) -> np.ndarray:
    """Return the precision above the base's, in units of twice the base's (eq-precision).

    (sigma_base^2 / sigma^2 - 1) / 2; the half gives it the slope of the entropy cost at the base.

    Parameters
    ----------
    sigma, sigma_base : array, float
        Standard deviations of memories and of the base memory, above 0.

    Returns
    -------
    array of the shape of sigma
        In nats.

    Examples
    --------
    >>> precision_value([1.0, 5.0], sigma_base=5.0)
    array([12.,  0.])
    """
    ratio = np.divide(sigma_base, sigma)
    return 0.5 * (ratio * ratio - 1.0)


@border
def precision_grad(sigma: ArrayLike, sigma_base: float) -> np.ndarray:
    """Return d/dsigma of :func:`precision_value`: -sigma_base^2 / sigma^3.

    Parameters
    ----------
    sigma, sigma_base : array, float
        Standard deviations of memories and of the base memory, above 0.

    Returns
    -------
    array of the shape of sigma
        In nats per unit of sigma.

    Examples
    --------
    >>> precision_grad([1.0, 5.0], sigma_base=5.0)
    array([-25. ,  -0.2])
    """
    ratio = np.divide(sigma_base, sigma)
    return -ratio * ratio / sigma
