"""Profile likelihoods: one parameter held, the others fitted again."""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2

from dra.fitting import _search

BETTER = 1e-3  # of a nat: a profile that goes this far below the minimum has found another one


class Found(Exception):
    """A better point than the estimate was met on the way."""

    def __init__(self, x):
        super().__init__()
        self.x = x


def held(problem, i, value, near):
    """Return (loss, x): the best point with coordinate ``i`` at ``value``, from ``near``."""
    others = np.arange(len(near)) != i
    x = np.array(near, dtype=float)
    x[i] = value

    def loss(rest):
        x[others] = rest
        return problem.loss(x)

    if others.any():
        box = problem.box[others]
        start = np.clip(x[others], box[:, 0], box[:, 1])
        x[others] = np.clip(_search.descend(loss, start, box), box[:, 0], box[:, 1])
    return problem.loss(x), x.copy()


def interval(problem, x, least, error, confidence):
    """Return (low, high) of each coordinate: where twice the loss rises by the chi-square bound.

    An end that is not reached inside the box is the end of the box.
    """
    rise = math.sqrt(chi2.ppf(confidence, 1))
    return np.array(
        [
            [_end(problem, i, x, least, error[i], side, rise) for side in (-1, 1)]
            for i in range(len(x))
        ]
    )


def _end(problem, i, x, least, error, side, rise):
    """Return the coordinate at which the signed root of the profile reaches ``rise``."""
    border = problem.box[i, (side + 1) // 2]
    near, known = {x[i]: x}, {x[i]: -rise}

    def excess(value):
        if value in known:
            return known[value]
        start = near[min(near, key=lambda place: abs(place - value))]
        loss, point = held(problem, i, value, start)
        if loss < least - BETTER:
            raise Found(point)
        near[value] = point
        known[value] = math.sqrt(2 * max(loss - least, 0.0)) - rise
        return known[value]

    width = rise * error if np.isfinite(error) else 0.1 * np.ptp(problem.box[i])
    inside, step = x[i], max(width, 1e-3)
    while inside != border:
        outside = x[i] + side * step
        outside = border if (outside - border) * side >= 0 else outside
        if excess(outside) >= 0:
            return brentq(excess, *sorted((inside, outside)), xtol=1e-4, rtol=1e-6)
        inside, step = outside, 1.7 * step
    return border


def curve(problem, i, x, values):
    """Return (losses, points) of a profile at ``values``, each from its neighbour's end."""
    losses, points = np.empty(len(values)), np.empty((len(values), len(x)))
    middle = int(np.abs(values - x[i]).argmin())
    for order in (range(middle, len(values)), range(middle - 1, -1, -1)):
        near = x
        for k in order:
            losses[k], near = held(problem, i, values[k], near)
            points[k] = near
    return losses, points
