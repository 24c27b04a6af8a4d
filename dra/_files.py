"""Files: .npz archives without pickle, written all or nothing."""

from __future__ import annotations

import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np


def write_npz(path, arrays):
    """Write ``arrays`` to ``path``. A reader sees the old file or the new one, never a part."""
    path = Path(path)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez_compressed(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def read_npz(path, kind):
    """Return the arrays of an archive whose entry "kind" is ``kind``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If the file is truncated, damaged, or of another kind.
    """
    try:
        with np.load(path, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
    except FileNotFoundError:
        raise
    except (zipfile.BadZipFile, ValueError, EOFError, OSError, KeyError) as error:
        raise ValueError(
            f"{path} cannot be read as a saved {kind}: truncated or damaged"
        ) from error
    found = str(arrays.get("kind", "something else"))
    if found != kind:
        raise ValueError(f"{path} holds {found}; it must hold {kind}")
    return arrays
