"""Other answers to chapter 9: right ones, typical wrong ones, and near misses."""

import itertools
import math

import numpy as np

import dra
from dra_exercises.chapter_09 import solutions

# 9.2: one memory


def nats_of_two(sigma, base=100.0):
    return 2 * (math.log(base / sigma) + (sigma / base) ** 2 / 2 - 0.5)


def gain_between(blurred=20 / (2**0.5 * 90), sharp=1.0):
    """Gain and price, if the stake is so many times the noise before and after."""
    gain = (solutions.normal_cdf(sharp) - solutions.normal_cdf(blurred)) * 20 / 6
    return [gain, solutions.gain_and_price()[1]]


# 9.3: the search


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


def walks(to, reward, better, start, moves, numbers):
    """Rewards of walks; the bits of a number say where a walk turns from what looks better."""
    earned = []
    for number in numbers:
        s, total = start, 0.0
        for left in range(moves, 0, -1):
            a = int(better[left, s]) ^ (number >> (left - 1) & 1)
            total, s = total + reward[s, a], to[s, a]
        earned.append(total)
    return earned


def tidy_by_counting(to, reward, better, start, moves, paths):
    return max(walks(to, reward, better, start, moves, range(paths)))


def stubborn(to, reward, better, start, moves, paths):
    return walks(to, reward, better, start, moves, [0])[0]


def turned_at_the_root(to, reward, better, start, moves, paths):
    mirrored = [int(f"{k:0{moves}b}"[::-1], 2) for k in range(paths)]
    return max(walks(to, reward, better, start, moves, mirrored))


def last_path(to, reward, better, start, moves, paths):
    return walks(to, reward, better, start, moves, [paths - 1])[0]


def whole_tree(to, reward, better, start, moves, paths):
    return max(walks(to, reward, better, start, moves, range(2**moves)))


def accesses_for_paths(to, reward, better, start, moves, paths):
    complete = max(paths // moves, 1)
    return max(walks(to, reward, better, start, moves, range(complete)))


def moves_made(to, reward, better, start, moves, paths):
    return solutions.tidy_search(to, reward, better[::-1], start, moves, paths)


def moves_left_after(to, reward, better, start, moves, paths):
    return solutions.tidy_search(to, reward, np.roll(better, 1, axis=0), start, moves, paths)


def states_for_nodes(to, reward, better, start, moves, paths):
    """A search for which a state with so many moves left is one node, however it is reached."""
    explored, best = set(), -math.inf
    for _ in range(paths):
        walk, s, earned = [], start, 0.0
        for left in range(moves, 0, -1):
            a = int(better[left, s])
            a = 1 - a if (left, s, a) in explored else a
            walk.append((left, s, a))
            earned, s = earned + reward[s, a], to[s, a]
        best = max(best, earned)
        for left, s, a in reversed(walk):
            below = {(left - 1, to[s, a], b) for b in (0, 1)}
            if left > 1 and not below <= explored:
                break
            explored.add((left, s, a))
    return best


def one_path_too_few(to, reward, better, start, moves, paths):
    return max(walks(to, reward, better, start, moves, range(max(paths - 1, 1))))


# 9.4: the finite sum


def expected_axis_by_axis(table, left):
    for p in left:
        table = p * table[0] + (1 - p) * table[1]
    return float(table)


def expected_by_outer_product(table, left):
    weight = np.ones(())
    for p in left:
        weight = np.multiply.outer(weight, np.array([p, 1 - p]))
    return float((weight * table).sum())


def reward_of_the_likeliest(table, left):
    return table[tuple((left < 0.5).astype(int))]


def expected_turned_around(table, left):
    return solutions.expected_reward(table, 1 - left)


def expected_of_all_alike(table, left):
    return solutions.expected_reward(table, np.full(len(left), left.mean()))


def plain_mean(table, left):
    return table.mean()


def expected_in_reverse(table, left):
    return solutions.expected_reward(table, left[::-1])


def sum_of_weights_of_left(table, left):
    """Weighs with the left-looking preferences alone."""
    total = 0.0
    for x in np.ndindex(table.shape):
        weight = math.prod(p for action, p in zip(x, left, strict=True) if action == 0)
        total += weight * table[x]
    return total


def expected_with_rounded_chances(table, left):
    return solutions.expected_reward(table, np.round(left, 2))


# 9.5 and 9.6: what flexible precision is worth, and what time is worth


def advantage(paths):
    flexible, equal = solutions.agents(3 * paths)
    return flexible.objective - equal.objective


def with_the_rule():
    return [advantage(1), advantage(4), advantage(8)]


def over_no_memory():
    """The flexible agent's advantage over one that has forgotten everything."""
    task = dra.tasks.huys(3)
    q = dra.planning.optimal_values(task)
    blank = dra.Memory.initial(task, q=q, sigma=100.0, sigma_base=100.0)
    flexible, _ = solutions.agents(3)
    return np.full(3, flexible.objective - dra.planning.plan_reward(task, blank, 3))


def in_reward_only():
    flexible, equal = solutions.agents(3)
    gained = flexible.objective + float(flexible.memory.cost())
    return np.full(3, gained - equal.objective - float(equal.memory.cost()))


def a_price_per_path():
    return solutions.chosen(lambda agent, budget, c: agent.objective - c * budget / 3)


def memory_for_nothing():
    return solutions.chosen(
        lambda agent, budget, c: agent.objective + float(agent.memory.cost()) - c * budget
    )


def both_alike():
    flexible, _ = solutions.budgets_chosen()
    return np.array([flexible, flexible])


# 9.7: every state is a stall


def density(z):
    return math.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)


def price_by_density(g, stake, sigma, sigma_base):
    x = stake / (math.sqrt(2) * sigma)
    return g * x * density(x) / sigma / (2 / sigma - 2 * sigma / sigma_base**2)


def price_by_differences(g, stake, sigma, sigma_base):
    h = 1e-4 * sigma
    reward = [g * solutions.normal_cdf(stake / (math.sqrt(2) * s)) for s in (sigma - h, sigma + h)]
    nats = [
        2 * (math.log(sigma_base / s) + (s / sigma_base) ** 2 / 2) for s in (sigma - h, sigma + h)
    ]
    return (reward[1] - reward[0]) / (nats[1] - nats[0])


def price_of_one_memory(g, stake, sigma, sigma_base):
    return 2 * solutions.stationary_price(g, stake, sigma, sigma_base)


def price_against_a_known_rival(g, stake, sigma, sigma_base):
    x = stake / sigma
    return g * x * density(x) / (2 * (1 - (sigma / sigma_base) ** 2))


def price_without_the_base(g, stake, sigma, sigma_base):
    return solutions.stationary_price(g, stake, sigma, math.inf)


def price_turned_around(g, stake, sigma, sigma_base):
    return -solutions.stationary_price(g, stake, sigma, sigma_base)


def price_of_values(g, stake, sigma, sigma_base):
    x = stake / (math.sqrt(2) * sigma)
    return (
        g
        * solutions.normal_cdf(x)
        / (2 * (math.log(sigma_base / sigma) + (sigma / sigma_base) ** 2 / 2 - 0.5))
    )


def price_with_the_base_unsquared(g, stake, sigma, sigma_base):
    x = stake / (math.sqrt(2) * sigma)
    return g * x * density(x) / (2 * (1 - sigma / sigma_base))
