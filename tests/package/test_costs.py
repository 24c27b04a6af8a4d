"""Costs of precision against quadrature, finite differences and identities."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

import dra
from dra import costs

SIGMA = np.array([0.01, 0.3, 1.0, 3.0, 4.9, 5.0, 7.0, 60.0])


@pytest.mark.parametrize("sigma", [0.3, 1.0, 4.0, 9.0])
def test_kl_is_the_integral_of_its_definition(sigma):
    p, b = norm(0.7, sigma), norm(0.7, 5.0)
    integral, _ = quad(lambda x: p.pdf(x) * (p.logpdf(x) - b.logpdf(x)), -80, 80, points=[0.7])
    assert costs.kl.value(sigma, 5.0) == pytest.approx(integral, abs=1e-9)


def test_entropy_is_the_difference_of_two_entropies():
    expected = norm(0, 5.0).entropy() - norm(0, SIGMA).entropy()
    np.testing.assert_allclose(costs.entropy.value(SIGMA, 5.0), expected, atol=1e-12)


@pytest.mark.parametrize("cost", costs.BUILT_IN.values(), ids=costs.BUILT_IN)
def test_gradients_match_finite_differences_and_the_base_is_free(cost):
    h = 1e-6 * SIGMA
    slope = (cost.value(SIGMA + h, 5.0) - cost.value(SIGMA - h, 5.0)) / (2 * h)
    np.testing.assert_allclose(cost.grad(SIGMA, 5.0), slope, rtol=1e-6, atol=1e-8)
    assert cost.value(5.0, 5.0) == 0.0


def test_only_kl_is_flat_at_the_base():
    assert costs.kl.grad(5.0, 5.0) == pytest.approx(0.0, abs=1e-15)
    assert costs.entropy.grad(5.0, 5.0) == costs.precision.grad(5.0, 5.0) == -0.2


def test_a_million_memories_cost_a_million_times_one():
    memory = dra.Memory(np.zeros((250_000, 4)), sigma=0.01, sigma_base=5.0)
    one = np.log(500.0) + 0.5e-4 / 25 - 0.5
    assert memory.cost(0.1) == pytest.approx(1e5 * one, rel=1e-12)


@pytest.mark.parametrize("cost", ["KL", None, 3, object()])
def test_what_is_not_a_cost_is_refused(cost):
    with pytest.raises(ValueError, match="cost is"):
        costs.named(cost)
