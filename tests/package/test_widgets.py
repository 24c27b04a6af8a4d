"""What holds for all panels for live notebooks: controls, words, errors, what must be there."""

import re
import subprocess
import sys

import ipywidgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawing import ROOM, frontier_of_room
from matplotlib.figure import Figure
from widget_checks import extremes, idle_controls, shown

from dra import plots, widgets

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("error")]


@pytest.fixture(scope="module")
def memories():
    return widgets.two_memories()


@pytest.fixture(scope="module")
def maze():
    return widgets.living_maze()


@pytest.fixture(scope="module")
def prices():
    return widgets.frontier(ROOM, found=frontier_of_room())


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
