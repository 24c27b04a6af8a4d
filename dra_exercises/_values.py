"""Say what is wrong with a number, or a list of numbers, that no known mistake gives."""

import numpy as np

from dra_exercises._diagnosis import short, within

HINTS = (  # what would make a number right, and what that means
    (lambda x: 1 / x, "Upside down: one over it is right."),
    (lambda x: 100 * x, "A hundred times too small. Per cent, or a share?"),
    (lambda x: x / 100, "A hundred times too large. Per cent, or a share?"),
    (lambda x: x * np.log(2), "Too large by 1 / ln 2: bits instead of nats?"),
    (lambda x: x / np.log(2), "Too small by ln 2: nats instead of bits?"),
    (lambda x: np.exp(x), "It is the logarithm of what is asked for."),
    (lambda x: np.log(x), "The logarithm of it is asked for."),
    (lambda x: x**2, "It is the root of what is asked for. Was it to be squared?"),
    (lambda x: np.sqrt(np.abs(x)), "It is the square of what is asked for. A root is missing."),
    (lambda x: 2 * x, "Half of what is asked for: a factor 2 is missing."),
    (lambda x: x / 2, "Twice what is asked for: a factor 2 too many."),
    (lambda x: 1 - x, "One minus it is right."),
)
SHARP = 0.02  # a wider tolerance, as of an experiment, would fit such a relation by chance
FINE = 0.0051  # a wider tolerance is one for chance, not for rounding
COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def count(number):
    """Return a number as a word, if it is a small one."""
    return COUNTS[number] if number < len(COUNTS) else str(number)


def wanted(shape):
    """Say how many numbers are asked for, and how they are laid out."""
    if len(shape) == 2:
        return f"{count(shape[0])} lists of {count(shape[1])} numbers each"
    size = int(np.prod(shape))
    return "one number" if size == 1 else f"a list of {size} numbers"


def of_layout(found, expected, rtol, atol):
    """Say that there are too many or too few numbers, or that they are laid out in another way."""
    said = f"The answer should be {wanted(expected.shape)}, and is {short(found)}."
    if found.size == expected.size:
        turned = found.T if found.T.shape == expected.shape else found.reshape(expected.shape)
        if within(turned, expected, rtol, atol):
            return f"Right numbers, laid out in another way. {said}"
    return said


def rounded(found, expected, rtol, atol):
    """Whether each number is nearly right, or right when rounded to two digits or more."""
    allowed = atol + rtol * np.abs(expected)
    near = (np.abs(found - expected) <= 5 * allowed) & (allowed <= FINE * np.abs(expected))
    for digits in range(1, 6):
        texts = [f"{value:.{digits}e}" for value in expected]
        near |= np.isclose(found, np.array(texts, float), rtol=1e-9, atol=0)
    return bool(np.all(near))


def of_wrong(found, expected, rtol, atol):
    """Say what the numbers that are wrong have in common, or return None."""
    if within(-found, expected, rtol, atol):
        return "Right size, wrong sign."
    rtol, atol = min(rtol, SHARP), min(atol, SHARP * float(np.abs(expected).min()))
    with np.errstate(all="ignore"):
        for change, said in HINTS:
            if within(change(found), expected, rtol, atol):
                return said
    if rounded(found, expected, rtol, atol):
        sides = {"large" if f > e else "small" for f, e in zip(found, expected, strict=True)}
        where = f", but a little too {sides.pop()}" if len(sides) == 1 else ""
        return f"Close{where}: was something rounded?"
    with np.errstate(all="ignore"):
        factor = float(np.median(found / expected))
        same = np.isfinite(factor) and within(found / factor, expected, rtol, atol)
    if len(found) > 1 and same and factor:
        size = max(abs(factor), 1 / abs(factor))
        sign = "Wrong sign, and each" if factor < 0 else "Each"
        return f"{sign} is {size:.3g} times too {'large' if abs(factor) > 1 else 'small'}."
    return None


def of_values(found, expected, rtol, atol):
    """Return a sentence about a number, or a list of numbers, that no known mistake gives."""
    if found.shape != expected.shape:
        return of_layout(found, expected, rtol, atol)
    if not np.all(np.isfinite(found)):
        return "The answer is not a finite number."
    bad = np.abs(found - expected) > atol + rtol * np.abs(expected)
    if bad.all() and found.size > 1:
        if within(found.ravel()[::-1], expected.ravel(), rtol, atol):
            return "Right numbers, in the wrong order."
        if found.ndim == 2 and within(found[::-1], expected, rtol, atol):
            return "Right lists, in the wrong order."
    said = of_wrong(found[bad], expected[bad], rtol, atol)
    if not bad.all():
        places = ", ".join(str(k + 1) for k in np.flatnonzero(bad.ravel()))
        return f"Some are right. Not right: number {places}.{f' {said}' if said else ''}"
    if said or found.size > 1:
        return said or "None of the numbers is right yet."
    return f"Too {'large' if found.ravel()[0] > expected.ravel()[0] else 'small'}."
