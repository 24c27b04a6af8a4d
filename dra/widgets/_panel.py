"""A panel: controls, a picture, and its numbers in words."""

from __future__ import annotations

import base64
import html
import io
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import ipywidgets as widgets
import numpy as np
from matplotlib.figure import Figure

from dra import _check

DPI = 100
FITS = "max-width: 100%; height: auto"  # an image in a column that is narrower than it


class Panel(widgets.VBox):
    """Controls with a picture and its numbers below, drawn again whenever a control changes.

    Attributes
    ----------
    controls : dict of str to Widget
        By the name of the parameter that each sets.
    picture, words : HTML
        The figure as an image with a text in its place, and the numbers as a list that screen
        readers announce. Where the parameters are not legal, ``words`` says why.
    """

    def __init__(
        self, controls: Mapping[str, widgets.Widget], show: Callable[..., tuple],
        extra: Sequence[widgets.Widget] = (),
    ) -> None:  # fmt: skip
        """Make a panel.

        Parameters
        ----------
        controls : dict of str to Widget
        show : callable (**values) -> (Figure, str, dict)
            The figure, its description, and the numbers by name.
        extra : sequence of Widgets
            More to put above the controls.

        Raises
        ------
        ValueError
            If an argument is not of its kind.
        """
        _check.instance("controls", controls, Mapping, "a mapping from name to Widget")
        _check.function("show", show)
        _check.instance("extra", extra, Sequence, "a sequence of Widgets")
        parts = {f"controls[{name!r}]": control for name, control in controls.items()}
        parts |= {f"extra[{i}]": widget for i, widget in enumerate(extra)}
        for name, part in parts.items():
            _check.instance(name, part, widgets.Widget, "a Widget of ipywidgets")
        self.controls, self.picture, self.words = dict(controls), widgets.HTML(), widgets.HTML()
        self._show = show
        for control in self.controls.values():
            control.observe(self._redraw, "value")
        box = widgets.Layout(flex_flow="row wrap")
        rows = [*extra, widgets.Box([*self.controls.values()], layout=box)]
        super().__init__([*rows, self.picture, self.words])
        self._redraw()

    def _redraw(self, change: Any = None) -> None:
        """Draw with the values that the controls have now."""
        try:
            figure, description, numbers = self._show(
                **{name: control.value for name, control in self.controls.items()}
            )
        except (ValueError, RuntimeError) as error:
            self.picture.value = ""
            self.words.value = f'<p role="alert">{html.escape(str(error))}</p>'
            return
        self.picture.value = image(figure, description)
        self.words.value = listed(numbers)


def slider(
    kind: type, description: str, low: float, high: float, step: float, value: float, **options: Any
) -> widgets.Widget:
    """Return a slider whose whole label can be read; ``kind`` is a class of ipywidgets."""
    return kind(
        description=description, min=low, max=high, step=step, value=value, style=LABEL,
        layout=WIDTH, **options,
    )  # fmt: skip


LABEL = {"description_width": "initial"}
WIDTH = widgets.Layout(width="24em")


def blank(width: float, height: float) -> Figure:
    """Return a new figure that pyplot knows nothing of, so that nothing has to be closed."""
    return Figure(figsize=(width, height), dpi=DPI, layout="constrained")


@np.errstate(all="ignore")
def image(figure: Figure, description: str) -> str:
    """Return a figure as an HTML image."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    data = base64.b64encode(buffer.getvalue()).decode()
    source = f'src="data:image/png;base64,{data}"'
    return f'<img alt="{html.escape(description)}" style="{FITS}" {source}>'


def listed(numbers: Mapping[str, float | str]) -> str:
    """Return numbers with names as an HTML list, four digits each."""
    items = (f"<li>{html.escape(name)}: {html.escape(text(x))}</li>" for name, x in numbers.items())
    return f'<ul role="status" aria-live="polite">{"".join(items)}</ul>'


def text(value: float | str) -> str:
    """Return a number as it is shown; a text as it is."""
    return value if isinstance(value, str) else f"{value:.4g}"
