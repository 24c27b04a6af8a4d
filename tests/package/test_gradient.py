"""The estimator against finite differences of an expectation computed without it."""

import numpy as np
import pytest
from oracles import (
    action_values,
    central_differences,
    choice_probabilities,
    expected_return,
    random_mdp,
)

import dra
from dra import credits, gradient

BETA, GAMMA, N = 1.5, 0.8, 20_000
BOUND = 5.5  # standard errors; with at most 9 entries, false alarm below 4e-7 a case


def z_scores(samples, truth):
    """Return by how many standard errors the mean of samples (n, ...) misses the truth."""
    error = samples.std(axis=0, ddof=1) / np.sqrt(len(samples))
    live = error > 0  # a terminal state's memories are never read
    np.testing.assert_array_equal(samples.mean(axis=0)[~live], 0)
    return np.abs(samples.mean(axis=0) - truth)[live] / error[live]


def problem(seed, deterministic, n_actions=2):
    """Return (task, memory whose q are the policy's true values, exact gradient)."""
    task, transition, reward, start = random_mdp(
        seed, n_states=4, n_actions=n_actions, deterministic=deterministic
    )
    rng = np.random.default_rng(seed + 100)
    sigma = rng.uniform(0.4, 1.5, size=(4, n_actions))
    q = rng.normal(size=(4, n_actions))
    for _ in range(200):  # q = Q of the policy that q itself makes
        p = choice_probabilities(q, sigma, BETA)
        q = 0.5 * q + 0.5 * action_values(transition, reward, p, GAMMA)
    q[3] = 0.0
    exact = central_differences(
        lambda x: expected_return(transition, reward, start, q, x, BETA, GAMMA), sigma
    )
    exact[3] = 0.0
    return task, dra.Memory(q, sigma, sigma_base=5.0), exact


def sampled(task, memory, seed, **options):
    rng = np.random.default_rng(seed)
    options = {"beta": BETA, "gamma": GAMMA, "n_trajectories": 1, **options}
    return np.array([gradient.estimate(task, memory, rng=rng, **options) for _ in range(N)])


@pytest.mark.parametrize("credit", credits.BUILT_IN)
@pytest.mark.parametrize("deterministic", [True, False])
def test_every_credit_is_unbiased(credit, deterministic):
    task, memory, exact = problem(1, deterministic)
    samples = sampled(task, memory, 0, credit=credit)
    assert z_scores(samples, exact).max() < BOUND
    assert z_scores(-samples, exact).max() > BOUND  # the wrong sign is noticed


@pytest.mark.parametrize("credit", credits.BUILT_IN)
def test_the_discount_weighs_the_second_move(credit):
    # 0 -> 1 -> 2, whatever the action; only the second move earns
    transition = np.zeros((3, 2, 3))
    transition[[0, 1, 2], :, [1, 2, 2]] = 1.0
    task = dra.tasks.tabular(transition, [[0, 0], [1, 3], [0, 0]], terminal=[2])
    memory = dra.Memory([[0.5, 1.0], [1.0, 3.0], [0.0, 0.0]], 1.0, 5.0)
    whole = gradient.estimate(task, memory, beta=1.0, gamma=1.0, credit=credit, rng=0)
    half = gradient.estimate(task, memory, beta=1.0, gamma=0.5, credit=credit, rng=0)
    np.testing.assert_allclose(half[1], 0.5 * whole[1])
    first = 0.5 if credit == "return" else 1.0  # the return is discounted as a whole
    np.testing.assert_allclose(half[0], first * whole[0])


@pytest.mark.slow
def test_three_actions_and_return_credit_with_any_q():
    task, memory, _ = problem(4, False, n_actions=3)
    _, transition, reward, start = random_mdp(4, n_states=4, n_actions=3)
    wrong = dra.Memory(memory.q + [[1.0, -1.0, 0.5]], memory.sigma, 5.0)
    exact = central_differences(
        lambda x: expected_return(transition, reward, start, wrong.q, x, BETA, GAMMA), wrong.sigma
    )
    assert z_scores(sampled(task, wrong, 1, credit="return"), exact).max() < BOUND
    assert z_scores(sampled(task, wrong, 1, credit="advantage"), exact).max() > BOUND


def test_shared_memories_collect_the_gradients_of_all_their_uses():
    # two states, each left with one move; the same two memories serve both
    transition = np.zeros((3, 2, 3))
    transition[:, :, 2] = 1.0
    reward = np.array([[1.0, 0.0], [0.0, 3.0], [0.0, 0.0]])
    start = np.array([0.5, 0.5, 0.0])
    options = {"terminal": [2], "start": start, "slot": [[0, 1], [1, 0], [0, 1]]}
    task = dra.tasks.tabular(transition, reward, **options)
    memory = dra.Memory([0.6, -0.2], [0.7, 1.1], 5.0)

    def value(sigma):
        q, s = memory.q[task.slot], sigma[task.slot]
        return 0.5 * (choice_probabilities(q, s, BETA)[:2] * reward[:2]).sum()

    exact = central_differences(value, memory.sigma)
    samples = sampled(task, memory, 2, credit="return", gamma=1.0)
    assert z_scores(samples, exact).max() < BOUND
    assert z_scores(samples, exact[::-1]).max() > BOUND


def test_score_is_the_derivative_of_the_log_choice_probability():
    rng = np.random.default_rng(0)
    q, sigma, noise = rng.normal(size=(3, 5))
    sigma = np.abs(sigma)
    for action in range(5):

        def log_choice(s, action=action):
            return np.log(dra.policy.softmax(q + s * noise, 2.5)[action])

        np.testing.assert_allclose(
            gradient.score(noise, action, q, sigma, 2.5),
            central_differences(log_choice, sigma, 1e-6),
            atol=1e-7,
        )


def test_known_memories_have_no_gradient():
    task = dra.tasks.tabular(
        np.ones((2, 2, 1)) * [0, 1], [[1.0, 0.0]] * 2, terminal=[1], known={0: (1.0, 0.5)}
    )
    memory = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
    g = gradient.estimate(task, memory, beta=1.0, rng=0, n_trajectories=50)
    assert g[0, 0] == 0.0 and g[0, 1] != 0.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"beta": 0.0}, "beta is 0"),
        ({"beta": np.inf}, "beta is inf"),
        ({"gamma": 1.1}, "gamma is 1.1"),
        ({"credit": "reward"}, "credit is 'reward'"),
        ({"n_trajectories": 0}, "n_trajectories is 0"),
    ],
)
def test_bad_arguments_are_refused(options, message):
    task, memory, _ = problem(1, True)
    with pytest.raises(ValueError, match=message):
        gradient.estimate(task, memory, rng=0, **{"beta": 1.0, **options})
    with pytest.raises(ValueError, match="memory has shape"):
        gradient.estimate(dra.tasks.gridworld(), memory, beta=1.0, rng=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([1.0, -1.0], 0, [0.0, 0.0], [1.0, 1.0], np.inf), "beta is inf"),
        (([1.0, -1.0], 2, [0.0, 0.0], [1.0, 1.0], 1.0), "action is 2"),
        (([1.0, -1.0], -1, [0.0, 0.0], [1.0, 1.0], 1.0), "action is -1"),
        (([1.0, -1.0], 0, [0.0, 0.0, 0.0], [1.0, 1.0], 1.0), "q has shape"),
        (([1.0, -1.0], 0, [0.0, 0.0], [1.0, -1.0], 1.0), "sigma"),
        (([[1.0, -1.0]], 0, [[0.0, 0.0]], [[1.0, 1.0]], 1.0), "noise has shape"),
        ((1.0, 0, 0.0, 1.0, 1.0), "noise has shape"),
        (([], 0, [], [], 1.0), "noise has shape"),
    ],
)
def test_bad_scores_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        gradient.score(*arguments)


@pytest.mark.parametrize("beta", [1.0, 4.0, 100.0])
def test_what_may_be_drawn_must_be_a_number(beta):
    """A draw is at most 40 standard deviations away, and beta times that a number."""
    task, most = random_mdp(1)[0], np.finfo(float).max / beta
    options = {"beta": beta, "rng": 0, "credit": "return", "n_trajectories": 1}
    for q, sigma in [(0.0, most / 45), (most / 2, most / 90), (-most / 2, 1.0), (1e10, 1e10)]:
        gradient.estimate(task, dra.Memory(np.full((4, 2), q), sigma, 5.0), **options)
    for q, sigma in [(0.0, most / 35), (most / 2, most / 70), (-most / 2, most / 70)]:
        with pytest.raises(ValueError, match="within floating point"):
            gradient.estimate(task, dra.Memory(np.full((4, 2), q), sigma, 5.0), **options)
