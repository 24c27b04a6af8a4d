"""The policy: soft Thompson sampling, one choice at a time and as exact probabilities.

A memory holds a mean q and a standard deviation sigma per action. A choice draws
zeta_a ~ N(0, 1) afresh and then follows softmax_a(beta (q_a + sigma_a zeta_a)), the policy of
Patel, Acerbi & Pouget (2020). beta = inf is Thompson sampling: the largest draw wins.
Probabilities here are averages over zeta, computed without sampling (see :mod:`dra._choices`).

Where not every action exists, ``available`` says which do: a bool array that broadcasts to the
shape of q. All is as if the others' columns were not in the table: no noise is drawn for them, and
their probabilities and all derivatives that name them are 0.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import entr

from dra import _check, _choices
from dra._check import Seed

__all__ = [
    "choice_entropy",
    "choice_probabilities",
    "choice_probability_derivatives",
    "dprime",
    "sample_action",
    "softmax",
]


def softmax(x: ArrayLike, beta: float = 1.0) -> np.ndarray:
    """Softmax of beta * x along the last axis; beta = inf is uniform over the maximisers.

    Parameters
    ----------
    x : array (..., A)
        Finite numbers, A >= 1.
    beta : float
        Inverse temperature, > 0, in one over units of x; may be inf.

    Returns
    -------
    array (..., A)

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    >>> softmax([0.0, math.log(3.0)])
    array([0.25, 0.75])
    """
    x, beta = _check.array("x", x), _choices.check_beta(beta)
    _choices.check_actions("x", x)
    best = x.max(axis=-1, keepdims=True)
    with np.errstate(over="ignore", under="ignore"):
        if math.isinf(beta):
            weight = (x == best).astype(float)
        else:  # by halves, for the difference of two large numbers may be too large
            weight = np.exp(2.0 * (beta * (x / 2 - best / 2)))
        return weight / weight.sum(axis=-1, keepdims=True)


def sample_action(
    q_row: ArrayLike,
    sigma_row: ArrayLike,
    beta: float,
    rng: Seed,
    *,
    available: ArrayLike | None = None,
) -> int:
    """Draw one action by soft Thompson sampling (eq-soft).

    Takes one standard normal per available action, in order of the actions, and then one uniform
    from `rng`, for every beta. With beta = inf the uniform decides between equal draws only,
    evenly.

    Parameters
    ----------
    q_row, sigma_row : sequences (A,)
        Means and standard deviations of the memories of one state.
    beta : float
        Inverse temperature, > 0; may be inf.
    rng : seed or numpy.random.Generator
    available : bool sequence (A,), optional
        Which actions exist, at least one. Default: all.

    Returns
    -------
    int

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    >>> sample_action([0.0, 5.0, 9.0], [1.0, 1.0, 1.0], 10.0, rng=0, available=[True, True, False])
    1
    """
    q_row, sigma_row = _choices.check_table("q_row", q_row, "sigma_row", sigma_row)
    beta, rng = _choices.check_beta(beta), _check.generator("rng", rng)
    if q_row.ndim != 1:
        raise ValueError(f"q_row has shape {q_row.shape}; one state's values (A,) are needed")
    exists = _check.mask("available", available, q_row.shape)
    if not exists.any():
        raise ValueError(f"available is {_check.shown(available)}; at least one action must exist")
    actions = np.flatnonzero(exists).tolist()
    rows = zip(q_row[exists].tolist(), sigma_row[exists].tolist(), strict=True)
    drawn = [q + sigma * rng.standard_normal() for q, sigma in rows]
    best = max(drawn)
    if math.isinf(beta) or math.isinf(beta * best):  # beyond floating point the largest draw wins
        weight = [float(x == best) for x in drawn]
    else:
        weight = [math.exp(beta * x - beta * best) for x in drawn]
    return actions[_pick(weight, rng)]


def _pick(weight, rng):
    """Return a place in ``weight``, drawn in proportion to it."""
    total = 0.0
    for w in weight:
        total += w
    threshold, cumulative, place = rng.random() * total, 0.0, -1
    while threshold >= cumulative:  # ends, for u < 1 keeps u * total below total when rounded
        place += 1
        cumulative += weight[place]
    return place


@np.errstate(over="ignore", under="ignore")
def choice_probabilities(
    q: ArrayLike, sigma: ArrayLike, beta: float, *, available: ArrayLike | None = None
) -> np.ndarray:
    """Exact choice probabilities of soft Thompson sampling (eq-choice).

    Parameters
    ----------
    q, sigma : arrays (..., A)
        Means and standard deviations, of the same shape, in the units of q. sigma may be 0.
    beta : float
        Inverse temperature, > 0; may be inf (ties between exact memories are split evenly).
    available : bool array, broadcast to the shape of q, optional
        Which actions exist. Default: all.

    Returns
    -------
    array (..., A)
        Each row is divided by its sum, which misses 1 by less than 1e-10. The relative error
        is below 1e-9 for probabilities down to 1e-250. Noise (sigma and 1 / beta together)
        below 1e-11 of the row's largest difference or sigma is not resolved; with beta = inf
        such a sigma counts as 0. A single available action has probability 1; a row without any
        is all zeros.

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    >>> choice_probabilities([0.0, 0.0, 9.0], [1.0, 1.0, 1.0], 2.0, available=[True, True, False])
    array([0.5, 0.5, 0. ])
    """
    q, sigma, beta, exists = _choices.checked(q, sigma, beta, available)
    return _choices.by_pattern(_choices.probabilities, q, sigma, beta, exists)[0]


@np.errstate(over="ignore", under="ignore")
def choice_probability_derivatives(
    q: ArrayLike, sigma: ArrayLike, beta: float, *, available: ArrayLike | None = None
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Exact choice probabilities and their derivatives.

    Parameters
    ----------
    q, sigma : arrays (..., A)
        As for `choice_probabilities`; with beta = inf every sigma must be positive.
    beta : float
        Inverse temperature, > 0; may be inf.
    available : bool array, broadcast to the shape of q, optional
        Which actions exist. Default: all.

    Returns
    -------
    P : array (..., A)
    dP_dq, dP_dsigma : arrays (..., A, A)
        Entry [..., a, b] is the derivative of P(a) in q_b or in sigma_b, in 1 / units of q. Its
        error is below 1e-9 of the largest entry [..., a, :], or, where all of these are small
        by cancellation, below 1e-11 P(a) over the smallest noise of the row.

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    >>> P, dP_dq, dP_dsigma = choice_probability_derivatives([0.0, 1.0], [1.0, 1.0], math.inf)
    >>> dP_dq.round(3)
    array([[ 0.22, -0.22],
           [-0.22,  0.22]])
    """
    q, sigma, beta, exists = _choices.checked(q, sigma, beta, available)
    if math.isinf(beta) and not np.all(sigma[exists] > 0):
        raise ValueError(
            f"sigma has the value {sigma[exists].min()}; with beta = inf derivatives exist only "
            "where every sigma is positive"
        )
    return _choices.by_pattern(_choices.derivatives, q, sigma, beta, exists)


def choice_entropy(
    q: ArrayLike,
    sigma: ArrayLike,
    beta: float = math.inf,
    base: float | None = None,
    *,
    available: ArrayLike | None = None,
) -> np.ndarray:
    """Entropy of the choice, along the last axis (eq-choice-entropy).

    The default beta = inf is the greedy choice between one draw per action. With `base` = 4,
    four actions and beta = inf this is the scale of figure 1B of the paper.

    Parameters
    ----------
    q, sigma, beta
        As for `choice_probabilities`.
    base : float or None
        Base of the logarithm, > 1; None is nats.
    available : bool array, broadcast to the shape of q, optional
        Which actions exist. Default: all.

    Returns
    -------
    array (...)
        0 where one action or none is available.

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    >>> float(choice_entropy([0.0, 0.0], [1.0, 1.0], base=2))
    1.0
    """
    if base is not None:
        base = _check.number("base", base, above=1)
    p = choice_probabilities(q, sigma, beta, available=available)
    with np.errstate(under="ignore"):
        nats = entr(p).sum(axis=-1)
        return nats if base is None else nats / math.log(base)


@np.errstate(all="ignore")
def dprime(q: ArrayLike, sigma: ArrayLike, *, available: ArrayLike | None = None) -> np.ndarray:
    """Discriminability d' of the best action from the runner-up, last axis (eq-dprime).

    The difference of the two largest means over the square root of the sum of their variances
    (two actions: ``|q_1 - q_2| / sqrt(sigma_1^2 + sigma_2^2)``). If both are exact, it is inf, or
    0 where their means agree.

    Parameters
    ----------
    q, sigma : arrays (..., A), A >= 2
    available : bool array, broadcast to the shape of q, optional
        Which actions exist. Default: all.

    Returns
    -------
    array (...)
        inf where a single action is available, for nothing can be taken for it; 0 where none is.

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    >>> float(dprime([5.0, 3.0, 1.0], [0.6, 0.8, 9.0]))
    2.0
    """
    q, sigma, _, exists = _choices.checked(q, sigma, 1.0, available)
    if q.shape[-1] < 2:
        raise ValueError(f"q has shape {q.shape}; at least two actions are needed")
    q, sigma = np.where(exists, q / 2, -np.inf), sigma / 2  # halves: no difference is too large
    top = np.argsort(-q, axis=-1, kind="stable")[..., :2]
    best, second = np.moveaxis(np.take_along_axis(q, top, axis=-1), -1, 0)
    spread = np.hypot(*np.moveaxis(np.take_along_axis(sigma, top, axis=-1), -1, 0))
    return np.where(best == second, 0.0, (best - second) / spread)
