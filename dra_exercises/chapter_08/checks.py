"""How the answers of chapter 8 are judged: a move of a car, and signal against noise."""

import math

from dra_exercises.chapter_08 import experiments, others, solutions
from dra_exercises.spec import Function, Open, Several, Value, Wrong

EXERCISES = {
    "8.1": Value(
        solutions.episodes_to_the_cap,
        rtol=0.02,
        wrong=(
            Wrong(
                lambda: [1000 * 10 / 1.5, solutions.episodes_to_the_cap()[1]],
                "divides where a logarithm belongs",
                "The growth is right. The episode stands in an exponent: how does one get it down?",
            ),
            Wrong(
                lambda: [solutions.episodes_to_the_cap()[0], 50 / 1000],
                "spreads 50 per cent evenly",
                "The episode is right. The thousand steps multiply each other, so each adds less "
                "than an even share of the 50 per cent.",
            ),
            Wrong(
                lambda: [solutions.episodes_to_the_cap()[0], 1.5 ** (1 / 1000)],
                "gives the factor instead of the growth",
                "The episode is right. Give what is added, in per cent.",
            ),
        ),
    ),
    "8.2": Value(
        solutions.agents_needed,
        unit="agents",
        wrong=(
            Wrong(
                lambda: solutions.agents_needed() / 2,
                "forgets that both means are uncertain",
                "That would do if one of the two were known. Both groups have an error.",
            ),
            Wrong(
                lambda: solutions.agents_needed(errors=1.0),
                "asks for one standard error",
                "With so many the difference is as large as its standard error. Four are wanted.",
            ),
            Wrong(
                lambda: math.sqrt(solutions.agents_needed()),
                "forgets the square",
                "The error falls with the root of the number.",
            ),
        ),
    ),
    "8.3": Function(
        solutions.move,
        solutions.drives,
        probe=Several("x", "v", "reached"),
        rtol=1e-9,
        atol=1e-12,
        right=(others.move_by_arrays, others.move_in_steps),
        near=(others.move_clipped_before_friction, others.move_with_mixed_friction),
        wrong=(
            Wrong(
                others.move_by_the_old_velocity,
                "moves the car by the old velocity",
                "The velocity is right. The new velocity moves the car, not the old one.",
            ),
            Wrong(
                others.move_through_the_wall,
                "keeps the velocity at the left end",
                "Right everywhere but at the left end: a car that has hit the wall stands still.",
            ),
            Wrong(
                others.move_without_the_limit,
                "does not limit the speed",
                "Right for slow cars. A fast one exceeds the limit: what is clipped, and when?",
            ),
            Wrong(
                others.move_with_the_action_as_it_is,
                "takes the number of the action for its force",
                "Your engine pushes forward when it should rest. Action 1 is no push.",
            ),
            Wrong(
                others.move_on_smooth_wheels,
                "forgets the friction",
                "That is the car of the chapter, without friction.",
            ),
            Wrong(
                others.move_with_the_wind,
                "lets friction push",
                "Your wheels push the car on: friction takes from the velocity, whatever its sign.",
            ),
            Wrong(
                others.move_with_late_friction,
                "lets friction take from the new velocity",
                "Your friction takes its share of the velocity after engine and gravity. The share "
                "is that of the old one.",
            ),
            Wrong(
                others.move_with_what_is_lost,
                "keeps the share that is lost",
                "You keep friction times the velocity. That is the share that the car loses: what "
                "is left?",
            ),
            Wrong(
                others.move_with_a_brake,
                "takes friction for a velocity",
                "You take the same from every velocity. Friction is a share of it: a car at rest "
                "loses nothing.",
            ),
            Wrong(
                others.flag_on_the_way_back,
                "counts a car at the flag that rolls back",
                "Place and velocity are right. Beyond the flag is not enough: a car that rolls "
                "back has not reached it.",
            ),
            Wrong(
                others.move_against_the_wall,
                "stops every car at the left end",
                "Right but for a car at the right end. Only the left end is a wall that stops it.",
            ),
        ),
    ),
    "8.4": Function(
        solutions.signal_and_noise,
        solutions.estimates,
        probe=Several("signal", "noise"),
        right=(others.signal_by_sums, others.signal_by_covariance),
        near=(others.signal_of_odd_and_even,),
        wrong=(
            Wrong(
                others.signal_of_one_mean,
                "squares one noisy mean",
                "The noise is right. The square of a noisy mean contains the square of its noise: "
                "it is too large, even for a signal of zero.",
            ),
            Wrong(
                others.noise_of_the_mean,
                "gives the variance of the mean",
                "The signal is right. The noise asked for is that of one estimate, not of the mean "
                "of all.",
            ),
            Wrong(
                others.noise_averaged,
                "averages over entries",
                "The signal is right. The total variance adds the entries up.",
            ),
            Wrong(
                others.noise_of_the_sum,
                "adds the entries before the variances",
                "The signal is right. That is the variance of a sum, in which errors of several "
                "entries cancel or add. Take the variance of each entry first.",
            ),
            Wrong(
                others.length_and_deviation,
                "takes roots",
                "Both are roots of what is asked for: a length in place of a square, a deviation "
                "in place of a variance.",
            ),
            Wrong(
                others.noise_with_n,
                "divides by n",
                "The signal is right. The variance is divided by n - 1: the mean was taken from "
                "the same estimates.",
            ),
            Wrong(
                others.signal_above_zero,
                "sets a negative signal to zero",
                "The noise is right. You cut off what is negative: then the mean over many tables "
                "is too large. An estimate without bias is below zero now and then.",
            ),
            Wrong(
                others.noise_and_signal,
                "returns the noise first",
                "Both are right, in the wrong order: the signal comes first.",
            ),
            Wrong(
                others.signal_of_lengths,
                "multiplies the lengths of the means",
                "The noise is right. You multiplied the lengths of the two means, so errors cannot "
                "cancel. Multiply entry by entry, and add up.",
            ),
        ),
    ),
    "8.5": experiments.WITH_BASELINE,
    "8.6": experiments.WITH_FEWER,
    "8.7": Function(
        solutions.best_constant,
        solutions.moments,
        formula=True,
        right=(others.best_constant_by_parabola, others.best_constant_by_steps),
        near=(others.constant_halved,),
        wrong=(
            Wrong(
                others.constant_uphill,
                "finds the point on the other side",
                "Right size, wrong sign: there the variance is larger than without a constant.",
            ),
            Wrong(
                others.constant_without_two,
                "loses a factor of two",
                "The mixed term of the parabola has a factor 2. What does the derivative of the "
                "square bring?",
            ),
            Wrong(
                others.no_constant,
                "believes that the advantage is best already",
                "Only if the two are uncorrelated. In general the best constant is not zero.",
            ),
            Wrong(
                others.constant_of_lengths,
                "divides by a length",
                "Check the units: c is a reward, and yours still contains a score.",
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
