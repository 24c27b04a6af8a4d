"""The conditions of a sweep: named, and checked before any work is done."""

from __future__ import annotations

import hashlib
import numbers
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from dra import _check, _contents, _start
from dra.credits import Credit
from dra.parameters import Parameters
from dra.tasks import Task

OWN = ("task", "changes", "rng")
"""What a condition may name beside the parameters of a run."""


@dataclass(frozen=True, eq=False)
class Condition:
    """One condition of a sweep.

    Attributes
    ----------
    name : str or number
    task : Task
    changes : dict of int to Task
    given : dict
        Keyword arguments of :func:`dra.train`, those common to all conditions among them.
    words : tuple of int, or None
        Its own ``rng``.
    names : tuple of str
        What the condition itself names.
    columns : dict
        All that a table can show of its parameters, numbers and texts, and its task's name.
    parameters : Parameters
        All of them, resolved.
    """

    name: Any
    task: Task
    changes: dict[int, Task]
    given: dict[str, Any]
    words: tuple[int, ...] | None
    names: tuple[str, ...]
    columns: dict[str, Any]
    parameters: Parameters

    def digest(self, trials: int) -> str:
        """Return a name for all that a run of this condition depends on, its stream apart."""
        return _contents.digest(
            _contents.package(), trials, self.task, self.changes, self.parameters
        )

    def stream(self, root: Sequence[int], seed: int) -> tuple[int, ...]:
        """Return the seed of a run: the sweep's, the name of the condition, the number.

        Neither the other conditions nor their order play a part.
        """
        if self.words is not None:
            return *self.words, seed
        name = hashlib.sha256(str(self.name).encode()).digest()[:16]
        return *root, *np.frombuffer(name, "<u4").tolist(), seed


def checked(
    task: Task | None, conditions: Any, trials: Any, common: Mapping[str, Any]
) -> list[Condition]:
    """Return the conditions, in the order given.

    Raises
    ------
    ValueError
        If one of them is not legal; the message names it.
    """
    if task is not None:
        _check.instance("task", task, Task, "a task, see dra.tasks, or None")
    found = []
    for name, own in _named(conditions).items():
        try:
            found.append(_condition(name, task, own, trials, common))
        except ValueError as error:
            raise ValueError(f"conditions[{name!r}]: {error}") from error
    return found


def _named(conditions):
    """Return a mapping from names to conditions; a list is named by what its entries say."""
    legal = "a mapping from names to parameters of dra.train, or a list of such parameters"
    if isinstance(conditions, Mapping):
        named = list(conditions.items())
    else:
        entries = _check.listed("conditions", conditions, legal)
        named = [(_title(c) if isinstance(c, Mapping) else None, c) for c in entries]
    if not named:
        raise ValueError(f"conditions is empty; it must be {legal}")
    for name, own in named:
        if not isinstance(name, str | numbers.Real) or isinstance(name, bool):
            shown = _check.shown(conditions)
            raise ValueError(f"conditions is {shown}; it must be {legal}, names texts or numbers")
        if not isinstance(own, Mapping):
            raise ValueError(f"conditions[{name!r}] is {_check.shown(own)}; it must be a mapping")
    names = [str(name) for name, _ in named]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(
            f"conditions has two of the name {twice[0]!r}; a mapping can give them names"
        )
    return dict(named)


def _title(own):
    """Return a name for a condition without one: what it says, 'beta=10.0, credit=q'."""
    said = []
    for key, value in own.items():
        shown = _cell(value)
        said.append(f"{key}={_contents.digest(value)[:8] if shown is None else shown}")
    return ", ".join(said) or "default"


def _cell(value):
    """Return a value as a table shows it; None where it cannot."""
    if isinstance(value, np.ndarray | np.generic) and value.ndim == 0:
        value = value.item()
    if isinstance(value, Task | Credit):
        return value.name
    return value if isinstance(value, str | int | float) else None


def _condition(name, task, own, trials, common):
    """Return one condition, all of it checked."""
    task = own.get("task", task)
    if task is None:
        raise ValueError("task is None; it must be a task where the condition has none")
    given = {k: v for k, v in {**common, **own}.items() if k not in OWN}
    changes = own.get("changes")
    _, parameters, later, _ = _start.prepared(task, trials, changes, given)
    said = {f.name: _cell(getattr(parameters, f.name)) for f in fields(parameters)}
    columns = {"task": task.name, **{k: v for k, v in said.items() if v is not None}}
    words = _words(own["rng"]) if "rng" in own else None
    return Condition(name, task, later, given, words, tuple(own), columns, parameters)


def _words(rng):
    """Return a condition's own rng as a tuple of integers."""
    given = [rng] if isinstance(rng, numbers.Integral) else rng
    legal = "an integer of at least 0, or a sequence of them"
    return tuple(_check.integer("an entry of rng", x) for x in _check.listed("rng", given, legal))
