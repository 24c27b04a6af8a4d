"""The reference answers of chapter 2, and the cases that answers are tried on."""

import math

import numpy as np

import dra

# 2.1: the discriminability of two memories


def by_hand():
    q, sigma = np.array([3.0, 1.0]), np.array([2.0, 1.5])
    d_prime = dra.policy.dprime(q, sigma)
    better = dra.policy.choice_probabilities(q, sigma, math.inf)[0]
    halved = [dra.policy.dprime(q, sigma * half) for half in ([0.5, 1], [1, 0.5])]
    return np.array([d_prime, better, *halved])


# 2.2: a fourth memory without limit


def wild():
    """P(the wild one) and P(best) in the puzzle with a fourth action, sigma without limit."""
    return dra.policy.choice_probabilities([-1, 2, 1, 0], [1e9, 4, 4, 4], math.inf)[:2]


def best_of_three():
    return dra.policy.choice_probabilities([2, 1, 0], [4, 4, 4], math.inf)[0]


# 2.3: one look, one choice


def soft_choice(q, sigma, beta, rng):
    """Return one choice by soft Thompson sampling, the number of an action (int).

    q, sigma : arrays (A,), means and standard deviations, in units of reward.
    beta : positive float, in 1 / reward; beta * q may be in the thousands.
    rng : numpy.random.Generator.

    The draws are compared one by one, so their order is fixed: first one
    rng.standard_normal() for each action, in order of the actions, then one
    rng.random(), the threshold u: choose the first action at which the sum of
    the probabilities, added up in order, exceeds u.
    """
    drawn = q + sigma * rng.standard_normal(len(q))
    x = beta * drawn
    weight = np.exp(x - x.max())
    cumulative = np.cumsum(weight) / weight.sum()
    return int(np.argmax(rng.random() < cumulative))


def states_to_choose_in(rng):
    """States with one to five actions, some with scores that exp cannot take."""
    cases = [
        (np.array([1.5]), np.array([2.0]), 10.0),
        (np.array([3000.0, 3000.2, 2999.9]), np.array([0.1, 0.2, 0.3]), 10.0),
        (np.array([-4000.0, -4000.1]), np.array([0.3, 0.1]), 1.0),
        (np.array([0.3, 0.1, 0.0]), np.array([1e-9, 1e-9, 1e-9]), 2.0),
        (np.array([2.0, 1.0, 0.0]), np.array([4.0, 4.0, 4.0]), 0.5),
    ]
    for n in (2, 3, 5):
        cases.append((rng.normal(0, 1, n), rng.uniform(0.3, 3, n), rng.uniform(0.3, 2)))
    return [(*case, np.random.default_rng(rng.integers(2**31))) for case in cases]


def many_choices(answer, q, sigma, beta, rng):
    """200 choices in a row, and the next number of the generator."""
    choices = [float(answer(q, sigma, beta, rng)) for _ in range(200)]
    return np.array([*choices, rng.random()])


# 2.4: the exact greedy choice, any number of actions


def greedy_probabilities(q, sigma):
    """Return the probabilities of the actions by the largest draw, (A,).

    q, sigma : arrays (A,), means and standard deviations, in units of reward.
        A is 1 or more. The sigmas are positive, and may differ by a factor of 100.

    The probabilities are needed to within 0.0001.
    """
    zeta = np.linspace(-8, 8, 4001)  # of the winner
    phi = np.exp(-(zeta**2) / 2)
    phi /= phi.sum()
    erf = np.vectorize(math.erf)
    p = np.empty(len(q))
    for a in range(len(q)):
        x = q[a] + sigma[a] * zeta
        below = np.ones_like(x)
        for b in range(len(q)):
            if b != a:
                below *= (1 + erf((x - q[b]) / (sigma[b] * math.sqrt(2)))) / 2
        p[a] = phi @ below
    return p


def states_to_integrate(rng):
    cases = [
        (np.array([7.0]), np.array([3.0])),
        (np.array([2.0, 1.0, 0.0]), np.array([4.0, 4.0, 4.0])),
        (np.array([1000.0, 1000.5]), np.array([1.0, 2.0])),
        (np.array([0.5, 0.0, -0.5]), np.array([0.05, 5.0, 0.5])),
        (np.array([1.0, 1.0, 1.0, 1.0]), np.array([2.0, 2.0, 2.0, 2.0])),
    ]
    for n in (3, 4, 5):
        cases.append((rng.normal(0, 1, n), 10 ** rng.uniform(-0.7, 0.7, n)))
    return cases


# 2.5: where two densities overlap


def centre(q1, sigma1, q2, sigma2):
    """Return the centre m of the normal density proportional to f1 f2.

    q1, q2 : floats, the means of two normal densities f1 and f2.
    sigma1, sigma2 : positive floats, their standard deviations.
    """
    precision1, precision2 = 1 / sigma1**2, 1 / sigma2**2
    return (precision1 * q1 + precision2 * q2) / (precision1 + precision2)


def pairs_of_memories(rng):
    cases = [(2.0, 3.0, 0.0, 1.0), (1.0, 2.0, 1.0, 0.1), (5.0, 1e-3, -5.0, 1e3)]
    for _ in range(5):
        q, sigma = rng.normal(0, 3, 2), rng.uniform(0.2, 5, 2)
        cases.append((float(q[0]), float(sigma[0]), float(q[1]), float(sigma[1])))
    return cases
