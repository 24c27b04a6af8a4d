"""Numbers for what a Gymnasium environment shows: every discrete observation is a row."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from dra import _check

LARGEST = 10**9


def numbered(space: Any) -> tuple[int, Callable[[Any], int]]:
    """Return (number of observations, function that numbers one) of a discrete space.

    The first part of a compound observation counts most, as in :func:`numpy.ravel_multi_index`.

    Parameters
    ----------
    space : gymnasium.spaces.Space
        Discrete, MultiDiscrete, MultiBinary, and Tuple or Dict of them.

    Raises
    ------
    ValueError
        If some part is not discrete, or there are more than 10^9 observations.
    """
    sizes, digits = _digits(space)
    n = int(np.prod(sizes, dtype=object))
    if n > LARGEST:
        raise ValueError(
            f"env has {n:.1e} different observations; a memory must have fewer rows, so give "
            "observe=..., a function from observation to row, and n_states=..."
        )
    if len(sizes) == 1:
        return n, lambda observation: digits(observation)[0]

    def number(observation):
        row = 0
        for size, digit in zip(sizes, digits(observation), strict=True):
            row = row * size + digit
        return row

    return n, number


def _digits(space):
    """Return (sizes, function that takes an observation apart into digits below them)."""
    from gymnasium import spaces

    if isinstance(space, spaces.Discrete):
        start = int(space.start)
        return [int(space.n)], lambda x: [int(x) - start]
    if isinstance(space, spaces.MultiDiscrete):
        first = np.ravel(space.start).astype(int)
        sizes = np.ravel(space.nvec).astype(int).tolist()
        return sizes, lambda x: (np.ravel(x).astype(int) - first).tolist()
    if isinstance(space, spaces.MultiBinary):
        return [2] * int(np.prod(space.shape)), lambda x: np.ravel(x).astype(int).tolist()
    if isinstance(space, spaces.Tuple | spaces.Dict):
        return _compound(space, isinstance(space, spaces.Dict))
    raise ValueError(f"env has the observation space {_check.shown(space)}; {_advice(space)}")


def _compound(space, named):
    """Return the digits of a Tuple or a Dict: those of its parts, one after the other."""
    parts = [(k, *_digits(space.spaces[k])) for k in (space.keys() if named else range(len(space)))]

    def digits(x):
        return [digit for k, _, of in parts for digit in of(x[k])]

    return [size for _, sizes, _ in parts for size in sizes], digits


def _advice(space):
    """Return what to do about a space that is not discrete."""
    by_hand = "give observe=..., a function from observation to row, and n_states=..."
    if not hasattr(space, "is_bounded"):
        return by_hand
    wrapped = "gymnasium.wrappers.DiscretizeObservation(env, bins) makes it discrete"
    if not space.is_bounded():
        return f"it has no bounds, so {by_hand}"
    return f"{wrapped}, or {by_hand}"
