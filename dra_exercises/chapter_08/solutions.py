"""The reference answers of chapter 8, and the cases that answers are tried on."""

import math

import numpy as np

import dra

# 8.1 and 8.2: a schedule, and a number of agents


def episodes_to_the_cap():
    """[episode at which the cap is reached, growth from one episode to the next in per cent]"""
    return [1000 * math.log(10) / math.log(1.5), 100 * (1.5 ** (1 / 1000) - 1)]


def agents_needed(errors=4.0, deviation=20.0, difference=5.0):
    """Agents of each kind for a difference of so many standard errors."""
    return 2 * (errors * deviation / difference) ** 2


# 8.3: a move of one's own


def drives(rng):
    """Single moves everywhere, with some at both ends, at the flag and at the limit of speed."""
    made = []
    for _ in range(30):
        x, v = rng.uniform(-1.2, 0.5), rng.uniform(-0.07, 0.07)
        made.append((float(x), float(v), int(rng.integers(3)), float(rng.uniform(0, 0.1))))
    return made + [
        (-1.19, -0.05, 0, 0.01),  # into the wall
        (-1.2, 0.0, 2, 0.0),  # away from it
        (0.49, 0.05, 2, 0.02),  # past the flag
        (0.52, -0.005, 0, 0.01),  # beyond the flag, but on its way back
        (0.58, 0.06, 2, 0.0),  # to the right end
        (-0.7, 0.0699, 2, 0.0),  # faster than allowed
        (0.2, -0.0699, 0, 0.02),  # though it rubs
    ]


def move(x, v, action, friction):
    """One move of a car whose wheels rub.

    x, v : position, and velocity per move
    action : 0 pushes back, 1 coasts, 2 pushes forward
    friction : share of its velocity that the car loses in a move

    The new velocity is the old one, changed by the engine (0.001 forward or back), by gravity
    (-0.0025 cos(3 x)), and by friction (its share of the old velocity), and clipped to
    [-0.07, 0.07]. It moves the car; the position is clipped to [-1.2, 0.6]. A car at the left end
    that still moves left has velocity 0.

    Returns (x, v, reached): the new position and velocity, and 1.0 if the car is at 0.5 or beyond
    and does not move left, else 0.0.
    """
    v = v + 0.001 * (action - 1) - 0.0025 * math.cos(3 * x) - friction * v
    v = min(max(v, -0.07), 0.07)
    x = min(max(x + v, -1.2), 0.6)
    if x == -1.2 and v < 0:
        v = 0.0
    return x, v, float(x >= 0.5 and v >= 0)


# 8.4: signal and noise


def estimates(rng):
    """Tables of 2 to 50 estimates of 1 to 4 entries; one that puts the signal below zero."""
    made = []
    for n, d, size in ((2, 3, 1.0), (4, 1, 1.0), (10, 3, 0.2), (50, 4, 2.0)):
        signal, noise = rng.normal(0, size, d), rng.uniform(0.2, 3, d)
        made.append((signal + noise * rng.normal(size=(n, d)),))
    quiet = rng.normal(size=(6, 2))  # its two means are opposite: an estimate below zero
    quiet[3:] -= quiet.mean(axis=0) * 2
    return [*made, (quiet,)]


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


# 8.5: a baseline


def cars(rng):
    """Memories that find no flag, or swing up and find it now and then; several baselines."""
    task = dra.tasks.mountain_car()
    forward = (np.arange(285) % 15 >= 7)[:, None]  # the car does not roll back
    swing = np.where(forward, [-5.0, -2.0, 0.0], [0.0, -2.0, -5.0])
    made = []
    for size, beta, baseline in ((0.0, 1.0, -200.0), (1.0, 2.0, -200.0), (1.0, 2.0, -150.0)):
        q = size * swing + rng.uniform(-1, 1, (285, 3)) / 2
        memory = dra.Memory(q, rng.uniform(0.4, 0.8, (285, 3)), 5.0)
        seed = rng.integers(1000, size=2).tolist()
        made.append((task, memory, beta, seed, baseline + rng.uniform(-1, 1)))
    return [*made, (*made[1][:4], 0.0)]


def gradient_with_baseline(task, memory, beta, seed, baseline):
    """The gradient estimate of ten trajectories with credit R - baseline.

    task : the mountain car, dra.tasks.mountain_car()
    memory : dra.Memory of the car, with q, sigma of shape (285, 3)
    beta : inverse temperature
    seed : with which the ten trajectories are drawn, anything that rng of dra.gradient.estimate is
    baseline : what is subtracted from the return R of each trajectory [reward]

    Returns an array (285, 3). With baseline 0 it is dra.gradient.estimate with the credit "return".
    """

    def estimate(memory, credit):
        return dra.gradient.estimate(task, memory, beta=beta, rng=seed, credit=credit)

    # all means up by 1: the same choices, and each credit "q" is 1 more
    up = dra.Memory(memory.q + 1, memory.sigma, memory.sigma_base)
    score = estimate(up, "q") - estimate(memory, "q")
    return estimate(memory, "return") - baseline * score


# 8.6: one trajectory


def bargains(rng):
    """(signal, noise, many, few): quiet and loud, from few and from many trajectories."""
    made = []
    for many, few in ((10, 1), (10, 3), (40, 4), (25, 20), (5, 2)):
        made.append((float(rng.uniform(0.5, 4)), float(rng.uniform(0.3, 9)), many, few))
    return [*made, (2.0, 90.0, 10, 1)]


def with_fewer(signal, noise, many, few):
    """What fewer trajectories in a trial do to an agent.

    signal : length of the true gradient
    noise : root of the total variance of an estimate from `many` trajectories, in the same unit
    many, few : numbers of trajectories, before and after

    Returns (loudness, kick, moves): noise over signal with `few`; by which factor the kick of the
    chapter grows; and the moves of a trial as a share of those before. The trial in which the agent
    acts and learns its values counts too, and all trajectories are equally long.
    """
    more = noise**2 * many / few
    kick = math.sqrt((signal**2 + more) / (signal**2 + noise**2))
    return math.sqrt(more) / signal, kick, (1 + few) / (1 + many)


# 8.7: the parabola


def moments(rng):
    """(mixed, square): of either sign, of credits that need no constant, and of loud scores."""
    pairs = zip(rng.normal(0, 50, 5), rng.uniform(1, 30, 5), strict=True)
    return [*((float(a), float(b)) for a, b in pairs), (0.0, 3.0), (2.0, 400.0)]


def best_constant(mixed, square):
    """The constant c at which an estimate with credit A + c has the least variance.

    mixed : mean of the inner product of the estimate with credit A and the summed scores S
    square : mean squared length of S

    Returns c [reward].
    """
    return -mixed / square
