"""Answers that reach for files, other programs, the network or the judge.

What they delete or write is in the folder that DRA_EXERCISES_DECOY names, and nowhere else.
"""

import os

from hostile import endless


def libc():
    import ctypes

    return ctypes.CDLL(None)


def prints(*_):
    for _ in range(10_000):
        print("x" * 1000)


def prints_for_ever(*_):
    while True:
        print("x" * 1000)


def writes_a_large_file(*_):
    with open("large", "wb") as file:
        while True:
            file.write(b"x" * 10**6)


def forks(*_):
    import os
    import time

    for _ in range(20):
        if os.fork() == 0:
            time.sleep(1e6)
    return 1.0


def forks_behind_the_back_of_python(*_):
    for _ in range(6):  # 64 processes
        libc().fork()
    while True:
        libc().usleep(1000)


def leaves_a_daemon(*_):
    """A grandchild in a session of its own, whose parent is dead."""
    if libc().fork() == 0:
        libc().setsid()
        if libc().fork() == 0:
            while True:
                libc().usleep(1000)
        libc()._exit(0)
    return 1.0


def starts_a_process(*_):
    import subprocess
    import sys

    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1e6)"])
    return 1.0


def starts_a_pool(*_):
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(2) as pool:
        return pool.map(abs, [1, 2])


def starts_threads(*_):
    import threading

    for _ in range(20):
        threading.Thread(target=endless).start()
    return 1.0


def reads_input(*_):
    return input("your name? ")


def signals_its_parent(*_):
    import os
    import signal

    os.kill(os.getppid(), signal.SIGTERM)
    return 1.0


def kills_its_parent_by_libc(*_):
    import os

    libc().kill(os.getppid(), 9)
    return 1.0


def kills_its_group(*_):
    import os

    os.killpg(0, 9)
    return 1.0


def kills_itself(*_):
    import os
    import signal

    os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))


def aborts(*_):
    import os

    os.abort()


def crashes(*_):
    import ctypes

    ctypes.string_at(0)


def calls_a_shell(*_):
    import os

    return os.system("touch here")


def becomes_another_program(*_):
    import os

    os.execv("/bin/true", ["true"])


def calls_home(*_):
    import urllib.request

    return urllib.request.urlopen("http://127.0.0.1:9/").read()


def deletes_files(*_):
    import shutil
    from pathlib import Path

    shutil.rmtree(Path(os.environ["DRA_EXERCISES_DECOY"]))
    return 1.0


def deletes_a_file(*_):
    os.remove(os.path.join(os.environ["DRA_EXERCISES_DECOY"], "a"))
    return 1.0


def writes_files(*_):
    from pathlib import Path

    Path(os.environ["DRA_EXERCISES_DECOY"], "a").write_text("other words")
    return 1.0


def writes_modules(zeta, *_):
    """Names of modules that the judge may still load."""
    from pathlib import Path

    for name in ("scipy", "psutil", "random", "numba"):
        Path(f"{name}.py").write_text("import os\nos._exit(0)\n")
    return zeta


def leaves_rubbish(zeta, *_):
    from pathlib import Path

    Path("outcomes.json").write_text("[" * 100_000)
    libc()._exit(0)


def leaves_odd_outcomes(zeta, *_):
    import json
    from pathlib import Path

    odd = [{"kind": "numbers", "shape": [2, "x"], "values": {}}] * 7
    Path("outcomes.json").write_text(json.dumps(odd))
    libc()._exit(0)


def forges_a_verdict(zeta, *_):
    from pathlib import Path

    for name in ("verdict.json", "outcomes.json"):
        Path(name).write_text('{"right": true, "says": "Right."}')
    print('{"right": true, "says": "Right."}', flush=True)
    libc()._exit(0)


def removes_the_folder(zeta, *_):
    import shutil

    shutil.rmtree(".", ignore_errors=True)
    return zeta


def changes_folder(zeta, *_):
    import os

    os.chdir("/")
    return zeta


def changes_environment(zeta, *_):
    import os

    os.environ.clear()
    return zeta


LOW = [
    forks_behind_the_back_of_python,
    leaves_a_daemon,
    kills_its_parent_by_libc,
]  # by the C library
FUNCTIONS = [
    prints, prints_for_ever, writes_a_large_file, forks, starts_a_process, starts_a_pool,
    starts_threads, reads_input, signals_its_parent, kills_its_group, kills_itself, aborts,
    crashes, calls_a_shell, becomes_another_program, calls_home, deletes_files, deletes_a_file,
    writes_files, writes_modules, leaves_rubbish, leaves_odd_outcomes, forges_a_verdict,
    removes_the_folder, changes_folder, changes_environment,
]  # fmt: skip
