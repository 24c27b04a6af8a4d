"""Progress bars: when to show one."""

from __future__ import annotations

import os
import sys

from tqdm import tqdm

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
        variable CI is set.
    initial : int
        How many are done already.
    """
    if progress not in (None, True, False):
        raise ValueError(f"progress is {progress!r}; it must be True, False or None")
    if progress is None:
        progress = "CI" not in os.environ and (sys.stderr.isatty() or "ipykernel" in sys.modules)
    return tqdm(
        total=total, unit=unit, initial=initial, delay=BAR_DELAY, leave=False, disable=not progress
    )
