"""Other answers to the exercises of chapter 4: right ones, wrong ones and near misses."""

import math

import numpy as np

import dra
from dra_exercises.chapter_04.solutions import estimate, score

# 4.3: the score


def score_in_loops(zeta, a, q, sigma, beta):
    x = [beta * (m + s * z) for m, s, z in zip(q, sigma, zeta, strict=True)]
    weight = [math.exp(value - max(x)) for value in x]
    return [
        beta * z * ((b == a) - w / sum(weight))
        for b, (z, w) in enumerate(zip(zeta, weight, strict=True))
    ]


def score_by_the_jacobian(zeta, a, q, sigma, beta):
    x = beta * (q + sigma * zeta)
    pi = np.exp(x - np.logaddexp.reduce(x))
    jacobian = np.diag(pi) - np.outer(pi, pi)  # of the softmax
    return jacobian[a] / pi[a] * beta * zeta if pi[a] > 1e-100 else score(zeta, a, q, sigma, beta)


def score_of_the_chosen_only(zeta, a, q, sigma, beta):
    made = np.zeros(len(q))
    made[a] = score(zeta, a, q, sigma, beta)[a]
    return made


def score_without_surprise(zeta, a, q, sigma, beta):
    return beta * zeta * (np.arange(len(q)) == a)


def score_without_beta(zeta, a, q, sigma, beta):
    return score(zeta, a, q, sigma, beta) / beta


def score_with_sigma(zeta, a, q, sigma, beta):
    return score(zeta, a, q, sigma, beta) * sigma


def score_of_the_means(zeta, a, q, sigma, beta):
    pi = dra.policy.softmax(np.asarray(q, float), beta)
    return beta * zeta * ((np.arange(len(q)) == a) - pi)


def score_of_a_warm_policy(zeta, a, q, sigma, beta):
    pi = dra.policy.softmax(q + sigma * zeta, 1.0)
    return beta * zeta * ((np.arange(len(q)) == a) - pi)


def score_turned_around(zeta, a, q, sigma, beta):
    return -score(zeta, a, q, sigma, beta)


def score_two_percent_warm(zeta, a, q, sigma, beta):
    return score(zeta, a, q, sigma, 1.02 * beta)


def score_that_overflows(zeta, a, q, sigma, beta):
    with np.errstate(all="ignore"):
        weight = np.exp(beta * (q + sigma * zeta))
        return beta * zeta * ((np.arange(len(q)) == a) - weight / weight.sum())


# 4.4: the estimator


def scores_of(steps, q, sigma, beta):
    return [(s, dra.gradient.score(zeta, a, q[s], sigma[s], beta)) for s, zeta, a, _ in steps]


def credited(episodes, q, sigma, beta, credit):
    """An estimate whose credit at step t of an episode is ``credit(rewards, t)``."""
    total = np.zeros(q.shape)
    for steps in episodes:
        rewards = np.array([r for *_, r in steps])
        for t, (s, u) in enumerate(scores_of(steps, q, sigma, beta)):
            total[s] += credit(rewards, t) * u
    return total / len(episodes)


def estimate_backwards(episodes, q, sigma, beta, gamma):
    def whole(rewards, t):
        R = 0.0
        for r in rewards[::-1]:
            R = r + gamma * R
        return R

    return credited(episodes, q, sigma, beta, whole)


def estimate_by_table(episodes, q, sigma, beta, gamma):
    tables = []
    for steps in episodes:
        table = np.zeros(q.shape)
        for s, u in scores_of(steps, q, sigma, beta):
            table[s] += u
        tables.append(table * np.dot([r for *_, r in steps], gamma ** np.arange(len(steps))))
    return np.mean(tables, axis=0)


def estimate_discounted_from_the_step(episodes, q, sigma, beta, gamma):
    def credit(rewards, t):
        return sum(gamma ** (k - t) * r for k, r in enumerate(rewards) if k >= t)

    return credited(episodes, q, sigma, beta, credit)


def estimate_discounted_twice(episodes, q, sigma, beta, gamma):
    def credit(rewards, t):
        return gamma**t * np.dot(rewards, gamma ** np.arange(len(rewards)))

    return credited(episodes, q, sigma, beta, credit)


def estimate_undiscounted(episodes, q, sigma, beta, gamma):
    return credited(episodes, q, sigma, beta, lambda rewards, t: rewards.sum())


def estimate_of_next_rewards(episodes, q, sigma, beta, gamma):
    return credited(episodes, q, sigma, beta, lambda rewards, t: gamma**t * rewards[t])


def estimate_summed(episodes, q, sigma, beta, gamma):
    return estimate(episodes, q, sigma, beta, gamma) * len(episodes)


def estimate_per_step(episodes, q, sigma, beta, gamma):
    steps = sum(len(steps) for steps in episodes)
    return estimate(episodes, q, sigma, beta, gamma) * len(episodes) / steps


def estimate_with_a_late_discount(episodes, q, sigma, beta, gamma):
    return gamma * estimate(episodes, q, sigma, beta, gamma)


def estimate_to_go(episodes, q, sigma, beta, gamma):
    def credit(rewards, t):
        return sum(gamma**k * r for k, r in enumerate(rewards) if k >= t)

    return credited(episodes, q, sigma, beta, credit)


def estimate_with_the_last_visit(episodes, q, sigma, beta, gamma):
    total = np.zeros(q.shape)
    for steps in episodes:
        R, table = sum(gamma**t * step[3] for t, step in enumerate(steps)), np.zeros(q.shape)
        for s, u in scores_of(steps, q, sigma, beta):
            table[s] = R * u
        total += table
    return total / len(episodes)


# 4.7: blur follows curvature


def slope_by_sum(sigma, curvature):
    return sum([curvature * sigma / 4] * 4)


def slope_by_quotient(sigma, curvature):
    return curvature / (1 / sigma)


def slope_without_sigma(sigma, curvature):
    return curvature


def slope_of_the_variance(sigma, curvature):
    return curvature / 2


def slope_turned_around(sigma, curvature):
    return -sigma * curvature


def slope_with_the_square(sigma, curvature):
    return sigma**2 * curvature
