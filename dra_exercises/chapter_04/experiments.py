"""How 4.5 and 4.6 are judged, with other answers: right ones, wrong ones and near misses."""

import numpy as np

import dra
from dra_exercises.chapter_04 import solutions
from dra_exercises.chapter_04.solutions import credits_to_go, score, summed_estimate
from dra_exercises.spec import Function, Wrong

# 4.5: the return to go


def discounted(rewards, gamma):
    return rewards * gamma ** np.arange(len(rewards))


def credits_by_cumsum(rewards, gamma):
    return np.cumsum(discounted(rewards, gamma)[::-1])[::-1]


def credits_by_subtraction(rewards, gamma):
    """The whole return minus what was paid before."""
    paid = discounted(rewards, gamma)
    return paid.sum() - (np.cumsum(paid) - paid)


def credits_from_the_step(rewards, gamma):
    return credits_to_go(rewards, gamma) / gamma ** np.arange(len(rewards))


def credits_undiscounted(rewards, gamma):
    return credits_to_go(rewards, 1.0)


def credits_of_the_whole(rewards, gamma):
    return np.full(len(rewards), discounted(rewards, gamma).sum())


def credits_after_the_next(rewards, gamma):
    return credits_to_go(rewards, gamma) - discounted(rewards, gamma)


def credits_of_the_past(rewards, gamma):
    return np.cumsum(discounted(rewards, gamma))


def credits_from_the_end(rewards, gamma):
    return credits_to_go(rewards, gamma)[::-1]


def credits_of_next_rewards(rewards, gamma):
    return discounted(rewards, gamma)


def credits_a_step_late(rewards, gamma):
    return gamma * credits_to_go(rewards, gamma)


def credits_discounted_twice(rewards, gamma):
    return discounted(credits_to_go(rewards, gamma), gamma)


def credits_two_percent(rewards, gamma):
    return credits_to_go(rewards, 0.98 * gamma)


TO_GO = Function(
    solutions.credits_to_go,
    solutions.rewards_of_episodes,
    right=(credits_by_cumsum, credits_by_subtraction),
    near=(credits_two_percent,),
    wrong=(
        Wrong(
            credits_from_the_step,
            "discounts from the step",
            "Your discount begins anew at each step. A reward keeps the discount that it has "
            "in the return, counted from the start of the episode.",
        ),
        Wrong(
            credits_undiscounted,
            "forgets the discount",
            "Right without a discount only. In the return each reward has a power of gamma.",
        ),
        Wrong(
            credits_of_the_whole,
            "gives the whole return to each step",
            "That is the return, the same for each step. Which of its parts were paid before "
            "the choice?",
        ),
        Wrong(
            credits_after_the_next,
            "leaves out the reward of the choice itself",
            "The reward that follows the choice at once is missing: the choice earned it.",
        ),
        Wrong(
            credits_of_the_past,
            "adds up the past",
            "You add up what was paid until then. A choice can still change what comes after it.",
        ),
        Wrong(
            credits_from_the_end,
            "leaves the list in the order of the walk back",
            "Right numbers, in the order from the end to the start. Turn them around.",
        ),
        Wrong(
            credits_of_next_rewards,
            "credits each choice with its next reward",
            "Each choice gets only the reward that follows at once. It has to answer for all "
            "that comes after.",
        ),
        Wrong(
            credits_a_step_late,
            "discounts the first reward",
            "One power of gamma too many: the first reward of an episode is not discounted.",
        ),
        Wrong(
            credits_discounted_twice,
            "discounts the sum as well",
            "Each reward has its discount from the start already. The sum needs no other.",
        ),
    ),
    rubric=(
        "Tests the mean of the estimate against the exact gradient, with a stated error.",
        "Compares variances in both houses with a prediction made before.",
        "Explains why the variance rises in one room.",
    ),
)


# 4.6: a sum in place of a sample


def policy_of(zeta, q, sigma, beta):
    return dra.policy.softmax(q + sigma * zeta, beta)


def summed_before_it_is_simplified(zeta, q, sigma, beta):
    pi = policy_of(zeta, q, sigma, beta)
    scores = [score(zeta, a, q, sigma, beta) for a in range(len(q))]
    return sum(p * m * u for p, m, u in zip(pi, q, scores, strict=True))


def summed_by_the_jacobian(zeta, q, sigma, beta):
    pi = policy_of(zeta, q, sigma, beta)
    return beta * zeta * ((np.diag(pi) - np.outer(pi, pi)) @ (q - q[0]))


def summed_without_baseline(zeta, q, sigma, beta):
    return beta * zeta * policy_of(zeta, q, sigma, beta) * q


def summed_unweighted(zeta, q, sigma, beta):
    return beta * zeta * (q - policy_of(zeta, q, sigma, beta) @ q)


def summed_as_if_all_were_likely(zeta, q, sigma, beta):
    return sum(m * score(zeta, a, q, sigma, beta) for a, m in enumerate(q))


def summed_against_the_plain_mean(zeta, q, sigma, beta):
    return beta * zeta * policy_of(zeta, q, sigma, beta) * (q - q.mean())


def summed_without_beta(zeta, q, sigma, beta):
    return summed_estimate(zeta, q, sigma, beta) / beta


def summed_over_the_means(zeta, q, sigma, beta):
    pi = policy_of(0 * zeta, q, sigma, beta)
    return beta * zeta * pi * (q - pi @ q)


def summed_with_the_draws(zeta, q, sigma, beta):
    pi, drawn = policy_of(zeta, q, sigma, beta), q + sigma * zeta
    return beta * zeta * pi * (drawn - pi @ drawn)


def summed_over_all_looks(zeta, q, sigma, beta):
    P = dra.policy.choice_probabilities(q, sigma, beta)
    return beta * zeta * P * (q - P @ q)


def summed_with_sigma(zeta, q, sigma, beta):
    return summed_estimate(zeta, q, sigma, beta) * sigma


def summed_turned_around(zeta, q, sigma, beta):
    return -summed_estimate(zeta, q, sigma, beta)


def summed_that_overflows(zeta, q, sigma, beta):
    with np.errstate(all="ignore"):
        weight = np.exp(beta * (q + sigma * zeta))
        pi = weight / weight.sum()
        return beta * zeta * pi * (q - pi @ q)


def summed_two_percent_warm(zeta, q, sigma, beta):
    return summed_estimate(zeta, q, sigma, 1.02 * beta)


SUMMED = Function(
    solutions.summed_estimate,
    solutions.noises,
    right=(summed_before_it_is_simplified, summed_by_the_jacobian),
    near=(summed_two_percent_warm,),
    atol=1e-8,  # an unsimplified sum loses digits where values are in the thousands
    wrong=(
        Wrong(
            summed_without_baseline,
            "keeps the term of the own action only",
            "The memory of an action also stands in the scores of all the others: the part "
            "with minus pi(b) is missing.",
        ),
        Wrong(
            summed_unweighted,
            "loses the probability in front",
            "The bracket is right. How likely is the action to which the memory belongs?",
        ),
        Wrong(
            summed_as_if_all_were_likely,
            "adds up actions without their probabilities",
            "Each action counts with its probability, given the noise.",
        ),
        Wrong(
            summed_against_the_plain_mean,
            "subtracts the plain mean",
            "You compare with the plain mean over actions. Which weights has the mean that "
            "comes out of the sum?",
        ),
        Wrong(
            summed_without_beta,
            "leaves out beta",
            "Too small by beta everywhere: the score has a factor beta.",
        ),
        Wrong(
            summed_over_the_means,
            "forgets the noise in the policy",
            "Your policy is a softmax of the means. The agent knows its policy given the look.",
        ),
        Wrong(
            summed_over_all_looks,
            "averages the policy over the noise",
            "Your probabilities are means over all looks. Those of this look are asked for.",
        ),
        Wrong(
            summed_with_sigma,
            "differentiates in the logarithm of sigma",
            "Each entry is off by its sigma. The derivative of q + sigma zeta in sigma is zeta.",
        ),
        Wrong(
            summed_with_the_draws,
            "credits the draws",
            "The policy comes from the draws, the credit does not: it is the mean.",
        ),
        Wrong(
            summed_turned_around,
            "turns the sign around",
            "Right size, wrong sign. A lucky draw of a good action speaks for more blur.",
        ),
        Wrong(
            summed_that_overflows,
            "lets the exponential overflow",
            "Right for small values. For values in the thousands the exponential overflows: "
            "what may be subtracted from all x without changing a softmax?",
        ),
    ),
    rubric=(
        "Derives the simplified form from the sum over actions.",
        "Sees that a constant cancels, so that no baseline is needed.",
        "Measures a variance on the levers below that of every baseline.",
    ),
)
