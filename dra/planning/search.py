"""The budgeted planner, move by move: a plain loop, see :mod:`dra._compile`."""

from __future__ import annotations

import math

import numpy as np

from dra._compile import compiled


@compiled
def fill_rewards(to, reward, starts, cumulative, q, sigma, depth, budget, earned, rng):
    """Set each entry of ``earned`` to the reward of one trial of planning.

    ``to``, ``reward``, ``q`` and ``sigma`` have shape (n_states, 2); ``cumulative`` adds up the
    probabilities of ``starts``. A trial draws one uniform for the start, and two standard normals
    when it first comes to a state: later visits in the same trial find the same preference.
    ``unexplored[n]`` counts the leaves below node n of the tree of moves: the root is 1, the
    branches of n are 2n and 2n + 1.
    """
    better = np.empty(q.shape[0], np.int64)
    recalled = np.full(q.shape[0], -1)  # the trial in which a state was last recalled
    unexplored = np.empty(2 ** (depth + 1), np.int64)
    for trial in range(earned.size):
        u, k = rng.random(), 0
        while k < starts.size - 1 and u >= cumulative[k]:
            k += 1
        for level in range(depth + 1):
            unexplored[2**level : 2 ** (level + 1)] = 2 ** (depth - level)
        best, accesses = -math.inf, 0
        while accesses + depth <= budget and unexplored[1] > 0:
            state, node, gained = starts[k], 1, 0.0
            unexplored[node] -= 1
            for _ in range(depth):
                if recalled[state] != trial:
                    left = q[state, 0] + sigma[state, 0] * rng.standard_normal()
                    right = q[state, 1] + sigma[state, 1] * rng.standard_normal()
                    better[state] = 0 if left >= right else 1
                    recalled[state] = trial
                a = better[state]
                if unexplored[2 * node + a] == 0:
                    a = 1 - a
                node = 2 * node + a
                unexplored[node] -= 1
                gained += reward[state, a]
                state = to[state, a]
                accesses += 1
            best = max(best, gained)
        earned[trial] = best
