"""The reference answers of chapter 13, and the cases that answers are tried on."""

import math

import numpy as np

import dra

# 13.1: cents


def in_cents(scale):
    p = dra.presets.for_scale(scale)
    return [p["sigma_base"], p["beta"], p["cost_weight"]]


def by_the_table(gap):
    """As `in_cents`, with a base in the middle of what the chapter recommends, 3 to 5 gaps."""
    return [4 * gap, 10 / gap, 0.1 * gap]


# 13.2: how long?


def lengths():
    return [1 / 0.1, math.log(1e-6) / math.log(1 - 0.1)]


def longest(number=1e6, on=0.9):
    """Median and mean of the longest of many episodes."""
    t = np.arange(2000)
    shorter = (1 - on**t) ** number  # the probability that all have at most t moves
    return [math.log(1 - 0.5 ** (1 / number)) / math.log(on), float(np.sum(1 - shorter))]


# 13.3: tables from an environment


def environments(rng):
    """Tables as Gymnasium keeps them: with outcomes listed twice, and with sure ones."""
    made = []
    for n_states, n_actions, n_outcomes in ((2, 2, 2), (4, 3, 3), (5, 2, 4), (3, 1, 1)):
        table = {}
        for s in range(n_states):
            table[s] = {}
            for a in range(n_actions):
                chances = rng.dirichlet(np.ones(n_outcomes))
                ends = rng.integers(0, n_states, n_outcomes)
                if n_outcomes > 1:
                    ends[1] = ends[0]  # listed twice, with another reward
                table[s][a] = [
                    (float(chance), int(to), float(rng.normal(0, 3)), bool(rng.random() < 0.3))
                    for chance, to in zip(chances, ends, strict=True)
                ]
        made.append((table,))
    return made


def tables(P):
    """The arrays of an environment that lists its outcomes.

    P : dict; P[s][a] is a list of (probability, next state, reward, terminated)

    Returns the transition, shape (S, A, S): the probability of each next state; and the reward,
    shape (S, A): the expected reward of action a in state s.
    """
    S, A = len(P), len(P[0])
    transition, reward = np.zeros((S, A, S)), np.zeros((S, A))
    for s in range(S):
        for a in range(A):
            for chance, to, paid, _ in P[s][a]:
                transition[s, a, to] += chance
                reward[s, a] += chance * paid
    return transition, reward


# 13.4: a price that minds the visits


def walks(rng):
    """Chains in which every move ends the episode with some probability."""
    made = []
    for n in (2, 3, 5):
        matrix = rng.dirichlet(np.ones(n + 1), size=n)[:, :n]  # the rest ends
        made.append((matrix, rng.dirichlet(np.ones(n)), float(rng.uniform(0.2, 5))))
    return made


def prices(moves, start, gap):
    """What a nat should cost in each state: 0.1 times the gap times the visits of an episode.

    moves : (S, S); moves[s, k] is the probability that the agent goes from s to k. What is
        missing to 1 in a row is the probability that the episode ends.
    start : (S,) probability of each state to be the first
    gap : typical difference between a good and a bad action [reward]

    Returns the prices, shape (S,) [reward per nat].
    """
    visits = np.linalg.solve(np.eye(len(start)) - moves.T, start)
    return 0.1 * gap * visits


# 13.6: what a value costs in weights


def sizes(rng):
    return [
        (int(n), float(ratio * base), float(base))
        for n, ratio, base in zip(
            (1, 2, 4, 8), rng.uniform(0.02, 0.9, 4), rng.uniform(0.5, 9, 4), strict=True
        )
    ]


def cost_in_weights(n, sigma, sigma_base):
    """What a value with standard deviation sigma costs if it is the sum of n equally sharp weights.

    n : number of tilings
    sigma, sigma_base : standard deviation of the value, and of a value that costs nothing [reward]

    Returns the cost in nats, by the Kullback-Leibler price, exactly.
    """
    return n * (math.log(sigma_base / sigma) + sigma**2 / (2 * sigma_base**2) - 0.5)
