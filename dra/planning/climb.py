"""Climb the exact objective of an allocation, one level of states at a time.

The reward is linear in each state's preference probability, and states of the same level never
meet in a chain (:mod:`dra.planning.tree`): given the other levels, the best memories of every state
of a level are a search of their own. Going from level to level, the objective only rises.

The two memories of a state enter the reward through sigma_left^2 + sigma_right^2 alone. Where both
cost the same convex function of sigma^2, as with the family in :mod:`dra.costs`, a given sum is
cheapest if the two are equal (Jensen), so that a state is searched on a line. Any other cost may
weigh the two differently or make unequal ones cheaper; then the pair is searched on a plane.
"""

from __future__ import annotations

import numpy as np

from dra.exact import chain as chains
from dra.planning.reward import left_probability

SWEEPS = 1000
TOLERANCE = 1e-10  # of the objective in the task's unit of reward, between two sweeps

_LINE = (201, 21, 21, 21, 21, 21)  # points of the first grid, and of each finer one
_PLANE = (61, 21, 21, 21, 21, 21)  # the same, on a side
_AT_ONCE = 2**22  # points of a plane


def starting_points(problem, starts, rng):
    """Return sigmas (starts, n_states, 2): the equal optimum, all forgotten, then random ones.

    A random start keeps each state precisely or forgets it, with even chances.
    """
    low, high = np.log([problem.low, problem.high])
    states = problem.blank.q.shape[0]
    precise = np.exp(rng.uniform(low, high, size=(starts, states)))
    sigma = np.where(rng.random((starts, states)) < 0.5, precise, problem.high)[:, :, None]
    sigma[1:2] = problem.high
    sigma = problem.fill(sigma)
    sigma[0] = best_equal(problem)
    return sigma


def best_equal(problem):
    """Return the best sigma (n_states, 2) that is the same for all memories paid for."""
    sigma = _search(lambda s: problem.objective(problem.fill(s[:, None, None])), problem, ())
    return problem.fill(sigma)


def climb(problem, sigma):
    """Improve each of ``sigma`` (starts, n_states, 2), level by level, until nothing is gained."""
    levels = [np.unique(nodes) for nodes in reversed(problem.found.nodes)]
    never_asked = np.setdiff1d(np.arange(len(problem.blank.q)), np.concatenate(levels))
    levels = [never_asked, *levels]
    levels = [states for states in levels if not problem.blank.known[states].all()]
    best_of = _best_level if problem.built_in else _best_pairs
    before, least = np.full(len(sigma), -np.inf), TOLERANCE * chains.states(problem.task).unit
    for _ in range(SWEEPS):
        for states in levels:
            sigma[:, states] = best_of(problem, sigma, states)
        now = problem.objective(sigma)
        if (now - before).max(initial=0.0) < least:
            break
        before = now
    return sigma


def _best_level(problem, sigma, states):
    """Return the best sigma (starts, len(states), 2) of the states of a level, others as given."""
    q, known = problem.blank.q[states], problem.blank.known[states]
    gain = problem.found.gain(left_probability(problem.blank.q, sigma))[:, states]
    given = sigma[:, states]

    def worth(s):
        pair = np.where(known, given, s[..., None])
        return gain * left_probability(q, pair) - problem.costs(pair, states)

    return np.where(known, given, _search(worth, problem, gain.shape)[..., None])


def _best_pairs(problem, sigma, states):
    """Like :func:`_best_level`, where the two memories of a state may differ."""
    plane = len(sigma) * max(_PLANE) ** 2
    parts = np.array_split(states, -(-len(states) * plane // _AT_ONCE))
    return np.concatenate([_best_part(problem, sigma, part) for part in parts if part.size], axis=1)


def _best_part(problem, sigma, states):
    """Return the best pairs (starts, len(states), 2) of some states of a level; never worse."""
    q, known = problem.blank.q[states], problem.blank.known[states]
    gain = problem.found.gain(left_probability(problem.blank.q, sigma))[:, states]
    given = sigma[:, states]

    def worth(s):
        """Return (n, n, starts, len(states)) for all pairs of a left and a right of ``s``."""
        s = np.where(known, given, s)
        price = problem.cost_weight * np.where(known, 0.0, problem.nats(s, states))
        both = np.broadcast_arrays(s[:, None, ..., 0], s[None, ..., 1])
        reward = gain * left_probability(q, np.stack(both, axis=-1))
        return reward - (price[:, None, ..., 0] + price[None, ..., 1])

    found = np.where(known, given, _search(worth, problem, given.shape, _PLANE))
    better = worth(found[None])[0, 0] > worth(given[None])[0, 0]
    return np.where(better[..., None], found, given)


def _search(function, problem, shape, grid=_LINE):
    """Return the sigma of each entry of ``shape`` that makes ``function`` largest.

    On a line ``function`` maps an array (n, *shape) to values of that shape; on a plane, where the
    last axis of ``shape`` has two sigmas, to values (n, n, ...) of all pairs. The bounds are
    searched on a logarithmic grid; then the neighbourhood of the best point on finer and finer
    ones.
    """
    low, high = (np.full(shape, np.log(b)) for b in (problem.low, problem.high))
    for points in grid:
        tried = np.linspace(low, high, points)
        values = function(np.exp(tried).clip(problem.low, problem.high))
        if grid is _LINE:
            at = values.argmax(axis=0)[None]
        else:
            best = values.reshape(points**2, *shape[:-1]).argmax(axis=0)
            at = np.stack(np.unravel_index(best, (points, points)), axis=-1)[None]
        around = [np.take_along_axis(tried, (at + d).clip(0, points - 1), 0)[0] for d in (-1, 0, 1)]
        low, best, high = around
    return np.exp(best).clip(problem.low, problem.high)
