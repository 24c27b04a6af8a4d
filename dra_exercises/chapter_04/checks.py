"""How the answers of chapter 4 are judged: a score, and an estimate from recorded episodes."""

import numpy as np

import dra
from dra_exercises.chapter_04 import experiments, others, solutions
from dra_exercises.spec import Choice, Function, Open, Value, Wrong

EXERCISES = {
    "4.1": Value(
        solutions.score_by_hand,
        wrong=(
            Wrong(
                lambda: solutions.score_by_hand() / 2,
                "leaves out beta",
                "Half of it: the score has a factor beta in front.",
            ),
            Wrong(
                lambda: [solutions.score_by_hand()[0], 0.0],
                "gives a score to the chosen memory only",
                "The first is right. The lever that was not taken has a score, too: it was drawn "
                "unlucky, and that is part of why it was not taken.",
            ),
            Wrong(
                lambda: [solutions.score_by_hand()[0], -solutions.score_by_hand()[1]],
                "loses a sign for the other memory",
                "The first is right. For the other both factors are negative.",
            ),
            Wrong(
                lambda: dra.gradient.score(np.array([0.5, -0.5]), 1, np.ones(2), np.ones(2), 2.0),
                "counts actions from zero",
                "That is the score for the other action. The first one was taken.",
            ),
        ),
    ),
    "4.2": Choice(
        "C",
        wrong=(
            Wrong(
                "A",
                "takes a mean of zero for silence",
                "The return is 7 in every trial. Seven times a score of mean zero is noise, with "
                "mean zero.",
            ),
            Wrong(
                "B",
                "takes a true value for a good credit",
                "The remembered value is 7 for all. Seven times a score of mean zero is noise.",
            ),
            Wrong(
                "D",
                "believes that an estimate always has noise",
                "One of the three credits is exactly zero here, in each trial.",
            ),
        ),
    ),
    "4.3": Function(
        solutions.score,
        solutions.looks,
        right=(others.score_in_loops, others.score_by_the_jacobian),
        near=(others.score_two_percent_warm,),
        wrong=(
            Wrong(
                others.score_of_the_chosen_only,
                "scores the chosen memory only",
                "The entry of the chosen action is right, the others are zero. A memory that was "
                "drawn lucky and not taken says something as well.",
            ),
            Wrong(
                others.score_without_beta,
                "leaves out beta",
                "Too small by beta everywhere: x contains beta, and so does its derivative.",
            ),
            Wrong(
                others.score_with_sigma,
                "differentiates in the logarithm of sigma",
                "Each entry is off by its sigma. The derivative of q + sigma zeta in sigma is "
                "zeta.",
            ),
            Wrong(
                others.score_of_the_means,
                "forgets the noise in the policy",
                "Your policy is a softmax of the means. The choice was made by the draws.",
            ),
            Wrong(
                others.score_turned_around,
                "turns the sign around",
                "Right size, wrong sign: chosen on a lucky draw, more blur makes the choice more "
                "likely.",
            ),
            Wrong(
                others.score_without_surprise,
                "leaves out how surprising the choice was",
                "The probability of each action is missing: a choice that was certain anyway says "
                "nothing.",
            ),
            Wrong(
                others.score_of_a_warm_policy,
                "leaves beta out of the policy",
                "Your factor beta is there, but the policy is a softmax of beta times the draws.",
            ),
            Wrong(
                others.score_that_overflows,
                "lets the exponential overflow",
                "Right for small values. For values in the thousands the exponential overflows: "
                "what may be subtracted from all x without changing a softmax?",
            ),
        ),
    ),
    "4.4": Function(
        solutions.estimate,
        solutions.diaries,
        right=(others.estimate_backwards, others.estimate_by_table),
        near=(others.estimate_with_a_late_discount,),
        wrong=(
            Wrong(
                others.estimate_undiscounted,
                "forgets the discount",
                "Your return adds rewards undiscounted. The objective discounts them.",
            ),
            Wrong(
                others.estimate_discounted_from_the_step,
                "discounts from the step",
                "Your credit is the return to go, discounted from the step on. Here it is the "
                "whole return, discounted from the start.",
            ),
            Wrong(
                others.estimate_discounted_twice,
                "discounts the score as well",
                "You discount the return and, once more, each step. The score carries no discount "
                "of its own.",
            ),
            Wrong(
                others.estimate_of_next_rewards,
                "credits each choice with its next reward",
                "Each choice gets the reward that follows at once. A choice has to answer for the "
                "whole return, or for all that comes after.",
            ),
            Wrong(
                others.estimate_summed,
                "adds up episodes without dividing",
                "Too large by the number of episodes: the estimate is a mean.",
            ),
            Wrong(
                others.estimate_per_step,
                "averages over steps",
                "You divide by the number of steps. An episode is one sample, however long.",
            ),
            Wrong(
                others.estimate_to_go,
                "uses the return to go",
                "Unbiased as well, and not what was asked for: here the credit is the whole return "
                "of the episode.",
            ),
            Wrong(
                others.estimate_with_the_last_visit,
                "keeps the last visit of a state only",
                "Where a state is met twice in an episode, one of its scores is lost: add them.",
            ),
        ),
    ),
    "4.5": experiments.TO_GO,
    "4.6": experiments.SUMMED,
    "4.7": Function(
        solutions.slope,
        solutions.bends,
        formula=True,
        right=(others.slope_by_sum, others.slope_by_quotient),
        near=(others.slope_with_the_square,),
        wrong=(
            Wrong(
                others.slope_without_sigma,
                "loses sigma",
                "Integrating by parts brings down the derivative of q + sigma zeta in zeta.",
            ),
            Wrong(
                others.slope_of_the_variance,
                "differentiates in the variance",
                "That is the derivative in sigma squared. The question is for sigma.",
            ),
            Wrong(
                others.slope_turned_around,
                "turns the sign around",
                "Right size, wrong sign: where the reward is convex in the mean, blur helps.",
            ),
        ),
    ),
    "4.8": Open(
        (
            "Goes through the steps of the chapter and says which survive.",
            "Finds that R stays unbiased, and that the step to Q fails where a state is met twice.",
            "Says what would have to be remembered to repair it.",
        )
    ),
}
