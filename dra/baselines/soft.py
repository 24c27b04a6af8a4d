"""Maximum-entropy reinforcement learning: reward plus alpha times the entropy of each choice.

    q(s, a) = r(s, a) + gamma sum_s' p(s' | s, a) V(s'),
    V(s)    = alpha ln sum_a exp(q(s, a) / alpha),                               (eq-soft-value)
    pi(a|s) = exp((q(s, a) - V(s)) / alpha)

(Ziebart 2010; Haarnoja et al. 2017). Only actions that exist are summed over. V is the optimum of
E sum_t gamma^t (r_t + alpha H(pi(. | s_t))), with H in nats.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import entr, logsumexp

from dra import _check, _slots, _twin
from dra.exact import chain as chains
from dra.tasks import Task
from dra.tasks.table import Tabular

_MOST = 200  # rounds of policy iteration; five are usual
_NO_LIMIT = (
    "the soft values have no limit: gamma is 1, and an agent at alpha = {alpha:g} that never ends "
    "an episode gains more entropy than its moves cost; alpha or gamma must be lower"
)


@dataclass(frozen=True, eq=False)
class MaxEntropy:
    """What :func:`max_entropy` and :func:`learn_max_entropy` return.

    Attributes
    ----------
    q : (n_states, n_actions) array
        Soft action-values; 0 for choices that do not exist and in terminal states.
    value : (n_states,) array
        Soft values; 0 for terminal states, NaN where they have no limit.
    choice_probabilities : (n_states, n_actions) array
        0 for choices that do not exist and in terminal states.
    choice_entropy : (n_states,) array
        In nats.
    """

    q: np.ndarray
    value: np.ndarray
    choice_probabilities: np.ndarray
    choice_entropy: np.ndarray


@np.errstate(all="ignore")
def max_entropy(task: Tabular, *, alpha: float, gamma: float) -> MaxEntropy:
    """Return the optimum of reward plus entropy, exactly (eq-soft-value).

    By policy iteration: evaluate the policy with its entropy by a linear solve, then take the
    softmax of its values. Episodes last until they terminate: the task's step limit is ignored.

    Parameters
    ----------
    task : Tabular
    alpha : float
        What a nat of entropy is worth, in units of reward.
    gamma : float in [0, 1]
        Discount of rewards and of entropy.

    Returns
    -------
    MaxEntropy

    Raises
    ------
    ValueError
        If an argument is not legal, or ``gamma`` is 1 and the values have no limit: from some
        state on no episode ever ends, or to stay away from the end pays for ever.

    Examples
    --------
    Two ways to the same reward, one of which forks: it is taken more often, at every alpha.

    >>> import dra
    >>> to = [[[1], [2]], [[3], [3]], [[3], [3]], [[3], [3]]]
    >>> exists = [[True, True], [True, False], [True, True], [True, False]]
    >>> fork = dra.tasks.assemble("fork", to, 1.0, 0.0, terminal=[3], start=0, available=exists)
    >>> max_entropy(fork, alpha=0.1, gamma=1.0).choice_probabilities[0].round(4)
    array([0.3333, 0.6667])
    """
    alpha = _check.number("alpha", alpha, above=0)
    gamma = _check.number("gamma", gamma, least=0, most=1)
    visited, whole = chains.states(task), chains.states(task, everywhere=True)
    kept = np.ones(whole.number.size, bool)
    if gamma == 1:
        kept = _ending(whole)
        if not np.isin(visited.number, whole.number[kept]).all():
            raise ValueError(chains.NEVER_ENDS)
    states = chains.part(whole, kept)
    return _spread(task, states, _iterate(states, alpha, gamma), alpha)


def _ending(states):
    """Return the mask of states from which an end can be reached whatever happens before."""
    backwards = chains.connections(states, states.available * 1.0).T
    may_end = chains.reached(backwards, states.ending.max(axis=1, initial=0.0) > 0)
    return ~chains.reached(backwards, ~may_end)


def _iterate(states, alpha, gamma):
    """Return the soft action-values (n, n_actions) of ``states``, -inf where there is no choice."""
    policy = states.available / states.available.sum(axis=1, keepdims=True)
    before = np.inf
    for _ in range(_MOST):
        income = np.sum(policy * states.reward, axis=1) + alpha * entr(policy).sum(axis=1)
        try:
            solver = chains.chain(states, policy, gamma)
            chains.visits(states, policy, gamma, solver)  # raises where episodes do not end
            value = solver.solve(income)
        except ValueError:
            raise ValueError(_NO_LIMIT.format(alpha=alpha)) from None
        q = np.where(states.available, states.reward + gamma * states.ahead(value), -np.inf)
        soft = alpha * logsumexp(q / alpha, axis=1)
        gain = np.abs(soft - value).max(initial=0.0)
        policy = np.exp((q - soft[:, None]) / alpha)
        policy /= policy.sum(axis=1, keepdims=True)
        if gain <= 1e-13 * (alpha + np.abs(value).max(initial=0.0)) or gain == 0:
            return q
        if gain < 1e-9 * (alpha + np.abs(value).max(initial=0.0)) and gain >= before:
            return q  # what is left is rounding
        before = gain
    raise ValueError(_NO_LIMIT.format(alpha=alpha))


def _spread(task, states, q, alpha):
    """Return the :class:`MaxEntropy` of soft action-values, with arrays over all states."""
    soft, chance = np.zeros(task.slot.shape), np.zeros(task.slot.shape)
    value = np.where(task.terminal, 0.0, np.nan)
    value[states.number] = alpha * logsumexp(q / alpha, axis=1)
    soft[states.number] = np.where(states.available, q, 0.0)
    lost = ~task.terminal & np.isnan(value)
    soft[lost] = np.where(task.available[lost], np.nan, 0.0)
    chance[states.number] = np.exp((q - value[states.number, None]) / alpha)
    chance[lost] = soft[lost]
    return MaxEntropy(soft, value, chance, entr(chance).sum(axis=1))


@np.errstate(all="ignore")
def learn_max_entropy(
    task: Task, episodes: int, *, alpha: float, gamma: float, rng: Any,
    learning_rate: float = 0.1, q_init: float = 0.0,
) -> MaxEntropy:  # fmt: skip
    """Learn soft action-values from experience (soft Q-learning, eq-soft-value).

    The agent acts by its own policy softmax(q / alpha). After each move q(s, a) goes the part
    ``learning_rate`` of the way to r + gamma alpha ln sum_a' exp(q(s', a') / alpha).

    Parameters
    ----------
    task : Task
        Tabular or simulated; memories that its choices share are not shared here.
    episodes : int
    alpha : float
        What a nat of entropy is worth, in units of reward.
    gamma : float in [0, 1]
    rng : seed or Generator
    learning_rate : float in [0, 1]
    q_init : float
        Action-values before the first episode.

    Returns
    -------
    MaxEntropy
        As learned: states that no episode came to have the values they began with.

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    >>> import dra
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> learned = learn_max_entropy(task, 5000, alpha=5.0, gamma=0.5, rng=0)
    >>> learned.value.round(2), max_entropy(task, alpha=5.0, gamma=0.5).value.round(2)
    (array([12.35, 14.15,  0.  ]), array([12.35, 14.15,  0.  ]))
    """
    _slots.checked(task)
    episodes = _check.integer("episodes", episodes, least=1)
    alpha = _check.number("alpha", alpha, above=0)
    gamma = _check.number("gamma", gamma, least=0, most=1)
    rate = _check.number("learning_rate", learning_rate, least=0, most=1)
    first = _check.number("q_init", q_init)
    rng = _check.generator("rng", rng)
    over = np.broadcast_to(getattr(task, "terminal", False), task.n_states)
    chosen = task.available & ~over[:, None]
    q = np.where(chosen, first, -np.inf)
    for _ in range(episodes):
        _learn_episode(task, q, alpha, gamma, rate, rng)
    alive = chosen.any(axis=1)
    value, chance = np.zeros(task.n_states), np.zeros(q.shape)
    value[alive] = alpha * logsumexp(q[alive] / alpha, axis=1)
    chance[alive] = np.exp((q[alive] - value[alive, None]) / alpha)
    return MaxEntropy(np.where(chosen, q, 0.0), value, chance, entr(chance).sum(axis=1))


def _learn_episode(task, q, alpha, gamma, rate, rng):
    """Learn ``q`` from one episode, in place; -inf marks choices that do not exist."""
    code = _twin.loops_for(task, compiled=False)
    moves, starts = task._world
    state = code.begin(starts, rng)
    row = int(code.observe(moves, state))
    for _ in range(task.step_limit):
        soft = _log_sum(q[row].tolist(), alpha)
        action = _drawn(q[row].tolist(), soft, alpha, rng)
        state, reward, terminated = code.move(moves, state, action, rng)
        ahead = int(code.observe(moves, state))
        target = reward if terminated else reward + gamma * _log_sum(q[ahead].tolist(), alpha)
        q[row, action] += rate * (target - q[row, action])
        row = ahead
        if terminated:
            return


def _log_sum(values, alpha):
    """Return alpha ln sum exp(values / alpha)."""
    best = max(values)
    return best + alpha * math.log(sum(math.exp((x - best) / alpha) for x in values))


def _drawn(values, soft, alpha, rng):
    """Return a choice drawn from exp((values - soft) / alpha)."""
    threshold, last = rng.random(), 0
    for k, x in enumerate(values):
        chance = math.exp((x - soft) / alpha)
        if chance > 0:
            last = k
            threshold -= chance
            if threshold < 0:
                return k
    return last
