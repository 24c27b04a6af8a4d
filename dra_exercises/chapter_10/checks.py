"""Chapter 10: the exact gradient of a small table, the windfall, and how means follow."""

import numpy as np

import dra
from dra_exercises.chapter_10 import other_answers as other
from dra_exercises.spec import Choice, Function, Open, Value, Wrong


def exact_gradient(move, reward, start, q, sigma, beta, gamma, price, sigma_base):
    """The slope of the objective in every sigma, without sampling.

    F = expected return - price * (sum of the KL costs), both with the discount gamma.

    move : (S, A, S) array, the probability of going on to each state; what a row lacks to 1 is
        the probability that the episode ends
    reward : (S, A) array, mean reward of a move
    start : (S,) array, probability of the first state
    q, sigma : (S, A) arrays, means and standard deviations [reward]; the means are held fixed
    beta : inverse temperature [1 / reward], may be infinite
    gamma, price, sigma_base : discount, reward per nat, base [reward]

    Returns dF/dsigma, an (S, A) array. dra.policy.choice_probability_derivatives gives pi and
    its slopes, dra.costs.kl.grad(sigma, sigma_base) the slope of the cost.
    """
    ### BEGIN SOLUTION
    pi, _, slope = dra.policy.choice_probability_derivatives(q, sigma, beta)
    P = np.einsum("sa,sat->st", pi, move)
    eye = np.eye(len(P))
    V = np.linalg.solve(eye - gamma * P, (pi * reward).sum(axis=1))
    d = np.linalg.solve(eye - gamma * P.T, start)
    Q = reward + gamma * move @ V
    gain = np.einsum("sa,sab->sb", Q, slope)  # slope[s, a, b] is dpi(a|s)/dsigma_sb
    return d[:, None] * gain - price * dra.costs.kl.grad(sigma, sigma_base)
    ### END SOLUTION


def _table(rng, n_states, n_actions, ending=0.2):
    """A random task that ends with at least the probability `ending` after each move."""
    move = rng.dirichlet(np.ones(n_states), size=(n_states, n_actions)) * (1 - ending)
    reward = rng.normal(size=(n_states, n_actions))
    start = rng.dirichlet(np.ones(n_states))
    q = rng.normal(size=reward.shape)
    return move, reward, start, q, np.exp(0.5 * rng.normal(size=reward.shape))


def gradient_cases(rng):
    """Random tables, a single choice, greedy agents, free precision, and a state never met."""
    cases = [(*_table(rng, s, a), b, g, 0.1, 5.0) for s, a, b, g in
             [(1, 2, np.inf, 1.0), (3, 2, 10.0, 1.0), (4, 3, 2.0, 0.8)]]  # fmt: skip
    cases.append((*_table(rng, 2, 4), 3.0, 0.9, 0.0, 2.0))
    move, reward, start, q, sigma = _table(rng, 3, 2, ending=0.5)
    move[:, :, 2], start = 0.0, np.array([1.0, 0.0, 0.0])
    return [*cases, (move, reward, start, q, sigma, 5.0, 1.0, 0.3, 5.0)]


def windfall(task, memory, beta, gamma_q):
    """What an agent owes to means that are not the values of its policy [reward].

    task : a tabular dra task
    memory : a dra.Memory; memory.q and memory.sigma are (S, A) arrays, memory.sigma_base its base
    beta : inverse temperature [1 / reward]
    gamma_q : discount with which the means are learned

    Returns the (undiscounted) objective of the memory as it is, less that of the same sigma with
    tied means. dra.exact.evaluate(task, pi, gamma) gives .action_values and, with gamma = 1,
    .expected_return; dra.policy.choice_probabilities(q, sigma, beta) gives pi.
    """

    ### BEGIN SOLUTION
    def reward_with(q):
        pi = dra.policy.choice_probabilities(q, memory.sigma, beta)
        return dra.exact.evaluate(task, pi, 1.0).expected_return

    tied = memory.q
    for _ in range(500):
        pi = dra.policy.choice_probabilities(tied, memory.sigma, beta)
        change = dra.exact.evaluate(task, pi, gamma_q).action_values - tied
        tied = tied + 0.7 * change
        if np.abs(change).max() < 1e-9:
            break
    return reward_with(memory.q) - reward_with(tied)  # sigma and so the bill are the same
    ### END SOLUTION


def windfall_cases(rng):
    """A corridor and a room with exaggerated, random and vanishing means."""
    corridor = dra.tasks.gridworld(1, 4, start=(0, 0), goal=(0, 3), walls=())
    room = dra.tasks.gridworld(2, 3, start=(1, 0), goal=(0, 2), walls=())
    cases = []
    for task, gamma_q in ((corridor, 0.95), (corridor, 0.6), (room, 0.8)):
        values = dra.exact.evaluate(task, np.full(task.memory_shape, 0.25), 0.9).action_values
        for q in (2.0 * values, rng.normal(size=values.shape), 0.0 * values):
            sigma = rng.uniform(1.0, 4.0, size=q.shape)
            cases.append((task, dra.Memory(q, sigma, 5.0), 2.0, gamma_q))
    return cases


def gap(P, gamma_q):
    """How far the tied means of the two actions are apart, mean 1 less mean 2 [reward].

    P : probability of action 1, above 0
    gamma_q : discount of the means, from 0 to 1
    """
    ### BEGIN SOLUTION
    return (1 - gamma_q) / (1 - gamma_q * (1 - P))
    ### END SOLUTION


def gap_cases(rng):
    """Inside, and at the ends: no discount, nothing ahead, no mistakes."""
    inside = [(float(P), float(g)) for P, g in rng.uniform(0.05, 0.95, size=(5, 2))]
    return [*inside, (1.0, 0.9), (0.3, 0.0), (0.4, 1.0)]


def visits_and_return(P=((0.2, 0.8), (0.0, 0.5)), r=(-1.0, 4.0), flip=True):
    """[d(0), d(1), expected return] of the chain of the first exercise."""
    P = np.array(P)
    d = np.linalg.solve(np.eye(2) - (P.T if flip else P), [1.0, 0.0])
    return np.append(d, d @ np.array(r))


EXERCISES = {
    "10.1": Value(
        visits_and_return,
        wrong=(
            Wrong(
                lambda: visits_and_return(flip=False),
                "visits by the matrix of values",
                "These visits solve the equation of the values. Values look at where a move goes "
                "*to*, visits at where it comes *from*: compare the two equations for $V$ and $d$.",
            ),
            Wrong(
                np.array([1.0, 1.0, 3.0]),
                "whether, not how often",
                "You count whether a state is met. $d(s)$ is how often, and a state that can be "
                "stayed in is met again: {eq}`eq-visits`.",
            ),
            Wrong(
                lambda: visits_and_return(((0.18, 0.72), (0.0, 0.45))),
                "a discount of 0.9",
                "These are visits with the discount 0.9. Here $\\gamma = 1$: every visit counts in "
                "full.",
            ),
            Wrong(
                np.array([1.25, 2.0, 6.75 + 2.0 * 5.0]),
                "the last reward at every visit",
                "The visits are right. But state 1 earns 9 only if the move ends the episode: "
                "average the reward over what may happen.",
            ),
        ),
    ),
    "10.2": Choice(
        "C",
        (
            Wrong(
                "A",
                "a maximum is flat",
                "At the best allocation $F$ is flat in $\\sigma$, with the means tied. Here the "
                "means are untied, and moved alone. Look at the slope in $\\bar q$ of "
                "{eq}`eq-exact-gradient`, and at how much is left to win.",
            ),
            Wrong(
                "B",
                "louder means win more",
                "Louder means do make better choices for the same price. But how much reward do "
                "all mistakes together cost at the best allocation? Doubling cannot win more.",
            ),
        ),
    ),
    "10.3": Function(
        exact_gradient, gradient_cases, other.GRADIENTS, other.RIGHT_GRADIENTS,
        other.NEAR_GRADIENTS, rtol=1e-4, atol=1e-6,
    ),
    "10.4": Function(
        windfall, windfall_cases, other.WINDFALLS, other.RIGHT_WINDFALLS, other.NEAR_WINDFALLS,
        rtol=1e-5, atol=1e-6, seconds=60.0,
    ),
    "10.5": Choice(
        "C",
        (
            Wrong(
                "A",
                "blames the noise",
                "Switch it off: let the agent follow its *expected* gradient until it rests "
                "(`exact.fixed_point`). It rests at $-72.8$ or $-72.9$, where the learners are.",
            ),
            Wrong(
                "B",
                "blames the history",
                "Start elsewhere: from the memories of $\\lambda = 0.3$, and from the best "
                "allocation. From every start the noiseless agent falls to the same place.",
            ),
            Wrong(
                "D",
                "blames the means",
                "Tie the means and see: the windfall of these agents is next to nothing. What else "
                "does $\\gamma_q$ enter?",
            ),
            Wrong(
                "E",
                "blames the neglected term",
                "It is there, but small: with the true action-values as the credit the noiseless "
                "agent still lacks the second term of {eq}`eq-best`, and rests 1.6 below the best.",
            ),
        ),
    ),
    "10.6": Function(
        gap, gap_cases, other.GAPS, other.RIGHT_GAPS, other.NEAR_GAPS, formula=True,
    ),
    "10.7": Open(
        (
            "Exaggerated differences of values permit blurred memories: few mistakes at little "
            "cost.",
            "As experience makes the values true, either mistakes or precision must grow, although "
            "the task has not changed.",
            "A lower price also makes few mistakes, but then mistakes and precision stay as they "
            "are.",
            "What tells them apart: values that are reported or bid (means) and choice noise "
            "(means over $\\sigma$), measured several times.",
            "A control: animals that never knew hardship, in the same easy task.",
        )
    ),
}  # fmt: skip
