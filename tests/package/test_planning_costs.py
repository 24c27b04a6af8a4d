"""Allocations for the planner under any cost, against searches of another kind."""

import copy
import dataclasses
import gc
import pickle

import numpy as np
import pytest
from planning_oracles import branching, forgotten
from scipy.optimize import minimize

import dra
from dra import _memo, _progress, costs, planning
from dra.planning import climb, tree
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


@pytest.fixture
def built(monkeypatch):
    """Count what is built of the search tree."""
    calls = []
    for name in ("_layers", "_build"):
        function = getattr(tree, name)

        def counted(*arguments, name=name, function=function):
            calls.append((name, *arguments[1:]))
            return function(*arguments)

        monkeypatch.setattr(tree, name, counted)
    return calls


def test_the_search_tree_is_built_once(built):
    pytest.importorskip("cma")
    task = huys(3)
    options = {"method": "cma", "samples": 5, "evaluations": 60}
    planning.allocate_flexible(task, 9, rng=0, **options)
    assert built == [("_layers",), ("_build", 3)]
    planning.allocate_equal(task, 9)
    planning.plan_objective(task, forgotten(task), 10)
    assert len(built) == 2
    planning.plan_reward(task, forgotten(task), 12)
    assert built[2:] == [("_build", 4)]


def test_tasks_do_not_share_a_tree_nor_take_it_along(built):
    one, other = branching(), huys(2)
    planning.plan_reward(one, forgotten(one), 2)
    planning.plan_reward(other, forgotten(other), 2)
    assert planning.plan_reward(one, forgotten(one), 2) != planning.plan_reward(
        other, forgotten(other), 2
    )
    assert len(built) == 4
    kept = len(_memo._results)
    assert b"Tree" not in pickle.dumps(one)
    for again in (pickle.loads(pickle.dumps(one)), copy.copy(one), dataclasses.replace(one)):
        assert again not in _memo._results
        planning.plan_reward(again, forgotten(again), 2)
        assert again in _memo._results
    del again
    gc.collect()
    assert len(built) == 10 and len(_memo._results) == kept  # results go with their task


def test_the_oldest_results_are_forgotten():
    task = huys(6)
    for paths in range(1, 2 * _memo.MOST):
        tree.build(task, paths)
    assert len(_memo._results[task]) == _memo.MOST
    one = planning.plan_reward(task, forgotten(task), 6)
    assert one == planning.plan_reward(huys(6), forgotten(task), 6)


def test_the_values_returned_may_be_changed():
    task = huys(2)
    planning.optimal_values(task)[:] = 0
    assert planning.optimal_values(task).any()


def test_the_gain_of_many_memories_is_the_gain_of_each():
    """And each is what the expected reward gains, by differences: it is linear in each entry."""
    found = tree.build(huys(4), 5)
    left = np.random.default_rng(0).uniform(size=(5, 25))
    gain = found.gain(left)
    for row, alone in zip(left, gain, strict=True):
        np.testing.assert_allclose(found.gain(row), alone, rtol=1e-13, atol=1e-13)
        base = found.expected(row)
        for state in range(24):
            sure = row.copy()
            sure[state] = 1.0
            rise = (found.expected(sure) - base) / (1 - row[state])
            np.testing.assert_allclose(alone[state], rise, rtol=1e-8, atol=1e-9)
    assert np.abs(gain[:, :6]).max() > 0.1 and np.abs(gain[:, 12:18]).max() > 0.1


class Bar:
    """Stands in for a progress bar and counts."""

    def __init__(self, total, unit, progress=None):
        self.total, self.unit, self.progress, self.done = total, unit, progress, 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.left = True

    def update(self):
        self.done += 1


def test_searches_that_draw_samples_show_how_far_they_are(monkeypatch):
    pytest.importorskip("cma")
    bars = []

    def bar(*arguments):
        bars.append(Bar(*arguments))
        return bars[-1]

    monkeypatch.setattr(_progress, "bar", bar)
    few = {"samples": 3, "evaluations": 40, "progress": True}
    planning.allocate_flexible(huys(2), 2, method="cma", starts=2, **few)
    planning.allocate_equal(huys(2), 2, method="sampled", **few)
    assert [(b.total, b.unit, b.progress) for b in bars] == [
        (80, "evaluation", True), (40, "evaluation", True)
    ]  # fmt: skip
    assert bars[0].done >= 40 and bars[1].done == 40 and all(b.left for b in bars)


def test_an_interrupted_search_stops_and_the_next_is_whole(monkeypatch):
    pytest.importorskip("cma")
    options = {"method": "cma", "samples": 3, "evaluations": 40}
    whole = planning.allocate_flexible(huys(2), 2, rng=0, **options)
    plan_samples, calls = planning.allocate.plan_samples, []

    def interrupted(*arguments, **named):
        calls.append(1)
        if len(calls) == 20:
            raise KeyboardInterrupt
        return plan_samples(*arguments, **named)

    monkeypatch.setattr(planning.allocate, "plan_samples", interrupted)
    with pytest.raises(KeyboardInterrupt):
        planning.allocate_flexible(huys(2), 2, rng=0, **options)
    monkeypatch.undo()
    again = planning.allocate_flexible(huys(2), 2, rng=0, **options)
    np.testing.assert_array_equal(again.memory.sigma, whole.memory.sigma)


def test_a_task_without_some_actions_is_named():
    task = huys(2)
    available = np.ones(task.slot.shape, bool)
    available[-1] = False  # the terminal state needs none
    planning.optimal_values(dataclasses.replace(task, available=available.copy()))
    available[3, 1] = False
    task = dataclasses.replace(task, available=available)
    for call in (
        lambda: planning.optimal_values(task),
        lambda: planning.allocate_equal(task, 2),
        lambda: planning.plan_reward(task, forgotten(huys(2)), 2),
    ):
        with pytest.raises(ValueError, match=r"task is <huys.*some actions do not exist"):
            call()


def test_cma_needs_room():
    pytest.importorskip("cma")
    with pytest.raises(ValueError, match=r"sigma_bounds is \(5, 5\)"):
        planning.allocate_flexible(huys(2), 2, method="cma", sigma_bounds=(5, 5))


def test_extreme_bounds_and_any_error_state_of_the_caller():
    task = huys(3)
    quiet = planning.allocate_flexible(task, 9, starts=4)
    with np.errstate(all="raise"):
        strict = planning.allocate_flexible(task, 9, starts=4)
        np.testing.assert_array_equal(strict.memory.sigma, quiet.memory.sigma)
        wide = planning.allocate_flexible(task, 9, sigma_bounds=(1e-300, 1e3), starts=4)
        assert abs(wide.objective - planning.allocate_flexible(task, 9).objective) < 1.0
        memory = forgotten(task)
        memory.sigma[:] = 1e-300
        best = planning.plan_reward(task, memory, 9)
        assert np.isfinite(best)
        assert not planning.plan_reward_gradient(task, memory, 9).any()
        memory.q[:] = 0.0
        assert np.isfinite(planning.plan_reward_gradient(task, memory, 9)).all()
        planning.allocate_equal(task, 9, method="sampled", samples=3)
        dra.planning.plan_samples(task, memory, 9, samples=3, rng=0)


def test_cma_under_any_error_state_of_the_caller():
    pytest.importorskip("cma")
    options = {"method": "cma", "samples": 20, "evaluations": 200, "rng": 0}
    quiet = planning.allocate_flexible(huys(2), 2, **options)
    with np.errstate(all="raise"):
        strict = planning.allocate_flexible(huys(2), 2, **options)
    np.testing.assert_array_equal(strict.memory.sigma, quiet.memory.sigma)
