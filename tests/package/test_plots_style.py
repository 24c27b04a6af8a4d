"""Pictures in anyone's style and state: they mean the same there, and leave it as it was."""

import subprocess
import sys

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawing import CAR, MAZE, TWO, pixels, two_ways
from matplotlib.figure import Figure

from dra import plots

pytestmark = [pytest.mark.filterwarnings("error"), pytest.mark.usefixtures("nothing_left_open")]
HOSTILE = {
    "image.origin": "lower",
    "image.interpolation": "bilinear",
    "image.aspect": "auto",
    "axes.autolimit_mode": "round_numbers",
    "axes.xmargin": 0.3,
    "axes.grid": True,
    "axes.grid.which": "both",
    "figure.autolayout": True,
    "axes.prop_cycle": "cycler('linestyle', ['-', ':'])",
    "text.color": "white",
}


def pictures(run, found, rendered=True):
    """Every figure of the module, drawn and, which takes longest, rendered."""
    memory = run.memory
    drawn = [plots.maze(MAZE, memory.q.max(axis=1), label="q"), plots.maze(MAZE, memory.q)]
    drawn += [plots.walk(MAZE, [18, 9, 10]), plots.state_map(CAR, np.arange(285.0))]
    drawn += [plots.band([0, 1], [[1e-200, 2.0], [3.0, 2.0]]), plots.state_map(two_ways())]
    for axes in (
        plots.two_memories(*TWO), plots.two_memories(8, 0.2, -8, 0.2, 10, np.inf),
        plots.snapshot(run, 59), plots.frontier(found, 0), plots.frontier(found, 1),
    ):  # fmt: skip
        drawn += axes.values()
    for ax in drawn if rendered else ():
        pixels(ax)
    return drawn


@pytest.mark.slow
def test_pictures_leave_everything_as_it_was(run, found):
    rc, errors, backend = dict(mpl.rcParams), np.geterr(), mpl.get_backend()
    mine = plt.figure()
    ax = mine.add_subplot()
    plots.maze(MAZE, np.arange(54.0), ax=plt.figure().add_subplot(), label="x")
    plt.figure(mine)
    plots.maze(MAZE, np.arange(54.0), ax=Figure().add_subplot(), label="x")
    assert plt.gca() is ax and plt.gcf() is mine  # another's figure is not made the current one
    pictures(run, found)
    assert dict(mpl.rcParams) == rc and np.geterr() == errors and mpl.get_backend() == backend


@pytest.mark.slow
def test_pictures_mean_the_same_in_any_style(run, found):
    def where(drawn):
        limits = [ax.get_xlim() + ax.get_ylim() for ax in drawn if ax.images]
        look = [(i.origin, i.get_interpolation(), i.axes.get_aspect()) for ax in drawn
                for i in ax.images]  # fmt: skip
        letters = [t.get_color() for ax in drawn for t in ax.texts if t.get_text() in "SG"]
        return limits, look, letters

    plain = where(pictures(run, found))
    plt.close("all")
    with mpl.rc_context(HOSTILE):
        assert where(pictures(run, found)) == plain
    for style in ("dark_background", "classic", "ggplot", "dra.figures"):
        plt.close("all")
        with plt.style.context(style):
            assert where(pictures(run, found, rendered=style == "classic")) == plain


@pytest.mark.parametrize("errors", ["raise", "ignore"])
def test_pictures_do_not_depend_on_numpys_error_state(run, found, errors):
    with np.errstate(all=errors):
        axes = plots.two_memories(8, 0.2, -8, 0.2, 10, np.inf)
        plots.snapshot(run, 59, "precision")
        plots.frontier(found, 0)
        plots.maze(MAZE, np.full(54, 1e-320), label="tiny")
        plots.band([0, 1], [[1e-200, 1e200], [3.0, 2.0]])
    assert axes["choice"].patches[0].get_height() == pytest.approx(1.0)


def test_a_closed_figure_can_be_drawn_on():
    figure, ax = plt.subplots()
    plt.close(figure)
    assert plots.maze(MAZE, np.arange(54.0), ax=ax, label="x") is ax and len(ax.images) == 1
    ax.remove()
    with pytest.raises(ValueError, match="ax was removed"):
        plots.maze(MAZE, ax=ax)


def test_only_new_figures_need_pyplot():
    code = (
        "import sys, dra\nfrom matplotlib.figure import Figure\n"
        "dra.plots.two_memories(1, 1, 1, 1, 1, 1, figure=Figure())\n"
        "dra.plots.maze(dra.tasks.gridworld(), ax=Figure().add_subplot())\n"
        "print('matplotlib.pyplot' in sys.modules)"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"
