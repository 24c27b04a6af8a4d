"""Models that come along: four of the slot machines, and soft Thompson sampling of any options."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.special import ndtr

from dra import _check, policy
from dra.fitting import _sigma
from dra.fitting.model import ChoiceModel


def _accepting(rows, sigma, lapse):
    """Return the probabilities (n, 2) of refusing and accepting (eq-fit-accept)."""
    p = lapse / 2 + (1 - lapse) * ndtr(rows["d"] / sigma)
    return np.stack([1 - p, p], axis=1)


def _count(rows):
    """Return how many machines there are."""
    return int(rows["machine"].max()) + 1


def _dra(p, rows):
    sigma = _sigma.dra_steps(
        rows["machine"], rows["d"], _count(rows), p["cost_weight"], p["learning_rate_sigma"],
        p["sigma_init"], p["sigma_base"],
    )  # fmt: skip
    return _accepting(rows, sigma, p["lapse"])


def _equal(p, rows):
    return _accepting(rows, p["sigma"], p["lapse"])


def _frequency(p, rows):
    ratio = _sigma.shares(rows["machine"], _count(rows))
    return _accepting(rows, p["sigma"] * ratio ** -p["power"], p["lapse"])


def _stakes(p, rows):
    ratio = _sigma.stakes(rows["machine"], rows["d"], _count(rows))
    return _accepting(rows, p["sigma"] * ratio ** -p["power"], p["lapse"])


def _machine_model(name, probabilities, bounds, fixed):
    """Return a model of accepting and refusing."""
    return ChoiceModel(
        name, bounds | {"lapse": (0.0, 0.5)}, probabilities, columns=("d",), labels=("machine",),
        choice="accept", fixed=fixed | {"lapse": 0.0},
    )  # fmt: skip


_SIGMA = {"sigma": (0.05, 50.0)}
_POWER = _SIGMA | {"power": (0.0, 3.0)}
_ALL = {
    "cost_weight": (0.01, 1.0),
    "learning_rate_sigma": (0.001, 1.0),
    "sigma_init": (0.5, 10.0),
    "sigma_base": (1.0, 20.0),
}

BUILT_IN = {
    "dra": _machine_model("dra", _dra, _ALL, {"sigma_base": 5.0}),
    "equal": _machine_model("equal", _equal, _SIGMA, {}),
    "frequency": _machine_model("frequency", _frequency, _POWER, {"power": 0.5}),
    "stakes": _machine_model("stakes", _stakes, _POWER, {"power": 0.5}),
}
"""The four models of the slot machines, by name. Their data have the columns machine, d, accept."""


@dataclass(frozen=True)
class _Thompson:
    """Probabilities of soft Thompson sampling, with the columns to read."""

    q: tuple
    sigma: tuple

    def __call__(self, p, rows):
        q = np.stack([rows[c] for c in self.q], axis=1)
        noise = [rows[c] for c in self.sigma] if self.sigma else [p["sigma"]] * len(self.q)
        sigma = np.stack(np.broadcast_arrays(*noise, q[:, 0])[:-1], axis=1)
        rows, place = np.unique(np.concatenate([q, sigma], axis=1), axis=0, return_inverse=True)
        different = policy.choice_probabilities(*np.split(rows, 2, axis=1), p["beta"])
        return different[place.reshape(-1)]


def soft_thompson(q: Sequence[str], sigma: Sequence[str] | None = None) -> ChoiceModel:
    """Return the model of choices between options whose values are known (eq-choice).

    The probabilities are the exact integrals of :func:`dra.policy.choice_probabilities`, made once
    for rows that are alike; 1000 different ones take about 0.2 s each time.

    Parameters
    ----------
    q : sequence of column names, one an option
        Where the mean of each option stands.
    sigma : sequence of column names, optional
        Where their standard deviations stand. Default: one parameter "sigma" for all.

    Returns
    -------
    ChoiceModel
        With the parameter "beta" and, without columns for it, "sigma"; beta is then kept at 10,
        for at a glance the two can hardly be told apart.

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    >>> import pandas as pd
    >>> model = soft_thompson(["left", "middle", "right"])
    >>> sets = pd.DataFrame([[0, 1, 2], [2, 0, 0.5], [1, 1.2, 0]], columns=model.columns)
    >>> offers = pd.concat([sets] * 200)
    >>> import dra
    >>> chosen = dra.fitting.simulate(model, {"sigma": 0.7}, offers, rng=1)
    >>> found = dra.fitting.fit(model, chosen, rng=0, intervals="wald")
    >>> bool(abs(found.table.estimate[0] - 0.7) < 0.2)
    True
    """
    means = _names("q", q)
    if len(means) < 2:
        raise ValueError(f"q is {_check.shown(q)}; at least two options are needed")
    width: tuple[Any, ...] = () if sigma is None else _names("sigma", sigma)
    if sigma is not None and len(width) != len(means):
        raise ValueError(f"sigma names {len(width)} columns; it must name {len(means)}, as q does")
    bounds, fixed = {"beta": (1e-2, 1e3)}, {}
    if sigma is None:
        bounds, fixed = bounds | {"sigma": (1e-2, 1e2)}, {"beta": 10.0}
    return ChoiceModel(
        "soft Thompson", bounds, _Thompson(means, width), (*means, *width), fixed=fixed
    )


def _names(name, value):
    """Return a tuple of column names, all different."""
    columns = tuple(_check.listed(name, value, "a sequence of column names"))
    for column in columns:
        _check.text(name, column)
    if len(set(columns)) < len(columns):
        raise ValueError(f"{name} is {_check.shown(value)}; its columns must differ")
    return columns
