"""Curves of several runs."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from numpy.typing import ArrayLike

from dra import _check
from dra.plots import _arguments


@np.errstate(all="ignore")
def band(
    x: ArrayLike, curves: ArrayLike, *, ax: Axes | None = None, label: str | None = None,
    **options: Any,
) -> Axes:  # fmt: skip
    """Draw the mean of several curves with a band of one standard deviation over them.

    Parameters
    ----------
    x : (n_x,) array
    curves : (n_runs, n_x) array
    ax : Axes, optional
    label : str, optional
        For a legend.
    **options
        Those of ``plot``: color, linestyle, marker and the like.

    Returns
    -------
    Axes

    Raises
    ------
    ValueError
        If an argument is not legal.
    """
    at, each = _check.array("x", x), _check.array("curves", curves)
    if at.ndim != 1 or at.size == 0:
        raise ValueError(f"x has shape {at.shape}; it must be (n_x,), n_x at least 1")
    if each.ndim != 2 or each.shape[1] != at.size or len(each) == 0:
        raise ValueError(f"curves has shape {each.shape}; it must be (n_runs, {at.size})")
    label, options = _arguments.label_of(label), _arguments.line(options)
    ax = _arguments.axes_on(ax)
    mean, spread = each.mean(axis=0), each.std(axis=0, ddof=min(1, len(each) - 1))
    (curve,) = ax.plot(at, mean, label=label, **options)
    ax.fill_between(at, mean - spread, mean + spread, color=curve.get_color(), alpha=0.2, lw=0)
    return ax
