"""The living maze for notebooks: every figure, every number, every control."""

import functools
import itertools

import ipywidgets
import numpy as np
import pytest
from matplotlib.figure import Figure
from widget_checks import RENDERED, agree, combinations, idle_controls, render, shown

import dra
from dra import costs, plots, policy, widgets
from dra.widgets import _maze

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("error")]


@pytest.fixture(scope="module")
def maze():
    return widgets.living_maze()


def even(i):
    return i.bit_count() % 2 == 0


def test_the_living_maze_can_be_drawn_at_all_extremes(maze):
    numeric = ("time", "start", "change", "trials", "cost_weight", "sigma_base", "beta")
    assert {*numeric, "view", "walls"} == set(maze.controls)
    trained = functools.cache(widgets.train_living_maze)
    views = itertools.cycle(maze.controls["view"].options)
    every = combinations(maze, *numeric)
    assert len(every) == 128
    # a quarter in which any two controls still meet at all their extremes
    every = [v for i, v in enumerate(every) if even(i >> 4) and even(i % 16)]
    for one, other in itertools.combinations(numeric, 2):
        assert len({(v[one], v[other]) for v in every}) == 4
    for i, (values, view) in enumerate(zip(every, views, strict=False)):
        time = values.pop("time")
        run = trained(**values)
        figure = Figure(layout="constrained")
        plots.snapshot(run, time * run.trials // 100, view, figure=figure)
        if i % RENDERED == 0:
            render(figure)


def test_the_living_maze_shows_the_numbers_of_its_run(maze):
    run = widgets.train_living_maze(trials=1000)
    again = dra.train(
        dra.tasks.gridworld(), 1000, rng=0, progress=False, sigma_init=1.0, learning_rate_q=0.2,
        evaluation_episodes=20, record_every=20, snapshots=[500, 980],
    )  # fmt: skip
    np.testing.assert_array_equal(run.memory.sigma, again.memory.sigma)  # the paper's parameters
    for time, trial in ((98, 980), (50, 500)):
        maze.controls["time"].value = time
        memory, row = again.snapshots[trial], again.history[again.history.trial == trial][0]
        nats = costs.kl_value(memory.sigma, 5.0).sum()
        true = {
            "trial": trial,
            "trials in all": 1000,
            "reward": row.reward,
            "memory [nats (kl)]": nats,
        }
        true |= {"cost λ × nats (kl)": 0.1 * nats, "objective": row.reward - 0.1 * nats}
        assert agree(maze, true)
        assert not agree(maze, {**true, "memory [nats (kl)]": 1.01 * nats})  # twin
    maze.controls["time"].value = 98
    assert shown(maze)["the maze changes at trial"] == "never"


def cell_texts(ax):
    return {
        (round(text.get_position()[1] - 0.32), text.get_position()[0]): text.get_text()
        for text in ax.texts
        if text.get_text() not in "SG"
    }


@pytest.mark.parametrize(
    ("view", "value"),
    [
        ("choice entropy", lambda m: policy.choice_entropy(m.q, m.sigma, base=4)),
        ("precision", lambda m: (1 / m.sigma**2).max(axis=1)),
        ("value", lambda m: m.q.max(axis=1)),
    ],
)
def test_the_cells_show_what_the_agent_remembers(view, value):
    run = widgets.train_living_maze(change=True)
    assert list(run.changes) == [300]
    for trial, task in ((290, dra.tasks.gridworld()), (990, dra.tasks.gridworld_changed())):
        ax = plots.snapshot(run, trial, view, figure=Figure())["map"]
        values = value(run.snapshots[trial // 20 * 20])
        texts = cell_texts(ax)
        free = [
            task.layout.cell(s)
            for s in range(54)
            if task.layout.cell(s) not in {*task.layout.walls, task.layout.goal}
        ]
        assert texts == {cell: f"{values[task.layout.state(cell)]:.2g}" for cell in free}
        walk = ax.lines[0].get_xydata()
        assert tuple(walk[0]) == (0, 2) and tuple(walk[-1]) == task.layout.goal[::-1]
        assert len(walk) - 1 == widgets.living_maze_numbers(run, trial)["steps of the walk shown"]


def test_every_control_of_the_living_maze_matters(maze):
    values = {"time": 40, "view": "value", "start": "poor", "change": True, "trials": 300}
    values |= {"cost_weight": 0.0, "sigma_base": 2.0, "beta": 20.0, "walls": ((1, 1), (3, 4))}
    assert set(values) == set(maze.controls)
    assert idle_controls(maze, values) == []


def test_a_maze_is_built_by_pressing_cells(maze):
    walls = maze.controls["walls"]
    before = walls.value
    assert before == tuple(sorted(dra.tasks.gridworld().layout.walls))
    walls.buttons[2, 2].value = False
    walls.buttons[5, 0].value = True
    assert walls.value == tuple(sorted({*before, (5, 0)} - {(2, 2)}))
    run = widgets.train_living_maze(walls=walls.value)
    assert set(run.task_at(0).layout.walls) == set(walls.value)
    assert agree(maze, {"memory [nats (kl)]": run.snapshots[980].cost(1.0)})
    walls.buttons[2, 2].value, walls.buttons[5, 0].value = True, False
    assert walls.value == before
    assert [b.description for b in walls.buttons.values() if b.disabled] == ["G", "S"]


def test_a_maze_without_a_way_is_refused_and_can_be_mended(maze):
    walls = maze.controls["walls"]
    before, picture = walls.value, maze.picture.value
    walls.value = ((1, 8), *before)
    assert "alert" in maze.words.value and "goal" in maze.words.value
    walls.value = before
    assert maze.picture.value == picture


def test_the_changed_maze_keeps_the_walls_that_were_built():
    run = widgets.train_living_maze(trials=100, change=True, walls=[(0, 7), (5, 5)])
    after = run.task_at(99).layout
    assert after.walls == ((5, 5),) and after.goal == (0, 6)
    paper = widgets.train_living_maze(trials=100, change=True).task_at(99).layout
    assert paper == dra.tasks.gridworld_changed().layout


def test_the_player_moves_through_the_run(maze):
    (player,) = [child for child in maze.children if isinstance(child, ipywidgets.Play)]
    player.value = 20
    assert maze.controls["time"].value == 20 and shown(maze)["trial"] == "200"
    player.value = 98
    assert shown(maze)["trial"] == "980"


def test_the_living_maze_is_its_seed():
    runs = [widgets.train_living_maze(trials=60, rng=seed) for seed in (1, 1, 2)]
    sums = [run.memory.sigma.sum() for run in runs]
    assert sums[0] == sums[1] != sums[2]


def test_the_living_maze_is_paid_by_the_cost_that_is_given():
    run = widgets.train_living_maze(trials=60, cost="entropy", start="poor")
    numbers, memory = widgets.living_maze_numbers(run, 59), run.snapshots[59]
    nats = np.log(5.0 / memory.sigma).sum()
    assert numbers["memory [nats (entropy)]"] == pytest.approx(nats)
    assert memory.sigma.max() <= 5.0
    assert "cost λ × nats (entropy)" in shown(widgets.living_maze(cost="entropy"))
    with pytest.raises(ValueError, match="cost is 'gold'"):
        widgets.living_maze(cost="gold")


def test_a_generator_for_the_living_maze_is_not_advanced():
    rng = np.random.default_rng(3)
    panel = widgets.living_maze(rng=rng)
    assert rng.random() == np.random.default_rng(3).random()
    before = panel.picture.value
    panel.controls["start"].value = "poor"
    panel.controls["start"].value = "rich"
    assert panel.picture.value == before


def test_the_living_maze_refuses_what_is_not_legal():
    for change, message in (
        ({"start": "middling"}, "start is 'middling'"),
        ({"trials": 10}, "trials is 10"),
        ({"sigma_base": 0}, "sigma_base is 0"),
        ({"cost_weight": -1}, "cost_weight is -1"),
        ({"change": "no"}, "change is 'no'"),
        ({"rng": "abc"}, "rng is 'abc'"),
    ):
        with pytest.raises(ValueError, match=message):
            widgets.train_living_maze(**change)
    with pytest.raises(ValueError, match="rng is 'abc'"):
        widgets.living_maze(rng="abc")
    run = dra.train(dra.tasks.gridworld(), 60, rng=0, progress=False, snapshots=[10])
    with pytest.raises(ValueError, match="trial is 5; the run has no snapshot"):
        plots.snapshot(run, 5)
    with pytest.raises(ValueError, match="view is 'mood'"):
        plots.snapshot(run, 10, "mood")


def test_the_rich_start_is_that_of_figure_1b():
    assert _maze.RICH * dra.presets.GRIDWORLD["sigma_base"] == 1.0
