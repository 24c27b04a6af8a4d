"""Chapter 10: what else is handed in, right and wrong, for the three functions."""

import numpy as np

import dra
from dra_exercises.spec import Wrong


def _pieces(move, reward, start, q, sigma, beta, gamma):
    """pi and its slopes, P, V, d and Q."""
    pi, _, slope = dra.policy.choice_probability_derivatives(q, sigma, beta)
    P = np.einsum("sa,sat->st", pi, move)
    eye = np.eye(len(P))
    V = np.linalg.solve(eye - gamma * P, (pi * reward).sum(axis=1))
    d = np.linalg.solve(eye - gamma * P.T, start)
    return pi, slope, P, V, d, reward + gamma * move @ V


def _mistaken(visits=None, credit=None, cost=None, weight=None):
    """A gradient in which one of its factors is replaced."""

    def answer(move, reward, start, q, sigma, beta, gamma, price, sigma_base):
        pi, slope, P, _, d, Q = _pieces(move, reward, start, q, sigma, beta, gamma)
        k = dra.costs.kl.grad(sigma, sigma_base)
        Q = Q if credit is None else credit(reward, q)
        slope = slope if weight is None else weight(pi, slope)
        d = d if visits is None else visits(P, start, gamma)
        bill = price * k if cost is None else cost(price * k, d[:, None])
        return d[:, None] * np.einsum("sa,sab->sb", Q, slope) - bill

    return answer


def _not_turned(P, start, gamma):
    return np.linalg.solve(np.eye(len(P)) - gamma * P, start)


def _undiscounted(P, start, _):
    return np.linalg.solve(np.eye(len(P)) - 0.999 * P.T, start)


GRADIENTS = (
    Wrong(
        _mistaken(visits=lambda P, start, gamma: np.ones(len(P))),
        "every state once",
        "Each state counts as if an episode met it once. How often is it met? See {eq}`eq-visits`.",
    ),
    Wrong(
        _mistaken(visits=lambda P, start, gamma: start),
        "the start only",
        "Only the first choice of an episode counts here. The later ones depend on their sigma, "
        "too: {eq}`eq-visits`.",
    ),
    Wrong(
        _mistaken(visits=_not_turned),
        "visits by the matrix of values",
        "The visits solve the equation of the values. Which of the two equations needs the "
        "transpose of $P_\\pi$?",
    ),
    Wrong(
        _mistaken(credit=lambda reward, q: reward),
        "no future",
        "A choice is credited with its own reward and nothing of what follows. $Q$ looks ahead.",
    ),
    Wrong(
        _mistaken(credit=lambda reward, q: q),
        "believes its memory",
        "The credit of a choice is what it really earns, $Q$, not what is remembered of it, "
        "$\\bar q$. The two agree only where the means are true.",
    ),
    Wrong(
        _mistaken(cost=lambda bill, d: d * bill),
        "pays at each visit",
        "You charge each memory at every visit. The objective of this chapter pays for a memory "
        "once, however often it is used: {eq}`eq-exact-objective`.",
    ),
    Wrong(
        _mistaken(cost=lambda bill, d: -bill),
        "earns the price",
        "The price has the wrong sign. $F$ is reward *less* the bill.",
    ),
    Wrong(
        _mistaken(cost=lambda bill, d: 0.0 * bill),
        "precision for nothing",
        "This is the slope of the expected return. The bill has a slope, too.",
    ),
    Wrong(
        _mistaken(weight=lambda pi, slope: slope.transpose(0, 2, 1)),
        "derivatives of the wrong choice",
        "Two indices are exchanged. Entry [s, a, b] of the derivatives is how $\\pi(a \\mid s)$ "
        "moves with $\\sigma_{sb}$. Sum over the actions, keep the memories.",
    ),
)


def _with_a_baseline(move, reward, start, q, sigma, beta, gamma, price, sigma_base):
    _, slope, _, V, d, Q = _pieces(move, reward, start, q, sigma, beta, gamma)
    better = Q - V[:, None]  # the slopes of a row add up to 0
    out = np.zeros(q.shape)
    for s in range(q.shape[0]):
        for b in range(q.shape[1]):
            out[s, b] = d[s] * sum(better[s, a] * slope[s, a, b] for a in range(q.shape[1]))
    return out - price * (sigma / sigma_base**2 - 1 / sigma)


def _by_adding_up(move, reward, start, q, sigma, beta, gamma, price, sigma_base):
    pi, _, slope = dra.policy.choice_probability_derivatives(q, sigma, beta)
    Q, d, here = np.zeros(q.shape), 0.0, start
    for _ in range(400):
        Q = reward + gamma * move @ (pi * Q).sum(axis=1)
        d = d + here
        here = gamma * np.einsum("s,sa,sat->t", here, pi, move)
    gain = d[:, None] * (Q[:, :, None] * slope).sum(axis=1)
    return gain - price * dra.costs.kl.grad(sigma, sigma_base)


def _by_differences(move, reward, start, q, sigma, beta, gamma, price, sigma_base):
    def F(sigma):
        pi = dra.policy.choice_probabilities(q, sigma, beta)
        P = np.einsum("sa,sat->st", pi, move)
        V = np.linalg.solve(np.eye(len(P)) - gamma * P, (pi * reward).sum(axis=1))
        return start @ V - price * dra.costs.kl.value(sigma, sigma_base).sum()

    out = np.zeros(q.shape)
    for at in np.ndindex(q.shape):
        step = np.zeros(q.shape)
        step[at] = 1e-4 * sigma[at]
        out[at] = (F(sigma + step) - F(sigma - step)) / (2 * step[at])
    return out


RIGHT_GRADIENTS = _with_a_baseline, _by_adding_up, _by_differences
NEAR_GRADIENTS = (_mistaken(visits=_undiscounted),)


def _reward(task, memory, q, beta):
    pi = dra.policy.choice_probabilities(q, memory.sigma, beta)
    return dra.exact.evaluate(task, pi, 1.0).expected_return


def _tied(task, memory, beta, gamma_q, rounds=400, step=0.5):
    q = memory.q
    for _ in range(rounds):
        pi = dra.policy.choice_probabilities(q, memory.sigma, beta)
        q = q + step * (dra.exact.evaluate(task, pi, gamma_q).action_values - q)
    return q


def _by_newton(task, memory, beta, gamma_q):
    tied = dra.exact.tied_values(task, memory, beta=beta, gamma_q=gamma_q)
    given = {"beta": beta, "gamma": 1.0, "cost_weight": 0.1}
    return dra.exact.objective(task, memory, **given) - dra.exact.objective(task, tied, **given)


def _by_small_steps(task, memory, beta, gamma_q):
    tied = _tied(task, memory, beta, gamma_q)
    return _reward(task, memory, memory.q, beta) - _reward(task, memory, tied, beta)


def _once(task, memory, beta, gamma_q):
    told = _tied(task, memory, beta, gamma_q, rounds=1, step=1.0)
    return _reward(task, memory, memory.q, beta) - _reward(task, memory, told, beta)


def _four_rounds(task, memory, beta, gamma_q):
    told = _tied(task, memory, beta, gamma_q, rounds=4)
    return _reward(task, memory, memory.q, beta) - _reward(task, memory, told, beta)


def _discounted(task, memory, beta, gamma_q):
    tied = _tied(task, memory, beta, gamma_q)
    low, high = (
        dra.exact.evaluate(
            task, dra.policy.choice_probabilities(q, memory.sigma, beta), gamma_q * 0.999
        ).expected_return
        for q in (tied, memory.q)
    )
    return high - low


WINDFALLS = (
    Wrong(
        _once,
        "the values once",
        "You put in the values of the policy that the *old* means make. With the new means the "
        "policy is another, and so are its values. Tied means are the values of the policy that "
        "they make themselves: {eq}`eq-tied`.",
    ),
    Wrong(
        lambda task, memory, beta, gamma_q: -_by_small_steps(task, memory, beta, gamma_q),
        "tied less untied",
        "The sign is turned around. A windfall is what the agent has *above* what its allocation "
        "is worth with tied means.",
    ),
    Wrong(
        lambda task, memory, beta, gamma_q: _by_small_steps(task, memory, beta, 1.0),
        "ties without the discount",
        "The means are tied with the discount 1. They are learned with $\\gamma_q$, and settle on "
        "the values that are discounted so. Only the objective counts all moves alike.",
    ),
    Wrong(
        lambda task, memory, beta, gamma_q: _reward(
            task, memory, _tied(task, memory, beta, gamma_q), beta
        ),
        "the tied reward alone",
        "This is what the allocation earns with tied means. The windfall is the distance of the "
        "agent, as it is, from that.",
    ),
)
RIGHT_WINDFALLS = _by_newton, _by_small_steps
NEAR_WINDFALLS = _four_rounds, _discounted


def _by_value(P, gamma_q):
    v = P / (1 - gamma_q + gamma_q * P)
    return 1 - gamma_q * v


def _by_tries(P, gamma_q):
    if gamma_q == 1:
        return 0.0
    v = sum(P * (gamma_q * (1 - P)) ** k for k in range(3000))
    return 1 - gamma_q * v


GAPS = (
    Wrong(
        lambda P, gamma_q: 1 - gamma_q,
        "no mistakes later",
        "Your second mean supposes that the next choice is right for certain. It is right with the "
        "probability $P$ only.",
    ),
    Wrong(
        lambda P, gamma_q: 1 - gamma_q * P,
        "one more try, and no more",
        "After action 2 the agent may take action 2 again, and again. The value of coming back "
        "holds itself: write $v$ on both sides.",
    ),
    Wrong(
        lambda P, gamma_q: (1 - P) * (1 - gamma_q) / (1 - gamma_q * (1 - P)),
        "the move back is not discounted",
        "This is $1 - v$. The second mean is what is earned one move later, so it is discounted "
        "once more.",
    ),
    Wrong(
        lambda P, gamma_q: gamma_q * P / (1 - gamma_q * (1 - P)),
        "the second mean alone",
        "This is the mean of action 2. Asked is how far it is below that of action 1.",
    ),
)
RIGHT_GAPS = _by_value, _by_tries
NEAR_GAPS = (lambda P, gamma_q: 1 - gamma_q * P / (1 - gamma_q + gamma_q * P + 1e-3),)
