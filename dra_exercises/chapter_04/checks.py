"""Chapter 4, the gradient: a score, and an estimate from recorded episodes."""

import math

import numpy as np

import dra
from dra_exercises.spec import Choice, Function, Open, Value, Wrong

# 4.1 ----------------------------------------------------------------------------------------------


def score_by_hand():
    return dra.gradient.score(np.array([0.5, -0.5]), 0, np.ones(2), np.ones(2), 2.0)


# 4.3 ----------------------------------------------------------------------------------------------


def looks(rng):
    """Looks at one to five memories; some with draws so large that exp overflows."""
    made = []
    for A in (1, 2, 2, 3, 3, 5):
        made.append(
            (
                rng.standard_normal(A),
                int(rng.integers(A)),
                rng.normal(0, 2, A),
                rng.uniform(0.2, 3, A),
                float(rng.uniform(0.3, 3)),
            )
        )
    zeta, a, q, sigma, beta = made[-1]
    return [*made, (zeta, a, q + 5000.0, sigma, beta)]


def score(zeta, a, q, sigma, beta):
    """The score of a choice: the derivative of ln pi(a | zeta) in every sigma.

    zeta : (A,) standard normal noise of this look
    a : number of the action that was taken
    q, sigma : (A,) means and blur of the memories; q may be in the thousands
    beta : inverse temperature

    Returns the derivatives, shape (A,).
    """
    x = beta * (q + sigma * zeta)
    pi = np.exp(x - x.max())
    pi = pi / pi.sum()
    hit = np.arange(len(q)) == a
    return beta * zeta * (hit - pi)


def score_in_loops(zeta, a, q, sigma, beta):
    x = [beta * (m + s * z) for m, s, z in zip(q, sigma, zeta, strict=True)]
    weight = [math.exp(value - max(x)) for value in x]
    return [
        beta * z * ((b == a) - w / sum(weight))
        for b, (z, w) in enumerate(zip(zeta, weight, strict=True))
    ]


def score_by_the_jacobian(zeta, a, q, sigma, beta):
    x = beta * (q + sigma * zeta)
    pi = np.exp(x - np.logaddexp.reduce(x))
    jacobian = np.diag(pi) - np.outer(pi, pi)  # of the softmax
    return jacobian[a] / pi[a] * beta * zeta if pi[a] > 1e-100 else score(zeta, a, q, sigma, beta)


def score_of_the_chosen_only(zeta, a, q, sigma, beta):
    made = np.zeros(len(q))
    made[a] = score(zeta, a, q, sigma, beta)[a]
    return made


def score_without_surprise(zeta, a, q, sigma, beta):
    return beta * zeta * (np.arange(len(q)) == a)


def score_without_beta(zeta, a, q, sigma, beta):
    return score(zeta, a, q, sigma, beta) / beta


def score_with_sigma(zeta, a, q, sigma, beta):
    return score(zeta, a, q, sigma, beta) * sigma


def score_of_the_means(zeta, a, q, sigma, beta):
    pi = dra.policy.softmax(np.asarray(q, float), beta)
    return beta * zeta * ((np.arange(len(q)) == a) - pi)


def score_turned_around(zeta, a, q, sigma, beta):
    return -score(zeta, a, q, sigma, beta)


def score_that_overflows(zeta, a, q, sigma, beta):
    with np.errstate(all="ignore"):
        weight = np.exp(beta * (q + sigma * zeta))
        return beta * zeta * ((np.arange(len(q)) == a) - weight / weight.sum())


# 4.4 ----------------------------------------------------------------------------------------------


def diaries(rng):
    """Recorded episodes of one to three steps' rooms; states may be met twice."""
    made = []
    for S, A, n in ((1, 2, 1), (2, 2, 3), (3, 3, 6)):
        episodes = []
        for _ in range(n):
            steps = [
                (
                    int(rng.integers(S)),
                    rng.standard_normal(A),
                    int(rng.integers(A)),
                    float(rng.normal(0, 3)),
                )
                for _ in range(rng.integers(2, 6))
            ]
            episodes.append(steps)
        q, sigma = rng.normal(0, 1, (S, A)), rng.uniform(0.3, 2, (S, A))
        made.append((episodes, q, sigma, float(rng.uniform(0.5, 3)), float(rng.uniform(0.5, 0.9))))
    return made


def estimate(episodes, q, sigma, beta, gamma):
    """The gradient of the expected return, from recorded episodes, with the return as credit.

    episodes : list of episodes; each is a list of steps (s, zeta, a, r): the state, the
        noise of the look there, shape (A,), the action taken, and the reward after it
    q, sigma : (S, A) means and blur of the memories, the same in all episodes
    beta : inverse temperature
    gamma : discount of the return

    Returns the estimate, shape (S, A): the mean over episodes. The score is
    `dra.gradient.score(zeta, a, q[s], sigma[s], beta)`.
    """
    total = np.zeros(q.shape)
    for steps in episodes:
        R = sum(gamma**t * r for t, (_, _, _, r) in enumerate(steps))
        for s, zeta, a, _ in steps:
            total[s] += R * dra.gradient.score(zeta, a, q[s], sigma[s], beta)
    return total / len(episodes)


def scores_of(steps, q, sigma, beta):
    return [(s, dra.gradient.score(zeta, a, q[s], sigma[s], beta)) for s, zeta, a, _ in steps]


def credited(episodes, q, sigma, beta, credit):
    """An estimate whose credit at step t of an episode is ``credit(rewards, t)``."""
    total = np.zeros(q.shape)
    for steps in episodes:
        rewards = np.array([r for *_, r in steps])
        for t, (s, u) in enumerate(scores_of(steps, q, sigma, beta)):
            total[s] += credit(rewards, t) * u
    return total / len(episodes)


def estimate_backwards(episodes, q, sigma, beta, gamma):
    def whole(rewards, t):
        R = 0.0
        for r in rewards[::-1]:
            R = r + gamma * R
        return R

    return credited(episodes, q, sigma, beta, whole)


def estimate_by_table(episodes, q, sigma, beta, gamma):
    tables = []
    for steps in episodes:
        table = np.zeros(q.shape)
        for s, u in scores_of(steps, q, sigma, beta):
            table[s] += u
        tables.append(table * np.dot([r for *_, r in steps], gamma ** np.arange(len(steps))))
    return np.mean(tables, axis=0)


def estimate_undiscounted(episodes, q, sigma, beta, gamma):
    return credited(episodes, q, sigma, beta, lambda rewards, t: rewards.sum())


def estimate_of_next_rewards(episodes, q, sigma, beta, gamma):
    return credited(episodes, q, sigma, beta, lambda rewards, t: gamma**t * rewards[t])


def estimate_summed(episodes, q, sigma, beta, gamma):
    return estimate(episodes, q, sigma, beta, gamma) * len(episodes)


def estimate_per_step(episodes, q, sigma, beta, gamma):
    steps = sum(len(steps) for steps in episodes)
    return estimate(episodes, q, sigma, beta, gamma) * len(episodes) / steps


def estimate_with_a_late_discount(episodes, q, sigma, beta, gamma):
    return gamma * estimate(episodes, q, sigma, beta, gamma)


def estimate_to_go(episodes, q, sigma, beta, gamma):
    def credit(rewards, t):
        return sum(gamma**k * r for k, r in enumerate(rewards) if k >= t)

    return credited(episodes, q, sigma, beta, credit)


def estimate_with_the_last_visit(episodes, q, sigma, beta, gamma):
    total = np.zeros(q.shape)
    for steps in episodes:
        R, table = sum(gamma**t * step[3] for t, step in enumerate(steps)), np.zeros(q.shape)
        for s, u in scores_of(steps, q, sigma, beta):
            table[s] = R * u
        total += table
    return total / len(episodes)


# 4.7 ----------------------------------------------------------------------------------------------


def bends(rng):
    return [(float(s), float(c)) for s, c in rng.normal(1.5, 0.7, (5, 2)) if s > 0] + [(2.0, -0.3)]


def slope(sigma, curvature):
    """The derivative of the expected reward in the blur of one memory.

    sigma : blur of that memory
    curvature : second derivative of the expected reward in the mean of that memory

    Returns the first derivative in sigma.
    """
    return sigma * curvature


def slope_by_sum(sigma, curvature):
    return sum([curvature * sigma / 4] * 4)


def slope_by_quotient(sigma, curvature):
    return curvature / (1 / sigma)


def slope_without_sigma(sigma, curvature):
    return curvature


def slope_of_the_variance(sigma, curvature):
    return curvature / 2


def slope_turned_around(sigma, curvature):
    return -sigma * curvature


def slope_with_the_square(sigma, curvature):
    return sigma**2 * curvature


EXERCISES = {
    "4.1": Value(
        score_by_hand,
        wrong=(
            Wrong(
                lambda: score_by_hand() / 2,
                "leaves out beta",
                "Half of it: the score has a factor beta in front.",
            ),
            Wrong(
                lambda: [score_by_hand()[0], 0.0],
                "gives a score to the chosen memory only",
                "The first is right. The lever that was not taken has a score, too: it was drawn "
                "unlucky, and that is part of why it was not taken.",
            ),
            Wrong(
                lambda: [score_by_hand()[0], -score_by_hand()[1]],
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
        score,
        looks,
        right=(score_in_loops, score_by_the_jacobian),
        near=(score_without_surprise,),
        wrong=(
            Wrong(
                score_of_the_chosen_only,
                "scores the chosen memory only",
                "The entry of the chosen action is right, the others are zero. A memory that was "
                "drawn lucky and not taken says something as well.",
            ),
            Wrong(
                score_without_beta,
                "leaves out beta",
                "Too small by beta everywhere: x contains beta, and so does its derivative.",
            ),
            Wrong(
                score_with_sigma,
                "differentiates in the logarithm of sigma",
                "Each entry is off by its sigma. The derivative of q + sigma zeta in sigma is "
                "zeta.",
            ),
            Wrong(
                score_of_the_means,
                "forgets the noise in the policy",
                "Your policy is a softmax of the means. The choice was made by the draws.",
            ),
            Wrong(
                score_turned_around,
                "turns the sign around",
                "Right size, wrong sign: chosen on a lucky draw, more blur makes the choice more "
                "likely.",
            ),
            Wrong(
                score_that_overflows,
                "lets the exponential overflow",
                "Right for small values. For values in the thousands the exponential overflows: "
                "what may be subtracted from all x without changing a softmax?",
            ),
        ),
    ),
    "4.4": Function(
        estimate,
        diaries,
        right=(estimate_backwards, estimate_by_table),
        near=(estimate_with_a_late_discount,),
        wrong=(
            Wrong(
                estimate_undiscounted,
                "forgets the discount",
                "Your return adds rewards undiscounted. The objective discounts them.",
            ),
            Wrong(
                estimate_of_next_rewards,
                "credits each choice with its next reward",
                "Each choice gets the reward that follows at once. A choice has to answer for the "
                "whole return, or for all that comes after.",
            ),
            Wrong(
                estimate_summed,
                "adds up episodes without dividing",
                "Too large by the number of episodes: the estimate is a mean.",
            ),
            Wrong(
                estimate_per_step,
                "averages over steps",
                "You divide by the number of steps. An episode is one sample, however long.",
            ),
            Wrong(
                estimate_to_go,
                "uses the return to go",
                "Unbiased as well, and not what was asked for: here the credit is the whole return "
                "of the episode.",
            ),
            Wrong(
                estimate_with_the_last_visit,
                "keeps the last visit of a state only",
                "Where a state is met twice in an episode, one of its scores is lost: add them.",
            ),
        ),
    ),
    "4.5": Open(
        (
            "Adds up the rewards from the end backwards, with the discount from the start.",
            "Tests the mean against the exact gradient, with a stated error.",
            "Compares variances in both houses, and explains the room in which it rises.",
        )
    ),
    "4.6": Open(
        (
            "Simplifies the sum: beta zeta_b pi_b times the value of b minus the mean value.",
            "Sees that a constant cancels, so that no baseline is needed.",
            "Measures a variance below that of every baseline.",
        )
    ),
    "4.7": Function(
        slope,
        bends,
        formula=True,
        right=(slope_by_sum, slope_by_quotient),
        near=(slope_with_the_square,),
        wrong=(
            Wrong(
                slope_without_sigma,
                "loses sigma",
                "Integrating by parts brings down the derivative of q + sigma zeta in zeta.",
            ),
            Wrong(
                slope_of_the_variance,
                "differentiates in the variance",
                "That is the derivative in sigma squared. The question is for sigma.",
            ),
            Wrong(
                slope_turned_around,
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
