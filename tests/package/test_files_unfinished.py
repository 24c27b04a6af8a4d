"""Writes of files that fail, are killed or meet another: a whole file stays."""

import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest
from small_archive import ARRAYS, KIND, identical, posix, written

from dra import _files


@pytest.fixture
def path(tmp_path):
    return written(tmp_path)


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
