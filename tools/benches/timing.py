"""Time functions side by side, and say on which machine."""

import os
import platform
import time
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np

QUIET = {"record_every": 10**9, "evaluation_episodes": 1}  # training alone, next to no evaluation
LIBRARIES = ("numpy", "scipy", "numba", "joblib", "pandas")


def paired(*functions, turns):
    """Return the CPU seconds of each function in each of ``turns`` alternating turns."""
    times = np.empty((turns, len(functions)))
    for turn in times:
        for i, function in enumerate(functions):
            begun = time.thread_time()
            function()
            turn[i] = time.thread_time() - begun
    return times


def best(*functions, turns):
    """Return the shortest CPU time of each function, in seconds."""
    return paired(*functions, turns=turns).min(axis=0).tolist()


def ratio(times, i=0, j=1):
    """Return the median, the least and the largest ratio of two columns of :func:`paired`."""
    found = times[:, i] / times[:, j]
    return {"ratio": float(np.median(found)), "least": found.min().item(),
            "largest": found.max().item()}  # fmt: skip


def wall(function):
    """Return the seconds that a function takes by the clock on the wall."""
    begun = time.perf_counter()
    function()
    return time.perf_counter() - begun


def machine():
    """Say what this machine is, and how busy it is."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text().splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": names[0] if names else platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "load before": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
    }


def versions():
    """Return the versions of Python and the libraries that count."""
    found = {"python": platform.python_version()}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    return found
