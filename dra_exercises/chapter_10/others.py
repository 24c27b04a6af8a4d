"""Other answers to chapter 10: right ones, typical wrong ones, and near misses."""

import numpy as np

import dra
from dra_exercises.chapter_10 import solutions

# 10.3: the exact gradient


def parts(transition, reward, start, policy, gamma):
    """Visits, shape (S,), and action-values, shape (S, A), of a policy."""
    moves = np.einsum("sa,sak->sk", policy, transition)
    values = np.linalg.solve(np.eye(len(start)) - gamma * moves, (policy * reward).sum(axis=1))
    visits = np.linalg.solve(np.eye(len(start)) - gamma * moves.T, start)
    return visits, reward + gamma * transition @ values


def gradient_in_loops(transition, reward, start, policy, slopes, gamma):
    visits, q = parts(transition, reward, start, policy, gamma)
    S, A = policy.shape
    made = np.zeros((S, A))
    for s in range(S):
        for b in range(A):
            made[s, b] = visits[s] * sum(q[s, a] * slopes[s, a, b] for a in range(A))
    return made


def gradient_by_differences(transition, reward, start, policy, slopes, gamma):
    def worth(changed):
        visits, _ = parts(transition, reward, start, changed, gamma)
        return visits @ (changed * reward).sum(axis=1)

    made, h = np.zeros(policy.shape), 1e-5
    for s, b in np.ndindex(policy.shape):
        step = np.zeros(policy.shape)
        step[s] = h * slopes[s, :, b]
        made[s, b] = (worth(policy + step) - worth(policy - step)) / (2 * h)
    return made


def gradient_without_visits(transition, reward, start, policy, slopes, gamma):
    _, q = parts(transition, reward, start, policy, gamma)
    return np.einsum("sa,sab->sb", q, slopes)


def gradient_with_visits_ahead(transition, reward, start, policy, slopes, gamma):
    _, q = parts(transition, reward, start, policy, gamma)
    moves = np.einsum("sa,sak->sk", policy, transition)
    visits = np.linalg.solve(np.eye(len(start)) - gamma * moves, start)
    return visits[:, None] * np.einsum("sa,sab->sb", q, slopes)


def gradient_of_the_next_reward(transition, reward, start, policy, slopes, gamma):
    visits, _ = parts(transition, reward, start, policy, gamma)
    return visits[:, None] * np.einsum("sa,sab->sb", reward, slopes)


def gradient_with_undiscounted_visits(transition, reward, start, policy, slopes, gamma):
    _, q = parts(transition, reward, start, policy, gamma)
    visits, _ = parts(transition, reward, start, policy, 1.0)
    return visits[:, None] * np.einsum("sa,sab->sb", q, slopes)


def gradient_of_the_other_index(transition, reward, start, policy, slopes, gamma):
    visits, q = parts(transition, reward, start, policy, gamma)
    return visits[:, None] * np.einsum("sa,sba->sb", q, slopes)


def gradient_with_weighted_values(transition, reward, start, policy, slopes, gamma):
    visits, q = parts(transition, reward, start, policy, gamma)
    return visits[:, None] * np.einsum("sa,sab->sb", policy * q, slopes)


def gradient_of_the_start(transition, reward, start, policy, slopes, gamma):
    _, q = parts(transition, reward, start, policy, gamma)
    return start[:, None] * np.einsum("sa,sab->sb", q, slopes)


# 10.4: a tie


def tied_by_evaluation(transition, reward, sigma, beta, gamma_q):
    q = np.zeros(reward.shape)
    for _ in range(200):  # evaluate the whole policy, then look at the choices again
        policy = dra.policy.choice_probabilities(q, sigma, beta)
        moves = np.einsum("sa,sak->sk", policy, transition)
        paid = (policy * reward).sum(axis=1)
        values = np.linalg.solve(np.eye(len(paid)) - gamma_q * moves, paid)
        change = reward + gamma_q * transition @ values - q
        q = q + 0.8 * change
        if np.abs(change).max() < 1e-10:
            break
    return q


def tied_state_by_state(transition, reward, sigma, beta, gamma_q):
    """One value at a time, each from the newest values of the others."""
    values = np.zeros(len(reward))
    for _ in range(200):
        before = values.copy()
        for s in range(len(values)):
            q = reward[s] + gamma_q * transition[s] @ values
            values[s] = dra.policy.choice_probabilities(q, sigma[s], beta) @ q
        if np.abs(values - before).max() < 1e-10:
            break
    return reward + gamma_q * transition @ values


def iterated(transition, reward, gamma_q, value, rounds=70):
    q = np.zeros(reward.shape)
    for _ in range(rounds):
        q = reward + gamma_q * transition @ value(q)
    return q


def values_of_the_best(transition, reward, sigma, beta, gamma_q):
    return iterated(transition, reward, gamma_q, lambda q: q.max(axis=1))


def values_without_blur(transition, reward, sigma, beta, gamma_q):
    def value(q):
        return (dra.policy.softmax(q, beta) * q).sum(axis=1)

    return iterated(transition, reward, gamma_q, value)


def values_of_blind_choices(transition, reward, sigma, beta, gamma_q):
    return iterated(transition, reward, gamma_q, lambda q: q.mean(axis=1))


def values_for(means, transition, reward, sigma, beta, gamma_q):
    """The values of the agent that holds the means, whatever these are."""
    policy = dra.policy.choice_probabilities(means, sigma, beta)
    return iterated(transition, reward, gamma_q, lambda q: (policy * q).sum(axis=1))


def values_after_one_look(transition, reward, sigma, beta, gamma_q):
    best = iterated(transition, reward, gamma_q, lambda q: q.max(axis=1))
    return values_for(best, transition, reward, sigma, beta, gamma_q)


def values_of_empty_means(transition, reward, sigma, beta, gamma_q):
    return values_for(np.zeros(reward.shape), transition, reward, sigma, beta, gamma_q)


def values_of_next_rewards(transition, reward, sigma, beta, gamma_q):
    return values_for(reward, transition, reward, sigma, beta, gamma_q)


def values_without_discount(transition, reward, sigma, beta, gamma_q):
    return solutions.tied(transition, reward, sigma, beta, 1.0)


def values_in_a_hurry(transition, reward, sigma, beta, gamma_q):
    def value(q):
        return (dra.policy.choice_probabilities(q, sigma, beta) * q).sum(axis=1)

    return iterated(transition, reward, gamma_q, value, rounds=8)


# 10.8: how means follow


def difference_in_one_fraction(P, gamma_q):
    return (1 - gamma_q) / (1 - gamma_q + gamma_q * P)


def difference_by_sum(P, gamma_q):
    terms = ((1 - P) ** k * gamma_q ** (k + 1) for k in range(2000))
    return 1 - P * sum(terms)


def difference_of_the_best(P, gamma_q):
    return 1 - gamma_q


def difference_without_return(P, gamma_q):
    return 1 - gamma_q * P


def difference_undiscounted_ahead(P, gamma_q):
    return 1 - P / (1 - gamma_q * (1 - P))


def difference_with_swapped_chances(P, gamma_q):
    return 1 - gamma_q * (1 - P) / (1 - gamma_q * P)
