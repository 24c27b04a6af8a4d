"""The panels of two memories and of one: every figure, every number, every control."""

import itertools
import math

import numpy as np
import pytest
from matplotlib.figure import Figure
from scipy.integrate import trapezoid
from scipy.stats import norm
from widget_checks import RENDERED, agree, combinations, idle_controls, render

from dra import costs, plots, policy, widgets

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("error")]


@pytest.fixture(scope="module")
def memories():
    return widgets.two_memories()


# Two memories


def test_two_memories_can_be_drawn_at_all_extremes(memories):
    names = ("q_a", "sigma_a", "q_b", "sigma_b", "sigma_base", "beta")
    assert set(names) == set(memories.controls)
    every = combinations(memories, *names)
    assert len(every) == 64 and every[0]["beta"] == 0.1 and every[-1]["beta"] == math.inf
    for i, values in enumerate(every):
        figure = Figure(layout="constrained")
        plots.two_memories(**values, figure=figure)
        if i % RENDERED == 0:
            render(figure)
        numbers = widgets.two_memories_numbers(**values)
        assert all(math.isfinite(x) for x in numbers.values())


def true_numbers(q_a, sigma_a, q_b, sigma_b, sigma_base, beta, cost="kl"):
    q, sigma = [q_a, q_b], np.array([sigma_a, sigma_b])
    first, second = policy.choice_probabilities(q, sigma, beta)
    a, b = costs.named(cost).value(sigma, sigma_base)
    return {
        "probability of A": first, "probability of B": second, "d′": policy.dprime(q, sigma),
        f"price of A [nats ({cost})]": a, f"price of B [nats ({cost})]": b,
        f"price of both [nats ({cost})]": a + b,
    }  # fmt: skip


def test_two_memories_shows_the_numbers_of_the_package(memories):
    values = {name: control.value for name, control in memories.controls.items()}
    assert agree(memories, true_numbers(**values))
    assert not agree(memories, true_numbers(**{**values, "q_a": 2.01}))  # twin
    thompson = widgets.two_memories_numbers(2.0, 3.0, -1.0, 4.0, 5.0, math.inf)
    assert thompson["probability of A"] == pytest.approx(0.5 * (1 + math.erf(0.6 / math.sqrt(2))))
    axes = plots.two_memories(**values, figure=Figure())
    left, right = axes["memories"], axes["choice"]
    heights = [bar.get_height() for bar in right.patches]
    np.testing.assert_allclose(heights, list(true_numbers(**values).values())[:2])
    assert [text.get_text() for text in left.texts] == ["A", "B"]
    x, density = left.lines[0].get_data()
    assert trapezoid(density, x) == pytest.approx(1.0, abs=1e-3)
    assert x[density.argmax()] == pytest.approx(2.0, abs=0.05)


def test_every_control_of_two_memories_matters(memories):
    values = {"q_a": 1.0, "sigma_a": 0.2, "q_b": 0.0, "sigma_b": 9.0, "sigma_base": 4.0}
    assert idle_controls(memories, {**values, "beta": math.inf}) == []


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"sigma_a": 0.0}, "sigma_a is 0.0"),
        ({"sigma_base": -1}, "sigma_base is -1"),
        ({"beta": 0}, "beta is 0"),
        ({"q_b": math.nan}, "q_b is nan"),
    ],
)
def test_two_memories_refuses_what_is_not_legal(memories, change, message):
    values = {name: control.value for name, control in memories.controls.items()} | change
    with pytest.raises(ValueError, match=message):
        widgets.two_memories_numbers(**values)


def test_two_memories_are_paid_by_the_cost_that_is_given():
    panel = widgets.two_memories(cost="precision")
    values = {name: control.value for name, control in panel.controls.items()}
    assert agree(panel, true_numbers(**values, cost="precision"))
    assert panel.picture.value != widgets.two_memories(cost="entropy").picture.value
    with pytest.raises(ValueError, match="cost is 'gold'"):
        widgets.two_memories(cost="gold")


# One memory


@pytest.fixture(scope="module")
def single():
    return widgets.one_memory()


def test_one_memory_can_be_drawn_at_all_extremes(single):
    assert {"gap", "cost_weight", "sigma_base"} == set(single.controls)
    every = itertools.product(costs.BUILT_IN, (0.1, 5.0), (0.0, 0.006, 1.6), (1.0, 10.0))
    for i, (cost, gap, weight, base) in enumerate(every):
        figure = Figure(layout="constrained")
        plots.one_memory(gap, weight, base, cost=cost, figure=figure)
        if i % RENDERED == 0:
            render(figure)


@pytest.mark.parametrize("weight", [0.02, 0.08, 0.1, 0.5])
def test_one_memory_is_the_best_there_is(weight):
    shown = widgets.one_memory_numbers(0.5, weight, 5.0)
    sigma = np.geomspace(0.005, 5.0, 200_001)
    value = 0.5 * norm.cdf(0.5 / sigma) - weight * costs.kl_value(sigma, 5.0)
    assert shown["best σ"] == pytest.approx(sigma[value.argmax()], rel=1e-4)
    assert shown["objective"] == pytest.approx(value.max(), abs=1e-9)
    assert shown["objective"] >= value.max()
    u = 0.5 / shown["best σ"]  # eq-one-memory-condition
    worth, price = 0.5 * u * norm.pdf(u), weight * (1 - (shown["best σ"] / 5.0) ** 2)
    assert worth == pytest.approx(price, rel=1e-4)
    assert worth != pytest.approx(price * 1.01, rel=1e-4)  # twin


def test_the_memory_leaps_where_the_chapter_says():
    low, high = (widgets.one_memory_numbers(0.5, w, 5.0)["best σ"] for w in (0.087, 0.089))
    assert high > 10 * low
    fades = [widgets.one_memory_numbers(5.0, w, 5.0)["best σ"] for w in np.linspace(0.1, 2, 96)]
    assert max(np.diff(fades)) < 0.3


def test_every_control_of_one_memory_matters(single):
    assert idle_controls(single, {"gap": 2.0, "cost_weight": 0.5, "sigma_base": 2.0}) == []
    values = {name: control.value for name, control in single.controls.items()}
    assert agree(single, widgets.one_memory_numbers(**values))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"gap": 0.0}, "gap is 0.0"),
        ({"sigma_base": -1}, "sigma_base is -1"),
        ({"cost_weight": -0.1}, "cost_weight is -0.1"),
        ({"cost": "gold"}, "cost is 'gold'"),
    ],
)
def test_one_memory_refuses_what_is_not_legal(change, message):
    values = {"gap": 0.5, "cost_weight": 0.1, "sigma_base": 5.0}
    for draw in (widgets.one_memory_numbers, plots.one_memory):
        with pytest.raises(ValueError, match=message):
            draw(**{**values, **change})
