"""How much is still open once a memory has been recalled: E over zeta of H(pi(. | s, zeta)).

Given a draw, soft Thompson sampling picks the action with the largest Y_a = q_a + sigma_a zeta_a +
G_a / beta. For Gumbel noise the entropy of the choice given zeta is the mean of the winner's G less
Euler's constant. A normal variable times a density obeys E[(q + sigma zeta) ; Y = m] = q f(m) -
sigma^2 f'(m), so with F = prod_a F_a, r_a = f_a / F_a and s_a = f'_a / F_a (:mod:`dra._noise`)

    h = beta int F K dm - Euler,    K = sum_a K_a,    K_a = (m - q_a) r_a + sigma_a^2 s_a.

The derivatives follow from dF/dq = -f and dF/dsigma = sigma f'; derivatives of f beyond the first
go by parts to the other factors. With R_b = sum_{c != b} r_c,

    dh/dq_b     = beta int F [sigma_b^2 s_b R_b - r_b (K - K_b) - r_b - (m - q_b) s_b]
    dh/dsigma_b = beta sigma_b int F s_b [K - K_b + 1 - (m - q_b) R_b
                                          + sigma_b^2 (R_b^2 + sum_{c != b} (s_c - r_c^2))].

The integrands are smooth and vanish at both ends: the trapezoidal rule is accurate to 1e-10.
"""

from __future__ import annotations

import numpy as np

from dra._noise import normal_plus_gumbel

_STEP = 0.25  # of the trapezoidal rule, in units of the narrowest noise of a row
_FALL = 40.0  # nats by which an integrand has fallen at the ends


@np.errstate(all="ignore")
def mean_entropy(q, sigma, beta, available):
    """Return h (n,), dh/dsigma and dh/dq (n, n_actions) of rows; sigma > 0, beta finite."""
    h, by_sigma, by_q = np.zeros(len(q)), np.zeros(q.shape), np.zeros(q.shape)
    for s, exists in enumerate(available):
        if exists.sum() > 1:
            h[s], by_sigma[s, exists], by_q[s, exists] = _row(q[s, exists], sigma[s, exists], beta)
    return h, by_sigma, by_q


def _row(q, sigma, beta):
    """Return h and its derivatives in sigma and q, (n,), of one row of n actions."""
    q = q - q.max()
    m = _grid(q, sigma, beta)
    distance = m - q[:, None]
    log_cdf, r, s = normal_plus_gumbel(distance, sigma, np.full(len(q), beta))
    weight = beta * (m[1] - m[0]) * np.exp(log_cdf.sum(axis=0))
    seen = weight > 0
    weight, r, s, distance = weight[seen], r[:, seen], s[:, seen], distance[:, seen]
    variance = (sigma**2)[:, None]
    own = distance * r + variance * s
    total, others = own.sum(axis=0), r.sum(axis=0) - r
    curve = others**2 + (s - r**2).sum(axis=0) - (s - r**2)
    by_q = variance * s * others - r * (total - own) - r - distance * s
    by_sigma = s * (total - own + 1 - distance * others + variance * curve)
    return weight @ total - np.euler_gamma, sigma * (by_sigma @ weight), by_q @ weight


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
