"""Tasks as environments of Gymnasium."""

import pickle
import subprocess
import sys
import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env
from small_env import arrays

import dra
from dra import _twin, tasks

EVERY = [
    tasks.gridworld(), tasks.gridworld(3, 3, start=(2, 0), goal=(0, 2), walls=(), slip=0.2),
    tasks.huys(3), tasks.mountain_car(), tasks.random(6, 3, branching=2, rng=0),
    tasks.tabular(np.full((2, 2, 2), 0.5), [[0.0, 1.0]] * 2, terminal=[1], reward_noise=0.5),
    tasks.tabular(np.full((3, 2, 3), 1 / 3), np.ones((3, 2)), terminal=[2], name="some",
                  available=[[True, False], [True, True], [True, True]]),
]  # fmt: skip


@pytest.mark.parametrize("task", EVERY, ids=lambda t: t.name)
def test_a_task_passes_gymnasiums_own_check(task):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        check_env(tasks.to_gymnasium(task))


@pytest.mark.parametrize("task", EVERY, ids=lambda t: t.name)
def test_an_environment_moves_as_its_task_does_to_the_bit(task):
    env, code = tasks.to_gymnasium(task), _twin.loops_for(task, compiled=False)
    (moves, starts), pick = task._world, np.random.default_rng(1)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        row, info = env.reset(seed=seed)
        state, over = code.begin(starts, rng), False
        for _ in range(30):
            assert row == code.observe(moves, state) and not over
            assert (info["action_mask"] == task.available[row]).all()
            action = int(pick.choice(np.flatnonzero(task.available[row])))
            state, earned, ended = code.move(moves, state, action, rng)
            row, reward, terminated, truncated, info = env.step(action)
            assert (reward, terminated) == (earned, ended)
            over = terminated or truncated
            if over:
                break
    before = rng.bit_generator.state
    assert env.np_random.bit_generator.state == before


@pytest.mark.parametrize("task", EVERY, ids=lambda t: t.name)
def test_there_and_back(task):
    """The table comes back; live, 2000 returns (300 if long) agree within six errors: 2e-9."""
    env = tasks.to_gymnasium(task)
    back = tasks.from_gymnasium(env, available=task.available)
    assert back.name == task.name and back.step_limit == task.step_limit
    if env.P is not None:
        assert isinstance(back, tasks.Tabular)
        for mine, own in zip(arrays(back), arrays(task), strict=True):
            keep = ~task.terminal & ~back.terminal
            np.testing.assert_allclose(mine[keep], own[keep])
    live = tasks.from_gymnasium(env, live=True, available=task.available)
    n = 300 if task.name in ("mountain car", "grid-world") else 2000
    options = {"beta": 1.0, "episodes": n}
    own = dra.returns(task, dra.Memory.initial(task, sigma=2.0, sigma_base=5.0), rng=1, **options)
    got = dra.returns(
        live, dra.Memory(np.zeros(live.memory_shape), 2.0, 5.0, available=live.available), rng=2,
        **options,
    )  # fmt: skip
    error = np.hypot(own.std(), got.std()) / np.sqrt(n)
    if task.name.startswith("huys"):
        return  # its last memories are known, and a Gymnasium environment says nothing of memories
    assert abs(own.mean() - got.mean()) <= 6 * error
    shift = 7 * error + 1e-9
    assert abs(own.mean() + shift + 6 * error - got.mean()) > 6 * error  # twin


def test_the_step_limit_truncates_and_a_missing_action_changes_nothing():
    task = tasks.tabular(np.eye(2)[[[1, 1], [1, 1]]], np.ones((2, 2)), step_limit=3,
                         available=[[True, False], [True, True]])  # fmt: skip
    env = tasks.to_gymnasium(task)
    with pytest.raises(gymnasium.error.ResetNeeded):
        env.step(0)
    assert env.reset(seed=0)[0] == 0 and env.step(1)[:4] == (0, 0.0, False, False)
    assert env.step(0)[:4] == (1, 1.0, False, False) and env.step(1)[:4] == (1, 1.0, False, True)
    other = pickle.loads(pickle.dumps(env))
    assert other.P == env.P and other.step(0)[1] == 1.0


def test_gymnasium_is_imported_when_it_is_needed_and_named_when_it_is_missing():
    code = (
        "import sys; sys.modules['gymnasium'] = None; import dra\n"
        "dra.tasks.gridworld(); dra.train(dra.tasks.random(3, 2, branching=1, rng=0), 1, rng=0)\n"
        "for call in (lambda: dra.tasks.from_gymnasium('CartPole-v1'),\n"
        "             lambda: dra.tasks.to_gymnasium(dra.tasks.gridworld())):\n"
        "    try: call()\n"
        "    except ImportError as e: print('research' in str(e))\n"
    )
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, text=True
    )
    assert done.stdout.split() == ["True", "True"], done.stderr
