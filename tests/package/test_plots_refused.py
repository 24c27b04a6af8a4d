"""Pictures refuse what is not legal, by name and before anything is drawn."""

import re
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawing import CAR, MAZE, TWO, two_ways
from matplotlib.colors import LogNorm

import dra
from dra import plots

pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.usefixtures("nothing_left_open")]
ONES = np.ones(54)
AVERAGED = replace(two_ways(), layout=type("L", (), {"image": lambda self, v: v[None] + 0.5})())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: plots.maze(dra.tasks.gridworld), "task is <function gridworld"),
        (lambda: plots.maze(two_ways()), "task is .* no layout"),
        (lambda: plots.maze(CAR), "task is <mountain car.* no walls, start and goal"),
        (lambda: plots.state_map(AVERAGED, np.ones(4)), "must hold values and NaN only"),
        (lambda: plots.maze(MAZE, ONES[:5]), "values has shape"),
        (lambda: plots.maze(MAZE, np.ones((54, 3))), "values has shape"),
        (lambda: plots.maze(MAZE, np.where(ONES.cumsum() == 3, np.inf, 1)), r"values\[2\] is inf"),
        (lambda: plots.maze(MAZE, ["1"] * 54), "values is"),
        (lambda: plots.maze(MAZE, [[1], [1, 2]]), "values is"),
        (lambda: plots.maze(MAZE, ONES, ax=plt), "ax is <module"),
        (lambda: plots.maze(MAZE, ONES, label=3), "label is 3"),
        (lambda: plots.maze(MAZE, ONES, cmap="viridiss"), "cmap"),
        (lambda: plots.maze(MAZE, ONES, cmap=3), "cmap"),
        (lambda: plots.maze(MAZE, ONES, norm=3), "norm"),
        (lambda: plots.maze(MAZE, ONES, vmin="a"), "vmin is 'a'"),
        (lambda: plots.maze(MAZE, ONES, vmin=2, vmax=1), "vmin is 2.0"),
        (lambda: plots.maze(MAZE, ONES, vmin=2, norm=LogNorm()), "norm is"),
        (lambda: plots.maze(MAZE, ONES, colour="red"), "'colour' is not an option"),
        (lambda: plots.walk(two_ways(), [0]), "has no layout"),
        (lambda: plots.walk(MAZE, []), r"states has shape \(0,\)"),
        (lambda: plots.walk(MAZE, [[18]]), r"states has shape \(1, 1\)"),
        (lambda: plots.walk(MAZE, [18, 54]), r"states\[1\] is 54"),
        (lambda: plots.walk(MAZE, [-1]), r"states\[0\] is -1"),
        (lambda: plots.walk(MAZE, [18, 0.5]), r"states\[1\] is 0.5"),
        (lambda: plots.walk(MAZE, [11]), r"states\[0\] is 11"),  # the wall (1, 2)
        (lambda: plots.walk(MAZE, [18], color="reddish"), "reddish"),
        (lambda: plots.walk(MAZE, [18], linewidths=3), "linewidths"),
        (lambda: plots.band([0, 1], [1.0, 2.0]), "curves has shape"),
        (lambda: plots.band([0, 1], np.ones((0, 2))), "curves has shape"),
        (lambda: plots.band([[0], [1]], np.ones((1, 2))), "x has shape"),
        (lambda: plots.band([0, np.nan], np.ones((1, 2))), r"x\[1\] is nan"),
        (lambda: plots.band([0, 1], [[1.0, np.inf]]), r"curves\[0, 1\] is inf"),
        (lambda: plots.band([0, 1], [[1], [1, 2]]), "curves is"),
        (lambda: plots.band([0, 1], np.ones((1, 2)), colour="red"), "colour"),
        (lambda: plots.two_memories(*TWO, cost="gold"), "cost is 'gold'"),
        (lambda: plots.two_memories(*TWO, figure=3), "figure is 3"),
    ],
)
def test_what_is_not_legal_is_refused_by_name(call, message):
    with pytest.raises(ValueError, match=message):
        call()
    assert plt.get_fignums() == []  # and before anything is drawn


BAD = (object(), "abc", None, np.nan, np.inf, -1, 1.5, 2 + 1j, [], {}, {1: 2}, [None], len,
       np.array(["x"]), [[1], [2, 3]], True, b"x", dra)  # fmt: skip


def calls(run, found):
    """A legal call of each function: (function, arguments by name)."""
    one = {"gap": 2.0, "cost_weight": 0.5, "sigma_base": 5.0}
    memories = dict(
        zip(("q_a", "sigma_a", "q_b", "sigma_b", "sigma_base", "beta"), TWO, strict=True)
    )
    colour = {"ax": None, "label": None, "cmap": None, "norm": None, "vmin": None, "vmax": None}
    line = {"ax": None, "color": "C0", "linewidth": 1.0}
    return [
        (plots.maze, {"task": MAZE, "values": ONES, **colour}),
        (plots.state_map, {"task": two_ways(), "values": np.ones(4), **colour}),
        (plots.walk, {"task": MAZE, "states": [18], **line}),
        (plots.band, {"x": [0, 1], "curves": [[1.0, 2.0]], "label": None, **line}),
        (plots.two_memories, {**memories, "cost": "kl", "figure": None}),
        (plots.one_memory, {**one, "cost": "kl", "figure": None}),
        (plots.snapshot, {"run": run, "trial": 59, "view": "value", "norm": None, "figure": None}),
        (plots.frontier, {"found": found, "index": 0, "task": two_ways(), "figure": None}),
    ]


def test_every_argument_of_every_function_is_checked(run, found):
    tried = {function.__name__ for function, _ in calls(run, found)}
    assert tried == set(plots.__all__)
    refused = 0
    for function, arguments in calls(run, found):
        function(**arguments)
        for name in arguments:
            for bad in BAD:
                plt.close("all")
                try:
                    function(**{**arguments, name: bad})
                except ValueError as error:
                    refused += 1
                    assert re.search(rf"\b{name}\b", str(error)), (function, name, bad, error)
                    assert plt.get_fignums() == []
    assert refused > 400
