"""The noise of a choice: distribution of Y = sigma zeta + G / beta, normal plus Gumbel.

With kappa = beta sigma, z = x / sigma and t = beta x, F(t) = E exp(-exp(kappa zeta - t)) is the
Laplace transform of a lognormal variable (Asmussen, Jensen & Rojas-Nandayapa 2016).

kappa < 2 (`_trapezoid`). Shift zeta to the saddle point -W / kappa, W = LambertW(kappa^2 exp(-t));
with w = W / kappa^2 this leaves

    F = exp(-w (1 + W/2)) E exp(-w (exp(kappa eta) - 1 - kappa eta)),   eta ~ N(0, 1).

The integrand is analytic for |Im eta| < pi / (2 kappa), so the trapezoidal rule converges like
exp(-pi^2 / (kappa step)).

kappa > 64 (`_gauss`). F = E_G Phi(z - G / kappa) by a Gaussian rule for the Gumbel weight. Where
the right tail of f turns from normal to exponential (z near kappa) that rule fails for f, but

    f(z) = kappa exp(kappa^2/2 - kappa z) F(z - kappa)

(shift zeta by kappa), where F is in its left tail and harmless.

Between the two either way is slow, and log F is smooth in z and log kappa. There it is read from
tables of Chebyshev polynomials, made by the two rules when first needed, and the density follows
from the last line (`_tabled`). A table misses log F by less than 1e-12 of 10 - log F.
"""

from functools import lru_cache

import numpy as np
from numpy.polynomial import chebyshev
from scipy.linalg import eigh_tridiagonal
from scipy.special import erfcx, wrightomega

_TRAPEZOID = (0.5, 0.75, 1.0, 1.5, 2.0)  # upper ends of the classes of kappa
_OCTAVES = (1, 2, 3, 4, 5)  # tables from kappa = 2^k to 2^(k + 1)
_NODES = 40  # of the Gaussian rule that makes the tables; 10 do beyond them
_FARTHEST = 36.0  # a normal density is 0 beyond so many standard deviations
_LOWEST = -41.0  # so far below, F is below exp(-840)
_DEGREES = 11, 13  # of a table in log kappa, and in z on a cell of length 1
_CHUNK = 2**18  # numbers held at once by the inner quadratures


@lru_cache
def gumbel_rule(n_nodes):
    """Gaussian rule for the standard Gumbel density, by the discretised Lanczos recurrence."""
    g = np.arange(-4.5, 250.0, 0.05)
    weight = np.exp(-g - np.exp(-g))
    weight /= weight.sum()
    diagonal, off_diagonal = np.empty(n_nodes), np.empty(n_nodes)
    before, p = np.zeros_like(g), np.ones_like(g)
    for k in range(n_nodes):
        diagonal[k] = np.sum(weight * g * p * p)
        after = (g - diagonal[k]) * p - (off_diagonal[k - 1] * before if k else 0.0)
        off_diagonal[k] = np.sqrt(np.sum(weight * after * after))
        before, p = p, after / off_diagonal[k]
    nodes, vectors = eigh_tridiagonal(diagonal, off_diagonal[:-1])
    return nodes, vectors[0] ** 2


def _trapezoid(t, kappa, kappa_max):
    """log F, f/F and f'/F at t (N, n) for kappa (N,) <= kappa_max."""
    step = min(0.7, np.pi**2 / (32 * kappa_max))  # error exp(-32) = 1e-14
    first, last = -np.ceil(7.6 / step), np.ceil((7.6 + kappa_max) / step)
    eta = step * np.arange(first, last + 1)
    t = np.maximum(t, -500.0)
    with np.errstate(divide="ignore"):
        lambert = wrightomega(2 * np.log(kappa)[:, None] - t)
    w = np.exp(-t - lambert)
    grown = np.exp(kappa[:, None] * eta)
    weight = step / np.sqrt(2 * np.pi) * np.exp(-(eta**2) / 2)
    weights = np.stack([weight * grown**p for p in range(3)], axis=-1)
    curve = np.expm1(kappa[:, None] * eta) - kappa[:, None] * eta
    decay = w[:, :, None] * -curve[:, None, :]
    np.exp(decay, out=decay)
    s0, s1, s2 = np.moveaxis(decay @ weights, -1, 0)
    return np.log(s0) - w * (1 + lambert / 2), w * s1 / s0, w * (w * s2 - s1) / s0


def _gauss(z, sigma, beta, n_nodes):
    """log F, f/F and f'/F (in units of x) at z (N, n) for sigma (N,), beta (N,)."""
    nodes, weights = (np.zeros(1), np.ones(1)) if np.isinf(beta[0]) else gumbel_rule(n_nodes)
    kappa = (beta * sigma)[:, None]
    log_cdf, psi, tilt, shift = _gauss_cdf(z, kappa, nodes, weights)
    scale = sigma[:, None] * np.sqrt(2 * np.pi) * psi
    ratio = np.where(z < _FARTHEST, np.sum(tilt, axis=-1) / scale, 0.0)
    slope = np.sum(tilt * shift, axis=-1) / (scale * sigma[:, None])
    slope = np.where(z < _FARTHEST, slope, 0.0)
    tail = np.nonzero((z > kappa / 2) & (kappa < 2 * _FARTHEST))
    z, kappa, beta = z[tail], kappa[tail[0], 0], beta[tail[0]]
    one, two = (
        np.exp(
            p * kappa * (p * kappa / 2 - z)
            + _gauss_cdf(z - p * kappa, kappa, *gumbel_rule(24))[0]
            - log_cdf[tail]
        )
        for p in (1, 2)
    )
    ratio[tail], slope[tail] = beta * one, beta**2 * (two - one)
    return log_cdf, ratio, slope


def _gauss_cdf(z, kappa, nodes, weights):
    """log F and Psi at z; also the terms of f: weights exp(z a - a^2/2) and a - z, a = G/kappa."""
    z = np.clip(z, -4 * _FARTHEST, _FARTHEST)
    a = nodes / np.broadcast_to(kappa, z.shape)[..., None]
    tilt, shift = weights * np.exp(a * (z[..., None] - a / 2)), a - z[..., None]
    psi = np.sum(tilt * erfcx(shift / np.sqrt(2)), axis=-1) / 2
    return np.log(psi) - z**2 / 2, psi, tilt, shift


@lru_cache
def _table(octave):
    """Return the left end, and the coefficients of log F and of its slope in z.

    They are arrays [degree in log kappa, cell of z, degree in z].
    """
    low = np.floor(_LOWEST - 2.0 ** (octave + 1))  # the density looks kappa below
    high = np.ceil(30.0 / 2**octave + 2**octave) if octave < 3 else 9.0  # beyond, F is 1
    across, along = (chebyshev.chebpts1(d + 1) for d in _DEGREES)
    z = (np.arange(low, high)[:, None] + (along + 1) / 2).ravel()
    kappa = 2.0 ** (octave + (across + 1) / 2)
    if octave < 3:
        values = np.stack([_trapezoid(k * z[None, :], np.array([k]), k)[0][0] for k in kappa])
    else:
        values = np.stack(
            [_gauss_cdf(z, np.full(z.shape, k), *gumbel_rule(_NODES))[0] for k in kappa]
        )
    values = values.reshape(across.size, -1, along.size)
    fits = [np.linalg.inv(chebyshev.chebvander(x, x.size - 1)) for x in (across, along)]
    table = np.einsum("ik,kcz,jz->icj", fits[0], values, fits[1])
    return low, table, 2 * chebyshev.chebder(table, axis=-1)


def _tabled(z, sigma, kappa, octave):
    """log F, f/F and f'/F (in units of x) at z (N, n) for sigma and kappa (N,) of an octave."""
    low, *tables = _table(octave)
    kinds, kind = np.unique(kappa, return_inverse=True)
    across = chebyshev.chebvander(2 * (np.log2(kinds) - octave) - 1, _DEGREES[0])
    values, slopes = ((across @ x.reshape(len(x), -1)).reshape(-1, *x.shape[1:]) for x in tables)
    kind, kappa, sigma = kind[:, None], kappa[:, None], sigma[:, None]

    def looked_up(z, *of):
        place = np.clip(z - low, 0.0, values.shape[1] * (1 - 1e-15))
        cell = place.astype(np.int64)
        along = chebyshev.chebvander(2 * (place - cell) - 1, _DEGREES[1])
        return [np.einsum("pnj,pnj->pn", along[..., : x.shape[-1]], x[kind, cell]) for x in of]

    z = np.maximum(z, _LOWEST)
    (log_cdf,) = looked_up(z, values)
    shifted, slope = looked_up(z - kappa, values, slopes)
    ratio = kappa / sigma * np.exp(kappa * (kappa / 2 - z) + shifted - log_cdf)
    return log_cdf, ratio, ratio * (slope - kappa) / sigma


def normal_plus_gumbel(distance, sigma, beta):
    """Distribution of sigma zeta + G / beta at distance (N, n): log F, f/F, f'/F."""
    out = np.empty((3, *distance.shape))
    kappa = beta * sigma
    below = -np.inf
    for upper in (*_TRAPEZOID, *(2.0 ** (k + 1) for k in _OCTAVES), np.inf):
        members = np.nonzero((kappa > below) & (kappa <= upper))[0]
        below = upper
        size = int((16 + upper) * max(1.5, 3.3 * upper)) if upper <= _TRAPEZOID[-1] else _NODES
        per_chunk = max(1, _CHUNK // (distance.shape[1] * size))
        for start in range(0, members.size, per_chunk):
            part = members[start : start + per_chunk]
            x, s, b = distance[part], sigma[part], beta[part]
            if upper <= _TRAPEZOID[-1]:
                b = b[:, None]
                log_cdf, ratio, slope = _trapezoid(b * x, kappa[part], upper)
                out[:, part] = log_cdf, b * ratio, b * b * slope
            elif np.isfinite(upper):
                out[:, part] = _tabled(x / s[:, None], s, kappa[part], int(np.log2(upper)) - 1)
            else:
                out[:, part] = _gauss(x / s[:, None], s, b, 10)
    return out
