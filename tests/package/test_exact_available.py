"""Exact forms where not every action exists in every state: brute force, and tasks without them."""

import numpy as np
import pytest
from oracles import (
    EXISTS,
    action_values,
    central_differences,
    random_mdp,
    random_memory,
    restricted_choices,
    restricted_mdp,
)

import dra
from dra import exact

LIVE = EXISTS[:-1]


def rubbish(memory, task):
    """Return a memory made by hand, with rubbish for choices that do not exist."""
    q = np.where(task.available, memory.q, 1e6)
    return dra.Memory(q, np.where(task.available, memory.sigma, 1e-3), memory.sigma_base)


def test_evaluate_knows_only_choices_that_exist():
    task, transition, reward, start = restricted_mdp(3)
    policy = np.where(EXISTS, np.random.default_rng(0).random(EXISTS.shape), 0.0)
    policy[:-1] /= policy[:-1].sum(axis=1, keepdims=True)
    found = exact.evaluate(task, policy, 0.9)
    truth = action_values(transition, reward, policy, 0.9)
    np.testing.assert_allclose(found.action_values[EXISTS], truth[EXISTS], atol=1e-12)
    assert (found.action_values[~EXISTS] == 0).all()
    assert found.expected_return == pytest.approx(start @ (policy * truth).sum(axis=1), rel=1e-12)
    with pytest.raises(ValueError, match=r"choice_probabilities\[0, 1\] is 0\.5.*does not exist"):
        exact.evaluate(task, np.array([[0.5, 0.5, 0.0], *policy[1:]]), 0.9)
    whole = random_mdp(3, n_states=5, n_actions=3)[0]
    exact.evaluate(whole, np.array([[0.5, 0.5, 0.0], *policy[1:-1], [1.0, 0, 0]]), 0.9)  # twin


def test_objective_agrees_with_quadrature():
    task, transition, reward, start = restricted_mdp(5)
    memory = random_memory(task, 1)
    memory.sigma[:] = np.minimum(memory.sigma, 1.0)  # where the oracle's rule is good to 1e-7
    p = restricted_choices(memory.q, memory.sigma, 1.2)
    earned = start @ (p * action_values(transition, reward, p, 0.9)).sum(axis=1)
    ratio = memory.sigma[EXISTS] / 5.0
    price = 0.3 * np.sum(0.5 * ratio**2 - np.log(ratio) - 0.5)
    for each in (memory, rubbish(memory, task)):
        found = exact.objective(task, each, beta=1.2, gamma=0.9, cost_weight=0.3)
        assert found == pytest.approx(earned - price, abs=1e-6)
    whole = random_mdp(5, n_states=5, n_actions=3)[0]
    other = exact.objective(whole, memory, beta=1.2, gamma=0.9, cost_weight=0.3)
    assert abs(other - earned + price) > 1e-3  # what exists matters


@pytest.mark.parametrize("gamma", [0.9, 1.0])
def test_gradient_agrees_with_central_differences(gamma):
    task, *_ = restricted_mdp(2)
    memory = rubbish(random_memory(task, 4), task)
    options = {"beta": 3.0, "gamma": gamma, "cost_weight": 0.2}
    gradient = exact.objective_gradient(task, memory, **options)
    for name in ("sigma", "q"):

        def objective(x, name=name):
            parts = {"q": memory.q, "sigma": memory.sigma, name: x}
            return exact.objective(task, dra.Memory(**parts, sigma_base=5.0), **options)

        truth = central_differences(objective, getattr(memory, name), step=1e-5)
        assert np.abs(getattr(gradient, name) - truth)[EXISTS].max() < 1e-6 * np.abs(truth).max()
        assert (getattr(gradient, name)[~EXISTS] == 0).all()


@pytest.mark.parametrize("credit", ["return", "q", "advantage"])
def test_the_mean_of_the_estimate(credit):
    """300 batches of 1000; of 7 entries one misses by 5.5 errors with probability below 1e-6."""
    task, *_ = restricted_mdp(4)
    memory = random_memory(task, 2)
    options = {"beta": 2.0, "gamma": 0.8, "credit": credit}
    truth = exact.expected_gradient(task, memory, **options)
    rng = np.random.default_rng(1)
    samples = np.array(
        [
            dra.gradient.estimate(task, memory, rng=rng, n_trajectories=1000, **options)
            for _ in range(300)
        ]
    )
    error = samples.std(axis=0, ddof=1) / np.sqrt(len(samples))
    live = error > 0
    np.testing.assert_array_equal(truth[~live], 0.0)
    miss = np.abs(samples.mean(axis=0) - truth)[live] / error[live]
    assert live.sum() == 7 and miss.max() < 5.5  # a state with one action has nothing to gain
    whole = random_mdp(4, n_states=5, n_actions=3)[0]
    wrong = exact.expected_gradient(whole, memory, **options)
    assert np.max(np.abs(samples.mean(axis=0) - wrong)[live] / error[live]) > 5.5


@pytest.mark.slow
def test_tied_values_and_fixed_points_hold_the_values_of_their_policy():
    task, transition, reward, _ = restricted_mdp(6)
    memory = random_memory(task, 3)
    tied = exact.tied_values(task, memory, beta=2.0, gamma_q=0.8)
    options = {"beta": 2.0, "gamma_q": 0.8, "gamma": 0.9, "cost_weight": 0.05, "sigma_init": 1.0}
    at_rest = exact.fixed_point(task, **options)
    assert at_rest.converged
    for found in (tied, at_rest.memory):
        p = np.zeros(EXISTS.shape)
        p[:-1] = dra.policy.choice_probabilities(found.q, found.sigma, 2.0, available=EXISTS)[:-1]
        truth = action_values(transition, reward, p, 0.8)
        np.testing.assert_allclose(found.q[EXISTS], truth[EXISTS], atol=1e-7)
        assert found.known[~EXISTS].all() and not found.available[:-1][~LIVE].any()
    after = exact.expected_step(task, at_rest.memory, **options)
    np.testing.assert_allclose(after.q, at_rest.memory.q, atol=1e-7)
    np.testing.assert_allclose(after.sigma, at_rest.memory.sigma, atol=1e-5)
    assert exact.stability(task, at_rest.memory, **options) < 0


def two_or_three(seed, exists):
    """A task with two actions where all rewards are below 0; ``exists``: plus one that is not."""
    _, transition, reward, start = random_mdp(seed, n_states=5, n_actions=2)
    available, n_actions = np.ones((5, 2), bool), 2
    reward = -1.0 - np.abs(reward)
    if exists is not None:
        transition = np.concatenate([transition, transition[:, :1]], axis=1)
        reward = np.concatenate([reward, 9.0 + reward[:, :1]], axis=1)
        available = np.concatenate([available, np.full((5, 1), exists)], axis=1)
        n_actions = 3
    assert reward.shape == (5, n_actions, 5)
    return dra.tasks.tabular(transition, reward, terminal=[4], start=start, available=available)


OPTIONS = {"beta": 2.0, "gamma": 0.9, "sigma_base": 3.0}


@pytest.mark.slow
def test_the_best_is_that_of_the_task_without_the_choices_that_do_not_exist():
    two, absent, present = (two_or_three(7, exists) for exists in (None, False, True))
    best = [exact.optimal_allocation(t, **OPTIONS, cost_weight=0.05) for t in (two, absent)]
    np.testing.assert_allclose(best[1].optima, best[0].optima, atol=1e-9)  # the same ways, too
    np.testing.assert_allclose(best[1].memory.sigma[:, :2], best[0].memory.sigma, rtol=1e-6)
    np.testing.assert_allclose(best[1].memory.q[:-1, :2], best[0].memory.q[:-1], atol=1e-8)
    assert best[1].objective == exact.objective(
        absent, best[1].memory, beta=2.0, gamma=0.9, cost_weight=0.05
    ) == pytest.approx(best[0].objective, abs=1e-9)  # fmt: skip
    third = exact.optimal_allocation(present, **OPTIONS, cost_weight=0.05)
    assert third.objective > best[0].objective + 1  # twin: there it is the best to do

    found = [exact.best_reward(t, 2.0, **OPTIONS, starts=2) for t in (two, absent)]
    assert found[1].reward == pytest.approx(found[0].reward, abs=1e-6)
    assert found[1].multiplier == pytest.approx(found[0].multiplier, rel=1e-3)

    found = [exact.frontier(t, [0.02, 0.2], **OPTIONS, starts=2) for t in (two, absent)]
    np.testing.assert_allclose(found[1].objective, found[0].objective, atol=1e-9)
    np.testing.assert_array_equal(found[1].kept[:, :, :2], found[0].kept)
    assert not found[1].kept[:, :, 2].any() and found[0].kept.any()


def test_shared_memories_of_choices_that_do_not_exist():
    """A slot may serve choices that exist and others that do not."""
    slot = np.array([[0, 1, 2], [3, 0, 4], [1, 2, 3], [2, 3, 4], [4, 4, 4]])
    task, transition, reward, _ = restricted_mdp(8, slot=slot)
    slot, memory = task.slot, random_memory(task, 1)
    memory.sigma[:] = np.minimum(memory.sigma, 1.0)  # where the oracle's rule is good to 1e-7
    assert task.shared and not memory.known.any()
    tied = exact.tied_values(task, memory, beta=2.0, gamma_q=0.7)
    p = restricted_choices(tied.q[slot], tied.sigma[slot], 2.0)
    v = (p * tied.q[slot])[:-1].sum(axis=1)
    targets = (transition * reward).sum(axis=2) + 0.7 * transition[:, :, :-1] @ v
    often = exact.evaluate(task, p, 1.0).visits[:, None] * p
    lacking = np.bincount(slot.ravel(), (often * (targets - tied.q[slot])).ravel())
    np.testing.assert_allclose(lacking, 0.0, atol=1e-6)
    best = exact.optimal_allocation(task, **OPTIONS, cost_weight=0.02, starts=2)
    value = exact.objective(task, best.memory, beta=2.0, gamma=0.9, cost_weight=0.02)
    assert best.certificate < 1e-5 and value == pytest.approx(best.objective, abs=1e-8)
