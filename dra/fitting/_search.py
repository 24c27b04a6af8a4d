"""The likelihood of one person as a function to be minimised, and the search for its minimum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from dra.fitting import _data
from dra.fitting.model import clipped_logs, table_of

CURVATURE_STEP = 1e-3  # of a logarithm, or of the width of a box
TRIED = 20  # random points for each start


@dataclass(frozen=True, eq=False)
class Problem:
    """The negative log-likelihood of one person's choices in the coordinates of the search.

    A parameter with low > 0 is searched by its logarithm, any other by its place between low and
    high. Points ``x`` have shape (free parameters,).
    """

    model: object
    person: _data.Person
    free: tuple
    fixed: dict
    low: np.ndarray
    high: np.ndarray
    clip: float
    after: int = 0  # choices before this one do not count

    @property
    def logged(self):
        """Which parameters are searched by their logarithm."""
        return self.low > 0

    @property
    def box(self):
        """The bounds (k, 2) of ``x``."""
        return np.stack([self.inner(self.low), self.inner(self.high)], axis=1)

    def inner(self, theta):
        """Return ``x`` of parameters."""
        with np.errstate(all="ignore"):
            return np.where(
                self.logged,
                np.log(np.maximum(theta, np.where(self.logged, self.low, 1.0))),
                (theta - self.low) / (self.high - self.low),
            )

    def outer(self, x):
        """Return the parameters at ``x``, inside their bounds to the last bit."""
        with np.errstate(all="ignore"):
            theta = np.where(self.logged, np.exp(x), self.low + x * (self.high - self.low))
        return np.clip(theta, self.low, self.high)

    def slope(self, theta):
        """Return d theta / d x."""
        return np.where(self.logged, theta, self.high - self.low)

    def parameters(self, x):
        """Return all parameters by name."""
        return self.fixed | dict(zip(self.free, self.outer(x).tolist(), strict=True))

    def loss(self, x):
        """Return the negative log-likelihood of the choices that count."""
        table = np.asarray(self.model.probabilities(self.parameters(x), self.person.rows), float)
        logs = clipped_logs(table, self.person.choice, self.clip)
        loss = -float(np.sum(logs[self.after :]))
        if not np.isfinite(loss):
            table_of(self.model, self.parameters(x), self.person.rows)  # says what is wrong
            raise ValueError(
                f"model gives a log-likelihood of {-loss} at {self.parameters(x)}; "
                "it must be finite"
            )
        return loss


def check(problem):
    """Raise unless the model gives probabilities of the right form in the middle of its box."""
    middle = problem.parameters(problem.box.mean(axis=1))
    table = table_of(problem.model, middle, problem.person.rows)
    _data.check_options(problem.model, problem.person, table.shape[1])


def descend(function, start, bounds, rng=None):
    """Return the local minimum near ``start``: SLSQP of SciPy, with slopes from differences.

    Near borders, and where a long step meets a wall of clipped probabilities, L-BFGS-B ended early
    in 2 of 100 searches, and took half as long again.
    """
    options = {"eps": 1e-7, "ftol": 1e-9, "maxiter": 500}
    return minimize(function, start, method="SLSQP", bounds=bounds, options=options).x


def best(problem, starts, rng, optimiser=None):
    """Return (loss, point, pool): the best point of ``optimiser``, and all (loss, point) met.

    It starts from the best of many random points.
    """
    optimiser, box = optimiser or descend, problem.box
    tried = [box.mean(axis=1)]
    tried += list(rng.uniform(box[:, 0], box[:, 1], size=(TRIED * starts - 1, len(box))))
    losses = [problem.loss(x) for x in tried]
    ends = []
    for i in np.argsort(losses, kind="stable")[:starts]:
        x = np.asarray(optimiser(problem.loss, tried[i].copy(), box.copy(), rng), dtype=float)
        if x.shape != box[:, 0].shape or not np.isfinite(x).all():
            raise ValueError(
                f"optimiser returns {x}; it must return a point with {len(box)} finite coordinates"
            )
        x = np.clip(x, box[:, 0], box[:, 1])
        ends.append((problem.loss(x), x))
    least, x = min(ends, key=lambda end: end[0])
    return least, x, [*ends, *zip(losses, tried, strict=True)]


def curvature(problem, x):
    """Return the matrix of second derivatives of the loss, by central differences."""
    k, h = len(x), CURVATURE_STEP
    steps = h * np.eye(k)
    second = np.empty((k, k))
    middle = problem.loss(x)
    for i in range(k):
        second[i, i] = problem.loss(x + steps[i]) - 2 * middle + problem.loss(x - steps[i])
        for j in range(i):
            along, across = steps[i] + steps[j], steps[i] - steps[j]
            alike = problem.loss(x + along) + problem.loss(x - along)
            second[i, j] = (alike - problem.loss(x + across) - problem.loss(x - across)) / 4
            second[j, i] = second[i, j]
    return second / h**2


def spread(problem, x):
    """Return the standard error of each coordinate of ``x``; NaN where there is none.

    From the inverse of the observed information. A parameter at the border of its box has none,
    and counts as known for the others.
    """
    (low, high), error = problem.box.T, np.full(len(x), np.nan)
    inside = np.flatnonzero(np.minimum(x - low, high - x) > 2 * CURVATURE_STEP)
    information = curvature(problem, x)[np.ix_(inside, inside)]
    try:
        np.linalg.cholesky(information)
        variance = np.diag(np.linalg.inv(information))
    except np.linalg.LinAlgError:
        return error
    error[inside] = np.sqrt(np.where(variance > 0, variance, np.nan))
    return error
