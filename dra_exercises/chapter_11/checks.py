"""Chapter 11, the same idea by other names: soft values, and habits."""

import math

import numpy as np

import dra
from dra_exercises.spec import Function, Open, Value, Wrong

# 11.2 ---------------------------------------------------------------------------------------------

NO_HABIT_HELPS = 0.2 + 0.6 * np.eye(3)


def first_and_last(half=0.5):
    """What the first and the last half bit of policy compression buy."""
    even = np.full(3, 1 / 3)

    def reward_at(bits):
        low, high = 0.0, 100.0
        for _ in range(60):
            middle = 0.5 * (low + high)
            found = dra.baselines.policy_compression(NO_HABIT_HELPS, even, beta=middle)
            low, high = (low, middle) if found.bits > bits else (middle, high)
        return dra.baselines.policy_compression(NO_HABIT_HELPS, even, beta=low).reward

    return [reward_at(half) - 0.4, 0.8 - reward_at(math.log2(3) - half)]


# 11.3 ---------------------------------------------------------------------------------------------


def worlds(rng):
    made = []
    for S, A, size in ((1, 2, 1.0), (3, 2, 1.0), (4, 3, 300.0)):
        transition = rng.dirichlet(np.ones(S + 1), size=(S, A))[:, :, :S]
        reward = size * rng.normal(size=(S, A))
        made.append((transition, reward, float(rng.uniform(0.2, 2)), float(rng.uniform(0.5, 0.95))))
    return made


def soft_values(transition, reward, alpha, gamma):
    """The soft values of maximum-entropy reinforcement learning.

    transition : (S, A, S) probability of each next state; what is missing to 1 ends the episode
    reward : (S, A) expected reward; may be large
    alpha : what a nat of choice entropy is worth [reward]
    gamma : discount, below 1

    Returns V, shape (S,), to a millionth of its size.
    """
    values = np.zeros(len(reward))
    for _ in range(1500):
        q = reward + gamma * transition @ values
        top = q.max(axis=1)
        values = top + alpha * np.log(np.exp((q - top[:, None]) / alpha).sum(axis=1))
    return values


def soft_values_by_logaddexp(transition, reward, alpha, gamma):
    values = np.zeros(len(reward))
    while True:
        q = reward + gamma * transition @ values
        new = alpha * np.logaddexp.reduce(q / alpha, axis=1)
        if np.abs(new - values).max() < 1e-10 * max(1, np.abs(new).max()):
            return new
        values = new


def soft_values_by_policies(transition, reward, alpha, gamma):
    values = np.zeros(len(reward))
    for _ in range(200):  # improve the policy, then evaluate it, entropy included
        q = (reward + gamma * transition @ values) / alpha
        policy = np.exp(q - q.max(axis=1, keepdims=True))
        policy /= policy.sum(axis=1, keepdims=True)
        left = -(policy * np.log(np.maximum(policy, 1e-300))).sum(axis=1)
        moves = np.einsum("sa,sak->sk", policy, transition)
        paid = (policy * reward).sum(axis=1) + alpha * left
        values = np.linalg.solve(np.eye(len(paid)) - gamma * moves, paid)
    return values


def backed_up(transition, reward, gamma, value):
    values = np.zeros(len(reward))
    for _ in range(1500):
        values = value(reward + gamma * transition @ values)
    return values


def hard_values(transition, reward, alpha, gamma):
    return backed_up(transition, reward, gamma, lambda q: q.max(axis=1))


def soft_values_with_a_mean(transition, reward, alpha, gamma):
    n = reward.shape[1]
    return backed_up(
        transition,
        reward,
        gamma,
        lambda q: alpha * (np.logaddexp.reduce(q / alpha, axis=1) - math.log(n)),
    )


def soft_values_without_bonus(transition, reward, alpha, gamma):
    def value(q):
        weight = np.exp((q - q.max(axis=1, keepdims=True)) / alpha)
        return (weight * q).sum(axis=1) / weight.sum(axis=1)

    return backed_up(transition, reward, gamma, value)


def soft_values_with_alpha_as_beta(transition, reward, alpha, gamma):
    return backed_up(
        transition, reward, gamma, lambda q: np.logaddexp.reduce(q * alpha, axis=1) / alpha
    )


def soft_values_that_overflow(transition, reward, alpha, gamma):
    with np.errstate(all="ignore"):
        return backed_up(
            transition, reward, gamma, lambda q: alpha * np.log(np.exp(q / alpha).sum(axis=1))
        )


def soft_values_in_a_hurry(transition, reward, alpha, gamma):
    values = np.zeros(len(reward))
    for _ in range(12):
        values = alpha * np.logaddexp.reduce((reward + gamma * transition @ values) / alpha, axis=1)
    return values


# 11.4 ---------------------------------------------------------------------------------------------


def habits(rng):
    made = []
    for S, A in ((1, 2), (3, 3), (5, 2)):
        made.append(
            (
                rng.normal(size=(S, A)),
                rng.dirichlet(np.ones(S)),
                rng.dirichlet(np.ones(A)),
                float(rng.uniform(0.3, 5)),
            )
        )
    return made


def next_habit(q, occurs, habit, beta):
    """One round of policy compression: from a habit to the policy, and to the next habit.

    q : (S, A) value of each choice
    occurs : (S,) how often each state occurs
    habit : (A,) probability of each action, whatever the state
    beta : one over the price of a nat [1 / reward]

    Returns the next habit, shape (A,): how often the best policy for this habit takes each action.
    """
    policy = habit * np.exp(beta * (q - q.max(axis=1, keepdims=True)))
    policy = policy / policy.sum(axis=1, keepdims=True)
    return occurs @ policy


def next_habit_in_loops(q, occurs, habit, beta):
    made = np.zeros(len(habit))
    for row, often in zip(q, occurs, strict=True):
        weight = [h * math.exp(beta * x) for h, x in zip(habit, row, strict=True)]
        for a, w in enumerate(weight):
            made[a] += often * w / sum(weight)
    return made


def next_habit_by_logarithms(q, occurs, habit, beta):
    x = np.log(habit) + beta * q
    policy = np.exp(x - np.logaddexp.reduce(x, axis=1)[:, None])
    return (occurs[:, None] * policy).sum(axis=0)


def next_habit_without_habit(q, occurs, habit, beta):
    return next_habit(q, occurs, np.ones(len(habit)), beta)


def next_habit_of_equal_states(q, occurs, habit, beta):
    return next_habit(q, np.full(len(q), 1 / len(q)), habit, beta)


def next_habit_of_the_mean_value(q, occurs, habit, beta):
    weight = habit * np.exp(beta * (occurs @ q))
    return weight / weight.sum()


def next_habit_normalised_late(q, occurs, habit, beta):
    weight = occurs @ (habit * np.exp(beta * q))
    return weight / weight.sum()


def next_habit_at_half_the_price(q, occurs, habit, beta):
    return next_habit(q, occurs, habit, 1.03 * beta)


# 11.5 ---------------------------------------------------------------------------------------------


def forks(rng):
    made = [(int(k), float(g)) for k, g in zip((1, 2, 5, 9), rng.uniform(0.3, 1, 4), strict=True)]
    return [*made, (3, 0.98)]


def towards_the_fork(k, gamma):
    """The probability with which a maximum-entropy agent goes to the state with k ways on.

    k : number of ways; the other state has one
    gamma : discount

    Returns the probability, at any alpha.
    """
    return 1 / (1 + k ** (-gamma))


def towards_by_softmax(k, gamma):
    alpha = 0.7
    fork, other = gamma * (gamma + alpha * math.log(k)), gamma * gamma
    return 1 / (1 + math.exp((other - fork) / alpha))


def towards_by_odds(k, gamma):
    odds = math.exp(gamma * math.log(k))
    return odds / (1 + odds)


def towards_without_discount(k, gamma):
    return k / (1 + k)


def towards_without_entropy(k, gamma):
    return 0.5


def towards_with_k_in_the_exponent(k, gamma):
    return 1 / (1 + math.exp(-gamma * k))


def towards_discounted_twice(k, gamma):
    return 1 / (1 + k ** (-(gamma**2)))


# 11.7 ---------------------------------------------------------------------------------------------


def pairs(rng):
    return [
        (float(delta), float(1e9 * delta**2 * c))
        for delta, c in zip(rng.uniform(0.1, 3, 4), rng.uniform(1, 5, 4), strict=True)
    ]


def worth_of_less_variance(delta, v):
    """What an option pair earns per unit of variance that is taken away, where v is large.

    delta : difference of the two values [reward]
    v : variance of the difference of the two draws, much larger than delta squared [reward^2]

    Returns minus the derivative of the expected reward in v [1 / reward].
    """
    return delta**2 / (2 * math.sqrt(2 * math.pi) * v**1.5)


def worth_exactly(delta, v):
    density = math.exp(-(delta**2) / (2 * v)) / math.sqrt(2 * math.pi)
    return 0.5 * density * delta**2 * v**-1.5


def worth_in_parts(delta, v):
    z = delta / math.sqrt(v)
    return 0.3989422804014327 * z * delta / (2 * v)


def worth_linear_in_delta(delta, v):
    return delta / (2 * math.sqrt(2 * math.pi) * v**1.5)


def worth_with_the_sign(delta, v):
    return -worth_of_less_variance(delta, v)


def worth_per_standard_deviation(delta, v):
    return delta**2 / (math.sqrt(2 * math.pi) * v)


def worth_without_half(delta, v):
    return delta**2 / (math.sqrt(2 * math.pi) * v**1.5)


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
        first_and_last,
        unit="reward",
        rtol=0.02,
        wrong=(
            Wrong(
                lambda: [0.4, 0.4],
                "spends everything on the first bit",
                "That is what all bits together buy. Take half a bit at either end.",
            ),
            Wrong(
                lambda: list(first_and_last(0.5 / math.log(2))),
                "takes half a nat for half a bit",
                "You moved by half a nat. A bit is ln 2 nats.",
            ),
            Wrong(
                lambda: list(reversed(first_and_last())),
                "gives the last before the first",
                "The two are the wrong way round: which one is bought first?",
            ),
        ),
    ),
    "11.3": Function(
        soft_values,
        worlds,
        right=(soft_values_by_logaddexp, soft_values_by_policies),
        near=(soft_values_in_a_hurry,),
        wrong=(
            Wrong(
                hard_values,
                "takes the best action instead of the soft maximum",
                "These values know no entropy: each state is worth its best action.",
            ),
            Wrong(
                soft_values_with_a_mean,
                "averages where a sum belongs",
                "Your values charge the logarithm of the number of actions at each step. That is "
                "the mean of the authors' note, not the sum.",
            ),
            Wrong(
                soft_values_without_bonus,
                "forgets the reward for entropy",
                "You average the action-values by the soft policy. The entropy of that policy is "
                "paid as well, and the logarithm of the sum contains both.",
            ),
            Wrong(
                soft_values_with_alpha_as_beta,
                "takes alpha for an inverse temperature",
                "Alpha is a temperature, in units of reward: values are divided by it inside the "
                "exponential.",
            ),
            Wrong(
                soft_values_that_overflow,
                "lets the exponential overflow",
                "Right where rewards are small. Where they are hundreds of alpha the exponential "
                "overflows: take out the largest value first.",
            ),
        ),
    ),
    "11.4": Function(
        next_habit,
        habits,
        right=(next_habit_in_loops, next_habit_by_logarithms),
        near=(next_habit_at_half_the_price,),
        wrong=(
            Wrong(
                next_habit_without_habit,
                "leaves the habit out of the policy",
                "Your policy is a plain softmax. The habit stands in front of the exponential.",
            ),
            Wrong(
                next_habit_of_equal_states,
                "averages over states as if all were equally frequent",
                "The policy is right. Its marginal weights states by how often they occur.",
            ),
            Wrong(
                next_habit_of_the_mean_value,
                "averages values before choosing",
                "You let one choice see the average of all states. Choose in each state first.",
            ),
            Wrong(
                next_habit_normalised_late,
                "normalises once for all states",
                "Each state's policy must sum to one before states are averaged.",
            ),
        ),
    ),
    "11.5": Function(
        towards_the_fork,
        forks,
        formula=True,
        right=(towards_by_softmax, towards_by_odds),
        near=(towards_discounted_twice,),
        wrong=(
            Wrong(
                towards_without_discount,
                "forgets that the fork lies one step ahead",
                "That is the answer at gamma = 1. The entropy of the fork comes one step later.",
            ),
            Wrong(
                towards_without_entropy,
                "compares rewards only",
                "Rewards are equal, so DRA is indifferent. This agent likes forks for themselves.",
            ),
            Wrong(
                towards_with_k_in_the_exponent,
                "takes k for its logarithm",
                "Choosing evenly among k is worth alpha times the logarithm of k.",
            ),
        ),
    ),
    "11.6": Open(
        (
            "Learns from both starts, several runs each, and compares with the exact soft value.",
            "Says that a learner that starts low locks into the first way that pays.",
        )
    ),
    "11.7": Function(
        worth_of_less_variance,
        pairs,
        formula=True,
        rtol=1e-5,
        atol=0.0,
        right=(worth_exactly, worth_in_parts),
        near=(worth_without_half,),
        wrong=(
            Wrong(
                worth_linear_in_delta,
                "forgets that stakes count twice",
                "Linear in the difference. It enters once through how likely a mistake is, and "
                "once through what the mistake costs.",
            ),
            Wrong(
                worth_with_the_sign,
                "gives the loss of more variance",
                "Right size, wrong sign: the question is for what is earned by less variance.",
            ),
            Wrong(
                worth_per_standard_deviation,
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
