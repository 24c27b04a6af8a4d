"""The reference answers of chapter 4, and the cases that answers are tried on."""

import numpy as np

import dra

# 4.1: a score by hand


def score_by_hand():
    return dra.gradient.score(np.array([0.5, -0.5]), 0, np.ones(2), np.ones(2), 2.0)


# 4.3: the score


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


# 4.4: the estimator


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


# 4.5: the return to go


def rewards_of_episodes(rng):
    """Rewards of episodes of one to eight steps, with and without a discount."""
    made = [(rng.normal(0, 3, T), float(rng.uniform(0.5, 0.95))) for T in (1, 2, 3, 5, 8)]
    return [*made, (rng.normal(0, 3, 4), 1.0)]


def credits_to_go(rewards, gamma):
    """The part of the return that comes after each choice of an episode.

    rewards : (T,) rewards in the order in which they are paid; rewards[t] is paid for the
        choice at step t
    gamma : discount of the return, above 0

    Returns the credits, shape (T,): for step t the sum of gamma**k * rewards[k] over all k from
    t on. The discount counts from the start of the episode.
    """
    credits, total = np.zeros(len(rewards)), 0.0
    for t in range(len(rewards) - 1, -1, -1):
        total += gamma**t * rewards[t]
        credits[t] = total
    return credits


# 4.6: a sum in place of a sample


def noises(rng):
    """Noise and memories of one to five actions; one with values in the thousands."""
    made = []
    for A in (1, 2, 3, 3, 5):
        zeta, q, sigma = rng.standard_normal(A), rng.normal(0, 2, A), rng.uniform(0.2, 3, A)
        made.append((zeta, q, sigma, float(rng.uniform(0.3, 3))))
    zeta, q, sigma, beta = made[-1]
    return [*made, (zeta, q + 5000.0, sigma, beta)]


def summed_estimate(zeta, q, sigma, beta):
    """The estimate of the gradient from one look, averaged over the action by a sum.

    zeta : (A,) standard normal noise of the look
    q, sigma : (A,) means and blur of the memories; q may be in the thousands
    beta : inverse temperature

    The credit of each action is its mean in q.

    Returns the estimate of the derivative in every sigma, shape (A,).
    """
    x = beta * (q + sigma * zeta)
    pi = np.exp(x - x.max())
    pi = pi / pi.sum()
    return beta * zeta * pi * (q - pi @ q)


# 4.7: blur follows curvature


def bends(rng):
    return [(float(s), float(c)) for s, c in rng.normal(1.5, 0.7, (5, 2)) if s > 0] + [(2.0, -0.3)]


def slope(sigma, curvature):
    """The derivative of the expected reward in the blur of one memory.

    sigma : blur of that memory
    curvature : second derivative of the expected reward in the mean of that memory

    Returns the first derivative in sigma.
    """
    return sigma * curvature
