"""Progress bars: when to show one."""

from __future__ import annotations

import io
import os
import sys

from tqdm import tqdm

from dra import _check

BAR_DELAY = 2.0
"""Seconds before a progress bar appears."""


def bar(total, unit, progress=None, *, initial=0):
    """Return a bar, to be used in a ``with`` statement; one that shows nothing where it is off.

    Parameters
    ----------
    total : int
    unit : str
        What is counted.
    progress : bool, optional
        Show it. Default: on a terminal, or in a live notebook, but never where the environment
        variable CI is set. Nothing is shown where there is no standard error to write to.
    initial : int
        How many are done already.
    """
    notebook = _notebook()
    if _check.option("progress", progress) is None:
        progress = "CI" not in os.environ and (_terminal() or notebook)
    shown = progress and (notebook or _writable())
    return (_BelowCell if notebook else _Bar)(
        total=total, unit=unit, initial=initial, delay=BAR_DELAY, leave=False, disable=not shown
    )


class _Bar(tqdm):
    """A bar that gives itself up, and not the work, once standard error is gone."""

    def display(self, *args, **kwargs):
        """Draw the bar."""
        try:
            return super().display(*args, **kwargs)
        except (OSError, ValueError):
            self.disable = True


class _BelowCell(tqdm):
    """A bar below a cell of a notebook, gone when it is done.

    On standard error it would leave a red field with nothing in it.
    """

    def __init__(self, **options):
        """Write nowhere else."""
        self._place = None
        super().__init__(file=io.StringIO(), **options)

    def display(self, msg=None, pos=None):
        """Draw the bar, or nothing where ``msg`` is empty."""
        from IPython.display import display

        text = str(self) if msg is None else msg
        shown = {"text/plain": text} if text else {"text/html": ""}
        if self._place is None:
            self._place = display(shown, raw=True, display_id=True)
        else:
            self._place.update(shown, raw=True)


def _notebook():
    """Whether a kernel runs this, with a front end that shows what it displays."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return getattr(shell, "kernel", None) is not None


def _terminal():
    """Whether standard error is a terminal. It may be missing, closed, or anything at all."""
    try:
        return bool(sys.stderr.isatty())
    except (AttributeError, ValueError):
        return False


def _writable():
    """Whether standard error takes text."""
    try:
        sys.stderr.write("")
        sys.stderr.flush()
    except (AttributeError, ValueError, OSError):
        return False
    return True
