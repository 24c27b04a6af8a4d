"""The panels for live notebooks: every figure, every number, every control."""

import itertools
import math
import re
import subprocess
import sys

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawing import frontier_of, shared, two_ways
from matplotlib.figure import Figure
from scipy.integrate import trapezoid
from scipy.stats import norm
from widget_checks import (
    RENDERED,
    agree,
    combinations,
    extremes,
    idle_controls,
    render,
    shown,
)

import dra
from dra import costs, exact, plots, policy, widgets

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("error")]
ROOM = dra.tasks.gridworld(2, 3, start=(1, 0), goal=(0, 2), walls=[(1, 1)])
OPTIONS = {"beta": 10.0, "gamma": 1.0, "sigma_base": 5.0, "starts": 2}


@pytest.fixture(scope="module")
def memories():
    return widgets.two_memories()


@pytest.fixture(scope="module")
def maze():
    return widgets.living_maze()


@pytest.fixture(scope="module")
def found():
    return exact.frontier(ROOM, [0.01, 0.1, 1.0, 3.0], **OPTIONS)


@pytest.fixture(scope="module")
def prices(found):
    return widgets.frontier(ROOM, found=found)


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


# The frontier


def test_the_frontier_shows_the_numbers_of_the_package(prices, found):
    for i, w in enumerate(found.cost_weights):
        prices.controls["index"].value = i
        memory, options = found.memories[i], {"beta": 10.0, "gamma": 1.0}
        true = {
            "price of a nat λ": w,
            "reward": exact.objective(ROOM, memory, **options, cost_weight=0.0),
            "memory [nats (kl)]": costs.kl_value(memory.sigma, 5.0).sum(),
            "objective": exact.objective(ROOM, memory, **options, cost_weight=w),
            "memories kept (σ below σ_base / 2)": (memory.sigma < 2.5).sum(),
        }
        assert agree(prices, true)
        assert not agree(prices, {**true, "objective": true["objective"] + 0.01})  # twin
    assert shown(prices)["kept by cell (row, column)"] == "none"
    prices.controls["index"].value = 0
    assert shown(prices)["kept by cell (row, column)"] == "(0, 0): 4; (0, 1): 4; (1, 0): 4"
    assert shown(prices)["kept at the price before, dropped here"] == "0"


def test_a_triangle_stands_for_a_memory_that_is_kept(found):
    for i in range(len(found.memories)):
        ax = plots.frontier(found, i, ROOM, figure=Figure())["memories"]
        assert len(ax.lines) == found.kept[i].sum()
        ring = plots.frontier(found, i, figure=Figure())["memories"]  # as a table, without the maze
        assert len(ring.patches) == found.kept[i].sum()
    assert found.kept[0].sum() > found.kept[-1].sum()


def drawn(*arguments):
    figure = Figure(layout="constrained")
    plots.frontier(*arguments, figure=figure)
    return figure


def test_the_frontier_counts_what_it_was_solved_with():
    panel = widgets.frontier(two_ways(), found=frontier_of(cost="entropy"))
    memory = frontier_of(cost="entropy").memories[0]
    nats = np.log(5.0 / memory.sigma).sum()
    assert agree(panel, {"memory [nats (entropy)]": nats, "cost λ × nats (entropy)": 0.01 * nats})


def test_the_frontier_can_be_drawn_for_every_kind_of_task(found):
    for index in (0, len(found.memories) - 1):
        render(drawn(found, index, ROOM))
        render(drawn(found, index))
    for task in (two_ways(), shared()):
        panel = widgets.frontier(task, [0.1, 1.0], beta=2.0, gamma=0.9, sigma_base=3.0, starts=1)
        assert idle_controls(panel, {"index": 1}) == []
        assert "kept by cell (row, column)" not in shown(panel)
    one = exact.frontier(ROOM, [0.1], **OPTIONS)
    render(drawn(one, 0, ROOM))


def test_every_control_of_the_frontier_matters(prices):
    assert idle_controls(prices, {"index": 2}) == []


def test_the_frontier_refuses_what_is_not_legal(found):
    with pytest.raises(ValueError, match="index is 4; the points are 0 to 3"):
        widgets.frontier_numbers(found, 4, ROOM)
    with pytest.raises(ValueError, match="cost_weights is"):
        widgets.frontier(ROOM, [0.2, 0.1])
    with pytest.raises(ValueError, match="found has memories of shape"):
        widgets.frontier(dra.tasks.gridworld(), found=found)
    with pytest.raises(ValueError, match="found has memories of shape"):
        widgets.frontier_numbers(found, 0, dra.tasks.gridworld())
    with pytest.raises(ValueError, match="found is given; with it beta"):
        widgets.frontier(found=found, beta=2.0)
    with pytest.raises(ValueError, match="found is given; with it cost_weights"):
        widgets.frontier(ROOM, [0.1], found=found)
    with pytest.raises(ValueError, match="task is <function gridworld"):
        widgets.frontier(dra.tasks.gridworld)
    with pytest.raises(ValueError, match="found is 3"):
        widgets.frontier(found=3)


# All of them


def bars(q, sigma):
    figure = Figure()
    plots.two_memories(q, sigma, 0.0, 1.0, 5.0, 1.0, figure=figure)
    return figure


def test_a_control_that_does_nothing_is_noticed():
    control = {"used": ipywidgets.IntSlider(value=1), "idle": ipywidgets.IntSlider(value=1)}

    def show(used, idle):
        return bars(used, 1.0), "a", {"x": used}

    assert idle_controls(widgets.Panel(control, show), {"used": 2, "idle": 2}) == ["idle"]


def test_a_panel_says_what_is_wrong():
    def show(sigma):
        return bars(0.0, sigma), "a < b", {"x": sigma}

    control = ipywidgets.FloatSlider(value=0.0)
    panel = widgets.Panel({"sigma": control}, show)
    assert panel.picture.value == "" and "sigma_a is 0.0" in panel.words.value
    assert 'role="alert"' in panel.words.value
    control.value = 2.0
    assert 'alt="a &lt; b"' in panel.picture.value and shown(panel) == {"x": "2"}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((None, print), "controls is None"),
        (({"x": 3}, print), r"controls\['x'\] is 3"),
        (({}, 3), "show is 3"),
        (({}, print, 3), "extra is 3"),
        (({}, print, [3]), r"extra\[0\] is 3"),
    ],
)
def test_a_panel_is_made_of_widgets(arguments, message):
    with pytest.raises(ValueError, match=message):
        widgets.Panel(*arguments)


def test_panels_do_not_depend_on_numpys_error_state(memories, maze, prices):
    for panel, name in ((memories, "sigma_a"), (maze, "view"), (prices, "index")):
        control = panel.controls[name]
        old = control.value
        with np.errstate(all="raise"):
            control.value = extremes(control)[1 if old == extremes(control)[0] else 0]
        assert panel.picture.value and "alert" not in panel.words.value
        control.value = old


def test_controls_have_names_and_pictures_have_words(memories, maze, prices):
    for panel in (memories, maze, prices):
        names = [control.description for control in panel.controls.values()]
        assert all(len(name) >= 3 for name in names) and len(set(names)) == len(names)
        assert "max-width: 100%" in panel.picture.value
        (alt,) = re.findall(r'<img alt="([^"]+)"', panel.picture.value)
        assert len(alt) >= 40
        assert 'role="status"' in panel.words.value and len(shown(panel)) >= 6


def test_figures_are_not_left_behind(memories, maze, prices):
    plt.close("all")
    memories.controls["q_a"].value = 3.0
    maze.controls["time"].value = 10
    prices.controls["index"].value = 1
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    ("module", "missing"),
    [("widgets", "ipywidgets"), ("widgets", "matplotlib"), ("plots", "matplotlib")],
)
def test_what_is_missing_is_named_with_its_remedy(module, missing):
    code = (
        f"import sys; sys.modules['{missing}'] = None\n"
        "import dra\n"
        f"try:\n    dra.{module}\nexcept ImportError as error:\n    print(error)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert f"dra.{module} needs {missing}" in said.stdout
    assert 'pip install "dra[book]"' in said.stdout


def test_without_arguments_the_frontier_is_that_of_a_room(monkeypatch, found):
    asked = []

    def solve(task, cost_weights, **options):
        asked.append((task.n_states, tuple(cost_weights), options))
        return found

    monkeypatch.setattr("dra.widgets._demos.solve", solve)
    monkeypatch.setattr("dra.widgets._demos.gridworld", lambda *a, **k: ROOM)
    widgets.frontier(starts=1)
    ((states, weights, options),) = asked
    assert states == 6 and list(weights) == sorted(weights)
    assert options == {**OPTIONS, "starts": 1, "progress": None}
