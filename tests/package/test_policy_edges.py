"""Choices among numbers at the edge of floating point, whatever the caller's error state."""

import itertools
import math
import warnings

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from dra import policy

INF = math.inf
MEANS = [0.0, 1.0, -1.0, 5e-324, 1e-300, 1e154, 1e300, -1e300, 1.7e308, -1.7e308]
NOISES = [0.0, 5e-324, 1e-300, 1e-12, 1.0, 1e12, 1e300, 1.7e308]
BETAS = [5e-324, 1e-310, 1e-300, 1e-3, 1.0, 1e3, 1e300, 1.7e308, INF]


@pytest.fixture(autouse=True)
def strict_arithmetic():
    """Turn every warning and floating-point error, underflow included, into a failure."""
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        yield


@pytest.mark.parametrize("beta", BETAS)
def test_extreme_rows_have_finite_results(beta):
    rng = np.random.default_rng(0)
    q, sigma = rng.choice(MEANS, (60, 3)), rng.choice(NOISES, (60, 3))
    p = policy.choice_probabilities(q, sigma, beta)
    for rows in (p, policy.softmax(q, beta)):
        assert (rows >= 0).all()
        np.testing.assert_allclose(rows.sum(axis=1), 1, rtol=1e-12)
    assert not np.isnan(policy.dprime(q, sigma)).any()
    entropy = policy.choice_entropy(q, sigma, beta)
    assert (entropy > -1e-12).all() and (entropy < math.log(3) + 1e-12).all()
    for part in policy.choice_probability_derivatives(q, np.maximum(sigma, 1e-300), beta):
        assert np.isfinite(part).all()
    for row, seed in itertools.product(range(60), range(3)):
        action = policy.sample_action(q[row], sigma[row], beta, seed)
        assert p[row, action] > 0 or (sigma[row] > 1e300).any()


@pytest.mark.parametrize("exponent", [-1000, -500, 500, 1000, 1018])
def test_the_unit_changes_nothing(exponent):
    rng, c = np.random.default_rng(1), math.ldexp(1.0, exponent)
    q, sigma = 3 * rng.normal(size=(20, 4)), np.exp(rng.uniform(-3, 2, (20, 4)))
    with np.errstate(all="ignore"):
        scaled = q * c, sigma * c
    for beta in (0.2, 3.0):
        p, *slopes = policy.choice_probability_derivatives(q, sigma, beta)
        other, *others = policy.choice_probability_derivatives(*scaled, beta / c)
        np.testing.assert_allclose(other, p, rtol=1e-12)
        if exponent < 900:  # beyond, slopes are below the smallest number
            for slope, found in zip(slopes, others, strict=True):
                np.testing.assert_allclose(found * c, slope, rtol=1e-9, atol=1e-12)
        np.testing.assert_allclose(
            policy.softmax(scaled[0], beta / c), policy.softmax(q, beta), rtol=1e-12
        )
    np.testing.assert_allclose(policy.dprime(*scaled), policy.dprime(q, sigma), rtol=1e-12)
    np.testing.assert_allclose(
        policy.choice_probabilities(*scaled, INF),
        policy.choice_probabilities(q, sigma, INF),
        rtol=1e-12,
    )


def test_softmax_of_what_overflows():
    np.testing.assert_array_equal(policy.softmax([1e308, -1e308], 1e300), [1, 0])
    np.testing.assert_array_equal(policy.softmax([1e308, 1e308, 0.0], 1e300), [0.5, 0.5, 0])
    e = math.exp(-2.0)  # the difference alone is too large to be a float
    np.testing.assert_allclose(policy.softmax([1e308, -1e308], 1e-308), [1 / (1 + e), e / (1 + e)])
    np.testing.assert_array_equal(policy.softmax([5e-324, 0.0], INF), [1, 0])


def test_a_sample_whose_exponent_overflows_is_the_largest_draw():
    for sign in (1.0, -1.0):
        q = np.array([1.0, 2.0, 3.0]) * sign * 1e10
        for seed in range(20):
            assert policy.sample_action(q, np.ones(3), 1e300, seed) == np.argmax(q)
    ties = {policy.sample_action([1e10, 1e10], [0.0, 0.0], 1e300, seed) for seed in range(40)}
    assert ties == {0, 1}  # false alarm 2^-39


def test_single_precision_and_integers_are_numbers():
    q, sigma = np.array([0.5, 0.25], np.float32), np.ones(2, np.int8)
    for found in (policy.choice_probabilities(q, sigma, np.float32(2)),):
        np.testing.assert_array_equal(found, policy.choice_probabilities([0.5, 0.25], [1, 1], 2))


@pytest.mark.parametrize("n", [20, 100, 1000])
@pytest.mark.parametrize("sigma", [0.5, 4.0])
def test_one_good_action_among_many(n, sigma):
    """A hundred equal memories: their largest draw varies less than each of them."""

    def wins(x):
        return norm.pdf(x, 1.0, sigma) * np.exp((n - 1) * norm.logcdf(x, 0.0, sigma))

    with np.errstate(under="ignore"):
        peaks = sigma * np.arange(6.0)
        exact, _ = quad(wins, -10 * sigma, 10 * sigma + 1, points=peaks, limit=500, epsrel=1e-12)
    p = policy.choice_probabilities([1.0] + [0.0] * (n - 1), [sigma] * n, INF)
    assert abs(p[0] / exact - 1) < 5e-10
    assert np.allclose(p[1:], (1 - exact) / (n - 1), rtol=5e-10)


@pytest.mark.parametrize("q", [0.0, 1.0, -1e300])
def test_equal_values_without_noise_are_chosen_alike(q):
    for beta in (1.0, np.inf):
        found = policy.choice_probabilities([q, q, q], [0.0, 0.0, 0.0], beta)
        np.testing.assert_allclose(found, 1 / 3, rtol=1e-15)
    apart = policy.choice_probabilities([0.0, 1.0, 0.0], [0.0, 0.0, 0.0], np.inf)
    assert apart.tolist() == [0.0, 1.0, 0.0]
