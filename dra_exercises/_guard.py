"""What the process in which an answer is tried gives up before it reads the answer.

Python tells an audit hook before it opens, deletes, signals or starts anything, and a hook cannot
be taken back. So a slip such as a folder deleted by its full path harms nothing. It is no prison:
code that means to get out does. What it starts is ended with it (`_watch`).
"""

import importlib.util
import os
import sys
from pathlib import Path

MEBIBYTE = 2**20
WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
# events that name paths: where these stand, and where the open folders that they are relative to
PLACES = {
    "open": ((0,), ()), "os.remove": ((0,), (1,)), "os.rmdir": ((0,), (1,)),
    "os.mkdir": ((0,), (2,)), "os.truncate": ((0,), ()), "os.chmod": ((0,), (2,)),
    "os.chown": ((0,), (3,)), "os.utime": ((0,), (3,)), "shutil.rmtree": ((0,), (1,)),
    "os.rename": ((0, 1), (2, 3)), "os.link": ((0, 1), (2, 3)), "os.symlink": ((1,), (2,)),
    "shutil.move": ((0, 1), ()),
}  # fmt: skip
SIGNALS = {"os.kill", "os.killpg"}
STARTS = {
    "subprocess.Popen", "os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.spawn",
    "os.system", "os.startfile", "pty.spawn",
}  # fmt: skip
REACHES = {"socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto"}


def limit(mebibytes, addresses):
    """Let the system refuse more memory and larger files, where it can."""
    try:
        import resource
    except ImportError:  # not on Windows: the judge watches
        return
    limits = {
        "RLIMIT_DATA": mebibytes, "RLIMIT_AS": addresses, "RLIMIT_FSIZE": 64, "RLIMIT_CORE": 0,
    }  # fmt: skip
    for what, most in limits.items():
        try:
            resource.setrlimit(getattr(resource, what), (most * MEBIBYTE, most * MEBIBYTE))
        except (AttributeError, OSError, ValueError):
            continue


def caches():
    """Return the folders in which machine code of the package is kept between processes."""
    user = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    found = [os.environ.get("NUMBA_CACHE_DIR"), user / "numba", user / "dra"]
    package = importlib.util.find_spec("dra")
    if package is not None and package.origin:
        found.append(Path(package.origin).parent / "__pycache__")
    return [os.path.realpath(folder) for folder in found if folder]


def opened(number):
    """Return where a folder stands that is open under a number."""
    if sys.platform == "darwin":
        import fcntl

        return os.fsdecode(fcntl.fcntl(number, 50, bytes(1024)).rstrip(b"\0"))  # F_GETPATH
    return f"/proc/self/fd/{number}"


def watcher(folder):
    """Return an audit hook that lets nothing outside of ``folder`` be changed."""
    legal = [os.path.realpath(folder), *caches()]
    me, real, decode, null, join = os.getpid(), os.path.realpath, os.fsdecode, os.devnull, Path
    watched = PLACES.keys() | SIGNALS | STARTS | REACHES

    def inside(path, base):
        if path is None or isinstance(path, int):
            return True  # a file that is open already
        if isinstance(base, int) and base >= 0:  # relative to a folder that is open
            path = join(opened(base)) / decode(path)
        whole = real(decode(path))
        return whole == null or any(whole == at or whole.startswith(at + os.sep) for at in legal)

    def hook(event, arguments):
        if event not in watched:
            return
        if event in STARTS:
            raise PermissionError("an answer may not start other programs")
        if event in REACHES:
            raise PermissionError("an answer may not use the network")
        if event in SIGNALS:
            if arguments[0] != me:
                raise PermissionError("an answer may not signal other programs")
            return
        if event == "open" and not (isinstance(arguments[2], int) and arguments[2] & WRITES):
            return
        paths, bases = PLACES[event]
        for k, at in enumerate(paths):
            base = arguments[bases[k]] if k < len(bases) and bases[k] < len(arguments) else -1
            if not inside(arguments[at], base):
                raise PermissionError("an answer may not change files")

    return hook
