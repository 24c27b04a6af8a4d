"""Progress bars: when to show one."""

from __future__ import annotations

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
    if _check.option("progress", progress) is None:
        progress = "CI" not in os.environ and (_terminal() or "ipykernel" in sys.modules)
    shown = progress and _writable()
    return _Bar(
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
