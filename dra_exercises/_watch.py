"""Start a process that is not trusted, watch its time and memory, and end all it has started."""

import contextlib
import os
import signal
import subprocess
import sys
import time

import psutil

MEBIBYTES = 1500  # resident, of the process and its children
ADDRESSES = 6000  # of address space, where the system counts it
PATIENCE = 30.0  # seconds in which a process must have started


def start(module, folder):
    """Start ``python -m module folder`` without input and output, in the folder itself."""
    quiet = {
        "stdin": subprocess.DEVNULL,
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.DEVNULL,
    }
    alone = {"start_new_session": True} if os.name == "posix" else {}
    known = os.pathsep.join(path for path in sys.path if path)
    settings = {"PYTHONPATH": known, "MPLBACKEND": "agg", "OPENBLAS_NUM_THREADS": "1"}
    settings |= {"PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-m", module, str(folder)]
    return subprocess.Popen(command, cwd=folder, env=os.environ | settings, **quiet, **alone)


def family(process):
    """Return a process and all its descendants, as far as they can be seen."""
    with contextlib.suppress(psutil.Error):
        whole = psutil.Process(process.pid)
        return [whole, *whole.children(recursive=True)]
    return []


def end(process, known=()):
    """End a process with all that it has started."""
    for _ in range(20):  # a child may be born while others die
        members = [*family(process), *known]
        known = ()
        for member in members:
            with contextlib.suppress(psutil.Error):
                member.kill()
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        if process.poll() is not None:
            break
        time.sleep(0.01)
    process.wait()


def resident(members):
    """Return the mebibytes that processes hold."""
    held = 0
    for member in members:
        with contextlib.suppress(psutil.Error):
            held += member.memory_info().rss
    return held / 2**20


def watched(process, folder, seconds):
    """Wait for a process; return "done", "time", "memory", or "died" with its exit status.

    The time counts from the moment at which the file ``started`` stands in the folder.
    """
    begun, seen, members = time.monotonic(), None, []
    try:
        while process.poll() is None:
            time.sleep(0.01)
            members = family(process) or members
            if seen is None and (folder / "started").exists():
                seen = time.monotonic()
            if resident(members) > MEBIBYTES:
                return "memory", None
            late = time.monotonic() - (seen or begun)
            if late > (seconds if seen else PATIENCE):
                return "time", None
        if (folder / "outcomes.json").exists() or (folder / "verdict.json").exists():
            return "done", process.returncode
        return "died", process.returncode
    finally:
        end(process, members)
