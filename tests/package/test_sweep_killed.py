"""A sweep that is killed, stopped or loses a worker ends with the table of one left alone."""

import contextlib
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
import sweep_program
from pandas.testing import assert_frame_equal

from dra import _contents

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(os.name != "posix", reason="signals of POSIX"),
]
PROGRAM = Path(sweep_program.__file__)


@pytest.fixture(scope="module")
def alone():
    """The table of the sweep left alone, in this process."""
    return sweep_program.sweep(n_jobs=1)


def start(folder, how):
    """Start the program in a process group of its own."""
    if how.startswith("dask"):
        pytest.importorskip("distributed")
    return subprocess.Popen(
        [sys.executable, PROGRAM, folder, how], start_new_session=True, stderr=subprocess.PIPE
    )


def wait_for(program, folder, cells):
    """Wait until that many cells are finished."""
    until = time.monotonic() + 60
    while sweep_program.done(folder) < cells:
        assert program.poll() is None and time.monotonic() < until
        time.sleep(0.01)


def finish(folder, how):
    """Run the program to its end; return the table."""
    program = start(folder, how)
    _, said = program.communicate(timeout=100)
    assert program.returncode == 0, said
    return read(folder)


def read(folder):
    """The table that the program wrote."""
    return pd.read_csv(folder / "table.csv")


def end(program):
    """End what a program has left behind: joblib's workers wait for five minutes for another."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    program.stderr.close()


@pytest.mark.parametrize("how", ["1", "2", "4", "dask"])
def test_killed_and_started_again(tmp_path, how, alone):
    program = start(tmp_path, how)
    wait_for(program, tmp_path, 3)
    program.kill()  # SIGKILL, and to the program alone
    program.wait()
    found = {path: path.stat().st_mtime_ns for path in tmp_path.glob("*.npz")}
    assert 3 <= len(found) < sweep_program.CELLS
    assert not (tmp_path / "table.csv").exists()
    end(program)
    assert_frame_equal(finish(tmp_path, how), alone)
    assert {path: path.stat().st_mtime_ns for path in found} == found  # read, not made again
    assert sweep_program.done(tmp_path) == sweep_program.CELLS


def test_a_worker_of_a_cluster_dies(tmp_path, alone):
    assert_frame_equal(finish(tmp_path, "dask, one dies"), alone)


@pytest.mark.parametrize("how", ["1", "2"])
def test_ctrl_c_loses_no_finished_cell(tmp_path, how, alone):
    program = start(tmp_path, how)
    wait_for(program, tmp_path, 3)
    os.killpg(program.pid, signal.SIGINT)  # as a terminal does
    _, said = program.communicate(timeout=60)
    assert program.returncode != 0
    assert b"Interrupt" in said  # between cells KeyboardInterrupt, within one dra.Interrupted
    end(program)
    some = read(tmp_path)  # what the error had in its attribute
    # in the table there may be one cell more than on the disk: the one that was being written
    assert 0 < some.groupby(["condition", "seed"]).ngroups <= sweep_program.done(tmp_path) + 1
    assert_frame_equal(some, alone.merge(some[["condition", "seed", "trial"]]), check_like=True)
    kept = sweep_program.sweep(tmp_path, n_jobs=1)  # goes on
    assert_frame_equal(kept, alone)


def test_stored_machine_code_is_no_source(tmp_path):
    """A task of one's own that is trained meanwhile makes no kept cell worthless."""
    (tmp_path / "loops.py").write_text("x = 1\n")
    before = _contents.source(tmp_path)
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__" / "loops_0.py").write_text("# a mark\n")
    assert _contents.source(tmp_path) == before
    (tmp_path / "more.py").write_text("x = 2\n")
    assert _contents.source(tmp_path) != before
