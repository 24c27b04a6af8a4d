"""Brute-force choice probabilities that share no representation with the package."""

import math

import numpy as np
from scipy.special import log_expit, ndtr


def chance_of_worse(gap, sigma, beta):
    """P of the worse of two actions: E expit(-beta (gap + s z)) by the trapezoidal rule."""
    s = math.hypot(*sigma)
    step = min(0.2, 0.5 / (beta * s))
    z = step * np.arange(-int(40 / step), int(40 / step))
    with np.errstate(under="ignore"):
        mass = np.exp(log_expit(beta * (s * z - gap)) - z * z / 2)
    return step / math.sqrt(2 * math.pi) * mass.sum()


def tensor_average(q, sigma, beta, n_nodes):
    """P and its derivatives in q and sigma as averages over a grid of zeta."""
    zeta = np.linspace(-8.5, 8.5, n_nodes)
    density = np.exp(-(zeta**2) / 2)
    grid = np.stack(np.meshgrid(*[zeta] * len(q), indexing="ij"), axis=-1).reshape(-1, len(q))
    with np.errstate(under="ignore"):
        weight = np.ones(1)
        for _ in q:
            weight = np.multiply.outer(weight, density / density.sum()).ravel()
        x = beta * (q + sigma * grid)
        pi = np.exp(x - x.max(axis=1, keepdims=True))
        pi /= pi.sum(axis=1, keepdims=True)
        mass = weight[:, None] * pi
        p = mass.sum(axis=0)
        score = beta * (np.diag(p) - mass.T @ pi)
        tilted = beta * (np.diag((mass * grid).sum(axis=0)) - mass.T @ (pi * grid))
    return p, score, tilted


def noise_cdf_pdf(x, sigma, beta):
    """Distribution and density of sigma zeta + G / beta at x, by a sum over values of G."""
    if beta == math.inf:
        return ndtr(x / sigma), np.exp(-((x / sigma) ** 2) / 2) / math.sqrt(2 * math.pi) / sigma
    if sigma == 0:
        t = np.maximum(beta * x, -6.0)
        return np.exp(-np.exp(-t)), beta * np.exp(-t - np.exp(-t))
    step = min(0.2, 0.7 * beta * sigma)
    g = np.arange(-3.7, 90.0, step)
    weight = step * np.exp(-g - np.exp(-g))
    cdf, pdf = np.empty_like(x), np.empty_like(x)
    for part in np.array_split(np.arange(x.size), 1 + x.size * g.size // 10**6):
        z = (x[part, None] - g / beta) / sigma
        cdf[part] = ndtr(z) @ weight
        pdf[part] = np.exp(-(z**2) / 2) @ weight / sigma / math.sqrt(2 * math.pi)
    return cdf, pdf


def dense_panels(q, sigma, beta):
    """P as the integral of f_a prod F_c over dense Gauss-Legendre panels around every action."""
    scale = np.hypot(sigma, 1 / beta)
    left, right = (3.7 / beta + 12 * sigma), (45 / beta + 12 * sigma)
    steps = [np.arange(-a, b, s) for a, b, s in zip(left, right, scale, strict=True)]
    edges = np.unique(np.concatenate([m + s for m, s in zip(q, steps, strict=True)]))
    nodes, weights = np.polynomial.legendre.leggauss(12)
    x = ((edges[1:] + edges[:-1])[:, None] + np.diff(edges)[:, None] * nodes).ravel() / 2
    dx = (np.diff(edges)[:, None] * weights).ravel() / 2
    with np.errstate(under="ignore"):
        cdf, pdf = np.array(
            [noise_cdf_pdf(x - m, s, beta) for m, s in zip(q, sigma, strict=True)]
        ).swapaxes(0, 1)
        p = [np.sum(dx * pdf[a] * np.delete(cdf, a, axis=0).prod(axis=0)) for a in range(len(q))]
    return np.array(p)
