"""Other answers to chapter 13: right ones, typical wrong ones, and near misses."""

import math

import numpy as np

import dra
from dra_exercises.chapter_13 import solutions

# 13.3: tables from an environment


def tables_with_add_at(P):
    rows = [(s, a, to, p, r) for s in P for a in P[s] for p, to, r, _ in P[s][a]]
    s, a, to, p, r = (np.array(column) for column in zip(*rows, strict=True))
    transition = np.zeros((len(P), len(P[0]), len(P)))
    np.add.at(transition, (s.astype(int), a.astype(int), to.astype(int)), p)
    reward = np.zeros((len(P), len(P[0])))
    np.add.at(reward, (s.astype(int), a.astype(int)), p * r)
    return transition, reward


def tables_by_sums(P):
    def chance_of(s, a, goal):
        return sum(p for p, to, _, _ in P[s][a] if to == goal)

    transition = [[[chance_of(s, a, k) for k in P] for a in P[s]] for s in P]
    return transition, [[sum(p * r for p, _, r, _ in P[s][a]) for a in P[s]] for s in P]


def tables_that_overwrite(P):
    transition, reward = np.zeros((len(P), len(P[0]), len(P))), np.zeros((len(P), len(P[0])))
    for s in P:
        for a in P[s]:
            for chance, to, paid, _ in P[s][a]:
                transition[s, a, to] = chance
                reward[s, a] += chance * paid
    return transition, reward


def tables_with_the_last_reward(P):
    transition, reward = solutions.tables(P)
    for s in P:
        for a in P[s]:
            reward[s, a] = P[s][a][-1][2]
    return transition, reward


def tables_with_summed_rewards(P):
    transition, _ = solutions.tables(P)
    return transition, [[sum(r for _, _, r, _ in P[s][a]) for a in P[s]] for s in P]


def tables_like_the_chapter(P):
    """A reward for each next state as well: the last that is listed."""
    transition, _ = solutions.tables(P)
    paid = np.zeros(transition.shape)
    for s, a in np.ndindex(transition.shape[:2]):
        for _, to, r, _ in P[s][a]:
            paid[s, a, to] = r
    return transition, (transition * paid).sum(axis=2)


def tables_with_rewards_of_next_states(P):
    """A reward for each next state, added up where it is listed twice."""
    transition, _ = solutions.tables(P)
    paid = np.zeros(transition.shape)
    for s, a in np.ndindex(transition.shape[:2]):
        for _, to, r, _ in P[s][a]:
            paid[s, a, to] += r
    return transition, (transition * paid).sum(axis=2)


def tables_without_ends(P):
    transition, reward = solutions.tables(P)
    for s in P:
        for a in P[s]:
            for chance, to, _, terminated in P[s][a]:
                transition[s, a, to] -= chance * terminated
    return transition, reward


def tables_with_plain_means(P):
    transition, _ = solutions.tables(P)
    return transition, [[np.mean([r for _, _, r, _ in P[s][a]]) for a in P[s]] for s in P]


# 13.4: a price that minds the visits


def prices_by_walking(moves, start, gap):
    visits, here = np.zeros(len(start)), np.array(start, float)
    while here.sum() > 1e-14:
        visits = visits + here
        here = here @ moves
    return gap * visits / 10


def prices_by_inverse(moves, start, gap):
    return 0.1 * gap * (start @ np.linalg.inv(np.eye(len(start)) - moves))


def prices_by_values(moves, start, gap):
    return 0.1 * gap * np.linalg.solve(np.eye(len(start)) - moves, start)


def prices_by_shares(moves, start, gap):
    visits = np.linalg.solve(np.eye(len(start)) - moves.T, start)
    return 0.1 * gap * visits / visits.sum()


def prices_after_the_start(moves, start, gap):
    visits = np.linalg.solve(np.eye(len(start)) - moves.T, start)
    return 0.1 * gap * (visits - start)


def prices_upside_down(moves, start, gap):
    return 0.1 * gap / np.linalg.solve(np.eye(len(start)) - moves.T, start)


def prices_of_one(moves, start, gap):
    return np.linalg.solve(np.eye(len(start)) - moves.T, start)


def prices_with_a_discount(moves, start, gap):
    return 0.1 * gap * np.linalg.solve(np.eye(len(start)) - 0.98 * moves.T, start)


# 13.6: what a value costs in weights


def cost_weight_by_weight(n, sigma, sigma_base):
    each, base = sigma / math.sqrt(n), sigma_base / math.sqrt(n)
    return sum(float(dra.costs.kl.value(np.array(each), base)) for _ in range(n))


def cost_from_squares(n, sigma, sigma_base):
    x = (sigma / sigma_base) ** 2
    return n / 2 * (x - 1 - math.log(x))


def cost_of_one(n, sigma, sigma_base):
    return solutions.cost_in_weights(1, sigma, sigma_base)


def cost_with_the_whole_base(n, sigma, sigma_base):
    each = sigma / math.sqrt(n)
    return n * (math.log(sigma_base / each) + each**2 / (2 * sigma_base**2) - 0.5)


def cost_of_blurrier_weights(n, sigma, sigma_base):
    each = sigma * math.sqrt(n)
    return n * (math.log(sigma_base / each) + each**2 / (2 * sigma_base**2) - 0.5)


def cost_without_half(n, sigma, sigma_base):
    return n * (math.log(sigma_base / sigma) + (sigma / sigma_base) ** 2 - 0.5)


def cost_approximate(n, sigma, sigma_base):
    return n * (math.log(sigma_base / sigma) - 0.5)
