"""A program that sweeps, for the tests that stop it: python sweep_program.py FOLDER HOW.

HOW is a number of processes, "dask", or "dask, one dies". The table is written to FOLDER/table.csv,
also if Ctrl-C stops the sweep.
"""

import os
import signal
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import joblib

import dra

TASK = dra.tasks.gridworld(3, 4, start=(2, 0), goal=(0, 3), walls=[(1, 1)])
CONDITIONS = {"rich": {"sigma_init": 1.0}, "poor": {"sigma_init": 5.0}, "dear": {"cost_weight": 1}}
SEEDS = 4
CELLS = SEEDS * len(CONDITIONS)


def measure(run):
    """Take long enough to be stopped."""
    time.sleep(0.15)
    return {"nats": run.memory.cost(), "where": run.task.name}


def done(folder):
    """The number of finished cells."""
    return len(list(Path(folder).glob("*.npz")))


def sweep(folder=None, n_jobs=None):
    """The sweep."""
    return dra.sweep(TASK, CONDITIONS, seeds=SEEDS, trials=20, rng=1, folder=folder, n_jobs=n_jobs,
                     measure=measure)  # fmt: skip


def kill_one(client, folder):
    """Kill one of the two workers once some cells are finished."""
    pids = sorted(client.run(os.getpid).values())
    assert len(set(pids)) == 2 and os.getpid() not in pids

    def kill():
        while done(folder) < 3:
            time.sleep(0.01)
        os.kill(pids[0], signal.SIGKILL)

    threading.Thread(target=kill, daemon=True).start()


@contextmanager
def backend(how, folder):
    """The backend of joblib that is asked for."""
    if not how.startswith("dask"):
        yield
        return
    from distributed import Client, LocalCluster

    options = {"n_workers": 2, "threads_per_worker": 1, "processes": True}
    with (
        LocalCluster(dashboard_address=None, **options) as cluster,
        Client(cluster) as client,
        joblib.parallel_config(backend="dask"),
    ):
        if how != "dask":
            kill_one(client, folder)
        yield


def main(folder, how):
    with backend(how, folder):
        try:
            table = sweep(folder, int(how) if how.isdigit() else None)
        except KeyboardInterrupt as stopped:
            stopped.table.to_csv(Path(folder) / "table.csv", index=False)
            raise
    table.to_csv(Path(folder) / "table.csv", index=False)


if __name__ == "__main__":
    main(*sys.argv[1:])
