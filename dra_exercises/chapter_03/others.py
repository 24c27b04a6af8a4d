"""Other answers to the exercises of chapter 3: right ones, wrong ones and near misses."""

import math

import numpy as np

import dra
from dra_exercises.chapter_03.solutions import table_price

# 3.2: two memories instead of one


def pair_with(spread, pair_nats, alone):
    """The three numbers of 3.2 from a spread, the nats of the pair, and those of one memory."""
    return np.array([spread, 0.1 * pair_nats, 0.1 * alone])


def nats(sigma):
    return float(dra.costs.kl.value(sigma, 5.0))


# 3.3: the price of a table, and its slope


def by_package(sigma, sigma_base, cost_weight):
    cost = dra.costs.kl
    total = cost_weight * np.sum(cost.value(sigma, sigma_base))
    return total, cost_weight * cost.grad(sigma, sigma_base)


def by_logarithms(sigma, sigma_base, cost_weight):
    sigma = np.asarray(sigma)
    logs = math.log(sigma_base) - np.log(sigma)
    total = logs.sum() + (sigma**2).sum() / (2 * sigma_base**2) - sigma.size / 2
    return cost_weight * total, cost_weight * (sigma / sigma_base**2 - 1 / sigma)


def by_product(sigma, sigma_base, cost_weight):
    with np.errstate(all="ignore"):
        log_ratio = np.log(np.prod(sigma_base / sigma))
    total = log_ratio + np.sum((sigma / sigma_base) ** 2 - 1) / 2
    return cost_weight * total, table_price(sigma, sigma_base, cost_weight)[1]


def by_product_of_variances(sigma, sigma_base, cost_weight):
    with np.errstate(all="ignore"):
        log_ratio = np.log(np.prod((sigma_base / sigma) ** 2)) / 2
    total = log_ratio + np.sum((sigma / sigma_base) ** 2 - 1) / 2
    return cost_weight * total, table_price(sigma, sigma_base, cost_weight)[1]


def without_half(sigma, sigma_base, cost_weight):
    price, slope = table_price(sigma, sigma_base, cost_weight)
    return price + cost_weight * sigma.size / 2, slope


def downhill(sigma, sigma_base, cost_weight):
    price, slope = table_price(sigma, sigma_base, cost_weight)
    return price, -slope


def in_bits(sigma, sigma_base, cost_weight):
    price, slope = table_price(sigma, sigma_base, cost_weight)
    return price / math.log(2), slope / math.log(2)


def price_in_bits(sigma, sigma_base, cost_weight):
    price, slope = table_price(sigma, sigma_base, cost_weight)
    return price / math.log(2), slope


def as_a_mean(sigma, sigma_base, cost_weight):
    price, slope = table_price(sigma, sigma_base, cost_weight)
    return price / sigma.size, slope


def entropy_lost(sigma, sigma_base, cost_weight):
    return cost_weight * np.log(sigma_base / sigma).sum(), -cost_weight / sigma


def per_fraction(sigma, sigma_base, cost_weight):
    price, slope = table_price(sigma, sigma_base, cost_weight)
    return price, sigma * slope


def slope_in_nats(sigma, sigma_base, cost_weight):
    return table_price(sigma, sigma_base, cost_weight)[0], table_price(sigma, sigma_base, 1)[1]


def free_beyond_base(sigma, sigma_base, cost_weight):
    return table_price(np.minimum(sigma, sigma_base), sigma_base, cost_weight)


def slope_falls_beyond_base(sigma, sigma_base, cost_weight):
    """One sign is wrong, in one branch."""
    price, slope = table_price(sigma, sigma_base, cost_weight)
    return price, -np.abs(slope)


def two_percent(sigma, sigma_base, cost_weight):
    price, slope = table_price(sigma, sigma_base, cost_weight)
    return 1.02 * price, slope


# 3.4: the best sigma of a soft choice

ZETA = np.linspace(-8, 8, 801)
PHI = np.exp(-(ZETA**2) / 2) / np.exp(-(ZETA**2) / 2).sum()
ERF = np.vectorize(math.erf, otypes=[float])


def taken(q, sigma, beta):
    """P(take) for each sigma, without dra."""
    if math.isinf(beta):
        return (1 + ERF(q / sigma / math.sqrt(2))) / 2
    x = beta * (q + sigma[:, None] * ZETA) / 2
    return (1 + np.tanh(x)) / 2 @ PHI


def objective(q, beta, lam, sigma_base, n=3000):
    sigma = sigma_base * np.geomspace(0.02, 1, n)
    return sigma, q * taken(q, sigma, beta) - lam * dra.costs.kl.value(sigma, sigma_base)


def by_quadrature(q, beta, lam, sigma_base):
    sigma, F = objective(q, beta, lam, sigma_base)
    return sigma[np.argmax(F)]


def coarse_then_fine(q, beta, lam, sigma_base):
    sigma, F = objective(q, beta, lam, sigma_base, 100)
    near = sigma[np.argmax(F)] * np.geomspace(0.95, 1.06, 100)
    near = near[near <= sigma_base]
    F = q * taken(q, near, beta) - lam * dra.costs.kl.value(near, sigma_base)
    return near[np.argmax(F)]


def greedy(q, beta, lam, sigma_base):
    return by_quadrature(q, math.inf, lam, sigma_base)


def softmax_of_the_mean(q, beta, lam, sigma_base):
    return sigma_base


def climb_from_base(q, beta, lam, sigma_base):
    sigma, F = objective(q, beta, lam, sigma_base)
    k = sigma.size - 1
    while k > 0 and F[k - 1] > F[k]:
        k -= 1
    return sigma[k]


def climb_from_sharp(q, beta, lam, sigma_base):
    sigma, F = objective(q, beta, lam, sigma_base)
    k = 0
    while k < sigma.size - 1 and F[k + 1] > F[k]:
        k += 1
    return sigma[k]


def no_stake(q, beta, lam, sigma_base):
    sigma = sigma_base * np.geomspace(0.02, 1, 3000)
    return sigma[np.argmax(taken(q, sigma, beta) - lam * dra.costs.kl.value(sigma, sigma_base))]


def leaves_for_nothing(q, beta, lam, sigma_base):
    return by_quadrature(q, beta, lam, sigma_base) if q > 0 else sigma_base


def entropy_price(q, beta, lam, sigma_base):
    sigma = sigma_base * np.geomspace(0.02, 1, 3000)
    return sigma[np.argmax(q * taken(q, sigma, beta) - lam * np.log(sigma_base / sigma))]


def three_percent(q, beta, lam, sigma_base):
    return 1.03 * by_quadrature(q, beta, lam, sigma_base)


def dearer_below_the_tag(q, beta, lam, sigma_base):
    """Right for a thing worth having only: for another the price counts twice."""
    return by_quadrature(q, beta, lam if q > 0 else 2 * lam, sigma_base)
