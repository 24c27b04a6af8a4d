"""Pictures: what stands where, for every kind of task."""

from dataclasses import dataclass, replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawing import CAR, MAZE, TWO, frontier_of, pixels, shared, two_ways
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize
from matplotlib.figure import Figure

import dra
from dra import plots

pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.usefixtures("nothing_left_open")]


def polygons(ax):
    """The collections of polygons on a map: choices, and those that do not exist."""
    return [c for c in ax.collections if isinstance(c, PolyCollection)]


@dataclass(frozen=True)
class Stairs:
    """States in a staircase: state i in row i and column i; nothing elsewhere."""

    n: int

    def image(self, values):
        picture = np.full((self.n, self.n), np.nan)
        np.fill_diagonal(picture, values)
        return picture

    def text(self):
        return "stairs"


# Maps


def test_a_maze_shows_what_it_is_given():
    values = np.arange(54.0)
    ax = plots.maze(MAZE, values, label="value [reward]")
    image = ax.images[0].get_array()
    assert image[5, 3] == 48 and image.mask.sum() == 8  # seven walls and the goal
    assert {t.get_text() for t in ax.texts} == {"S", "G"} and len(ax.patches) == 7
    assert ax.patches[0].get_xy() == (1.5, 0.5)  # the wall (1, 2)
    assert plots.walk(MAZE, [18, 9, 10], ax=ax) is ax
    assert ax.lines[0].get_xydata().tolist() == [[0, 2], [0, 1], [1, 1]]
    assert ax.lines[1].get_xydata().tolist() == [[1, 1]]


def test_a_band_is_the_mean_and_its_spread():
    curves = np.random.default_rng(0).normal(size=(5, 3))
    ax = plots.band([0, 1, 3], curves, label="five runs", color="C2")
    np.testing.assert_allclose(ax.lines[0].get_ydata(), curves.mean(axis=0))
    edge = ax.collections[0].get_paths()[0].vertices
    for x, mean, spread in zip((0, 1, 3), curves.mean(0), curves.std(0, ddof=1), strict=True):
        np.testing.assert_allclose(np.ptp(edge[edge[:, 0] == x, 1]), 2 * spread)
        assert mean - spread == pytest.approx(edge[edge[:, 0] == x, 1].min())
    one = plots.band([0, 1], [[1.0, 2.0]])
    assert one.lines[0].get_ydata().tolist() == [1.0, 2.0]


def test_a_picture_has_its_numbers_on_its_axes():
    value = np.arange(285.0)
    ax = plots.state_map(CAR, value, label="value")
    left, right, bottom, top = ax.images[0].get_extent()
    assert ax.images[0].origin == "lower" and ax.get_xlabel() == "position"
    assert ax.get_xlim() == (left, right) and ax.get_ylim() == (bottom, top)
    image = ax.images[0].get_array()
    for position, velocity in ((-1.2, -0.07), (0.5, 0.03), (-0.5, 0.0)):
        row = int((velocity - bottom) / (top - bottom) * image.shape[0])
        column = int((position - left) / (right - left) * image.shape[1])
        i, j = round((position + 1.2) * 10), round((velocity + 0.07) * 100)
        assert image[row, column] == value[15 * i + j]
        path = plots.walk(CAR, [15 * i + j], ax=ax).lines[-1].get_xydata()[0]
        np.testing.assert_allclose(path, (position, velocity), atol=1e-9)


def test_a_task_without_a_layout_is_a_strip_or_a_table():
    task = two_ways()
    ax = plots.state_map(task, [3.0, 1.0, 2.0, 9.0], label="value")
    assert ax.images[0].get_array().tolist() == [[3.0, 1.0, 2.0, None]]  # the last is terminal
    assert ax.get_xlabel() == "state"
    ax = plots.state_map(task, np.arange(8.0).reshape(4, 2))
    assert ax.images[0].get_array().tolist() == [[0, 1], [2, 3], [4, 5], [None, None]]
    assert [t.get_text() for t in ax.get_xticklabels()] == ["on", "off"]


def test_any_layout_with_an_image_can_be_drawn():
    task = replace(two_ways(), layout=Stairs(4))
    ax = plots.state_map(task, [3.0, 1.0, 2.0, 9.0])
    image = ax.images[0].get_array()
    assert image[1, 1] == 1.0 and image.count() == 3
    plots.walk(task, [0, 2], ax=ax)
    assert ax.lines[0].get_xydata().tolist() == [[0, 0], [2, 2]]
    strips = plots.state_map(task, np.arange(8.0).reshape(4, 2))
    strips = polygons(strips)[0]
    middles = [p.vertices[:-1].mean(axis=0).tolist() for p in strips.get_paths()]
    places = [[0, 0], [1, 1], [2, 2]]  # two actions: left and right half
    assert middles == [[x + side, y] for x, y in places for side in (-0.25, 0.25)]
    assert strips.get_array().tolist() == [0, 1, 2, 3, 4, 5]


def test_the_choices_of_a_cell_point_where_they_lead():
    values = np.arange(216.0).reshape(54, 4)
    drawn = plots.maze(MAZE, values, label="q")
    drawn = polygons(drawn)[0]
    assert len(drawn.get_paths()) == 46 * 4  # not in the goal, not in the seven walls
    by_value = dict(zip(drawn.get_array().tolist(), drawn.get_paths(), strict=True))
    for state in (0, 18, 40):
        row, column = divmod(state, 9)
        for action, (down, right) in enumerate(((-1, 0), (1, 0), (0, -1), (0, 1))):
            middle = by_value[values[state, action]].vertices[:-1].mean(axis=0)
            np.testing.assert_allclose(middle, (column + right / 3, row + down / 3))


@pytest.mark.parametrize("task", [two_ways(), replace(two_ways(), layout=Stairs(4)), MAZE])
def test_choices_that_do_not_exist_are_hatched(task):
    exist = np.ones(task.slot.shape, bool)
    exist[0, 0] = exist[2, 1] = False
    exist[task.terminal] = False  # nobody expects choices there
    whole, task = task, replace(task, available=exist)
    ax = plots.state_map(task, np.ones(task.slot.shape))
    hatched = polygons(ax)[-1]
    assert hatched.get_hatch() and len(hatched.get_paths()) == 2
    everything = plots.state_map(whole, np.ones(task.slot.shape))
    assert pixels(ax).tobytes() != pixels(everything).tobytes()  # twin
    assert len(polygons(everything)[-1].get_paths()) == 0


def test_masked_values_are_blank():
    values = np.ma.masked_less(np.arange(54.0), 10)
    blank = np.where(np.arange(54) < 10, np.nan, np.arange(54.0))
    assert (pixels(plots.maze(MAZE, values)) == pixels(plots.maze(MAZE, blank))).all()
    assert (pixels(plots.maze(MAZE, values)) != pixels(plots.maze(MAZE, values.data))).any()


# Figures


def test_a_snapshot_of_any_task_can_be_drawn(run):
    tasks = [CAR, two_ways(), shared(), replace(two_ways(), layout=Stairs(4))]
    runs = [run] + [
        dra.train(t, 3, rng=0, snapshots=[1], record_every=1, evaluation_episodes=1, progress=False)
        for t in tasks
    ]
    for each, view in zip(
        runs, ["value", "precision", "value", "choice entropy", "precision"], strict=True
    ):
        axes = plots.snapshot(each, each.trial, view)
        assert list(axes) == ["map", "reward", "cost"]
        assert len(axes["map"].lines) == 2 * (each.task.layout is not None)
        pixels(axes["map"])


def test_a_snapshot_shows_choices_that_exist_only():
    exist = np.array([(True, True), (True, False), (True, True), (False, False)])
    task = replace(two_ways(), available=exist)
    run = dra.train(task, 9, rng=0, snapshots=[8], record_every=1, progress=False)
    memory = run.snapshots[8]
    memory.q[1, 1], memory.sigma[1, 1] = 99.0, 0.01  # of the choice that does not exist
    value = [memory.q[0].max(), memory.q[1, 0], memory.q[2].max(), None]
    assert plots.snapshot(run, 8, "value")["map"].images[0].get_array().tolist() == [value]
    sharpest = plots.snapshot(run, 8, "precision")["map"].images[0].get_array()
    assert sharpest[0, 1] == pytest.approx(1 / memory.sigma[1, 0] ** 2)
    assert plots.snapshot(run, 8)["map"].images[0].get_array()[0, 1] == 0.0  # nothing to choose


def test_the_colours_of_a_snapshot_are_those_of_the_whole_run(run):
    first, last = (plots.snapshot(run, t, "value")["map"].images[0] for t in (20, 59))
    free = ~MAZE.terminal & ~np.isin(np.arange(54), [r * 9 + c for r, c in MAZE.layout.walls])
    means = [m.q.max(axis=1)[free] for m in run.snapshots.values()]
    assert first.get_clim() == last.get_clim() == (np.min(means), np.max(means))
    given = plots.snapshot(run, 20, "value", norm=Normalize(-10, 10))["map"].images[0]
    assert given.get_clim() == (-10, 10)


def test_figures_are_drawn_where_they_are_told(run, found):
    for draw in (
        lambda **k: plots.two_memories(*TWO, **k),
        lambda **k: plots.snapshot(run, 59, **k),
        lambda **k: plots.frontier(found, 1, **k),
    ):
        figure = Figure(layout="constrained")
        axes = draw(figure=figure)
        assert all(ax.figure is figure for ax in axes.values()) and plt.get_fignums() == []
        part = Figure(layout="constrained").subfigures(1, 2)[1]
        assert all(ax.figure is part for ax in draw(figure=part).values())
        assert plt.get_fignums() == []
        draw()
        assert len(plt.get_fignums()) == 1
        plt.close("all")


@pytest.mark.parametrize("cost", ["entropy", "precision", dra.costs.Cost("twice", *(
    lambda s, b, f=f: 2 * f(s, b) for f in (dra.costs.kl_value, dra.costs.kl_grad)
))])  # fmt: skip
def test_figures_count_and_name_the_cost_they_are_given(cost):
    cost, name = dra.costs.named(cost), dra.costs.named(cost).name
    sigma = np.array([3.0, 1.0])
    a, b = cost.value(sigma, 5.0)
    axes = plots.two_memories(2.0, 3.0, -1.0, 1.0, 5.0, 10.0, cost=cost)
    assert axes["memories"].get_title() == f"A costs {a:.2f} nats ({name}), B {b:.2f}"
    found = frontier_of(cost)
    memory = found.memories[0]
    axes = plots.frontier(found, 0)
    texts = [t.get_text() for t in axes["memories"].texts]
    nats = cost.value(memory.sigma, memory.sigma_base)
    assert texts == [f"{x:.1f}" for x in np.where(memory.known, 0.0, nats).ravel()]
    assert texts != [f"{x:.1f}" for x in dra.costs.kl_value(memory.sigma, 5.0).ravel()]  # twin
    assert axes["frontier"].get_xlabel() == f"memory [nats ({name})]"
    task = two_ways()
    run = dra.train(task, 2, rng=0, snapshots=[1], record_every=1, cost=cost, progress=False,
                    sigma_bounds=(0.01, 5.0))  # fmt: skip
    assert plots.snapshot(run, 1)["cost"].get_ylabel() == f"cost λ × nats ({name})"
