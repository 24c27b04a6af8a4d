"""Environments of Gymnasium as tasks, and tasks as environments."""

import copy
import pickle
import subprocess
import sys
import warnings

import gymnasium
import numpy as np
import pytest
from gymnasium import spaces as kinds
from gymnasium.utils.env_checker import check_env
from gymnasium.wrappers import DiscretizeObservation, TimeLimit, TransformReward

import dra
from dra import _twin, exact, tasks
from dra.tasks import environments
from dra.tasks.spaces import numbered

TAXI = max(name for name in gymnasium.registry if name.startswith("Taxi-v"))
TABLES = (
    "FrozenLake-v1",
    "FrozenLake8x8-v1",
    "CliffWalking-v1",
    "CliffWalkingSlippery-v1",
    TAXI,
)
QUIET = {"progress": False, "evaluation_episodes": 3}
BANDIT = np.array([[0.0, 1.0, 0.5], [1.0, 0.0, 0.2]])


class Small(gymnasium.Env):
    """An environment with whatever tables and spaces a test needs."""

    def __init__(self, P=None, n=3, actions=2, start=(1.0, 0.0, 0.0), truncates=0):
        self.P, self.initial_state_distrib = P, np.array(start)
        self.observation_space = kinds.Discrete(n)
        self.action_space = kinds.Discrete(actions)
        self.truncates, self.moves, self.seeds = truncates, 0, []

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.state, self.moves = int(self.np_random.choice(3, p=self.initial_state_distrib)), 0
        self.seeds.append(seed)
        return self.state, {}

    def step(self, action):
        self.moves += 1
        if self.P is None:
            over = self.truncates and self.moves >= self.truncates
            return self.state, -1.0, False, bool(over), {}
        outcomes = self.P[self.state][action]
        k = int(self.np_random.choice(len(outcomes), p=[o[0] for o in outcomes]))
        _, self.state, reward, done = outcomes[k]
        return self.state, reward, done, False, {}


def arrays(task):
    """Dense transition and reward of a table, and what ends."""
    p, r = np.zeros((2, task.n_states, task.n_actions, task.n_states))
    s, a, _ = np.indices(task.next_state.shape)
    np.add.at(p, (s, a, task.next_state), task.probability)
    np.add.at(r, (s, a, task.next_state), task.probability * task.reward)
    return p, r


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_those_of_the_environment(name):
    task, inner = tasks.from_gymnasium(name), gymnasium.make(name).unwrapped
    assert isinstance(task, tasks.Tabular) and task.n_states == inner.observation_space.n
    p, r = arrays(task)
    wanted, earned, over = np.zeros_like(p), np.zeros_like(r), {}
    for s in np.flatnonzero(~task.terminal):
        for a in range(task.n_actions):
            for chance, to, reward, done in inner.P[s][a]:
                wanted[s, a, to] += chance
                earned[s, a, to] += chance * reward
                over.setdefault(to, set()).add(done)
    np.testing.assert_allclose(p[~task.terminal], wanted[~task.terminal], atol=1e-12)
    np.testing.assert_allclose(r[~task.terminal], earned[~task.terminal], atol=1e-12)
    start = np.zeros(task.n_states)
    start[task.start_state] = task.start_probability
    np.testing.assert_allclose(start, inner.initial_state_distrib)
    assert all(over[s] == {True} for s in np.flatnonzero(task.terminal) if name != TAXI)
    limit = gymnasium.spec(name).max_episode_steps
    assert task.step_limit == (10_000 if limit is None else limit) and task.name == name


def test_taxi_ends_where_the_passenger_is_set_down():
    """Dietterich's 404 states: 400 in which a choice is made, 4 in which the ride has ended."""
    task = tasks.from_gymnasium(TAXI)
    assert task.terminal.sum() == 4 and task.start_state.size == 300
    value = exact.evaluate(task, best_choice(task), 1.0).values
    mean = task.start_probability @ value[task.start_state]
    assert round(mean, 2) == 7.93  # every shortest way, counted by hand in the test below
    inner = gymnasium.make(TAXI).unwrapped
    assert abs(mean - shortest_rides(inner)) < 1e-9


def best_choice(task, gamma=1.0):
    """Greedy choice probabilities, by value iteration on dense arrays."""
    p, r = arrays(task)
    value = np.zeros(task.n_states)
    for _ in range(300):
        q = r.sum(axis=2) + gamma * p @ np.where(task.terminal, 0.0, value)
        value = q.max(axis=1)
    return np.eye(task.n_actions)[q.argmax(axis=1)]


def shortest_rides(inner):
    """Mean best return of Taxi from its start states, by breadth-first search in its table."""
    total, count = 0.0, 0
    for start in np.flatnonzero(inner.initial_state_distrib):
        front, seen, moves = {int(start)}, {int(start)}, 0
        while True:
            moves += 1
            edges = [o for s in front for outcomes in inner.P[s].values() for o in outcomes]
            if any(done for *_, done in edges):
                break
            front = {to for _, to, reward, _ in edges if reward == -1} - seen
            seen |= front
        total, count = total + 20 - (moves - 1), count + 1
    return total / count


def test_outcomes_listed_twice_are_put_together():
    lake = tasks.from_gymnasium("FrozenLake-v1")  # in the corner two slips lead nowhere
    corner = lake.probability[0, 0]
    assert np.sort(corner).round(12).tolist() == [0.0, 0.333333333333, 0.666666666667]


def test_a_move_that_ends_where_others_go_on_leads_to_a_state_of_its_own():
    P = {
        0: {0: [(1.0, 1, -1.0, False)], 1: [(0.5, 1, 5.0, True), (0.5, 2, 0.0, False)]},
        1: {0: [(1.0, 2, -1.0, False)], 1: [(1.0, 0, -1.0, False)]},
        2: {0: [(1.0, 2, 7.0, True)], 1: [(1.0, 0, 0.0, False)]},
    }
    task = tasks.from_gymnasium(Small(P))
    assert task.n_states == 4 and task.terminal.tolist() == [False, False, False, True]
    even = exact.evaluate(task, np.full((4, 2), 0.5), 1.0).values[:3]
    # by hand: v0 = (-1 + v1)/2 + (2.5 + v2/2)/2, v1 = -1 + (v2 + v0)/2, v2 = (7 + v0)/2
    A = np.array([[1, -0.5, -0.25], [-0.5, 1, -0.5], [-0.5, 0, 1]])
    np.testing.assert_allclose(even, np.linalg.solve(A, [0.75, -1.0, 3.5]))


def test_choices_without_outcomes_do_not_exist():
    P = {
        0: {0: [(1.0, 1, 0.0, False)], 1: []},
        1: {0: [(1.0, 2, 1.0, True)], 1: [(1.0, 0, 0.0, False)]},
        2: {0: [], 1: []},
    }
    task = tasks.from_gymnasium(Small(P))
    assert task.available.tolist() == [[True, False], [True, True], [True, True]]
    assert task.terminal.tolist() == [False, False, True]


def test_tables_that_are_not_true_are_found_out():
    P = {s: {a: [(1.0, (s + 1) % 3, 0.0, s == 1)] for a in range(2)} for s in range(3)}
    env = Small(P)
    env.step = lambda action: (2, 0.0, True, False, {})
    with pytest.raises(ValueError, match=r"not in env.unwrapped.P; with live=True"):
        tasks.from_gymnasium(env)
    with pytest.raises(ValueError, match=r"P\[0\]\[0\] does not list"):
        tasks.from_gymnasium(Small({s: {a: [(1.0, 1)] for a in range(2)} for s in range(3)}))


def test_wrappers_that_change_the_environment_make_it_run_live():
    env = TransformReward(gymnasium.make("FrozenLake-v1"), lambda r: 3 * r)
    task = tasks.from_gymnasium(env)
    assert not isinstance(task, tasks.Tabular)
    assert dra.rollout(task, memory(task, 1.0), beta=1.0, rng=41).rewards.max() in (0.0, 3.0)
    fickle = gymnasium.make(TAXI, fickle_passenger=True)
    assert not isinstance(tasks.from_gymnasium(fickle), tasks.Tabular)
    limited = TimeLimit(gymnasium.make("FrozenLake-v1"), 7)
    assert isinstance(tasks.from_gymnasium(limited), tasks.Tabular)
    assert tasks.from_gymnasium(limited).step_limit == 7


def memory(task, sigma=2.0):
    return dra.Memory.initial(task, sigma=sigma, sigma_base=5.0)


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
