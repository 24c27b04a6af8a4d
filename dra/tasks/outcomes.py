"""The tables of Gymnasium's own small environments, as the arrays of a tabular task.

``env.unwrapped.P[state][action]`` lists (probability, next state, reward, terminated).
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dra import _check

NEUTRAL = {"OrderEnforcing", "PassiveEnvChecker", "TimeLimit", "RecordEpisodeStatistics"}
"""Wrappers that change nothing but when an episode is truncated."""


def are_there(env: Any) -> bool:
    """Return whether an environment has tables, and nothing that makes them untrue.

    A wrapper may change them; and the passenger of Taxi who changes his mind is not in them.
    """
    from gymnasium import spaces

    inner, outer = env.unwrapped, env
    if getattr(inner, "P", None) is None or getattr(inner, "initial_state_distrib", None) is None:
        return False
    if getattr(inner, "fickle_passenger", False):
        return False
    while outer is not inner:
        if type(outer).__name__ not in NEUTRAL:
            return False
        outer = outer.env
    kinds = inner.observation_space, inner.action_space
    return all(isinstance(s, spaces.Discrete) and s.start == 0 for s in kinds)


def tables(env: Any, available: ArrayLike | None) -> dict[str, Any]:
    """Return the arguments of :func:`dra.tasks.assemble` that say how ``env`` moves.

    Raises
    ------
    ValueError
        If the tables are not complete, or the environment does something else.
    """
    inner = env.unwrapped
    n, n_actions = int(inner.observation_space.n), int(inner.action_space.n)
    exists = _check.mask("available", available, (n, n_actions))
    start = _check.probabilities("env.unwrapped.initial_state_distrib", inner.initial_state_distrib)
    listed = [[_merged(inner, s, a) for a in range(n_actions)] for s in range(n)]
    _try_out(env, listed)
    exists &= np.array([[bool(o) for o in row] for row in listed])
    terminal = _terminal(listed, exists, np.flatnonzero(start))
    cut = any(
        done and not terminal[to] for row in listed for o in row for _, to, _, done in o
    )  # fmt: skip
    if cut:  # a move that ends where other episodes go on leads to a state of its own
        terminal, start = np.append(terminal, True), np.append(start, 0.0)
        exists = np.vstack([exists, np.ones((1, n_actions), bool)])
    arrays = _arrays(listed, terminal, n_actions)
    exists[terminal] = True
    return {**arrays, "terminal": terminal, "start": start, "available": exists}


def _merged(inner, state, action):
    """Return the outcomes of a choice, each once, in their order."""
    chances = {}
    try:
        for chance, to, reward, done in inner.P[state].get(action, ()):
            key = int(to), float(reward), bool(done)
            chances[key] = chances.get(key, 0.0) + float(chance)
    except (KeyError, IndexError, TypeError, ValueError, AttributeError) as error:
        raise ValueError(
            f"env.unwrapped.P[{state}][{action}] does not list (probability, next state, reward, "
            f"terminated): {_check.shown(error)}"
        ) from error
    return [(chance, *key) for key, chance in chances.items() if chance > 0]


def _terminal(listed, exists, starts):
    """Return which states are met only at the end of an episode, as a mask."""
    went, ended, front = set(map(int, starts)), set(), list(map(int, starts))
    while front:
        state = front.pop()
        for action in np.flatnonzero(exists[state]):
            for _, to, _, done in listed[state][action]:
                if done:
                    ended.add(to)
                elif to not in went:
                    went.add(to)
                    front.append(to)
    terminal = np.zeros(len(listed), bool)
    terminal[list(ended - went)] = True
    return terminal


def _arrays(listed, terminal, n_actions):
    """Return next states, probabilities and rewards, (n_states, n_actions, K)."""
    k = max(len(o) for row in listed for o in row)
    shape = terminal.size, n_actions, k
    to = np.broadcast_to(np.arange(shape[0])[:, None, None], shape).copy()
    chance, reward = np.zeros(shape), np.zeros(shape)
    chance[:, :, 0] = 1.0
    for s, row in enumerate(listed):
        for a, outcomes in enumerate(row):
            if outcomes and not terminal[s]:
                chances, nexts, earned, done = map(np.array, zip(*outcomes, strict=True))
                nexts = np.where(done & ~terminal[nexts], shape[0] - 1, nexts)
                m = len(outcomes)
                to[s, a, :m], chance[s, a, :m], reward[s, a, :m] = nexts, chances, earned
                to[s, a, m:], reward[s, a, m:] = nexts[-1], earned[-1]  # never, with probability 0
    return {"next_state": to, "probability": chance, "reward": reward}


def _try_out(env, listed, moves=300):
    """Raise ``ValueError`` if one of some random moves is not in the tables."""
    rng = np.random.default_rng(0)
    state, over = env.reset(seed=0)[0], False
    for k in range(moves):
        if over:
            state = env.reset(seed=k)[0]
        action = int(rng.integers(len(listed[state])))
        if not listed[state][action]:
            over = True
            continue
        to, reward, done, truncated, _ = env.step(action)
        if (int(to), float(reward), bool(done)) not in {o[1:] for o in listed[state][action]}:
            raise ValueError(
                f"env led from state {state} by action {action} to {to} with reward {reward:g}, "
                "which is not in env.unwrapped.P; with live=True the table is not used"
            )
        state, over = int(to), bool(done or truncated)
