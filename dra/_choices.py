"""Exact choice probabilities of soft Thompson sampling, row by row, and checks of their arguments.

A row is brought to order one, its unit set aside, and handed to :mod:`dra._winner`. Rows in which
other actions exist are other problems and are solved apart.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from dra import _check
from dra._winner import NARROWEST, winner

_BLOCK = 512  # rows solved at once, to bound memory
_NO_NOISE = 1e-20  # of the row's scale; its square is out of sight of 1 / beta


def checked(
    q: ArrayLike, sigma: ArrayLike, beta: float, available: ArrayLike | None
) -> tuple[np.ndarray, np.ndarray, float, np.ndarray]:
    """Return q, sigma, beta and the mask of the choices that exist, or raise ``ValueError``."""
    q, sigma = check_table("q", q, "sigma", sigma)
    return q, sigma, check_beta(beta), _check.mask("available", available, q.shape)


def check_table(
    q_name: str, q: ArrayLike, sigma_name: str, sigma: ArrayLike
) -> tuple[np.ndarray, np.ndarray]:
    q, sigma = _check.array(q_name, q), _check.array(sigma_name, sigma, least=0.0)
    check_actions(q_name, q)
    if sigma.shape != q.shape:
        raise ValueError(
            f"{sigma_name} has shape {sigma.shape}; it must be that of {q_name}, {q.shape}"
        )
    return q, sigma


def check_actions(name, x):
    if x.ndim == 0 or x.shape[-1] == 0:
        raise ValueError(f"{name} has shape {x.shape}; its last axis must hold the actions")


def check_beta(beta: float) -> float:
    return _check.number("beta", beta, above=0, finite=False)


def by_pattern(solve, q, sigma, beta, exists):
    """Return the arrays of ``solve(q, sigma, beta)``, rows of the same choices at a time.

    ``solve`` takes rows (S, A) and returns arrays (S, A, ..., A); what is absent gets 0.
    """
    n_actions = q.shape[-1]
    q, sigma, rows = (x.reshape(-1, n_actions) for x in (q, sigma, exists))
    if rows.all():
        parts = solve(q, sigma, beta)
    else:
        parts = tuple(np.zeros((len(q), *x.shape[1:])) for x in solve(q[:0], sigma[:0], beta))
        for pattern in np.unique(rows, axis=0):
            own, actions = np.flatnonzero((rows == pattern).all(axis=1)), np.flatnonzero(pattern)
            if actions.size:
                found = solve(q[np.ix_(own, actions)], sigma[np.ix_(own, actions)], beta)
                for part, x in zip(parts, found, strict=True):
                    part[np.ix_(own, *[actions] * (x.ndim - 1))] = x
    return tuple(x.reshape(exists.shape[:-1] + x.shape[1:]) for x in parts)


def probabilities(q, sigma, beta):
    """Return (P,) of rows (S, A)."""
    return (_normalised(_solve(q, sigma, beta)[0]),)


def derivatives(q, sigma, beta):
    """Return P (S, A), dP_dq and dP_dsigma (S, A, A) of rows (S, A)."""
    p, crossing, spreading, scale = _solve(q, sigma, beta)
    dp_dq = -crossing / scale[:, :, None]
    dp_dsigma = spreading * (sigma / scale)[:, None, :] / scale[:, :, None]
    for derivative in (dp_dq, dp_dsigma):  # the diagonal follows from sum_a P(a) = 1
        diagonal = np.einsum("saa->sa", derivative)
        diagonal[:] = 0.0
        diagonal[:] = -derivative.sum(axis=1)
    return _normalised(p), dp_dq, dp_dsigma


def _solve(q, sigma, beta):
    """Integrals of `winner` for rows (S, A), and the unit (S, 1) in which they are expressed."""
    starts = range(0, max(len(q), 1), _BLOCK)
    blocks = [_solve_block(q[i : i + _BLOCK], sigma[i : i + _BLOCK], beta) for i in starts]
    return tuple(np.concatenate(parts) for parts in zip(*blocks, strict=True))


def _solve_block(q, sigma, beta):
    q, sigma = q / 2 - q.max(axis=1, keepdims=True) / 2, sigma / 2  # halves cannot overflow
    scale = np.maximum(np.maximum(-q, sigma).max(axis=1, keepdims=True), 0.5 / beta)
    scale[scale == 0] = 1.0
    q, sigma, scale = q / scale, sigma / scale, 2 * scale
    sigma[sigma < _NO_NOISE] = 0.0
    if not math.isinf(beta):
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
