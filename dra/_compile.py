"""Compile a plain loop with Numba where Numba is present; leave it alone where it is not.

The functions of :mod:`dra.loops` are ordinary Python over ordinary arrays. Both versions draw from
the same NumPy ``Generator`` in the same order and do the same arithmetic, so they agree bit for
bit; only the speed differs. Machine code is cached on disk beside the source file. The cache
notices a change of that file and not of other files, so a compiled function calls only functions
of its own file.
"""

from __future__ import annotations

import functools
import inspect
import types

try:
    import numba
    import numba.extending
    import numba.typed
except ImportError:  # Numba is optional: the same loops run, a hundred times slower
    numba = None  # type: ignore[assignment]

COMPILED = numba is not None
"""Whether the inner loops are compiled in this installation."""


def compiled(function):
    """Return ``function`` compiled by Numba, or ``function`` itself where Numba is missing."""
    return numba.njit(cache=True)(function) if COMPILED else function


def inlined(function):
    """Like :func:`compiled`, for the small helpers that a compiled loop calls at every step."""
    return numba.njit(inline="always")(function) if COMPILED else function


def by_type(function):
    """Return ``function`` as the version for arrays of a function chosen by its first argument.

    Further versions, for tuples of a named type, are added by ``register``, as in
    :func:`functools.singledispatch`. Compiled loops are specialised for the version they call.
    """
    dispatcher = functools.singledispatch(function)
    if COMPILED:

        @numba.extending.overload(dispatcher, inline="always", strict=False)
        def implementation(first, *rest):
            return dispatcher.dispatch(getattr(first, "instance_class", object))

    return dispatcher


def packed(arguments):
    """Return ``arguments`` as a one-element list.

    Numba unpacks a function's arguments at every call, a ``Generator`` in 7 microseconds and a
    tuple of arrays in 1. In this list they stay unpacked from call to call, which counts in a
    function that is called once a trial.
    """
    return numba.typed.List([arguments]) if COMPILED else [arguments]


def uncompiled(module):
    """Return a copy of ``module`` in which no function is compiled.

    Its functions are the same source, run by the Python interpreter: the twin that the compiled
    loops are tested and timed against.
    """
    plain = types.ModuleType(f"{module.__name__} (uncompiled)")
    plain.__dict__.update(module.__dict__)
    for name, value in vars(module).items():
        function = getattr(value, "py_func", None)
        if function is not None:
            copy = types.FunctionType(function.__code__, plain.__dict__, name)
            copy.__doc__ = inspect.getdoc(function)
            setattr(plain, name, copy)
    return plain
