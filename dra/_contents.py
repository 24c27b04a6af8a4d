"""Digests of what a result depends on: two that are equal stand for equal contents.

Unlike :mod:`dra._digest`, which tells machine code apart and gives up where it cannot, this also
takes objects of other libraries, by what a pickle holds of them.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from dra import _digest

DRAWN = ("plots", "widgets")
"""Parts of the package on which no result depends."""


def digest(*parts: Any) -> str:
    """Return a name, 32 hexadecimal digits, for the contents of ``parts``."""
    return hashlib.sha256(repr(described(parts)).encode()).hexdigest()[:32]


@functools.cache
def package() -> str:
    """Return a digest of the package's source, as it is on disk."""
    return source(Path(__file__).parent)


def source(home: Path) -> str:
    """Return a digest of the source in a folder; what marks stored machine code is none."""
    read = hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        part = path.relative_to(home)
        if part.parts[0] not in DRAWN and "__pycache__" not in part.parts:
            read.update(part.as_posix().encode() + path.read_bytes())
    return read.hexdigest()


def described(value: Any) -> Any:
    """Return a value as nested tuples of text that differ where the contents do."""
    if isinstance(value, Mapping):
        return sorted((repr(k), described(v)) for k, v in value.items())
    if isinstance(value, tuple | list):
        return type(value).__name__, [described(x) for x in value]
    if is_dataclass(value) and not isinstance(value, type):
        return _name(type(value)), [described(getattr(value, f.name)) for f in fields(value)]
    try:
        return _digest.described(value, {})
    except _digest.Unknown:
        return _of_others(value)


def _of_others(value):
    """Return a description of a function that uses other libraries, or of an object of theirs."""
    if not _digest.is_own(value):
        import joblib

        return _name(type(value)), joblib.hash(value)
    code = [_digest._code(c, {}) for c in _digest._codes(value.__code__)]
    cells = [cell.cell_contents for cell in value.__closure__ or ()]
    given = (value.__defaults__, value.__kwdefaults__, cells)
    return _name(value), code, [described(x) for x in given]


def _name(value):
    return value.__module__, value.__qualname__
