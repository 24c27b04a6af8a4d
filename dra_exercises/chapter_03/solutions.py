"""The reference answers of chapter 3, and the cases that answers are tried on."""

import math

import numpy as np

import dra

# 3.2: two memories instead of one


def both_sides():
    """Spread of the difference; price of the pair; price of one memory with that spread."""
    sigma, sigma_base, cost_weight = 1.0, 5.0, 0.1
    spread = math.hypot(sigma, sigma)
    pair = dra.Memory([0.5, 0.0], [sigma, sigma], sigma_base).cost(cost_weight)
    alone = dra.Memory([0.5], [spread], sigma_base).cost(cost_weight)
    return np.array([spread, pair, alone])


# 3.3: the price of a table, and its slope


def table_price(sigma, sigma_base, cost_weight):
    """Return (price, slope): what a table of memories costs, and the gradient.

    sigma : array of any shape, positive standard deviations, in units of reward;
        below, at or above sigma_base. There may be a thousand of them.
    sigma_base : positive float, the standard deviation that is free.
    cost_weight : float >= 0, the price of a nat, lambda, in units of reward.

    price : float, lambda times the sum of the KL costs, in units of reward.
    slope : array of the shape of sigma, the derivative of price in each sigma.
    """
    ratio = sigma / sigma_base
    nats = -np.log(ratio) + ratio**2 / 2 - 1 / 2
    slope = (ratio - 1 / ratio) / sigma_base
    return cost_weight * nats.sum(), cost_weight * slope


def tables(rng):
    """Free and sharp tables, one memory, more memories than a product can take."""
    cases = [
        (np.array([5.0]), 5.0, 0.1),
        (np.full((3, 2), 2.0), 2.0, 1.0),
        (np.array([8.0, 50.0, 5.5]), 5.0, 0.3),
        (np.full(855, 1.0), 5.0, 0.1),
        (np.full((75, 4), 1.0), 5.0, 0.1),
        (np.array([0.5, 2.0]), 5.0, 0.0),
        (np.array([1e-6, 1.0]), 100.0, 2.0),
    ]
    for shape in ((4,), (6, 3)):
        base = rng.uniform(1, 9)
        cases.append((base * rng.uniform(0.05, 1.6, shape), base, rng.uniform(0.05, 2)))
    return cases


# 3.4: the best sigma of a soft choice


def best_soft_sigma(q, beta, lam, sigma_base):
    """Return the best sigma at a stall with soft choice, to within 1.5 percent.

    q : float, what taking the thing earns; may be negative. Leaving earns 0.
    beta : positive float, in 1 / reward, or math.inf for the greedy choice.
    lam : positive float, the price of a nat, in units of reward.
    sigma_base : positive float, the largest sigma to try; 0.02 of it is the least.
    """
    sigma = sigma_base * np.geomspace(0.02, 1, 500)
    means = np.stack([np.full_like(sigma, q), np.zeros_like(sigma)], axis=1)
    blur = np.stack([sigma, np.zeros_like(sigma)], axis=1)
    take = dra.policy.choice_probabilities(means, blur, beta)[:, 0]
    F = q * take - lam * dra.costs.kl.value(sigma, sigma_base)
    return float(sigma[np.argmax(F)])


def stalls(rng):
    """Stalls far from a price at which the best sigma jumps, each in a unit of its own."""
    cases = [
        (0.5, math.inf, 0.08),
        (0.5, 10.0, 0.03),
        (0.5, 10.0, 0.1),
        (0.5, 3.0, 0.03),
        (0.5, 1.0, 0.02),
        (5.0, 3.0, 0.5),
        (-0.5, 10.0, 0.03),
    ]
    units = rng.uniform(0.5, 2, len(cases))
    return [
        (q * unit, beta / unit, lam * unit, 5.0 * unit)
        for (q, beta, lam), unit in zip(cases, units, strict=True)
    ]


# 3.5: where the costs C_p fold


def fold_point(p):
    """Return the u = q / sigma at which lambda / q is stationary in u.

    p : float, 0 < p < 1, the power of the cost C_p.
    """
    return math.sqrt(1 - p)


def powers(rng):
    return [(0.01,), (0.5,), (0.99,), *((float(p),) for p in rng.uniform(0.05, 0.95, 4))]
