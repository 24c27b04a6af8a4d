"""The stochastic gradient of expected reward in sigma (chapter 4).

For an agent whose choice in state s given the draw zeta is softmax(beta (q + sigma zeta)),

    d ln pi(a | s, zeta) / d sigma_sb = beta zeta_sb (1{a = b} - pi(b | s, zeta))      (eq-score)
    d E[return] / d sigma             = E[ sum_t gamma^t psi_t d ln pi_t / d sigma ]   (eq-gradient)

where the credit psi_t of a choice is one of

    "return"      the return of the whole trajectory (then without the factor gamma^t),
    "q"           q(s_t, a_t),
    "advantage"   q(s_t, a_t) minus the mean of q(s_t, .) over actions.

"return" is unbiased whatever q is. The other two are unbiased if q holds the true action-values of
the policy; the mean subtracted is a baseline and does not bias.
"""

from __future__ import annotations

import numpy as np

from dra import _check, loops, policy

__all__ = [
    "estimate",
    "score",
]


def score(noise, action, q, sigma, beta):
    """Return the score of one choice, d ln pi(action | zeta) / d sigma, shape (A,) (eq-score).

    Parameters
    ----------
    noise : (A,) array
        The standard normal draws zeta of the recall.
    action : int
    q, sigma : (A,) arrays
    beta : float
        Inverse temperature, finite.

    Raises
    ------
    ValueError
        If shapes disagree or an argument is out of range.

    Examples
    --------
    >>> score([1.0, -1.0], 0, q=[0.0, 0.0], sigma=[0.0, 0.0], beta=2.0)
    array([1., 1.])
    """
    noise = _check.array("noise", noise)
    q = _check.array("q", q, shape=noise.shape)
    sigma = _check.array("sigma", sigma, shape=noise.shape, least=0)
    beta = _check.number("beta", beta, above=0)
    if _check.integer("action", action) >= noise.size:
        raise ValueError(f"action is {action}; it must be one of 0 to {noise.size - 1}")
    pi = policy.softmax(q + sigma * noise, beta)
    chosen = np.arange(noise.size) == action
    return beta * noise * (chosen - pi)


def estimate(task, memory, *, beta, rng, gamma=1.0, credit="advantage", n_trajectories=10):
    """Return the mean score-function gradient of ``n_trajectories`` sampled trajectories.

    Parameters
    ----------
    task : Tabular
    memory : Memory
    beta : float
        Inverse temperature, finite.
    rng : seed or Generator
    gamma : float in [0, 1]
        Discount of the objective whose gradient this is.
    credit : {"return", "q", "advantage"}
    n_trajectories : int

    Returns
    -------
    array of the shape of ``memory.sigma``
        Zero for known memories.

    Raises
    ------
    ValueError
        If an argument is out of range or the memory does not fit the task.
    """
    beta = _check.number("beta", beta, above=0)
    gamma = _check.number("gamma", gamma, least=0, most=1)
    _check.one_of("credit", credit, loops.CREDIT)
    n_trajectories = _check.integer("n_trajectories", n_trajectories, least=1)
    total = np.zeros(memory.sigma.size)
    loops.sum_gradient(
        task.model, memory.table(task), beta, loops.CREDIT[credit], gamma,
        task.step_limit, n_trajectories, total, np.random.default_rng(rng),
    )  # fmt: skip
    return np.where(memory.known, 0.0, (total / n_trajectories).reshape(memory.sigma.shape))
