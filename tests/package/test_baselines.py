"""Maximum entropy against Bellman's equation and sampling; compression against brute force."""

import math

import numpy as np
import pytest
from oracles import EXISTS, random_mdp, restricted_mdp
from scipy.optimize import minimize

import dra
from dra import baselines, exact


def six_states(step_limit=10):
    """Ziebart's task: six states, reward on reaching the last, two forks."""
    to = np.array([[1, 2], [3, 3], [3, 4], [5, 5], [5, 5], [5, 5]])[:, :, None]
    exists = np.array([[1, 1], [1, 0], [1, 1], [1, 0], [1, 0], [1, 1]], bool)
    return dra.tasks.assemble(
        "six states", to, 1.0, np.where(to == 5, 1.0, 0.0), terminal=[5], start=0,
        available=exists, step_limit=step_limit,
    )  # fmt: skip


def value_iteration(transition, reward, exists, alpha, gamma, rounds=400):
    """Soft values by repeating Bellman's equation; the last state is terminal."""
    v = np.zeros(len(transition))
    for _ in range(rounds):
        q = np.einsum("sat,sat->sa", transition, reward + gamma * v)
        q = np.where(exists, q, -np.inf)
        best = q.max(axis=1, keepdims=True)
        with np.errstate(invalid="ignore"):
            v = best[:, 0] + alpha * np.log(np.exp((q - best) / alpha).sum(axis=1))
        v[-1] = 0.0
    return v


@pytest.mark.parametrize("alpha", [0.01, 0.1, 0.5, 1.0, 10.0])
def test_ziebart_is_the_same_at_every_alpha(alpha):
    found = baselines.max_entropy(six_states(), alpha=alpha, gamma=0.98)
    p = 1 / (1 + 2**-0.98)  # q(0, 2) - q(0, 1) = gamma alpha ln 2
    assert found.choice_probabilities[0, 1] == pytest.approx(p, abs=1e-12)
    assert found.choice_entropy[0] == pytest.approx(0.6386, abs=1e-4)
    assert found.choice_entropy[2] == pytest.approx(math.log(2), abs=1e-12)
    assert not found.choice_entropy[[1, 3, 4, 5]].any()
    mean = np.where(found.choice_probabilities > 0, 0.5, 0.0)  # twin: an expectation, no sum
    assert abs(mean[0, 1] - p) > 0.1


@pytest.mark.parametrize("gamma", [0.0, 0.7, 1.0])
@pytest.mark.parametrize("seed", range(4))
def test_max_entropy_solves_bellmans_equation(seed, gamma):
    if seed < 2:
        task, transition, reward, _ = random_mdp(seed, n_states=5, n_actions=3)
        exists = np.ones((5, 3), bool)
    else:
        task, transition, reward, _ = restricted_mdp(seed)
        exists = EXISTS.copy()
        exists[-1] = True
    for alpha in (0.05, 0.2):
        found = baselines.max_entropy(task, alpha=alpha, gamma=gamma)
        value = value_iteration(transition, np.clip(reward, -50, 50), exists, alpha, gamma)
        np.testing.assert_allclose(found.value, value, atol=1e-9)
        other = value_iteration(transition, np.clip(reward, -50, 50), exists, 2 * alpha, gamma)
        assert np.abs(found.value - other).max() > 1e-3  # twin: another alpha
        rows = found.choice_probabilities[:-1]
        np.testing.assert_allclose(rows.sum(axis=1), 1.0)
        assert not rows[~exists[:-1]].any()


def test_no_other_policy_earns_more_reward_and_entropy():
    task, *_ = random_mdp(5)
    alpha, gamma = 0.3, 0.9
    best = baselines.max_entropy(task, alpha=alpha, gamma=gamma)

    def worth(policy):
        from scipy.special import entr

        at = exact.evaluate(task, policy, gamma)
        return at.expected_return + alpha * at.visits @ entr(policy).sum(axis=1)

    policy = best.choice_probabilities.copy()
    policy[-1] = 0.5
    top, rng = worth(policy), np.random.default_rng(0)
    assert top == pytest.approx(best.value[task.start_state] @ task.start_probability, abs=1e-12)
    for size in (0.001, 0.1, 1.0):
        for _ in range(50):
            other = (1 - size) * policy + size * rng.dirichlet(np.ones(2), size=len(policy))
            assert worth(other) < top


def test_values_without_a_limit_are_refused():
    maze = dra.tasks.gridworld(3, 3, start=(0, 0), goal=(2, 2), walls=(), step_reward=-1.0)
    assert np.isfinite(baselines.max_entropy(maze, alpha=0.5, gamma=1.0).value).all()
    with pytest.raises(ValueError, match=r"the soft values have no limit.*alpha = 2"):
        baselines.max_entropy(maze, alpha=2.0, gamma=1.0)
    assert np.isfinite(baselines.max_entropy(maze, alpha=2.0, gamma=0.9).value).all()
    transition = np.zeros((3, 2, 3))
    transition[0, 0, 2] = transition[0, 1, 1] = transition[1, :, 1] = transition[2, :, 2] = 1.0
    for start, message in (0, "gamma is 1 and the policy never ends"), (2, None):
        begin = 0 if start == 0 else np.array([0.0, 1.0, 0.0])
        trap = dra.tasks.tabular(transition, -np.ones((3, 2)), terminal=[2], start=begin)
        with pytest.raises(ValueError, match=message):
            baselines.max_entropy(trap, alpha=0.1, gamma=1.0)


def test_states_off_the_way_without_a_limit_are_nan():
    transition = np.zeros((3, 1, 3))
    transition[0, 0, 2] = transition[1, 0, 1] = transition[2, 0, 2] = 1.0
    task = dra.tasks.tabular(transition, -np.ones((3, 1)), terminal=[2])
    found = baselines.max_entropy(task, alpha=1.0, gamma=1.0)
    np.testing.assert_array_equal(np.isnan(found.value), [False, True, False])
    assert np.isnan(found.choice_entropy[1])


def test_learning_comes_to_the_exact_values_and_the_same_seed_to_the_same_bits():
    """20 learners; the mean of a value is off by less than 6 standard errors plus 0.02."""
    task, *_ = random_mdp(1, deterministic=True)
    options = {"alpha": 1.0, "gamma": 0.8, "learning_rate": 0.02}
    learned = [baselines.learn_max_entropy(task, 2000, rng=k, **options) for k in range(20)]
    found = baselines.max_entropy(task, alpha=1.0, gamma=0.8)
    values = np.array([each.value for each in learned])
    error = 6 * values.std(axis=0) / math.sqrt(len(values)) + 0.02
    assert (np.abs(values.mean(axis=0) - found.value) < error).all()
    twin = baselines.max_entropy(task, alpha=0.7, gamma=0.8)
    assert (np.abs(values.mean(axis=0) - twin.value) > error)[:-1].all()
    again = baselines.learn_max_entropy(task, 2000, rng=0, **options)
    np.testing.assert_array_equal(again.q, learned[0].q)


def test_a_learner_at_low_temperature_waits():
    """At 0.1 it is on its first ways after 1000 episodes, at 10 it has the exact entropies."""
    task = six_states()
    for alpha, close in (10.0, True), (0.1, False):
        runs = [
            baselines.learn_max_entropy(task, 1000, alpha=alpha, gamma=0.98, rng=k)
            for k in range(10)
        ]
        entropy = np.mean([run.choice_entropy[0] for run in runs])
        assert (abs(entropy - 0.6386) < 0.01) == close


def test_a_simulated_task_can_be_learned():
    car = dra.tasks.mountain_car(step_limit=20)
    learned = baselines.learn_max_entropy(car, 2, alpha=1.0, gamma=0.5, rng=0)
    assert 3 <= np.count_nonzero(learned.q) <= 40 and np.isfinite(learned.value).all()


DIAGONAL = np.full((3, 3), 0.2) + 0.6 * np.eye(3)
COMMON = np.array([[1.0, 0, 0], [1, 1, 0], [1, 0, 1]])
THIRD = np.full(3, 1 / 3)


@pytest.mark.parametrize("beta", [0.01, 0.5, 2.0, 5.0, 50.0])
def test_the_frontier_of_the_diagonal_matrix_has_a_closed_form(beta):
    found = baselines.policy_compression(DIAGONAL, THIRD, beta=beta)
    right = 1 / (1 + 2 * math.exp(-0.6 * beta))
    each = np.array([right, (1 - right) / 2, (1 - right) / 2])
    assert found.reward == pytest.approx(0.2 + 0.6 * right, abs=1e-9)
    bits = math.log2(3) + np.sum(each[each > 0] * np.log2(each[each > 0]))
    assert found.bits == pytest.approx(bits, abs=1e-9)


def test_the_ends_of_the_published_frontiers():
    low, high = (baselines.policy_compression(DIAGONAL, THIRD, beta=b) for b in (1e-3, 200.0))
    assert (low.reward, low.bits) == pytest.approx((0.4, 0.0), abs=1e-3)
    assert (high.reward, high.bits) == pytest.approx((0.8, math.log2(3)), abs=1e-9)
    for beta in (0.01, 1.0, 100.0):
        found = baselines.policy_compression(COMMON, THIRD, beta=beta)
        assert (found.reward, found.bits) == pytest.approx((1.0, 0.0), abs=1e-6)


def lagrangian(logits, q, chance, beta):
    """Minus (E Q - I / beta) of a policy given by its logits, and its slope."""
    logits = logits.reshape(q.shape)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p = np.maximum(p / p.sum(axis=1, keepdims=True), 1e-300)
    surprise = np.log(p / (chance @ p))
    loss = surprise / beta - q
    own = (p * loss).sum(axis=1, keepdims=True)
    return chance @ own[:, 0], (chance[:, None] * p * (loss - own)).ravel()


@pytest.mark.parametrize("seed", range(8))
def test_compression_is_the_best_by_brute_force(seed):
    rng = np.random.default_rng(seed)
    q, chance = rng.normal(size=(3, rng.integers(2, 5))), rng.dirichlet(np.ones(3))
    for beta in (0.7, 3.0):
        found = baselines.policy_compression(q, chance, beta=beta)
        mine = found.reward - found.bits * math.log(2) / beta
        options = {"maxiter": 5000, "maxfun": 10**5, "ftol": 1e-15, "gtol": 1e-10}
        starts, given = rng.normal(size=(4, q.size)), (q, chance, beta)
        best = -min(
            minimize(lagrangian, x, given, "L-BFGS-B", jac=True, options=options).fun
            for x in starts
        )
        assert best - 1e-8 < mine < best + 1e-4
        uniform = np.full(q.shape[1], 1 / q.shape[1])  # twin: no learning of the marginal
        soft = uniform * np.exp(beta * q)
        soft /= soft.sum(axis=1, keepdims=True)
        nats = np.sum(chance[:, None] * soft * np.log(soft / (chance @ soft)))
        assert chance @ (soft * q).sum(axis=1) - nats / beta < mine - 1e-5


def test_a_state_that_never_occurs_changes_nothing():
    with_it = baselines.policy_compression(np.vstack([COMMON, [0, 9, 0]]), [*THIRD, 0.0], beta=3.0)
    assert (with_it.reward, with_it.bits) == pytest.approx((1.0, 0.0), abs=1e-9)
    with pytest.raises(ValueError, match=r"probability has shape \(2,\)"):
        baselines.policy_compression(COMMON, [0.5, 0.5], beta=1.0)
    with pytest.raises(ValueError, match="beta is 1e"):
        baselines.policy_compression(1e200 * COMMON, THIRD, beta=1e200)
