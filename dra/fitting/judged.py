"""Which model fits better: criteria, and choices that were not fitted."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from dra import _check, _progress
from dra._check import Seed
from dra.fitting import _data, _search, _settings
from dra.fitting.model import ChoiceModel
from dra.fitting.people import collected

if TYPE_CHECKING:
    import pandas as pd


def cross_validate(
    model: str | ChoiceModel,
    data: pd.DataFrame | str | os.PathLike,
    *,
    rng: Seed,
    folds: int = 5,
    fixed: Mapping[str, float | None] | None = None,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    clip: float = 0.001,
    starts: int = 5,
    optimiser: Callable | None = None,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Predict each person's later choices from their earlier ones: forward chaining.

    The choices of a person are cut into folds + 1 blocks of equal length, what is left over going
    to the first. Fold i fits blocks 1 to i and predicts block i + 1. The memories live through the
    fitted blocks before they meet the predicted one.

    Parameters
    ----------
    model, data, rng
        As for :func:`fit`.
    folds : int
        Each person must have more choices than this.
    fixed, bounds, clip, starts, optimiser, progress
        As for :func:`fit`.

    Returns
    -------
    DataFrame
        One row a person and fold: person, fold, fitted and predicted (numbers of choices), and
        log_likelihood, in nats, of the predicted ones.

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    >>> import dra
    >>> offers = dra.fitting.slot_machines(600, rng=0)
    >>> people = dra.fitting.simulate("equal", {"sigma": 2.0}, offers, rng=1)
    >>> cross_validate("equal", people, rng=0, folds=2)[["fitted", "predicted"]].values.tolist()
    [[200, 200], [400, 200]]
    """
    import pandas as pd

    wanted = _settings.settings(model, fixed, bounds, clip, starts, optimiser)
    folds, rng = _check.integer("folds", folds, least=1), _check.generator("rng", rng)
    progress = _check.option("progress", progress)
    people = _data.people_of(wanted.model, data)
    _check_folds(people, folds)
    entropy, rows = _data.entropy_of(rng), []
    with _progress.bar(len(people), "person", progress) as bar:
        for person in people:
            rows += _folds(person, wanted, folds, _data.stream(entropy, person.name))
            bar.update()
    return pd.DataFrame(rows, columns=["person", "fold", "fitted", "predicted", "log_likelihood"])


def _check_folds(people, folds):
    """Raise where someone has too few choices."""
    for person in people:
        if len(person.place) <= folds:
            raise ValueError(
                f"folds is {folds}; person {person.name!r} has {len(person.place)} choices, and "
                "must have more"
            )


def _folds(person, wanted, folds, rng):
    """Return the rows of one person."""
    n, rows = len(person.place), []
    _search.check(wanted.problem(person))
    size = n // (folds + 1)
    for fold in range(folds):
        end = n - (folds - fold) * size
        _, x, _ = _search.best(
            wanted.problem(_first(person, end, wanted.model)), wanted.starts, rng, wanted.optimiser
        )
        later = wanted.problem(_first(person, end + size, wanted.model), end)
        rows.append((person.name, fold + 1, end, size, -later.loss(x)))
    return rows


def _first(person, n, model):
    """Return a person after the first ``n`` choices, who has met no label that comes later."""
    rows = {name: values[:n] for name, values in person.rows.items()}
    rows |= {label: np.unique(rows[label], return_inverse=True)[1] for label in model.labels}
    return _data.Person(person.name, person.place[:n], rows, person.choice[:n])


def compare(
    models: Sequence[str | ChoiceModel],
    data: pd.DataFrame | str | os.PathLike,
    *,
    rng: Seed,
    folds: int | None = None,
    clip: float = 0.001,
    starts: int = 5,
    optimiser: Callable | None = None,
    progress: bool | None = None,
) -> pd.DataFrame:
    """Fit several models to each person's choices, and judge them.

    Parameters
    ----------
    models : sequence of models
        Each as for :func:`fit`, with names that differ.
    data, rng
        As for :func:`fit`.
    folds : int, optional
        Predict later choices as well, as :func:`cross_validate` does.
    clip, starts, optimiser, progress
        As for :func:`fit`.

    Returns
    -------
    DataFrame
        One row a person and model: person, model, free (number of free parameters), log_likelihood
        (nats), aic, bic, and, with folds, predicted: the log-likelihood of predicted choices. The
        best model has the lowest aic or bic, or the highest predicted.

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    >>> import dra
    >>> offers = dra.fitting.slot_machines(5000, rng=0)
    >>> people = dra.fitting.simulate("frequency", {"sigma": 2.0}, offers, rng=1)
    >>> judged = compare(["equal", "frequency", "stakes"], people, rng=0)
    >>> judged.model[judged.aic.idxmin()]
    'frequency'
    """
    import pandas as pd

    listed = _check.listed("models", models, "a sequence of models")
    wanted = [_wanted(model, clip, starts, optimiser) for model in listed]
    names = [each.model.name for each in wanted]
    if not names or len(set(names)) < len(names):
        raise ValueError(
            f"models is {_check.shown(models)}; it must hold models of different names"
        )
    folds = None if folds is None else _check.integer("folds", folds, least=1)
    rng, progress = _check.generator("rng", rng), _check.option("progress", progress)
    table = _data.table_from(data)
    people = [_data.people_of(each.model, table) for each in wanted]
    if folds:
        _check_folds(people[0], folds)
    entropy, rows = _data.entropy_of(rng), []
    with _progress.bar(len(people[0]), "person", progress) as bar:
        for each in zip(*people, strict=True):
            for person, settings in zip(each, wanted, strict=True):
                rows.append(_judged(person, settings, entropy, folds, table))
            bar.update()
    return pd.concat(rows, ignore_index=True)


def _wanted(model, clip, starts, optimiser):
    """Return settings; an error about a model names the argument that it came from."""
    try:
        return _settings.settings(model, None, None, clip, starts, optimiser)
    except ValueError as error:
        raise ValueError(str(error).replace("model is", "models has", 1)) from None


def _judged(person, wanted, entropy, folds, table):
    """Return the row of one person and model."""
    one = _settings.fit_person(person, wanted, entropy)
    row = collected([person], [one], wanted, table).people.drop(columns="choices")
    row.insert(1, "model", wanted.model.name)
    row.insert(2, "free", len(wanted.free))
    if folds:
        parts = _folds(person, wanted, folds, _data.stream(entropy, person.name))
        row["predicted"] = float(np.sum([part[-1] for part in parts]))
    return row
