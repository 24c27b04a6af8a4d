"""Credits of one's own, rewards of any scale, and costs that fail."""

import warnings

import numpy as np
import pytest
from doors import QUIET

import dra
from dra.credits import Credit


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
