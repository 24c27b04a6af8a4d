"""Other answers to chapter 7: right ones, typical wrong ones, and near misses."""

import math

import numpy as np

import dra
from dra_exercises.chapter_07 import solutions

# 7.1: sold out


def faded(share):
    """Trials at both prices if a share relaxes as ``share = exp(-n / tau)``."""
    return [-1250 * math.log(share), -625 * math.log(share)]


# 7.3: an idle memory


def fade_by_package(sigma, trials, rate, price, sigma_base):
    for _ in range(trials):
        sigma -= rate * price * float(dra.costs.kl.grad(np.array(sigma), sigma_base))
    return sigma


def fade_by_recursion(sigma, trials, rate, price, sigma_base):
    if trials == 0:
        return sigma
    step = rate * price
    once = sigma * (1 - step / sigma_base**2) + step / sigma
    return fade_by_recursion(once, trials - 1, rate, price, sigma_base)


def fade_uphill(sigma, trials, rate, price, sigma_base):
    for _ in range(trials):
        sigma = sigma + rate * price * (sigma / sigma_base**2 - 1 / sigma)
    return sigma


def fade_uphill_with_a_stop(sigma, trials, rate, price, sigma_base):
    for _ in range(trials):
        sigma = max(sigma + rate * price * (sigma / sigma_base**2 - 1 / sigma), 0.01)
    return sigma


def fade_without_base(sigma, trials, rate, price, sigma_base):
    for _ in range(trials):
        sigma = sigma + rate * price / sigma
    return sigma


def fade_without_price(sigma, trials, rate, price, sigma_base):
    return solutions.idle_sigma(sigma, trials, rate, 1.0, sigma_base)


def fade_in_one_step(sigma, trials, rate, price, sigma_base):
    return sigma - trials * rate * price * (sigma / sigma_base**2 - 1 / sigma)


def fade_to_the_base(sigma, trials, rate, price, sigma_base):
    for _ in range(trials):
        sigma = sigma + rate * price * (sigma_base - sigma)
    return sigma


def fade_in_closed_form(sigma, trials, rate, price, sigma_base):
    decay = math.exp(-2 * rate * price * trials / sigma_base**2)
    return sigma_base * math.sqrt(1 - (1 - sigma**2 / sigma_base**2) * decay)


def fade_a_step_too_long(sigma, trials, rate, price, sigma_base):
    return solutions.idle_sigma(sigma, trials + 1, rate, price, sigma_base)


def fade_a_step_too_short(sigma, trials, rate, price, sigma_base):
    return solutions.idle_sigma(sigma, max(trials - 1, 0), rate, price, sigma_base)


def fade_by_the_variance(sigma, trials, rate, price, sigma_base):
    for _ in range(trials):
        sigma = sigma - rate * price * (1 / sigma_base**2 - 1 / sigma**2) / 2
    return sigma


def fade_by_big_steps(sigma, trials, rate, price, sigma_base):
    """Half as many steps, each twice as long."""
    return solutions.idle_sigma(sigma, trials // 2, 2 * rate, price, sigma_base)


# 7.4: a fair clock


def moves_in_loops(objective, moves, level, tolerance):
    made = 0.0
    for column, walked in zip(objective.T, moves.T, strict=True):
        made += sum(walked) / len(walked)
        if sum(column) / len(column) >= level - tolerance:
            return made
    return 1e9


def moves_by_cumulation(objective, moves, level, tolerance):
    far = np.flatnonzero(objective.mean(axis=0) - level >= -tolerance)
    return np.cumsum(moves, axis=1)[:, far[0]].mean() if len(far) else 1e9


def records_to_learn(objective, moves, level, tolerance):
    reached = objective.mean(axis=0) >= level - tolerance
    return float(reached.argmax()) if reached.any() else 1e9


def moves_of_one_record(objective, moves, level, tolerance):
    reached = objective.mean(axis=0) >= level - tolerance
    return moves.mean(axis=0)[reached.argmax()] if reached.any() else 1e9


def moves_of_the_fastest(objective, moves, level, tolerance):
    reached = objective.max(axis=0) >= level - tolerance
    return moves.mean(axis=0)[: reached.argmax() + 1].sum() if reached.any() else 1e9


def moves_of_each_agent(objective, moves, level, tolerance):
    """First the time of each agent, then the mean."""
    return np.mean(
        [
            solutions.fair_time(y[None], m[None], level, tolerance)
            for y, m in zip(objective, moves, strict=True)
        ]
    )


def moves_until_settled(objective, moves, level, tolerance):
    outside = np.abs(objective.mean(axis=0) - level) > tolerance
    if outside[-1]:
        return 1e9
    last = np.flatnonzero(outside)
    return moves.mean(axis=0)[: (last[-1] + 2 if len(last) else 1)].sum()


def moves_to_nine_tenths(objective, moves, level, tolerance):
    start = objective[:, 0].mean()
    return solutions.fair_time(objective, moves, level, (level - start) / 10)


def moves_of_all_agents(objective, moves, level, tolerance):
    found = solutions.fair_time(objective, moves, level, tolerance)
    return found * len(moves) if found < 1e9 else found


def moves_up_to_the_record(objective, moves, level, tolerance):
    reached = objective.mean(axis=0) >= level - tolerance
    return moves.mean(axis=0)[: reached.argmax()].sum() if reached.any() else 1e9


def moves_in_a_band(objective, moves, level, tolerance):
    reached = np.abs(objective.mean(axis=0) - level) <= tolerance
    return moves.mean(axis=0)[: reached.argmax() + 1].sum() if reached.any() else 1e9


def moves_beyond_the_edge(objective, moves, level, tolerance):
    reached = objective.mean(axis=0) > level - tolerance
    return moves.mean(axis=0)[: reached.argmax() + 1].sum() if reached.any() else 1e9


def moves_to_the_level(objective, moves, level, tolerance):
    return solutions.fair_time(objective, moves, level, 0.0)


def moves_to_a_tenth_of_the_level(objective, moves, level, tolerance):
    return solutions.fair_time(objective, moves, 1.1 * level, 0.0)


def moves_to_the_level_of_the_chapter(objective, moves, level, tolerance):
    return solutions.fair_time(objective, moves, -14.0, 1.4)


# 7.7: too small to buy


def gap_against(push, visits):
    return math.sqrt(4 * math.sqrt(math.pi) * push / visits)


def gap_by_search(price, sigma_base, visits):
    sigma = np.linspace(0, sigma_base, 20_001)
    return gap_against((price * sigma * (1 - (sigma / sigma_base) ** 2)).max(), visits)


def gap_by_formula(price, sigma_base, visits):
    return (8 * math.pi**0.5 / 27**0.5 * price * sigma_base / visits) ** 0.5


def gap_squared(price, sigma_base, visits):
    return solutions.critical_gap(price, sigma_base, visits) ** 2


def gap_without_visits(price, sigma_base, visits):
    return solutions.critical_gap(price, sigma_base, 1.0)


def gap_of_visits(price, sigma_base, visits):
    """Takes the pull for proportional to the gap times the visits."""
    return solutions.critical_gap(price, sigma_base, visits**2)


def gap_of_pulling_visits(price, sigma_base, visits):
    return solutions.critical_gap(price, sigma_base, 1 / visits)


def gap_at_half_way(price, sigma_base, visits):
    return gap_against(price * sigma_base * 0.5 * 0.75, visits)


def gap_without_the_base(price, sigma_base, visits):
    return gap_against(price * sigma_base, visits)


def gap_at_six_tenths(price, sigma_base, visits):
    return gap_against(price * sigma_base * 0.6 * 0.64, visits)
