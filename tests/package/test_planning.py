"""The budgeted planner against oracles that search the tree literally.

Statistical tests compare means with exact values in standard errors; BOUND = 5 has a false-alarm
probability below 6e-7 a comparison.
"""

import math

import numpy as np
import pytest
from oracles import central_differences
from planning_oracles import (
    TABLE,
    branching,
    forgotten,
    literal_reward,
    normal_cdf,
    random_memory,
    rewards_below,
)

import dra
from dra import _compile, planning
from dra.planning import search
from dra.tasks import gridworld, huys, tabular

BOUND = 5.0


@pytest.mark.parametrize(
    ("depth", "budgets"), [(1, [1, 2]), (2, [2, 4, 6, 8]), (3, range(3, 25, 3)), (4, [20])]
)
def test_exact_reward_is_the_sum_over_preferences(depth, budgets):
    memory = random_memory(depth, seed=depth)
    for budget in budgets:
        exact = planning.plan_reward(huys(depth), memory, budget)
        np.testing.assert_allclose(exact, literal_reward(memory, depth, budget), rtol=1e-10)
    other = random_memory(depth, seed=99)
    if depth > 1:  # with one level all is known
        assert abs(planning.plan_reward(huys(depth), other, 2 * depth) - exact) > 0.1


def redrawn_at_every_visit(task, memory, paths, n, rng):
    """Return rewards of a wrong planner, which recalls afresh on each path and may repeat one."""
    start = rng.choice(task.start_state, size=n)
    best = np.full(n, -np.inf)
    for _ in range(paths):
        state, gained = start, np.zeros(n)
        for _ in range(task.step_limit):
            drawn = memory.q[state] + memory.sigma[state] * rng.standard_normal((n, 2))
            action = drawn.argmax(axis=1)
            gained = gained + task.reward[state, action, 0]
            state = task.next_state[state, action, 0]
        best = np.maximum(best, gained)
    return best


def standard_errors(samples, truth):
    return abs(samples.mean() - truth) / (samples.std(ddof=1) / np.sqrt(samples.size))


@pytest.mark.parametrize(
    ("depth", "paths"), [(2, 2), (3, 1), (3, 3), (3, 5), (4, 5), (4, 11), (5, 13), (10, 77)]
)
def test_sampled_and_exact_agree(depth, paths):
    n = 1000 if depth == 10 else 100_000
    task, memory = huys(depth), random_memory(depth, seed=depth)
    exact = planning.plan_reward(task, memory, depth * paths)
    samples = planning.plan_samples(task, memory, depth * paths, samples=n, rng=1)
    assert standard_errors(samples, exact) < BOUND
    if depth < 10 and paths > 1:
        wrong = redrawn_at_every_visit(task, memory, paths, n, np.random.default_rng(1))
        assert standard_errors(wrong, exact) > BOUND


def test_sampled_reward_is_the_mean_of_the_samples():
    task, memory = huys(3), random_memory(3, seed=0)
    samples = planning.plan_samples(task, memory, 9, samples=100, rng=5)
    mean = planning.plan_reward(task, memory, 9, method="sampled", samples=100, rng=5)
    assert mean == samples.mean()
    assert mean != planning.plan_reward(task, memory, 9, method="sampled", samples=100, rng=6)


@pytest.mark.skipif(not _compile.COMPILED, reason="Numba is not installed")
def test_compiled_and_plain_searches_agree_bit_for_bit():
    task, memory = huys(3), random_memory(3, seed=0)
    plain = np.empty(300)
    _compile.uncompiled(search).fill_rewards(
        task.next_state[:, :, 0], task.reward[:, :, 0], task.start_state,
        np.cumsum(task.start_probability), memory.q, memory.sigma, 3, 12, plain,
        np.random.default_rng(7),
    )  # fmt: skip
    compiled = planning.plan_samples(task, memory, 12, samples=300, rng=7)
    np.testing.assert_array_equal(compiled, plain)


@pytest.mark.parametrize("depth", [1, 2, 3, 5])
def test_the_full_tree_earns_the_best_path_whatever_the_memory(depth):
    best = np.mean([max(rewards_below(start, depth)) for start in TABLE])
    for seed, budget in [(0, depth * 2**depth), (1, depth * 2**depth), (0, 10**9)]:
        memory = random_memory(depth, seed)
        np.testing.assert_allclose(planning.plan_reward(huys(depth), memory, budget), best)
        gradient = planning.plan_reward_gradient(huys(depth), memory, budget)
        np.testing.assert_allclose(gradient, 0, atol=1e-12)
    if depth > 1:
        almost = planning.plan_reward(huys(depth), memory, depth * (2 ** (depth - 1) - 1))
        assert almost < best - 0.1


def test_every_start_samples_its_best_path_with_the_full_tree():
    earned = planning.plan_samples(huys(3), random_memory(3, 0), 24, samples=500, rng=0)
    assert set(earned) == {max(rewards_below(start, 3)) for start in TABLE}


def test_one_move():
    task, memory = huys(1), random_memory(1, 0)
    expected = 0.0
    for (_, left), (_, right) in TABLE.values():
        p = normal_cdf((left - right) / math.sqrt(2))
        expected += (p * left + (1 - p) * right) / 6
    np.testing.assert_allclose(planning.plan_reward(task, memory, 1), expected, rtol=1e-12)
    allocation = planning.allocate_flexible(task, 1)
    assert allocation.cost == 0
    assert allocation.objective == allocation.reward == planning.plan_reward(task, memory, 1)


@pytest.mark.parametrize("depth", [2, 3, 4, 7])
def test_more_time_never_hurts_and_unfinished_paths_count_for_nothing(depth):
    task = huys(depth)
    for seed in range(3):
        memory = random_memory(depth, seed)
        paths = range(1, 2**depth + 1)
        rewards = [planning.plan_reward(task, memory, depth * k) for k in paths]
        assert np.diff(rewards).min() > -1e-9
        assert rewards[-1] > rewards[0] + 1
        assert planning.plan_reward(task, memory, 2 * depth - 1) == rewards[0]


@pytest.mark.parametrize("depth", [2, 3, 5])
def test_gradient_against_central_differences(depth):
    task, memory = huys(depth), random_memory(depth, depth, low=20.0)
    memory.q[:] += np.random.default_rng(0).normal(0, 10, memory.q.shape)  # any q will do
    for budget, other in [(depth, 3 * depth), (3 * depth, depth)]:

        def reward(sigma, budget=budget):
            changed = dra.Memory(memory.q, sigma, 100.0, memory.known)
            return planning.plan_reward(task, changed, budget)

        numeric = np.where(memory.known, 0.0, central_differences(reward, memory.sigma))
        exact = planning.plan_reward_gradient(task, memory, budget)
        np.testing.assert_allclose(exact, numeric, atol=1e-8)
        wrong = planning.plan_reward_gradient(task, memory, other)
        assert np.abs(wrong - numeric).max() > 1e-4


@pytest.mark.parametrize("depth", [1, 2, 3, 4])
def test_optimal_values_are_those_of_the_best_path(depth):
    values = planning.optimal_values(huys(depth))
    assert not values[-1].any()
    for state, moves in TABLE.items():
        for action, (to, reward) in enumerate(moves):
            best = reward + max(rewards_below(to, depth - 1))
            assert values[6 * (depth - 1) + state - 1, action] == best


STOCHASTIC = np.full((2, 2, 2), 0.5)
UNEVEN = np.zeros((3, 2, 3))
UNEVEN[[0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [1, 2, 2, 2, 2, 2]] = 1.0
ENDLESS = np.zeros((2, 2, 2))
ENDLESS[[0, 0, 1, 1], [0, 1, 0, 1], [0, 0, 1, 1]] = 1.0


@pytest.mark.parametrize(
    "task",
    [
        gridworld(),
        tabular(STOCHASTIC, np.zeros((2, 2)), terminal=[1]),
        tabular(UNEVEN, np.zeros((3, 2)), terminal=[2]),
        tabular(ENDLESS, np.zeros((2, 2)), terminal=[1]),
        branching(slot=[[0, 1], [2, 3], [2, 3], [4, 5], [6, 7]]),
        branching(step_limit=1),
        "huys",
    ],
    ids=["four actions", "stochastic", "uneven", "endless", "shared", "cut off", "no task"],
)
def test_a_task_that_cannot_be_planned_is_named(task):
    with pytest.raises(ValueError, match="task is"):
        planning.optimal_values(task)
    with pytest.raises(ValueError, match="task is"):
        planning.allocate_flexible(task, 3)


@pytest.mark.parametrize("budget", [0, 2, 3.5, -3, "3", None])
def test_a_budget_without_a_complete_path_is_named(budget):
    task = huys(3)
    for call in (planning.plan_reward, planning.plan_reward_gradient, planning.plan_objective):
        with pytest.raises(ValueError, match="budget is"):
            call(task, forgotten(task), budget)
    with pytest.raises(ValueError, match="budget is"):
        planning.allocate_equal(task, budget)


@pytest.mark.parametrize(
    ("function", "options", "name"),
    [
        ("plan_reward", {"method": "guess"}, "method"),
        ("plan_reward", {"method": "sampled"}, "rng"),
        ("plan_reward", {"method": "sampled", "samples": 0, "rng": 0}, "samples"),
        ("plan_objective", {"cost_weight": -1}, "cost_weight"),
        ("allocate_flexible", {"method": "sampled"}, "method"),
        ("allocate_flexible", {"cost_weight": -1}, "cost_weight"),
        ("allocate_flexible", {"sigma_bounds": (5, 1)}, "sigma_bounds"),
        ("allocate_flexible", {"sigma_base": 0}, "sigma_base"),
        ("allocate_flexible", {"starts": 0}, "starts"),
        ("allocate_flexible", {"method": "cma", "samples": 0}, "samples"),
        ("allocate_flexible", {"method": "cma", "evaluations": 0}, "evaluations"),
        ("allocate_equal", {"method": "cma"}, "method"),
        ("allocate_equal", {"method": "sampled", "evaluations": 0}, "evaluations"),
    ],
)
def test_wrong_arguments_are_named(function, options, name):
    task = huys(3)
    memory = [forgotten(task)] if function.startswith("plan") else []
    with pytest.raises(ValueError, match=name):
        getattr(planning, function)(task, *memory, 3, **options)


def test_a_memory_of_another_task_is_noticed():
    with pytest.raises(ValueError, match="memory has shape"):
        planning.plan_reward(huys(3), random_memory(4, 0), 3)


def test_cma_needs_something_to_allocate():
    with pytest.raises(ValueError, match="task is"):
        planning.allocate_flexible(huys(1), 1, method="cma")
