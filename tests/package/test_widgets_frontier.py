"""The panel of a frontier: every figure, every number, every control."""

import numpy as np
import pytest
from drawing import OPTIONS, ROOM, frontier_of, frontier_of_room, shared, two_ways
from matplotlib.figure import Figure
from widget_checks import agree, idle_controls, render, shown

import dra
from dra import costs, exact, plots, widgets

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("error")]


@pytest.fixture(scope="module")
def found():
    return frontier_of_room()


@pytest.fixture(scope="module")
def prices(found):
    return widgets.frontier(ROOM, found=found)


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
