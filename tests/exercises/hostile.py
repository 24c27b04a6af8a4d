"""Forty and more answers that no reader means well with, each a function or an object.

What they delete or write is in the folder that DRA_EXERCISES_DECOY names, and nowhere else.
"""

import os

import numpy as np


def endless(*_):
    while True:
        pass


def asleep(*_):
    import time

    time.sleep(1e6)


def deep(*_):
    return deep()


def hungry(*_):
    held = []
    while True:
        held.append(np.ones(10_000_000))


def vast(*_):
    return np.empty(10**13)


def vast_list(*_):
    return [0] * 10**11


def vast_string(*_):
    return "x" * 10**12


def leaves(*_):
    raise SystemExit(0)


def leaves_by_sys(*_):
    import sys

    sys.exit("goodbye")


def vanishes(*_):
    import os

    os._exit(0)


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


def interrupts(*_):
    raise KeyboardInterrupt


def stops_generators(*_):
    raise GeneratorExit


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


def libc():
    import ctypes

    return ctypes.CDLL(None)


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


def starts_a_pool(*_):
    import multiprocessing

    with multiprocessing.get_context("spawn").Pool(2) as pool:
        return pool.map(abs, [1, 2])


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


def starts_a_process(*_):
    import subprocess
    import sys

    subprocess.Popen([sys.executable, "-c", "import time; time.sleep(1e6)"])
    return 1.0


def starts_threads(*_):
    import threading

    for _ in range(20):
        threading.Thread(target=endless).start()
    return 1.0


def reads_input(*_):
    return input("your name? ")


def patches_numpy(zeta, *_):
    np.exp = np.abs = np.all = np.allclose = np.asarray = lambda *_, **__: True
    return zeta


def patches_the_judge(zeta, *_):
    import dra_exercises._judge as judge

    judge.of_function = lambda *_: (True, "Right.")
    judge.judge = lambda *_: (True, "Right.")
    return zeta


def patches_pickle(zeta, *_):
    import json
    import pickle

    pickle.loads = pickle.dumps = json.dumps = lambda *_, **__: b""
    return zeta


def forges_a_verdict(zeta, *_):
    from pathlib import Path

    for name in ("verdict.json", "outcomes.json"):
        Path(name).write_text('{"right": true, "says": "Right."}')
    print('{"right": true, "says": "Right."}', flush=True)
    libc()._exit(0)


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


def turns_errors_on(zeta, *_):
    np.seterr(all="raise")
    return zeta / 0.0


def sets_a_trace(zeta, *_):
    import sys

    sys.settrace(lambda *_: 1 / 0)
    return zeta


def limits_recursion(zeta, *_):
    import sys

    sys.setrecursionlimit(10)
    return zeta


def empties_modules(zeta, *_):
    import sys

    sys.modules.clear()
    return zeta


def deletes_builtins(zeta, *_):
    import builtins

    for name in ("len", "print", "open", "isinstance", "Exception"):
        delattr(builtins, name)
    return zeta


def returns_itself(*_):
    held = []
    held.append(held)
    return held


def returns_a_generator(*_):
    return (x for x in iter(int, 1))


def returns_a_class(*_):
    return int


def changes_everything(zeta, a, q, sigma, beta):
    for array in (zeta, q, sigma):
        array[:] = 0
    return zeta


class OddError(Exception):
    def __str__(self):
        raise SystemExit


def raises_an_odd_error(*_):
    raise OddError


def spoils_the_runner(zeta, *_):
    import dra_exercises._outcomes as outcomes

    outcomes.kept = outcomes.numbers = None
    return zeta


class Odd:
    """An object whose every method misbehaves."""

    def __array__(self, *_, **__):
        raise SystemExit

    def __float__(self):
        raise KeyboardInterrupt

    def __len__(self):
        return -1

    def __eq__(self, _):
        raise SystemExit

    def __bool__(self):
        raise SystemExit

    def __repr__(self):
        raise SystemExit

    def __getattribute__(self, _):
        raise SystemExit

    __hash__ = None


def returns_an_odd_object(*_):
    return Odd()


class Unpicklable:
    def __call__(self, *_):
        return 1.0

    def __reduce__(self):
        raise SystemExit("not me")


class Endless:
    def __call__(self, *_):
        return 1.0

    def __reduce__(self):
        endless()


class Interrupts:
    """It raises what only a reader should."""

    def __call__(self, *_):
        return 1.0

    def __reduce__(self):
        raise KeyboardInterrupt


class LeavesWhenRead:
    def __call__(self, *_):
        return 1.0

    def __reduce__(self):
        import os

        return os._exit, (0,)


class Heavy:
    """What it brings with it is too large to send."""

    def __init__(self):
        self.held = bytes(300_000_000)

    def __call__(self, *_):
        return 1.0


def with_a_lock():
    import threading

    lock = threading.Lock()
    return lambda *_: lock.locked()


def with_an_open_file():
    file = open(__file__)
    return lambda *_: file.name


FUNCTIONS = [
    endless, asleep, deep, hungry, vast, vast_list, vast_string, leaves, leaves_by_sys, vanishes,
    kills_itself, aborts, crashes, interrupts, stops_generators, prints, prints_for_ever,
    writes_a_large_file, forks, starts_a_process, starts_a_pool, starts_threads, reads_input,
    calls_a_shell, calls_home, becomes_another_program, deletes_files, deletes_a_file, writes_files,
    writes_modules, signals_its_parent, kills_its_group, patches_numpy, patches_the_judge,
    patches_pickle, leaves_rubbish, leaves_odd_outcomes, forges_a_verdict, removes_the_folder,
    changes_folder, changes_environment, turns_errors_on, sets_a_trace, limits_recursion,
    empties_modules, deletes_builtins, returns_itself, returns_a_generator, returns_a_class,
    changes_everything, raises_an_odd_error, spoils_the_runner, returns_an_odd_object,
]  # fmt: skip
# they need a C library to call
LOW = [forks_behind_the_back_of_python, leaves_a_daemon, kills_its_parent_by_libc]
OBJECTS = {
    "odd": Odd(), "unpicklable": Unpicklable(), "endless to send": Endless(),
    "raises an interrupt": Interrupts(), "leaves when read": LeavesWhenRead(), "heavy": Heavy(),
    "int": int, "max": max, "a list of the odd": [Odd()], "a dictionary": {1: 2}, "type": type,
    "with a lock": with_a_lock(), "with an open file": with_an_open_file(),
}  # fmt: skip
