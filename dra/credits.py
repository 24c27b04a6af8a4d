"""The family of credits: what a choice is given for the score of its gradient, psi (chapter 4).

A credit has a function ``psi(values, chosen, reward, next_values, terminated)``:

``values``       (n,) means q of the choices that exist in the state, in order of the actions;
``chosen``       number of the one taken, 0 to n - 1;
``reward``       what the move earned;
``next_values``  means of the choices in the next state;
``terminated``   whether the episode ended there.

It is compiled with the inner loops if it compiles. The credits built in are

    "return"      the return of the whole trajectory (then without the factor gamma^t),
    "q"           q(s_t, a_t),
    "advantage"   q(s_t, a_t) minus the mean of q(s_t, .) over the actions that exist.

"return" is unbiased whatever q is. The other two are unbiased if q holds the true action-values of
the policy; the mean subtracted is a baseline and does not bias.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from dra import _check, loops

__all__ = ["BUILT_IN", "Credit", "named"]


@dataclass(frozen=True)
class Credit:
    """A credit of a choice.

    Attributes
    ----------
    name : str
        How saved runs refer to it.
    psi : callable or None
        See the module. None for those built in, which are part of the loops.
    expected : callable (q, action_values, available) -> array, optional
        Mean credit of each choice, all (n_states, n_actions): what :mod:`dra.exact` needs.
        ``action_values`` are those of the policy, at the discount of the gradient.
    code : int
        Of :mod:`dra.loops`.

    Examples
    --------
    The temporal-difference error, reward plus the mean value ahead minus the value of the choice's
    state; its mean given the choice is not a function of q alone, so there is no ``expected``:

    >>> def td_error(values, chosen, reward, next_values, terminated):
    ...     ahead = 0.0 if terminated else next_values.mean()
    ...     return reward + ahead - values.mean()
    >>> import dra
    >>> run = dra.train(dra.tasks.gridworld(), 5, rng=0, credit=Credit("td error", td_error))
    >>> run.parameters.credit.name
    'td error'
    """

    name: str
    psi: Callable | None
    expected: Callable | None = None
    code: int = loops.OWN

    def __post_init__(self) -> None:
        """Check the fields."""
        _check.text("name", self.name)
        code = _check.integer("code", self.code, most=loops.OWN)
        if code == loops.OWN:
            _check.function("psi", self.psi)
        elif self.psi is not None:
            raise ValueError(f"code is {code}, that of a built-in credit, which has no psi")
        if self.expected is not None:
            _check.function("expected", self.expected)


def _return(q, action_values, available):
    return action_values


def _q(q, action_values, available):
    return q


def _advantage(q, action_values, available):
    mean = np.sum(q, axis=1, where=available, keepdims=True)
    count = np.maximum(available.sum(axis=1, keepdims=True), 1)
    return q - mean / count


BUILT_IN = {
    "return": Credit("return", None, _return, loops.RETURN),
    "q": Credit("q", None, _q, loops.Q),
    "advantage": Credit("advantage", None, _advantage, loops.ADVANTAGE),
}
"""The credits by name."""


def named(credit: str | Credit) -> Credit:
    """Return ``credit`` itself, or the built-in credit of that name.

    Parameters
    ----------
    credit : str or Credit
        A name in :data:`BUILT_IN`, or a credit of your own.

    Returns
    -------
    Credit

    Raises
    ------
    ValueError
        If ``credit`` is neither.

    Examples
    --------
    >>> named("q").expected is not None
    True
    """
    if isinstance(credit, Credit):
        return credit
    legal = [*BUILT_IN, "a dra.credits.Credit"]
    if not isinstance(credit, str) or credit not in BUILT_IN:
        raise ValueError(f"credit is {_check.shown(credit)}; it must be one of {legal}")
    return BUILT_IN[credit]
