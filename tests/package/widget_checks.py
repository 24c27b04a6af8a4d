"""Checks of panels: what they show, and whether their controls matter."""

import html
import io
import itertools
import re

import ipywidgets

RENDERED = 5  # of the figures made, one in so many is also rendered, which takes longest


def extremes(control):
    """The first and last value that a control can take."""
    if isinstance(control, ipywidgets.Checkbox):
        return [False, True]
    if hasattr(control, "options"):
        values = [o[1] if isinstance(o, tuple) else o for o in control.options]
        return [values[0], values[-1]]
    return [control.min, control.max]


def combinations(panel, *names):
    """All combinations of the extreme values of some controls, as keyword arguments."""
    values = [extremes(panel.controls[name]) for name in names]
    return [dict(zip(names, chosen, strict=True)) for chosen in itertools.product(*values)]


def render(figure):
    """Draw a figure, coarsely; warnings are errors here."""
    figure.savefig(io.BytesIO(), format="png", dpi=20)


def shown(panel):
    """The numbers that a panel shows in words."""
    items = re.findall(r"<li>(.*?): (.*?)</li>", panel.words.value)
    return {html.unescape(name): html.unescape(value) for name, value in items}


def agree(panel, numbers):
    """Whether a panel shows ``numbers``, to four digits."""
    found = shown(panel)
    return all(f"{value:.4g}" == found[name] for name, value in numbers.items())


def idle_controls(panel, values):
    """The names of the controls that change neither the picture nor the words."""
    idle = []
    for name, value in values.items():
        control = panel.controls[name]
        before, old = (panel.picture.value, panel.words.value), control.value
        assert value != old
        control.value = value
        if (panel.picture.value, panel.words.value) == before:
            idle.append(name)
        control.value = old
        assert (panel.picture.value, panel.words.value) == before  # the same again, to the byte
    return idle
