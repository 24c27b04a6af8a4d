"""The family of credits: what a choice is given for the score of its gradient, psi (chapter 4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dra import _check


@dataclass(frozen=True)
class Credit:
    """A credit of a choice, and its mean given state and choice, where that is known.

    Attributes
    ----------
    name : str
    psi : callable or None
    expected : callable (q, action_values, available) -> array, optional
        Mean credit of each choice, all (n_states, n_actions). ``action_values`` are those of the
        policy, at the discount of the gradient.
    """

    name: str
    psi: Callable | None
    expected: Callable | None = None


def _advantage(q, action_values, available):
    return q - np.mean(q, axis=1, where=available, keepdims=True)


BUILT_IN = {
    "return": Credit("return", None, lambda q, action_values, available: action_values),
    "q": Credit("q", None, lambda q, action_values, available: q),
    "advantage": Credit("advantage", None, _advantage),
}


def named(credit: str | Credit) -> Credit:
    """Return ``credit`` itself, or the built-in credit of that name."""
    if isinstance(credit, Credit):
        return credit
    _check.one_of("credit", credit, BUILT_IN)
    return BUILT_IN[credit]
