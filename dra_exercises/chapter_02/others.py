"""Other answers to the exercises of chapter 2: right ones, wrong ones and near misses."""

import math

import numpy as np

import dra
from dra_exercises.chapter_02.solutions import greedy_probabilities

ERF = np.vectorize(math.erf, otypes=[float])


# 2.1: the discriminability of two memories


def with_noise(noise):
    """The four numbers of 2.1 if two blurs made the noise ``noise(first, second)``."""
    d = [2 / noise(*sigma) for sigma in ((2, 1.5), (1, 1.5), (2, 0.75))]
    return np.array([d[0], (1 + math.erf(d[0] / math.sqrt(2))) / 2, d[1], d[2]])


# 2.3: one look, one choice


def soft_choice_looped(q, sigma, beta, rng):
    x = [beta * (m + s * rng.standard_normal()) for m, s in zip(q, sigma, strict=True)]
    weight = [math.exp(value - max(x)) for value in x]
    threshold, total = rng.random() * sum(weight), 0.0
    for action, w in enumerate(weight):
        total += w
        if threshold < total:
            return action
    return len(weight) - 1


def soft_choice_by_numpy(q, sigma, beta, rng):
    p = dra.policy.softmax(q + sigma * rng.standard_normal(len(q)), beta)
    return rng.choice(len(q), p=p)


def pick(x, rng):
    weight = np.exp(x - x.max())
    return int(np.searchsorted(np.cumsum(weight) / weight.sum(), rng.random(), side="right"))


def means_only(q, sigma, beta, rng):
    return pick(beta * q, rng)


def means_after_looking(q, sigma, beta, rng):
    rng.standard_normal(len(q))
    return pick(beta * q, rng)


def largest_draw(q, sigma, beta, rng):
    return int(np.argmax(q + sigma * rng.standard_normal(len(q))))


def largest_draw_then_uniform(q, sigma, beta, rng):
    action = largest_draw(q, sigma, beta, rng)
    rng.random()
    return action


def one_zeta(q, sigma, beta, rng):
    return pick(beta * (q + sigma * rng.standard_normal()), rng)


def variance_as_spread(q, sigma, beta, rng):
    return pick(beta * (q + sigma**2 * rng.standard_normal(len(q))), rng)


def noise_outside_beta(q, sigma, beta, rng):
    return pick(beta * q + sigma * rng.standard_normal(len(q)), rng)


def overflowing(q, sigma, beta, rng):
    with np.errstate(all="ignore"):
        weight = np.exp(beta * (q + sigma * rng.standard_normal(len(q))))
        cumulative = np.cumsum(weight) / weight.sum()
    return int(np.argmax(rng.random() < cumulative))


def most_probable(q, sigma, beta, rng):
    x = beta * (q + sigma * rng.standard_normal(len(q)))
    rng.random()
    return int(np.argmax(x - x.max()))


def sigma_off(q, sigma, beta, rng):
    return pick(beta * (q + 1.02 * sigma * rng.standard_normal(len(q))), rng)


def uniform_first(q, sigma, beta, rng):
    u = rng.random()
    weight = np.exp(beta * (x := q + sigma * rng.standard_normal(len(q))) - beta * x.max())
    return int(np.searchsorted(np.cumsum(weight) / weight.sum(), u, side="right"))


# 2.4: the exact greedy choice


def exact_greedy(q, sigma):
    return dra.policy.choice_probabilities(q, sigma, math.inf)


def on_a_common_grid(q, sigma):
    low, high = np.min(q - 8 * sigma), np.max(q + 8 * sigma)
    x = np.linspace(low, high, 20001)[:, None]
    z = (x - q) / sigma
    f = np.exp(-(z**2) / 2) / (sigma * math.sqrt(2 * math.pi))
    F = (1 + ERF(z / math.sqrt(2))) / 2
    rivals = [np.delete(F, a, axis=1).prod(axis=1) for a in range(len(q))]
    return (f * np.array(rivals).T).sum(axis=0) * (x[1] - x[0])


def normal_below(z):
    return (1 + ERF(z / math.sqrt(2))) / 2


def against_each(q, sigma, noise):
    """The product, over the rivals of each action, of the probabilities to beat that one."""
    p = []
    for a in range(len(q)):
        others = np.arange(len(q)) != a
        z = (q[a] - q[others]) / noise(sigma[a], sigma[others])
        p.append(np.prod(normal_below(z)) if others.any() else 1.0)
    return np.array(p)


def duels(q, sigma):
    return against_each(q, sigma, np.hypot)


def duels_scaled(q, sigma):
    p = duels(q, sigma)
    return p / p.sum()


def own_mean_exact(q, sigma):
    return against_each(q, sigma, lambda own, rival: rival)


def best_rival_only(q, sigma):
    if len(q) == 1:
        return np.ones(1)
    p = []
    for a in range(len(q)):
        b = max((k for k in range(len(q)) if k != a), key=lambda k: q[k])
        p.append(normal_below((q[a] - q[b]) / np.hypot(sigma[a], sigma[b])))
    return np.array(p)


def own_included(q, sigma):
    zeta = np.linspace(-8, 8, 4001)
    phi = np.exp(-(zeta**2) / 2) / np.exp(-(zeta**2) / 2).sum()
    p = []
    for a in range(len(q)):
        x = q[a] + sigma[a] * zeta
        F = normal_below((x[:, None] - q) / sigma)
        p.append(phi @ F.prod(axis=1))
    return np.array(p)


def first_rival_twice(q, sigma):
    """The product leaves out the last action instead of the winner in the last row."""
    p = greedy_probabilities(q, sigma)
    return p if len(q) < 4 else np.append(p[:-1], own_included(q, sigma)[-1])


def narrow_grid(q, sigma):
    zeta = np.linspace(-2.5, 2.5, 4001)
    phi = np.exp(-(zeta**2) / 2) / np.exp(-(zeta**2) / 2).sum()
    p = []
    for a in range(len(q)):
        x = q[a] + sigma[a] * zeta
        F = normal_below((x[:, None] - np.delete(q, a)) / np.delete(sigma, a))
        p.append(phi @ F.prod(axis=1))
    return np.array(p)


# 2.5: where two densities overlap


def halfway(q1, sigma1, q2, sigma2):
    return (q1 + q2) / 2


def weighed_by_variance(q1, sigma1, q2, sigma2):
    return (sigma1**2 * q1 + sigma2**2 * q2) / (sigma1**2 + sigma2**2)


def weighed_by_sharpness(q1, sigma1, q2, sigma2):
    return (q1 / sigma1 + q2 / sigma2) / (1 / sigma1 + 1 / sigma2)


def as_a_difference(q1, sigma1, q2, sigma2):
    return q1 - q2
