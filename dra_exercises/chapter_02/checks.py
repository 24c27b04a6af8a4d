"""How the answers of chapter 2 are judged: recall, choice, and its exact probabilities."""

import math

import numpy as np

from dra_exercises.chapter_02 import others, solutions
from dra_exercises.spec import Function, Open, Value, Wrong

EXERCISES = {
    "2.1": Value(
        solutions.by_hand,
        wrong=(
            Wrong(
                lambda: others.with_noise(lambda a, b: a + b),
                "adds the standard deviations",
                "You divided by the sum of the two standard deviations. Independent noises "
                "partly cancel, so it is another quantity that adds. Look at the difference D.",
            ),
            Wrong(
                lambda: others.with_noise(lambda a, b: math.hypot(a, b) / math.sqrt(2)),
                "the other convention of d'",
                "Your d' is the square root of 2 times ours: you averaged the two variances. "
                "That convention is common, but then the probability of the better action is no "
                "longer the normal distribution function at d'.",
            ),
            Wrong(
                lambda: others.with_noise(lambda a, b: a * a + b * b),
                "divides by the variance",
                "You divided by a variance, which has the unit of reward squared. d' has no unit.",
            ),
            Wrong(
                lambda: others.with_noise(lambda a, b: math.sqrt(a + b)),
                "takes sigma for a variance",
                "You added the two sigmas as if they were variances. What is squared, what not?",
            ),
            Wrong(
                lambda: solutions.by_hand()[[0, 1, 3, 2]],
                "the two halvings exchanged",
                "The last two numbers are exchanged: halving the first sigma comes first.",
            ),
        ),
    ),
    "2.2": Value(
        solutions.wild,
        wrong=(
            Wrong(
                lambda: np.array([0.25, 0.25]),
                "all that is blurred becomes uniform",
                "Choices become uniform if all memories blur together. Here only one does, and "
                "the other three keep their differences.",
            ),
            Wrong(
                lambda: np.array([0.25, 0.75 * solutions.best_of_three()]),
                "a blurred action gets its equal share",
                "Why one in four? Ask where a draw of the wild memory falls compared with all "
                "three others, when its spread is a thousand times theirs.",
            ),
            Wrong(
                lambda: np.array([0.0, solutions.best_of_three()]),
                "the worst mean never wins",
                "Its mean is the lowest, but next to a boundless sigma a mean of -1 is nothing.",
            ),
            Wrong(
                lambda: np.array([1.0, 0.0]),
                "the loudest always wins",
                "Its draw is far from the others, but in which direction?",
            ),
            Wrong(
                lambda: np.array([0.5, 1 / 6]),
                "the others share evenly",
                "The first number is right. When the wild draw falls far below, it plays no part: "
                "with which probability is the best chosen then?",
            ),
            Wrong(
                lambda: np.array([0.5, solutions.best_of_three()]),
                "does not take away what the newcomer wins",
                "The first number is right, but the second is what the best has without the "
                "newcomer. All four probabilities have to sum to 1.",
            ),
        ),
    ),
    "2.3": Function(
        solutions.soft_choice,
        solutions.states_to_choose_in,
        wrong=(
            Wrong(
                others.means_only,
                "chooses from the means",
                "Your choices do not depend on sigma. The agent cannot read a mean: each look is a "
                "draw. This is the softmax of the means, of the section Where it breaks.",
            ),
            Wrong(
                others.means_after_looking,
                "draws, and then chooses from the means",
                "You draw the noise, but it does not reach the scores.",
            ),
            Wrong(
                others.largest_draw,
                "takes the largest draw",
                "This is the greedy choice, the limit of a large beta. At a finite beta a smaller "
                "draw sometimes wins, which the last draw, the uniform one, decides.",
            ),
            Wrong(
                others.largest_draw_then_uniform,
                "takes the largest draw",
                "This is the greedy choice: your uniform number decides nothing.",
            ),
            Wrong(
                others.one_zeta,
                "one noise for all actions",
                "All your actions share one noise. Each memory is looked at on its own.",
            ),
            Wrong(
                others.variance_as_spread,
                "takes the variance for the spread",
                "Your draws have a standard deviation of sigma squared.",
            ),
            Wrong(
                others.noise_outside_beta,
                "adds the noise after beta",
                "Your noise is not multiplied by beta, so it has no unit of reward. What the agent "
                "sees, mean and noise together, goes through the softmax.",
            ),
            Wrong(
                others.overflowing,
                "lets exp overflow",
                "With moderate scores this is right. In the thousands exp is infinite, or all are "
                "0, and the probabilities are not numbers. Softmax does not change if all scores "
                "are shifted alike.",
            ),
        ),
        right=(others.soft_choice_looped, others.soft_choice_by_numpy),
        near=(others.sigma_off, others.uniform_first),
        probe=solutions.many_choices,
    ),
    "2.4": Function(
        solutions.greedy_probabilities,
        solutions.states_to_integrate,
        wrong=(
            Wrong(
                others.duels,
                "multiplies duels",
                "You multiply the probabilities of beating each rival alone. With two actions that "
                "is right. With three, the duels are not independent: the same draw of the winner "
                "stands in all of them. Your numbers do not sum to 1 either.",
            ),
            Wrong(
                others.duels_scaled,
                "multiplies duels, and divides by the sum",
                "You multiply duels and rescale. Now the sum is 1, but that proves nothing: the "
                "duels share the winner's draw, so they are not independent.",
            ),
            Wrong(
                others.own_mean_exact,
                "takes the winner's memory for exact",
                "You let each action win with its mean instead of with a draw. Its own blur is "
                "missing: that is what makes it lucky.",
            ),
            Wrong(
                others.best_rival_only,
                "looks at one rival",
                "You compare each action with one rival only. The winner has to beat all.",
            ),
            Wrong(
                others.own_included,
                "competes with itself",
                "Your product runs over all actions, the winner included. Over which does it run "
                "in the chapter's integral?",
            ),
        ),
        right=(others.on_a_common_grid, others.exact_greedy),
        near=(others.first_rival_twice, others.narrow_grid),
        expected=others.exact_greedy,
        rtol=0.0,
        atol=1e-4,
    ),
    "2.5": Function(
        solutions.centre,
        solutions.pairs_of_memories,
        wrong=(
            Wrong(
                others.halfway,
                "halfway between the means",
                "That is the centre only if both densities are equally wide. A sharp density pulls "
                "harder: it is nearly 0 a little off its mean.",
            ),
            Wrong(
                others.weighed_by_variance,
                "weighs with the variances",
                "Your weights are upside down: the centre comes to lie near the mean of the wider "
                "density. Try a very sharp f1: the product then vanishes unless x is near q1.",
            ),
            Wrong(
                others.weighed_by_sharpness,
                "weighs with 1 / sigma",
                "The right direction. But look at the exponents that you add: what multiplies each "
                "squared distance?",
            ),
            Wrong(
                others.as_a_difference,
                "subtracts the draws",
                "That is the mean of the difference of two draws. Here two densities are "
                "multiplied at the same x.",
            ),
        ),
        right=(
            lambda q1, sigma1, q2, sigma2: q2 + (q1 - q2) * sigma2**2 / (sigma1**2 + sigma2**2),
            lambda q1, sigma1, q2, sigma2: (
                (q1 * sigma2**2 + q2 * sigma1**2) / (sigma1**2 + sigma2**2)
            ),
        ),
        near=(
            lambda q1, sigma1, q2, sigma2: q2 - (q1 - q2) * sigma2**2 / (sigma1**2 + sigma2**2),
            lambda q1, sigma1, q2, sigma2: 1.02 * solutions.centre(q1, sigma1, q2, sigma2),
        ),
        formula=True,
    ),
    "2.6": Open(
        (
            "Gives a state, with means and sigmas, in which P(best) and expected reward disagree "
            "about which memory to sharpen, and the numbers that show it.",
            "Explains it: P(best) counts a choice lost to a near-equal like one lost to a "
            "disaster, expected reward weighs each by what it costs.",
            "Chooses a criterion for a person and says why, for instance what people are paid "
            "for, or what they report to aim at.",
            "Proposes a measurement: states in which the two criteria disagree, a measure of each "
            "memory's precision, and which result would speak for which criterion.",
        )
    ),
}
