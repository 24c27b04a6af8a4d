"""Environments of Gymnasium as tasks, and tasks as environments."""

import copy
import pickle
import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces as kinds
from gymnasium.wrappers import DiscretizeObservation, TimeLimit
from small_env import BANDIT, QUIET, TAXI, Small, memory

import dra
from dra import tasks
from dra.tasks import environments
from dra.tasks.spaces import numbered


@pytest.mark.parametrize("name", ["FrozenLake-v1", "Blackjack-v1"])
def test_a_live_environment_returns_what_its_moves_say(name):
    """Mean returns of 4000 episodes, live against the table or Gymnasium's own loop.

    Six standard errors: false alarm 2e-9. The twin, a tenth of a reward off, must fail.
    """
    task = tasks.from_gymnasium(name, live=True)
    assert not isinstance(task, tasks.Tabular)
    options = {"beta": 1.0, "episodes": 4000, "rng": 5}
    got = dra.returns(task, memory(task), **options)
    if name == "FrozenLake-v1":
        table = tasks.from_gymnasium(name)
        other = dra.returns(table, memory(table), **options | {"rng": 6})
    else:
        env, other = gymnasium.make(name), []
        env.action_space.seed(3)
        for k in range(4000):
            env.reset(seed=k)
            while True:  # at sigma 2 and q 0 every choice is as likely
                _, reward, terminated, truncated, _ = env.step(env.action_space.sample())
                if terminated or truncated:
                    break
            other.append(reward)
    error = np.hypot(np.std(got), np.std(other)) / np.sqrt(4000)
    assert abs(np.mean(got) - np.mean(other)) < 6 * error
    assert abs(np.mean(got) + 0.15 - np.mean(other)) > 6 * error


def test_the_first_part_of_an_observation_counts_most():
    space = kinds.Dict({
        "b": kinds.Tuple((kinds.Discrete(3, start=-1), kinds.MultiBinary(2))),
        "a": kinds.MultiDiscrete([2, 5], start=[1, 0]),
    })  # fmt: skip
    n, number = numbered(space)
    assert n == 2 * 5 * 3 * 4
    space.seed(0)
    for _ in range(50):
        x = space.sample()
        digits = [*(x["a"] - [1, 0]), x["b"][0] + 1, *x["b"][1]]
        assert number(x) == np.ravel_multi_index(digits, (2, 5, 3, 2, 2))
    assert numbered(kinds.Discrete(4, start=2))[1](np.int64(5)) == 3
    with pytest.raises(ValueError, match=r"different observations"):
        numbered(kinds.MultiBinary(40))


def test_gymnasiums_own_wrapper_makes_a_box_discrete():
    env = DiscretizeObservation(gymnasium.make("MountainCar-v0"), bins=(6, 4))
    task = tasks.from_gymnasium(env)
    assert (task.n_states, task.n_actions, task.step_limit) == (24, 3, 200)
    run = dra.train(task, 1, rng=0, n_trajectories=1, **QUIET)
    assert run.env_steps == 400


def lean(observation):
    """Which way the pole leans, and how it turns."""
    return 2 * int(observation[2] > 0) + int(observation[3] > 0)


def test_a_function_makes_observations_discrete():
    task = tasks.from_gymnasium("CartPole-v1", observe=lean, n_states=4)
    first = dra.train(task, 20, rng=0, **QUIET)
    again = dra.train(task, 20, rng=0, **QUIET)
    assert np.array_equal(first.memory.sigma, again.memory.sigma)  # seeds come from rng
    episode = dra.rollout(task, first.memory, beta=1.0, rng=0)
    assert episode.terminated and (episode.rewards == 1).all()


def test_no_warning_says_that_an_environment_is_not_compiled():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dra.train(tasks.from_gymnasium("Blackjack-v1"), 2, rng=0, **QUIET)


@pytest.mark.parametrize("learned", [True, False])
def test_what_is_cut_off_is_not_ended(learned):
    """An environment that truncates after 5 moves of -1: the last state keeps its worth."""
    env = Small(truncates=5) if learned else TimeLimit(Small(), 5)
    task = tasks.from_gymnasium(env, step_limit=100)
    run = dra.train(task, 400, rng=0, gamma_q=0.9, learning_rate_q=0.5, sigma_init=0.5, **QUIET)
    assert run.env_steps == 400 * 11 * 5
    # always -1 and the same state: -1 / (1 - 0.9); an end would leave it above -5
    assert run.memory.q[0].max() < -9
    episode = dra.rollout(task, run.memory, beta=1.0, rng=0)
    assert len(episode.rewards) == 5 and not episode.terminated


def test_every_episode_has_a_seed_of_its_own_from_rng():
    env = Small(truncates=2)
    task = tasks.from_gymnasium(env, live=True)
    env.seeds.clear()
    dra.returns(task, memory(task), beta=1.0, episodes=50, rng=3)
    first = list(env.seeds)
    dra.returns(task, memory(task), beta=1.0, episodes=50, rng=3)
    assert env.seeds == first * 2 and len(set(first)) == 50


def test_action_numbers_may_start_anywhere():
    env = Small(truncates=2)
    env.action_space = kinds.Discrete(2, start=5)
    taken = []
    step = env.step
    env.step = lambda action: taken.append(action) or step(action)
    task = tasks.from_gymnasium(env)
    dra.returns(task, memory(task), beta=1.0, episodes=20, rng=0)
    assert set(taken) == {5, 6}


def test_action_masks_say_which_choices_exist():
    inner = gymnasium.make(TAXI).unwrapped
    mask = np.array([inner.action_mask(s) for s in range(500)], bool)
    task = tasks.from_gymnasium(TAXI, available=mask)
    assert (task.available[~task.terminal] == mask[~task.terminal]).all()
    assert task.reward[task.available].min() == -1  # nothing that is forbidden is left
    assert tasks.from_gymnasium(TAXI).reward.min() == -10
    live = tasks.from_gymnasium(TAXI, live=True, available=mask | ~mask.any(1)[:, None])
    assert (dra.rollout(live, memory(live), beta=1.0, rng=0).rewards >= -1).all()


def test_a_contextual_bandit_and_a_task_without_an_end():
    class Bandit(Small):
        def step(self, action):
            return self.state, float(BANDIT[self.state, action]), True, False, {}

    task = tasks.from_gymnasium(Bandit(n=2, actions=3, start=(0.5, 0.5, 0.0)))
    run = dra.train(task, 400, rng=0, **QUIET, **dra.presets.for_scale(1.0))
    assert run.memory.q[0].argmax() == 1 and run.memory.q[1].argmax() == 0
    goes_on = tasks.from_gymnasium(
        tasks.to_gymnasium(tasks.random(4, 2, branching=2, rng=0, ending=0))
    )
    assert not goes_on.terminal.any()


@pytest.mark.parametrize("wrong", [
    ("Pendulum-v1", {}, r"env has the action space Box.*must be Discrete"),
    ("CartPole-v1", {}, r"no bounds, so give observe"),
    ("MountainCar-v0", {}, r"DiscretizeObservation"),
    ("Nowhere-v0", {}, r"env is 'Nowhere-v0'; it must be the name"),
    ("CartPole-v1", {"observe": lean}, r"n_states is None"),
    ("CartPole-v1", {"n_states": 4}, r"without observe it must be left out"),
    ("CartPole-v1", {"observe": lean, "n_states": 1}, r"observe\(.* is"),
    ("CartPole-v1", {"observe": len, "n_states": 1}, r"observe\(observation\) is"),
    ("CartPole-v1", {"observe": str.lower, "n_states": 1}, r"observe\(observation\) raises"),
])  # fmt: skip
def test_what_cannot_become_a_task_is_refused(wrong):
    env, options, message = wrong
    with pytest.raises(ValueError, match=message):
        tasks.from_gymnasium(env, **options)


def test_a_row_beyond_the_last_is_noticed_on_the_way():
    task = tasks.from_gymnasium(
        "CartPole-v1", observe=lambda x: 1 + 9 * int(x[2] > 0.1), n_states=2
    )
    with pytest.raises(ValueError, match=r"observe must return a row from 0 to 1"):
        dra.train(task, 50, rng=0, **QUIET)


def test_runs_on_live_environments_go_by_file_and_by_pickle(tmp_path):
    task = tasks.from_gymnasium("Blackjack-v1")
    whole = dra.train(task, 30, rng=0, record_every=10, **QUIET)
    path = tmp_path / "run.npz"
    dra.train(task, 20, rng=0, record_every=10, checkpoint=path, **QUIET)
    on = dra.resume(path, trials=30, progress=False)
    assert np.array_equal(on.memory.sigma, whole.memory.sigma)
    again = pickle.loads(pickle.dumps(task))
    assert again.constants.env is not task.constants.env
    assert np.array_equal(dra.train(again, 30, rng=0, **QUIET).memory.q, whole.memory.q)
    assert copy.deepcopy(task) is task
    seen = tasks.from_gymnasium("CartPole-v1", observe=lean, n_states=4)
    assert seen.pack()["kind"] == "own" and pickle.loads(pickle.dumps(seen)).n_states == 4


def test_arguments_of_the_environment_are_kept_in_the_file(tmp_path):
    env = gymnasium.make("FrozenLake-v1", is_slippery=False, max_episode_steps=30)
    run = dra.train(tasks.from_gymnasium(env, live=True), 3, rng=0, **QUIET)
    run.save(tmp_path / "run.npz")
    task = dra.Run.load(tmp_path / "run.npz").task
    assert task.constants.env.spec.kwargs["is_slippery"] is False and task.step_limit == 30
    assert task.constants.env.spec.max_episode_steps == 30


@pytest.mark.parametrize("name", ["os:system", "antigravity:Env-v0", "Nowhere-v0"])
def test_a_file_imports_nothing(name):
    with pytest.raises(ValueError, match=r"not registered with gymnasium here"):
        environments.remade(name, {}, None)
