"""Start a process that is not trusted, watch its time and memory, and end all it has started."""

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import time

MEBIBYTES = 1000  # resident, of the process and its children together
ADDRESSES = 6000  # of address space, which libraries reserve and never use
PROCESSES = 30  # that an answer may have at once
PATIENCE = 60.0  # seconds in which a process must have started
WAITING = 2  # times as long on the clock, for what sleeps, or shares its processor with others
OFTEN, SELDOM = 0.01, 0.1  # seconds between looks at the process, and at its children
MARK = "DRA_EXERCISES_TRIAL"  # in the environment of all that belongs to one trial


def environment(mark):
    """Return the environment of a trial: modules of this process, one thread, no bytecode."""
    known = os.pathsep.join(path for path in sys.path if isinstance(path, str) and path)
    return os.environ | {
        "PYTHONPATH": known,
        "PYTHONSAFEPATH": "1",  # a file that an answer writes is no module
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONWARNINGS": "ignore",
        "MPLBACKEND": "agg",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        MARK: mark,
    }


def start(module, folder, mark=None, stdout=subprocess.DEVNULL):
    """Start ``python -m module folder`` without input, in the folder itself."""
    options = {"cwd": folder, "stdin": subprocess.DEVNULL, "stdout": stdout}
    if os.name == "posix":
        options["start_new_session"] = True  # a Ctrl-C is for the notebook alone
    else:
        options["creationflags"] = getattr(subprocess, "CREATE_NO_WINDOW", 0)
    settings = environment(mark or secrets.token_hex(8))
    if mark is None:  # the innermost: what it calls temporary stays in its folder
        settings |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
        settings[MARK] = os.environ.get(MARK, "")
    command = [sys.executable, "-m", module, str(folder)]
    return subprocess.Popen(command, env=settings, stderr=subprocess.DEVNULL, **options)


def adopt():
    """Become the parent of what a dead descendant leaves behind, where the system can."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER


def below(pid):
    """Return the living descendants of a process."""
    import psutil

    found = []
    with contextlib.suppress(psutil.Error):
        for member in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if member.status() != psutil.STATUS_ZOMBIE:
                    found.append(member)
    return found


def marked(mark):
    """Return the processes of a trial, wherever they have gone; this one left out."""
    import psutil

    found = []
    for member in psutil.process_iter():
        with contextlib.suppress(psutil.Error, OSError):
            if member.pid != os.getpid() and member.environ().get(MARK) == mark:
                found.append(member)
    return found


def end(process, below_of, mark=None):
    """End a process with all that is below ``below_of``, and all of a trial if it is given."""
    import psutil

    for _ in range(100):  # a child may be born while others die
        members = [*below(below_of), *(marked(mark) if mark else [])]
        if os.name == "posix":
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(process.pid, signal.SIGKILL)
        with contextlib.suppress(OSError):
            process.kill()
        for member in members:
            with contextlib.suppress(psutil.Error):
                member.kill()
        if process.poll() is not None and not members:
            break
        time.sleep(0.01)
    process.wait()


def used(members):
    """Return the mebibytes that processes hold, and the seconds that they have computed."""
    import psutil

    held, busy = 0, 0.0
    for member in members:
        with contextlib.suppress(psutil.Error):
            held += member.memory_info().rss
            busy += sum(member.cpu_times()[:2])
    return held / 2**20, busy


def watched(process, folder, allowed):
    """Wait for a process; return "done", "time", "memory", "many" or "died" and its exit status.

    The time counts from the moment at which the file ``started`` stands in the folder. It is what
    the process computes, so that a busy machine is no fault of the answer. ``allowed()`` is how
    many seconds it may be, and may change.
    """
    import psutil

    begun, seen, before, looked, members = time.monotonic(), None, 0.0, 0.0, []
    parent = os.getppid()
    with contextlib.suppress(psutil.Error):
        members = [psutil.Process(process.pid)]
    while process.poll() is None:
        time.sleep(OFTEN)
        now, (held, busy) = time.monotonic(), used(members)
        if seen is None and (folder / "started").exists():
            seen, before = now, busy
        if seen and now - looked > SELDOM:
            members, looked = below(os.getpid()), now
        if held > MEBIBYTES:
            return "memory", None
        if len(members) > PROCESSES:
            return "many", None
        late = now - (seen or begun) > (WAITING * allowed() if seen else PATIENCE)
        if late or (seen and busy - before > allowed()) or os.getppid() != parent:
            return "time", None
    how = "done" if (folder / "outcomes.json").exists() else "died"
    return how, process.returncode
