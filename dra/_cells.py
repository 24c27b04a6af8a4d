"""One cell of a sweep: a condition with a seed. How it is computed, and its file."""

from __future__ import annotations

import json
import traceback
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from dra import _check, _files
from dra.allocator import train
from dra.run import HISTORY
from dra.tasks import advice

KIND = "dra.sweep cell"


@dataclass(frozen=True, eq=False)
class Done:
    """A finished cell: rows of :attr:`dra.Run.history`, and what ``measure`` found."""

    records: list[tuple[Any, ...]]
    measured: dict[str, Any]


@dataclass(frozen=True)
class Failed:
    """A cell that raised an error: its last line, and all of it."""

    error: str
    traceback: str


def compute(task, changes, options, measure, trials, words):
    """Train one agent; return :class:`Done` or, whatever goes wrong, :class:`Failed`.

    Parameters
    ----------
    task, changes, options, measure : Shared
    trials : int
    words : sequence of int
        The seed.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", advice.Advice)  # given once, by the sweep
            run = train(
                task.value, trials, rng=list(words), changes=changes.value, progress=False,
                **options.value,
            )  # fmt: skip
        return Done(run.records, _measured(measure.value, run))
    except Exception as error:
        last = traceback.format_exception_only(error)[0].strip()
        return Failed(last, "".join(traceback.format_exception(error)))


def _measured(measure, run):
    """Return what ``measure`` says of a run, as plain numbers and texts."""
    if measure is None:
        return {}
    found = _check.instance("measure(run)", measure(run), Mapping, "a mapping")
    plain = {k: v.item() if isinstance(v, np.generic) else v for k, v in found.items()}
    for name, value in plain.items():
        if not isinstance(name, str) or name in ("condition", "seed", *HISTORY):
            raise ValueError(f"measure(run) names {name!r}; it must name columns not there yet")
        if value is not None and not isinstance(value, str | int | float):
            shown = _check.shown(value)
            raise ValueError(f"measure(run)[{name!r}] is {shown}; it must be a number or a text")
    return plain


def save(path, cell, done):
    """Write a finished cell, all of it or nothing; ``cell`` says what it is, for whoever looks."""
    arrays = {
        "kind": KIND,
        "cell": json.dumps(cell),
        "history": np.array(done.records, dtype=float).reshape(-1, len(HISTORY)),
        "measured": json.dumps(done.measured),
    }
    _files.write_npz(path, arrays)


def load(path):
    """Return a cell as it was saved; None, with a warning, where the file is damaged."""
    if not Path(path).exists():
        return None
    try:
        arrays = _files.read_npz(path, KIND)
        rows = [(int(r[0]), *r[1:4], int(r[4])) for r in arrays["history"].tolist()]
        return Done(rows, dict(json.loads(str(arrays["measured"]))))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        warnings.warn(f"{error}; the cell is computed again", stacklevel=4)
        return None
