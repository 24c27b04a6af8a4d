"""Digests of what a result depends on: two that are equal stand for equal contents.

Unlike :mod:`dra._digest`, which tells machine code apart and gives up where it cannot, this also
takes objects of other libraries, by what a pickle holds of them. Of code that may change while its
name does not it takes all that it reaches by name: functions, classes with their methods, numbers,
and of modules what is used. A library that is installed is told by the names of what it has.
"""

from __future__ import annotations

import functools
import hashlib
import io
import pickle
import sys
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from dra import _digest

DRAWN = ("plots", "widgets")
"""Parts of the package on which no result depends."""

UNTOLD = {
    "__dict__", "__weakref__", "__doc__", "__module__", "__annotations__", "_abc_impl",
    "__firstlineno__", "__static_attributes__",
}  # fmt: skip
"""Members of a class that do nothing, or differ from process to process."""


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


def described(value: Any, seen: dict[Any, int] | None = None) -> Any:
    """Return a value as nested tuples of text that differ where the contents do."""
    seen = {} if seen is None else seen
    if isinstance(value, Mapping):
        return sorted((repr(k), described(v, seen)) for k, v in value.items())
    if isinstance(value, tuple | list):
        return type(value).__name__, [described(x, seen) for x in value]
    if is_dataclass(value) and not isinstance(value, type):
        parts = [described(getattr(value, f.name), seen) for f in fields(value)]
        return described(type(value), seen), parts
    value = getattr(value, "py_func", value)
    if isinstance(value, staticmethod | classmethod):
        value = value.__func__
    if isinstance(value, property):
        return "property", described([value.fget, value.fset, value.fdel], seen)
    if isinstance(value, type | types.FunctionType):
        return _code(value, seen)
    try:
        return _digest.described(value, {})
    except _digest.Unknown:
        return _of_others(value, seen)


def _code(value, seen):
    """Return a description of a function or a class; one of a library's is told by its name."""
    if not _may_change(value.__module__):
        return _name(value)
    if id(value) in seen:
        return "again", seen[id(value)]
    seen[id(value)] = len(seen)
    if isinstance(value, type):
        members = {k: v for k, v in vars(value).items() if k not in UNTOLD}
        return _name(value), described([*value.__bases__], seen), described(members, seen)
    names = _digest.names(value.__code__)
    code = [_digest._code(c, {}) for c in _digest._codes(value.__code__)]
    cells = [cell.cell_contents for cell in value.__closure__ or ()]
    given = described([cells, value.__defaults__, value.__kwdefaults__], seen)
    return _name(value), code, given, _used(names, value.__globals__, seen)


def _used(names, space, seen):
    """Return descriptions of those of ``names`` that ``space`` holds; of a module, of its own."""
    found = {}
    for name in sorted(names & space.keys()):
        value = space[name]
        if not isinstance(value, types.ModuleType):
            found[name] = described(value, seen)
        elif _may_change(value.__name__):
            key = id(value), frozenset(names)  # another function uses other names of it
            if key not in seen:
                seen[key] = len(seen)
                found[name] = _used(names, vars(value), seen)
    return found


def _of_others(value, seen):
    """Return a description of an object by its pickle, and the code that its pickle names.

    One without a pickle is told by its attributes; a lock or an open file has none.
    """
    import joblib

    found: list[Any] = []
    try:
        _Named(found).dump(value)
        state = joblib.hash(value)
    except Exception:  # pickling calls code of anybody's
        if id(value) in seen:
            return "again", seen[id(value)]
        seen[id(value)] = len(seen)
        return described(type(value), seen), described(getattr(value, "__dict__", {}), seen)
    return _name(type(value)), state, [described(x, seen) for x in found]


class _Named(pickle.Pickler):
    """A pickler that lists the functions and classes that may change while their names do not."""

    def __init__(self, found):
        super().__init__(io.BytesIO())
        self.found = found

    def reducer_override(self, value):
        function = getattr(value, "__wrapped__", value)
        if isinstance(function, type | types.FunctionType) and _may_change(function.__module__):
            self.found.append(function)
        return NotImplemented


def _may_change(module):
    """Return whether a module is neither Python's, nor installed, nor part of this package."""
    root = str(module).partition(".")[0]
    if root == "dra" or root in sys.stdlib_module_names:
        return False
    file = getattr(sys.modules.get(root), "__file__", None)
    return file is None or not {"site-packages", "dist-packages"} & set(Path(file).parts)


def _name(value):
    return value.__module__, value.__qualname__
