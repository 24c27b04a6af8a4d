"""Environments of Gymnasium with tables of transitions, as tasks."""

import gymnasium
import numpy as np
import pytest
from gymnasium.wrappers import TimeLimit, TransformReward
from small_env import TABLES, TAXI, Small, arrays, memory

import dra
from dra import exact, tasks


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
