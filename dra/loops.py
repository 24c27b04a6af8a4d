"""The inner loops of DRA: choose, learn, roll out, and accumulate the gradient.

Plain loops over plain arrays, as chapter 5 derives them; :mod:`dra._compile` makes them fast.
:func:`begin`, :func:`observe`, :func:`move` and :func:`cut_off` are those of a tabular task. A task
that brings its own gets a copy of this module with them in place (:mod:`dra._twin`); likewise a
credit of one's own (:func:`credit_of`), and where some actions do not exist, which ones do
(:func:`choices`, :func:`action_of`). Names:
``world``   a :class:`World`, what an episode moves through;
``memory``  a :class:`Table`, the arrays of a memory, one entry per memory *slot*;
``row``     the row of the memory that a state reads;
``k``       one of the choices that exist: entry ``slot[row, k]``, action ``action[row, k]``.

Random numbers are drawn in this order and no other: a recall draws one standard normal per choice,
in order of the actions; a choice then draws one uniform; a stochastic transition and a random start
draw one uniform each, a noisy reward one standard normal after it; what is certain draws none. A
draw that may not happen has an ``else``, or is a loop of one turn or none: with a plain ``if``
Numba counts anew who holds each array, in every episode, and that takes longer than a move.
"""

from __future__ import annotations

import math

from dra._compile import called, compiled, inlined
from dra._records import MOVE, START, Given, Table, World

__all__ = ["MOVE", "START", "Given", "Table", "World"]
NONE, RETURN, Q, ADVANTAGE, OWN = -1, 0, 1, 2, 3  # the credits of dra.credits, and no credit at all


@inlined
def begin(starts, rng):
    """Return the state in which an episode starts: by binary search, begun where all are alike."""
    low, high, u = 0, starts.size - 1, 0.0
    for _ in range(min(high, 1)):
        u = rng.random()
    guess = int(u * starts.size)
    if u < starts[guess]["cumulative"] and (guess == 0 or u >= starts[guess - 1]["cumulative"]):
        low = high = guess
    while low < high:
        middle = (low + high) // 2
        if u < starts[middle]["cumulative"]:
            high = middle
        else:
            low = middle + 1
    return starts[low]["state"]


@inlined
def observe(moves, state):
    """Return the row of the memory that ``state`` reads: a tabular state is its own row."""
    return state


@inlined
def move(moves, state, action, rng):
    """Return (next state, reward, terminated)."""
    k, last = 0, moves.shape[2] - 1
    if last > 0:
        u = rng.random()
        while k < last and u >= moves[state, action, k]["cumulative"]:
            k += 1
    result = moves[state, action, k]
    if result["noise"] > 0.0:
        reward = result["reward"] + result["noise"] * rng.standard_normal()
    else:
        reward = result["reward"]
    return result["to"], reward, result["terminal"]


@inlined
def cut_off(moves, state):
    """Return whether the task itself breaks an episode off that has not ended: a table never."""
    return False


@inlined
def choices(memory, row):
    """Return how many choices a row has: all actions. To ask the memory costs five per cent."""
    return memory.slot.shape[1]


@inlined
def action_of(memory, row, k):
    """Return the action of the task that choice ``k`` of a row stands for: here the same number."""
    return k


@inlined
def recall(memory, row, beta, rng):
    """Draw the action-values of a row: fill the memory's noise and weight, return the weights' sum.

    ``weight / total`` is softmax(beta (q + sigma zeta)), the policy given this draw (eq-soft).
    The exponential of less than -746 is zero; to find that takes the C library several times as
    long as any other.
    """
    noise, weight = memory.noise, memory.weight
    best = -math.inf
    for k in range(choices(memory, row)):
        m = memory.slot[row, k]
        zeta = rng.standard_normal()
        x = beta * (memory.q[m] + memory.sigma[m] * zeta)
        noise[k] = zeta
        weight[k] = x
        if x > best:
            best = x
    total = 0.0
    for k in range(choices(memory, row)):
        below = weight[k] - best
        w = 1.0 if below == 0.0 else 0.0 if below < -746.0 else math.exp(below)
        weight[k] = w
        total += w
    return total


@inlined
def pick(weight, count, total, rng):
    """Return one of ``count`` choices, drawn with probabilities ``weight / total``."""
    threshold = rng.random() * total
    k, cumulative = 0, weight[0]
    while threshold >= cumulative and k < count - 1:
        k += 1
        cumulative += weight[k]
    return k


@called
def learn_episode(world, memory, beta, gamma_q, learning_rate, step_limit, rng):
    """Learn ``memory.q`` from one on-policy episode; return the number of steps (eq-td).

    Expected SARSA with a fresh recall at the next state; a terminal state is worth nothing; an
    episode cut off, by the limit or by the task, is not treated as terminated.
    """
    moves, starts = world
    q, slot, weight = memory.q, memory.slot, memory.weight
    state = begin(starts, rng)
    row = observe(moves, state)
    for t in range(step_limit):
        total = recall(memory, row, beta, rng)
        k = pick(weight, choices(memory, row), total, rng)
        m = slot[row, k]
        state, reward, terminated = move(moves, state, action_of(memory, row, k), rng)
        row = observe(moves, state)
        target = reward
        if not terminated:
            total = recall(memory, row, beta, rng)
            value = 0.0
            for j in range(choices(memory, row)):
                value += weight[j] / total * q[slot[row, j]]
            target += gamma_q * value
        if not memory.fixed[m]:
            q[m] += learning_rate * (target - q[m])
        if terminated or cut_off(moves, state):
            return t + 1
    return step_limit


@inlined
def credit_of(memory, row, k, credit, reward, next_row, terminated):
    """Return psi: 1 (the return is known only later), q, or q minus its mean over actions.

    A credit of one's own takes this place; it may look at what followed the choice.
    """
    psi = memory.q[memory.slot[row, k]]
    if credit == ADVANTAGE:
        mean = 0.0
        for j in range(choices(memory, row)):
            mean += memory.q[memory.slot[row, j]]
        psi -= mean / choices(memory, row)
    elif credit == RETURN:
        psi = 1.0
    return psi


@inlined
def add_scores(world, memory, beta, credit, gamma, step_limit, into, rng):
    """Roll out one trajectory and add the sum over t of gamma^t psi_t score_t to ``into``.

    Returns (number of steps, discounted return, number of rows in ``memory.visited``). With credit
    "return" the scores are added as they are, and each row read is noted once.
    """
    moves, starts = world
    slot, noise, weight = memory.slot, memory.noise, memory.weight
    discounted_return, discount, rows = 0.0, 1.0, 0
    state = begin(starts, rng)
    row = observe(moves, state)
    for t in range(step_limit):
        here = row
        total = recall(memory, here, beta, rng)
        chosen = pick(weight, choices(memory, here), total, rng)
        state, reward, terminated = move(moves, state, action_of(memory, here, chosen), rng)
        row = observe(moves, state)
        if credit != NONE:
            psi = credit_of(memory, here, chosen, credit, reward, row, terminated)
            if credit != RETURN:
                psi *= discount
            elif not memory.seen[here]:
                memory.seen[here] = True
                memory.visited[rows] = here
                rows += 1
            for k in range(choices(memory, here)):
                hit = 1.0 if k == chosen else 0.0
                into[slot[here, k]] += psi * (beta * noise[k] * (hit - weight[k] / total))
        discounted_return += discount * reward
        discount *= gamma
        if terminated or cut_off(moves, state):
            return t + 1, discounted_return, rows
    return step_limit, discounted_return, rows


@called
def mean_gradient(world, memory, beta, credit, gamma, step_limit, n, gradient, rng):
    """Set ``gradient`` to the mean score-function gradient of ``n`` trajectories.

    Returns their steps. With credit "return" the scores of a trajectory are collected apart,
    multiplied by its return, and cleared; only entries that the trajectory touched are visited.
    """
    slot, scores = memory.slot, memory.scores
    for m in range(gradient.size):
        gradient[m] = 0.0
    steps = 0
    for _ in range(n):
        into = scores if credit == RETURN else gradient
        length, discounted_return, rows = add_scores(
            world, memory, beta, credit, gamma, step_limit, into, rng
        )
        steps += length
        for i in range(rows):
            row = memory.visited[i]
            memory.seen[row] = False
            for k in range(choices(memory, row)):
                gradient[slot[row, k]] += discounted_return * scores[slot[row, k]]
                scores[slot[row, k]] = 0.0
    for m in range(gradient.size):
        gradient[m] /= n
    return steps


@called
def ascend(sigma, fixed, gradient, slope, climb):
    """Move sigma a clipped step up, unless a step is no number; return whether so (eq-ascent)."""
    learning_rate, cost_weight, low, high, kl = climb
    if kl > 0.0:  # 1 / sigma_base^2: the cost is KL (eq-kl-grad), faster here than outside
        for m in range(sigma.size):
            slope[m] = sigma[m] * kl - 1.0 / sigma[m]
    bad = False  # a loop without an exit takes several memories at once
    for m in range(sigma.size):
        step = gradient[m] - cost_weight * slope[m]
        bad |= (step != step) & (not fixed[m])
    if bad:
        return False
    for m in range(sigma.size):
        if not fixed[m]:
            moved = sigma[m] + learning_rate * (gradient[m] - cost_weight * slope[m])
            sigma[m] = min(max(moved, low), high)
    return True


@called
def evaluate(world, memory, beta, gamma, step_limit, returns, rng):
    """Set each entry of ``returns`` to the discounted return of one episode; no credit is given."""
    for i in range(returns.size):
        _, returns[i], _ = add_scores(
            world, memory, beta, NONE, gamma, step_limit, memory.scores, rng
        )


@compiled
def trials(world, memory, gradient, given, learn, estimate, climb, step_limit, rng, other_rng):
    """Do trials, as many at a time as told: learn, estimate the gradient, ascend; then evaluate.

    Yields (steps, trials done, whether sigma could move); evaluation draws from ``other_rng``. To
    hand over the random streams takes as long as a short episode: hence a generator.
    """
    gamma_q, learning_rate = learn
    credit, gamma, n = estimate
    while True:
        steps, done, moved, beta = 0, 0, True, given.beta[0]
        while moved and done < given.trials[0]:
            beta = given.beta[done]
            steps += learn_episode(world, memory, beta, gamma_q, learning_rate, step_limit, rng)
            steps += mean_gradient(world, memory, beta, credit, gamma, step_limit, n, gradient, rng)
            moved = ascend(memory.sigma, memory.fixed, gradient, given.slope, climb)
            done += 1
        if given.evaluate[0]:
            evaluate(world, memory, beta, gamma, step_limit, given.returns, other_rng)
        yield steps, done, moved


@compiled
def fill_gradient(world, memory, beta, credit, gamma, step_limit, n, gradient, rng):
    """Set ``gradient`` to the mean over ``n`` trajectories; return their steps."""
    return mean_gradient(world, memory, beta, credit, gamma, step_limit, n, gradient, rng)


@compiled
def fill_returns(world, memory, beta, gamma, step_limit, returns, rng):
    """Set each entry of ``returns`` to the discounted return of one on-policy episode."""
    evaluate(world, memory, beta, gamma, step_limit, returns, rng)
