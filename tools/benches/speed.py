"""Steps per second of training: every task against the floor and against uncompiled loops."""

import dataclasses
import time
from functools import partial
from unittest import mock

import numpy as np

import dra
from benches.floor import bare_loop, floor_of
from benches.timing import QUIET, best, paired, ratio
from dra import _twin, allocator, loops
from dra._compile import COMPILED


def tasks():
    """Return (task, number of trials that take about half a second) by name."""
    found = {
        "maze": (dra.tasks.gridworld(), 5000),
        "changed maze": (dra.tasks.gridworld_changed(), 5000),
        "slippery maze": (dra.tasks.gridworld(slip=0.1), 3000),
        "mountain car": (dra.tasks.mountain_car(), 1500),
        "planning, 3 moves": (dra.tasks.huys(3), 20_000),
        "planning, one start": (one_start(dra.tasks.huys(3)), 20_000),
        "planning, 10 moves": (dra.tasks.huys(10), 10_000),
    }
    if hasattr(dra.tasks, "from_gymnasium"):
        found["FrozenLake"] = dra.tasks.from_gymnasium("FrozenLake-v1"), 5000
        found["Taxi"] = dra.tasks.from_gymnasium("Taxi-v4"), 500
    return found


def one_start(task):
    """Return a task that begins in the first of its starts: the control for drawing one."""
    return dataclasses.replace(task, start_state=task.start_state[:1], start_probability=[1.0])


def each_task(turns, scale):
    """Training of every task: ns a step, ratio to the floor, ratio to the uncompiled loops."""
    found = {}
    for name, (task, trials) in tasks().items():
        train = partial(dra.train, task, rng=0, progress=False, **QUIET)
        trials = max(int(trials * scale), 2)
        run = train(trials)
        times = paired(partial(train, trials), floor_of(run), turns=turns)
        few = max(trials // 500, 1)
        steps = train(few).env_steps
        slow = best(partial(train, few, compiled=False), turns=1)[0] if COMPILED else np.nan
        ns = 1e9 * times[:, 0].min() / run.env_steps
        found[name] = {
            "states": task.n_states,
            "actions": task.n_actions,
            "steps a trial": run.env_steps / trials,
            "ns a step": ns,
            "floor": ratio(times),
            "us a step uncompiled": 1e6 * slow / steps,
            "times as fast as uncompiled": 1e9 * slow / steps / ns,
        }
    return found


def where_it_goes(turns, scale):
    """The time of a trial of trained agents, taken apart: ns a step that each part adds."""
    found = {}
    for name in ("maze", "planning, 3 moves"):
        task, trials = tasks()[name]
        trials = max(int(trials * scale), 20)
        run = dra.train(task, trials, rng=0, progress=False, **QUIET)
        parts = _parts(run, trials // 10)
        spent = np.array([[_ns_a_step(part) for part in parts.values()] for _ in range(2 * turns)])
        added = np.diff(np.median(spent, axis=0), prepend=0.0)
        found[name] = dict(zip(parts, added.tolist(), strict=True))
    return found


def _ns_a_step(part):
    """Return the CPU time that a function takes for each step that it says it made."""
    begun = time.thread_time()
    steps = part()
    return 1e9 * (time.thread_time() - begun) / steps


def _parts(run, n):
    """Return functions that do more and more of ``n`` trials, and return their steps, by name."""
    task, p, rng = run.task, run.parameters, np.random.default_rng(1)
    table, gradient = run.memory.copy().table(task), np.zeros(run.memory.sigma.size)
    beta, actions, earned = p.beta_at(0), tuple(range(task.n_actions)), np.empty(50 * n)
    walk = task._world, table, beta

    def scores():
        return loops.fill_gradient(
            *walk, p.credit.code, p.gamma, task.step_limit, earned.size, gradient, rng
        )

    walked = scores()

    def draws():
        bare_loop(actions, walked, walked, rng)
        return walked

    def acts():
        loops.fill_returns(*walk, p.gamma, task.step_limit, earned, rng)
        return walked

    return {
        "random numbers, exponentials": draws,
        "choosing and moving": acts,
        "scores": scores,
        "learning, moving sigma": _trials(run, n, allocator._work),
        "the loop over trials, in Python": _trials(run, n, allocator._trials),
    }


def _trials(run, n, kind):
    """Return a function that goes on with a copy of a run: its compiled part alone, or all."""
    options = {"q_init": run.memory.q, "sigma_init": run.memory.sigma, "sigma_bounds": (1e-6, 1e6)}
    copy = dra.train(run.task, 1, rng=0, progress=False, **options, **QUIET)
    if kind is allocator._trials:
        copy.trials = 10**9
        going = kind(copy, True, 10**9)

        def whole():
            before = copy.env_steps
            for _ in range(max(n // allocator.TOGETHER, 1)):
                next(going)
            return copy.env_steps - before

        return whole
    given = loops.Given(
        np.full(1, allocator.TOGETHER), np.full(allocator.TOGETHER, copy.parameters.beta_at(0)),
        np.zeros(copy.memory.sigma.size), np.zeros(1, bool), np.empty(1),
    )  # fmt: skip
    work, _, _ = kind(copy, given, True)
    return lambda: sum(next(work)[0] for _ in range(max(n // allocator.TOGETHER, 1)))


def price_of_checks(turns, scale):
    """Training on mountain car over that of the same loops without their checks.

    What a task's own functions return is looked at: does the row exist, is the reward finite?
    """
    checked, bare = dra.tasks.mountain_car(), dra.tasks.mountain_car()
    train = partial(dra.train, trials=max(int(300 * scale), 2), rng=0, progress=False, **QUIET)
    with mock.patch.object(_twin, "_checked", lambda own, n_states, decorate: own):
        train(bare)  # the loops of this task are made here
    train(checked)
    return ratio(paired(partial(train, checked), partial(train, bare), turns=turns))


def price_of_missing_actions(turns, scale):
    """Training time a step where one action is missing in one state, over where all exist."""
    task, trials = dra.tasks.gridworld(), max(int(3000 * scale), 2)
    available = np.ones(task.slot.shape, bool)
    full = dataclasses.replace(task, available=available)
    available = available.copy()
    wall = next(s for s in range(task.n_states) if s not in task.start_state)
    available[wall, 0] = False
    known = task.known.copy()
    known[task.slot[wall, 0]] = True
    missing = dataclasses.replace(task, available=available, known=known)
    train = partial(dra.train, trials=trials, rng=0, progress=False, sigma_init=1.0, **QUIET)
    steps = [train(t).env_steps for t in (missing, full)]
    return ratio(paired(partial(train, missing), partial(train, full), turns=turns) / steps)
