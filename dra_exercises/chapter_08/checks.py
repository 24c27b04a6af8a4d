"""Chapter 8, up the hill: a move of a car with friction, and signal against noise."""

import math

import numpy as np

from dra_exercises.spec import Function, Open, Value, Wrong

# 8.3 ----------------------------------------------------------------------------------------------


def drives(rng):
    """Single moves everywhere, with some at the walls and at the flag."""
    made = []
    for _ in range(30):
        x, v = rng.uniform(-1.2, 0.5), rng.uniform(-0.07, 0.07)
        made.append((float(x), float(v), int(rng.integers(3)), float(rng.uniform(0, 0.1))))
    made += [
        (-1.19, -0.05, 0, 0.01),  # into the wall
        (-1.2, 0.0, 2, 0.0),
        (0.49, 0.05, 2, 0.02),  # to the flag
        (-0.7, 0.0699, 2, 0.0),  # faster than allowed
        (0.2, -0.0699, 0, 0.0),
    ]
    return made


def move(x, v, action, friction):
    """One move of a car whose wheels rub.

    x, v : position and velocity
    action : 0 back, 1 none, 2 forward
    friction : share of its velocity that the car loses in a move

    The engine adds 0.001 forward or back, gravity adds -0.0025 cos(3 x), friction takes its share
    of the old velocity; the velocity is then clipped to [-0.07, 0.07]. The new velocity moves the
    car, and the position is clipped to [-1.2, 0.6]. A car that stands at the left end and still
    moves left has velocity 0. The flag is at 0.5.

    Returns (x, v, reached): the new position and velocity, and 1.0 at or beyond the flag, else 0.0.
    """
    v = v + 0.001 * (action - 1) - 0.0025 * math.cos(3 * x) - friction * v
    v = min(max(v, -0.07), 0.07)
    x = min(max(x + v, -1.2), 0.6)
    if x == -1.2 and v < 0:
        v = 0.0
    return x, v, 1.0 if x >= 0.5 else 0.0


def move_by_arrays(x, v, action, friction):
    push = np.array([-0.001, 0.0, 0.001])[action]
    new = np.clip((1 - friction) * v + push - 0.0025 * np.cos(3 * x), -0.07, 0.07)
    place = np.clip(x + new, -1.2, 0.6)
    return np.array([place, 0.0 if place <= -1.2 else new, place >= 0.5], float)


def move_in_steps(x, v, action, friction):
    gained = [0.001 * (action - 1), -0.0025 * math.cos(3 * x), -friction * v]
    v = sorted([-0.07, v + sum(gained), 0.07])[1]
    x = sorted([-1.2, x + v, 0.6])[1]
    return [x, max(v, 0.0) if x == -1.2 else v, float(x >= 0.5)]


def move_by_the_old_velocity(x, v, action, friction):
    new = v + 0.001 * (action - 1) - 0.0025 * math.cos(3 * x) - friction * v
    new = min(max(new, -0.07), 0.07)
    x = min(max(x + v, -1.2), 0.6)
    return x, (0.0 if x == -1.2 and new < 0 else new), float(x >= 0.5)


def move_through_the_wall(x, v, action, friction):
    v = v + 0.001 * (action - 1) - 0.0025 * math.cos(3 * x) - friction * v
    v = min(max(v, -0.07), 0.07)
    x = min(max(x + v, -1.2), 0.6)
    return x, v, float(x >= 0.5)


def move_without_the_limit(x, v, action, friction):
    v = v + 0.001 * (action - 1) - 0.0025 * math.cos(3 * x) - friction * v
    x = min(max(x + v, -1.2), 0.6)
    return x, (0.0 if x == -1.2 and v < 0 else v), float(x >= 0.5)


def move_with_the_action_as_it_is(x, v, action, friction):
    return move(x, v, action + 1, friction)


def move_on_smooth_wheels(x, v, action, friction):
    return move(x, v, action, 0.0)


def move_with_late_friction(x, v, action, friction):
    v = v + 0.001 * (action - 1) - 0.0025 * math.cos(3 * x)
    v = min(max((1 - friction) * v, -0.07), 0.07)
    x = min(max(x + v, -1.2), 0.6)
    return x, (0.0 if x == -1.2 and v < 0 else v), float(x >= 0.5)


# 8.4 ----------------------------------------------------------------------------------------------


def estimates(rng):
    made = []
    for n, d, size in ((4, 1, 1.0), (10, 3, 0.2), (50, 4, 2.0)):
        signal, noise = rng.normal(0, size, d), rng.uniform(0.2, 3, d)
        made.append((signal + noise * rng.normal(size=(n, d)),))
    return made


def signal_and_noise(samples):
    """How loud the signal of a gradient is, and how large the noise of one estimate.

    samples : (n, d) independent estimates of the same gradient of d entries; n is even

    Returns (signal, noise). signal estimates the squared length of the true gradient without bias:
    the inner product of the mean of the first half of the samples with that of the second half.
    noise is the total variance of one estimate: the variances of the entries (with n - 1), added.
    """
    half = len(samples) // 2
    first, second = samples[:half].mean(axis=0), samples[half:].mean(axis=0)
    return first @ second, samples.var(axis=0, ddof=1).sum()


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
    signal, noise = signal_and_noise(samples)
    return signal, noise / len(samples)


def noise_averaged(samples):
    signal, noise = signal_and_noise(samples)
    return signal, noise / samples.shape[1] if samples.shape[1] > 1 else 1.001 * noise


def length_and_deviation(samples):
    signal, noise = signal_and_noise(samples)
    return math.sqrt(max(signal, 0)), math.sqrt(noise)


def noise_with_n(samples):
    return signal_and_noise(samples)[0], samples.var(axis=0).sum()


# 8.7 ----------------------------------------------------------------------------------------------


def moments(rng):
    return [
        (float(a), float(b))
        for a, b in zip(rng.normal(0, 50, 5), rng.uniform(1, 30, 5), strict=True)
    ]


def best_constant(mixed, square):
    """The constant c that makes the variance of an estimate with credit A + c least.

    mixed : mean of the inner product of the estimate with credit A and the summed scores S
    square : mean squared length of S

    Returns c.
    """
    return -mixed / square


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


def episodes_to_the_cap():
    return 1000 * math.log(10) / math.log(1.5)


EXERCISES = {
    "8.1": Value(
        lambda: [episodes_to_the_cap(), 100 * (1.5 ** (1 / 1000) - 1)],
        wrong=(
            Wrong(
                lambda: [1000 * 10 / 1.5, 100 * (1.5 ** (1 / 1000) - 1)],
                "divides where a logarithm belongs",
                "The growth is right. The schedule is a power: which n solves 1.5^(n/1000) = 10?",
            ),
            Wrong(
                lambda: [episodes_to_the_cap(), 0.05],
                "spreads 50 per cent evenly",
                "The episode is right. 50 per cent in a thousand steps that multiply each other: "
                "a little less than 0.05 per cent each.",
            ),
            Wrong(
                lambda: [episodes_to_the_cap(), 1.5 ** (1 / 1000)],
                "gives the factor instead of the growth",
                "The episode is right. Give what is added, in per cent.",
            ),
        ),
    ),
    "8.2": Value(
        lambda: 2 * (4 * 20 / 5) ** 2,
        unit="agents",
        wrong=(
            Wrong(
                256.0,
                "forgets that both means are uncertain",
                "That would do if one of the two were known. Both groups have an error.",
            ),
            Wrong(
                32.0,
                "asks for one standard error",
                "That makes the difference as large as its standard error times one. Four are "
                "wanted.",
            ),
            Wrong(
                22.63,
                "forgets the square",
                "The error falls with the root of the number.",
            ),
        ),
    ),
    "8.3": Function(
        move,
        drives,
        probe=lambda answer, *case: np.array(answer(*case), float),
        atol=1e-12,
        right=(move_by_arrays, move_in_steps),
        near=(move_with_late_friction,),
        wrong=(
            Wrong(
                move_by_the_old_velocity,
                "moves the car by the old velocity",
                "The velocity is right. The new velocity moves the car, not the old one.",
            ),
            Wrong(
                move_through_the_wall,
                "keeps the velocity at the left end",
                "Right everywhere but at the left end: a car that has hit the wall stands still.",
            ),
            Wrong(
                move_without_the_limit,
                "does not limit the speed",
                "Right for slow cars. A fast one exceeds the limit: what is clipped, and when?",
            ),
            Wrong(
                move_with_the_action_as_it_is,
                "takes the number of the action for its force",
                "Your engine pushes forward when it should rest. Action 1 is no push.",
            ),
            Wrong(
                move_on_smooth_wheels,
                "forgets the friction",
                "That is the car of the chapter, without friction.",
            ),
        ),
    ),
    "8.4": Function(
        signal_and_noise,
        estimates,
        probe=lambda answer, *case: np.array(answer(*case), float),
        right=(signal_by_sums, signal_by_covariance),
        near=(noise_with_n,),
        wrong=(
            Wrong(
                signal_of_one_mean,
                "squares one noisy mean",
                "The noise is right. The square of a noisy mean contains the square of its noise: "
                "it is too large, even for a signal of zero.",
            ),
            Wrong(
                noise_of_the_mean,
                "gives the variance of the mean",
                "The signal is right. The noise asked for is that of one estimate, not of the mean "
                "of all.",
            ),
            Wrong(
                noise_averaged,
                "averages over entries",
                "The signal is right. The total variance adds the entries up.",
            ),
            Wrong(
                length_and_deviation,
                "takes roots",
                "Both are roots of what is asked for.",
            ),
        ),
    ),
    "8.5": Open(
        (
            "Predicts both cost and reward before training.",
            "Finds that the cost collapses and the reward does not rise.",
            "Says why: the baseline takes the noise away and has no signal to add.",
        )
    ),
    "8.6": Open(
        (
            "Predicts from signal and noise, not from the verdict of another chapter.",
            "States what one trajectory loses in reward and saves in moves, with an error.",
        )
    ),
    "8.7": Function(
        best_constant,
        moments,
        formula=True,
        right=(best_constant_by_parabola, best_constant_by_steps),
        near=(constant_halved,),
        wrong=(
            Wrong(
                constant_uphill,
                "finds the point on the other side",
                "Right size, wrong sign: set the derivative of the parabola to zero again.",
            ),
            Wrong(
                constant_without_two,
                "loses a factor of two",
                "The mixed term has a factor 2, and so has the derivative of the square.",
            ),
            Wrong(
                no_constant,
                "believes that the advantage is best already",
                "Only if the two are uncorrelated. In general the best constant is not zero.",
            ),
            Wrong(
                constant_of_lengths,
                "divides by a length",
                "Divide by the squared length, not by the length.",
            ),
        ),
    ),
    "8.8": Open(
        (
            "Says how both signals are estimated while the agent learns.",
            "Weights or switches by signal against noise, with a baseline for R.",
            "Says what would show that the change was worth the trouble.",
        )
    ),
}
