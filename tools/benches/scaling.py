"""How time and memory grow: with states, actions, trajectories, processes."""

import os
import subprocess
import sys
import time
from dataclasses import replace
from functools import partial

import joblib
import numpy as np

import dra
from benches.floor import bare_loop
from benches.timing import QUIET, best

SIDES = (10, 32, 100, 316, 1000)
ACTIONS = (2, 4, 8, 16, 32, 64)
TRAJECTORIES = (1, 3, 10, 30, 100)
STEPS = 200


def grid(side):
    """A grid with the goal in the far corner, out of reach of an episode of 200 moves."""
    return dra.tasks.gridworld(
        side, side, start=(0, 0), goal=(side - 1, side - 1), walls=(), step_limit=STEPS
    )


def jumps(n_states, n_actions=4):
    """A task in which every move leads anywhere: no two steps touch the same memory."""
    to = np.random.default_rng(0).integers(n_states - 1, size=(n_states, n_actions, 1))
    return dra.tasks.assemble(
        "jumps", to, 1.0, -1.0, terminal=[n_states - 1], start=0, step_limit=STEPS
    )


def acting(tasks, episodes, turns):
    """Return ns a step of acting without learning in each of ``tasks``, by name, timed in turns.

    What a call takes at first is taken off.
    """
    calls = []
    for task in tasks.values():
        memory = dra.Memory.initial(task, q=0.0, sigma=1.0, sigma_base=5.0)
        act = partial(dra.returns, task, memory, beta=1.0, rng=0)
        calls += [partial(act, episodes=1), partial(act, episodes=episodes)]
    times = np.reshape(best(*calls, turns=turns), (len(tasks), 2))
    steps = [-many()[1:].sum() for many in calls[1::2]]  # each step costs one
    return dict(zip(tasks, (1e9 * np.diff(times)[:, 0] / steps).tolist(), strict=True))


def states(turns, scale):
    """ns a step of acting, near the start and all over the table; ns a memory of a trial's end."""
    sides = [side for side in SIDES if side**2 <= 10**6 * scale] or SIDES[:2]
    grids = {str(side**2): grid(side) for side in sides}
    episodes = max(int(3000 * scale), 2)
    near = acting(grids, episodes, turns)
    anywhere = acting({name: jumps(int(name)) for name in grids}, episodes, turns)
    return {
        name: {
            "ns a step, near": near[name],
            "ns a memory, after each trial": _per_memory(task, turns),
            "ns a step, anywhere": anywhere[name],
        }
        for name, task in grids.items()
    }


def _per_memory(task, turns):
    """What a trial takes for each memory, visited or not: clearing, gradient, slope and step."""
    trials = max(int(4e6 / task.known.size), 20)
    short = replace(task, step_limit=1)  # next to no moves
    train = partial(dra.train, short, rng=0, progress=False, n_trajectories=1, **QUIET)
    few, many = best(partial(train, 1), partial(train, trials), turns=turns)
    return 1e9 * (many - few) / (trials - 1) / task.known.size


def actions(turns, scale):
    """ns a step of acting with ever more actions."""
    tasks = {str(n): jumps(100, n) for n in ACTIONS}
    found = acting(tasks, max(int(1000 * scale), 2), turns)
    return {name: {"ns a step": ns} for name, ns in found.items()}


def trajectories(turns, scale):
    """ns a step of training in the maze with ever more trajectories for a gradient."""
    task, found = dra.tasks.gridworld(), {}
    for n in TRAJECTORIES:
        trials = max(int(20_000 * scale / (n + 1)), 2)
        train = partial(dra.train, task, trials, rng=0, n_trajectories=n, progress=False, **QUIET)
        steps = train().env_steps
        found[str(n)] = {"ns a step": 1e9 * best(train, turns=turns)[0] / steps}
    return found


def cpu_time(run):
    """What a process of a sweep has spent so far."""
    return {"process": os.getpid(), "spent": time.process_time()}


def workers(turns, scale):
    """A sweep by 1, 2, ... processes that are already there: efficiency by the clock and in CPU.

    In CPU time it is what one process needs over what n need together: others on the machine
    hardly disturb that, but it does not see a process that waits. The last number is the control:
    loops that share nothing and write nothing. What they lose, the machine takes.
    """
    cores = os.cpu_count() or 1
    counts = [n for n in (1, 2, 4, 8, 16) if n <= cores]
    trials = max(int(20_000 * scale), 2)
    seconds, spent, bare = np.empty((3, turns, len(counts)))
    for i, n in enumerate(counts):
        _, before = _swept(n, max(counts), 2)  # starts the processes
        for turn in range(turns):
            seconds[turn, i], after = _swept(n, max(counts), trials)
            spent[turn, i] = (after - before.reindex(after.index, fill_value=0.0)).sum()
            before = after
            bare[turn, i] = _bare_rate(n, int(2e7 * scale) + 1)
    shortest, least, rate = seconds.min(axis=0), spent.min(axis=0), bare.max(axis=0)
    return {
        str(n): {
            "seconds": float(shortest[i]),
            "efficiency a core": float(shortest[0] / shortest[i] / n),
            "efficiency in CPU time": float(least[0] / least[i]),
            "bare loops, a core": float(rate[i] / rate[0]),
        }
        for i, n in enumerate(counts)
    }


def _swept(n_jobs, most, trials):
    """Sweep four agents for each of ``most`` processes; return seconds, and CPU by process."""
    begun = time.perf_counter()
    table = dra.sweep(
        dra.tasks.gridworld(), {"maze": {}}, seeds=4 * most, trials=trials, rng=0, n_jobs=n_jobs,
        measure=cpu_time, progress=False, **QUIET,
    )  # fmt: skip
    return time.perf_counter() - begun, table.groupby("process").spent.max()


def _bare_rate(n, draws):
    """Return draws a second of one of ``n`` processes that all draw at the same time."""
    together = joblib.Parallel(n_jobs=n, batch_size=1)
    together(joblib.delayed(_draw)(2) for _ in range(n))  # compiles
    begun = time.perf_counter()
    together(joblib.delayed(_draw)(draws) for _ in range(n))
    return draws / (time.perf_counter() - begun)


def _draw(draws):
    """Draw, and do nothing else."""
    bare_loop((0, 1), draws, draws, np.random.default_rng(0))


PEAK = """
import resource
from pathlib import Path
import dra
if {side}:
    task = dra.tasks.gridworld({side}, {side}, start=(0, 0), goal=({side} - 1, {side} - 1),
                               walls=(), step_limit=200)
    dra.train(task, 2, rng=0, progress=False, evaluation_episodes=1)
status = Path("/proc/self/status")
if status.exists():  # what getrusage says begins with the peak of the parent
    (peak,) = (line.split()[1] for line in status.read_text().splitlines() if "VmHWM" in line)
    print(int(peak) / 2**10)
else:
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20)
"""


def peak_memory(turns, scale):
    """Peak memory of a fresh Python, in MiB: after the import, and after training on grids."""
    found = {}
    for side in (0, *(side for side in SIDES if side**2 <= 10**6 * scale)):
        code = PEAK.format(side=side)
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True,
                              check=True)  # fmt: skip
        found[f"{side**2} states" if side else "import dra"] = float(done.stdout)
    return found
