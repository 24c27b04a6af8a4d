"""Other answers to chapter 8: right ones, typical wrong ones, and near misses."""

import math

import numpy as np

from dra_exercises.chapter_08 import solutions

# 8.3: a move of one's own


def move_by_arrays(x, v, action, friction):
    push = np.array([-0.001, 0.0, 0.001])[action]
    new = np.clip((1 - friction) * v + push - 0.0025 * np.cos(3 * x), -0.07, 0.07)
    place = np.clip(x + new, -1.2, 0.6)
    return np.array([place, 0.0 if place <= -1.2 else new, place >= 0.5 and new >= 0], float)


def move_in_steps(x, v, action, friction):
    gained = [0.001 * (action - 1), -0.0025 * math.cos(3 * x), -friction * v]
    v = sorted([-0.07, v + sum(gained), 0.07])[1]
    x = sorted([-1.2, x + v, 0.6])[1]
    return [x, max(v, 0.0) if x == -1.2 else v, float(x >= 0.5 and v >= 0)]


def move_by_the_old_velocity(x, v, action, friction):
    new = v + 0.001 * (action - 1) - 0.0025 * math.cos(3 * x) - friction * v
    new = min(max(new, -0.07), 0.07)
    x = min(max(x + v, -1.2), 0.6)
    return x, (0.0 if x == -1.2 and new < 0 else new), float(x >= 0.5 and new >= 0)


def move_through_the_wall(x, v, action, friction):
    v = v + 0.001 * (action - 1) - 0.0025 * math.cos(3 * x) - friction * v
    v = min(max(v, -0.07), 0.07)
    x = min(max(x + v, -1.2), 0.6)
    return x, v, float(x >= 0.5 and v >= 0)


def move_without_the_limit(x, v, action, friction):
    v = v + 0.001 * (action - 1) - 0.0025 * math.cos(3 * x) - friction * v
    x = min(max(x + v, -1.2), 0.6)
    return x, (0.0 if x == -1.2 and v < 0 else v), float(x >= 0.5 and v >= 0)


def move_with_the_action_as_it_is(x, v, action, friction):
    return solutions.move(x, v, action + 1, friction)


def move_on_smooth_wheels(x, v, action, friction):
    return solutions.move(x, v, action, 0.0)


def move_with_the_wind(x, v, action, friction):
    """Friction that takes from the speed of both directions alike, with the wrong sign."""
    return solutions.move(x, v, action, -friction)


def flag_on_the_way_back(x, v, action, friction):
    x, v, _ = solutions.move(x, v, action, friction)
    return x, v, float(x >= 0.5)


def move_with_late_friction(x, v, action, friction):
    v = v + 0.001 * (action - 1) - 0.0025 * math.cos(3 * x)
    v = min(max((1 - friction) * v, -0.07), 0.07)
    x = min(max(x + v, -1.2), 0.6)
    return x, (0.0 if x == -1.2 and v < 0 else v), float(x >= 0.5 and v >= 0)


def move_with_what_is_lost(x, v, action, friction):
    return solutions.move(x, v, action, 1 - friction)


def move_with_a_brake(x, v, action, friction):
    v = v + 0.001 * (action - 1) - 0.0025 * math.cos(3 * x) - friction
    v = min(max(v, -0.07), 0.07)
    x = min(max(x + v, -1.2), 0.6)
    return x, (0.0 if x == -1.2 and v < 0 else v), float(x >= 0.5 and v >= 0)


def move_against_the_wall(x, v, action, friction):
    x, v, reached = solutions.move(x, v, action, friction)
    return x, (0.0 if x in (-1.2, 0.6) else v), reached


def move_clipped_before_friction(x, v, action, friction):
    new = min(max(v + 0.001 * (action - 1) - 0.0025 * math.cos(3 * x), -0.07), 0.07)
    new -= friction * v
    x = min(max(x + new, -1.2), 0.6)
    return x, (0.0 if x == -1.2 and new < 0 else new), float(x >= 0.5 and new >= 0)


def move_with_mixed_friction(x, v, action, friction):
    """Friction that takes from the mean of the old and the new velocity."""
    gained = 0.001 * (action - 1) - 0.0025 * math.cos(3 * x)
    return solutions.move(x, v - friction * gained / 2, action, friction)


# 8.4: signal and noise


def signal_by_sums(samples):
    n, d = samples.shape
    halves = [samples[k * n // 2 : (k + 1) * n // 2] for k in (0, 1)]
    means = [[sum(x[:, i]) / len(x) for i in range(d)] for x in halves]
    centre = samples.mean(axis=0)
    spread = sum((float(x) - centre[i]) ** 2 for row in samples for i, x in enumerate(row))
    return sum(a * b for a, b in zip(*means, strict=True)), spread / (n - 1)


def signal_by_covariance(samples):
    pair = samples.reshape(2, len(samples) // 2, -1).mean(axis=1)
    return np.array([np.dot(*pair), np.trace(np.atleast_2d(np.cov(samples.T)))])


def signal_of_one_mean(samples):
    return (samples.mean(axis=0) ** 2).sum(), samples.var(axis=0, ddof=1).sum()


def noise_of_the_mean(samples):
    signal, noise = solutions.signal_and_noise(samples)
    return signal, noise / len(samples)


def noise_averaged(samples):
    signal, noise = solutions.signal_and_noise(samples)
    return signal, noise / samples.shape[1]


def noise_of_the_sum(samples):
    """The variance of the sum of the entries."""
    return solutions.signal_and_noise(samples)[0], samples.sum(axis=1).var(ddof=1)


def length_and_deviation(samples):
    signal, noise = solutions.signal_and_noise(samples)
    with np.errstate(invalid="ignore"):  # an estimate of a square may be negative
        return np.sqrt(signal), np.sqrt(noise)


def noise_with_n(samples):
    return solutions.signal_and_noise(samples)[0], samples.var(axis=0).sum()


def signal_above_zero(samples):
    signal, noise = solutions.signal_and_noise(samples)
    return max(signal, 0.0), noise


def noise_and_signal(samples):
    return solutions.signal_and_noise(samples)[::-1]


def signal_of_lengths(samples):
    half = len(samples) // 2
    lengths = [np.linalg.norm(part.mean(axis=0)) for part in (samples[:half], samples[half:])]
    return math.prod(lengths), samples.var(axis=0, ddof=1).sum()


def signal_of_odd_and_even(samples):
    """Unbiased as well, but not what is asked for."""
    odd, even = samples[::2].mean(axis=0), samples[1::2].mean(axis=0)
    return odd @ even, samples.var(axis=0, ddof=1).sum()


# 8.6: one trajectory


def fewer_by_lengths(signal, noise, many, few):
    one = noise * many**0.5  # of a single trajectory
    before, after = (np.hypot(signal, one / n**0.5) for n in (many, few))
    return one / few**0.5 / signal, after / before, (few + 1) / (many + 1)


def fewer_by_ratios(signal, noise, many, few):
    x, y = (noise / signal) ** 2, (noise / signal) ** 2 * many / few
    return np.array([y**0.5, ((1 + y) / (1 + x)) ** 0.5, (1 + few) / (1 + many)])


def with_noise_times(factor, signal, noise, many, few):
    kick = math.hypot(signal, factor * noise) / math.hypot(signal, noise)
    return factor * noise / signal, kick, (1 + few) / (1 + many)


def fewer_without_root(signal, noise, many, few):
    return with_noise_times(many / few, signal, noise, many, few)


def fewer_is_quieter(signal, noise, many, few):
    return with_noise_times(math.sqrt(few / many), signal, noise, many, few)


def fewer_by_all_episodes(signal, noise, many, few):
    """As if the trial that is acted made the gradient quieter too."""
    return with_noise_times(math.sqrt((1 + many) / (1 + few)), signal, noise, many, few)


def noise_of_a_single_one(signal, noise, many, few):
    return solutions.with_fewer(signal, noise / math.sqrt(many), many, few)


def fewer_without_acting(signal, noise, many, few):
    return (*solutions.with_fewer(signal, noise, many, few)[:2], few / many)


def kick_of_noise(signal, noise, many, few):
    loud, _, moves = solutions.with_fewer(signal, noise, many, few)
    return loud, math.sqrt(many / few), moves


def kick_of_lengths(signal, noise, many, few):
    loud, _, moves = solutions.with_fewer(signal, noise, many, few)
    return loud, (1 + loud) / (1 + noise / signal), moves


def kick_itself(signal, noise, many, few):
    loud, _, moves = solutions.with_fewer(signal, noise, many, few)
    return loud, signal * math.hypot(1, loud), moves


def signal_over_noise(signal, noise, many, few):
    loud, *rest = solutions.with_fewer(signal, noise, many, few)
    return 1 / loud, *rest


def kick_squared(signal, noise, many, few):
    loud, kick, moves = solutions.with_fewer(signal, noise, many, few)
    return loud, kick**2, moves


def noise_alone(signal, noise, many, few):
    loud, *rest = solutions.with_fewer(signal, noise, many, few)
    return loud * signal, *rest


def factor_of_noise(signal, noise, many, few):
    return math.sqrt(many / few), *solutions.with_fewer(signal, noise, many, few)[1:]


def moves_saved(signal, noise, many, few):
    loud, kick, moves = solutions.with_fewer(signal, noise, many, few)
    return loud, kick, 1 - moves


# 8.7: the parabola


def best_constant_by_parabola(mixed, square):
    at = [2 * c * mixed + c**2 * square for c in (-1.0, 0.0, 1.0)]
    return (at[0] - at[2]) / (2 * (at[0] - 2 * at[1] + at[2]))


def best_constant_by_steps(mixed, square):
    c = 0.0
    for _ in range(200):
        c -= (mixed + c * square) / (2 * square)
    return c


def constant_uphill(mixed, square):
    return mixed / square


def constant_without_two(mixed, square):
    return -2 * mixed / square


def no_constant(mixed, square):
    return 0.0 * mixed


def constant_of_lengths(mixed, square):
    return -mixed / math.sqrt(square)


def constant_halved(mixed, square):
    return -mixed / (2 * square)
