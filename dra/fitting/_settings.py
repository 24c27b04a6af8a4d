"""What a fit is asked for, checked; and one person's fit."""

from __future__ import annotations

import inspect
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import norm

from dra import _check
from dra.fitting import _data, _profile, _search
from dra.fitting import model as models
from dra.tasks.advice import Advice

INTERVALS = ("profile", "wald", "none")


@dataclass(frozen=True, eq=False)
class Settings:
    """What is the same for all people: the model, what is free, and how to search."""

    model: Any
    free: tuple
    fixed: dict
    low: np.ndarray
    high: np.ndarray
    clip: float
    starts: int
    optimiser: Any
    intervals: str
    confidence: float

    def problem(self, person, after=0):
        """Return the function of one person that is minimised."""
        return _search.Problem(
            self.model, person, self.free, self.fixed, self.low, self.high, self.clip, after
        )


def settings(model, fixed, bounds, clip, starts, optimiser, intervals="none", confidence=0.95):
    """Return checked :class:`Settings`."""
    model = models.named(model)
    fixed = models.NOTHING if fixed is None else fixed
    released = _released(fixed, model)
    boxes = model.bounds | models.boxes(
        "bounds", models.NOTHING if bounds is None else bounds, model.bounds
    )
    given = {key: x for key, x in fixed.items() if x is not None}
    kept = {k: x for k, x in model.fixed.items() if k not in released}
    kept |= models.values("fixed", given, model.bounds)
    free = tuple(name for name in model.bounds if name not in kept)
    if not free:
        raise ValueError(f"fixed is {_check.shown(fixed)}; it must leave a parameter free")
    low, high = np.array([boxes[name] for name in free]).T
    if optimiser is not None:
        _check_optimiser(optimiser)
    _check.one_of("intervals", intervals, INTERVALS)
    confidence = _check.number("confidence", confidence, above=0)
    if confidence >= 1:
        raise ValueError(f"confidence is {confidence}; it must be below 1")
    return Settings(
        model, free, kept, low, high, models.check_clip(clip),
        _check.integer("starts", starts, least=1, most=10**6), optimiser, intervals, confidence,
    )  # fmt: skip


def _check_optimiser(optimiser):
    """Raise unless ``optimiser`` can be called with four arguments."""
    _check.function("optimiser", optimiser)
    try:
        inspect.signature(optimiser).bind(1, 2, 3, 4)
    except (TypeError, ValueError):
        raise ValueError(
            f"optimiser is {_check.shown(optimiser)}; it must be a function of "
            "(function, start, bounds, rng)"
        ) from None


def _released(fixed, model):
    """Return the parameters that ``fixed`` sets free by None."""
    if not isinstance(fixed, models.Mapping):
        raise ValueError(f"fixed is {_check.shown(fixed)}; it must be a mapping of parameter names")
    for key in fixed:
        if not isinstance(key, str) or key not in model.bounds:
            legal = sorted(model.bounds)
            raise ValueError(
                f"fixed has the key {_check.shown(key)}; its keys must be among {legal}"
            )
    return [key for key, x in fixed.items() if x is None]


def fit_person(person, wanted, entropy):
    """Return what was found of one person, arrays by name.

    ``estimate``, ``standard_error``, ``low``, ``high`` (k,) and ``loss`` ().
    """
    problem, rng = wanted.problem(person), _data.stream(entropy, person.name)
    _search.check(problem)
    least, x, pool = _search.best(problem, wanted.starts, rng, wanted.optimiser)
    _advise(problem, pool)
    error, ends = np.full(len(x), np.nan), np.full((len(x), 2), np.nan)
    if wanted.intervals != "none":
        least, x, error, ends = _intervals(problem, least, x, wanted, pool)
    low, high = (problem.outer(e) for e in ends.T)
    theta = problem.outer(x)
    return {
        "estimate": theta, "standard_error": error * problem.slope(theta), "low": low,
        "high": high, "loss": np.array(least),
    }  # fmt: skip


def _advise(problem, pool):
    """Warn where the choices say nothing about the parameters, between the bounds."""
    losses = [loss for loss, _ in pool]
    if max(losses) - min(losses) <= 1e-9 * max(1.0, abs(losses[0])):
        box = dict(zip(problem.free, zip(problem.low, problem.high, strict=True), strict=True))
        said = ", ".join(f"{name} from {low:g} to {high:g}" for name, (low, high) in box.items())
        warnings.warn(
            f"the choices of person {problem.person.name!r} are as likely with any {said}: what is "
            "found of them means nothing; are the bounds in the unit of the data?",
            Advice, stacklevel=4,
        )  # fmt: skip


def _intervals(problem, least, x, wanted, pool):
    """Return (loss, x, errors, ends); from a better point where the profiles meet one."""
    while True:
        error = _search.spread(problem, x)
        if wanted.intervals == "wald":
            width = norm.ppf((1 + wanted.confidence) / 2) * error
            ends = np.stack([x - width, x + width], axis=1)
            return least, x, error, np.clip(ends, problem.box[:, :1], problem.box[:, 1:])
        try:
            ends = _profile.interval(problem, x, least, error, wanted.confidence, pool)
            return least, x, error, ends
        except _profile.Found as better:
            x = np.clip(_search.descend(problem.loss, better.x, problem.box), *problem.box.T)
            x = min(x, better.x, key=problem.loss)
            least = problem.loss(x)
