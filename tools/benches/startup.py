"""Time to the first result: the import, and the first trial, machine code made or loaded."""

import os
import subprocess
import sys
import tempfile

FIRST = """
import time, dra
task = dra.tasks.{task}()
begun = time.perf_counter()
dra.train(task, 1, rng=0, progress=False)
print(time.perf_counter() - begun)
"""


def first_trials(turns, scale):
    """Seconds to the first trial in a fresh Python, cold (nothing compiled yet) and warm."""
    found = {}
    for task in ("gridworld", "mountain_car"):
        with tempfile.TemporaryDirectory() as folder:
            env = {**os.environ, "NUMBA_CACHE_DIR": folder}
            call = [sys.executable, "-c", FIRST.format(task=task)]
            cold, *warm = (
                float(subprocess.run(call, env=env, capture_output=True, text=True,
                                     check=True).stdout)
                for _ in range(1 + turns)
            )  # fmt: skip
        found[task] = {"cold": cold, "warm": min(warm)}
    return found


IMPORT = """
import time
begun = time.perf_counter()
import dra
print(time.perf_counter() - begun)
"""


def import_time(turns, scale):
    """Seconds that a fresh Python takes to import the package."""
    call = [sys.executable, "-c", IMPORT]
    return min(
        float(subprocess.run(call, capture_output=True, text=True, check=True).stdout)
        for _ in range(turns)
    )
