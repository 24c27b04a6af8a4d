"""Measure the speed of the package: ratios taken side by side, in one run, on one core.

The two sides of a ratio are timed alternately and the best of several turns counts, so that a busy
machine disturbs both alike.
"""

import dataclasses
import math
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from unittest import mock

import numpy as np

import dra
from dra import _twin
from dra._compile import COMPILED, compiled, inlined

TURNS = 5
TRIALS = 5000
QUIET = {"record_every": 10**9, "evaluation_episodes": 1}  # training alone, next to no evaluation


def best_times(*functions, turns=TURNS):
    """Return the shortest time of each function over alternating turns, in seconds."""
    shortest = [math.inf] * len(functions)
    for _ in range(turns):
        for i, function in enumerate(functions):
            begun = time.perf_counter()
            function()
            shortest[i] = min(shortest[i], time.perf_counter() - begun)
    return shortest


@inlined
def bare_recall(actions, weight, rng):
    """Draw and exponentiate as a recall does, and do nothing else."""
    for a in actions:
        weight[a] = math.exp(-abs(rng.standard_normal()))


@compiled
def bare_loop(actions, n_recalls, n_choices, rng):
    """Draw the random numbers and take the exponentials of a run, and do nothing else."""
    weight = np.empty(len(actions))
    total = 0.0
    for i in range(n_recalls):
        bare_recall(actions, weight, rng)
        total += weight[0]
        if i < n_choices:
            total += rng.random()
    return total


def against_floor(task):
    """Print training time over the time of its random numbers and exponentials alone."""
    actions = tuple(range(task.n_actions))
    for sigma_init in (1.0, 3.0, 5.0):
        options = {"rng": 0, "sigma_init": sigma_init, **QUIET}
        run = dra.train(task, TRIALS, **options)
        # a learning episode, 1 of n_trajectories + 1, recalls a second time at each step
        recalls = run.env_steps + run.env_steps // (run.parameters.n_trajectories + 1)
        rng = np.random.default_rng(0)
        bare_loop(actions, 10, 10, rng)
        train, bare = best_times(
            partial(dra.train, task, TRIALS, **options),
            partial(bare_loop, actions, recalls, run.env_steps, rng),
        )
        print(
            f"training, sigma_init = {sigma_init:g}: {1e9 * train / run.env_steps:6.1f} ns a step, "
            f"{train / bare:.2f} x the floor ({TRIALS} trials in {train:.3f} s)"
        )


def against_uncompiled(task):
    """Print compiled over uncompiled time per environment step of the same trials."""
    trials = 20
    options = {"rng": 0, "sigma_init": 1.0, **QUIET}
    steps = dra.train(task, trials, **options).env_steps
    fast, slow = best_times(
        partial(dra.train, task, trials, **options),
        partial(dra.train, task, trials, compiled=False, **options),
        turns=2,
    )
    print(
        f"uncompiled: {1e6 * slow / steps:.1f} us a step; compiled is {slow / fast:.0f} x as fast"
    )


def whole_figure(task):
    """Print the time of the grid-world figure: three budgets, five seeds, evaluation included."""
    (seconds,) = best_times(
        lambda: [
            dra.train(task, TRIALS, rng=seed, sigma_init=sigma_init)
            for sigma_init in (1.0, 3.0, 5.0)
            for seed in range(5)
        ],
        turns=1,
    )
    print(f"figure 1C, 3 budgets x 5 seeds x {TRIALS} trials: {seconds:.2f} s on one core")


def against_size():
    """Print the time of one step in ever larger grids, the goal always ten steps away."""
    for side in (12, 100, 320):
        task = dra.tasks.gridworld(side, side, start=(0, 0), goal=(5, 5), walls=())
        memory = dra.train(task, 300, rng=0, sigma_init=1.0, **QUIET).memory
        act = partial(dra.returns, task, memory, beta=10.0, episodes=2000, rng=0)
        steps = 11 - act()  # a return is 10 for the last step and -1 for each other
        (seconds,) = best_times(act)
        print(f"{task.n_states:7d} states: {1e9 * seconds / steps.sum():6.1f} ns a step of acting")


def price_of_checks():
    """Print training time on mountain car over that of the same loops without their checks.

    What a task's own functions return is looked at: does the row exist, is the reward finite?
    """
    options = {"rng": 0, **QUIET}
    checked, bare = dra.tasks.mountain_car(), dra.tasks.mountain_car()
    with mock.patch.object(_twin, "_checked", lambda own, n_states, decorate: own):
        dra.train(bare, 1, **options)  # the loops of this task are made here
    steps = dra.train(checked, 300, **options).env_steps
    with_checks, without = best_times(
        partial(dra.train, checked, 300, **options), partial(dra.train, bare, 300, **options)
    )
    print(
        f"checks of a simulated task: {with_checks / without:.3f} x the time without "
        f"({1e9 * with_checks / steps:.1f} ns a step)"
    )


def price_of_missing_actions(task):
    """Print training time where one action is missing in one state, over that where all exist."""
    available = np.ones(task.slot.shape, bool)
    full = dataclasses.replace(task, available=available)
    available = available.copy()
    wall = next(s for s in range(task.n_states) if s not in task.start_state)
    available[wall, 0] = False
    known = task.known.copy()
    known[task.slot[wall, 0]] = True
    missing = dataclasses.replace(task, available=available, known=known)
    options = {"rng": 0, "sigma_init": 1.0, **QUIET}
    runs = [dra.train(t, TRIALS, **options) for t in (full, missing)]
    times = best_times(*(partial(dra.train, t, TRIALS, **options) for t in (full, missing)))
    one, other = (t / run.env_steps for t, run in zip(times, runs, strict=True))
    print(f"a missing action: {other / one:.3f} x the time a step where all exist")


FIRST = """
import time, dra
task = dra.tasks.{task}()
begun = time.perf_counter()
dra.train(task, 1, rng=0, progress=False)
print(time.perf_counter() - begun)
"""


def first_trials():
    """Print how long the first trial takes in a fresh Python, machine code made or loaded."""
    for task in ("gridworld", "mountain_car"):
        with tempfile.TemporaryDirectory() as folder:
            cold, warm = (
                float(
                    subprocess.run(
                        [sys.executable, "-c", FIRST.format(task=task)],
                        env={**os.environ, "NUMBA_CACHE_DIR": folder},
                        capture_output=True,
                        text=True,
                        check=True,
                    ).stdout
                )
                for _ in range(2)
            )
        print(f"first trial of {task}: {cold:.2f} s, later {warm:.2f} s")


def import_time():
    """Print how long a fresh Python takes to import the package, less its own start."""

    def start(code):
        return lambda: subprocess.run([sys.executable, "-c", code], check=True)

    bare, with_dra = best_times(start("pass"), start("import dra"))
    print(f"import dra: {with_dra - bare:.2f} s")


def main():
    """Run all measurements."""
    task = dra.tasks.gridworld()
    import_time()
    first_trials()
    against_floor(task)
    if COMPILED:
        against_uncompiled(task)
        price_of_checks()
    price_of_missing_actions(task)
    whole_figure(task)
    against_size()


if __name__ == "__main__":
    main()
