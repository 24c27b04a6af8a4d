"""Make this Python compute as on another processor. Python imports this file when it starts.

NumPy's exp, log and their like are written for each kind of processor, and their last bits differ.
Here, of every second result the last bit is another one. What a chapter prints must not show it:
a value that comes from such functions and goes into a training run is rounded first, or the run
makes other moves elsewhere. Used by `make processor`.
"""

import contextlib

import numpy as np

with contextlib.suppress(ImportError):  # Numba looks at NumPy's functions first, as they are
    from numba.np import npyimpl  # noqa: F401

NAMES = ("exp", "exp2", "expm1", "log", "log1p", "log2", "log10", "power", "logaddexp", "tanh")


def shaken(function):
    """Return ``function`` with another last bit where the bit before it is 1."""

    def other(*args, **options):
        y = function(*args, **options)
        if getattr(y, "dtype", None) != np.float64:
            return y
        bits = np.atleast_1d(y).view(np.int64)
        moved = np.where((bits >> 1) & 1, bits ^ 1, bits).view(float).reshape(np.shape(y))
        moved = np.where(np.isfinite(y) & (y != 0) & (y != 1), moved, y)
        if isinstance(y, np.ndarray):
            y[...] = moved  # `out` may hold it
            return y
        return y.dtype.type(moved)

    return other


for name in NAMES:
    setattr(np, name, shaken(getattr(np, name)))
