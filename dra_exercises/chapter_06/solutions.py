"""The reference answers of chapter 6, and the cases that answers are tried on."""

import math

import numpy as np

import dra

# 6.1: a wall to bump into


def bumps(before=0.9, after=0.6):
    return [(1 - before) / before, (1 - after) / after, 1 / after - 1 / before]


# 6.2: what a way costs


def nats_of_a_way(cells=17, sigma=0.5, base=5.0):
    x = sigma / base
    one = -math.log(x) + x**2 / 2 - 0.5
    return [one, cells * one, cells * one * 0.1]


# 6.3: impact


def mazes(rng):
    """Small tasks without chance; each action leads to a state, or (S) to the end."""
    made = []
    for S, A in ((1, 2), (3, 2), (5, 3)):
        there = rng.integers(0, S, (S, A))
        there[:, 0] = np.minimum(np.arange(S) + 1, S)  # one action always leads on
        paid = np.where(there == S, 10.0, -1.0) + rng.normal(0, 0.2, (S, A))
        q = paid + rng.normal(0, 0.5, (S, A))
        q[:, 0] += 1.0
        sigma = rng.uniform(0.3, 1.0, (S, A))
        for _ in range(2):
            s, a = int(rng.integers(S)), int(rng.integers(A))
            made.append((there, paid, q, sigma, 5.0, s, a))
    return made


def impact(there, paid, q, sigma, sigma_base, s, a):
    """What the agent would lose by forgetting one memory.

    there : (S, A) int, the state after each action; S stands for the end
    paid : (S, A) reward of each action
    q, sigma : (S, A) means and blur of the memories
    sigma_base : blur of a forgotten memory
    s, a : the memory

    Episodes begin in state 0, and beta is 2: in state k the agent chooses by
    `dra.policy.choice_probabilities(q[k], sigma[k], 2.0)`.

    Returns the expected undiscounted return with all memories, minus the one after
    sigma[s, a] has become sigma_base.
    """
    S, A = paid.shape

    def expected_return(blur):
        moves, earned = np.zeros((S, S + 1)), np.zeros(S)
        for k in range(S):
            pi = dra.policy.choice_probabilities(q[k], blur[k], 2.0)
            earned[k] = pi @ paid[k]
            for b in range(A):
                moves[k, there[k, b]] += pi[b]
        return np.linalg.solve(np.eye(S) - moves[:, :S], earned)[0]

    forgotten = np.array(sigma)
    forgotten[s, a] = sigma_base
    return expected_return(sigma) - expected_return(forgotten)


# 6.4: which way


def rooms(rng):
    made = []
    for n, gates in ((1, 2), (3, 2), (6, 3)):
        chance = rng.dirichlet(np.ones(n + gates), size=n)
        made.append((chance[:, :n], chance[:, n:], int(rng.integers(n))))
    return made


def first_gate(inside, out, start):
    """Through which gate an agent leaves a set of cells.

    inside : (n, n) probability of each move from cell to cell
    out : (n, g) probability of each move from a cell into a gate; the rows of inside and
        out together sum to one
    start : the cell in which it begins

    Returns the probability of each gate to be the one that is reached first, shape (g,).
    """
    return np.linalg.solve(np.eye(len(inside)) - inside, out)[start]


# 6.7: from impact to gradient


def slight(rng):
    return [
        (float(rng.uniform(0.2, 3)), rng.normal(0, 3, A), rng.normal(0, 0.2, A)) for A in (2, 3, 4)
    ]


def slope_of_impact(visits, action_values, derivatives):
    """The impact of a memory per unit of blur, if it is forgotten only slightly.

    visits : how often an episode visits the state
    action_values : (A,) expected return after each action there
    derivatives : (A,) of the choice probabilities in the sigma of the memory

    Returns the limit of the impact divided by the growth of sigma.
    """
    return -visits * np.dot(action_values, derivatives)
