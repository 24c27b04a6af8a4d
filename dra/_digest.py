"""Digests of functions: a name for machine code that changes whenever what went into it changes."""

from __future__ import annotations

import hashlib
import os
import sys
import types
from pathlib import Path

import numpy as np

from dra import loops

PURE = {"math", "cmath", "numpy", "numba", "builtins", "operator", "dra"}
"""Modules whose classes and built-in functions are told apart by name, within a version."""

_PLAIN = (type(None), bool, int, float, complex, str, bytes, type(Ellipsis))


class Unknown(Exception):
    """Something that has no digest: code that depends on it is not kept on disk."""


def place(parts):
    """Return the file under whose name machine code made of ``parts`` is cached, or None.

    The file itself holds one line for whoever finds it; Numba puts its own beside it.
    """
    import numba

    try:
        seen: dict[int, int] = {}
        text = repr([described(part, seen) for part in (parts, _loops())])
    except Unknown:
        return None
    text += repr((numba.__version__, np.__version__, sys.version_info))
    name = f"loops_{hashlib.sha256(text.encode()).hexdigest()[:32]}.py"
    for folder in _folders():
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path = folder / name
            if not path.exists():
                path.write_text("# The inner loops with a task's own functions in place.\n")
            return path
        except OSError:
            continue
    return None


def _folders():
    """Return the folders to try: beside the package's machine code, then the user's cache."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    if given:
        yield Path(given) / "dra"
    yield Path(__file__).parent / "__pycache__"
    user = os.environ.get("XDG_CACHE_HOME")
    try:
        yield (Path(user) if user else Path.home() / ".cache") / "dra"
    except RuntimeError:  # there is no home
        return


def _loops():
    """Return the functions of the inner loops, by name."""
    return {k: v for k, v in sorted(vars(loops).items()) if hasattr(v, "py_func")}


def layout(world):
    """Return the names of the fields of named tuples, all the way down."""
    if isinstance(world, tuple):
        return getattr(world, "_fields", None), tuple(layout(x) for x in world)
    return type(world).__name__


def described(value, seen):
    """Return a value as nested tuples of text from which equal code can be told from other code.

    Raises
    ------
    Unknown
        If that is not possible.
    """
    if isinstance(value, _PLAIN):
        return type(value).__name__, repr(value)
    if isinstance(value, tuple | list | frozenset):
        items = sorted(value, key=repr) if isinstance(value, frozenset) else value
        fields = getattr(value, "_fields", None)
        return type(value).__name__, fields, tuple(described(x, seen) for x in items)
    if isinstance(value, dict):
        return tuple((described(k, seen), described(v, seen)) for k, v in value.items())
    if isinstance(value, np.ndarray | np.generic | np.dtype):
        return _array(value)
    if isinstance(value, types.ModuleType):
        return _from(value.__name__, value.__name__)
    function = getattr(value, "py_func", value)
    if is_own(function):
        options = repr(sorted(getattr(value, "targetoptions", {}).items()))
        return options, _function(function, seen)
    if isinstance(value, type) and issubclass(value, tuple) and hasattr(value, "_fields"):
        if value.__module__ == "__main__":  # is not the same class in another process
            raise Unknown(value)
        return value.__module__, value.__qualname__, value._fields
    name = getattr(value, "__qualname__", getattr(value, "__name__", None))
    if isinstance(name, str):
        return _from(getattr(value, "__module__", None) or "builtins", name)
    raise Unknown(value)


def is_own(value):
    """Return whether ``value`` is a plain function that may change while its name does not."""
    return isinstance(value, types.FunctionType) and not _of_numpy(value.__module__)


def names(code):
    """Return the names of globals and attributes that a code object, or one within, uses."""
    return {name for inner in _codes(code) for name in inner.co_names}


def _of_numpy(module):
    return str(module).partition(".")[0] == "numpy"


def _pure(module):
    return str(module).partition(".")[0] in PURE


def _from(module, name):
    """Return the name of something in a module that never changes within a version."""
    if isinstance(module, str) and _pure(module):
        return module, name
    raise Unknown(f"{module}.{name}")


def _array(value):
    """Return an array, a NumPy scalar or a dtype as text."""
    if isinstance(value, np.dtype):
        return "dtype", repr(value.descr)
    if value.dtype.hasobject:
        raise Unknown(value)
    data = hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()
    return type(value).__name__, repr(value.dtype), value.shape, data


def _function(function, seen):
    """Return a function's code, with everything that its names and cells stand for."""
    if id(function) in seen:
        return "again", seen[id(function)]
    seen[id(function)] = len(seen)
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    code = function.__code__
    space = function.__globals__
    used = {name: space[name] for name in sorted(names(code) & space.keys())}
    return (
        tuple(_code(c, seen) for c in _codes(code)),
        described(cells, seen),
        described(function.__defaults__, seen),
        described(function.__kwdefaults__, seen),
        described(used, seen),
    )


def _codes(code):
    """Return a code object and those within it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _codes(constant)


def _code(code, seen):
    """Return the instructions and constants of a code object."""
    constants = [c for c in code.co_consts if not isinstance(c, types.CodeType)]
    shape = code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags
    text = code.co_code.hex(), code.co_names, code.co_varnames, code.co_freevars, shape
    return text, described(constants, seen)
