"""Tasks of one's own: the moves that are there now, at two speeds, in any folder."""

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

import dra
from dra import _twin, loops
from dra._compile import COMPILED
from dra.credits import Credit

needs_numba = pytest.mark.skipif(not COMPILED, reason="Numba is not installed")
QUIET = {"record_every": 100, "evaluation_episodes": 3}

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


class Counter:
    """An environment with a state of its own: nothing that compiles."""

    def __init__(self):
        self.place = 0

    def begin(self, constants, rng):
        self.place = 1 + int(rng.random() * 2)
        return self

    def observe(self, constants, state):
        return self.place

    def move(self, constants, state, action, rng):
        self.place = (self.place + 2 * action - 1) % 7
        return self, -1.0, self.place == 0


def live():
    env = Counter()
    return dra.tasks.simulated(
        env.begin, env.observe, env.move, n_states=7, n_actions=2, step_limit=60, name="live"
    )


def test_an_environment_that_is_alive_may_be_the_constants():
    """Numba has no type for it, so nothing on the plain way may ask Numba for one."""
    task = dra.tasks.simulated(
        lambda env, rng: env.begin(None, rng), lambda env, state: env.place,
        lambda env, state, action, rng: env.move(None, state, action, rng),
        n_states=7, n_actions=2, step_limit=60, constants=Counter(),
    )  # fmt: skip
    plain = dra.train(task, 5, rng=1, compiled=False, **QUIET)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", _twin.NotCompiled)
        asked = dra.train(task, 5, rng=1, **QUIET)
        same = dra.train(live(), 5, rng=1, **QUIET)
    for run_ in (asked, same):
        np.testing.assert_array_equal(plain.memory.sigma, run_.memory.sigma)


@needs_numba
def test_what_does_not_compile_runs_says_so_once_and_gives_the_same_bits():
    task = live()
    with pytest.warns(_twin.NotCompiled, match="functions of live do not compile") as seen:
        first = dra.train(task, 5, rng=1, **QUIET)
        dra.train(task, 5, rng=1, **QUIET)
    assert len([w for w in seen if w.category is _twin.NotCompiled]) == 1
    memory = first.memory
    assert dra.returns(task, memory, beta=1.0, episodes=3, rng=0).shape == (3,)
    assert dra.gradient.estimate(task, memory, beta=1.0, rng=0).shape == (7, 2)
    assert dra.rollout(task, memory, beta=1.0, rng=0).states[0] in (1, 2)

    def begin(c, rng):
        return 1 + int(rng.random() * 2)

    def move(c, place, action, rng):
        place = (place + 2 * action - 1) % 7
        return place, -1.0, place == 0

    twin = dra.tasks.simulated(
        begin, lambda c, place: place, move, n_states=7, n_actions=2, step_limit=60
    )
    same = dra.train(twin, 5, rng=1, **QUIET)
    np.testing.assert_array_equal(first.memory.sigma, same.memory.sigma)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    ("row", "reward", "message"),
    [(9, -1.0, "row from 0 to 6; it returned 9"), (-1, -1.0, "it returned -1"),
     (0, np.nan, "finite reward; it returned nan")],
)  # fmt: skip
def test_what_a_task_returns_is_checked_in_the_loops(compiled, row, reward, message):
    # row and reward are constants, so that the functions are compiled once for all three
    task = dra.tasks.simulated(
        lambda c, rng: 0, lambda c, place: c[0] if place == 4 else min(place, 6),
        lambda c, place, action, rng: (place + 1, c[1] if place == 3 else -1.0, False),
        n_states=7, n_actions=2, step_limit=20, constants=(row, float(reward)),
    )  # fmt: skip
    with pytest.raises(ValueError, match=message) as caught:
        dra.train(task, 3, rng=0, compiled=compiled, **QUIET)
    assert caught.value.run.trial == 0
    assert (caught.value.run.memory.q == 0).all()  # the half trial was undone


@pytest.mark.parametrize("after", range(50, 1000, 50))  # in a trial, or in its evaluation
def test_a_trial_that_fails_is_undone_and_the_run_goes_on(after):
    failing = {"after": after, "moves": 0}

    def move(c, place, action, rng):
        failing["moves"] += 1
        if failing["moves"] == failing["after"]:
            raise OSError("the simulator lost its connection")
        place = (place + 2 * action - 1) % 7
        return place, -1.0, place == 0

    def make():
        return dra.tasks.simulated(
            lambda c, rng: 3, lambda c, place: place, move, n_states=7, n_actions=2, step_limit=60
        )

    options = {"rng": 0, "compiled": False, "record_every": 1, "evaluation_episodes": 10}
    with pytest.raises(OSError, match="lost its connection") as caught:
        dra.train(make(), 12, **options)
    assert 0 <= caught.value.run.trial == len(caught.value.run.records) < 12
    assert "dra.resume(error.run)" in caught.value.__notes__[0]
    on = dra.resume(caught.value.run, compiled=False)
    failing.update(after=-1, moves=0)
    whole = dra.train(make(), 12, **options)
    np.testing.assert_array_equal(on.memory.q, whole.memory.q)
    np.testing.assert_array_equal(on.history, whole.history)


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


def three_doors(all_exist):
    """A room with three doors, or two: the third is then said not to exist."""
    transition = np.zeros((3, 3, 3))
    transition[0, [0, 1], 1] = transition[0, 2, 2] = 1.0
    transition[1:, :, 2] = 1.0
    reward = [[1.0, 0.0, 5.0], [0.5, 1.5, 5.0], [0, 0, 0]]
    available = np.array([[1, 1, all_exist], [1, 1, all_exist], [1, 1, 1]], bool)
    return dra.tasks.tabular(transition, reward, terminal=[2], available=available)


def two_doors():
    transition = np.zeros((3, 2, 3))
    transition[0, :, 1] = 1.0
    transition[1:, :, 2] = 1.0
    return dra.tasks.tabular(transition, [[1.0, 0.0], [0.5, 1.5], [0, 0]], terminal=[2])


OPTIONS = {"beta": 2.0, "sigma_base": 3.0, "sigma_init": 1.0, "cost_weight": 0.1, **QUIET}


@pytest.mark.parametrize("credit", ["return", "q", "advantage"])
def test_an_action_that_does_not_exist_is_as_if_it_had_never_been(credit):
    with_three = dra.train(three_doors(False), 40, rng=3, credit=credit, **OPTIONS)
    with_two = dra.train(two_doors(), 40, rng=3, credit=credit, **OPTIONS)
    np.testing.assert_array_equal(with_three.memory.q[:2, :2], with_two.memory.q[:2])
    np.testing.assert_array_equal(with_three.memory.sigma[:2, :2], with_two.memory.sigma[:2])
    np.testing.assert_array_equal(with_three.history.reward, with_two.history.reward)
    assert with_three.memory.choice_probabilities(2.0)[0, 2] == 0.0
    other = dra.train(three_doors(True), 40, rng=3, credit=credit, **OPTIONS)
    assert not np.array_equal(other.memory.q[:2, :2], with_two.memory.q[:2])
    episode = dra.rollout(three_doors(False), with_three.memory, beta=2.0, rng=0)
    assert np.isnan(episode.noise[:, 2]).all() and np.isfinite(episode.noise[:, :2]).all()


def test_every_row_of_a_simulated_task_needs_an_action():
    available = np.ones((5, 2), bool)
    available[3] = False  # a row in the middle of the way, in which the loops would find nothing
    functions = (
        lambda c, rng: 0, lambda c, place: min(place, 4),
        lambda c, place, action, rng: (place + 1, -1.0, place > 5),
    )  # fmt: skip
    sizes = {"n_states": 5, "n_actions": 2, "step_limit": 20}
    with pytest.raises(ValueError, match="available leaves no action in row 3"):
        dra.tasks.simulated(*functions, **sizes, available=available)
    available[3, 1] = True
    task = dra.tasks.simulated(*functions, **sizes, available=available)
    assert (
        0
        not in dra.rollout(
            task, dra.Memory.initial(task, sigma=1.0, sigma_base=5.0), beta=1.0, rng=0
        ).actions[3:4]
    )


def advantage_again(values, chosen, reward, next_values, terminated):
    return values[chosen] - values.mean()


def test_a_credit_of_ones_own_that_repeats_a_built_in_one():
    own = Credit("again", advantage_again)
    task = dra.tasks.gridworld(3, 4, start=(2, 0), goal=(0, 3), walls=[(1, 1)])
    built_in = dra.train(task, 30, rng=0, **QUIET)
    for compiled in (True, False):
        mine = dra.train(task, 30, rng=0, credit=own, compiled=compiled, **QUIET)
        # the mean is taken in another order: equal to rounding, which one action may tip over
        np.testing.assert_allclose(mine.memory.sigma, built_in.memory.sigma, rtol=1e-6)
    with pytest.raises(ValueError, match="credit"):
        dra.exact.expected_gradient(task, mine.memory, beta=1.0, gamma=0.9, credit=own)


def reward_only(values, chosen, reward, next_values, terminated):
    return reward + (0.0 if terminated else 10.0 * next_values.max())


def test_a_credit_sees_reward_and_next_state():
    # one move, then the end: the credit is the reward, and so is the return
    transition = np.zeros((2, 2, 2))
    transition[:, :, 1] = 1.0
    task = dra.tasks.tabular(transition, [[1.0, 3.0], [0.0, 0.0]], terminal=[1])
    memory = dra.Memory([[0.5, 1.0], [9.0, 9.0]], 1.0, 5.0)
    options = {"beta": 1.0, "n_trajectories": 20}
    mine = dra.gradient.estimate(task, memory, rng=0, credit=Credit("r", reward_only), **options)
    truth = dra.gradient.estimate(task, memory, rng=0, credit="return", **options)
    np.testing.assert_allclose(mine, truth)
    assert np.abs(truth).max() > 0.01


def test_noise_in_the_reward_has_the_given_spread():
    # n = 20 000 rewards: mean and standard deviation each within 5 standard errors, false alarm
    # below 1e-6; half the noise is told from it
    task = dra.tasks.tabular(
        [[[0.0, 1.0]], [[0.0, 1.0]]], [[2.0], [0.0]], terminal=[1], reward_noise=[[0.5], [0.0]]
    )
    memory, n = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0), 20_000
    earned = dra.returns(task, memory, beta=1.0, episodes=n, rng=0)
    assert abs(earned.mean() - 2.0) < 5 * 0.5 / np.sqrt(n)
    assert abs(earned.std() - 0.5) < 5 * 0.5 / np.sqrt(2 * n) < abs(earned.std() - 0.25)
    assert dra.exact.objective(task, memory, beta=1.0, gamma=1.0, cost_weight=0.0) == 2.0


def test_a_task_that_is_out_of_scale_or_never_ends_is_noticed():
    lake = np.zeros((2, 2, 2))
    lake[0, 0, 1] = lake[0, 1, 0] = lake[1, :, 1] = 1.0
    rewards = [[1.0, 0.0], [0.0, 0.0]]
    task = dra.tasks.tabular(lake, rewards, terminal=[1])
    with pytest.warns(UserWarning, match=r"largest reward of tabular is 1, .*for_scale\(1\)"):
        dra.train(task, 2, rng=0)
    with pytest.warns(UserWarning, match="no end, so every trial makes 110000 moves"):
        dra.train(dra.tasks.tabular(np.ones((1, 1, 1)), [[10.0]]), 1, rng=0, evaluation_episodes=1)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dra.train(task, 2, rng=0, **dra.presets.for_scale(1.0))
        dra.train(dra.tasks.gridworld(), 2, rng=0)


def test_rewards_of_another_scale_change_nothing_with_parameters_of_that_scale():
    # factors of two are exact in floating point, so the runs agree bit for bit up to the factor
    maze = {"rows": 3, "columns": 4, "start": (2, 0), "goal": (0, 3), "walls": [(1, 1)]}
    tasks = {
        scale: dra.tasks.gridworld(**maze, goal_reward=10.0 * scale, step_reward=-scale)
        for scale in (1.0, 1 / 64)
    }
    runs = {
        scale: dra.train(task, 50, rng=0, **dra.presets.for_scale(10 * scale), **QUIET)
        for scale, task in tasks.items()
    }
    np.testing.assert_allclose(64 * runs[1 / 64].memory.sigma, runs[1.0].memory.sigma, rtol=1e-9)
    np.testing.assert_allclose(64 * runs[1 / 64].memory.q, runs[1.0].memory.q, rtol=1e-9, atol=1e-9)
    other = dra.train(tasks[1 / 64], 50, rng=0, **QUIET)
    assert not np.allclose(64 * other.memory.sigma, runs[1.0].memory.sigma, rtol=0.01)


def test_a_cost_that_turns_into_no_number_is_stopped_with_the_trial():
    def grad(sigma, sigma_base):
        return np.where(sigma < 2.9, np.nan, -1 / sigma)

    cost = dra.costs.Cost("broken", dra.costs.entropy.value, grad)
    with pytest.raises(FloatingPointError, match=r"in trial \d+ the step of memory \d+") as caught:
        dra.train(dra.tasks.gridworld(), 500, rng=0, cost=cost)
    assert caught.value.run.trial > 0
    assert np.isfinite(caught.value.run.memory.sigma).all()


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


def test_helpers_of_the_loops_can_be_called_from_python():
    # a compiled helper without a way in from Python would take the interpreter down
    task = dra.tasks.gridworld()
    table = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0).table(task)
    noise, weight = np.empty(4), np.empty(4)
    total = loops.recall(table, 0, 1.0, noise, weight, np.random.default_rng(0))
    assert total == pytest.approx(weight.sum()) and loops.pick(weight, 4, total, _Zero()) == 0


class _Zero:
    def random(self):
        return 0.0
