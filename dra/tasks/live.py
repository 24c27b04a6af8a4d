"""Environments of Gymnasium that are moved through as they are.

The environment itself, inside a :class:`Connection`, is the constants of the task's functions; the
state that they pass on is (row of the last observation, whether the environment broke the episode
off). Every episode resets the environment with a seed drawn from ``rng``, so a run repeats, and
goes on from a file, to the last bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from dra.tasks import spaces
from dra.tasks.simulator import Simulated

SEEDS = 2**31


class Connection:
    """An environment, and how its observations are numbered.

    Parameters
    ----------
    env : gymnasium.Env
    observe : callable, optional
        Returns the row of an observation. Default: discrete observations are numbered.
    remake : (callable, mapping), optional
        A function and keyword arguments that make the same connection in another process. Without
        them environment and function travel by pickle themselves.
    """

    def __init__(
        self, env: Any, observe: Callable[[Any], int] | None = None,
        remake: tuple[Callable[..., Any], Mapping[str, Any]] | None = None,
    ):  # fmt: skip
        self.env, self.observe, self.remake = env, observe, remake
        self.number = spaces.numbered(env.observation_space)[1] if observe is None else observe
        self.first_action = int(env.action_space.start)

    def __reduce__(self):
        """Say how to make it again."""
        if self.remake is None:
            return Connection, (self.env, self.observe)
        return _remade, self.remake


def _remade(make, arguments):
    return make(**arguments)


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Live(Simulated):
    """A simulated task whose constants are a :class:`Connection`. It is never compiled."""

    _compiles = False

    @property
    def _functions(self) -> tuple[Callable[..., Any], ...]:
        """The functions of this module."""
        return self.begin, self.observe, self.move, cut_off


def begin(connection, rng):
    """Reset the environment with a seed from ``rng``; return the state."""
    observation, _ = connection.env.reset(seed=int(rng.integers(0, SEEDS)))
    return int(connection.number(observation)), False


def observe(connection, state):
    """Return the row of the last observation."""
    return state[0]


def move(connection, state, action, rng):
    """Return (next state, reward, terminated) of one step of the environment."""
    observation, reward, terminated, truncated, _ = connection.env.step(
        connection.first_action + int(action)
    )
    return (int(connection.number(observation)), bool(truncated)), float(reward), bool(terminated)


def cut_off(connection, state):
    """Return whether the environment truncated the episode."""
    return state[1]
