"""The reference answers of chapter 10, and the cases that answers are tried on."""

import numpy as np

import dra

# 10.1: two linear systems


MOVES = np.array([[0.5, 0.5], [0.25, 0.5]])  # to state 1 and 2; the rest ends


PAID = np.array([-1.0, -2.0])


def return_of_two_states():
    return float(np.linalg.solve(np.eye(2) - MOVES, PAID)[0])


# 10.3: the exact gradient


def tables(rng, same_state=True):
    """Small tasks with a policy and its derivatives; every move may end the episode."""
    made = []
    for S, A in ((1, 2), (2, 2), (4, 3)):
        transition = rng.dirichlet(np.ones(S + 1), size=(S, A))[:, :, :S]
        q, sigma = rng.normal(size=(S, A)), rng.uniform(0.5, 2, (S, A))
        found = [dra.policy.choice_probability_derivatives(q[s], sigma[s], 2.0) for s in range(S)]
        policy, slopes = np.array([f[0] for f in found]), np.array([f[2] for f in found])
        start = rng.dirichlet(np.ones(S))
        reward = rng.normal(0, 2, (S, A))
        made.append((transition, reward, start, policy, slopes, float(rng.uniform(0.5, 1))))
    return made


def exact_gradient(transition, reward, start, policy, slopes, gamma):
    """The derivative of the expected discounted return in every sigma.

    transition : (S, A, S) probability of each next state; what is missing to 1 ends the episode
    reward : (S, A) expected reward
    start : (S,) probability of each state to be the first
    policy : (S, A) probability of each choice
    slopes : (S, A, A); slopes[s, a, b] is the derivative of policy[s, a] in sigma[s, b]
    gamma : discount

    Returns the gradient, shape (S, A): its entry [s, b] belongs to sigma[s, b].
    """
    S = len(start)
    moves = np.einsum("sa,sak->sk", policy, transition)
    values = np.linalg.solve(np.eye(S) - gamma * moves, (policy * reward).sum(axis=1))
    visits = np.linalg.solve(np.eye(S) - gamma * moves.T, start)
    action_values = reward + gamma * transition @ values
    return visits[:, None] * np.einsum("sa,sab->sb", action_values, slopes)


# 10.4: a tie


def houses(rng):
    """Small tasks in which every move ends the episode with some probability."""
    made = []
    for S, A in ((1, 2), (2, 2), (3, 3)):
        transition = 0.85 * rng.dirichlet(np.ones(S + 1), size=(S, A))[:, :, :S]
        reward, sigma = rng.normal(0, 1, (S, A)), rng.uniform(0.5, 2, (S, A))
        made.append((transition, reward, sigma, float(rng.uniform(0.5, 2)), 0.7))
    return made


def tied(transition, reward, sigma, beta, gamma_q):
    """The means that are true for the agent that holds them.

    transition : (S, A, S) probability of each next state; what is missing to 1 ends the episode
    reward : (S, A) expected reward
    sigma : (S, A) blur of the memories [reward]
    beta : inverse temperature [1 / reward]
    gamma_q : discount of the means, below 1

    Returns q, shape (S, A), to six digits: the action-values, discounted by gamma_q, of the
    agent that remembers N(q, sigma**2). `dra.policy.choice_probabilities(q, sigma, beta)` says how
    it chooses in each state.
    """
    q = np.zeros(reward.shape)
    for _ in range(500):
        policy = dra.policy.choice_probabilities(q, sigma, beta)
        new = reward + gamma_q * transition @ (policy * q).sum(axis=1)
        if np.abs(new - q).max() < 1e-11:
            return new
        q = new
    return q


# 10.8: how means follow


def chances(rng):
    return [(float(P), float(g)) for P, g in rng.uniform(0.05, 0.95, (5, 2))]


def difference(P, gamma_q):
    """The difference of the two tied means, of the action that ends and of the one that comes back.

    P : probability of the action that ends
    gamma_q : discount of the means

    Returns q_1 - q_2 [reward].
    """
    return 1 - gamma_q * P / (1 - gamma_q * (1 - P))
