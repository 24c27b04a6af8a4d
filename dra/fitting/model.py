"""A model of choices: what a person's parameters say of the probability of each option."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from dra import _check
from dra._check import Seed
from dra.fitting import _data

if TYPE_CHECKING:
    import pandas as pd

NOTHING: Mapping[str, Any] = MappingProxyType({})


@dataclass(frozen=True, eq=False)
class ChoiceModel:
    """A model of choices, of one's own.

    Attributes
    ----------
    name : str
        For tables and messages.
    bounds : mapping of parameter name to (low, high)
        Where each parameter is looked for. One with low > 0 is fitted on a logarithmic scale.
    probabilities : callable (parameters, rows) -> array (n, options)
        Probability of each option at each choice of one person, in order. ``parameters`` is a
        dictionary of floats; ``rows`` one of arrays (n,), by column. It may look at earlier rows,
        at the choices made there as well, and never at later ones.
    columns : tuple of str
        The numerical columns that it reads; each entry must be finite.
    labels : tuple of str
        The columns that hold names of things, a machine or a cue. ``rows`` has them as integers
        from 0, in the sorted order of the person's names.
    choice : str
        The column of the option taken: 0, 1, 2...
    fixed : mapping of parameter name to float
        Parameters that are not fitted unless the caller asks for it.
    simulate : callable (parameters, rows, rng) -> array (n,) of int, optional
        Draws all choices of a person. Without it, each is drawn by `probabilities` of the rows as
        they are: right where no probability depends on an earlier choice.

    Raises
    ------
    ValueError
        If a field is not legal.

    Examples
    --------
    A coin with a bias, fitted to seven heads of ten:

    >>> import pandas as pd
    >>> def probabilities(parameters, rows):
    ...     heads = np.full(len(rows["choice"]), parameters["bias"])
    ...     return np.stack([1 - heads, heads], axis=1)
    >>> coin = ChoiceModel("coin", {"bias": (0.01, 0.99)}, probabilities)
    >>> import dra
    >>> tosses = pd.DataFrame({"choice": [1] * 7 + [0] * 3})
    >>> found = dra.fitting.fit(coin, tosses, rng=0)
    >>> round(float(found.table.estimate[0]), 3)
    0.7
    """

    name: str
    bounds: Mapping[str, tuple[float, float]]
    probabilities: Callable
    columns: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    choice: str = "choice"
    fixed: Mapping[str, float] = field(default_factory=dict)
    simulate: Callable | None = None

    def __post_init__(self):
        """Check the fields."""
        _check.text("name", self.name)
        _check.function("probabilities", self.probabilities)
        if self.simulate is not None:
            _check.function("simulate", self.simulate)
        _check.text("choice", self.choice)
        for kind in ("columns", "labels"):
            value = _check.listed(kind, getattr(self, kind), "a tuple of column names")
            object.__setattr__(self, kind, tuple(_check.text(kind, x) for x in value))
        object.__setattr__(self, "bounds", boxes("bounds", self.bounds))
        if not self.bounds:
            raise ValueError("bounds is {}; it must name at least one parameter")
        object.__setattr__(self, "fixed", values("fixed", self.fixed, self.bounds))


def boxes(name, value, known=None):
    """Return ``value``, a mapping of parameters to (low, high), checked; of ``known`` ones."""
    checked = {}
    for key, pair in _items(name, value, known):
        try:
            low, high = pair
        except (TypeError, ValueError):
            raise ValueError(
                f"{name}[{key!r}] is {_check.shown(pair)}; it must be a pair (low, high)"
            ) from None
        low = _check.number(f"{name}[{key!r}][0]", low)
        high = _check.number(f"{name}[{key!r}][1]", high)
        if not low < high:
            raise ValueError(f"{name}[{key!r}] is {_check.shown(pair)}; low must be below high")
        checked[key] = (low, high)
    return checked


def values(name, value, known):
    """Return ``value``, a mapping of ``known`` parameters to numbers, checked."""
    return {
        key: _check.number(f"{name}[{key!r}]", x, least=known[key][0], most=known[key][1])
        for key, x in _items(name, value, known)
    }


def _items(name, value, known):
    """Return the items of a mapping whose keys are texts, and in ``known``."""
    if not isinstance(value, Mapping):
        raise ValueError(
            f"{name} is {_check.shown(value)}; it must be a mapping of parameter names"
        )
    for key in value:
        if not isinstance(key, str) or (known is not None and key not in known):
            legal = "parameter names" if known is None else f"among {sorted(known)}"
            raise ValueError(f"{name} has the key {_check.shown(key)}; its keys must be {legal}")
    return list(value.items())


def named(model: str | ChoiceModel) -> ChoiceModel:
    """Return ``model`` itself, or the built-in one of that name."""
    from dra.fitting.built_in import BUILT_IN

    if isinstance(model, ChoiceModel):
        return model
    if isinstance(model, str) and model in BUILT_IN:
        return BUILT_IN[model]
    raise ValueError(
        f"model is {_check.shown(model)}; it must be one of {sorted(BUILT_IN)} or a "
        "dra.fitting.ChoiceModel"
    )


def complete(model, parameters):
    """Return all parameters of a model: those given, and of the others what the model fixes."""
    given = model.fixed | values("parameters", parameters, model.bounds)
    missing = [name for name in model.bounds if name not in given]
    if missing:
        raise ValueError(
            f"parameters is {_check.shown(parameters)}; it must have {missing} as well"
        )
    return {name: given[name] for name in model.bounds}


def table_of(model, parameters, rows):
    """Return the probabilities (n, options) of one person's rows, checked."""
    n = len(rows[model.choice]) if model.choice in rows else len(next(iter(rows.values())))
    table = np.asarray(model.probabilities(parameters, rows), dtype=float)
    if table.ndim != 2 or len(table) != n or table.shape[1] < 2:
        raise ValueError(
            f"model.probabilities gives shape {table.shape} for {n} choices; it must be "
            f"({n}, options) with at least two options"
        )
    sums = table.sum(axis=1)
    bad = ~(np.isfinite(table) & (table >= -1e-9)).all(axis=1) | ~(np.abs(sums - 1) < 1e-6)
    if bad.any():
        row = int(bad.argmax())
        raise ValueError(
            f"model.probabilities gives {_check.shown(table[row].tolist())} at choice {row} with "
            f"{_check.shown(parameters)}; it must be probabilities that sum to 1"
        )
    return table


def clipped_logs(table, choice, clip):
    """Return the log-probability of each choice, no probability outside [clip, 1 - clip]."""
    chosen = table[np.arange(len(choice)), choice]
    return np.log(np.minimum(np.maximum(chosen, max(clip, 1e-300)), 1.0 - clip))


def log_likelihood(
    model: str | ChoiceModel,
    parameters: Mapping[str, float],
    data: pd.DataFrame | str,
    *,
    clip: float = 0.001,
) -> np.ndarray:
    """Return the log-probability of each choice (eq-fit-likelihood).

    Parameters
    ----------
    model : str or ChoiceModel
    parameters : mapping of parameter name to float
        The same for all people; what the model keeps fixed may be left out.
    data : DataFrame or path of a CSV file
        As for :func:`fit`.
    clip : float
        No probability counts as smaller than this, or larger than one minus this.

    Returns
    -------
    array (n,)
        In nats, in the order of the rows.

    Raises
    ------
    ValueError
        If an argument is not legal; of the data it names column and row.

    Examples
    --------
    >>> import pandas as pd
    >>> offers = pd.DataFrame({"machine": ["a", "a"], "d": [1.0, -1.0], "accept": [1, 1]})
    >>> log_likelihood("equal", {"sigma": 1.0}, offers).round(3)
    array([-0.173, -1.841])
    """
    model = named(model)
    parameters, clip = complete(model, parameters), check_clip(clip)
    people = _data.people_of(model, data)
    logs = np.empty(sum(len(p.place) for p in people))
    for person in people:
        table = table_of(model, parameters, person.rows)
        _data.check_options(model, person, table.shape[1])
        logs[person.place] = clipped_logs(table, person.choice, clip)
    return logs


def check_clip(clip):
    """Return ``clip`` as a float, or raise."""
    return _check.number("clip", clip, least=0, most=0.49)


def simulate(
    model: str | ChoiceModel,
    parameters: Mapping[str, float],
    data: pd.DataFrame | str,
    *,
    rng: Seed,
) -> pd.DataFrame:
    """Return the data with choices that the model makes.

    Parameters
    ----------
    model : str or ChoiceModel
    parameters : mapping of parameter name to float
        As for :func:`log_likelihood`.
    data : DataFrame or path of a CSV file
        As for :func:`fit`; the column of choices may be missing, and is not looked at.
    rng : seed or Generator
        Each person has a stream of their own.

    Returns
    -------
    DataFrame
        A copy.

    Examples
    --------
    >>> import dra
    >>> people = simulate("equal", {"sigma": 1.0}, dra.fitting.slot_machines(64, rng=0), rng=1)
    >>> bool(people.accept[people.d > 0].mean() > people.accept[people.d < 0].mean())
    True
    """
    model = named(model)
    parameters = complete(model, parameters)
    rng = _check.generator("rng", rng)
    table = _data.table_from(data)
    people = _data.people_of(model, table, chosen=False)
    return drawn(model, {p.name: parameters for p in people}, table, people, rng)


def drawn(model, parameters, table, people, rng):
    """Return a copy of ``table`` with simulated choices; ``parameters`` by person."""
    entropy = _data.entropy_of(rng)
    choices = np.empty(len(table), dtype=int)
    for person in people:
        own = _data.stream(entropy, person.name)
        choices[person.place] = _choices(model, parameters[person.name], person.rows, own)
    return table.assign(**{model.choice: choices})


def _choices(model, parameters, rows, rng):
    """Return simulated choices of one person."""
    if model.simulate is not None:
        return np.asarray(model.simulate(parameters, rows, rng), dtype=int)
    cumulative = np.cumsum(table_of(model, parameters, rows), axis=1)
    below = rng.random(len(cumulative))[:, None] * cumulative[:, -1:] >= cumulative[:, :-1]
    return below.sum(axis=1)
