"""Answers of an invented chapter, for tests of what is made of them."""

import math

import numpy as np

from dra_exercises.spec import Choice, Function, Open, Value


def price(sigma, sigma_base):
    """Return the price of one memory in nats.

    sigma, sigma_base : positive floats.
    """
    ratio = sigma / sigma_base
    return -math.log(ratio) + (ratio**2 - 1) / 2


def score(zeta, pi, a):
    """Return the score, shape (n,), of choosing `a` at the draw `zeta`, shape (n,)."""
    chosen = np.arange(len(zeta)) == a
    ### BEGIN SOLUTION
    score = zeta * (chosen - pi)
    ### END SOLUTION
    return score


def half():
    """Two numbers."""
    return np.array([math.exp(0.5), -1.0])


LEVEL = 3.0


def leaning(x):
    """Return x plus a number of the module, which a notebook does not have."""
    return x + LEVEL


EXERCISES = {
    "4.1": Value(half),
    "4.2": Choice("BD", ()),
    "4.3": Function(price, lambda rng: [(1.0, 2.0)], (), (), ()),
    "4.4": Function(score, lambda rng: [(np.ones(2), np.ones(2) / 2, 0)], (), (), ()),
    "4.5": Value(lambda: 2.5),
    "4.6": Open(("Says why.", 'Says "how".')),
}
KINDS = ("warm-up", "warm-up", "code", "code", "derivation", "open")
ASKED = {"4.1": "- check: [first, second]\n"}
SOLUTIONS = {
    "4.3": "By {eq}`eq-price`.\n\n```{solution-code}\n```\n\nThen:\n\n```{code-cell}\n"
    ':tags: ["hide-cell"]\n\nassert   price(1.0, 2.0) > floor\n```',
    "4.6": "In words.",
}
TEXTS = {"4.4": "Look at `x` first.\n\n```{code-cell}\nx = np.ones(3)\n```\n\nThen write it."}
ONE = """\
## {number} Title {k}

- label: ex-04-{k}
- kind: {kind}
- minutes: {k}
{ask}
{text}

### Hint 1

Think of $\\sigma$.

### Hint 2

Think again.

### Target

A number, {k}.

### Solution

{solution}
"""


def text():
    """Return the exercises.md of the invented chapter."""
    parts = ["# 4 Which way is up\n"]
    for k, kind in enumerate(KINDS, start=1):
        number = f"4.{k}"
        parts.append(
            ONE.format(
                k=k,
                number=number,
                kind=kind,
                ask=ASKED.get(number, ""),
                text=TEXTS.get(number, f"What is asked in {k}?"),
                solution=SOLUTIONS.get(number, "```{solution-code}\n```" if k == 4 else "So."),
            )
        )
    return "\n".join(parts)


QUIZ = "# 4 Which way is up\n"
