"""Allocations for the planner under any cost, against searches of another kind."""

import numpy as np
import pytest
from planning_oracles import branching
from scipy.optimize import minimize

from dra import costs, planning
from dra.planning import climb
from dra.tasks import huys

MINE = costs.Cost("mine", costs.kl_value, costs.kl_grad)
UNEVEN = costs.weighted("kl", np.random.default_rng(0).uniform(0.3, 3, (19, 2)))


def saturating(sigma, base):
    return 0.5 * np.maximum(1 - (sigma / base) ** 4, 0) ** 2


def saturating_grad(sigma, base):
    return -4 * np.maximum(1 - (sigma / base) ** 4, 0) * sigma**3 / base**4


SATURATING = costs.Cost("saturating", saturating, saturating_grad)
"""Concave in sigma^2 for precise memories: there one of a pair is better kept than both a bit."""


@pytest.mark.parametrize("cost", costs.BUILT_IN.values(), ids=costs.BUILT_IN)
def test_built_in_costs_are_convex_in_the_variance(cost):
    """This is why pairs may be searched on a line; the twin is not convex."""
    variance = np.linspace(1e-3, 400, 20_001)
    assert np.diff(cost.value(np.sqrt(variance), 5.0), 2).min() > -1e-12
    assert np.diff(saturating(np.sqrt(variance), 20.0), 2).min() < -1e-9


@pytest.mark.parametrize("budget", [3, 9, 15])
def test_pairs_searched_on_a_plane_find_what_the_line_finds(budget):
    line = planning.allocate_flexible(huys(3), budget, starts=6)
    plane = planning.allocate_flexible(huys(3), budget, starts=6, cost=MINE)
    assert abs(plane.objective - line.objective) < 1e-9
    np.testing.assert_allclose(plane.memory.sigma, line.memory.sigma, rtol=1e-4)
    one, two = (planning.allocate_equal(huys(3), budget, cost=c) for c in (costs.kl, MINE))
    assert one.objective == two.objective


@pytest.mark.parametrize("cost", ["entropy", "precision", UNEVEN, SATURATING])
@pytest.mark.parametrize("budget", [3, 9])
def test_no_other_search_finds_more(cost, budget):
    task, named = huys(3), costs.named(cost)
    found = planning.allocate_flexible(task, budget, cost=cost, cost_weight=2.0, starts=4)
    memory, paid = found.memory, ~found.memory.known
    price = memory.cost(2.0, cost)
    assert found.cost == price and found.objective == found.reward - price
    again = planning.plan_objective(task, memory, budget, cost_weight=2.0, cost=cost)
    assert again == found.objective
    assert (
        found.objective
        >= planning.allocate_equal(task, budget, cost=cost, cost_weight=2.0).objective
    )

    def loss(x):
        changed = memory.copy()
        changed.sigma[paid] = np.exp(x)
        slope = planning.plan_reward_gradient(task, changed, budget)
        slope -= 2.0 * named.grad(changed.sigma, 100.0)
        value = planning.plan_objective(task, changed, budget, cost_weight=2.0, cost=cost)
        return -value, -(slope * changed.sigma)[paid]

    rng, bounds = np.random.default_rng(1), [(0, np.log(100))] * paid.sum()
    starts = [np.log(memory.sigma[paid]), *rng.uniform(0, np.log(100), (8, paid.sum()))]
    ends = [minimize(loss, x, jac=True, method="L-BFGS-B", bounds=bounds).fun for x in starts]
    assert -min(ends) < found.objective + 1e-6
    assert max(ends) > min(ends) or np.ptp(found.optima) < 1e-6


def test_a_pair_may_be_kept_unevenly_where_the_cost_says_so():
    uneven = planning.allocate_flexible(huys(3), 9, cost=UNEVEN, starts=6).memory.sigma
    assert np.abs(np.log(uneven[6:18, 0] / uneven[6:18, 1])).max() > 0.1
    weights = np.ones((5, 2))
    weights[2, 0] = 0.0  # the left memory of this state is free, and the right one is dear
    weights[2, 1] = 5.0
    found = planning.allocate_flexible(branching(), 2, cost=costs.weighted("kl", weights))
    assert found.memory.sigma[2, 0] < 1.001 and found.memory.sigma[2, 1] > 20


def test_a_known_memory_keeps_its_sigma_beside_one_of_any_cost():
    task = branching(known={4: (-40.0, 7.0)})
    line, plane = (planning.allocate_flexible(task, 2, cost=c) for c in (costs.kl, MINE))
    assert plane.memory.sigma[2, 0] == 7.0
    np.testing.assert_allclose(plane.memory.sigma, line.memory.sigma, rtol=1e-4)
    np.testing.assert_allclose(plane.cost, line.cost, rtol=1e-6)


def test_large_levels_are_searched_in_parts(monkeypatch):
    whole = planning.allocate_flexible(huys(3), 9, cost=UNEVEN, starts=3)
    monkeypatch.setattr(climb, "_AT_ONCE", 30_000)
    parts = planning.allocate_flexible(huys(3), 9, cost=UNEVEN, starts=3)
    np.testing.assert_array_equal(whole.memory.sigma, parts.memory.sigma)


def test_a_cost_sees_the_whole_memory():
    shapes = set()

    def value(sigma, base):
        shapes.add(sigma.shape)
        return costs.kl_value(sigma, base)

    cost = costs.Cost("seen", value, costs.kl_grad)
    planning.allocate_flexible(huys(2), 2, cost=cost, starts=2)
    planning.allocate_equal(huys(2), 2, cost=cost)
    planning.allocate_equal(huys(2), 2, cost=cost, method="sampled", samples=2, evaluations=3)
    assert shapes == {(13, 2)}


def test_a_cost_that_fails_somewhere_between_the_bounds_is_named():
    def value(sigma, base):
        return np.where((sigma > 40) & (sigma < 60), np.nan, 1.0)

    cost = costs.Cost("holes", value, value)
    for allocate in (planning.allocate_flexible, planning.allocate_equal):
        with pytest.raises(ValueError, match=r"cost.value gives nan where sigma is [45]"):
            allocate(huys(3), 3, cost=cost)
    with pytest.raises(ValueError, match=r"cost.value gives inf where sigma is 1e"):
        planning.allocate_flexible(huys(3), 3, sigma_bounds=(1.0, 1e300))
    with pytest.raises(ValueError, match="sigma_base 1e-300"):
        planning.allocate_flexible(huys(3), 3, sigma_base=1e-300)


@pytest.mark.parametrize(("starts", "parts"), [(8, 1), (32, 3)])
def test_planes_are_searched_as_many_at_once_as_fit(starts, parts, monkeypatch):
    """A plane has 61^2 points of a state and start, and four million may be held."""
    asked = []
    monkeypatch.setattr(
        climb, "_best_part", lambda problem, sigma, part: asked.append(part) or sigma[:, part]
    )
    sigma, states = np.random.default_rng(0).random((starts, 120, 2)), np.arange(10, 110)
    found = climb._best_pairs(None, sigma, states)
    np.testing.assert_array_equal(found, sigma[:, 10:110])
    np.testing.assert_array_equal(np.concatenate(asked), states)
    assert len(asked) == parts and max(map(len, asked)) * starts * 61**2 <= 2**22
