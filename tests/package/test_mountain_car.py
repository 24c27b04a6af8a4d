"""Mountain car against Gymnasium itself, step by step."""

import gymnasium
import numpy as np
import pytest

import dra
from dra.tasks.hill import POSITIONS, VELOCITIES

TASK = dra.tasks.mountain_car()
VALLEY = TASK.constants


@pytest.fixture(scope="module")
def car():
    return gymnasium.make("MountainCar-v0").unwrapped


def test_every_move_is_gymnasiums(car):
    rng = np.random.default_rng(0)
    car.reset(seed=0)
    ended = stopped = 0
    for _ in range(5000):
        state = (rng.uniform(-1.2, 0.6), rng.uniform(-0.07, 0.07))
        action = int(rng.integers(3))
        car.state = state
        _, reward, terminated, _, _ = car.step(action)
        ours = TASK.move(VALLEY, state, action, rng)
        assert (tuple(map(float, car.state)), reward, terminated) == ours
        ended += terminated
        stopped += ours[0] == (-1.2, 0.0)
    assert ended > 100 and stopped > 10  # the corners were visited


def test_whole_episodes_are_gymnasiums(car):
    for seed in range(3):
        rng = np.random.default_rng(seed)
        state = TASK.begin(VALLEY, rng)
        assert -0.6 <= state[0] < -0.4 and state[1] == 0.0
        car.reset(seed=0)
        car.state = state
        for action in rng.integers(3, size=200).tolist():
            car.step(action)
            state, _, terminated = TASK.move(VALLEY, state, action, rng)
            assert tuple(map(float, car.state)) == state
            if terminated:
                break


def test_starts_are_uniform():
    # n = 4000; Kolmogorov-Smirnov distance above 0.04 has a probability below 1e-5
    rng = np.random.default_rng(0)
    drawn = np.sort([TASK.begin(VALLEY, rng)[0] for _ in range(4000)])
    grid = np.linspace(0, 1, 4000)
    assert np.abs((drawn + 0.6) / 0.2 - grid).max() < 0.04
    assert np.abs((drawn + 0.6) / 0.2 - grid**1.2).max() > 0.04


def test_the_grid_is_the_papers():
    rng = np.random.default_rng(0)
    low, high = np.array([-1.2, -0.07]), np.array([0.6, 0.07])
    seen = set()
    for state in [tuple(low), tuple(high), *map(tuple, rng.uniform(low, high, size=(5000, 2)))]:
        i, j = np.around((np.array(state) - low) * (10, 100)).astype(int)
        assert TASK.observe(VALLEY, state) == i * VELOCITIES + j
        seen.add((i, j))
    assert len(seen) == POSITIONS * VELOCITIES == TASK.n_states


def test_three_versions_agree_and_a_run_resumes(tmp_path):
    options = {"record_every": 5, "evaluation_episodes": 3, "progress": False}
    fast = dra.train(TASK, 8, rng=1, **options)
    slow = dra.train(TASK, 8, rng=1, compiled=False, **options)
    np.testing.assert_array_equal(fast.memory.q, slow.memory.q)
    np.testing.assert_array_equal(fast.memory.sigma, slow.memory.sigma)
    dra.train(TASK, 5, rng=1, **options).save(tmp_path / "run.npz")
    again = dra.resume(tmp_path / "run.npz", trials=8, progress=False)
    np.testing.assert_array_equal(fast.memory.sigma, again.memory.sigma)
    np.testing.assert_array_equal(fast.history, again.history)
    assert again.task.step_limit == 200


def test_values_start_uniform_and_reproducible():
    options = {"rng": 3, "evaluation_episodes": 1, "learning_rate_q": 1e-12}
    first = np.sort(dra.train(TASK, 1, **options).memory.q.ravel())
    assert (first == np.sort(dra.train(TASK, 1, **options).memory.q.ravel())).all()
    # n = 855; Kolmogorov-Smirnov distance above 0.09 has a probability below 1e-5
    grid = np.linspace(-1, 1, first.size)
    assert np.abs(first - grid).max() < 2 * 0.09
    assert np.abs(first - 0.8 * grid).max() > 2 * 0.09


def test_a_rollout_and_its_return_agree():
    memory = dra.Memory.initial(TASK, sigma=1.0, sigma_base=5.0)
    episode = dra.rollout(TASK, memory, beta=1.0, rng=0)
    assert episode.rewards.sum() == dra.returns(TASK, memory, beta=1.0, episodes=1, rng=0)[0]
    assert len(episode.actions) == 200 and not episode.terminated
