"""Files that were damaged, or are of another kind, are refused; the rest is read to the bit."""

import random
import zipfile

import numpy as np
import pytest
from small_archive import KIND, identical, written

import dra
from dra import _files

FLIPS = 1500


@pytest.fixture
def path(tmp_path):
    return written(tmp_path)


def outcome(read, path):
    """What reading leads to: "same", "other", or the type of the error."""
    try:
        return "same" if identical(read(path)) else "other"
    except Exception as error:
        named = str(path) in str(error) and KIND in str(error)
        return f"{type(error).__name__}{' that says where' if named else ''}"


def naive(path):
    with np.load(path, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def test_what_is_written_comes_back(path):
    assert identical(_files.read_npz(path, KIND))


def test_every_flipped_bit_is_harmless_or_refused(path):
    good, rng = path.read_bytes(), random.Random(1)
    ours, others = set(), set()
    for bit in rng.sample(range(8 * len(good)), FLIPS):
        data = bytearray(good)
        data[bit // 8] ^= 1 << bit % 8
        path.write_bytes(data)
        ours.add(outcome(lambda p: _files.read_npz(p, KIND), path))
        others.add(outcome(naive, path))
    assert ours == {"same", "ValueError that says where"}
    assert len(others - ours) > 2  # twin: the plain reader lets all kinds of errors through


@pytest.mark.parametrize("damage", ["cut", "zeros", "noise", "before", "after", "twice", "swapped"])
def test_larger_damage_is_harmless_or_refused(path, damage):
    good, rng = path.read_bytes(), random.Random(2)
    for _ in range(60):
        at, size = rng.randrange(len(good)), rng.randrange(1, 60)
        piece = good[at : at + size]
        data = {
            "cut": good[:at],
            "zeros": good[:at] + bytes(len(piece)) + good[at + size :],
            "noise": good[:at] + rng.randbytes(len(piece)) + good[at + size :],
            "before": rng.randbytes(size) + good,
            "after": good + rng.randbytes(size),
            "twice": good[:at] + piece + good[at:],
            "swapped": good[at:] + good[:at],
        }[damage]
        path.write_bytes(data)
        found = outcome(lambda p: _files.read_npz(p, KIND), path)
        assert found in ("same", "ValueError that says where")


def write_npy(path):
    with path.open("wb") as file:
        np.save(file, np.arange(3))


def write_pickle(path):
    with path.open("wb") as file:
        np.savez(file, kind=KIND, x=np.array([{}], dtype=object))


def write_text_archive(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kind.npy", "no array")


@pytest.mark.parametrize(
    "write",
    [
        write_npy,
        write_pickle,
        write_text_archive,
        lambda path: path.write_bytes(b""),
        lambda path: path.write_bytes(random.Random(0).randbytes(5000)),
        lambda path: path.write_text("a,b\n1,2\n"),
    ],
    ids=["npy", "pickle", "zip", "empty", "noise", "csv"],
)
def test_a_file_of_another_kind_is_refused(tmp_path, write):
    write(tmp_path / "x.npz")
    with pytest.raises(ValueError, match=r"x\.npz cannot be read as a saved dra\.Test"):
        _files.read_npz(tmp_path / "x.npz", KIND)


def test_an_archive_of_another_kind_is_named(path):
    with pytest.raises(ValueError, match=r"holds dra\.Test; it must hold dra\.Run"):
        dra.Run.load(path)
    np.savez(path, x=1)
    with pytest.raises(ValueError, match=r"holds something else; it must hold dra\.Memory"):
        dra.Memory.load(path)
