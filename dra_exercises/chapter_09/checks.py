"""Chapter 9, planning against the clock: a tidy search, and an average that needs no sampling."""

import itertools
import math

import numpy as np

from dra_exercises.spec import Function, Open, Value, Wrong


def normal_cdf(z):
    return 0.5 * math.erfc(-z / math.sqrt(2))


# 9.2 ----------------------------------------------------------------------------------------------


def gain_and_price(stake=20.0, base=100.0):
    blurred = stake / (base * math.sqrt(2))
    sigma = stake / math.sqrt(2)  # so that stake over S is 1
    x = sigma / base
    gain = (normal_cdf(1.0) - normal_cdf(blurred)) * stake / 6
    return [gain, 2 * (-math.log(x) + x**2 / 2 - 0.5)]


# 9.3 ----------------------------------------------------------------------------------------------


def graphs(rng):
    made = []
    sizes = ((2, 2, 2), (3, 2, 3), (6, 3, 3), (6, 3, 4), (6, 3, 8), (4, 4, 7))
    for places, moves, paths in 15 * sizes:  # many, for the best path is often found early
        to = rng.integers(0, places, (places, 2))
        reward = rng.choice([-70.0, -20.0, 20.0, 140.0], (places, 2)) + rng.normal(
            0, 1, (places, 2)
        )
        better = rng.integers(0, 2, (moves + 1, places))
        made.append((to, reward, better, int(rng.integers(places)), moves, paths))
    return made


def tidy(to, reward, better, start, moves, paths):
    """The reward of the best path that a tidy search finds.

    to : (S, 2) int, the state after each action
    reward : (S, 2)
    better : (moves + 1, S) int; better[k, s] is the action that looks better in state s with k
        moves left
    start : state in which every path begins
    moves : moves of a path
    paths : how many paths are walked, at most 2**moves

    A walk takes, at each node of the tree, the branch that looks better, unless everything below
    that branch is explored. A node is a place in the tree: a state reached by another way is
    another node. Returns the reward of the best complete path.
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


def tidy_by_order(to, reward, better, start, moves, paths):
    def below(s, left):
        if not left:
            yield 0.0
            return
        first = int(better[left, s])
        for a in (first, 1 - first):
            for rest in below(to[s, a], left - 1):
                yield reward[s, a] + rest

    return max(itertools.islice(below(start, moves), paths))


def tidy_by_counting(to, reward, better, start, moves, paths):
    best = -math.inf
    for number in range(paths):
        s, earned = start, 0.0
        for left in range(moves, 0, -1):  # the bits of the number say where to turn
            a = int(better[left, s]) ^ (number >> (left - 1) & 1)
            earned, s = earned + reward[s, a], to[s, a]
        best = max(best, earned)
    return best


def walks(to, reward, better, start, moves, numbers):
    earned = []
    for number in numbers:
        s, total = start, 0.0
        for left in range(moves, 0, -1):
            a = int(better[left, s]) ^ (number >> (left - 1) & 1)
            total, s = total + reward[s, a], to[s, a]
        earned.append(total)
    return earned


def stubborn(to, reward, better, start, moves, paths):
    return walks(to, reward, better, start, moves, [0])[0]


def turned_at_the_root(to, reward, better, start, moves, paths):
    mirrored = [int(f"{k:0{moves}b}"[::-1], 2) for k in range(paths)]
    return max(walks(to, reward, better, start, moves, mirrored))


def last_path(to, reward, better, start, moves, paths):
    return walks(to, reward, better, start, moves, [paths - 1])[0]


def whole_tree(to, reward, better, start, moves, paths):
    return max(walks(to, reward, better, start, moves, range(2**moves)))


def one_path_too_few(to, reward, better, start, moves, paths):
    return max(walks(to, reward, better, start, moves, range(max(paths - 1, 1))))


# 9.4 ----------------------------------------------------------------------------------------------


def preferences(rng):
    return [(rng.normal(0, 50, (2,) * n), rng.uniform(0.02, 0.98, n)) for n in (1, 2, 3, 5)]


def expected_reward(table, chance):
    """The mean of a reward that depends on independent preferences, as a finite sum.

    table : (2, 2, ..., 2) reward for each combination; table[x1, x2, ...] with x = 1 where the left
        action looks better
    chance : (n,) probability of each preference to be 1

    Returns the expected reward.
    """
    total = 0.0
    for x in np.ndindex(table.shape):
        weight = 1.0
        for one, p in zip(x, chance, strict=True):
            weight *= p if one else 1 - p
        total += weight * table[x]
    return total


def expected_axis_by_axis(table, chance):
    for p in chance:
        table = (1 - p) * table[0] + p * table[1]
    return float(table)


def expected_by_outer_product(table, chance):
    weight = np.ones(())
    for p in chance:
        weight = np.multiply.outer(weight, np.array([1 - p, p]))
    return float((weight * table).sum())


def reward_of_the_likeliest(table, chance):
    return table[tuple((chance > 0.5).astype(int))]


def expected_turned_around(table, chance):
    return expected_reward(table, 1 - chance)


def expected_of_all_alike(table, chance):
    return expected_reward(table, np.full(len(chance), chance.mean()))


def plain_mean(table, chance):
    return table.mean()


def expected_in_reverse(table, chance):
    return expected_reward(table, chance[::-1])


def expected_with_rounded_chances(table, chance):
    return expected_reward(table, chance.round(2))


# 9.7 ----------------------------------------------------------------------------------------------


def leaps(stake):
    """Whether the best blur of a state leaps as the price rises; stake in units of the base."""
    s = np.linspace(0.01, 0.999, 5000)
    z = stake / s
    price = z * np.exp(-(z**2) / 2) / (1 - s**2)  # at which s is a stationary point
    return bool(np.any(np.diff(price) < 0))


def largest_stake_that_leaps(base=141.4213562373095):  # of a difference of two memories
    low, high = 0.1, 1.0
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if leaps(middle) else (low, middle)
    return low * base


EXERCISES = {
    "9.1": Value(
        lambda: [4 * 2**4 // 4, 2**4 // 4],
        wrong=(
            Wrong(
                [4.0, 1.0],
                "takes the number of paths for the number of accesses",
                "The tree has sixteen paths, and each takes four accesses.",
            ),
            Wrong(
                [16.0, 16.0],
                "counts each access as a path",
                "Sixteen accesses it is. After four moves one path is complete.",
            ),
            Wrong(
                [7.5, 1.875],
                "counts each node of the tree once",
                "The search returns to the start after each path, so nodes near the root are "
                "accessed many times.",
            ),
        ),
    ),
    "9.2": Value(
        gain_and_price,
        rtol=0.02,
        wrong=(
            Wrong(
                lambda: [6 * gain_and_price()[0], gain_and_price()[1]],
                "forgets how often the state is the start",
                "The price is right. The gain is that of a trial that starts there: one in six.",
            ),
            Wrong(
                lambda: [gain_and_price()[0], gain_and_price()[1] / 2],
                "pays for one of the two memories",
                "The gain is right. A difference is as sharp as two memories.",
            ),
            Wrong(
                lambda: [normal_cdf(1.0) * 20 / 6, gain_and_price()[1]],
                "forgets that a coin is right half of the time",
                "The price is right. What is gained is what comes on top of a blurred choice.",
            ),
        ),
    ),
    "9.3": Function(
        tidy,
        graphs,
        right=(tidy_by_order, tidy_by_counting),
        near=(one_path_too_few,),
        wrong=(
            Wrong(
                stubborn,
                "walks the preferred path again and again",
                "Your search finds what its first walk finds, however long it searches. What does "
                "the rule say when everything below the better branch is explored?",
            ),
            Wrong(
                turned_at_the_root,
                "turns at the root first",
                "You vary the first move first. A tidy search finishes the branch it prefers: the "
                "second path is the sibling of the first leaf.",
            ),
            Wrong(
                last_path,
                "returns the last path instead of the best",
                "All paths are walked in the right order. Which of them is executed in the end?",
            ),
            Wrong(
                whole_tree,
                "searches the whole tree",
                "You found the best of all paths. The search may only walk as many as it is given.",
            ),
        ),
    ),
    "9.4": Function(
        expected_reward,
        preferences,
        right=(expected_axis_by_axis, expected_by_outer_product),
        near=(expected_with_rounded_chances,),
        wrong=(
            Wrong(
                reward_of_the_likeliest,
                "plans for the likeliest preferences only",
                "That is the reward of one combination, the likeliest. The mean is over all.",
            ),
            Wrong(
                expected_turned_around,
                "takes the chance of a 1 for that of a 0",
                "The weights are those of the opposite preferences: which index belongs to left?",
            ),
            Wrong(
                expected_of_all_alike,
                "averages the probabilities first",
                "All preferences have the same probability in your sum. Each has its own.",
            ),
            Wrong(
                plain_mean,
                "counts all combinations as equally likely",
                "That is the mean for blind choices, where each preference is a coin.",
            ),
            Wrong(
                expected_in_reverse,
                "pairs the probabilities with the axes in reverse",
                "The first axis of the table belongs to the first probability.",
            ),
        ),
    ),
    "9.5": Open(
        (
            "Recalls once a trial, and lets explored branches be walked again.",
            "Finds that time buys nothing, and that the advantage is the same at each budget.",
            "Concludes that the peak needs the one recall and the rule together.",
        )
    ),
    "9.6": Open(
        (
            "A table of the budgets chosen by both agents at four prices of time.",
            "Notices that an even number of paths is never chosen, and why.",
            "Explains the equal agent's gap by the level it has to pay for, with a control.",
        )
    ),
    "9.7": Value(
        largest_stake_that_leaps,
        unit="reward",
        rtol=0.01,
        wrong=(
            Wrong(
                lambda: largest_stake_that_leaps(100.0),
                "forgets that two memories are compared",
                "The ratio is right, and 100 is the base of one memory. What is the blur of a "
                "difference of two?",
            ),
            Wrong(
                lambda: largest_stake_that_leaps(200.0),
                "adds standard deviations",
                "Variances add, not standard deviations.",
            ),
            Wrong(
                lambda: largest_stake_that_leaps(1.0),
                "gives the ratio instead of the stake",
                "That is the ratio to the base of the difference. Multiply.",
            ),
        ),
    ),
    "9.8": Open(
        (
            "Looks at first visits, since planning repairs the final choice.",
            "Says what flexible and equal precision predict at the roots and one move on.",
            "Says what changes if the clock is announced after the start.",
        )
    ),
}
