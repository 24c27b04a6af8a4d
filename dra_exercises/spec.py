"""How an answer is judged: a reference, fresh cases, and wrong answers that are known by name.

An exercise is one of four kinds of data. A `Function` is built by the reader and tried on fresh
cases. A `Value` is a number or an array, a `Choice` one or more letters. `Open` has no single
answer: it comes with a rubric.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Wrong:
    """A typical wrong answer.

    Attributes
    ----------
    answer : function, number, array or str
        What the reader would hand in. Functions are matched by what they do on fresh cases.
    name : str
        The misconception in a few words, such as "ascends the cost".
    says : str
        What the reader is told: what is wrong in the terms of the chapter, and where to look.
    """

    answer: Any
    name: str
    says: str


@dataclass(frozen=True)
class Several:
    """A probe for a function that returns several outputs, such as ``Several("price", "slope")``.

    They are compared together, and named where they are too few, swapped, or wrong.
    """

    names: tuple[str, ...]

    def __init__(self, *names):
        object.__setattr__(self, "names", names)


@dataclass(frozen=True)
class Function:
    """An exercise whose answer is a function.

    Attributes
    ----------
    solution : callable
        The reference answer. Its source is the solution in the book; its signature and docstring,
        with what stands outside ``### BEGIN SOLUTION`` and ``### END SOLUTION`` if it has these
        lines, are the stub.
    cases : callable
        ``cases(rng)`` returns a list of tuples, the arguments of fresh calls. Each call gets a copy
        of its own, generators included, so that all draw the same numbers.
    wrong : tuple of Wrong
        At least three, each a whole function.
    right : tuple of callable
        At least two other right answers, differently written.
    near : tuple of callable
        Near misses, which have to be refused.
    rtol, atol : float
        An answer is right within ``atol + rtol * |expected|``, entry by entry.
    probe : callable or Several, optional
        ``probe(answer, *case)`` returns the numbers that are compared, where they are not just
        ``answer(*case)``: means over many calls, say. `Several` names several outputs.
    expected : callable, optional
        ``expected(*case)`` returns the numbers they are compared with, where an oracle is better
        than the reference answer. Then ``atol`` is as many standard errors as its false-alarm
        probability asks for.
    formula : bool
        Whether a string such as ``"log(sigma_base / sigma)"`` will do as well, an expression in
        the arguments of the function.
    seconds : float
        How long the answer may compute on all cases, or three times as long as the reference if
        that is longer; on the clock, twice as long.
    rubric : tuple of str
        What a full answer says besides, one point a line; shown once the answer is right.
    """

    solution: Callable
    cases: Callable[[np.random.Generator], list]
    wrong: tuple[Wrong, ...]
    right: tuple[Callable, ...]
    near: tuple[Callable, ...]
    rtol: float = 1e-6
    atol: float = 1e-9
    probe: Callable | Several | None = None
    expected: Callable | None = None
    formula: bool = False
    seconds: float = 10.0
    rubric: tuple[str, ...] = ()


@dataclass(frozen=True)
class Value:
    """An exercise whose answer is a number or an array.

    Attributes
    ----------
    answer : callable
        ``answer()`` computes it. Nothing is typed in.
    unit : str
        "" for none.
    wrong : tuple of Wrong
        Values that show a misconception; they may be functions without arguments that compute it.
    rtol, atol : float
        As in `Function`. Where readers draw other random numbers, as many standard errors as the
        false-alarm probability asks for.
    rubric : tuple of str
        As in `Function`.
    """

    answer: Callable[[], Any]
    unit: str = ""
    wrong: tuple[Wrong, ...] = ()
    rtol: float = 5e-3
    atol: float = 1e-9
    rubric: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choice:
    """An exercise whose answer is a letter, or several ("BD" in any order, with or without commas).

    Attributes
    ----------
    answer : str
    wrong : tuple of Wrong
        One for each other letter.
    """

    answer: str
    wrong: tuple[Wrong, ...]


@dataclass(frozen=True)
class Open:
    """An exercise without a single answer.

    Attributes
    ----------
    rubric : tuple of str
        What a full answer says, one point a line.
    """

    rubric: tuple[str, ...] = field(default=())
