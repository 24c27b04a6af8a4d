"""Say what is wrong with numbers that are not the expected ones, when no known mistake fits."""

import numpy as np

TINY = 1e-12  # as a share of something
FAR = 100  # times as large: a size that may well make the difference


def within(found, expected, rtol, atol):
    """Whether two arrays have one shape and agree, entry by entry."""
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    if found.shape != expected.shape:
        return False
    with np.errstate(all="ignore"):
        return bool(np.all(np.abs(found - expected) <= atol + rtol * np.abs(expected)))


def short(value, most=160):
    """Return a value as text that fits a line."""
    with np.printoptions(precision=4, suppress=True, threshold=12, edgeitems=3):
        if type(value) is float:
            value = float(f"{value:.5g}")
        text = " ".join(str(value).split())
    return text if len(text) <= most else f"{text[:most]} ..."


def called(names, case):
    """Return the arguments of a case as text."""
    return short(", ".join(f"{n} = {short(v, 60)}" for n, v in zip(names, case, strict=False)), 300)


def relation(found, expected, rtol, atol):
    """Say how one array follows from the other as a whole, or None."""
    if within(-found, expected, rtol, atol):
        return "Right size, wrong sign, everywhere."
    if len(found) < 3:
        return None
    clear = np.abs(expected) > max(atol, TINY * np.max(np.abs(expected)))
    with np.errstate(all="ignore"):
        factor = float(np.median(found[clear] / expected[clear])) if clear.sum() > 2 else 0.0
        fits = abs(factor) > TINY and within(found / factor, expected, rtol, atol)
    if fits:
        size = abs(factor)
        times = f"{size:#.3g} times too large" if size > 1 else f"{1 / size:#.3g} times too small"
        sign = "wrong sign, and " if factor < 0 else ""
        return f"{sign}{times} everywhere.".capitalize()
    shift = float(np.median(found - expected))
    if within(found - shift, expected, rtol, atol):
        return f"Too {'large' if shift > 0 else 'small'} by {abs(shift):.4g} everywhere."
    return None


def turned(pairs, rtol, atol):
    """Whether transposing the answers makes them right."""
    square = [(f, e) for f, e in pairs if f.ndim == e.ndim == 2 and f.T.shape == e.shape]
    return len(square) == len(pairs) and all(within(f.T, e, rtol, atol) for f, e in square)


def of_shapes(pairs, names, cases):
    """Say that shapes differ, or that numbers are not finite; None if neither."""
    for (found, expected), case in zip(pairs, cases, strict=True):
        at = called(names, case)
        if found.shape != expected.shape:
            return f"Wrong shape: {found.shape} instead of {expected.shape}, for {at}."
        if not np.all(np.isfinite(found)):
            kind = "not a number" if np.isnan(found).any() else "infinite"
            return f"Something is {kind}, for {at}. An overflow, a division by 0, a log of 0?"
    return None


def features(value):
    """Return {what is said of an argument: number} for what often makes a difference."""
    if isinstance(value, int | np.integer):  # yes and no included
        return {"": float(value)}
    if isinstance(value, list | tuple | dict):
        return {"the length of ": float(len(value))}
    if isinstance(value, np.ndarray) and value.size and value.dtype.kind in "iuf":
        sizes = {f"axis {k} of ": float(n) for k, n in enumerate(value.shape)}
        if value.ndim == 1:
            sizes = {"the length of ": float(len(value))}
        return sizes | {"the largest entry of ": float(np.max(np.abs(value)))}
    return {}


def difference(names, cases, right):
    """Say in what the cases that are right differ from the wrong ones, or return ""."""
    for k, name in enumerate(names):
        made = [features(case[k]) for case in cases]
        for what in made[0]:
            if not all(what in each for each in made):
                continue
            good = [each[what] for each, fine in zip(made, right, strict=True) if fine]
            bad = [each[what] for each, fine in zip(made, right, strict=True) if not fine]
            far = FAR if what.startswith("the largest") else 1
            if max(good) * far < min(bad):
                return f", those in which {what}{name} is at most {max(good):.4g}"
            if min(good) > max(bad) * far and max(bad) > 0:
                return f", those in which {what}{name} is at least {min(good):.4g}"
    return ""


def far_off(found, expected):
    """Return the largest error of a case as a share of its largest number, however small."""
    largest = np.max(np.abs(expected))
    return np.max(np.abs(found - expected)) / largest if largest else np.inf


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
    right = [within(f, e, rtol, atol) for f, e in pairs]
    first = right.index(False)
    f, e = unlike(*pairs[first])
    example = f"For {called(names, cases[first])} it gives {f}; expected is {e}."
    size = max(far_off(*pair) for pair, fine in zip(pairs, right, strict=True) if not fine)
    close = f"Off by up to {100 * size:.2g} %, more than by rounding. " if size < 0.05 else ""
    if any(right):
        where = difference(names, cases, right)
        return f"Right in {sum(right)} of {len(right)} cases{where}. {close}{example}"
    return f"{'Close. ' if close else 'Not right. '}{close}{example}"


def unlike(found, expected):
    """Return two arrays as texts with as many digits as it takes to see that they differ."""
    for digits in (4, 6, 9, 12):
        texts = [short(np.round(each, digits)) for each in (found, expected)]
        if texts[0] != texts[1]:
            break
        with np.printoptions(precision=digits, suppress=False):
            texts = [" ".join(str(each).split())[:160] for each in (found, expected)]
        if texts[0] != texts[1]:
            break
    return texts
