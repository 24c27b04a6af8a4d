"""Files: damage is noticed, nothing is lost, and a save keeps what a plain write keeps."""

import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time
import zipfile

import numpy as np
import pytest

import dra
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
FLIPS = 1500
posix = pytest.mark.skipif(os.name != "posix", reason="modes, links and signals of POSIX")
not_root = pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may do everything"
)


@pytest.fixture
def path(tmp_path):
    _files.write_npz(tmp_path / "x.npz", ARRAYS)
    return tmp_path / "x.npz"


def identical(arrays):
    """Whether ``arrays`` are those that were written, to the bit and the type."""
    return set(arrays) == set(ARRAYS) and all(
        arrays[k].dtype == v.dtype
        and arrays[k].shape == v.shape
        and arrays[k].tobytes() == v.tobytes()
        for k, v in ARRAYS.items()
    )


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


# Damage -------------------------------------------------------------------------------------------


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


# Paths --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("bad", [None, 5, "", b"x.npz", "a\0b", ["x.npz"]])
@pytest.mark.parametrize(
    ("use", "name"),
    [
        (lambda path: _files.read_npz(path, KIND), "path"),
        (lambda path: _files.write_npz(path, ARRAYS), "path"),
        (_files.check_writable, "checkpoint"),
    ],
    ids=["read", "write", "check"],
)
def test_what_is_no_path_is_refused(use, name, bad):
    with pytest.raises(ValueError, match=f"{name} is .*must be the path of a file"):
        use(bad)


def test_each_error_of_the_system_keeps_its_name(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nothing\.npz"):
        _files.read_npz(tmp_path / "nothing.npz", KIND)
    with pytest.raises(IsADirectoryError):
        _files.read_npz(tmp_path, KIND)


def test_a_file_that_may_not_be_read_is_not_called_damaged(path, monkeypatch):
    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("pathlib.Path.open", refuse)
    monkeypatch.setattr("pathlib.Path.read_bytes", refuse)
    with pytest.raises(PermissionError, match=r"Permission denied.*x\.npz"):
        _files.read_npz(path, KIND)


def test_where_nothing_can_be_written_is_said_before_and_by_the_save(tmp_path):
    (tmp_path / "file").write_text("x")
    (tmp_path / "loop.npz").symlink_to(tmp_path / "loop.npz")
    for bad, error in (
        (tmp_path / "absent" / "x.npz", FileNotFoundError),
        (tmp_path / "file" / "x.npz", FileNotFoundError),
        (tmp_path / "loop.npz", OSError),
        (tmp_path / ("x" * 300 + ".npz"), OSError),
    ):
        for use in (_files.check_writable, lambda path: _files.write_npz(path, ARRAYS)):
            with pytest.raises(error, match=bad.name):
                use(bad)
    (tmp_path / "folder.npz").mkdir()
    with pytest.raises(IsADirectoryError, match=r"checkpoint is .*folder\.npz"):
        _files.check_writable(tmp_path / "folder.npz")
    with pytest.raises(IsADirectoryError, match=r"path is .*, a folder"):
        _files.write_npz(tmp_path, ARRAYS)
    assert {p.name for p in tmp_path.iterdir()} == {"file", "loop.npz", "folder.npz"}


@posix
def test_a_device_is_not_replaced_by_a_file():
    with pytest.raises(ValueError, match="a device"):
        _files.write_npz("/dev/null", ARRAYS)
    assert stat.S_ISCHR(os.stat("/dev/null").st_mode)


@posix
def test_a_folder_in_which_nothing_can_be_made(tmp_path):
    folder = "/proc" if os.path.isdir("/proc") else tmp_path / "locked"
    if folder != "/proc":
        folder.mkdir(mode=0o500)
    with pytest.raises(OSError, match=r"checkpoint is .*nothing can be written to its folder"):
        _files.check_writable(f"{folder}/x.npz")
    with pytest.raises(OSError, match=r"/x\.npz"):
        _files.write_npz(f"{folder}/x.npz", ARRAYS)


@posix
@not_root
def test_a_file_that_was_made_read_only_stays(path):
    path.chmod(0o400)
    for use in (_files.check_writable, lambda p: _files.write_npz(p, ARRAYS)):
        with pytest.raises(PermissionError, match="may not be written"):
            use(path)


def test_checking_leaves_no_trace_and_gives_the_whole_path(path, monkeypatch):
    before = path.read_bytes()
    monkeypatch.chdir(path.parent)
    assert _files.check_writable("x.npz") == path
    assert _files.check_writable("new.npz") == path.with_name("new.npz")
    assert path.read_bytes() == before and os.listdir() == ["x.npz"]
    with pytest.raises(ValueError, match=r"checkpoint is 'x\.csv'; it must end in \.npz"):
        _files.check_writable("x.csv")


# What a plain write keeps -------------------------------------------------------------------------


def mode(path):
    return stat.S_IMODE(path.stat().st_mode)


@posix
@pytest.mark.parametrize("mask", [0o022, 0o077, 0o002])
def test_a_new_file_has_the_mode_that_the_umask_leaves(tmp_path, mask):
    old = os.umask(mask)
    try:
        (tmp_path / "plain").write_bytes(b"")
        _files.write_npz(tmp_path / "x.npz", ARRAYS)
    finally:
        os.umask(old)
    assert mode(tmp_path / "x.npz") == mode(tmp_path / "plain") == 0o666 & ~mask


@posix
@pytest.mark.parametrize("kept", [0o600, 0o664, 0o640])
def test_an_old_file_keeps_its_mode(path, kept):
    path.chmod(kept)
    _files.write_npz(path, ARRAYS)
    assert mode(path) == kept


@posix
@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root gives away")
def test_an_old_file_keeps_its_owner(path):
    os.chown(path, 12345, 23456)
    _files.write_npz(path, ARRAYS)
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


@posix
def test_a_link_stays_a_link(path, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    link, dangling = tmp_path / "link.npz", tmp_path / "dangling.npz"
    link.symlink_to("x.npz")
    dangling.symlink_to("elsewhere/new.npz")
    for name in (link, dangling):
        _files.write_npz(name, {**ARRAYS, "q": np.zeros(2)})
        assert name.is_symlink()
        assert _files.read_npz(name, KIND)["q"].tolist() == [0.0, 0.0]
    assert _files.read_npz(path, KIND)["q"].tolist() == [0.0, 0.0]
    assert (tmp_path / "elsewhere" / "new.npz").is_file()


def test_names_are_kept_as_they_are(tmp_path):
    longest = "x" * 255
    for name in (longest, "σ" * 127, "run", "run.npz.old", " x", "[a]*?"):
        _files.write_npz(str(tmp_path / name), ARRAYS)
        assert identical(_files.read_npz(str(tmp_path / name), KIND))
    assert len(os.listdir(tmp_path)) == 6


# Writes that fail ---------------------------------------------------------------------------------


def script(body):
    return (
        "import os, resource, signal, sys\nimport numpy as np\nfrom dra import _files\n"
        "path = sys.argv[1]\n"
        f"arrays = {{'kind': '{KIND}', 'x': np.random.default_rng(0).random(100_000)}}\n{body}"
    )


FULL = """
resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000))
try:
    _files.write_npz(path, arrays)
except OSError as error:
    print(type(error).__name__, path in str(error))
"""
KILLED = """
os.fsync = lambda _: os.kill(os.getpid(), signal.SIGKILL)
_files.write_npz(path, arrays)
"""


@posix
def test_a_full_disk_is_an_error_of_the_system_and_the_old_file_stays(path):
    found = subprocess.run(
        [sys.executable, "-c", script(FULL), path], capture_output=True, text=True, check=True
    )
    assert found.stdout.split() == ["OSError", "True"]
    assert os.listdir(path.parent) == ["x.npz"] and identical(_files.read_npz(path, KIND))


@posix
def test_what_a_killed_save_leaves_goes_with_the_next(path):
    for _ in range(2):
        killed = subprocess.run([sys.executable, "-c", script(KILLED), path])
        assert killed.returncode == -signal.SIGKILL
    names = set(os.listdir(path.parent))
    assert len(names) == 2 and all(len(name) < 60 for name in names)  # one went with the second
    assert identical(_files.read_npz(path, KIND))
    other = path.with_name("y.npz")
    _files.write_npz(other, ARRAYS)
    assert set(os.listdir(path.parent)) == names | {"y.npz"}  # they belong to the other file
    _files.write_npz(path, ARRAYS)
    assert set(os.listdir(path.parent)) == {"x.npz", "y.npz"}


def test_saves_at_the_same_time_leave_one_whole_file(path):
    stop, problems = time.monotonic() + 1.0, []

    def save(value):
        while time.monotonic() < stop:
            _files.write_npz(path, {"kind": KIND, "x": np.full(1000, value)})

    threads = [threading.Thread(target=save, args=(value,)) for value in (1.0, 2.0)]
    for thread in threads:
        thread.start()
    while time.monotonic() < stop:
        x = _files.read_npz(path, KIND).get("x", np.ones(1))
        if len(set(x.tolist())) != 1:
            problems.append(x)
    for thread in threads:
        thread.join()
    assert problems == [] and os.listdir(path.parent) == ["x.npz"]


def test_an_interrupted_save_leaves_the_old_file(path, monkeypatch):
    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("os.fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        _files.write_npz(path, {"kind": KIND})
    assert os.listdir(path.parent) == ["x.npz"] and identical(_files.read_npz(path, KIND))
