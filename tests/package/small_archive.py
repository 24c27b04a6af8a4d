"""A small archive in a file, and whether it is read as it was written."""

import os

import numpy as np
import pytest

from dra import _files

KIND = "dra.Test"
RNG = np.random.default_rng(0)
ARRAYS = {
    "kind": np.array(KIND),
    "plain": np.array('{"trials": 5, "name": "σ"}'),
    "q": RNG.normal(size=(6, 4)),
    "known": RNG.random((6, 4)) < 0.5,
    "slot": np.arange(24).reshape(6, 4),
    "one": np.array(1.5),
    "none": np.zeros((0, 4)),
}
posix = pytest.mark.skipif(os.name != "posix", reason="modes, links and signals of POSIX")


def written(folder):
    """Write the archive into a folder; return its path."""
    _files.write_npz(folder / "x.npz", ARRAYS)
    return folder / "x.npz"


def identical(arrays):
    """Whether ``arrays`` are those that were written, to the bit and the type."""
    return set(arrays) == set(ARRAYS) and all(
        arrays[k].dtype == v.dtype
        and arrays[k].shape == v.shape
        and arrays[k].tobytes() == v.tobytes()
        for k, v in ARRAYS.items()
    )
