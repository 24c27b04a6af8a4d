"""Say what is wrong with numbers that are not the expected ones, when no known mistake fits."""

import numpy as np

TINY = 1e-12


def within(found, expected, rtol, atol):
    """Whether two arrays have one shape and agree, entry by entry."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    if found.shape != expected.shape:
        return False
    with np.errstate(invalid="ignore", over="ignore"):
        return bool(np.all(np.abs(found - expected) <= atol + rtol * np.abs(expected)))


def short(value, most=160):
    """Return a value as text that fits a line."""
    with np.printoptions(precision=4, suppress=True, threshold=12, edgeitems=3):
        text = " ".join(str(value).split())
    return text if len(text) <= most else f"{text[:most]} ..."


def called(names, case):
    """Return the arguments of a case as text."""
    return short(", ".join(f"{n} = {short(v, 60)}" for n, v in zip(names, case, strict=False)), 300)


def constant(values):
    """Return the one number that all values are, or None."""
    middle = np.median(values)
    spread = np.max(np.abs(values - middle))
    return float(middle) if spread <= 1e-6 * max(abs(middle), TINY) else None


def relation(found, expected, rtol, atol):
    """Say how one array follows from the other as a whole, or None."""
    if within(-found, expected, rtol, atol):
        return "Right size, wrong sign, everywhere."
    clear = np.abs(expected) > max(atol, TINY)
    if clear.sum() > 1 and within(found[~clear], expected[~clear], rtol, max(atol, 1e-9)):
        factor = constant(found[clear] / expected[clear])
        if factor:
            return f"Off by a factor of {factor:.4g} everywhere: one is missing, or one too many."
    shift = constant(found - expected) if len(found) > 2 else None
    if shift:
        return f"Off by the constant {shift:.4g} everywhere."
    return None


def turned(pairs, rtol, atol):
    """Whether transposing the answers makes them right."""
    square = [(f, e) for f, e in pairs if f.ndim == e.ndim == 2 and f.T.shape == e.shape]
    return len(square) == len(pairs) and all(within(f.T, e, rtol, atol) for f, e in square)


def of_shapes(pairs, names, cases):
    """Say that shapes differ, or that numbers are not finite; None if neither."""
    for (found, expected), case in zip(pairs, cases, strict=True):
        if found.shape != expected.shape:
            return (
                f"Wrong shape: {found.shape} instead of {expected.shape}, "
                f"for {called(names, case)}."
            )
        if not np.all(np.isfinite(found)):
            kind = "not a number" if np.isnan(found).any() else "infinite"
            return f"Something is {kind} for {called(names, case)}. Did an exponential overflow?"
    return None


def general(pairs, names, cases, rtol, atol):
    """Return a sentence about answers that are wrong in no known way.

    ``pairs`` are (found, expected) arrays, one for each case.
    """
    if turned(pairs, rtol, atol):
        return "Right numbers, but rows and columns are exchanged."
    if said := of_shapes(pairs, names, cases):
        return said
    found, expected = (np.concatenate([np.ravel(p[k]) for p in pairs]) for k in (0, 1))
    if said := relation(found, expected, rtol, atol):
        return said
    wrong = [k for k, (f, e) in enumerate(pairs) if not within(f, e, rtol, atol)]
    f, e = pairs[wrong[0]]
    at = called(names, cases[wrong[0]])
    example = f"For {at} it gives {short(f)}; expected is {short(e)}."
    size = np.max(np.abs(found - expected)) / max(np.max(np.abs(expected)), TINY)
    if size < 0.05:
        return f"Close, but off by up to {100 * size:.2g} %, which is more than rounding. {example}"
    if len(wrong) < len(pairs):
        return f"Right in {len(pairs) - len(wrong)} of {len(pairs)} cases. {example}"
    return f"Not right. {example}"


def of_values(found, expected, rtol, atol):
    """Return a sentence about a number, or a list of numbers, that no known mistake gives."""
    if found.shape != expected.shape:
        want = f"{expected.size} numbers" if expected.size > 1 else "one number"
        return f"The answer should be {want}, and is {short(found)}."
    if not np.all(np.isfinite(found)):
        return "The answer is not a finite number."
    if within(-found, expected, rtol, atol):
        return "Right size, wrong sign."
    good = np.abs(found - expected) <= atol + rtol * np.abs(expected)
    if good.any():
        places = ", ".join(str(k + 1) for k in np.flatnonzero(~good.ravel()))
        return f"Some are right. Not right: number {places}."
    with np.errstate(all="ignore"):
        hints = (
            (1 / found, "Upside down: one over it is right."),
            (found * 100, "A hundredth of it: per cent, or a share?"),
            (found / 100, "A hundred times too large: per cent, or a share?"),
            (found * np.log(2), "Too large by 1 / ln 2: bits, or nats?"),
            (found / np.log(2), "Too small by ln 2: nats, or bits?"),
            (found**2, "The root of it: was it to be squared?"),
            (np.sqrt(np.abs(found)), "The square of it: was a root forgotten?"),
            (found * 2, "Half of it."),
            (found / 2, "Twice of it."),
        )
        for value, said in hints:
            if within(value, expected, rtol, atol):
                return said
    if found.size == 1:
        return "Too large." if found.ravel()[0] > expected.ravel()[0] else "Too small."
    return "None of the numbers is right yet."
