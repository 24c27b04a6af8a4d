"""The reference answers of chapter 11, and the cases that answers are tried on."""

import functools
import math

import numpy as np

import dra

# 11.2: bits and nats


NO_HABIT_HELPS = 0.2 + 0.6 * np.eye(3)


def rewards_at(half=0.5):
    """What policy compression earns with half a bit, and with half a bit less than all."""
    even = np.full(3, 1 / 3)

    def reward_at(bits):
        low, high = 0.0, 100.0
        for _ in range(30):
            middle = 0.5 * (low + high)
            found = dra.baselines.policy_compression(NO_HABIT_HELPS, even, beta=middle)
            low, high = (low, middle) if found.bits > bits else (middle, high)
        return dra.baselines.policy_compression(NO_HABIT_HELPS, even, beta=low).reward

    return [reward_at(half), reward_at(math.log2(3) - half)]


def first_and_last(half=0.5):
    """What the first and the last half bit of policy compression buy."""
    little, much = rewards_at(half)
    return [little - 0.4, 0.8 - much]


# 11.3: soft values


def worlds(rng):
    """Tables in which moves seldom end the episode, so that it takes many rounds."""
    made = []
    for S, A, size, least in ((1, 2, 1.0, 0.5), (3, 2, 1.0, 0.95), (4, 3, 1000.0, 0.95)):
        transition = 0.95 * rng.dirichlet(np.ones(S), size=(S, A))
        reward = size * rng.normal(size=(S, A))
        alpha, gamma = rng.uniform(1.3, 3), rng.uniform(least, least + 0.03)
        made.append((transition, reward, float(alpha), float(gamma)))
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


# 11.4: a habit, one round at a time


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


# 11.5: many forks


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


# 11.6: eager learners


def yard():
    """The authors' maze of the chapter; it starts in state 10."""
    place = {"start": (2, 0), "goal": (2, 4), "walls": [(2, 2)]}
    pays = {"goal_reward": 100.0, "step_reward": -10.0}
    return dra.tasks.gridworld(5, 5, **place, **pays, step_limit=200)


@functools.cache
def learned(q_init, alpha=3.0):
    """Three learners of the yard that begin with these values."""
    given = {"alpha": alpha, "gamma": 1.0, "q_init": q_init}
    runs = (dra.baselines.learn_max_entropy(yard(), 500, rng=[11, j], **given) for j in range(3))
    return tuple(runs)


def exact(alpha=3.0):
    return dra.baselines.max_entropy(yard(), alpha=alpha, gamma=1.0)


def eager_learners(of=lambda found: found.value[10]):
    """What the start is worth: [learned from values of 0, learned from 100, exact]."""
    groups = (learned(0.0), learned(100.0), (exact(),))
    return [float(np.mean([of(each) for each in group])) for group in groups]


# 11.7: what blurred memories are worth


def pairs(rng):
    """Variances of very different size, each thousands of times the square of the difference."""
    made = []
    for low, high in ((50, 100), (300, 600), (1000, 3000), (5000, 10_000)):
        v = float(rng.uniform(low, high))
        made.append((math.sqrt(v / rng.uniform(2000, 20_000)), v))
    return made


def worth_of_less_variance(delta, v):
    """What an option pair earns per unit of variance that is taken away, where v is large.

    delta : difference of the two values [reward]
    v : variance of the difference of the two draws, much larger than delta squared [reward^2]

    Returns minus the derivative of the expected reward in v [1 / reward].
    """
    return delta**2 / (2 * math.sqrt(2 * math.pi) * v**1.5)
