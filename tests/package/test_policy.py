"""Choice probabilities against brute-force integrals that share no representation with them.

The oracles are (1) the logistic-normal integral for two actions, (2) the average of the softmax
over a tensor grid of zeta for three and four, (3) dense panels over the winner's value with the
noise of every action integrated on a grid of Gumbel values, and (4) sampled choices. The first
three live in choice_oracles.py.
"""

import math
import warnings

import numpy as np
import pytest
from choice_oracles import chance_of_worse, dense_panels, tensor_average
from scipy.special import ndtr
from scipy.stats import chi2

from dra import policy

INF = math.inf


@pytest.fixture(autouse=True)
def strict_arithmetic():
    """Turn every warning and floating-point error, underflow included, into a failure."""
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("beta", [0.1, 1.0, 3.7, 10.0, 100.0])
@pytest.mark.parametrize("gap", [0.0, 0.3, 7.0, 60.0, 300.0])
def test_two_actions_have_the_logistic_normal_integral(gap, beta):
    pairs = [(0.01, 0.01), (0.3, 0.0), (0.2, 0.9), (0.01, 5.0), (5.0, 4.0), (100.0, 0.01), (60, 90)]
    sigma = np.array(pairs)
    truth = np.array([chance_of_worse(gap, pair, beta) for pair in pairs])
    p = policy.choice_probabilities(np.tile([0.0, gap], (len(pairs), 1)), sigma, beta)
    seen = truth > 1e-250
    np.testing.assert_allclose(p[seen, 0], truth[seen], rtol=2e-10)
    assert np.all(p[~seen, 0] < 1e-249)
    assert np.all(np.abs(p[seen, 0] / (truth[seen] * (1 + 1e-9)) - 1) > 2e-10)  # the check is sharp


@pytest.mark.parametrize("gap", [0.0, 0.5, 10.0, 40.0])
def test_two_thompson_actions_have_the_normal_cdf(gap):
    for sigma in [(1.0, 1.0), (0.01, 2.0), (3.0, 0.0)]:
        q = np.array([0.0, gap])
        truth = ndtr(-gap / math.hypot(*sigma))
        p = policy.choice_probabilities(q, sigma, INF)
        if truth > 1e-250:
            np.testing.assert_allclose(p, [truth, 1 - truth], rtol=1e-12)
        else:
            assert 0 <= p[0] < 1e-249


TENSOR_ROWS = [
    ([0.0, 0.4, -1.0], [0.7, 0.2, 1.1], 1.3, 90),
    ([0.0, 8.0, 2.0], [0.5, 0.0, 0.9], 2.0, 90),
    ([3.0, 0.0, 1.0, 2.5], [0.3, 1.2, 0.6, 0.8], 1.5, 40),
]


@pytest.mark.parametrize(("q", "sigma", "beta", "n_nodes"), TENSOR_ROWS)
def test_probabilities_and_derivatives_match_the_average_over_zeta(q, sigma, beta, n_nodes):
    truth = tensor_average(np.array(q), np.array(sigma), beta, n_nodes)
    found = policy.choice_probability_derivatives(q, sigma, beta)
    np.testing.assert_allclose(found[0], truth[0], rtol=1e-9)
    for i in (1, 2):
        np.testing.assert_allclose(
            found[i], truth[i], rtol=0, atol=2e-12 + 1e-9 * np.abs(truth[i]).max()
        )
    assert np.abs(found[2] - truth[2].T).max() > 1e-8  # rows and columns are told apart


DENSE_ROWS = [
    ([0.0, 1.0, -2.0], [0.01, 2.0, 0.3], 10.0),
    ([0.0, 30.0, 5.0, -40.0], [100.0, 0.05, 3.0, 20.0], 1.0),
    ([0.0, 30.0, 5.0, -40.0], [100.0, 0.0, 3.0, 20.0], 0.1),
    ([0.0, 3.0, 5.0, -4.0, 2.0], [1.0, 0.5, 0.7, 5.0, 0.02], 30.0),
    ([0.0, 3.0, 5.0, -4.0, 2.0], [1.0, 0.5, 0.7, 5.0, 0.02], INF),
    ([0.0, 3.0, 5.0, -4.0, 2.0, 4.9], [0.05, 0.05, 0.2, 0.1, 0.4, 0.0], 10.0),
    ([0.0, 200.0, 350.0, 349.0, 10.0, 20.0], [90.0, 60.0, 40.0, 0.5, 100.0, 0.01], 4.0),
    ([0.0, 200.0, 350.0, 349.0, 10.0, 20.0], [90.0, 60.0, 40.0, 0.5, 100.0, 0.01], INF),
    (list(np.sin(np.arange(20.0))), list(1.0 + np.cos(np.arange(20.0)) ** 2), 3.0),
]


@pytest.mark.parametrize(("q", "sigma", "beta"), DENSE_ROWS)
def test_many_actions_match_dense_panels(q, sigma, beta):
    q, sigma = np.array(q), np.array(sigma)
    truth = dense_panels(q, sigma, beta)
    assert abs(truth.sum() - 1) < 1e-10  # the oracle is good enough to judge
    likely = truth > 1e-30
    p = policy.choice_probabilities(q, sigma, beta)
    np.testing.assert_allclose(p[likely], truth[likely], rtol=1e-9)
    wrong = dense_panels(q, sigma * (1 + 1e-5), beta)[likely]
    assert np.abs(p[likely] / wrong - 1).max() > 1e-9


def test_sampled_choices_have_the_exact_frequencies():
    """Chi-square test, 20 000 choices a case, false alarm 1e-9 a case; the twin must fail."""
    q, sigma, n = [0.0, 0.5, 0.2, -1.0], [0.1, 0.8, 2.0, 0.0], 20_000
    for beta, seed in [(2.0, 1), (10.0, 2), (INF, 3)]:
        rng = np.random.default_rng(seed)
        counts = np.bincount(
            [policy.sample_action(q, sigma, beta, rng) for _ in range(n)], minlength=4
        )

        def misfit(p, counts=counts):
            p = np.maximum(p, 1e-12)
            return np.sum((counts - n * p) ** 2 / (n * p))

        limit = chi2.isf(1e-9, df=3)
        assert misfit(policy.choice_probabilities(q, sigma, beta)) < limit
        assert misfit(policy.choice_probabilities(q, np.multiply(sigma, 0.5), beta)) > limit


@pytest.mark.parametrize("beta", [0.3, 4.0, 50.0, INF])
def test_derivatives_match_differences_of_the_probabilities(beta):
    rng = np.random.default_rng(0)
    q, sigma = rng.normal(size=(6, 5)), np.exp(rng.uniform(-2.5, 1, size=(6, 5)))
    _, *derivatives = policy.choice_probability_derivatives(q, sigma, beta)
    for i, derivative in enumerate(derivatives):
        for b in range(5):
            step = np.zeros(5)
            step[b] = h = 2e-4
            p = {}
            for k in (-2, -1, 1, 2):
                moved = (q + k * step, sigma) if i == 0 else (q, sigma + k * step)
                p[k] = policy.choice_probabilities(*moved, beta)
            difference = (8 * (p[1] - p[-1]) - (p[2] - p[-2])) / (12 * h)
            np.testing.assert_allclose(derivative[:, :, b], difference, rtol=0, atol=2e-7)
    assert np.abs(derivatives[0] - derivatives[1]).max() > 1e-2


def test_derivatives_obey_what_theory_says():
    """Shifts change nothing; nor does a change of unit, once beta is counted as a variable."""
    rng = np.random.default_rng(4)
    q, sigma = rng.normal(size=(20, 4)) * 5, np.exp(rng.uniform(-4, 3, size=(20, 4)))
    for beta in (0.5, 6.0, INF):
        _, dq, ds = policy.choice_probability_derivatives(q, sigma, beta)
        for d in (dq, ds):
            np.testing.assert_allclose(d.sum(axis=1), 0, atol=1e-13 * np.abs(d).max())
        np.testing.assert_allclose(dq.sum(axis=2), 0, atol=1e-13 * np.abs(dq).max())
        unit = np.einsum("sab,sb->sa", dq, q) + np.einsum("sab,sb->sa", ds, sigma)
        h = 1e-4
        in_beta = 0.0
        if beta < INF:
            up, down = (policy.choice_probabilities(q, sigma, beta * (1 + k)) for k in (h, -h))
            in_beta = (up - down) / (2 * h)
            assert np.abs(in_beta).max() > 1e-3
        np.testing.assert_allclose(unit, in_beta, rtol=0, atol=1e-7)


def test_exact_memories():
    q = np.array([1.0, 0.0, 1.0, -600.0])
    for beta in (0.1, 1.0, 10.0):
        p = policy.choice_probabilities(q, np.zeros(4), beta)
        truth = np.exp(beta * (q - 1)) if beta < 1 else np.exp(np.maximum(beta * (q - 1), -700))
        seen = truth > 1e-250
        np.testing.assert_allclose(p[seen], (truth / truth.sum())[seen], rtol=1e-10)
    np.testing.assert_array_equal(
        policy.choice_probabilities(q, np.zeros(4), INF), [0.5, 0, 0.5, 0]
    )
    p = policy.choice_probabilities([0.0, 0.0, -1.0, 0.5, -50.0], [0, 0, 0, 2.0, 1.0], INF)
    np.testing.assert_allclose(p, [ndtr(-0.25) / 2] * 2 + [0, ndtr(0.25), 0], rtol=1e-12)


@pytest.mark.parametrize("beta", [1e-300, 0.1, 10.0, 1e6, 1e15, 1e300, INF])
def test_corners_stay_finite(beta):
    rows = [
        ([0, 1e-13, -1], [0, 0, 1]),
        ([0, 500, -500], [0.01, 0.01, 0.01]),
        ([0, 500, -500], [0, 100, 0.01]),
        ([1e6, 1e6 + 1e-3, 0], [1e-3, 0, 1]),
        ([1e100, 0, -1e100], [1e98, 1e99, 0]),
        ([1e-200, 0, 0], [0, 1e-200, 1e-201]),
        ([0, 0, -1e9], [1, 1, 1e9]),
    ]
    q, sigma = (np.array(v, dtype=float) for v in zip(*rows, strict=True))
    p = policy.choice_probabilities(q, sigma, beta)
    assert np.all(p >= 0)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=1e-14)
    if beta < INF:
        for d in policy.choice_probability_derivatives(q, sigma, beta):
            assert np.all(np.isfinite(d))
    if beta > 1:
        np.testing.assert_allclose(p[6, 2], ndtr(-1) if beta == INF else 0.158655, rtol=1e-4)
        np.testing.assert_array_equal(p[1], [0, 1, 0])


def test_rows_do_not_depend_on_their_company():
    rng = np.random.default_rng(2)
    q, sigma = rng.normal(size=(2, 300, 3)), np.exp(rng.uniform(-4, 4, size=(2, 300, 3)))
    whole = policy.choice_probability_derivatives(q, sigma, 5.0)
    assert [v.shape for v in whole] == [(2, 300, 3), (2, 300, 3, 3), (2, 300, 3, 3)]
    for at in [(0, 0), (1, 211), (1, 299)]:
        alone = policy.choice_probability_derivatives(q[at], sigma[at], 5.0)
        turned = policy.choice_probability_derivatives(q[at][::-1] + 7, sigma[at][::-1], 5.0)
        for v, w, t in zip(whole, alone, turned, strict=True):
            np.testing.assert_allclose(v[at], w, rtol=1e-9, atol=1e-11)
            np.testing.assert_allclose(np.flip(t), w, rtol=1e-9, atol=1e-11)
    assert policy.choice_probabilities(np.zeros((0, 4)), np.zeros((0, 4)), 1.0).shape == (0, 4)
    np.testing.assert_allclose(policy.choice_probabilities(np.ones(20), np.ones(20), 3.0), 1 / 20)
    np.testing.assert_array_equal(policy.choice_probabilities([3.0], [2.0], 3.0), [1.0])


def test_sample_action_reads_the_stream_as_documented():
    q, sigma = np.array([0.3, -0.2, 0.4]), np.array([0.5, 0.0, 1.0])
    for beta in (2.0, INF):
        rng, copy = np.random.default_rng(8), np.random.default_rng(8)
        for _ in range(200):
            z = [copy.standard_normal() for _ in q]
            u = copy.random()
            x = q + sigma * z
            action = np.argmax(x) if beta == INF else None
            if action is None:
                action = np.searchsorted(np.cumsum(policy.softmax(x, beta)), u, side="right")
            assert policy.sample_action(q, sigma, beta, rng) == action
        assert rng.bit_generator.state == copy.bit_generator.state
    ties = [policy.sample_action([1.0, 0.0, 1.0], np.zeros(3), INF, seed) for seed in range(40)]
    assert set(ties) == {0, 2}  # false alarm 2^-39
    assert isinstance(ties[0], int)


def test_softmax():
    x = np.array([[1e4, 1e4 - 1.0, 0.0], [2.0, 2.0, 1.0]])
    e = math.exp(-3)
    np.testing.assert_allclose(policy.softmax(x, 3.0)[0], [1 / (1 + e), e / (1 + e), 0], rtol=1e-14)
    np.testing.assert_array_equal(policy.softmax(x, INF), [[1, 0, 0], [0.5, 0.5, 0]])
    np.testing.assert_allclose(policy.softmax([0.0, math.log(3)]), [0.25, 0.75], rtol=1e-15)


def test_choice_entropy():
    np.testing.assert_allclose(
        policy.choice_entropy(np.zeros(4), np.ones(4), base=4), 1, rtol=1e-12
    )
    assert policy.choice_entropy([0.0, 1.0], [0.0, 0.0]) == 0
    p = ndtr(0.6)
    nats = -p * math.log(p) - (1 - p) * math.log(1 - p)
    q, sigma = np.array([[0.0, 3.0]]), np.array([[3.0, 4.0]])
    np.testing.assert_allclose(policy.choice_entropy(q, sigma), [nats], rtol=1e-12)
    np.testing.assert_allclose(policy.choice_entropy(q, sigma, base=2), nats / math.log(2))
    assert policy.choice_entropy(q, sigma, beta=0.01)[0] > nats + 0.01


def test_dprime():
    q = [[1.0, 5.0, 3.0], [2.0, 2.0, 0.0], [0.0, 1.0, -1.0]]
    sigma = [[9.0, 0.6, 0.8], [0.0, 0.0, 1.0], [0.0, 0.0, 1.0]]
    np.testing.assert_allclose(policy.dprime(q, sigma), [2.0, 0.0, INF], rtol=1e-14)


@pytest.mark.parametrize(
    ("q", "sigma", "beta", "words"),
    [
        ([0.0, 1.0], [1.0], 1.0, r"sigma(_row)? has shape \(1,\)"),
        (1.0, 1.0, 1.0, r"q(_row)? has shape \(\)"),
        ([0.0, math.nan], [1.0, 1.0], 1.0, r"q.* nan"),
        ([0.0, INF], [1.0, 1.0], 1.0, r"q.* inf"),
        ([0.0, 1.0], [1.0, -2.0], 1.0, r"sigma.* -2\.0"),
        ([0.0, 1.0], [1.0, math.nan], 1.0, r"sigma.* nan"),
        ([0.0, 1.0], [1.0, 1.0], 0.0, r"beta is 0\.0"),
        ([0.0, 1.0], [1.0, 1.0], -1.0, r"beta is -1\.0"),
        ([0.0, 1.0], [1.0, 1.0], math.nan, r"beta is nan"),
    ],
)
def test_bad_input_is_named(q, sigma, beta, words):
    calls = [
        policy.choice_probabilities,
        policy.choice_probability_derivatives,
        policy.choice_entropy,
        lambda *args: policy.sample_action(*args, rng=0),
    ]
    for call in calls:
        with pytest.raises(ValueError, match=words):
            call(q, sigma, beta)


def test_bad_input_of_single_functions_is_named():
    with pytest.raises(ValueError, match=r"sigma has the value 0\.0.*positive"):
        policy.choice_probability_derivatives([0.0, 1.0], [0.0, 1.0], INF)
    with pytest.raises(ValueError, match="base is 1"):
        policy.choice_entropy([0.0, 1.0], [1.0, 1.0], base=1)
    with pytest.raises(ValueError, match="at least two"):
        policy.dprime([0.0], [1.0])
    with pytest.raises(ValueError, match="q_row has shape"):
        policy.sample_action(np.zeros((2, 2)), np.zeros((2, 2)), 1.0, 0)
