"""What a stranger does at the edges of the package is honoured, or refused with a reason."""

import os
import signal
import subprocess
import sys
import time
import types
from dataclasses import replace

import numpy as np
import pytest
from legal_calls import same

import dra
from dra import _twin
from dra.costs import Cost

MAZE = dra.tasks.gridworld(3, 4, start=(2, 0), goal=(0, 3), walls=[(1, 1)])
QUICK = {"rng": 0, "progress": False}


def train(trials=15, **options):
    return dra.train(MAZE, trials, **QUICK, **options)


def test_a_memory_that_a_callback_puts_in_place_is_the_one_that_learns():
    usual = train()
    copied = train(callback=lambda run: setattr(run, "memory", run.memory.copy()))
    assert same(copied.memory, usual.memory) and same(copied.history, usual.history)
    blank = dra.Memory.initial(MAZE, sigma=1.0, sigma_base=5.0)
    other = train(callback=lambda run: setattr(run, "memory", blank) if run.trial == 5 else None)
    assert other.memory is blank and blank.q.any() and not same(other.memory, usual.memory)


@pytest.mark.parametrize("wrap", [list, lambda x: x.tolist()])
def test_a_cost_may_return_a_list(wrap):
    one = Cost("one", lambda s, b: wrap(-np.log(s / b)), lambda s, b: wrap(-1 / s))
    assert same(train(cost=one).memory, train(cost="entropy").memory)


def test_a_cost_that_writes_into_sigma_changes_no_memory():
    def grad(s, b):
        s[...] = np.clip(s, 0.5, 3.0)
        return -1 / s

    clean = Cost("c", dra.costs.entropy_value, lambda s, b: -1 / np.clip(s, 0.5, 3.0))
    rough = Cost("c", dra.costs.entropy_value, grad)
    assert same(train(cost=rough).memory, train(cost=clean).memory)


@pytest.mark.parametrize("bad", [lambda s: s * 1j, np.ma.masked_invalid])
def test_a_cost_of_other_numbers_is_refused(bad):
    cost = Cost("bad", lambda s, b: bad(s), lambda s, b: bad(s))
    with pytest.raises(ValueError, match=r"cost.value returns .* it must return numbers"):
        train(cost=cost)


@pytest.mark.parametrize("compiled", [True, False])
def test_a_credit_that_is_no_number_is_named(compiled):
    def psi(values, k, reward, next_values, terminated):
        return np.nan if reward < 0 else 1.0

    credit = dra.credits.Credit("nan", psi)
    with pytest.raises(ValueError, match="a credit must return a finite number; it returned nan"):
        train(credit=credit, compiled=compiled)


def ring(move, observe=lambda c, s: s % 4, constants=()):
    """A task of four rows."""
    options = {"n_states": 4, "n_actions": 2, "step_limit": 20, "constants": constants}
    return dra.tasks.simulated(lambda c, rng: 1, observe, move, **options)


@pytest.mark.parametrize("compiled", [True, False])
def test_a_move_that_divides_by_zero_raises(compiled):
    def move(c, s, a, rng):
        return s + 1, 1.0 if 1.0 / (s - 3.0) > 0 else -1.0, s > 5

    with pytest.raises(ZeroDivisionError):
        dra.train(ring(move), 3, compiled=compiled, **QUICK)


def test_a_row_that_is_no_whole_number_is_named():
    def move(c, s, a, rng):
        return s + 0.5, 1.0, s > 5

    with pytest.raises(ValueError, match=r"observe must return a row .* returned 1.5"):
        dra.train(ring(move), 3, compiled=False, **QUICK)


def test_constants_stay_the_callers():
    def move(c, s, a, rng):
        return s + 1, c[a], s > 5

    mine = np.array([1.0, 2.0])
    other = np.array([3.0, 4.0])
    tasks = ring(move, constants=mine), replace(ring(move, constants=mine), constants=other)
    before = [dra.train(task, 5, **QUICK) for task in tasks]
    mine[:] = other[:] = 7.0
    for task, run in zip(tasks, before, strict=True):
        assert same(dra.train(task, 5, **QUICK).history, run.history)


def test_arrays_of_a_table_stay_the_callers():
    mine = {"reward": MAZE.reward.copy(), "known_q": MAZE.known_q.copy()}
    task = replace(MAZE, **mine)
    for name, array in mine.items():
        array[:] = 7.0
        assert np.array_equal(getattr(task, name), getattr(MAZE, name))
        with pytest.raises(ValueError, match="read-only"):
            getattr(task, name)[:] = 7.0


@pytest.mark.parametrize("value", [np.timedelta64(3), np.timedelta64(3, "s")])
def test_a_span_of_time_is_no_number(value):
    with pytest.raises(ValueError, match=r"trials is .*timedelta64"):
        train(trials=value)
    with pytest.raises(ValueError, match=r"beta is .*timedelta64"):
        train(beta=value)


@pytest.mark.parametrize("rng", [["12"], ["0xff"], np.array(["1"]), [True], [[1, 2], [3]], [1.5]])
def test_texts_and_booleans_are_no_seeds(rng):
    with pytest.raises(ValueError, match="it must be a seed"):
        dra.train(MAZE, 1, rng=rng)
    for seed in ([1, 2], (), [2**100, 3], np.array([1, 2], np.uint8), np.random.SeedSequence(3)):
        dra.train(MAZE, 1, rng=seed, progress=False)


@pytest.mark.parametrize("seed", range(6))
def test_visits_are_never_below_zero(seed):
    maze, rng = dra.tasks.gridworld(), np.random.default_rng(seed)
    memory = dra.Memory(rng.normal(size=(54, 4)), 2.0, 5.0)
    chance = memory.choice_probabilities(10.0)
    assert dra.exact.evaluate(maze, chance, 1.0).visits.min() == 0.0
    visits = dra.baselines.memory_visits(maze, memory, beta=10.0)
    assert visits.min() == 0.0  # cells that no way leads to
    dra.baselines.by_frequency(memory, 5.0, visits)


@pytest.mark.parametrize("cell", [{2, 0}, bytes([2, 0]), {2: 1, 0: 1}, (2,), (2, 0, 0), "20"])
def test_a_pair_has_an_order(cell):
    with pytest.raises(ValueError, match=r"start is .*a cell is \(row, column\)"):
        dra.tasks.gridworld(start=cell)
    with pytest.raises(ValueError, match=r"sigma_bounds is .*it must be a pair"):
        train(sigma_bounds=cell)
    train(sigma_bounds=np.array([0.1, 9.0]))


@pytest.mark.parametrize("scale", [5e-324, 1e-310, 1e308])
def test_a_scale_beyond_numbers_is_refused(scale):
    with pytest.raises(ValueError, match="scale is"):
        dra.presets.for_scale(scale)


def test_numba_may_be_switched_off():
    code = "import dra; print(dra.train(dra.tasks.mountain_car(), 1, rng=0, progress=False))"
    env = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    said = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert "1 of 1 trials" in said.stdout, said.stderr


def test_a_handler_of_ctrl_c_of_the_callers_own_is_called():
    heard = []
    before = signal.signal(signal.SIGINT, lambda *_: heard.append(1))
    try:
        run = train(callback=lambda run: os.kill(os.getpid(), signal.SIGINT))
    finally:
        signal.signal(signal.SIGINT, before)
    assert run.finished and len(heard) == 15


def test_many_episodes_can_be_stopped():
    code = (
        "import signal, time, dra\n"
        "task = dra.tasks.gridworld()\n"
        "memory = dra.Memory.initial(task, sigma=5.0, sigma_base=5.0)\n"
        "dra.returns(task, memory, beta=10.0, episodes=1, rng=0)\n"
        "print('on', flush=True)\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "dra.returns(task, memory, beta=10.0, episodes=10**7, rng=0)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as working:
        working.stdout.readline()
        time.sleep(1.0)
        working.send_signal(signal.SIGINT)
        working.wait(timeout=60)  # all of it takes a quarter of an hour
    assert working.returncode


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="there are no devices")
def test_a_device_is_no_file():
    with pytest.raises(ValueError, match="a device or the like"):
        dra.Run.load("/dev/zero")


@pytest.mark.slow
@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ("nothing", r"move must return \(next state, reward, terminated\); it returned None"),
        ("reward", "move must return a finite reward; it returned None"),
        ("end", "move must return terminated, True or False; it returned None"),
        ("row", "observe must return a row from 0 to 5; it returned None"),
    ],
)
def test_nothing_returned_late_is_named(wrong, message, compiled):
    """A branch that forgets its return; the first move, which is tried out, is right."""

    def observe(constants, state):
        return None if state == 3 and wrong == "row" else state

    def move(constants, state, action, rng):
        if state == 3 and wrong == "nothing":
            return None
        reward = None if state == 3 and wrong == "reward" else -1.0
        return state + 1, reward, None if state == 3 and wrong == "end" else state == 4

    task = dra.tasks.simulated(
        lambda constants, rng: 0, observe, move, n_states=6, n_actions=2, step_limit=9,
        constants=0, name="late",
    )  # fmt: skip
    with pytest.raises(ValueError, match=message) as caught:
        dra.train(task, 3, rng=0, compiled=compiled)
    assert caught.value.run.trial == 0


def test_a_helper_called_through_its_module_gets_the_cure(monkeypatch):
    helpers = types.ModuleType("helpers")
    helpers.step = lambda state: state + 1
    monkeypatch.setitem(sys.modules, "helpers", helpers)
    task = ring(lambda c, s, a, rng: (helpers.step(s), -1.0, s > 2))
    with pytest.warns(_twin.NotCompiled, match="import what you use of it by name"):
        dra.train(task, 2, rng=0)


@pytest.mark.parametrize("compiled", [True, False])
def test_no_credit_is_named(compiled):
    def mine(values, k, reward, next_values, terminated):
        return None if terminated else 1.0

    with pytest.raises(ValueError, match="a credit must return a finite number; it returned None"):
        dra.train(
            dra.tasks.huys(3), 3, rng=0, credit=dra.credits.Credit("mine", mine), compiled=compiled
        )
