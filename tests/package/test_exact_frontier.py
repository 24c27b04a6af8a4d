"""The frontier against brute force, against what must hold for any frontier, and tied values."""

import dataclasses
import importlib
import pkgutil
from collections import namedtuple
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from oracles import action_values, corridor, random_mdp, shared_task

import dra
from dra import exact
from dra.exact import budget, prices

BETA, BASE, GAMMA, GAMMA_Q = 2.0, 3.0, 1.0, 0.8
WEIGHTS = np.geomspace(0.01, 1.0, 9)


def two_doors():
    """Two choices in a row; the second is reached by the right answer to the first only."""
    transition = np.zeros((3, 2, 3))
    transition[0, 0, 1] = transition[0, 1, 2] = transition[1:, :, 2] = 1.0
    return dra.tasks.tabular(transition, [[0.5, 0.3], [2.0, 0.0], [0.0, 0.0]], terminal=[2])


def chance_of_first(difference, spread):
    """E sigmoid(beta (difference + spread z)), by the trapezoidal rule; z is standard normal."""
    z = np.linspace(-8, 8, 161)
    weight = np.exp(-0.5 * z * z)
    wins = 1 / (1 + np.exp(-BETA * (difference[..., None] + spread[..., None] * z)))
    return wins @ (weight / weight.sum())


def brute_force():
    """Reward and nats of 16^4 allocations for the two doors, by hand."""
    grid = np.concatenate([np.geomspace(0.1, 2.0, 11), [2.2, 2.4, 2.6, 2.8, 3.0]])
    a, b = (x.ravel() for x in np.meshgrid(grid, grid))
    nats = sum(np.log(BASE / s) + s**2 / (2 * BASE**2) - 0.5 for s in (a, b))
    second = 2.0 * chance_of_first(np.full(a.size, 2.0), np.hypot(a, b))
    q = 0.5 + GAMMA_Q * second  # of the right door; the wrong one is worth 0.3
    first = chance_of_first(q[:, None] - 0.3, np.hypot(a, b)[None, :])  # [second door, first door]
    reward = first * (0.5 + GAMMA * second[:, None]) + (1 - first) * 0.3
    return reward.ravel(), (nats[:, None] + nats[None, :]).ravel()


@pytest.fixture(scope="module")
def doors():
    options = {"beta": BETA, "gamma": GAMMA, "gamma_q": GAMMA_Q, "sigma_base": BASE}
    return exact.frontier(two_doors(), WEIGHTS, **options, progress=False)


def misses(found, reward, nats):
    """The weights at which a frontier is worse than brute force, or better than can be true."""
    best = np.max(reward - found.cost_weights[:, None] * nats, axis=1)
    return np.flatnonzero((found.objective < best) | (found.objective > best + 0.02)).tolist()


def test_no_allocation_of_a_fine_grid_is_better(doors):
    reward, nats = brute_force()
    assert misses(doors, reward, nats) == []
    assert doors.nats[0] > 8 > 0.3 > doors.nats[-1]  # all is kept at first, next to nothing at last
    # a frontier that is wrong at one weight, or solved for other weights, is noticed
    lost = doors.reward - np.where(np.arange(WEIGHTS.size) == 4, 0.05, 0.0)
    assert misses(replace(doors, reward=lost), reward, nats) == [4]
    assert len(misses(replace(doors, cost_weights=1.5 * WEIGHTS), reward, nats)) > 3


def violations(found):
    """What a frontier does that none can do."""
    w, f = found.cost_weights, found.objective
    others = found.reward[None, :] - w[:, None] * found.nats[None, :]  # [weight, memory]
    slope = np.diff(f) / np.diff(w)
    wrong = {
        "another memory is better": others.max(axis=1) > f + 1e-9,
        "the objective rises": np.diff(f) > 1e-9,
        "the objective is not convex": np.diff(slope) < -1e-9,
        "nats rise": np.diff(found.nats) > 1e-9,
        "reward rises": np.diff(found.reward) > 1e-9,
        "the slope is not the nats": (slope < -found.nats[:-1] - 1e-9)
        | (slope > -found.nats[1:] + 1e-9),
        "not at a maximum": found.certificate > 1e-5,
    }
    return {name for name, where in wrong.items() if where.any()}


CORRIDOR = {"beta": 20.0, "gamma": 1.0, "sigma_base": 1.0, "progress": False}


@pytest.mark.slow
def test_every_frontier_keeps_the_laws(doors):
    assert violations(doors) == set()
    task = random_mdp(5, n_states=5, n_actions=3)[0]
    found = exact.frontier(task, [0.0, 0.02, 0.05, 0.2], beta=2.0, gamma=0.9, sigma_base=3.0)
    assert violations(found) == set()
    found = exact.frontier(
        shared_task(6), [0.02, 0.1], beta=2.0, gamma=0.9, sigma_base=3.0, starts=2
    )
    assert violations(found) == set()


@pytest.mark.slow
def test_an_optimiser_that_stays_where_it_is_breaks_the_laws():
    """Where the corridor's frontier is not concave, climbs from one side miss the jump."""
    weights = np.array([0.03, 0.05, 0.085, 0.2])
    options = {k: v for k, v in CORRIDOR.items() if k != "progress"}
    sigma, climbs = 0.9, []
    for w in weights[::-1]:  # as precision gets cheaper, from a memory that holds nothing
        climbs.insert(
            0, exact.optimal_allocation(corridor(6), cost_weight=w, starts=[sigma], **options)
        )
        sigma = climbs[0].memory.sigma
    stuck = exact.Frontier(
        weights,
        tuple(c.memory for c in climbs),
        np.array([c.reward for c in climbs]),
        np.array([c.cost for c in climbs]) / weights,
        np.array([c.certificate for c in climbs]),
    )
    assert "another memory is better" in violations(stuck)
    true = exact.frontier(corridor(6), weights, **CORRIDOR)
    assert violations(true) == set()
    assert np.max(true.objective - stuck.objective) > 0.01
    assert np.all(true.objective > stuck.objective - 1e-8)


def test_the_slope_of_the_objective_is_the_nats():
    weights = 0.05 * np.array([0.999, 1.0, 1.001])
    found = exact.frontier(two_doors(), weights, beta=2.0, gamma=1.0, sigma_base=3.0)
    slope = (found.objective[2] - found.objective[0]) / (weights[2] - weights[0])
    assert slope == pytest.approx(-found.nats[1], rel=1e-4)
    assert slope != pytest.approx(-found.reward[1], rel=0.1)


@pytest.mark.parametrize("task", [random_mdp(7, n_states=5)[0], shared_task(2)])
def test_no_weight_is_worse_than_alone(task):
    options = {"beta": 2.0, "gamma": 0.9, "gamma_q": 0.6, "sigma_base": 3.0, "starts": 3}
    options |= {"cost": "entropy", "sigma_bounds": (0.01, 3.0)}
    weights = [0.01, 0.05, 0.3]
    found = exact.frontier(task, weights, **options)
    for i, w in enumerate(weights):
        alone = exact.optimal_allocation(task, cost_weight=w, **options)
        assert found.objective[i] > alone.objective - 1e-7
        memory = found.memories[i]
        value = {"beta": 2.0, "gamma": 0.9, "cost_weight": w, "cost": "entropy"}
        assert exact.objective(task, memory, **value) == pytest.approx(found.objective[i], abs=1e-8)
        assert memory.cost(w, "entropy") == pytest.approx(found.cost[i])
        np.testing.assert_array_equal(found.kept[i], (memory.sigma < 1.5) & ~memory.known)
    assert found.kept[0].sum() > found.kept[2].sum()


@pytest.mark.parametrize(
    "weights", [[], [[0.1, 0.2]], [0.2, 0.1], [0.1, 0.1], [-0.1], [np.nan], 0.1, "dear"]
)
def test_frontier_checks_its_weights(weights):
    with pytest.raises(ValueError, match="cost_weights"):
        exact.frontier(two_doors(), weights, beta=2.0, gamma=1.0, sigma_base=3.0)


def test_frontier_checks_the_rest():
    options = {"beta": 2.0, "gamma": 1.0, "sigma_base": 3.0}
    with pytest.raises(ValueError, match="starts is 0"):
        exact.frontier(two_doors(), [0.1], **options, starts=0)
    with pytest.raises(ValueError, match="beta is -1"):
        exact.frontier(two_doors(), [0.1], **{**options, "beta": -1})


@pytest.mark.parametrize("function", ["frontier", "optimal_allocation", "best_reward"])
def test_progress_is_shown_when_asked_for(function, capsys, monkeypatch):
    options = {"beta": 2.0, "gamma": 1.0, "sigma_base": 3.0, "starts": 1}
    search = {
        "frontier": lambda **k: exact.frontier(two_doors(), [0.1, 0.2], **options, **k),
        "optimal_allocation": lambda **k: exact.optimal_allocation(
            two_doors(), cost_weight=0.1, **options, **k
        ),
        "best_reward": lambda **k: exact.best_reward(two_doors(), 1.0, **options, **k),
    }[function]
    monkeypatch.setattr("dra._progress.BAR_DELAY", 0)
    search(progress=False)
    assert capsys.readouterr().err == ""
    search(progress=True)
    assert "climb" in capsys.readouterr().err


def test_values_that_settle_from_no_start_are_said_to(monkeypatch):
    options = {"beta": 2.0, "gamma": 1.0, "sigma_base": 3.0}
    monkeypatch.setattr("dra.exact.ascent.climb", lambda *arguments: None)
    with pytest.raises(RuntimeError, match="did not settle from any start"):
        exact.frontier(two_doors(), [0.1], **options)
    with pytest.raises(RuntimeError, match="did not settle from any start"):
        exact.optimal_allocation(two_doors(), cost_weight=0.1, **options)
    with pytest.raises(RuntimeError, match="no start leads to"):
        exact.best_reward(two_doors(), 1.0, **options)


def test_tied_values_are_those_of_the_policy():
    task, transition, reward, _ = random_mdp(5, n_states=6, n_actions=3)
    rng = np.random.default_rng(0)
    sigma = np.exp(rng.normal(size=task.memory_shape))
    memory = dra.Memory.initial(task, sigma=sigma, sigma_base=3.0)
    for gamma_q in (0.5, 0.9):
        tied = exact.tied_values(task, memory, beta=2.0, gamma_q=gamma_q)
        chance = tied.choice_probabilities(2.0)
        np.testing.assert_allclose(
            tied.q[:-1], action_values(transition, reward, chance, gamma_q)[:-1], atol=1e-8
        )
        np.testing.assert_array_equal(tied.sigma, sigma)
    assert memory.q.max() == 0.0  # the memory given is left alone
    other = action_values(transition, reward, chance, 0.8)  # another discount is noticed
    assert np.abs(tied.q - other)[:-1].max() > 1e-3


def test_tied_values_of_shared_and_known_memories():
    task = shared_task(2)
    memory = dra.Memory.initial(task, sigma=0.8, sigma_base=3.0)
    tied = exact.tied_values(task, memory, beta=2.0, gamma_q=0.6)
    assert tied.known[0] and (tied.q[0], tied.sigma[0]) == (0.4, 0.7)
    step = exact.expected_step(
        task, tied, beta=2.0, gamma_q=0.6, learning_rate_q=1.0, cost_weight=0.0, sigma_base=3.0
    )
    np.testing.assert_allclose(step.q, tied.q, atol=1e-7)  # learning is at rest
    with pytest.raises(ValueError, match="gamma_q is 2"):
        exact.tied_values(task, memory, beta=2.0, gamma_q=2)


def test_a_memory_is_handed_on_upwards_from_the_next_weight(monkeypatch):
    Climb = namedtuple("Climb", "reward nats")
    costly, cheap, poor = Climb(9, 30), Climb(5, 5), Climb(0, 0)
    problems = [
        SimpleNamespace(price=lambda nats, weight=weight: (weight * nats, weight), unit=1.0)
        for weight in (0.1, 0.2, 0.3)
    ]
    monkeypatch.setattr(prices, "_higher", lambda problem, start, tolerance: start)
    best, bar = [costly, cheap, poor], SimpleNamespace(total=0, update=lambda: None)
    prices._exchange(problems, best, bar)
    assert best == [costly, cheap, cheap]


@pytest.mark.parametrize("module", list(pkgutil.iter_modules(exact.__path__)), ids=lambda m: m.name)
def test_results_cannot_be_changed(module):
    named = vars(importlib.import_module(f"dra.exact.{module.name}"))
    made = [x for x in named.values() if isinstance(x, type) and dataclasses.is_dataclass(x)]
    assert all(x.__dataclass_params__.frozen for x in made)
    if module.name == "prices":
        assert prices.Frontier in made


def test_kept_are_memories_at_less_than_half_the_base_that_are_not_given():
    memory = dra.Memory(
        [[0.0] * 4], [[2.4, 2.6, 2.4, 5.0]], 5.0, known=[[False, False, True, False]]
    )
    none = np.zeros(1)
    found = prices.Frontier(none, (memory,), none, none, none, dra.costs.kl)
    assert found.kept.tolist() == [[[True, False, False, False]]]


def test_the_fair_price_of_what_costs_nothing():
    def problem(slope):
        return SimpleNamespace(nats=lambda sigma, name: slope, free=np.array([True, True]))

    point = SimpleNamespace(sigma=np.array([1.0, 2.0]), gradient=np.array([-3.0, -3.0]))
    assert budget._fair_price(problem(np.array([1.0, 0.5])), point) == pytest.approx(3.0)
    assert budget._fair_price(problem(np.zeros(2)), point) == 0.0  # not 0 / 0


def test_climbs_that_have_met_are_followed_once():
    """Every sigma within a tenth: met. One memory further away, above or below: not."""
    sigmas = [[1.0, 2.0, 3.0], [1.05, 2.0, 2.9], [1.0, 2.0, 3.5], [0.8, 2.0, 3.0]]
    climbs = [SimpleNamespace(sigma=np.array(sigma)) for sigma in sigmas]
    number = {id(climb): i for i, climb in enumerate(climbs)}
    assert [number[id(c)] for c in prices._distinct(climbs)] == [0, 2, 3]
    assert [number[id(c)] for c in prices._distinct(climbs[::-1])] == [3, 2, 1]
