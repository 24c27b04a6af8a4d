"""Oracles of the planner: literal and global searches, sums over preferences."""

import itertools
import math

import numpy as np

import dra
from dra import planning
from dra.tasks import huys, tabular

TABLE = {
    1: [(2, 140), (4, 20)],
    2: [(3, -20), (5, -70)],
    3: [(4, -20), (6, -70)],
    4: [(2, 20), (5, -20)],
    5: [(1, -70), (6, -20)],
    6: [(1, -20), (3, 20)],
}
# At depth 3 the six roots and the six states below them form a circle: root, its two branches.
CIRCLE = [(1, 2, 4), (3, 4, 6), (5, 6, 1), (6, 1, 3), (2, 3, 5), (4, 5, 2)]
GRID = np.geomspace(1, 100, 121)


def normal_cdf(z):
    return 0.5 * math.erfc(-z / math.sqrt(2))


def random_memory(depth, seed, low=5.0, high=100.0):
    """Return a memory of huys(depth) with optimal q and random sigmas, all different."""
    task = huys(depth)
    sigma = np.random.default_rng(seed).uniform(low, high, size=task.memory_shape)
    q = planning.optimal_values(task)
    return dra.Memory.initial(task, q=q, sigma=sigma, sigma_base=100.0)


def rewards_below(start, depth):
    """Return the rewards of all 2^depth paths from a start."""
    rewards = []
    for actions in itertools.product([0, 1], repeat=depth):
        state, total = start, 0
        for action in actions:
            state, reward = TABLE[state][action]
            total += reward
        rewards.append(total)
    return rewards


def literal_search(start, depth, budget, better):
    """Search as the paper says; ``better[moves left, state]`` is the better-looking action."""
    found, best, accesses = set(), -math.inf, 0
    while accesses + depth <= budget and len(found) < 2**depth:
        state, path, gained = start, (), 0
        for left in range(depth, 0, -1):
            action = better[left, state]
            below = sum(leaf[: len(path) + 1] == (*path, action) for leaf in found)
            if below == 2 ** (left - 1):  # nothing unexplored there
                action = 1 - action
            path += (action,)
            state, reward = TABLE[state][action]
            gained += reward
            accesses += 1
        found.add(path)
        best = max(best, gained)
    return best


def reachable(start, depth):
    """Return the (moves left, state) at which a search from ``start`` may choose."""
    nodes, states = [], {start}
    for left in range(depth, 0, -1):
        nodes += [(left, state) for state in sorted(states)]
        states = {to for state in states for to, _ in TABLE[state]}
    return nodes


def literal_reward(memory, depth, budget):
    """Return the expected reward, summed over all preferences of the nodes below each start."""
    total = 0.0
    for start in TABLE:
        nodes = reachable(start, depth)
        rows = [6 * (left - 1) + state - 1 for left, state in nodes]
        z = (memory.q[rows, 0] - memory.q[rows, 1]) / np.hypot(*memory.sigma[rows].T)
        chance = [(normal_cdf(x), normal_cdf(-x)) for x in z]
        for choice in itertools.product([0, 1], repeat=len(nodes)):
            p = math.prod(c[a] for c, a in zip(chance, choice, strict=True))
            if p > 1e-15:
                better = dict(zip(nodes, choice, strict=True))
                total += p * literal_search(start, depth, budget, better) / 6
    return total


def forgotten(task):
    q = planning.optimal_values(task)
    return dra.Memory.initial(task, q=q, sigma=100.0, sigma_base=100.0)


def branching(**changes):
    """Return a task of two moves: 0 to 1 or 2, and on to 4; state 3 leads to 4, unreached."""
    transition = np.zeros((5, 2, 5))
    for state, after in {0: (1, 2), 1: (4, 4), 2: (4, 4), 3: (4, 4), 4: (4, 4)}.items():
        transition[state, [0, 1], after] = 1.0
    reward = np.array([[0, 0], [30, -30], [-40, 50], [90, -90], [0, 0]], float)
    options = {"terminal": [4], "start": 0, **changes}
    return tabular(options.pop("transition", transition), reward, **options)


def kl(sigma):
    return np.log(100 / sigma) + sigma**2 / 20_000 - 0.5


def preferences(row):
    """Return the probabilities of preferring left and right, (2, len(GRID)), sigmas on GRID."""
    left = np.array([normal_cdf((row[0] - row[1]) / (math.sqrt(2) * s)) for s in GRID])
    return np.stack([left, 1 - left])


def arc(root, first, second, budget, cost_weight):
    """Return what a root adds to the objective, (root sigma, first's sigma, second's sigma).

    The cost of the first branch's memories is included. The last level, whose means differ by 40
    or more and whose sigma is 1, is taken as certain.
    """
    q = planning.optimal_values(huys(3))
    last = {(1, s): int(TABLE[s][1][1] > TABLE[s][0][1]) for s in TABLE}
    best = np.zeros((2, 2, 2))
    for a, x, y in np.ndindex(best.shape):
        better = {**last, (3, root): a, (2, first): x, (2, second): y}
        best[a, x, y] = literal_search(root, 3, budget, better)
    chances = [preferences(q[row]) for row in (11 + root, 5 + first, 5 + second)]
    reward = np.einsum("axy,ai,xj,yk->ijk", best, *chances, optimize=True) / 6
    return reward - 2 * cost_weight * (kl(GRID)[:, None, None] + kl(GRID)[:, None])


def grid_optima(budget, cost_weight=1.0):
    """Return the best (flexible, equal) objectives of depth 3 on GRID, certain to be global there.

    One sigma a state. Dynamic programming goes round the circle, for all sigmas of its first state.
    """
    arcs = [arc(*place, budget, cost_weight) for place in CIRCLE]
    equal = sum(np.einsum("iii->i", table) for table in arcs).max()
    steps = [table.max(axis=0) for table in arcs]
    reached = steps[0]
    for step in steps[1:]:
        reached = np.stack([(row[:, None] + step).max(axis=0) for row in reached])
    return np.diag(reached).max(), equal
