"""How much is still open once a memory has been recalled: E over zeta of H(pi(. | s, zeta)).

Given a draw, soft Thompson sampling picks the action with the largest Y_a = q_a + sigma_a zeta_a +
G_a / beta. For Gumbel noise the entropy of the choice given zeta is the mean of the winner's G less
Euler's constant. With F = prod_a F_a, r_a = f_a / F_a and s_a = f'_a / F_a (:mod:`dra._noise`),

    h = int F T dm,    T = sum_a T_a,    T_a = E[G_a - Euler; Y_a = m] / F_a.

A normal variable times a density obeys E[q + sigma zeta; Y = m] = q f(m) - sigma^2 f'(m), so that

    T_a = beta ((m - q_a) r_a + sigma_a^2 s_a) - Euler r_a.

Where beta sigma is large this is a small difference of large numbers. There f is a mixture of
normal densities phi, one for each node of a rule for G, and with z = (m - q_a) / sigma_a

    T_a = phi(z) / (sigma_a F_a) E[(G - Euler) (exp(G z / kappa - (G / kappa)^2 / 2) - 1)]

with kappa = beta sigma_a; the 1 adds nothing, as the mean of G is Euler's constant.

The derivatives follow from dF/dq = -f and dF/dsigma = sigma f', which hold for T_a F_a in the place
of F as well, by parts. With R_b = sum_{c != b} r_c,

    dh/dq_b     = int F [T_b R_b - r_b (T - T_b)]
    dh/dsigma_b = sigma_b int F [T_b (R_b^2 + sum_{c != b} (s_c - r_c^2)) + s_b (T - T_b)].

The integrands are smooth and vanish at both ends: the trapezoidal rule is accurate to 1e-10.
"""

from __future__ import annotations

import numpy as np

from dra._noise import gumbel_rule, normal_plus_gumbel

_STEP = 0.25  # of the trapezoidal rule, in units of the narrowest noise of a row
_FALL = 40.0  # nats by which an integrand has fallen at the ends
_LARGE = 64.0  # beta sigma beyond which T is a mean over G
_FARTHEST = 36.0  # a normal density is 0 beyond so many standard deviations
_NODES = 20  # of the rule for G
_HOPELESS = 1e5  # units of the row's noise by which no option is behind and still chosen


@np.errstate(all="ignore")
def mean_entropy(q, sigma, beta, available):
    """Return h (n,), dh/dsigma and dh/dq (n, n_actions) of rows; sigma > 0, beta finite."""
    h, by_sigma, by_q = np.zeros(len(q)), np.zeros(q.shape), np.zeros(q.shape)
    for s, exists in enumerate(available):
        if exists.sum() > 1:
            h[s], by_sigma[s, exists], by_q[s, exists] = _row(q[s, exists], sigma[s, exists], beta)
    return h, by_sigma, by_q


def _row(q, sigma, beta):
    """Return h and its derivatives in sigma and q, (n,), of one row of n actions.

    The row is measured in the power of 2 that is next to its largest noise, which changes no digit
    and keeps all numbers within floating point.
    """
    power = int(max(np.frexp(sigma.max())[1], 1 - np.frexp(beta)[1]))
    q, sigma, beta = np.ldexp(q - q.max(), -power), np.ldexp(sigma, -power), np.ldexp(beta, power)
    q = np.maximum(q, -_HOPELESS)
    m = _grid(q, sigma, beta)
    distance = m - q[:, None]
    log_cdf, r, s = normal_plus_gumbel(distance, sigma, np.full(len(q), beta))
    weight = (m[1] - m[0]) * np.exp(log_cdf.sum(axis=0))
    seen = weight > 0
    weight, r, s = weight[seen], r[:, seen], s[:, seen]
    own = _surplus(distance[:, seen], sigma, beta, log_cdf[:, seen], r, s)
    total, others = own.sum(axis=0), r.sum(axis=0) - r
    curve = others**2 + (s - r**2).sum(axis=0) - (s - r**2)
    by_q = own * others - r * (total - own)
    by_sigma = sigma * ((own * curve + s * (total - own)) @ weight)
    return weight @ total, np.ldexp(by_sigma, -power), np.ldexp(by_q @ weight, -power)


def _surplus(distance, sigma, beta, log_cdf, r, s):
    """Return T, (n, n_points)."""
    own = np.empty_like(r)
    large = beta * sigma > _LARGE
    own[~large] = (
        beta * (distance[~large] * r[~large] + (sigma[~large] ** 2)[:, None] * s[~large])
        - np.euler_gamma * r[~large]
    )
    sigma = sigma[large, None]
    z = np.minimum(distance[large] / sigma, _FARTHEST)
    nodes, weights = gumbel_rule(_NODES)
    mean = np.zeros_like(z)
    for g, w in zip(nodes, weights, strict=True):
        a = g / (beta * sigma)
        mean += w * (g - np.euler_gamma) * np.expm1(a * (z - a / 2))
    own[large] = mean * np.exp(-(z**2) / 2 - log_cdf[large]) / (sigma * np.sqrt(2 * np.pi))
    return own


def _grid(q, sigma, beta):
    """Return points that cover all that matters of a row."""
    normal = np.sqrt(2 * _FALL) * sigma
    low = np.max(q - normal - 4.0 / beta)
    right = np.where(
        beta * sigma < 9.0, (_FALL + (beta * sigma) ** 2 / 2) / beta, normal + _FALL / beta
    )
    high = np.max(q + np.maximum(right, normal))
    step = _STEP * np.min(np.hypot(sigma, 1 / beta))
    return np.linspace(low, high, int(np.ceil((high - low) / step)) + 2)
