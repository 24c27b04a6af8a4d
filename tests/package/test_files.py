"""Files: which paths are taken, and that a save keeps what a plain write keeps."""

import os
import stat

import numpy as np
import pytest
from small_archive import ARRAYS, KIND, identical, posix, written

from dra import _files

not_root = pytest.mark.skipif(
    hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may do everything"
)


@pytest.fixture
def path(tmp_path):
    return written(tmp_path)


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
