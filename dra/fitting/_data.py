"""Tables of choices: read, checked, and taken apart by person."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from typing import Any

import numpy as np

from dra import _check

NO_NUMBERS = ("datetime", "date", "timedelta", "time", "period", "interval", "complex")
"""What pandas calls columns that it would turn into numbers, of nanoseconds or days."""


@dataclass(frozen=True, eq=False)
class Person:
    """One person's choices, in order.

    Attributes
    ----------
    name
        As it stands in the table.
    place : (n,) int array
        The positions of the person's rows in the table.
    rows : dict of arrays (n,)
        Columns that the model reads, and the choices.
    choice : (n,) int array
        The option taken.
    """

    name: Any
    place: np.ndarray
    rows: dict
    choice: np.ndarray


def table_from(data):
    """Return ``data``, a DataFrame or the path of a CSV file, as a DataFrame."""
    import pandas as pd

    if isinstance(data, str | os.PathLike):
        try:
            data = pd.read_csv(data)
        except (ValueError, UnicodeDecodeError) as error:  # an empty file, or no text
            raise ValueError(f"data is {_check.shown(data)}, no CSV file: {error}") from None
    if not isinstance(data, pd.DataFrame):
        raise ValueError(
            f"data is {_check.shown(data)}; it must be a pandas DataFrame or the path of a CSV file"
        )
    if not len(data):
        raise ValueError("data has no rows; it must have one for each choice")
    if not data.columns.is_unique:
        twice = data.columns[data.columns.duplicated()][0]
        raise ValueError(f"data has the column {twice!r} twice; each must be there once")
    return data


def people_of(model, data, chosen=True):
    """Return the :class:`Person` of each name in the column "person", in order of appearance.

    Without that column all rows are of one person, 0. With ``chosen`` False choices may be missing.
    """
    table = table_from(data)
    needed = [*model.columns, *model.labels, *([model.choice] if chosen else [])]
    missing = [column for column in needed if column not in table.columns]
    if missing:
        raise ValueError(
            f"data has the columns {_check.shown(list(table.columns))}; the model {model.name!r} "
            f"needs {missing} as well"
        )
    columns = {name: _numbers(table, name) for name in model.columns}
    choice = _options(table, model.choice) if chosen else None
    for name in model.labels:
        _complete(table, name, "a name or a number")
    return [_person(model, table, name, place, columns, choice) for name, place in _places(table)]


def _person(model, table, name, place, columns, choice):
    """Return one person's part."""
    rows = {column: values[place] for column, values in columns.items()}
    for label in model.labels:
        rows[label] = _codes(table, label, place)
    if choice is not None:
        rows[model.choice] = choice[place]
    for values in rows.values():
        values.setflags(write=False)
    return Person(name, place, rows, None if choice is None else choice[place])


def _codes(table, column, place):
    """Return the rank of each entry among the different ones; of texts where types are mixed."""
    values = table[column].to_numpy()[place]
    try:
        return np.unique(values, return_inverse=True)[1]
    except TypeError:
        texts = values.astype(str)
    known: dict[str, Any] = {}
    for row, text, value in zip(place, texts, values, strict=True):
        if known.setdefault(text, value) != value:
            _refuse(table, column, row, f"other than {known[text]!r}: names must differ as text")
    return np.unique(texts, return_inverse=True)[1]


def _places(table):
    """Return (name, positions) of each person."""
    if "person" not in table.columns:
        return [(0, np.arange(len(table)))]
    _complete(table, "person", "a name or a number")
    groups = table.groupby("person", sort=False, observed=True).indices
    names = list(dict.fromkeys(table["person"].tolist()))
    texts = {}
    for name in names:
        if str(name) in texts:
            raise ValueError(
                f"data has the persons {texts[str(name)]!r} and {name!r}; names must differ as text"
            )
        texts[str(name)] = name
    return [(name, groups[name]) for name in names]


def _complete(table, column, legal):
    """Raise where an entry of a column is missing."""
    gone = table[column].isna().to_numpy()
    if gone.any():
        _refuse(table, column, int(gone.argmax()), legal)


def _numbers(table, column):
    """Return a column as floats, or raise and name the row."""
    legal = "a finite number"
    values = _as_floats(table, column, legal)
    bad = ~np.isfinite(values)
    if bad.any():
        _refuse(table, column, int(bad.argmax()), legal)
    return values


def _options(table, column):
    """Return a column of choices as integers, or raise and name the row."""
    legal = "the number of an option: 0, 1, 2..."
    values = _as_floats(table, column, legal)
    with np.errstate(invalid="ignore"):
        bad = ~((values >= 0) & (values < 1000) & (values == np.round(values)))
    if bad.any():
        _refuse(table, column, int(bad.argmax()), legal)
    return values.astype(int)


def _as_floats(table, column, legal):
    """Return a column as floats; NaN where an entry is missing."""
    import pandas as pd

    series = table[column]
    kinds = pd.api.types
    if kinds.infer_dtype(series, skipna=True).startswith(NO_NUMBERS):
        _refuse(table, column, int(series.notna().to_numpy().argmax()), legal)
    known = kinds.is_bool_dtype(series) or kinds.is_numeric_dtype(series)
    numbers = series if known else pd.to_numeric(series, errors="coerce")
    if kinds.is_complex_dtype(numbers):
        _refuse(table, column, [np.iscomplexobj(x) for x in series].index(True), legal)
    values = numbers.to_numpy(dtype=float, na_value=np.nan)
    if known:
        return values
    bad = np.isnan(values)
    if bad.any():
        _refuse(table, column, int(bad.argmax()), legal)
    return values


def _refuse(table, column, row, legal):
    """Raise for one entry of the table."""
    value = table[column].iloc[row]
    value = value.item() if isinstance(value, np.generic) else value
    raise ValueError(
        f"data has {_check.shown(value)} in column {column!r}, row "
        f"{table.index[row]}; it must be {legal}"
    )


def check_options(model, person, options):
    """Raise where a person took an option that the model does not know."""
    if person.choice.max() >= options:
        row = int(person.choice.argmax())
        raise ValueError(
            f"data has {person.choice[row]} in column {model.choice!r}, row number "
            f"{person.place[row]}; the model {model.name!r} has the options 0 to {options - 1}"
        )


def entropy_of(rng):
    """Return a number drawn from ``rng`` that the streams of all people spring from."""
    return int(rng.integers(2**63))


def stream(entropy, name):
    """Return the stream of one person: the same whoever else is there, in whatever order."""
    words = np.frombuffer(hashlib.sha256(str(name).encode()).digest()[:16], dtype="<u4")
    return np.random.default_rng([entropy, *words.tolist()])
