"""How the answers of chapter 11 are judged: soft values, and habits."""

import math

from dra_exercises.chapter_11 import others, solutions
from dra_exercises.spec import Function, Open, Value, Wrong

EXERCISES = {
    "11.1": Value(
        lambda: 0.5,
        wrong=(
            Wrong(
                lambda: 1 / (1 + 2**-0.98),
                "keeps the sum",
                "That is the answer with the sum. With a mean, what is ln of (2/2)?",
            ),
            Wrong(
                lambda: 1 - 1 / (1 + 2**-0.98),
                "believes that the mean punishes forks",
                "The mean takes away exactly what the sum gave, not twice as much.",
            ),
        ),
    ),
    "11.2": Value(
        solutions.first_and_last,
        unit="reward",
        rtol=0.02,
        wrong=(
            Wrong(
                lambda: [0.4, 0.4],
                "spends everything on the first bit",
                "That is what all bits together buy. Take half a bit at either end.",
            ),
            Wrong(
                lambda: list(solutions.first_and_last(0.5 / math.log(2))),
                "takes half a nat for half a bit",
                "You moved by half a nat. A bit is ln 2 nats.",
            ),
            Wrong(
                lambda: list(reversed(solutions.first_and_last())),
                "gives the last before the first",
                "The two are the wrong way round: which one is bought first?",
            ),
            Wrong(
                solutions.rewards_at,
                "gives rewards instead of gains",
                "These are the rewards at half a bit and at half a bit less than all. What does "
                "the half bit *add* at either end: to what is earned with none, and up to 0.8?",
            ),
            Wrong(
                lambda: [solutions.rewards_at()[0], solutions.first_and_last()[1]],
                "gives a reward for the first gain",
                "The last is right. The first is what is earned with half a bit; without any it "
                "would be 0.4.",
            ),
        ),
    ),
    "11.3": Function(
        solutions.soft_values,
        solutions.worlds,
        right=(others.soft_values_by_logaddexp, others.soft_values_by_policies),
        near=(others.soft_values_in_a_hurry,),
        wrong=(
            Wrong(
                others.hard_values,
                "takes the best action instead of the soft maximum",
                "These values know no entropy: each state is worth its best action.",
            ),
            Wrong(
                others.soft_values_with_a_mean,
                "averages where a sum belongs",
                "Your values charge the logarithm of the number of actions at each step. That is "
                "the mean of the authors' note, not the sum.",
            ),
            Wrong(
                others.soft_values_without_bonus,
                "forgets the reward for entropy",
                "You average the action-values by the soft policy. The entropy of that policy is "
                "paid as well, and the logarithm of the sum contains both.",
            ),
            Wrong(
                others.soft_values_with_alpha_as_beta,
                "takes alpha for an inverse temperature",
                "Alpha is a temperature, in units of reward: values are divided by it inside the "
                "exponential.",
            ),
            Wrong(
                others.soft_values_without_discount,
                "forgets the discount",
                "Soft values, but undiscounted: the value of the next state is worth gamma times "
                "as much now.",
            ),
            Wrong(
                others.soft_values_without_a_unit,
                "leaves out alpha in front of the logarithm",
                "You divide by alpha inside the exponential and never multiply back: a value has "
                "the unit of reward, so alpha stands in front of the logarithm.",
            ),
            Wrong(
                others.soft_values_with_entropy_in_nats,
                "counts a nat of entropy as one reward",
                "The largest value was taken out rightly. The logarithm of the sum that is left "
                "is in nats: it is worth alpha times as much in reward.",
            ),
            Wrong(
                others.soft_values_that_overflow,
                "lets the exponential overflow",
                "Right where rewards are small. Where they are hundreds of alpha the exponential "
                "overflows: take out the largest value first.",
            ),
        ),
    ),
    "11.4": Function(
        solutions.next_habit,
        solutions.habits,
        right=(others.next_habit_in_loops, others.next_habit_by_logarithms),
        near=(others.next_habit_at_a_lower_price,),
        wrong=(
            Wrong(
                others.next_habit_without_habit,
                "leaves the habit out of the policy",
                "Your policy is a plain softmax. The habit stands in front of the exponential.",
            ),
            Wrong(
                others.next_habit_of_equal_states,
                "averages over states as if all were equally frequent",
                "The policy is right. Its marginal weights states by how often they occur.",
            ),
            Wrong(
                others.next_habit_of_the_mean_value,
                "averages values before choosing",
                "You let one choice see the average of all states. Choose in each state first.",
            ),
            Wrong(
                others.next_habit_normalised_late,
                "normalises once for all states",
                "Each state's policy must sum to one before states are averaged.",
            ),
            Wrong(
                others.next_habit_with_the_price_as_beta,
                "takes beta for the price of a nat",
                "Beta is *one over* the price: the exponent is beta times the value. You divided "
                "by it.",
            ),
            Wrong(
                others.last_habit,
                "repeats until the habit stands",
                "That is the habit on which all rounds settle. Asked is one round, from the habit "
                "that is given.",
            ),
        ),
    ),
    "11.5": Function(
        solutions.towards_the_fork,
        solutions.forks,
        formula=True,
        right=(others.towards_by_softmax, others.towards_by_odds),
        near=(others.towards_discounted_twice,),
        wrong=(
            Wrong(
                others.towards_without_discount,
                "forgets that the fork lies one step ahead",
                "That is the answer at gamma = 1. The entropy of the fork comes one step later.",
            ),
            Wrong(
                others.towards_with_two_ways,
                "keeps the two roads of the chapter",
                "That is the chapter's fork, whatever k. Here state 2 leads to k states: where did "
                "its 2 come from?",
            ),
            Wrong(
                others.towards_without_entropy,
                "compares rewards only",
                "Rewards are equal, so DRA is indifferent. This agent likes forks for themselves.",
            ),
            Wrong(
                others.towards_with_k_in_the_exponent,
                "takes k for its logarithm",
                "Choosing evenly among k is worth alpha times the logarithm of k.",
            ),
        ),
    ),
    "11.6": Value(
        solutions.eager_learners,
        unit="reward",
        rtol=0.0,
        # n = 150 learners a start: from 0 all have 50 (sd 6e-8), from 100 58.71, sd 0.09, so 0.05
        # for a mean of three. 0.5 is 9 of these, p < 1e-15, and lets all three be rounded.
        atol=0.5,
        wrong=(
            Wrong(
                others.best_action_values,
                "takes the best action-value for the value of the state",
                "Those are the largest action-values of the start. The soft value of a state holds "
                "the entropy of its choice as well: see the field value.",
            ),
            Wrong(
                others.at_a_lower_alpha,
                "learns at alpha = 1",
                "Those are the values at alpha = 1. The exercise asks for 3.",
            ),
            Wrong(
                others.never_eager,
                "begins with values of 0 both times",
                "The first and the last are right. Your second learners began like the first ones: "
                "does q_init reach the function?",
            ),
            Wrong(
                others.always_eager,
                "begins with values of 100 both times",
                "The last two are right. Your first learners began with values of 100 too.",
            ),
            Wrong(
                others.without_entropy,
                "takes what the shortest way pays for the exact value",
                "Both learned values are right. The exact value is not what the shortest way pays: "
                "at alpha = 3 the entropy of choices is worth something.",
            ),
            Wrong(
                others.from_hundred_first,
                "gives the start from 100 first",
                "Right numbers, in the wrong order: the start from 0 comes first.",
            ),
            Wrong(
                others.exact_first,
                "gives the exact value first",
                "Right numbers, in the wrong order: the exact value comes last.",
            ),
        ),
        rubric=(
            "Compares both starts with the exact value, and says which of them is farther off.",
            "Says that a learner that starts low stays on the first way that pays for all its 500 "
            "episodes, since what it has not tried looks worse.",
        ),
    ),
    "11.7": Function(
        solutions.worth_of_less_variance,
        solutions.pairs,
        formula=True,
        rtol=1e-3,
        atol=0.0,
        right=(others.worth_exactly, others.worth_in_parts),
        near=(others.worth_without_half,),
        wrong=(
            Wrong(
                others.worth_linear_in_delta,
                "forgets that stakes count twice",
                "Linear in the difference. It enters once through how likely a mistake is, and "
                "once through what the mistake costs.",
            ),
            Wrong(
                others.worth_with_the_sign,
                "gives the loss of more variance",
                "Right size, wrong sign: the question is for what is earned by less variance.",
            ),
            Wrong(
                others.worth_per_standard_deviation,
                "differentiates in the standard deviation",
                "That is per unit of the standard deviation of the difference. The question is per "
                "unit of variance.",
            ),
        ),
    ),
    "11.8": Open(
        (
            "Equal stakes, difficulty and learning; only the frequency of use differs.",
            "Measures choice as a function of the difference in value, and says what a steeper or "
            "an equal curve would mean.",
            "Says what a price with two parts would do.",
        )
    ),
}
