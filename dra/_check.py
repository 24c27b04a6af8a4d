"""Checks of arguments. Each error names the argument, its value, and what is legal."""

from __future__ import annotations

import numbers
from collections.abc import Sequence

import numpy as np

Seed = int | Sequence[int] | np.random.SeedSequence | np.random.BitGenerator | np.random.Generator
"""What ``rng`` may be: a Generator, or what makes one."""


def one_of(name, value, legal):
    """Raise unless ``value`` is one of ``legal``."""
    if not isinstance(value, str) or value not in legal:
        raise ValueError(f"{name} is {value!r}; it must be one of {sorted(legal)}")


def number(name, value, *, above=None, least=None, most=None, finite=True):
    """Return ``value`` as a float between the given bounds, or raise ``ValueError``."""
    legal = "a finite number" if finite else "a number"
    if above is not None:
        legal += f" above {above:g}"
    if least is not None:
        legal += f" of at least {least:g}"
    if most is not None:
        legal += f" and at most {most:g}"
    try:
        if isinstance(value, bool | np.bool_ | str | bytes | np.ma.MaskedArray):
            raise TypeError
        x = float(value)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} is {_shown(value)}; it must be {legal}") from None
    ok = not np.isnan(x) and (np.isfinite(x) or not finite)
    ok = ok and (above is None or x > above)
    ok = ok and (least is None or x >= least) and (most is None or x <= most)
    if not ok:
        raise ValueError(f"{name} is {value!r}; it must be {legal}")
    return x


def integer(name, value, *, least=0, most=None):
    """Return ``value`` as an int between the given bounds, or raise ``ValueError``."""
    whole = isinstance(value, numbers.Integral) or (
        isinstance(value, numbers.Real) and float(value).is_integer()
    )
    if isinstance(value, bool) or not whole or value < least:
        raise ValueError(f"{name} is {_shown(value)}; it must be an integer of at least {least}")
    if most is not None and value > most:
        raise ValueError(f"{name} is {_shown(value)}; it must be an integer of at most {most}")
    return int(value)


def array(name, value, *, shape=None, above=None, least=None):
    """Return a float copy of ``value`` broadcast to ``shape``, all finite and within bounds."""
    try:
        if isinstance(value, np.ma.MaskedArray) or np.asarray(value).dtype.kind not in "fiuO":
            raise TypeError
        x = np.array(value, dtype=float)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} is {_shown(value)}; it must be an array of numbers") from None
    legal = "finite"
    if above is not None:
        legal = f"finite and above {above:g}"
    if least is not None:
        legal = f"finite and at least {least:g}"
    ok = np.isfinite(x)
    if above is not None:
        ok &= x > above
    if least is not None:
        ok &= x >= least
    if not ok.all():
        where = tuple(int(i) for i in np.argwhere(~ok)[0])
        place = f"{name}[{', '.join(map(str, where))}]" if where else name
        raise ValueError(f"{place} is {x[where]}; every entry must be {legal}")
    if shape is not None and x.shape != tuple(shape):
        try:
            x = np.broadcast_to(x, shape).copy()
        except ValueError:
            raise ValueError(
                f"{name} has shape {x.shape}; it must be a number or have shape {tuple(shape)}"
            ) from None
    return x


def probabilities(name, value, axis=-1):
    """Return a float copy of ``value`` whose entries along ``axis`` are probabilities."""
    x = array(name, value, least=0.0)
    total = x.sum(axis=axis)
    if not np.allclose(total, 1.0, rtol=0.0, atol=1e-8):
        worst = total.flat[np.argmax(np.abs(total - 1.0))]
        raise ValueError(f"{name} sums to {worst}; probabilities must sum to 1 along axis {axis}")
    return x / np.expand_dims(total, axis)


def bounds(name, value):
    """Return ``value`` as a pair of floats 0 < low <= high, or raise ``ValueError``."""
    try:
        low, high = value
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {value!r}; it must be a pair (low, high)") from None
    low, high = number(f"{name}[0]", low, above=0), number(f"{name}[1]", high, above=0)
    if low > high:
        raise ValueError(f"{name} is {value!r}; low must not exceed high")
    return low, high


def mask(name, value, shape):
    """Return a bool copy of ``value`` broadcast to ``shape``; None stands for all True."""
    if value is None:
        return np.ones(shape, bool)
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"{name} is a masked array; it must be a plain array of booleans")
    try:
        x = np.asarray(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {value!r}; it must be an array of booleans") from None
    if x.dtype != bool:
        raise ValueError(f"{name} is {value!r}; every entry must be True or False")
    try:
        return np.broadcast_to(x, shape).copy()
    except ValueError:
        raise ValueError(
            f"{name} has shape {x.shape}; it must have shape {tuple(shape)}, or one that "
            "broadcasts to it"
        ) from None


def generator(name, value):
    """Return the ``Generator`` that ``value``, a seed or a Generator, stands for."""
    try:
        if value is None or isinstance(value, bool | np.random.RandomState):
            raise TypeError
        return np.random.default_rng(value)
    except (TypeError, ValueError):
        raise ValueError(
            f"{name} is {value!r}; it must be a seed (an integer of at least 0, or a sequence of "
            "them) or a numpy.random.Generator"
        ) from None


def _shown(value):
    """Return ``value`` as an error shows it; Python refuses to write numbers of many digits."""
    return "too large" if isinstance(value, int) and value.bit_length() > 10_000 else repr(value)
