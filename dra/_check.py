"""Checks of arguments. Each error names the argument, its value, and what is legal."""

from __future__ import annotations

import numbers
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from typing import Any

import numpy as np

Seed = int | Sequence[int] | np.random.SeedSequence | np.random.BitGenerator | np.random.Generator
"""What ``rng`` may be: a Generator, or what makes one."""

_SHOWN = 80  # characters of a value that a message repeats


def shown(value: object) -> str:
    """Return ``value`` as a message repeats it: not longer than a line."""
    try:
        text = repr(value)
    except Exception:  # an object whose repr fails is named by its class
        text = f"<{type(value).__name__}>"
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."


def one_of(name: str, value: object, legal: Collection[str]) -> None:
    """Raise unless ``value`` is one of ``legal``."""
    if not isinstance(value, str) or value not in legal:
        raise ValueError(f"{name} is {shown(value)}; it must be one of {sorted(legal)}")


def flag(name: str, value: object) -> bool:
    """Return ``value`` as a bool, or raise unless it is True or False."""
    if not isinstance(value, bool | np.bool_):
        raise ValueError(f"{name} is {shown(value)}; it must be True or False")
    return bool(value)


def option(name: str, value: object) -> bool | None:
    """Return ``value`` if it is True, False or None, or raise."""
    return None if value is None else flag(name, value)


def text(name: str, value: object) -> str:
    """Return ``value`` if it is a text, or raise."""
    return instance(name, value, str, "a text")


def listed(name: str, value: Any, legal: str) -> list[Any]:
    """Return the entries of ``value``, or raise unless it is a sequence; ``legal`` says of what."""
    try:
        if isinstance(value, str | bytes | Mapping):
            raise TypeError
        return list(value)
    except TypeError:
        raise ValueError(f"{name} is {shown(value)}; it must be {legal}") from None


def pair(value: Any) -> list[Any]:
    """Return the two entries of ``value``, or raise ``TypeError``; a set has no order."""
    if isinstance(value, Set | str | bytes | bytearray | Mapping):
        raise TypeError
    entries = list(value)
    if len(entries) != 2:
        raise TypeError
    return entries


def shape_of(name: str, value: Any) -> tuple[int, ...]:
    """Return the shape of a number or an array, or raise where ``value`` has none."""
    try:
        return np.shape(value)
    except ValueError:
        raise ValueError(f"{name} is {shown(value)}; it must be a regular array") from None


def instance(name: str, value: object, kind: type, legal: str) -> Any:
    """Raise unless ``value`` is of the class ``kind``; ``legal`` says so in words."""
    if not isinstance(value, kind):
        hint = "; call it, with parentheses" if callable(value) else ""
        raise ValueError(f"{name} is {shown(value)}; it must be {legal}{hint}")
    return value


def function(name: str, value: object) -> Any:
    """Raise unless ``value`` can be called."""
    if not callable(value):
        raise ValueError(f"{name} is {shown(value)}; it must be a function")
    return value


def generator(name: str, value: Any) -> np.random.Generator:
    """Return the ``Generator`` that ``value``, a seed or a Generator, stands for."""
    try:
        if value is None or isinstance(value, bool | np.random.RandomState):
            raise TypeError
        entries = np.ravel(value) if isinstance(value, np.ndarray) else value
        if isinstance(value, Iterable) and not all(map(_whole, entries)):
            raise TypeError  # NumPy would read texts and booleans as numbers
        return np.random.default_rng(value)
    except Exception:  # it shows what it is given, which may fail in any way
        raise ValueError(
            f"{name} is {shown(value)}; it must be a seed (an integer of at least 0, or a sequence "
            "of them) or a numpy.random.Generator"
        ) from None


def number(
    name: str, value: Any, *, above: float | None = None, least: float | None = None,
    most: float | None = None, finite: bool = True,
) -> float:  # fmt: skip
    """Return ``value`` as a float between the given bounds, or raise ``ValueError``."""
    x = _real(value)
    ok = not np.isnan(x) and (np.isfinite(x) or not finite)
    ok = ok and (above is None or x > above)
    ok = ok and (least is None or x >= least) and (most is None or x <= most)
    if not ok:
        legal = _legal("a finite number" if finite else "a number", above, least, most)
        raise ValueError(f"{name} is {shown(value)}; it must be {legal}")
    return x


def integer(name: str, value: Any, *, least: int = 0, most: int = 2**62) -> int:
    """Return ``value`` as an int between the bounds, or raise ``ValueError``."""
    if _whole(value) and least <= value <= most:
        return int(value)
    x = _real(value)
    if not (np.isfinite(x) and x.is_integer() and least <= x <= most):
        legal = _legal("an integer", None, least, None if most == 2**62 else most)
        raise ValueError(f"{name} is {shown(value)}; it must be {legal}")
    return int(x)


def array(
    name: str, value: Any, *, shape: Sequence[int] | None = None, above: float | None = None,
    least: float | None = None,
) -> np.ndarray:  # fmt: skip
    """Return a float copy of ``value`` broadcast to ``shape``, all finite and within bounds."""
    x = numbers_of(name, value)
    ok = np.isfinite(x)
    if above is not None:
        ok &= x > above
    if least is not None:
        ok &= x >= least
    if not ok.all():
        where = tuple(int(i) for i in np.argwhere(~ok)[0])
        place = f"{name}[{', '.join(map(str, where))}]" if where else name
        legal = _legal("finite", above, least, None)
        raise ValueError(f"{place} is {x[where]}; every entry must be {legal}")
    if shape is not None and x.shape != tuple(shape):
        try:
            x = np.broadcast_to(x, shape).copy()
        except ValueError:
            raise ValueError(
                f"{name} has shape {x.shape}; it must be a number or have shape {tuple(shape)}"
            ) from None
    return x


def numbers_of(name: str, value: Any) -> np.ndarray:
    """Return a float copy of ``value``, or raise unless it is an array of real numbers."""
    legal = "an array of numbers"
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"{name} is a masked array; it must be {legal}, nothing left out")
    try:
        x = np.asarray(value)
        if x.dtype.kind == "O" and not any(isinstance(v, bool | str) for v in x.flat):
            x = x.astype(float)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{name} is {shown(value)}; it must be {legal}") from None
    if x.dtype.kind not in "iuf":
        raise ValueError(f"{name} is {shown(value)}; it must be {legal}")
    return x.astype(float)  # a copy, always


def mask(name: str, value: Any, shape: Sequence[int]) -> np.ndarray:
    """Return a bool copy of ``value`` broadcast to ``shape``; None stands for all True."""
    if value is None:
        return np.ones(shape, bool)
    if isinstance(value, np.ma.MaskedArray):
        raise ValueError(f"{name} is a masked array; it must be a plain array of booleans")
    try:
        x = np.asarray(value)
    except (TypeError, ValueError):
        raise ValueError(f"{name} is {shown(value)}; it must be an array of booleans") from None
    if x.dtype != bool:
        raise ValueError(f"{name} is {shown(value)}; every entry must be True or False")
    try:
        return np.broadcast_to(x, shape).copy()
    except ValueError:
        raise ValueError(
            f"{name} has shape {x.shape}; it must have shape {tuple(shape)}, or one that "
            "broadcasts to it"
        ) from None


def probabilities(name: str, value: Any, axis: int = -1) -> np.ndarray:
    """Return a float copy of ``value`` whose entries along ``axis`` are probabilities.

    Sums may miss one by what the type of ``value`` leaves to chance (float32: 1e-5 or so).
    """
    x = array(name, value, least=0.0)
    if x.ndim == 0:
        raise ValueError(f"{name} is {x}; it must be an array of probabilities")
    kind = getattr(value, "dtype", np.dtype(float))
    coarse = np.finfo(kind).eps if kind.kind == "f" else 0.0
    total = x.sum(axis=axis)
    if not np.allclose(total, 1.0, rtol=0.0, atol=max(1e-8, 4 * x.shape[axis] * coarse)):
        worst = total.flat[np.argmax(np.abs(total - 1.0))]
        raise ValueError(f"{name} sums to {worst}; probabilities must sum to 1 along axis {axis}")
    return x / np.expand_dims(total, axis)


def bounds(name: str, value: Any) -> tuple[float, float]:
    """Return ``value`` as a pair of floats 0 < low <= high, or raise ``ValueError``."""
    try:
        low, high = pair(value)
    except TypeError:
        raise ValueError(f"{name} is {shown(value)}; it must be a pair (low, high)") from None
    low, high = number(f"{name}[0]", low, above=0), number(f"{name}[1]", high, above=0)
    if low > high:
        raise ValueError(f"{name} is {shown(value)}; low must not exceed high")
    return low, high


def _whole(value):
    """Return whether ``value`` is a whole number; to Python a bool and a span of time are, too."""
    return isinstance(value, numbers.Integral) and not isinstance(value, bool | np.timedelta64)


def _real(value):
    """Return ``value`` as a float; NaN where it is no real number."""
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(value, bool | np.bool_ | np.timedelta64) or not isinstance(value, numbers.Real):
        return np.nan
    try:
        return float(value)
    except OverflowError:  # an int beyond the largest float
        return np.nan


def _legal(kind, above, least, most):
    """Return what is legal, in words."""
    parts = [kind]
    if above is not None:
        parts.append(f"above {above:g}")
    if least is not None:
        parts.append(f"{'and ' if kind == 'finite' else 'of '}at least {least:g}")
    if most is not None:
        parts.append(f"and at most {most:g}")
    text = " ".join(parts)
    return text.replace("finite above", "finite and above")
