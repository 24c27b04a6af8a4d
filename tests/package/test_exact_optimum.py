"""The best allocation and the best reward against brute force and against each other."""

import numpy as np
import pytest
from oracles import action_values, corridor, random_mdp, shared_task

import dra
from dra import exact
from dra.exact import ascent

OPTIONS = {"beta": 2.0, "gamma": 0.9, "sigma_base": 3.0}


def bandit(gap=1.0):
    """One choice between two rewards."""
    transition = np.zeros((2, 2, 2))
    transition[:, :, 1] = 1.0
    return dra.tasks.tabular(transition, [[gap, 0.0], [0.0, 0.0]], terminal=[1])


@pytest.mark.parametrize("task", [random_mdp(1, n_states=5, n_actions=3)[0], shared_task(2)])
@pytest.mark.parametrize("gamma_q", [None, 0.6])
def test_the_gradient_contains_how_q_follows(task, gamma_q):
    problem = ascent.problem_of(
        task, 2.0, 0.9, gamma_q, 3.0, "kl", (0.01, 100.0), lambda nats: (0.1 * nats, 0.1)
    )
    sigma, x = ascent.starts_of(problem, [np.full(task.memory_shape, 0.8)], 0)[0]
    sigma = np.where(problem.ties.known, sigma, sigma * np.linspace(0.5, 2.0, sigma.size))
    here = ascent.at(problem, sigma, x)
    numbers = np.flatnonzero(~problem.ties.known)
    truth = np.empty(numbers.size)
    for i, m in enumerate(numbers):
        change = np.where(np.arange(sigma.size) == m, 1e-4, 0.0)
        up, down = (ascent.at(problem, sigma * np.exp(c), here) for c in (change, -change))
        truth[i] = (up.objective - down.objective) / 2e-4
    np.testing.assert_allclose(here.gradient, truth, atol=1e-6 * np.abs(truth).max())
    memory = ascent.memory_at(problem, here)
    at_fixed_q = exact.objective_gradient(task, memory, beta=2.0, gamma=0.9, cost_weight=0.1)
    at_fixed_q = (memory.sigma * at_fixed_q.sigma)[~memory.known]
    assert np.abs(at_fixed_q - truth).max() > 1e-3 * np.abs(truth).max()  # it matters


def test_the_best_allocation_of_one_choice():
    task = bandit()
    best = exact.optimal_allocation(task, **OPTIONS, cost_weight=0.1)
    grid = np.geomspace(0.02, 6.0, 60)
    sigma = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    right = dra.policy.choice_probabilities(np.tile([1.0, 0.0], (len(sigma), 1)), sigma, 2.0)[:, 0]
    objective = right - 0.1 * dra.costs.kl_value(sigma, 3.0).sum(axis=1)
    assert objective.max() < best.objective < objective.max() + 1e-3
    assert best.reward - best.cost == pytest.approx(best.objective)
    assert best.certificate < 1e-5


@pytest.mark.parametrize("task", [random_mdp(5, n_states=6, n_actions=3)[0], shared_task(6)])
def test_the_optimum_is_what_it_says(task):
    limits = {"cost": "entropy", "sigma_bounds": (0.01, 3.0)}  # forgetting more would earn nats
    best = exact.optimal_allocation(task, **OPTIONS, cost_weight=0.05, **limits)
    options = {"beta": 2.0, "gamma": 0.9, "cost": "entropy"}
    objective = exact.objective(task, best.memory, **options, cost_weight=0.05)
    assert objective == pytest.approx(best.objective, abs=1e-8)
    assert best.certificate < 1e-5
    assert best.spread >= 0 and best.objective == best.optima.max()
    sigma = best.memory.sigma[~best.memory.known]
    assert sigma.min() >= 0.01 and sigma.max() <= 3.0
    assert not best.memory.known.any() or best.memory.sigma[0] == 0.7


def test_q_is_tied_to_the_policy():
    task, transition, reward, _ = random_mdp(5, n_states=6, n_actions=3)
    for gamma_q, learned in ((None, 0.9), (0.5, 0.5)):
        best = exact.optimal_allocation(task, **OPTIONS, gamma_q=gamma_q, cost_weight=0.05)
        policy = best.memory.choice_probabilities(2.0)
        truth = action_values(transition, reward, policy, learned)
        np.testing.assert_allclose(best.memory.q[:-1], truth[:-1], atol=1e-7)


def test_no_start_and_no_fixed_point_is_better():
    task, *_ = random_mdp(7, n_states=5)
    best = exact.optimal_allocation(task, **OPTIONS, cost_weight=0.05)
    rng = np.random.default_rng(0)
    random = [np.exp(rng.normal(size=task.memory_shape)) for _ in range(3)]
    other = exact.optimal_allocation(task, **OPTIONS, cost_weight=0.05, starts=random)
    assert other.optima.shape == (3,) and other.objective <= best.objective + 1e-6
    learned = exact.fixed_point(
        task, beta=2.0, gamma_q=0.9, gamma=1.0, cost_weight=0.05, sigma_base=3.0
    ).memory
    objective = exact.objective(task, learned, beta=2.0, gamma=0.9, cost_weight=0.05)
    assert objective < best.objective - 1e-4  # the missing discount in the gradient costs a little


def test_the_dual_and_the_primal_agree():
    task, *_ = random_mdp(5, n_states=5)
    best = exact.optimal_allocation(task, **OPTIONS, cost_weight=0.05)
    dual = exact.best_reward(task, best.cost / 0.05, **OPTIONS, starts=2)
    assert dual.reward == pytest.approx(best.reward, abs=1e-4)
    assert dual.multiplier == pytest.approx(0.05, rel=1e-2)
    assert dual.nats == pytest.approx(best.cost / 0.05, rel=2e-4)
    assert dual.concave
    poorer = exact.best_reward(task, 0.5 * best.cost / 0.05, **OPTIONS, starts=2)
    assert poorer.reward < dual.reward and poorer.multiplier > dual.multiplier


def test_a_frontier_that_is_not_concave():
    options = {"beta": 20.0, "gamma": 1.0, "sigma_base": 1.0, "starts": 1}
    found = [exact.best_reward(corridor(6), nats, **options) for nats in (1.0, 4.0, 12.0)]
    assert [f.concave for f in found] == [False, False, True]
    assert found[0].multiplier < found[1].multiplier > found[2].multiplier
    # The multiplier is the slope of the frontier all the same.
    more = exact.best_reward(corridor(6), 4.1, **options)
    slope = (more.reward - found[1].reward) / (more.nats - found[1].nats)
    assert slope == pytest.approx((found[1].multiplier + more.multiplier) / 2, rel=0.01)


@pytest.mark.parametrize(
    ("failing", "concave"), [((), False), ((1,), False), ((2,), False), ((1, 2), True)]
)
def test_a_nudged_climb_that_fails_says_nothing(failing, concave, monkeypatch):
    climb, nudged = ascent.climb, []

    def sometimes(problem, sigma, x, tolerance):
        if tolerance not in (ascent.ROUGH, ascent.FINE):  # from either side of the best
            nudged.append(sigma)
            if len(nudged) in failing:
                return None
        return climb(problem, sigma, x, tolerance)

    monkeypatch.setattr(ascent, "climb", sometimes)
    found = exact.best_reward(
        corridor(6), 1.0, beta=20.0, gamma=1.0, sigma_base=1.0, starts=1, progress=False
    )
    assert found.concave == concave
    assert len(nudged) == (2 if 1 in failing else 1)  # one that leads elsewhere is enough


def test_a_budget_that_is_not_used_up():
    found = exact.best_reward(bandit(), 100.0, **OPTIONS)
    assert found.multiplier == 0.0 and found.concave and found.nats < 100.0
    assert found.reward == pytest.approx(1 / (1 + np.exp(-2.0)), abs=1e-3)  # softmax without noise


def test_optimum_checks_its_arguments():
    with pytest.raises(ValueError, match="sigma_bounds is"):
        exact.optimal_allocation(bandit(), **OPTIONS, cost_weight=0.1, sigma_bounds=(2.0, 1.0))
    with pytest.raises(ValueError, match="starts is 0"):
        exact.optimal_allocation(bandit(), **OPTIONS, cost_weight=0.1, starts=0)
    with pytest.raises(ValueError, match="gamma_q is 2"):
        exact.optimal_allocation(bandit(), **OPTIONS, cost_weight=0.1, gamma_q=2)
    with pytest.raises(ValueError, match="budget_nats is 0"):
        exact.best_reward(bandit(), 0, **OPTIONS)


def test_the_maze():
    task = dra.tasks.gridworld()
    options = {"beta": 10.0, "cost_weight": 0.1, "sigma_base": 5.0}
    best = exact.optimal_allocation(task, gamma=1.0, gamma_q=0.9, **options, starts=3)
    assert best.objective == pytest.approx(-13.09, abs=0.06)  # which way depends on rng
    assert best.certificate < 1e-5
    # One way is kept: fewer than 20 cells cost more than a tenth of a nat each.
    nats = dra.costs.kl_value(best.memory.sigma, 5.0).sum(axis=1)
    assert 12 <= (nats > 0.1).sum() <= 20
