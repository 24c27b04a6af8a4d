"""The reference answers of chapter 12, and the cases that answers are tried on."""

import math

import numpy as np


def normal_cdf(z):
    return 0.5 * math.erfc(-z / math.sqrt(2))


# 12.1: one offer


def one_offer(z=1.5 / 4, steps=2):
    p = normal_cdf(z)
    return [p, math.log(p / (1 - p)) / steps]


# 12.3: as many nats, by a rule


def budgets(rng):
    made = []
    for n in (1, 2, 4, 6):
        weight = rng.lognormal(0, 1.5, n)
        made.append((weight, float(rng.uniform(0.5, 2.0) * n), float(rng.uniform(1, 6))))
    weight = np.array([1.0, 1e-4])  # the second stays at the base
    return [*made, (weight, 1.0, 5.0)]


def allocate(weight, budget, sigma_base):
    """The allocation of a rule: sigma proportional to one over the root of the weight.

    weight : (n,) of the memories: how often each is read, say; positive
    budget : total Kullback-Leibler cost of all memories [nats], positive
    sigma_base : standard deviation of a memory that costs nothing [reward]

    Returns sigma, shape (n,): min(c / sqrt(weight), sigma_base), with the c that makes the total
    cost the budget, to a millionth of a nat.
    """
    low, high = -60.0, math.log(sigma_base * math.sqrt(weight.max()))
    for _ in range(200):
        middle = 0.5 * (low + high)
        sigma = np.minimum(np.exp(middle) / np.sqrt(weight), sigma_base)
        x = sigma / sigma_base
        nats = np.sum(-np.log(x) + (x**2 - 1) / 2)
        low, high = (middle, high) if nats > budget else (low, middle)
    return sigma


# 12.4: how likely is a person?


def sessions(rng):
    made = []
    for n in (1, 20, 100):
        delta = rng.choice([-1.5, -0.75, 0.75, 1.5], n)
        sigma = rng.uniform(0.3, 5, n)
        lapse = float(rng.uniform(0.01, 0.2))
        accepted = rng.random(n) < 0.5
        made.append((delta, sigma, accepted.astype(float), lapse))
    return made


def log_likelihood(delta, sigma, accepted, lapse):
    """The logarithm of the probability of a person's choices.

    delta : (n,) what each offer earns on average, the machine's mean minus the price [reward]
    sigma : (n,) blur of the memory of the machine that was shown [reward]
    accepted : (n,) 1.0 if the offer was accepted, else 0.0
    lapse : share of choices that are made by coin

    Returns the sum over all choices, a number below 0.
    """
    total = 0.0
    for d, blur, yes in zip(delta, sigma, accepted, strict=True):
        p = lapse / 2 + (1 - lapse) * 0.5 * math.erfc(-d / blur / math.sqrt(2))
        total += math.log(p if yes else 1 - p)
    return total


# 12.7: the rule with the right price


def weights(rng):
    made = [tuple(float(x) for x in rng.lognormal(0, 1, 3)) for _ in range(6)]
    return [*made, (0.05, 2.0, 1.0)]  # hardly worth any nats


def best_sigma(w, price, sigma_base):
    """The sigma that makes w sigma**2 + price C(sigma) least, with the Kullback-Leibler cost C.

    w : weight of the squared error, positive
    price : reward per nat, positive
    sigma_base : standard deviation of the base memory

    Returns sigma.
    """
    return 1 / math.sqrt(1 / sigma_base**2 + 2 * w / price)
