"""The policy: soft Thompson sampling, one choice at a time and as exact probabilities.

A memory holds a mean q and a standard deviation sigma per action. A choice draws
zeta_a ~ N(0, 1) afresh and then follows softmax_a(beta (q_a + sigma_a zeta_a)), the policy of
Patel, Acerbi & Pouget (2020). beta = inf is Thompson sampling: the largest draw wins.
Probabilities here are averages over zeta, computed without sampling (see :mod:`dra._winner`).
"""

import math

import numpy as np
from scipy.special import entr, ndtr

from dra import _check
from dra._winner import NARROWEST, winner

__all__ = [
    "choice_entropy",
    "choice_probabilities",
    "choice_probability_derivatives",
    "dprime",
    "sample_action",
    "softmax",
]

_BLOCK = 512  # rows solved at once, to bound memory
_NO_NOISE = 1e-20  # of the row's scale; its square is out of sight of 1 / beta


def softmax(x, beta=1.0):
    """Softmax of beta * x along the last axis; beta = inf is uniform over the maximisers."""
    x, beta = _check.array("x", x), _beta(beta)
    below = x - x.max(axis=-1, keepdims=True)
    with np.errstate(over="ignore", under="ignore"):
        weight = (below == 0).astype(float) if math.isinf(beta) else np.exp(beta * below)
    return weight / weight.sum(axis=-1, keepdims=True)


def sample_action(q_row, sigma_row, beta, rng):
    """Draw one action by soft Thompson sampling (eq-soft).

    Takes one standard normal per action, in order of the actions, and then one uniform from
    `rng`, for every beta. With beta = inf the uniform decides between equal draws only, evenly.

    Parameters
    ----------
    q_row, sigma_row : sequences (A,)
        Means and standard deviations of the memories of one state.
    beta : float
        Inverse temperature, > 0; may be inf.
    rng : seed or numpy.random.Generator

    Returns
    -------
    int
    """
    q_row, sigma_row, beta = _checked(q_row, sigma_row, beta)
    if q_row.ndim != 1:
        raise ValueError(f"q_row has shape {q_row.shape}; one state's values (A,) are needed")
    rng = np.random.default_rng(rng)
    greedy = math.isinf(beta)
    drawn = []
    for q, sigma in zip(q_row.tolist(), sigma_row.tolist(), strict=True):
        value = q + sigma * rng.standard_normal()
        drawn.append(value if greedy else beta * value)
    best = max(drawn)
    weight = [float(x == best) if greedy else math.exp(x - best) for x in drawn]
    total = 0.0
    for w in weight:
        total += w
    threshold = rng.random() * total
    cumulative = 0.0
    for action, w in enumerate(weight):
        cumulative += w
        if threshold < cumulative:
            return action
    return len(weight) - 1


@np.errstate(under="ignore")
def choice_probabilities(q, sigma, beta):
    """Exact choice probabilities of soft Thompson sampling (eq-choice).

    Parameters
    ----------
    q, sigma : arrays (..., A)
        Means and standard deviations, of the same shape, in the units of q. sigma may be 0.
    beta : float
        Inverse temperature, > 0; may be inf (ties between exact memories are split evenly).

    Returns
    -------
    array (..., A)
        Each row is divided by its sum, which misses 1 by less than 1e-10. The relative error
        is below 1e-9 for probabilities down to 1e-250. Noise (sigma and 1 / beta together)
        below 1e-11 of the row's largest difference or sigma is not resolved; with beta = inf
        such a sigma counts as 0.
    """
    q, sigma, beta = _checked(q, sigma, beta)
    rows = (q.reshape(-1, q.shape[-1]), sigma.reshape(-1, q.shape[-1]))
    return _normalised(_solve(*rows, beta)[0]).reshape(q.shape)


@np.errstate(under="ignore")
def choice_probability_derivatives(q, sigma, beta):
    """Exact choice probabilities and their derivatives.

    Parameters
    ----------
    q, sigma : arrays (..., A)
        As for `choice_probabilities`; with beta = inf every sigma must be positive.
    beta : float
        Inverse temperature, > 0; may be inf.

    Returns
    -------
    P : array (..., A)
    dP_dq, dP_dsigma : arrays (..., A, A)
        Entry [..., a, b] is the derivative of P(a) in q_b or in sigma_b, in 1 / units of q. Its
        error is below 1e-9 of the largest entry [..., a, :], or, where all of these are small
        by cancellation, below 1e-11 P(a) over the smallest noise of the row.
    """
    q, sigma, beta = _checked(q, sigma, beta)
    if math.isinf(beta) and not np.all(sigma > 0):
        raise ValueError(
            f"sigma has the value {sigma.min()}; with beta = inf derivatives exist only where "
            "every sigma is positive"
        )
    n_actions = q.shape[-1]
    flat = sigma.reshape(-1, n_actions)
    p, crossing, spreading, scale = _solve(q.reshape(-1, n_actions), flat, beta)
    dp_dq = -crossing / scale[:, :, None]
    dp_dsigma = spreading * (flat / scale)[:, None, :] / scale[:, :, None]
    for derivative in (dp_dq, dp_dsigma):  # the diagonal follows from sum_a P(a) = 1
        diagonal = np.einsum("saa->sa", derivative)
        diagonal[:] = 0.0
        diagonal[:] = -derivative.sum(axis=1)
    square = (*q.shape, n_actions)
    return _normalised(p).reshape(q.shape), dp_dq.reshape(square), dp_dsigma.reshape(square)


def choice_entropy(q, sigma, beta=math.inf, base=None):
    """Entropy of the choice, along the last axis (eq-choice-entropy).

    The default beta = inf is the greedy choice between one draw per action. With `base` = 4,
    four actions and beta = inf this is the scale of figure 1B of the paper.

    Parameters
    ----------
    q, sigma, beta : as for `choice_probabilities`
    base : float or None
        Base of the logarithm, > 1; None is nats.

    Returns
    -------
    array (...)
    """
    if base is not None:
        base = _check.number("base", base, above=1)
    nats = entr(choice_probabilities(q, sigma, beta)).sum(axis=-1)
    return nats if base is None else nats / math.log(base)


def dprime(q, sigma):
    """Discriminability d' of the best action from the runner-up, last axis (eq-dprime).

    The difference of the two largest means over the square root of the sum of their variances
    (two actions: ``|q_1 - q_2| / sqrt(sigma_1^2 + sigma_2^2)``). If both are exact, it is inf, or
    0 where their means agree.

    Parameters
    ----------
    q, sigma : arrays (..., A), A >= 2

    Returns
    -------
    array (...)
    """
    q, sigma, _ = _checked(q, sigma, 1.0)
    if q.shape[-1] < 2:
        raise ValueError(f"q has shape {q.shape}; at least two actions are needed")
    top = np.argsort(-q, axis=-1, kind="stable")[..., :2]
    best, second = np.moveaxis(np.take_along_axis(q, top, axis=-1), -1, 0)
    spread = np.hypot(*np.moveaxis(np.take_along_axis(sigma, top, axis=-1), -1, 0))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(best == second, 0.0, (best - second) / spread)


def _solve(q, sigma, beta):
    """Integrals of `winner` for rows (S, A), and the unit (S, 1) in which they are expressed."""
    starts = range(0, max(len(q), 1), _BLOCK)
    blocks = [_solve_block(q[i : i + _BLOCK], sigma[i : i + _BLOCK], beta) for i in starts]
    return tuple(np.concatenate(parts) for parts in zip(*blocks, strict=True))


def _solve_block(q, sigma, beta):
    q = q - q.max(axis=1, keepdims=True)
    scale = np.maximum(np.maximum(-q, sigma).max(axis=1, keepdims=True), 1 / beta)
    scale[scale == 0] = 1.0
    q, sigma = q / scale, sigma / scale
    sigma[sigma < _NO_NOISE] = 0.0
    if not math.isinf(beta):
        with np.errstate(over="ignore"):
            beta = np.minimum(beta * scale, 1 / NARROWEST)
        return *winner(q, sigma, beta, np.full_like(scale, -np.inf)), scale
    exact = sigma < NARROWEST
    floor = np.where(exact, q, -np.inf).max(axis=1, keepdims=True)
    tied = exact & (q == floor)
    # An exact memory wins if it is the best of them and no noisy value comes out above it.
    z = np.divide(floor - q, sigma, out=np.full_like(q, np.inf), where=~exact)
    left = np.prod(ndtr(z), axis=1, keepdims=True) / np.maximum(tied.sum(1, keepdims=True), 1)
    # The noisy ones compete above that floor; there the exact ones are moved out of the way.
    width = np.where(exact, np.inf, sigma).min(axis=1, keepdims=True)
    width[np.isinf(width)] = 1.0
    moved = np.where(exact, floor - 50 * width, q), np.where(exact, width, sigma)
    p, crossing, spreading = winner(*moved, np.full_like(scale, np.inf), floor)
    return np.where(exact, left * tied, p), crossing, spreading, scale


def _normalised(p):
    total = p.sum(axis=-1, keepdims=True)
    if not np.all(np.abs(total - 1) < 1e-8):
        raise RuntimeError(f"choice probabilities sum to {total.ravel()}; the quadrature failed")
    return p / total


def _checked(q, sigma, beta):
    q, sigma = _check.array("q", q), _check.array("sigma", sigma, least=0.0)
    if q.ndim == 0 or q.shape[-1] == 0:
        raise ValueError(f"q has shape {q.shape}; its last axis must hold the actions")
    if sigma.shape != q.shape:
        raise ValueError(f"sigma has shape {sigma.shape}; it must be that of q, {q.shape}")
    return q, sigma, _beta(beta)


def _beta(beta):
    return _check.number("beta", beta, above=0, finite=False)
