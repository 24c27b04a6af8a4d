"""Costs of precision against quadrature, finite differences and identities."""

import pickle
from types import SimpleNamespace

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

import dra
from dra import costs, loops

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


@pytest.mark.parametrize("base", [5.0, 3.7, 0.3])
def test_the_slope_of_kl_is_that_of_the_inner_loops_to_the_bit(base):
    sigma = np.geomspace(0.01, 100.0, 1000)
    slope, none = np.empty(1000), np.zeros(1000)
    climb = 0.1, 1.0, 0.01, 100.0, 1.0 / (base * base)
    loops.ascend(sigma.copy(), np.ones(1000, bool), none, slope, climb)
    np.testing.assert_array_equal(costs.kl.grad(sigma, base), slope)
    assert np.any(sigma / base / base - 1 / sigma != slope)  # the bits can differ


def test_a_million_memories_cost_a_million_times_one():
    memory = dra.Memory(np.zeros((250_000, 4)), sigma=0.01, sigma_base=5.0)
    one = np.log(500.0) + 0.5e-4 / 25 - 0.5
    assert memory.cost(0.1) == pytest.approx(1e5 * one, rel=1e-12)


HALVES = [SimpleNamespace(value=abs), SimpleNamespace(grad=abs)]  # neither is a cost


@pytest.mark.parametrize("cost", ["KL", None, 3, object(), costs.Cost, [], *HALVES])
def test_what_is_not_a_cost_is_refused(cost):
    with pytest.raises(ValueError, match="cost is"):
        costs.named(cost)


@pytest.mark.parametrize("cost", costs.BUILT_IN.values(), ids=costs.BUILT_IN)
@pytest.mark.parametrize("sigma", [-1, 0, np.nan, np.inf, [1.0, -2.0], "abc", None])
def test_a_sigma_that_is_none_is_named(cost, sigma):
    for function in (cost.value, cost.grad):
        with pytest.raises(ValueError, match="sigma"):
            function(sigma, 5.0)
        with pytest.raises(ValueError, match="sigma_base is"):
            function(1.0, sigma)


@pytest.mark.parametrize("cost", costs.BUILT_IN.values(), ids=costs.BUILT_IN)
def test_the_trusted_cost_is_the_same_to_the_bit(cost):
    bare = costs.trusted(cost)
    for method in ("value", "grad"):
        checked, free = getattr(cost, method), getattr(bare, method)
        np.testing.assert_array_equal(checked(SIGMA, 5.0), free(SIGMA, 5.0))
        assert not hasattr(free, "trusted")
    assert costs.trusted(bare) == bare


def test_kl_of_extreme_numbers():
    """Against logarithms: ratios and squares of these are beyond floating point."""
    with np.errstate(all="raise"):
        for sigma, base in [(1e-300, 1e300), (1e-300, 1.0), (1e-160, 1e160)]:
            nats = np.log(base) - np.log(sigma)
            assert costs.kl.value(sigma, base) == pytest.approx(nats - 0.5, rel=1e-14)
            assert costs.entropy.value(sigma, base) == pytest.approx(nats, rel=1e-14)
        for tiny in (1e-300, 1e300):
            assert costs.kl.value(tiny, tiny) == 0.0
            assert abs(costs.kl.grad(tiny, tiny)) * tiny < 1e-15
        assert costs.kl.grad(2e-200, 1e-200) == pytest.approx(1.5e200)
        assert costs.kl.value(1.0, 1e-300) == np.inf
        with pytest.raises(ValueError, match=r"cost.value gives inf where sigma is 1 and"):
            dra.Memory([0.0], 1.0, 1e-300).cost()


def test_weights_give_each_memory_its_price():
    weights = np.array([[1.0, 0.0], [2.0, 0.5]])
    memory = dra.Memory(np.zeros((2, 2)), [[1.0, 2.0], [3.0, 4.0]], 5.0)
    mine = costs.weighted("kl", weights)
    by_hand = sum(
        w * costs.kl.value(s, 5.0) for w, s in zip(weights.flat, memory.sigma.flat, strict=True)
    )
    assert memory.cost(0.1, mine) == pytest.approx(0.1 * by_hand, rel=1e-14)
    slope = weights * costs.kl.grad(memory.sigma, 5.0)
    np.testing.assert_array_equal(mine.grad(memory.sigma, 5.0), slope)
    np.testing.assert_array_equal(costs.trusted(mine).grad(memory.sigma, 5.0), slope)
    weights[0, 0] = 100.0  # the cost keeps its own copy
    np.testing.assert_array_equal(mine.grad(memory.sigma, 5.0), slope)
    with pytest.raises(ValueError, match=r"sigma\[0, 0\] is -1"):
        mine.value(-np.ones((2, 2)), 5.0)
    for other in (dra.Memory(np.zeros(4), 1.0, 5.0), dra.Memory(np.zeros((3, 2)), 1.0, 5.0)):
        with pytest.raises(ValueError, match=r"weights has shape \(2, 2\)"):
            other.cost(1.0, mine)
    per_action = costs.weighted(costs.precision, [1.0, 3.0])
    assert memory.cost(1.0, per_action) > memory.cost(1.0, "precision")


def test_a_weighted_cost_is_named_by_its_weights_and_travels():
    one, two = costs.weighted("kl", [1.0, 2.0]), costs.weighted("kl", [1.0, 2.5])
    assert one.name != two.name and one.name.startswith("kl weighted")
    assert one.name == costs.weighted(costs.kl, [1.0, 2.0]).name
    assert one.name != costs.weighted("kl", [[1.0], [2.0]]).name
    again = pickle.loads(pickle.dumps(one))
    assert again.name == one.name
    np.testing.assert_array_equal(again.value([1.0, 1.0], 5.0), one.value([1.0, 1.0], 5.0))
    assert pickle.loads(pickle.dumps(costs.kl)) == costs.kl
    with pytest.raises(AttributeError):  # the name would no longer be true
        one.value.weights = two.value.weights
    with pytest.raises(ValueError, match="read-only"):
        one.value.weights[0] = 3.0


@pytest.mark.parametrize("weights", [-1, np.nan, "abc", None, [1.0, -2.0], [], np.ones((0, 2))])
def test_what_is_no_weight_is_named(weights):
    with pytest.raises(ValueError, match="weights"):
        costs.weighted("kl", weights)


class Seen:
    """A cost that notes the shapes it is given."""

    def __init__(self):
        self.shapes = set()

    def value(self, sigma, sigma_base):
        self.shapes.add(sigma.shape)
        return 5 / sigma - 1

    def grad(self, sigma, sigma_base):
        self.shapes.add(sigma.shape)
        return -5 / sigma**2


def test_a_cost_sees_the_memory_in_its_shape():
    cost = Seen()
    memory = dra.Memory(np.zeros((3, 2)), 2.5, 5.0, known=np.eye(3, 2, dtype=bool))
    assert memory.cost(1.0, cost) == 4.0
    assert "Seen (nats)" in memory.text(cost)
    assert cost.shapes == {(3, 2)}


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (lambda s, b: 1.0, r"shape \(\) for sigma of shape \(2,\)"),
        (lambda s, b: s[:1], r"shape \(1,\)"),
        (lambda s, b: s * np.nan, "gives nan where sigma is 1"),
        (lambda s, b: np.log(s - 1), "gives -inf where sigma is 1"),
        (lambda s, b: None, "cost.value returns None|gives shape"),
        (lambda s, b: ["a", "b"], "cost.value returns"),
    ],
)
def test_a_result_that_is_no_cost_is_named(value, words):
    with pytest.raises(ValueError, match=words):
        dra.Memory([0.0, 0.0], [1.0, 2.0], 5.0).cost(1.0, costs.Cost("mine", value, value))


@pytest.mark.parametrize("fields", [(3, abs, abs), ("a", 1, abs), ("a", abs, None)])
def test_a_cost_needs_a_name_and_two_functions(fields):
    with pytest.raises(ValueError, match=r"(name|value|grad) is"):
        costs.Cost(*fields)
