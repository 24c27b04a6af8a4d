"""The reference answers of chapter 9, and the cases that answers are tried on."""

import math
from functools import lru_cache

import numpy as np

import dra

# 9.1 and 9.2: arithmetic of a budget, and of one memory


def quarter_of_the_time(moves=4):
    """[accesses, complete paths] in a quarter of the time."""
    return [moves * 2**moves // 4, 2**moves // 4]


def normal_cdf(z):
    return 0.5 * math.erfc(-z / math.sqrt(2))


def gain_and_price(stake=20.0, base=100.0, blurred=90.0):
    """What a root gains if its stake is as large as its noise, and what that costs."""
    sigma = stake / math.sqrt(2)
    gain = (normal_cdf(1.0) - normal_cdf(stake / (math.sqrt(2) * blurred))) * stake / 6
    return [gain, 2 * (math.log(base / sigma) + (sigma / base) ** 2 / 2 - 0.5)]


# 9.3: the search


def graphs(rng):
    """Graphs with one to four moves; many, since the best path is often found early."""
    made = []
    sizes = ((2, 1, 1), (2, 1, 2), (2, 2, 2), (3, 2, 3), (6, 3, 3), (6, 3, 4), (6, 3, 8), (4, 4, 7))
    for places, moves, paths in 12 * sizes:
        to = rng.integers(0, places, (places, 2))
        reward = rng.choice([-70.0, -20.0, 20.0, 140.0], (places, 2))
        reward += rng.normal(0, 1, (places, 2))
        better = rng.integers(0, 2, (moves + 1, places))
        made.append((to, reward, better, int(rng.integers(places)), moves, paths))
    return made


def tidy_search(to, reward, better, start, moves, paths):
    """The reward of the best path that a tidy search finds.

    to : (S, 2) int, the state after each action
    reward : (S, 2) reward of each action
    better : (moves + 1, S) int; better[k, s] is the action that looks better in state s with k
        moves left, 0 or 1
    start : int, the state in which every path begins
    moves : int, the moves of a path
    paths : int, how many paths are walked, from 1 to 2**moves

    A walk takes, at each node of the tree, the action that looks better, unless everything below
    that branch is explored. A node is a place in the tree: the same state, reached in another way,
    is another node. Returns the reward of the best complete path.
    """
    explored, best = set(), -math.inf
    for _ in range(paths):
        node, s, earned = (), start, 0.0
        for left in range(moves, 0, -1):
            a = int(better[left, s])
            if (*node, a) in explored:
                a = 1 - a
            node, earned, s = (*node, a), earned + reward[s, a], to[s, a]
        best = max(best, earned)
        explored.add(node)
        while node and (*node[:-1], 1 - node[-1]) in explored:
            node = node[:-1]
            explored.add(node)
    return best


# 9.4: the finite sum


def preferences(rng):
    """Tables with one to five preferences; one where some are certain."""
    made = [(rng.normal(0, 50, (2,) * n), rng.uniform(0.02, 0.98, n)) for n in (1, 2, 3, 5)]
    return [*made, (rng.normal(0, 50, (2, 2, 2)), np.array([1.0, rng.uniform(0.1, 0.9), 0.0]))]


def expected_reward(table, left):
    """The mean of a reward that depends on independent preferences, as a finite sum.

    table : (2, ..., 2) with n axes, one for each preference; table[x1, x2, ...] is the reward if
        action x1 looks better at the first node, x2 at the second, ...; 0 is left, 1 is right
    left : (n,) probabilities that left looks better

    Returns the expected reward.
    """
    total = 0.0
    for x in np.ndindex(table.shape):
        weight = 1.0
        for action, p in zip(x, left, strict=True):
            weight *= p if action == 0 else 1 - p
        total += weight * table[x]
    return total


# 9.5 and 9.6: what flexible precision is worth, and what time is worth


@lru_cache
def agents(budget):
    """(flexible, equal): the best allocations of the tidy planner."""
    task = dra.tasks.huys(3)
    flexible = dra.planning.allocate_flexible(task, budget, rng=0, starts=8)
    return flexible, dra.planning.allocate_equal(task, budget)


def without_the_rule():
    """The advantage at 1, 4 and 8 paths, all of which are the path of the first walk."""
    flexible, equal = agents(3)
    return np.full(3, flexible.objective - equal.objective)


def chosen(worth):
    """Budgets of both agents at four prices of time, where ``worth(agent, budget, c)`` is best."""
    budgets = range(3, 25, 3)
    made = []
    for k in (0, 1):
        row = []
        for c in (0.5, 1.0, 1.5, 2.0):
            values = {B: round(worth(agents(B)[k], B, c), 4) for B in budgets}
            row.append(max(budgets, key=lambda B, v=values: (v[B], -B)))
        made.append(row)
    return np.array(made)


def budgets_chosen():
    return chosen(lambda agent, budget, c: agent.objective - c * budget)


# 9.7: every state is a stall


def states(rng):
    """Gains, stakes and sigmas below the base; one state whose right action is the better one."""
    made = [
        (rng.uniform(1, 60), rng.uniform(10, 120), rng.uniform(5, 95), rng.uniform(98, 150))
        for _ in range(5)
    ]
    made.append((-rng.uniform(1, 60), -rng.uniform(10, 120), rng.uniform(20, 90), 100.0))
    return [tuple(map(float, case)) for case in made]


def stationary_price(g, stake, sigma, sigma_base):
    """The price of a nat at which F, as a function of the sigma of one state, has slope zero.

    g : the factor of the probability of going left in the expected reward
    stake : mean value of left minus that of right; it has the sign of g
    sigma : of both memories of the state, below sigma_base
    sigma_base : standard deviation of the base memory

    Returns the price, in reward per nat.
    """
    pull = g * stake * math.exp(-((stake / (2 * sigma)) ** 2)) / (2 * math.sqrt(math.pi) * sigma)
    return pull / (2 * (1 - (sigma / sigma_base) ** 2))
