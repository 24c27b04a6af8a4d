"""Simulated tasks: the agent sees a row of its memory, the task keeps a state of its own.

Where a tabular task has arrays, a simulated one has three functions, and ``constants`` that they
get as their first argument:

- ``begin(constants, rng)`` returns the state in which an episode starts;
- ``observe(constants, state)`` returns the row of the memory that the state reads;
- ``move(constants, state, action, rng)`` returns (next state, reward, terminated).

A state is whatever these functions agree on: a number, or a tuple of numbers. ``constants`` is best
a named tuple of numbers and arrays. Functions that do plain arithmetic are compiled together with
the inner loops; others run as they are, with the same result.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dra import _check, loops
from dra.tasks import task as base
from dra.tasks.task import Task


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Simulated(Task):
    """A task with functions of its own: a :class:`dra.tasks.Task` and its dynamics.

    Attributes
    ----------
    begin, observe, move : callables
        See the module.
    constants : object
        Their first argument.
    recipe : mapping
        ``kind``, the name of a maker in :mod:`dra.tasks`, and the arguments that make this task
        again. Empty for a task of one's own.
    """

    begin: Callable[..., Any]
    observe: Callable[..., Any]
    move: Callable[..., Any]
    constants: Any = ()
    recipe: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take functions that are compiled already as the plain ones that they are made of."""
        for name in ("begin", "observe", "move"):
            function = _check.function(name, getattr(self, name))
            object.__setattr__(self, name, getattr(function, "py_func", function))
        if isinstance(self.constants, np.ndarray):  # the caller's stays as it is
            object.__setattr__(self, "constants", self.constants.copy())
        super().__post_init__()
        stuck = np.flatnonzero(~self.available.any(axis=1))
        if stuck.size:  # any row may be met before the end
            raise ValueError(f"available leaves no action in row {stuck[0]}; every row needs one")

    @property
    def _functions(self) -> tuple[Callable[..., Any], ...]:
        """The three functions, (begin, observe, move)."""
        return self.begin, self.observe, self.move

    @property
    def _world(self) -> loops.World:
        """The task as the inner loops read it."""
        return loops.World(self.constants, self.constants)

    def pack(self) -> dict[str, Any]:
        """Return the recipe; of a task of one's own the name."""
        return dict(self.recipe) or super().pack()


def simulated(
    begin: Callable[..., Any], observe: Callable[..., Any], move: Callable[..., Any], *,
    n_states: int, n_actions: int, step_limit: int, constants: Any = (), name: str = "simulated",
    available: ArrayLike | None = None, slot: ArrayLike | None = None,
    known: Mapping[int, tuple[float, float]] | None = None,
    action_names: Sequence[str] | None = None, preset: Mapping[str, Any] | None = None,
    layout: Any = None,
) -> Simulated:  # fmt: skip
    """Make a task from functions that simulate it.

    The functions are tried once, before anything is made of them.

    Parameters
    ----------
    begin, observe, move : callables
        ``begin(constants, rng) -> state``, ``observe(constants, state) -> row`` and
        ``move(constants, state, action, rng) -> (state, reward, terminated)``.
    n_states : int
        Number of rows of the memory.
    n_actions : int
    step_limit : int
        Moves after which an episode is cut off.
    constants : object
        First argument of the three functions; of an array, a copy.
    name : str
    available, slot, known, action_names, preset, layout
        As for :func:`dra.tasks.tabular`, but every row needs an action.

    Returns
    -------
    Simulated

    Raises
    ------
    ValueError
        If an argument is not legal, or a function returns what it must not.

    Examples
    --------
    A walker on a ring of ten places who wants to come to place 5, seen in fives:

    >>> def begin(size, rng):
    ...     return rng.integers(0, size)
    >>> def observe(size, place):
    ...     return place // 5
    >>> def move(size, place, action, rng):
    ...     place = (place + 2 * action - 1) % size
    ...     return place, -1.0, place == 5
    >>> simulated(
    ...     begin, observe, move, n_states=2, n_actions=2, step_limit=50, constants=10, name="ring"
    ... )
    <ring: 2 states, 2 actions, step limit 50>
    """
    n_states = _check.integer("n_states", n_states, least=1)
    n_actions = _check.integer("n_actions", n_actions, least=1)
    made = Simulated(
        name=name,
        step_limit=step_limit,
        action_names=base.names(action_names, n_actions),
        preset=base.preset_of(preset),
        layout=layout,
        begin=begin,
        observe=observe,
        move=move,
        constants=constants,
        **base.memories(n_states, n_actions, slot=slot, known=known, available=available),
    )
    try_out(made)
    return made


def try_out(task: Simulated) -> None:
    """Make one move; raise ``ValueError`` if a function does not return what it must."""
    constants, rng = task.constants, np.random.default_rng(0)
    state = _tried("begin(constants, rng)", task.begin, constants, rng)
    seen = "observe(constants, state)"
    row = _check.integer(seen, _tried(seen, task.observe, constants, state))
    if row >= task.n_states:
        raise ValueError(f"{seen} is {row}; it must be a row from 0 to {task.n_states - 1}")
    action = int(np.flatnonzero(task.available[row])[0])
    made = "move(constants, state, action, rng)"
    result = _tried(made, task.move, constants, state, action, rng)
    if not isinstance(result, tuple) or len(result) != 3:
        raise ValueError(
            f"{made} is {_check.shown(result)}; it must be (next state, reward, terminated)"
        )
    _check.number(f"the reward of {made}", result[1])
    _check.flag(f"terminated of {made}", result[2])


def _tried(call: str, function: Callable[..., Any], *arguments: Any) -> Any:
    """Return what a function of the task's own returns."""
    try:
        return function(*arguments)
    except Exception as error:
        raise ValueError(f"{call} raises {_check.shown(error)}, the cause of this error") from error
