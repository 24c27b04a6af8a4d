"""The inner loops of DRA: choose, learn, roll out, and accumulate the gradient.

Plain loops over plain arrays, as chapter 5 derives them; :mod:`dra._compile` makes them fast.

Shared names
------------
``model``   a :class:`Model`, what an episode moves through;
``memory``  a :class:`Table`, the arrays of a memory, one entry per memory *slot*: the memory of
            action ``a`` in state ``s`` is entry ``slot[s, a]``;
``noise``   (n_actions,) scratch: the standard normal draws zeta of the last recall;
``weight``  (n_actions,) scratch: the softmax weights of the last recall, not normalised.

Random numbers are drawn in this order and no other: a recall draws one standard normal per action,
in order of the actions; a choice then draws one uniform; a stochastic transition and a random start
draw one uniform each, a deterministic transition and a fixed start draw none.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np

from dra._compile import by_type, compiled, inlined

RETURN, Q, ADVANTAGE = 0, 1, 2
CREDIT = {"return": RETURN, "q": Q, "advantage": ADVANTAGE}
"""The credit psi of a choice, by name (equations in :mod:`dra.gradient`)."""


MOVE = np.dtype([("to", np.int64), ("reward", float), ("cumulative", float), ("terminal", bool)])
"""One possible result of an action; ``cumulative`` adds up the probabilities of the results."""

START = np.dtype([("state", np.int64), ("cumulative", float)])
"""One possible start state."""


class Model(NamedTuple):
    """What an episode moves through. The arrays are those of a tabular task.

    K is the largest number of successors that any state and action has. A simulated task puts
    tuples of numbers in their place and registers its own :func:`begin`, :func:`observe` and
    :func:`move` for their types.
    """

    moves: np.ndarray  # (n_states, n_actions, K) of MOVE
    starts: np.ndarray  # (n_starts,) of START


class Table(NamedTuple):
    """A memory as flat arrays, one entry per slot, and the map from (state, action) to slot."""

    q: np.ndarray  # (n_slots,) means, changed in place by learning
    sigma: np.ndarray  # (n_slots,) standard deviations
    slot: np.ndarray  # (n_states, n_actions) int64
    fixed: np.ndarray  # (n_slots,) bool: known memories, never learned
    actions: tuple  # (0, ..., n_actions - 1); a tuple, so that the compiler knows its length


class Workspace(NamedTuple):
    """What a trial reads and writes; passed as ``packed``, see :func:`dra._compile.packed`."""

    model: Model
    memory: Table
    gradient: np.ndarray  # (n_slots,) gradient of expected reward, the result of a trial
    rng: np.random.Generator


@by_type
def begin(starts, rng):
    """Return the state in which an episode starts (binary search of the probabilities)."""
    low, high = 0, starts.size - 1
    if high > 0:
        u = rng.random()
        while low < high:
            middle = (low + high) // 2
            if u < starts[middle]["cumulative"]:
                high = middle
            else:
                low = middle + 1
    return starts[low]["state"]


@by_type
def observe(moves, state):
    """Return the row of the memory that ``state`` reads: a tabular state is its own row."""
    return state


@by_type
def move(moves, state, action, rng):
    """Return (next state, reward, terminated)."""
    k = 0
    last = moves.shape[2] - 1
    if last > 0:
        u = rng.random()
        while k < last and u >= moves[state, action, k]["cumulative"]:
            k += 1
    result = moves[state, action, k]
    return result["to"], result["reward"], result["terminal"]


@inlined
def recall(q, sigma, slot, actions, row, beta, noise, weight, rng):
    """Draw the action-values of a row; fill ``noise`` and ``weight``, return the weights' sum.

    ``weight / total`` is softmax(beta (q + sigma zeta)), the policy given this draw (eq-soft).
    """
    best = -math.inf
    for a in actions:
        m = slot[row, a]
        zeta = rng.standard_normal()
        x = beta * (q[m] + sigma[m] * zeta)
        noise[a] = zeta
        weight[a] = x
        if x > best:
            best = x
    total = 0.0
    for a in actions:
        w = math.exp(weight[a] - best)
        weight[a] = w
        total += w
    return total


@inlined
def pick(weight, total, rng):
    """Return an action drawn with probabilities ``weight / total``."""
    threshold = rng.random() * total
    action = 0
    cumulative = weight[0]
    while threshold >= cumulative and action < weight.size - 1:
        action += 1
        cumulative += weight[action]
    return action


@compiled
def learn_episode(model, memory, beta, gamma, learning_rate, step_limit, rng):
    """Learn ``memory.q`` in place from one on-policy episode; return the number of steps (eq-td).

    Expected SARSA whose target uses a fresh recall at the next state; a terminal state is worth
    nothing; an episode cut off by the limit is not treated as terminated.
    """
    moves, starts = model
    q, sigma, slot, fixed, actions = memory
    noise, weight = np.empty(len(actions)), np.empty(len(actions))
    state = begin(starts, rng)
    row = observe(moves, state)
    for t in range(step_limit):
        total = recall(q, sigma, slot, actions, row, beta, noise, weight, rng)
        action = pick(weight, total, rng)
        m = slot[row, action]
        state, reward, terminated = move(moves, state, action, rng)
        row = observe(moves, state)
        target = reward
        if not terminated:
            total = recall(q, sigma, slot, actions, row, beta, noise, weight, rng)
            value = 0.0
            for a in actions:
                value += weight[a] / total * q[slot[row, a]]
            target += gamma * value
        if not fixed[m]:
            q[m] += learning_rate * (target - q[m])
        if terminated:
            return t + 1
    return step_limit


@inlined
def credit_of(q, slot, actions, row, action, credit):
    """Return psi: 1 (the return is known only later), q, or q minus its mean over actions."""
    mean = 0.0
    for a in actions:
        mean += q[slot[row, a]]
    mean /= len(actions)
    psi = q[slot[row, action]]
    if credit == ADVANTAGE:
        psi -= mean
    elif credit == RETURN:
        psi = 1.0
    return psi


@compiled
def add_scores(model, memory, beta, credit, gamma, step_limit, into, visited, rng):
    """Roll out one trajectory and add the sum over t of gamma^t psi_t score_t to ``into``.

    Returns (number of steps, discounted return); ``visited[:steps]`` holds the rows read. With
    credit "return" the scores are added as they are: the return multiplies their sum afterwards.
    """
    moves, starts = model
    q, sigma, slot, _, actions = memory
    noise, weight = np.empty(len(actions)), np.empty(len(actions))
    discounted_return, discount = 0.0, 1.0
    state = begin(starts, rng)
    for t in range(step_limit):
        row = observe(moves, state)
        total = recall(q, sigma, slot, actions, row, beta, noise, weight, rng)
        action = pick(weight, total, rng)
        psi = credit_of(q, slot, actions, row, action, credit)
        if credit != RETURN:
            psi *= discount
        for a in actions:
            hit = 1.0 if a == action else 0.0
            into[slot[row, a]] += psi * (beta * noise[a] * (hit - weight[a] / total))
        visited[t] = row
        state, reward, terminated = move(moves, state, action, rng)
        discounted_return += discount * reward
        discount *= gamma
        if terminated:
            return t + 1, discounted_return
    return step_limit, discounted_return


@compiled
def sum_gradient(model, memory, beta, credit, gamma, step_limit, n_trajectories, gradient, rng):
    """Add the score-function gradients of ``n_trajectories`` to ``gradient``; return their steps.

    With credit "return" the scores of a trajectory are collected apart, multiplied by its return,
    and cleared; only entries that the trajectory touched are visited.
    """
    visited = np.empty(step_limit, np.int64)
    scores = np.zeros(gradient.size if credit == RETURN else 0)
    steps = 0
    for _ in range(n_trajectories):
        into = scores if credit == RETURN else gradient
        length, discounted_return = add_scores(
            model, memory, beta, credit, gamma, step_limit, into, visited, rng
        )
        steps += length
        if credit == RETURN:
            for t in range(length):
                for a in memory.actions:
                    m = memory.slot[visited[t], a]
                    gradient[m] += discounted_return * scores[m]
                    scores[m] = 0.0
    return steps


@compiled
def trial(
    packed, beta, gamma, learning_rate, credit, credit_gamma, step_limit, n_trajectories
):  # fmt: skip
    """Learn from one episode, then set the gradient to the mean over trajectories; return steps."""
    model, memory, gradient, rng = packed[0]
    steps = learn_episode(model, memory, beta, gamma, learning_rate, step_limit, rng)
    gradient[:] = 0.0
    steps += sum_gradient(
        model, memory, beta, credit, credit_gamma, step_limit, n_trajectories, gradient, rng
    )
    gradient /= n_trajectories
    return steps


@compiled
def ascend(packed, cost_gradient, learning_rate, cost_weight, low, high):
    """Move sigma in place one step up the gradient of the objective and clip it (eq-ascent)."""
    _, memory, gradient, _ = packed[0]
    sigma = memory.sigma
    for m in range(sigma.size):
        if not memory.fixed[m]:
            moved = sigma[m] + learning_rate * (gradient[m] - cost_weight * cost_gradient[m])
            sigma[m] = min(max(moved, low), high)


@compiled
def fill_returns(model, memory, beta, gamma, step_limit, returns, rng):
    """Set each entry of ``returns`` to the discounted return of one on-policy episode."""
    moves, starts = model
    q, sigma, slot, _, actions = memory
    noise, weight = np.empty(len(actions)), np.empty(len(actions))
    for i in range(returns.size):
        returns[i], discount = 0.0, 1.0
        state = begin(starts, rng)
        for _ in range(step_limit):
            row = observe(moves, state)
            total = recall(q, sigma, slot, actions, row, beta, noise, weight, rng)
            action = pick(weight, total, rng)
            state, reward, terminated = move(moves, state, action, rng)
            returns[i] += discount * reward
            discount *= gamma
            if terminated:
                break
