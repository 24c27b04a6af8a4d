"""Tasks of one's own: compiled as they are now, told apart, saved and sent."""

import copy
import os
import pickle
import subprocess
import sys
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from doors import QUIET, three_doors

import dra
from dra import _twin, loops
from dra._compile import COMPILED

needs_numba = pytest.mark.skipif(not COMPILED, reason="Numba is not installed")


RING = """
from typing import NamedTuple
import numpy as np
import dra

class Ring(NamedTuple):
    size: int
    wind: float

def ahead(place, action):
    return place + 2 * action - 1

def begin(ring, rng):
    return 1 + int(rng.random() * 2), 0.0

def observe(ring, state):
    return state[0]

def move(ring, state, action, rng):
    place, tired = state
    place = ahead(place, action) % ring.size
    if rng.random() < ring.wind:
        place = (place + 1) % ring.size
    return (place, tired + 1.0), REWARD, place == 0

def make(size=7):
    return dra.tasks.simulated(
        begin, observe, move, n_states=size, n_actions=2, step_limit=60,
        constants=Ring(size, 0.1), name="ring",
    )
"""


def ring_module(reward=-1.0):
    """The module of a task, as a reader would write it; ``reward`` is what she edits."""
    space = {"__name__": "reader"}
    exec(compile(RING.replace("REWARD", str(reward)), "reader.py", "exec"), space)
    return space


def ring(reward=-1.0, size=7):
    space = ring_module(reward)
    constants = (size, 0.1)

    return dra.tasks.simulated(
        lambda c, rng: (1 + int(rng.random() * 2), 0.0),
        lambda c, state: state[0],
        _mover(reward, space["ahead"]), n_states=size, n_actions=2, step_limit=60,
        constants=constants, name="ring",
    )  # fmt: skip


def _mover(reward, ahead):
    def move(c, state, action, rng):
        place = ahead(state[0], action) % c[0]
        if rng.random() < c[1]:
            place = (place + 1) % c[0]
        return (place, state[1] + 1.0), reward, place == 0

    return move


@needs_numba
def test_a_task_of_ones_own_is_compiled_and_gives_the_same_bits():
    with warnings.catch_warnings():
        warnings.simplefilter("error", _twin.NotCompiled)
        fast = dra.train(ring(), 20, rng=1, **QUIET)
    slow = dra.train(ring(), 20, rng=1, compiled=False, **QUIET)
    assert hasattr(_twin.loops_for(fast.task).trials, "py_func")
    np.testing.assert_array_equal(fast.memory.q, slow.memory.q)
    np.testing.assert_array_equal(fast.memory.sigma, slow.memory.sigma)
    np.testing.assert_array_equal(fast.history, slow.history)


@pytest.mark.slow
def test_an_edited_reward_counts_at_once():
    # an episode of n moves earns n rewards: with the same stream the returns are in proportion
    earned = {}
    for reward in (-1.0, -3.0):
        task = ring(reward)
        memory = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
        earned[reward] = dra.returns(task, memory, beta=1.0, episodes=50, rng=0)
    np.testing.assert_allclose(earned[-3.0], 3 * earned[-1.0])
    assert earned[-1.0].min() < -1


PROGRAM = """
import sys, warnings
warnings.simplefilter("error")
sys.path.insert(0, sys.argv[1])
import reader, dra
task = reader.make()
memory = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
print(dra.returns(task, memory, beta=1.0, episodes=20, rng=0).sum())
print(dra.train(dra.tasks.gridworld(), 1, rng=0, evaluation_episodes=1).trial)
"""


def run(code, *arguments, cwd, **settings):
    root = str(Path(dra.__file__).parents[1])
    env = {**os.environ, "PYTHONPATH": root, "PYTHONDONTWRITEBYTECODE": "1", **settings}
    found = subprocess.run(
        [sys.executable, "-c", code, *arguments], cwd=cwd, env=env, capture_output=True, text=True
    )
    assert found.returncode == 0, found.stderr
    return found.stdout.split()


@pytest.mark.slow
@needs_numba
def test_other_modules_of_the_same_name_and_edited_ones_are_told_apart(tmp_path):
    """The machine code is on disk between these processes: the same cache for all."""
    cache = {"NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    found = {}
    for folder, reward in (("a", -1.0), ("b", -3.0), ("a", -2.0), ("a", -1.0)):
        place = tmp_path / folder
        place.mkdir(exist_ok=True)
        (place / "reader.py").write_text(RING.replace("REWARD", str(reward)))
        found[folder, reward], trials = run(PROGRAM, str(place), cwd=tmp_path, **cache)
        assert trials == "1"
    base = float(found["a", -1.0])
    assert float(found["b", -3.0]) == pytest.approx(3 * base)
    assert float(found["a", -2.0]) == pytest.approx(2 * base)
    kept = [p.name for p in (tmp_path / "cache").rglob("loops_*.py")]
    assert len(kept) == 3  # the fourth process found the first one's
    # and where the reader's module is not, built-in tasks train from the same cache
    code = "import dra; print(dra.train(dra.tasks.gridworld(), 1, rng=0).trial)"
    assert run(code, cwd=tmp_path, **cache) == ["1"]


def test_a_run_on_a_task_of_ones_own_is_saved_and_asks_for_it(tmp_path):
    path = tmp_path / "run.npz"
    whole = dra.train(ring(), 20, rng=1, **QUIET)
    dra.train(ring(), 12, rng=1, checkpoint=path, **QUIET)
    with pytest.raises(ValueError, match=r"'ring', a task of your own .* pass it again as task="):
        dra.resume(path)
    with pytest.raises(ValueError, match="memories are not those"):
        dra.resume(path, task=ring(size=8))
    again = dra.resume(path, task=ring(), trials=20)
    np.testing.assert_array_equal(again.memory.sigma, whole.memory.sigma)


def test_tasks_and_runs_travel_between_processes():
    for task in (dra.tasks.gridworld(), dra.tasks.huys(3), dra.tasks.mountain_car()):
        assert task._twins is not None and task._world  # made before the journey
        sent = pickle.loads(pickle.dumps(task))
        np.testing.assert_array_equal(sent.slot, task.slot)
        assert not sent.slot.flags.writeable and dict(sent.preset).keys() == task.preset.keys()
        assert copy.deepcopy(task) is task
        half = dra.train(task, 3, rng=0, evaluation_episodes=2, record_every=1)
        whole = dra.train(task, 5, rng=0, evaluation_episodes=2, record_every=1)
        for run_ in (copy.deepcopy(half), pickle.loads(pickle.dumps(half))):
            on = dra.resume(run_, trials=5)
            np.testing.assert_array_equal(on.memory.sigma, whole.memory.sigma)
    stopped = copy.copy(dra.Interrupted(half))
    assert stopped.run is half and str(stopped) == str(dra.Interrupted(half))


def test_the_tabular_loops_are_shared_and_know_no_other_task():
    assert _twin.loops_for(dra.tasks.gridworld()) is loops
    assert _twin.loops_for(dra.tasks.huys(3)) is loops
    car = _twin.loops_for(dra.tasks.mountain_car())
    assert car is not loops and (not COMPILED or car.move is not loops.move)


def test_a_task_leaves_the_arrays_of_its_maker_writeable():
    available = np.ones((3, 3), bool)
    task = replace(three_doors(True), available=available)
    available[0, 2] = False
    assert task.available[0, 2] and not task.available.flags.writeable
