"""Tasks in files: what :meth:`dra.tasks.Task.pack` keeps, made into a task again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np

from dra.tasks.environments import remade
from dra.tasks.hill import mountain_car
from dra.tasks.layout import layout_from
from dra.tasks.table import Tabular
from dra.tasks.task import Task


def fit(task: Task) -> str:
    """Return a digest of a task's memories: a run goes on only with a task of the same."""
    parts = task.slot, task.available, task.known, task.known_q, task.known_sigma
    data = b"".join(np.ascontiguousarray(x).tobytes() for x in parts)
    return hashlib.sha256(repr(task.slot.shape).encode() + data).hexdigest()


def unpack(name: str, stored: Mapping[str, Any], given: Task | None) -> Task:
    """Return the task that a file holds, or ``given`` where one is passed again.

    Parameters
    ----------
    name : str
        The argument by which it is passed, for messages.
    stored : mapping
        What :meth:`dra.tasks.Task.pack` returned, and ``fit``.
    given : Task or None

    Raises
    ------
    ValueError
        If the file holds the name only and nothing is given, or what is given does not fit.
    """
    if given is None:
        if stored["kind"] == "own":
            raise ValueError(
                f"the run was trained on {stored['name']!r}, a task of your own that a file cannot "
                f"hold; pass it again as {name}=..."
            )
        given = _made(dict(stored))
    if fit(given) != stored["fit"]:
        raise ValueError(f"{name} is {given!r}; its memories are not those that the run has")
    return given


def _made(stored: dict[str, Any]) -> Task:
    """Return the task of a stored kind."""
    del stored["fit"]
    kind = stored.pop("kind")
    if kind == "mountain_car":
        return mountain_car(**stored)
    if kind == "gymnasium":
        return remade(**stored)
    if kind != "tabular":
        raise ValueError(f"a task of the kind {kind!r} is not known")
    missing = {f.name for f in fields(Tabular)} ^ set(stored)
    if missing:
        raise ValueError(f"the task does not have just the fields it must; see {sorted(missing)}")
    stored["action_names"] = tuple(stored["action_names"])
    stored["layout"] = layout_from(stored["layout"])
    return Tabular(**stored)
