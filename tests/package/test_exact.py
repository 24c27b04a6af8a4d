"""Exact evaluation, objective and gradient against dense algebra, differences and sampling."""

import math

import numpy as np
import pytest
from oracles import (
    action_values,
    central_differences,
    expected_return,
    random_mdp,
    random_memory,
    shared_task,
)

import dra
from dra import exact


@pytest.mark.parametrize("gamma", [0.5, 0.9, 1.0])
def test_evaluate_agrees_with_dense_algebra_and_with_adding_up(gamma):
    task, transition, reward, start = random_mdp(3, n_states=7, n_actions=3)
    policy = np.random.default_rng(0).dirichlet(np.ones(3), size=7)
    result = exact.evaluate(task, policy, gamma)
    np.testing.assert_allclose(result.action_values, _zero_last(
        action_values(transition, reward, policy, gamma)), atol=1e-12)  # fmt: skip
    np.testing.assert_allclose(result.values, (policy * result.action_values).sum(axis=1))
    step = np.einsum("sa,sat->st", policy, transition)
    step[:, -1] = step[-1] = 0.0
    here, visits, length = start.copy(), np.zeros(7), 0.0
    for t in range(400):  # episodes end with probability of at least 0.2 at every step
        visits += gamma**t * here
        length += here.sum()
        here = here @ step
    np.testing.assert_allclose(result.visits, visits, atol=1e-12)
    assert result.episode_length == pytest.approx(length, rel=1e-12)
    assert result.expected_return == pytest.approx(start @ result.values, rel=1e-12)


def _zero_last(x):
    return np.where(np.arange(len(x))[:, None] < len(x) - 1, x, 0.0)


def loop_task():
    """State 0 ends or moves to 1; state 1 stays where it is for ever."""
    transition = np.zeros((3, 2, 3))
    transition[0, 0, 2] = transition[0, 1, 1] = transition[1, :, 1] = transition[2, :, 2] = 1.0
    return dra.tasks.tabular(transition, -np.ones((3, 2)), terminal=[2])


def test_episodes_that_never_end():
    task = loop_task()
    never = np.full((3, 2), 0.5)
    with pytest.raises(ValueError, match="gamma is 1 and the policy never ends"):
        exact.evaluate(task, never, 1.0)
    with pytest.raises(ValueError, match="gamma is 1 and the policy never ends"):
        exact.objective(
            task, dra.Memory.initial(task, sigma=1.0, sigma_base=5.0), beta=1.0, gamma=1.0,
            cost_weight=0.1,
        )  # fmt: skip
    discounted = exact.evaluate(task, never, 0.5)
    assert discounted.episode_length == math.inf
    np.testing.assert_allclose(discounted.values, [-1.5, -2.0, 0.0])
    avoided = exact.evaluate(task, np.array([[1.0, 0.0]] * 3), 1.0)
    assert (avoided.values[0], avoided.episode_length) == (-1.0, 1.0)
    assert np.isnan(avoided.values[1]) and np.isnan(avoided.action_values[0, 1])
    np.testing.assert_array_equal(avoided.visits, [1.0, 0.0, 0.0])


def test_evaluate_checks_its_arguments():
    task = loop_task()
    with pytest.raises(ValueError, match=r"choice_probabilities has shape \(2, 2\)"):
        exact.evaluate(task, np.full((2, 2), 0.5), 0.9)
    with pytest.raises(ValueError, match="choice_probabilities sums to"):
        exact.evaluate(task, np.full((3, 2), 0.7), 0.9)
    with pytest.raises(ValueError, match=r"gamma is 1\.1"):
        exact.evaluate(task, np.full((3, 2), 0.5), 1.1)
    with pytest.raises(ValueError, match="cost_weight is -1"):
        exact.objective_gradient(
            task, random_memory(task, 0), beta=1.0, gamma=0.9, cost_weight=-1
        )  # fmt: skip


def test_a_large_grid_is_evaluated_sparsely():
    task = dra.tasks.gridworld(320, 320, start=(0, 0), goal=(319, 319), walls=())
    policy = np.tile([0.2, 0.3, 0.2, 0.3], (task.n_states, 1))
    result = exact.evaluate(task, policy, 1.0)
    backed_up = task.reward[:, :, 0] + result.values[task.next_state[:, :, 0]]
    error = (policy * backed_up).sum(axis=1) - result.values
    assert np.abs(error[~task.terminal]).max() < 1e-7 * np.abs(result.values).max()
    # Every step but the last costs 1; the last earns 10.
    assert result.expected_return == pytest.approx(11.0 - result.episode_length, rel=1e-9)


def test_objective_agrees_with_quadrature():
    task, transition, reward, start = random_mdp(5)
    memory = random_memory(task, 1)
    sigma = np.minimum(memory.sigma, 1.0)  # where the oracle's rule is good to 1e-7
    memory = dra.Memory(memory.q, sigma, 5.0)
    truth = expected_return(transition, reward, start, memory.q, sigma, 1.2, 0.9)
    found = exact.objective(task, memory, beta=1.2, gamma=0.9, cost_weight=0.3)
    assert found == pytest.approx(truth - memory.cost(0.3), abs=1e-6)


@pytest.mark.parametrize(
    ("task", "gamma", "beta", "cost"),
    [
        (random_mdp(0, n_states=3)[0], 0.5, 1.0, "entropy"),
        (random_mdp(1, n_states=6, n_actions=5)[0], 0.9, 10.0, "kl"),
        (random_mdp(2, n_states=6, n_actions=4)[0], 1.0, math.inf, "kl"),
        (shared_task(3), 1.0, 3.0, "precision"),
    ],
)
def test_gradient_agrees_with_central_differences(task, gamma, beta, cost):
    memory = random_memory(task, 4)
    options = {"beta": beta, "gamma": gamma, "cost_weight": 0.2, "cost": cost}
    gradient = exact.objective_gradient(task, memory, **options)
    free = ~memory.known
    for name in ("sigma", "q"):

        def objective(x, name=name):
            parts = {"q": memory.q, "sigma": memory.sigma, name: x}
            changed = dra.Memory(**parts, sigma_base=5.0, known=memory.known)
            return exact.objective(task, changed, **options)

        truth = central_differences(objective, getattr(memory, name), step=1e-5)
        found, bound = getattr(gradient, name), 1e-6 * np.abs(truth[free]).max()
        assert np.abs(found - truth)[free].max() < bound
        assert (found[~free] == 0).all()
    other = exact.objective_gradient(task, memory, **{**options, "gamma": 0.7 * gamma})
    assert np.abs(other.q - truth)[free].max() > bound  # another discount is noticed


def batches(task, memory, **options):
    """Return the estimates of 400 batches of 200 trajectories."""
    options = {"rng": np.random.default_rng(7), "n_trajectories": 200, **options}
    return np.array([dra.gradient.estimate(task, memory, **options) for _ in range(400)])


def largest_miss(samples, truth):
    """Return the largest miss of the mean of batches, in standard errors.

    With at most 20 entries, 5.5 standard errors are exceeded with probability below 1e-6.
    """
    error = samples.std(axis=0, ddof=1) / np.sqrt(len(samples))
    live = error > 0
    np.testing.assert_array_equal(truth[~live], 0.0)
    return np.max(np.abs(samples.mean(axis=0) - truth)[live] / error[live])


def squared(values, chosen, reward, next_values, terminated):
    """A credit of one's own."""
    return values[chosen] * values[chosen]


SQUARED = dra.credits.Credit("squared", squared, lambda q, action_values, available: q * q)


@pytest.mark.parametrize("task", [random_mdp(4, n_states=5, n_actions=3)[0], shared_task(4)])
@pytest.mark.parametrize("credit", [*dra.credits.BUILT_IN, SQUARED])
def test_expected_gradient_is_the_mean_of_the_estimate(task, credit):
    memory = random_memory(task, 2)
    options = {"beta": 2.0, "gamma": 0.8, "credit": credit}
    truth = exact.expected_gradient(task, memory, **options)
    samples = batches(task, memory, **options)
    assert largest_miss(samples, truth) < 5.5
    wrong = exact.expected_gradient(task, memory, **{**options, "gamma": 0.2})
    assert largest_miss(samples, wrong) > 5.5  # another discount is noticed
    other = "return" if credit in ("q", "advantage") else "q"
    wrong = exact.expected_gradient(task, memory, **{**options, "credit": other})
    assert largest_miss(samples, wrong) > 5.5  # and another credit


@pytest.mark.parametrize(
    ("expected", "message"),
    [
        (None, "credit 'own' has no function `expected`"),
        (lambda q, action_values, available: q[0], "credit 'own': expected gives shape"),
        (lambda q, action_values, available: q * np.nan, "credit 'own': expected gives shape"),
        (lambda q, action_values, available: "much", "credit 'own': expected gives 'much'"),
    ],
)
def test_credits_whose_mean_is_not_known_are_refused(expected, message):
    task = random_mdp(4)[0]
    memory, own = random_memory(task, 2), dra.credits.Credit("own", squared, expected)
    with pytest.raises(ValueError, match=message):
        exact.expected_gradient(task, memory, beta=2.0, credit=own)
    with pytest.raises(ValueError, match=message):
        exact.expected_step(task, memory, credit=own)
    with pytest.raises(ValueError, match=message):
        exact.fixed_point(task, credit=own)


def test_a_price_for_each_memory():
    """A cost may tell memories apart: it sees sigma in the memory's shape, everywhere."""
    for task in (random_mdp(4)[0], shared_task(4)):
        memory = random_memory(task, 2)
        weights = np.linspace(0.5, 2.0, memory.sigma.size).reshape(memory.sigma.shape)
        own = dra.costs.weighted("kl", weights)
        options = {"beta": 2.0, "gamma": 0.9, "cost": own}
        nats = np.log(5.0 / memory.sigma) + memory.sigma**2 / 50.0 - 0.5
        price = np.sum(weights * nats, where=~memory.known)
        free = exact.objective(task, memory, **{**options, "cost_weight": 0.0})
        found = exact.objective(task, memory, **options, cost_weight=0.2)
        assert free - found == pytest.approx(0.2 * price)
        best = exact.optimal_allocation(task, **options, cost_weight=0.05, sigma_base=5.0, starts=1)
        value = exact.objective(task, best.memory, **options, cost_weight=0.05)
        assert value == pytest.approx(best.objective, abs=1e-8) and best.certificate < 1e-5
        slope = exact.objective_gradient(task, best.memory, **options, cost_weight=0.05)
        flat = exact.optimal_allocation(
            task, beta=2.0, gamma=0.9, cost_weight=0.05, sigma_base=5.0, starts=1
        )
        assert slope.sigma.shape == memory.sigma.shape and best.objective != flat.objective
        dynamics = {"beta": 2.0, "gamma": 0.9, "cost_weight": 0.05, "cost": own}
        rest = exact.fixed_point(task, **dynamics)
        after = exact.expected_step(task, rest.memory, **dynamics)
        np.testing.assert_allclose(after.sigma, rest.memory.sigma, atol=1e-5)
        assert exact.best_reward(
            task, 1.0, **options, sigma_base=5.0, starts=1
        ).memory.cost(1.0, own) == pytest.approx(1.0, rel=1e-3)  # fmt: skip


def test_when_the_credits_are_unbiased():
    task, *_ = random_mdp(6, n_states=6, n_actions=3)
    memory = random_memory(task, 3)
    options = {"beta": 2.0, "gamma": 0.8}
    truth = exact.objective_gradient(task, memory, cost_weight=0.0, **options).sigma
    found = {
        credit: exact.expected_gradient(task, memory, credit=credit, **options)
        for credit in ("return", "q", "advantage")
    }
    np.testing.assert_allclose(found["return"], truth, atol=1e-13)
    np.testing.assert_allclose(found["q"], found["advantage"], atol=1e-13)
    assert np.abs(found["q"] - truth).max() > 0.1 * np.abs(truth).max()  # q is not the policy's
    at = exact.fixed_point(
        task, beta=2.0, gamma=0.8, gamma_q=0.8, start=memory, cost_weight=0.05
    ).memory
    truth = exact.objective_gradient(task, at, cost_weight=0.0, **options).sigma
    found = exact.expected_gradient(task, at, credit="advantage", **options)
    np.testing.assert_allclose(found, truth, atol=1e-7)


def test_corners_are_finite():
    task, *_ = random_mdp(8, n_states=4, n_actions=4)
    rng = np.random.default_rng(0)
    for beta in (0.1, 10.0, math.inf):
        for low, high in ((0.01, 0.01), (0.01, 100.0), (100.0, 100.0)):
            sigma = np.where(rng.random((4, 4)) < 0.5, low, high)
            memory = dra.Memory(rng.normal(size=(4, 4)), sigma, 5.0)
            found = exact.objective_gradient(task, memory, beta=beta, gamma=1.0, cost_weight=0.1)
            assert np.isfinite(found.sigma).all() and np.isfinite(found.q).all()
