"""Profile likelihoods: one parameter held, the others fitted again."""

from __future__ import annotations

import math

import numpy as np
from scipy.optimize import brentq
from scipy.stats import chi2

from dra.fitting import _search

NEARBY = 12  # points tried as a start
APART = 1e-3  # of the scale of the search: what lies further out than this is another piece
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


def interval(problem, x, least, error, confidence, pool=()):
    """Return (low, high) of each coordinate: where twice the loss rises by the chi-square bound.

    The set below that bound may be in pieces: each end is that of the outermost one met. ``pool``
    holds (loss, point) met before. An end that is not reached inside the box is the end of the box.
    """
    rise = math.sqrt(chi2.ppf(confidence, 1))
    pool = [(least, x), *((loss, p) for loss, p in pool if loss < least + rise**2)]
    ends = np.tile(x[:, None], (1, 2))
    while True:
        below = np.array([point for loss, point in pool if 2 * (loss - least) < rise**2])
        outer = np.stack([below.min(axis=0), below.max(axis=0)], axis=1)
        further = (outer - ends) * (-1, 1) > APART
        further |= (ends == x[:, None]) & (ends != problem.box)
        if not further.any():
            return ends
        for i, side in np.argwhere(further):
            ends[i, side] = _end(problem, i, 2 * side - 1, least, error[i], rise, pool)


def _nearby(problem, i, value, pool):
    """Return the best of the points met near ``value``, once moved there."""
    points = sorted((point for _, point in pool), key=lambda point: abs(point[i] - value))[:NEARBY]
    moved = [np.where(np.arange(len(p)) == i, value, p) for p in (pool[0][1], *points)]
    return min(moved, key=problem.loss)


def _end(problem, i, side, least, error, rise, pool):
    """Return the coordinate at which the signed root of the profile reaches ``rise``."""
    border, known = problem.box[i, (side + 1) // 2], {}

    def excess(value):
        if value not in known:
            loss, point = held(problem, i, value, _nearby(problem, i, value, pool))
            if loss < least - BETTER:
                raise Found(point)
            pool.append((loss, point))
            known[value] = math.sqrt(2 * max(loss - least, 0.0)) - rise
        return known[value]

    inside = max((p[i] for loss, p in pool if 2 * (loss - least) < rise**2), key=lambda v: v * side)
    step = max(rise * error if np.isfinite(error) else 0.1 * np.ptp(problem.box[i]), 1e-3)
    while inside != border:
        outside = inside + side * step
        outside = border if (outside - border) * side >= 0 else outside
        if excess(outside) >= 0:
            if excess(inside) >= 0:  # it was met with other coordinates better than these
                return inside
            return brentq(excess, *sorted((inside, outside)), xtol=1e-4, rtol=1e-6)
        inside, step = outside, 1.7 * step
    return border


def curve(problem, i, x, values):
    """Return (losses, points) of a profile at ``values``, each from its neighbours' ends.

    First outwards from the estimate, then up and down once more, for there may be two valleys.
    """
    n = len(values)
    losses, points = np.full(n, np.inf), np.tile(np.asarray(x, dtype=float), (n, 1))
    middle = int(np.abs(values - x[i]).argmin())
    outwards = [(k, k - 1) for k in range(middle + 1, n)]
    outwards += [(k, k + 1) for k in range(middle - 1, -1, -1)]
    again = [(k, k - 1) for k in range(1, n)] + [(k, k + 1) for k in range(n - 2, -1, -1)]
    for k, neighbour in [(middle, middle), *outwards, *again]:
        loss, point = held(problem, i, values[k], points[neighbour])
        if loss < losses[k]:
            losses[k], points[k] = loss, point
    return losses, points
