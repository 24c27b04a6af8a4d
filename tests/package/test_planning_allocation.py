"""Allocations for the budgeted planner against global searches of another kind."""

from dataclasses import replace

import numpy as np
import pytest
from planning_oracles import branching, forgotten, grid_optima, kl
from scipy.optimize import minimize

from dra import planning
from dra.tasks import huys

GRID_ERROR = 0.01  # by how much the best of GRID may miss the best of the line


@pytest.mark.parametrize("budget", range(3, 25, 3))
def test_both_optima_are_global_at_depth_3(budget):
    task = huys(3)
    flexible = planning.allocate_flexible(task, budget, rng=budget)
    equal = planning.allocate_equal(task, budget)
    best_flexible, best_equal = grid_optima(budget)
    assert best_flexible - 1e-9 < flexible.objective < best_flexible + GRID_ERROR
    assert best_equal - 1e-9 < equal.objective < best_equal + GRID_ERROR
    assert flexible.objective >= equal.objective
    assert np.ptp(flexible.optima) < 1e-6
    if budget <= 18:  # the check tells the two apart
        assert equal.objective < best_flexible - 0.3


def test_where_there_are_local_optima_the_best_of_the_starts_is_global():
    allocation = planning.allocate_flexible(huys(3), 3, cost_weight=0.5, starts=64)
    best, _ = grid_optima(3, cost_weight=0.5)
    assert best - 1e-9 < allocation.objective < best + GRID_ERROR
    assert allocation.optima.min() < best - 0.1  # some starts miss it, and the check notices


def test_the_eight_differences():
    """To three digits; the values were found by these functions and agree with the grid's above."""
    expected = [3.172, 3.172, 5.669, 5.669, 0.397, 0.397, 0.0, 0.0]
    for budget, difference in zip(range(3, 25, 3), expected, strict=True):
        for seed in (1, 1000):
            flexible = planning.allocate_flexible(huys(3), budget, rng=seed, starts=8)
            gap = flexible.objective - planning.allocate_equal(huys(3), budget).objective
            assert abs(gap - difference) < 6e-4


@pytest.mark.parametrize("depth", [4, 5])
@pytest.mark.parametrize("eighths", [1, 3, 5, 8])
def test_deeper_optima_do_not_depend_on_the_start(depth, eighths):
    task, budget = huys(depth), depth * 2**depth * eighths // 8
    found = [planning.allocate_flexible(task, budget, rng=seed, starts=6) for seed in (0, 1)]
    assert abs(found[0].objective - found[1].objective) < 1e-6
    assert found[0].objective >= planning.allocate_equal(task, budget).objective
    rng = np.random.default_rng(2)
    paid, memory = ~found[0].memory.known, found[0].memory

    def loss(x, gradient=True):
        changed = memory.copy()
        changed.sigma[paid] = x
        slope = planning.plan_reward_gradient(task, changed, budget)[paid] - x / 1e4 + 1 / x
        return -planning.plan_objective(task, changed, budget), -slope

    for _ in range(2):  # a method of another kind, all sigmas at once
        start = rng.uniform(1, 100, paid.sum())
        end = minimize(loss, start, jac=True, method="L-BFGS-B", bounds=[(1, 100)] * paid.sum())
        assert -end.fun > -loss(start)[0] or eighths == 8
        assert -end.fun < found[0].objective + 1e-6


def test_an_optimum_is_stationary_and_symmetric_within_each_state():
    for depth, budget in [(3, 3), (3, 15), (4, 24)]:
        memory = planning.allocate_flexible(huys(depth), budget).memory
        np.testing.assert_array_equal(memory.sigma[:, 0], memory.sigma[:, 1])
        reward_slope = planning.plan_reward_gradient(huys(depth), memory, budget)
        slope = np.where(memory.known, 0.0, reward_slope - memory.sigma / 1e4 + 1 / memory.sigma)
        inside = (memory.sigma > 1) & (memory.sigma < 100)
        assert np.abs(slope[inside]).max() < 1e-5
        assert slope[memory.sigma == 100].min(initial=0) > -1e-5
        memory.sigma[~memory.known] *= 0.9
        assert np.abs(planning.plan_reward_gradient(huys(depth), memory, budget)).max() > 1e-4


def test_the_report_of_an_allocation_adds_up():
    task = huys(3)
    for found in (
        planning.allocate_flexible(task, 9, cost_weight=0.5, starts=3),
        planning.allocate_equal(task, 9, cost_weight=0.5),
    ):
        assert found.objective == found.reward - found.cost
        np.testing.assert_allclose(found.cost, 0.5 * kl(found.memory.sigma[6:18]).sum())
        assert found.reward == planning.plan_reward(task, found.memory, 9)
        again = planning.plan_objective(task, found.memory, 9, cost_weight=0.5)
        np.testing.assert_allclose([again, found.estimate, found.optima.max()], found.objective)
        np.testing.assert_array_equal(found.memory.q, planning.optimal_values(task))
    assert np.ptp(found.memory.sigma[6:18]) == 0


def test_a_memory_that_is_never_asked_stays_at_the_base():
    allocation = planning.allocate_flexible(branching(), 2, sigma_bounds=(1.0, 150.0))
    np.testing.assert_allclose(allocation.memory.sigma[3], 100.0, rtol=1e-5)
    assert allocation.memory.sigma[2].max() < 80.0


def test_a_known_memory_keeps_its_sigma_beside_one_that_is_allocated():
    task = branching(known={4: (-40.0, 7.0)})
    allocation = planning.allocate_flexible(task, 2)
    assert allocation.memory.sigma[2, 0] == 7.0
    free = allocation.memory.sigma[2, 1]
    assert 1 < free < 80

    def objective(sigma):
        changed = allocation.memory.copy()
        changed.sigma[2, 1] = sigma
        return planning.plan_objective(task, changed, 2)

    assert objective(free) > max(objective(free * 1.05), objective(free / 1.05))


def global_state():
    return np.random.get_state()[1].copy()  # noqa: NPY002


def test_cma_sees_noise_and_stays_below_the_exact_optimum():
    pytest.importorskip("cma")
    task, before = huys(3), global_state()
    options = {"method": "cma", "samples": 200, "evaluations": 300, "starts": 2}
    found = planning.allocate_flexible(task, 3, rng=0, **options)
    again = planning.allocate_flexible(task, 3, rng=0, **options)
    np.testing.assert_array_equal(found.memory.sigma, again.memory.sigma)
    np.testing.assert_array_equal(global_state(), before)
    assert found.memory.sigma.min() >= 1
    assert found.memory.sigma.max() <= 100
    assert found.optima.size == 2
    best = planning.allocate_flexible(task, 3).objective
    assert found.optima.max() < best
    assert found.objective > planning.plan_objective(task, forgotten(task), 3) + 5
    assert found.estimate > found.objective  # the best of many noisy values flatters


def test_sampled_equal_search_is_noisy_too():
    task = huys(3)
    best = planning.allocate_equal(task, 3).objective
    found = [planning.allocate_equal(task, 3, method="sampled", rng=seed) for seed in range(3)]
    assert best - 5 < min(f.objective for f in found) <= max(f.objective for f in found) <= best
    assert len({f.memory.sigma[6, 0] for f in found}) > 1
    assert found[0].optima.size == 50


def test_starts_meet_however_small_rewards_are():
    """Rewards, sigmas and prices times k: what all starts reach is that times k."""
    k, whole, options = 1e-13, huys(3), {"starts": 8}
    parts = {name: k * getattr(whole, name) for name in ("reward", "known_q", "known_sigma")}
    options |= {"cost_weight": k, "sigma_base": 100 * k, "sigma_bounds": (k, 100 * k)}
    small = planning.allocate_flexible(replace(whole, **parts), 3, **options)
    large = planning.allocate_flexible(whole, 3, starts=8)
    np.testing.assert_allclose(small.optima / k, large.optima, rtol=1e-9)
