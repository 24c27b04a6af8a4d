"""Compile a plain loop with Numba where Numba is present; leave it alone where it is not.

The functions of :mod:`dra.loops` are ordinary Python over ordinary arrays. Both versions draw from
the same NumPy ``Generator`` in the same order and do the same arithmetic, so they agree bit for
bit; only the speed differs.

Machine code is kept on disk beside the source file, or in the user's cache where that folder is
read-only, or nowhere. The cache notices a change of that file and not of other files, so a compiled
function of the package calls only functions of its own file. What a task brings of its own is
compiled and kept apart (:mod:`dra._twin`).
"""

from __future__ import annotations

import inspect
import types

try:
    import numba
    import numba.extending
except ImportError:  # Numba is optional: the same loops run, a hundred times slower
    numba = None  # type: ignore[assignment]

COMPILED = numba is not None and not getattr(numba.config, "DISABLE_JIT", False)
"""Whether the inner loops are compiled: Numba is there, and NUMBA_DISABLE_JIT is not set."""


def compiled(function):
    """Return ``function`` compiled by Numba, or ``function`` itself where Numba is missing."""
    return jit(function, cache=True) if COMPILED else function


def inlined(function):
    """Return ``function`` itself; the compiled loops of its module compile it into themselves."""
    return _part(function, forceinline=True)


def called(function):
    """Return ``function`` itself; the compiled loops of its module call it, compiled once.

    For what is long: a copy of it at every call would take longer to compile, and run no faster.
    """
    return _part(function)


def _part(function, **options):
    """Return a function that only compiled loops call: it needs no way in from Python."""
    function.options = {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, **options}
    if COMPILED:
        numba.extending.register_jitable(**function.options, error_model="numpy")(function)
    return function


def jit(function, cache=False, **options):
    """Return ``function`` compiled by Numba, its machine code kept on disk where that is possible.

    Division follows NumPy's rules: nothing here divides by zero.
    """
    if cache:
        try:
            return _tolerant(numba.njit(cache=True, error_model="numpy", **options)(function))
        except RuntimeError:  # no folder for the cache can be written: compile in every process
            pass
    return numba.njit(error_model="numpy", **options)(function)


def _tolerant(dispatcher):
    """Return a compiled function that does without its cache where that fails."""
    cache = dispatcher._cache

    def without_failing(method):
        def tried(*arguments):
            try:
                return method(*arguments)
            except Exception:  # a damaged pickle, a full disk
                return None

        return tried

    cache.load_overload = without_failing(cache.load_overload)
    cache.save_overload = without_failing(cache.save_overload)
    return dispatcher


def copied(module, functions, decorate):
    """Return a copy of ``module`` with other functions in place.

    Every compiled function of the module is taken over as plain Python, those named in the mapping
    ``functions`` are put in place of its own, and ``decorate(function)`` is what the copy holds.
    """
    copy = types.ModuleType(f"{module.__name__} (copy)")
    copy.__dict__.update(module.__dict__)
    for name, value in vars(module).items():
        source = getattr(value, "py_func", value)
        if isinstance(source, types.FunctionType) and source.__module__ == module.__name__:
            function = types.FunctionType(source.__code__, copy.__dict__, name)
            function.__doc__ = inspect.getdoc(source)
            function.__module__ = module.__name__
            function.__dict__.update(source.__dict__)
            setattr(copy, name, decorate(functions.get(name, function)))
    return copy


def uncompiled(module):
    """Return a copy of ``module`` in which no function is compiled.

    Its functions are the same source, run by the Python interpreter: the twin that the compiled
    loops are tested and timed against.
    """
    return copied(module, {}, lambda function: function)
