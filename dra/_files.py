"""Files: .npz archives without pickle, written all or nothing."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import os
import platform
import secrets
import stat
import struct
import zipfile
from pathlib import Path

import numpy as np

from dra import _check


def check_writable(path, name="checkpoint"):
    """Return ``path``, absolute, once it is sure that :func:`write_npz` can write there.

    Parameters
    ----------
    path : str or Path
        Must end in ".npz". What is there already stays as it is.
    name : str
        The argument that the path was given as, for the message.

    Raises
    ------
    ValueError
        If it is no path, or has another ending.
    OSError
        FileNotFoundError where the folder is missing, IsADirectoryError, PermissionError.
    """
    target = _target(path, name)
    if Path(path).suffix.lower() != ".npz":
        raise ValueError(f"{name} is {str(path)!r}; it must end in .npz")
    temporary = _temporary(target)
    try:
        temporary.open("xb").close()
    except OSError as error:
        raise type(error)(
            error.errno,
            f"{name} is {str(path)!r}, and nothing can be written to its folder: {error.strerror}",
        ) from None
    temporary.unlink()
    return Path(path).absolute()


def write_npz(path, arrays):
    """Write ``arrays`` to ``path``. A reader sees the old file or the new one, never a part.

    What a plain write keeps is kept: a link stays a link, an old file its mode and, where that is
    allowed, its owner; the mode of a new file is what the umask leaves.

    Raises
    ------
    ValueError
        If ``path`` is no path.
    OSError
        If nothing can be written there. An old file then is as it was.
    """
    target = _target(path, "path")
    _remove_abandoned(target)
    temporary = _temporary(target)
    try:
        with temporary.open("xb") as file:
            _keep_mode(target, temporary)
            np.savez_compressed(file, **arrays)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError) and error.errno and not error.filename2:
            error.filename = str(path)  # not the temporary one, or none at all
        raise


def read_npz(path, kind):
    """Return the arrays of an archive whose entry "kind" is ``kind``.

    Raises
    ------
    OSError
        If the file cannot be opened: FileNotFoundError, IsADirectoryError, PermissionError.
    ValueError
        If the file is truncated, damaged, or of another kind.
    """
    path_of(path, "path")
    if os.path.exists(path) and not (os.path.isfile(path) or os.path.isdir(path)):
        raise ValueError(f"path is {str(path)!r}, a device or the like; it must be a file")
    data = Path(path).read_bytes()
    try:
        arrays = {name.removesuffix(".npy"): _array(x) for name, x in _members(data).items()}
    except Exception as error:  # whatever a damaged archive leads its reader to
        raise ValueError(
            f"{path} cannot be read as a saved {kind}: truncated, damaged, or something else"
        ) from error
    found = str(arrays.get("kind", "something else"))
    if found != kind:
        raise ValueError(f"{path} holds {found:.80}; it must hold {kind}")
    return arrays


def _members(data):
    """Return the contents of the members of an archive; each agrees with its checksum.

    A damaged length in the directory at the end makes zipfile skip the entries that follow, and
    say nothing. The end record knows how many there are.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    (stored,) = struct.unpack_from("<H", data, data.rindex(b"PK\5\6") + 10)
    if len(members) != stored:
        raise ValueError(f"{stored} members, of which {len(members)} are found")
    return members


def _array(data):
    """Return the array of a member of an archive."""
    return np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)


def path_of(path, name, legal="the path of a file"):
    """Return ``path`` as a Path, or raise."""
    text = os.fspath(path) if isinstance(path, (str, os.PathLike)) else None
    if not isinstance(text, str) or text == "" or "\0" in text:
        raise ValueError(f"{name} is {_check.shown(path)}; it must be {legal}")
    return Path(path)


def _target(path, name):
    """Return the file that a write to ``path`` would change, or raise where it may not."""
    target = Path(os.path.realpath(path_of(path, name)))
    given = f"{name} is {str(path)!r}"
    if not target.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, f"{given}; there is no folder {str(target.parent)!r}")
    if target.is_symlink():
        raise OSError(errno.ELOOP, f"{given}, a link that leads to itself")
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return target
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, f"{given}, a folder; it must be the path of a file")
    if not stat.S_ISREG(mode):
        raise ValueError(f"{given}, a device or the like; it must be the path of a file")
    if not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, f"{given}, a file that may not be written")
    return target


def _temporary(target):
    """Return a new name beside ``target``: of this machine, this file, this process."""
    return target.with_name(f"{_stem(target)}{os.getpid()}-{secrets.token_hex(4)}.tmp")


def _stem(target):
    """Return how temporary names of ``target`` begin; short, however long its own name is."""
    whole = os.fsencode(f"{platform.node()}/{target.name}")
    return f".dra-{hashlib.blake2b(whole, digest_size=8).hexdigest()}-"


def _remove_abandoned(target):
    """Remove temporary files of ``target`` whose processes were killed."""
    if os.name != "posix":
        return
    for path in target.parent.glob(f"{_stem(target)}*.tmp"):
        try:
            os.kill(int(path.name.split("-")[2]), 0)  # signal 0 only asks
        except ProcessLookupError:
            with contextlib.suppress(OSError):
                path.unlink()
        except OSError:
            pass  # alive, and of another user


def _keep_mode(target, temporary):
    """Give ``temporary`` the owner and the mode of ``target``, where that exists."""
    try:
        old = target.stat()
    except FileNotFoundError:
        return
    if hasattr(os, "chown"):
        for owner in ((-1, old.st_gid), (old.st_uid, -1)):
            with contextlib.suppress(PermissionError):
                os.chown(temporary, *owner)
    os.chmod(temporary, stat.S_IMODE(old.st_mode))
