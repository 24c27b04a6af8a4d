"""What every task has: memories to fill, a step limit, and a world that episodes move through."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from types import MappingProxyType
from typing import Any

import numpy as np

from dra import _check, loops


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Task:
    """The part of a task that training needs to know, whatever its dynamics.

    A task is immutable. For the inner loops it has a ``_world``, which episodes move through, and
    ``_functions``, its own ``begin``, ``observe`` and ``move`` (and ``cut_off``, where it may break
    an episode off of its own accord) where the world is no table.

    Attributes
    ----------
    name : str
    step_limit : int
        Moves after which an episode is truncated.
    slot : (n_states, n_actions) int array
        Which memory each choice reads and writes. Memories may be shared between states.
    available : (n_states, n_actions) bool array
        Which actions exist in which state. The others are never made, credited or paid for.
    known : (n_slots,) bool array
        Memories that are given: neither learned, nor re-allocated, nor paid for. So are those of
        choices that do not exist.
    known_q, known_sigma : (n_slots,) arrays
        Mean and standard deviation of the known memories; elsewhere not used.
    action_names : tuple of str
    preset : mapping
        Default parameters of :func:`dra.train` for this task.
    layout : object or None
        How to draw the states: ``image(values)`` makes an array of rows and columns of
        ``values`` (n_states,); see :mod:`dra.plots`.
    """

    name: str
    step_limit: int
    slot: np.ndarray
    available: np.ndarray
    known: np.ndarray
    known_q: np.ndarray
    known_sigma: np.ndarray
    action_names: tuple[str, ...]
    preset: Mapping[str, Any] = field(default_factory=dict)
    layout: Any = None

    _compiles = True  # whether to try: a live environment cannot be compiled

    def __post_init__(self) -> None:
        """Check the memories; make what is shared read-only."""
        put = object.__setattr__
        _check.text("name", self.name)
        put(self, "step_limit", _check.integer("step_limit", self.step_limit, least=1))
        put(self, "preset", MappingProxyType(preset_of(self.preset)))
        for name, value in checked_memories(self).items():
            put(self, name, value)
        put(self, "action_names", names(self.action_names, self.n_actions))
        if self.layout is not None:
            check_layout(self.layout, self.n_states)
        self._freeze()

    def _freeze(self) -> None:
        """Make all arrays read-only; the caller's own array stays as it is."""
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, np.ndarray):
                value = value.view()
                value.setflags(write=False)
                object.__setattr__(self, f.name, value)

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process needs: the fields, and nothing made from them."""
        state = {f.name: getattr(self, f.name) for f in fields(self)}
        return state | {"preset": dict(self.preset)}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take over the fields, and check them again."""
        self.__dict__.update(state)
        self.__post_init__()

    def __deepcopy__(self, memo: dict) -> Task:
        """Return the task itself: it never changes."""
        return self

    @property
    def _world(self) -> loops.World:
        """What the inner loops move through."""
        raise NotImplementedError(f"{type(self).__name__} has no world")

    @property
    def _functions(self) -> tuple[Callable[..., Any], ...] | None:
        """The task's own (begin, observe, move), cut_off too where it has one; None for a table."""
        return None

    def pack(self) -> dict[str, Any]:
        """Return what a file keeps of the task: arrays and plain values, by name.

        ``kind`` says how to make the task again, see :func:`dra.tasks.stored.unpack`. "own" means
        that the task has to be passed again.
        """
        return {"kind": "own", "name": self.name}

    @property
    def n_states(self) -> int:
        """Number of states, terminal ones included."""
        return self.slot.shape[0]

    @property
    def n_actions(self) -> int:
        """Number of actions, the largest that any state has."""
        return self.slot.shape[1]

    @property
    def shared(self) -> bool:
        """Whether one memory may serve several choices."""
        return self.known.size != self.slot.size or not (np.diff(self.slot.ravel()) == 1).all()

    @property
    def memory_shape(self) -> tuple[int, ...]:
        """Shape of q and sigma: (n_states, n_actions), or (n_slots,) if memories are shared."""
        return (self.known.size,) if self.shared else self.slot.shape

    @cached_property
    def _twins(self) -> dict[Any, Any]:
        """Inner loops made for this task, by :func:`dra._twin.loops_for`."""
        return {}

    def __str__(self) -> str:
        """Draw the task as text where its layout can, else name its sizes."""
        if hasattr(self.layout, "text"):
            return self.layout.text()
        return f"{self.name}: {self.n_states} states, {self.n_actions} actions"

    def __repr__(self) -> str:
        """Name the task and its sizes."""
        return (
            f"<{self.name}: {self.n_states} states, {self.n_actions} actions, "
            f"step limit {self.step_limit}>"
        )


def checked_memories(task: Task) -> dict[str, np.ndarray]:
    """Return the arrays of a task that describe memories, or raise unless they fit together."""
    shape, slot = _check.shape_of("slot", task.slot), np.array(task.slot)
    n_slots = (*_check.shape_of("known", task.known), 0)[0]
    if len(shape) != 2 or slot.size == 0 or slot.dtype.kind not in "iu":
        raise ValueError(
            f"slot is of {slot.dtype} and shape {shape}; it must be an int array "
            "(n_states, n_actions)"
        )
    if slot.min() < 0 or slot.max() >= n_slots:
        raise ValueError(
            f"slot has numbers from {slot.min()} to {slot.max()}; the memories, the entries of "
            f"known, are numbered 0 to {n_slots - 1}"
        )
    return {
        "slot": slot,
        "available": _check.mask("available", task.available, shape),
        "known": _check.mask("known", task.known, (n_slots,)),
        "known_q": _check.array("known_q", task.known_q, shape=(n_slots,)),
        "known_sigma": _check.array("known_sigma", task.known_sigma, shape=(n_slots,), above=0),
    }


def check_layout(layout: Any, n_states: int) -> None:
    """Raise ``ValueError`` unless ``layout.image`` makes a picture of ``n_states`` values."""
    try:
        shape = np.shape(layout.image(np.arange(n_states, dtype=float)))
    except Exception as error:
        raise ValueError(
            f"layout is {_check.shown(layout)}; layout.image(values) must make an array of rows "
            f"and columns of values of shape ({n_states},)"
        ) from error
    if len(shape) != 2:
        raise ValueError(f"layout.image makes shape {shape}; it must be (rows, columns)")


def memories(
    n_states: int, n_actions: int, *, slot: Any = None, known: Any = None, available: Any = None
) -> dict[str, Any]:
    """Return the fields of a task that describe its memories, from what a maker is given.

    Parameters
    ----------
    n_states, n_actions : int
    slot : (n_states, n_actions) int array, optional
        Memory of each choice, numbered from 0. Default: every choice has its own.
    known : mapping from slot to (q, sigma), optional
        Memories that are given and free.
    available : (n_states, n_actions) bool array, optional
        Which actions exist in which state. Default: all.
    """
    shape = (n_states, n_actions)
    exists = _check.mask("available", available, shape)
    slot, n_slots = _slots(slot, exists)
    fixed, q, sigma = _known(known, n_slots)
    absent = np.ones(n_slots, bool)
    absent[slot[exists]] = False
    return {
        "slot": slot,
        "available": exists,
        "known": fixed | absent,
        "known_q": q,
        "known_sigma": sigma,
    }


def _slots(slot: Any, exists: np.ndarray) -> tuple[np.ndarray, int]:
    """Return (slot, n_slots), every choice its own memory by default."""
    if slot is None:
        return np.arange(exists.size).reshape(exists.shape), exists.size
    given = _check.numbers_of("slot", slot)
    if given.shape != exists.shape:
        raise ValueError(f"slot has shape {given.shape}; it must be {exists.shape}")
    used = np.unique(given[exists])
    if not np.array_equal(used, np.arange(used.size)):
        raise ValueError(f"slot uses the numbers {used}; they must be 0, 1, ... without gaps")
    return np.where(exists, given, 0).astype(np.int64), used.size


def _known(known: Any, n_slots: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return (mask, q, sigma) of the known memories."""
    mask, q, sigma = np.zeros(n_slots, bool), np.zeros(n_slots), np.ones(n_slots)
    legal = "a mapping from slot to (q, sigma)"
    given = {} if known is None else _check.instance("known", known, Mapping, legal)
    for m, pair in given.items():
        m = _check.integer("a memory in known", m, most=n_slots - 1)
        try:
            mean, deviation = pair
        except (TypeError, ValueError):
            raise ValueError(f"known[{m}] is {_check.shown(pair)}; it must be (q, sigma)") from None
        mask[m] = True
        q[m] = _check.number(f"known[{m}] q", mean)
        sigma[m] = _check.number(f"known[{m}] sigma", deviation, above=0)
    return mask, q, sigma


def names(action_names: Any, n_actions: int) -> tuple[str, ...]:
    """Return the names of the actions, numbers by default."""
    if action_names is None:
        return tuple(str(a) for a in range(n_actions))
    given = _check.listed("action_names", action_names, "a sequence of texts, one for each action")
    if len(given) != n_actions or not all(isinstance(a, str) for a in given):
        raise ValueError(
            f"action_names is {_check.shown(given)}; it must have one text for each action, "
            f"{n_actions} in all"
        )
    return tuple(given)


def preset_of(preset: Any) -> dict[str, Any]:
    """Return a preset as a dict; None is empty."""
    legal = "a mapping of parameters"
    return {} if preset is None else dict(_check.instance("preset", preset, Mapping, legal))
