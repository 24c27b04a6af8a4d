"""The inner loops with a task's own functions in place: a *twin* of :mod:`dra.loops`.

A task that is not a table of moves brings ``begin``, ``observe`` and ``move``, and a run may bring
a credit. Their twin is compiled if they compile, and plain Python if they do not; a warning says so
once. Both give the same numbers.

Machine code is kept on disk only where it is safe to do so: under a name that is a digest of
everything that went into it, the code and the constants of every function reached, the types of
what they are given, and the versions of Numba and NumPy. A changed function has another name and is
compiled anew. What cannot be digested is compiled in each process.
"""

from __future__ import annotations

import functools
import math
import warnings
from types import FunctionType

import numpy as np

from dra import _compile, _digest, loops

OWN = ("begin", "observe", "move")


class BadMove(ValueError):
    """A task's own function returned what it must not."""

    def __str__(self):
        """Say what, and the value: compiled code cannot put the two together."""
        return " ".join(map(str, self.args))


class NotCompiled(UserWarning):
    """A task's or a credit's own functions do not compile; the run is the same, but slower."""


def loops_for(task, credit=None, compiled=True):
    """Return the module of inner loops for a task and a credit of one's own.

    Parameters
    ----------
    task : Task
    credit : callable, optional
        Takes the place of :func:`dra.loops.own_credit`.
    compiled : bool
        False gives plain Python.
    """
    key = credit, bool(compiled and _compile.COMPILED)
    made = task.twins
    if key not in made:
        made[key] = _make(task, *key)
    return made[key]


def is_compiled(code):
    """Return whether the loops in the module ``code`` are compiled."""
    return hasattr(code.trial, "py_func")


def _make(task, credit, compiled):
    """Return the module of loops, compiled if that is asked for and works."""
    own = {} if task.functions is None else dict(zip(OWN, task.functions, strict=True))
    if credit is not None:
        own["own_credit"] = credit
    if not own:
        return loops if compiled else _plain_loops()
    if compiled:
        try:
            return _compiled_twin(task, own)
        except Exception as error:  # Numba raises errors of many classes for what it cannot compile
            reason = str(error).strip().splitlines() or [type(error).__name__]
            warnings.warn(
                f"the functions of {task.name} do not compile and run as plain Python, about a "
                f"hundred times slower, with the same result; Numba says: {reason[0]}",
                NotCompiled, stacklevel=4,
            )  # fmt: skip
    own |= _checked(own, task.n_states, lambda function: function)
    return _compile.copied(loops, own, lambda function: function)


@functools.cache
def _plain_loops():
    """Return the loops of a tabular task as plain Python."""
    return _compile.uncompiled(loops)


def _compiled_twin(task, own):
    """Return the compiled twin, tried out once with the types of ``task``."""
    import numba

    types = numba.typeof(task.world)  # refuses constants that compiled code cannot read
    layout = _digest.layout(task.world)
    place = _digest.place((own, task.n_states, str(types), layout, _checked, _compile.INNER))
    return _tried(task, own, place)


def _tried(task, own, place):
    """Return the compiled twin after its first call, which compiles it."""
    inner = functools.partial(_compile.jit, **_compile.INNER)
    outer = functools.partial(_compile.jit, cache=place is not None)
    own = own | _checked(own, task.n_states, _compile.numba.njit)

    def decorate(function):
        if hasattr(function, "py_func"):
            return function  # one of the task's own
        helper = getattr(loops, function.__name__).targetoptions.get("forceinline")
        return inner(function) if helper else outer(_moved(function, place))

    twin = _compile.copied(loops, own, decorate)
    returns = np.zeros(1)  # no step is made: this only compiles
    memory = task.table(np.zeros(task.known.size), np.ones(task.known.size), task.known)
    twin.fill_returns(task.world, memory, 1.0, 1.0, 0, returns, np.random.default_rng(0))
    return twin


def _moved(function, place):
    """Return ``function`` as if its source stood in the file ``place``, by which Numba caches."""
    if place is None:
        return function
    code = function.__code__.replace(co_filename=str(place))
    moved = FunctionType(code, function.__globals__, function.__name__)
    moved.__module__ = function.__module__
    return moved


def _checked(own, n_states, decorate):
    """Return ``own`` decorated, and with a look at what ``observe`` and ``move`` return."""
    inner = {name: decorate(function) for name, function in own.items()}
    if "observe" not in own:
        return inner
    observe_state, make_move = inner["observe"], inner["move"]
    no_row = f"observe must return a row from 0 to {n_states - 1}; it returned"
    no_reward = "move must return a finite reward; it returned"

    def observe(moves, state):
        row = observe_state(moves, state)
        if not 0 <= row < n_states:
            raise BadMove(no_row, row)
        return row

    def move(moves, state, action, rng):
        state, reward, terminated = make_move(moves, state, action, rng)
        if not math.isfinite(reward):
            raise BadMove(no_reward, reward)
        return state, reward, terminated

    return inner | {"observe": decorate(observe), "move": decorate(move)}
