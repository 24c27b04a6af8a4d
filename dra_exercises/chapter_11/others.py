"""Other answers to chapter 11: right ones, typical wrong ones, and near misses."""

import math

import numpy as np

from dra_exercises.chapter_11 import solutions

# 11.3: soft values


def soft_values_by_logaddexp(transition, reward, alpha, gamma):
    values = np.zeros(len(reward))
    while True:
        q = reward + gamma * transition @ values
        new = alpha * np.logaddexp.reduce(q / alpha, axis=1)
        if np.abs(new - values).max() < 1e-10 * max(1, np.abs(new).max()):
            return new
        values = new


def soft_values_by_policies(transition, reward, alpha, gamma):
    values = np.zeros(len(reward))
    for _ in range(200):  # improve the policy, then evaluate it, entropy included
        q = (reward + gamma * transition @ values) / alpha
        policy = np.exp(q - q.max(axis=1, keepdims=True))
        policy /= policy.sum(axis=1, keepdims=True)
        left = -(policy * np.log(np.maximum(policy, 1e-300))).sum(axis=1)
        moves = np.einsum("sa,sak->sk", policy, transition)
        paid = (policy * reward).sum(axis=1) + alpha * left
        values = np.linalg.solve(np.eye(len(paid)) - gamma * moves, paid)
    return values


def backed_up(transition, reward, gamma, value):
    values = np.zeros(len(reward))
    for _ in range(600):
        values = value(reward + gamma * transition @ values)
    return values


def hard_values(transition, reward, alpha, gamma):
    return backed_up(transition, reward, gamma, lambda q: q.max(axis=1))


def soft_values_with_a_mean(transition, reward, alpha, gamma):
    n = reward.shape[1]
    return backed_up(
        transition,
        reward,
        gamma,
        lambda q: alpha * (np.logaddexp.reduce(q / alpha, axis=1) - math.log(n)),
    )


def soft_values_without_bonus(transition, reward, alpha, gamma):
    def value(q):
        weight = np.exp((q - q.max(axis=1, keepdims=True)) / alpha)
        return (weight * q).sum(axis=1) / weight.sum(axis=1)

    return backed_up(transition, reward, gamma, value)


def soft_values_with_alpha_as_beta(transition, reward, alpha, gamma):
    return backed_up(
        transition, reward, gamma, lambda q: np.logaddexp.reduce(q * alpha, axis=1) / alpha
    )


def soft_values_that_overflow(transition, reward, alpha, gamma):
    with np.errstate(all="ignore"):
        return backed_up(
            transition, reward, gamma, lambda q: alpha * np.log(np.exp(q / alpha).sum(axis=1))
        )


def soft_values_without_discount(transition, reward, alpha, gamma):
    return solutions.soft_values(transition, reward, alpha, 1.0)


def soft_values_without_a_unit(transition, reward, alpha, gamma):
    return backed_up(transition, reward, gamma, lambda q: np.logaddexp.reduce(q / alpha, axis=1))


def soft_values_with_entropy_in_nats(transition, reward, alpha, gamma):
    def value(q):
        top = q.max(axis=1)
        return top + np.log(np.exp((q - top[:, None]) / alpha).sum(axis=1))

    return backed_up(transition, reward, gamma, value)


def soft_values_in_a_hurry(transition, reward, alpha, gamma):
    values = np.zeros(len(reward))
    for _ in range(60):
        values = alpha * np.logaddexp.reduce((reward + gamma * transition @ values) / alpha, axis=1)
    return values


# 11.4: a habit, one round at a time


def next_habit_in_loops(q, occurs, habit, beta):
    made = np.zeros(len(habit))
    for row, often in zip(q, occurs, strict=True):
        weight = [h * math.exp(beta * x) for h, x in zip(habit, row, strict=True)]
        for a, w in enumerate(weight):
            made[a] += often * w / sum(weight)
    return made


def next_habit_by_logarithms(q, occurs, habit, beta):
    x = np.log(habit) + beta * q
    policy = np.exp(x - np.logaddexp.reduce(x, axis=1)[:, None])
    return (occurs[:, None] * policy).sum(axis=0)


def next_habit_without_habit(q, occurs, habit, beta):
    return solutions.next_habit(q, occurs, np.ones(len(habit)), beta)


def next_habit_of_equal_states(q, occurs, habit, beta):
    return solutions.next_habit(q, np.full(len(q), 1 / len(q)), habit, beta)


def next_habit_of_the_mean_value(q, occurs, habit, beta):
    weight = habit * np.exp(beta * (occurs @ q))
    return weight / weight.sum()


def next_habit_normalised_late(q, occurs, habit, beta):
    weight = occurs @ (habit * np.exp(beta * q))
    return weight / weight.sum()


def next_habit_with_the_price_as_beta(q, occurs, habit, beta):
    return solutions.next_habit(q, occurs, habit, 1 / beta)


def last_habit(q, occurs, habit, beta):
    for _ in range(20_000):
        before, habit = habit, solutions.next_habit(q, occurs, habit, beta)
        if np.abs(habit - before).max() < 1e-14:
            break
    return habit


def next_habit_at_a_lower_price(q, occurs, habit, beta):
    return solutions.next_habit(q, occurs, habit, 1.03 * beta)


# 11.5: many forks


def towards_by_softmax(k, gamma):
    alpha = 0.7
    fork, other = gamma * (gamma + alpha * math.log(k)), gamma * gamma
    return 1 / (1 + math.exp((other - fork) / alpha))


def towards_by_odds(k, gamma):
    odds = math.exp(gamma * math.log(k))
    return odds / (1 + odds)


def towards_without_discount(k, gamma):
    return k / (1 + k)


def towards_with_two_ways(k, gamma):
    return 1 / (1 + 2 ** (-gamma))


def towards_without_entropy(k, gamma):
    return 0.5


def towards_with_k_in_the_exponent(k, gamma):
    return 1 / (1 + math.exp(-gamma * k))


def towards_discounted_twice(k, gamma):
    return 1 / (1 + k ** (-(gamma**2)))


# 11.6: eager learners


def best_action_values():
    return solutions.eager_learners(lambda found: found.q[10].max())


def at_a_lower_alpha():
    groups = (solutions.learned(first, alpha=1.0) for first in (0.0, 100.0))
    learned = [np.mean([run.value[10] for run in group]) for group in groups]
    return [*learned, solutions.exact(1.0).value[10]]


def never_eager():
    low, _, exact = solutions.eager_learners()
    return [low, low, exact]


def always_eager():
    _, high, exact = solutions.eager_learners()
    return [high, high, exact]


def without_entropy():
    """The exact value with hardly any alpha: what the shortest way pays."""
    return [*solutions.eager_learners()[:2], solutions.exact(1e-3).value[10]]


def from_hundred_first():
    low, high, exact = solutions.eager_learners()
    return [high, low, exact]


def exact_first():
    *learned, exact = solutions.eager_learners()
    return [exact, *learned]


# 11.7: what blurred memories are worth


def worth_exactly(delta, v):
    density = math.exp(-(delta**2) / (2 * v)) / math.sqrt(2 * math.pi)
    return 0.5 * density * delta**2 * v**-1.5


def worth_in_parts(delta, v):
    z = delta / math.sqrt(v)
    return 0.3989422804014327 * z * delta / (2 * v)


def worth_linear_in_delta(delta, v):
    return delta / (2 * math.sqrt(2 * math.pi) * v**1.5)


def worth_with_the_sign(delta, v):
    return -solutions.worth_of_less_variance(delta, v)


def worth_per_standard_deviation(delta, v):
    return delta**2 / (math.sqrt(2 * math.pi) * v)


def worth_without_half(delta, v):
    return delta**2 / (math.sqrt(2 * math.pi) * v**1.5)
