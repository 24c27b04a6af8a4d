"""Choices among the actions that exist, against the same problem without the others' columns."""

import math
import warnings

import numpy as np
import pytest
from scipy.stats import chi2

from dra import policy

INF = math.inf
EXISTS = np.array(
    [[1, 1, 0, 1], [1, 1, 1, 1], [0, 0, 0, 0], [0, 0, 1, 0], [1, 0, 0, 1], [1, 1, 0, 1]], bool
)


@pytest.fixture(autouse=True)
def strict_arithmetic():
    """Turn every warning and floating-point error, underflow included, into a failure."""
    with warnings.catch_warnings(), np.errstate(all="raise"):
        warnings.simplefilter("error")
        yield


def table(seed, shape):
    rng = np.random.default_rng(seed)
    return rng.normal(size=shape), np.exp(rng.uniform(-3, 1, size=shape))


@pytest.mark.parametrize("beta", [0.4, 7.0, INF])
def test_the_rest_is_the_problem_without_the_absent_columns(beta):
    q, sigma = table(0, EXISTS.shape)
    q[~EXISTS] = 50.0  # would win
    p = policy.choice_probabilities(q, sigma, beta, available=EXISTS)
    entropy = policy.choice_entropy(q, sigma, beta, base=2, available=EXISTS)
    found = policy.choice_probability_derivatives(q, sigma, beta, available=EXISTS)
    np.testing.assert_array_equal(found[0], p)
    for i in (0, 1, 3, 4, 5):
        on = EXISTS[i]
        alone = policy.choice_probability_derivatives(q[i, on], sigma[i, on], beta)
        np.testing.assert_allclose(p[i, on], alone[0], rtol=1e-9)
        for part, truth in zip(found[1:], alone[1:], strict=True):
            part = part[i][np.ix_(on, on)]
            np.testing.assert_allclose(part, truth, atol=1e-9 * max(1, np.abs(truth).max()))
        bits = policy.choice_entropy(q[i, on], sigma[i, on], beta, base=2)
        np.testing.assert_allclose(entropy[i], bits, rtol=1e-8, atol=1e-12)
    assert entropy[2] == entropy[3] == 0 and p[3, 2] == 1
    assert not p[~EXISTS].any() and not found[1][3].any() and not found[2][3].any()
    for part in found[1:]:
        assert not part[~EXISTS].any() and not part.swapaxes(1, 2)[~EXISTS].any()
    assert policy.choice_probabilities(q, sigma, beta)[0, 2] > 0.99  # the twin


def test_all_available_is_the_same_to_the_bit_and_any_shape_is_broadcast():
    q, sigma = table(1, (2, 3, 4))
    for beta in (3.0, INF):
        plain = policy.choice_probability_derivatives(q, sigma, beta)
        for exists in (True, [True] * 4, np.ones((3, 1), bool), np.ones(q.shape, bool)):
            masked = policy.choice_probability_derivatives(q, sigma, beta, available=exists)
            for a, b in zip(plain, masked, strict=True):
                np.testing.assert_array_equal(a, b)
    some = policy.choice_probabilities(q, sigma, 3.0, available=[True, False, True, True])
    assert some.shape == q.shape and not some[..., 1].any()
    np.testing.assert_allclose(some.sum(axis=-1), 1, rtol=1e-14)
    apart = policy.choice_probabilities(q[..., [0, 2, 3]], sigma[..., [0, 2, 3]], 3.0)
    np.testing.assert_array_equal(some[..., [0, 2, 3]], apart)


def test_with_beta_infinite_only_absent_actions_may_be_exact():
    q, exists = [0.0, 1.0, 2.0], [True, True, False]
    policy.choice_probability_derivatives(q, [1.0, 1.0, 0.0], INF, available=exists)
    with pytest.raises(ValueError, match=r"sigma has the value 0\.0"):
        policy.choice_probability_derivatives(q, [1.0, 0.0, 1.0], INF, available=exists)


def test_dprime_knows_only_what_is_available():
    q = np.array([[1.0, 9.0, 3.0], [1.0, 9.0, 3.0], [1.0, 9.0, 3.0], [2.0, 9.0, 2.0]])
    exists = np.array([[1, 0, 1], [0, 1, 0], [0, 0, 0], [1, 0, 1]], bool)
    sigma = np.array([0.6, 5.0, 0.8]) * np.ones((4, 1))
    expected = [2.0, INF, 0.0, 0.0]
    np.testing.assert_allclose(policy.dprime(q, sigma, available=exists), expected, rtol=1e-14)
    assert abs(policy.dprime(q, sigma)[0] - 2.0) > 0.5  # the twin


def test_dprime_of_three_dimensions_is_that_of_its_rows():
    q, sigma = table(2, (2, 3, 4))
    exists = np.random.default_rng(3).random(q.shape) < 0.8
    found = policy.dprime(q, sigma, available=exists)
    assert found.shape == (2, 3)
    for at in np.ndindex(found.shape):
        row = sorted(zip(q[at][exists[at]], sigma[at][exists[at]], strict=True), reverse=True)
        (best, s), (second, t) = row[:2]
        np.testing.assert_allclose(found[at], (best - second) / math.hypot(s, t), rtol=1e-13)
    np.testing.assert_array_equal(policy.dprime(q, sigma)[1], policy.dprime(q[1], sigma[1]))


@pytest.mark.parametrize("beta", [2.0, INF])
def test_a_sample_reads_the_stream_as_if_the_others_were_not_there(beta):
    q, sigma, exists = [0.3, 9.0, -0.2, 0.4], [0.5, 1.0, 0.0, 1.0], [True, False, True, True]
    rng, copy = np.random.default_rng(8), np.random.default_rng(8)
    on = np.flatnonzero(exists)
    for _ in range(200):
        action = policy.sample_action(q, sigma, beta, rng, available=exists)
        assert action == on[policy.sample_action(np.array(q)[on], np.array(sigma)[on], beta, copy)]
    assert rng.bit_generator.state == copy.bit_generator.state
    assert policy.sample_action(q, sigma, beta, rng, available=[False, False, True, False]) == 2


def test_samples_have_the_exact_frequencies():
    """Chi-square test, 20 000 choices, false alarm 1e-9; the twin without the mask must fail."""
    q, sigma, exists = [0.0, 0.5, 0.2, -1.0], [0.1, 0.8, 2.0, 1.0], [True, True, False, True]
    n, rng = 20_000, np.random.default_rng(1)
    drawn = [policy.sample_action(q, sigma, 2.0, rng, available=exists) for _ in range(n)]
    counts = np.bincount(drawn, minlength=4)[exists]

    def misfit(p):
        return np.sum((counts - n * p) ** 2 / (n * p))

    limit = chi2.isf(1e-9, df=2)
    assert misfit(policy.choice_probabilities(q, sigma, 2.0, available=exists)[exists]) < limit
    without = policy.choice_probabilities(q, sigma, 2.0)[exists]
    assert misfit(without / without.sum()) > limit


@pytest.mark.parametrize(
    "available",
    [[1, 0, 1], [True, False], "abc", np.nan, [], [[True], [False]], np.ma.array([True] * 3)],
)
def test_what_is_no_mask_is_named(available):
    row = [0.0, 1.0, 2.0], [1.0, 1.0, 1.0]
    for call in (
        lambda: policy.choice_probabilities(*row, 1.0, available=available),
        lambda: policy.choice_probability_derivatives(*row, 1.0, available=available),
        lambda: policy.choice_entropy(*row, available=available),
        lambda: policy.dprime(*row, available=available),
        lambda: policy.sample_action(*row, 1.0, rng=0, available=available),
    ):
        with pytest.raises(ValueError, match="available"):
            call()


def test_a_sample_needs_an_action():
    with pytest.raises(ValueError, match=r"available is .*at least one"):
        policy.sample_action([0.0], [1.0], 1.0, rng=0, available=[False])
