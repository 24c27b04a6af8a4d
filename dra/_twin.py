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
import uuid
import warnings
from types import CellType, FunctionType
from typing import Any

import numpy as np

from dra import _compile, _digest, _slots, loops

OWN = ("begin", "observe", "move", "cut_off")
NO_ROW = "observe must return a row from 0 to {}; it returned"
NO_MOVE = "move must return (next state, reward, terminated); it returned"
NO_REWARD = "move must return a finite reward; it returned"
NO_END = "move must return terminated, True or False; it returned"
NO_CREDIT = "a credit must return a finite number; it returned"
AS_PYTHON = {"error_model": "python"}
"""How a task's own functions are compiled: what divides by zero raises, as it does uncompiled."""


class BadMove(ValueError):
    """A task's or a credit's own function returned what it must not."""

    def __str__(self):
        """Say what, and the value: compiled code cannot put the two together."""
        return " ".join(map(str, self.args))


class NotCompiled(UserWarning):
    """A task's or a credit's own functions do not compile; the run is the same, but slower."""


def some_choices(memory, row):
    """Return how many choices a row has, where some actions do not exist."""
    return memory.n_choices[row]


def some_action_of(memory, row, k):
    """Return the action that choice ``k`` of a row stands for, where some do not exist."""
    return memory.action[row, k]


def loops_for(task, credit=None, compiled=True):
    """Return the module of inner loops for a task and a credit of one's own.

    Parameters
    ----------
    task : Task
    credit : callable, optional
        Takes the place of :func:`dra.loops.credit_of`.
    compiled : bool
        False gives plain Python.
    """
    key = credit, bool(compiled and _compile.COMPILED and task._compiles)
    made = task._twins
    if key not in made:
        made[key] = _make(task, *key)
    return made[key]


def _make(task, credit, compiled):
    """Return the module of loops, compiled if that is asked for and works."""
    own = {} if task._functions is None else dict(zip(OWN, task._functions, strict=False))
    if credit is not None:
        own["credit_of"] = credit
    if not task.available.all():
        own |= {"choices": some_choices, "action_of": some_action_of}
    if not own:
        return loops if compiled else _plain_loops()
    if compiled:
        try:
            return _compiled_twin(task, own)
        except Exception as error:  # Numba raises errors of many classes for what it cannot compile
            warnings.warn(
                f"the functions of {task.name} do not compile and run as plain Python, about a "
                f"hundred times slower, with the same result; Numba says: {_reason(error)}",
                NotCompiled, stacklevel=4,
            )  # fmt: skip
    own = {name: getattr(function, "py_func", function) for name, function in own.items()}
    own |= _checked(_of_kind(own, task.n_states), task.n_states, lambda function: function)
    return _quiet(_compile.copied(loops, own, lambda function: function))


@functools.cache
def _plain_loops():
    """Return the loops of a tabular task as plain Python."""
    return _quiet(_compile.uncompiled(loops))


def _quiet(code):
    """Return plain loops whose results do not depend on NumPy's error state, as compiled ones."""
    quiet = np.errstate(all="ignore")
    trials = code.trials

    def quiet_trials(*arguments):
        work = trials(*arguments)
        while True:
            yield quiet(next)(work)

    code.trials = quiet_trials
    for name in ("fill_returns", "fill_gradient"):
        setattr(code, name, quiet(getattr(code, name)))
    return code


def _compiled_twin(task, own):
    """Return the compiled twin, tried out once with the types of ``task``."""
    import numba

    types = numba.typeof(task._world)  # refuses constants that compiled code cannot read
    layout = _digest.layout(task._world)
    options = {name: f.options for name, f in vars(loops).items() if hasattr(f, "options")}
    place = _digest.place((own, task.n_states, str(types), layout, _checked, options, AS_PYTHON))
    return _tried(task, own, place)


def _tried(task, own, place):
    """Return the compiled twin after its first call, which compiles it."""
    mark = uuid.uuid4().hex if place is None else place.stem
    helpers: dict[int, Any] = {}
    own = {name: _with_helpers(function, helpers, mark) for name, function in own.items()}
    as_python = _compile.numba.njit(**AS_PYTHON)
    own |= _checked(own, task.n_states, lambda f: as_python(_marked(f, mark)))

    def decorate(function):
        if hasattr(function, "py_func"):
            return function  # one of the task's own
        if hasattr(function, "options"):
            return _compile.jit(_marked(function, mark), **function.options)
        return _compile.jit(_marked(_moved(function, place), mark), cache=place is not None)

    twin = _compile.copied(loops, own, decorate)
    n, rng = task.known.size, np.random.default_rng(0)
    memory = _slots.table(task, np.zeros(n), np.ones(n), np.zeros(n, bool))
    given = loops.Given(
        np.ones(1, np.int64), np.ones(1), np.zeros(n), np.zeros(1, bool), np.zeros(1)
    )
    twin.trials(  # no trial is made: this only compiles
        task._world, memory, np.zeros(n), given, (1.0, 0.0), (0, 1.0, 1), (0.0, 0.0, 1.0, 1.0, 0.0),
        1, rng, rng,
    )  # fmt: skip
    return twin


def _marked(function, mark):
    """Return ``function`` under a name that no other twin has.

    Numba makes the symbols of machine code from it and from a count that begins anew in each
    process. Without the mark, two twins that were stored by two processes have the same symbols,
    and a third process that loads both runs the code of the first for both.
    """
    function.__qualname__ = f"{function.__name__}_{mark}"
    return function


def _with_helpers(function, done, mark):
    """Return a function compiled together with the plain functions that it calls by name."""
    function = getattr(function, "py_func", function)
    if not isinstance(function, FunctionType):
        raise TypeError(f"{function!r} is not a plain function")
    if id(function) in done:
        return done[id(function)]
    space = dict(function.__globals__)
    cells = tuple(CellType(cell.cell_contents) for cell in function.__closure__ or ())
    name, defaults = function.__name__, function.__defaults__
    copy = FunctionType(function.__code__, space, name, defaults, cells or None)
    copy.__kwdefaults__ = function.__kwdefaults__
    done[id(function)] = _compile.numba.njit(**AS_PYTHON)(_marked(copy, mark))
    for used in _digest.names(function.__code__) & space.keys():
        if _digest.is_own(space[used]):
            space[used] = _with_helpers(space[used], done, mark)
    for cell in cells:
        if _digest.is_own(cell.cell_contents):
            cell.cell_contents = _with_helpers(cell.cell_contents, done, mark)
    return done[id(function)]


def _reason(error):
    """Return the line of an error of Numba's that says what is wrong."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    telling = [line for line in lines if not line.startswith("Failed in nopython")]
    said = (telling or [type(error).__name__])[0]
    return f"{said}; import what you use of it by name" if "of type Module(" in said else said


def _moved(function, place):
    """Return ``function`` as if its source stood in the file ``place``, by which Numba caches."""
    if place is None:
        return function
    code = function.__code__.replace(co_filename=str(place))
    moved = FunctionType(code, function.__globals__, function.__name__)
    moved.__module__ = function.__module__
    return moved


def _checked(own, n_states, decorate):
    """Return ``own`` with a look at what is passed to a credit, and what the others return."""
    if "credit_of" in own:
        own = own | {"credit_of": decorate(_credit_of(own["credit_of"]))}
    if "observe" not in own:
        return own
    observe_state, make_move, no_row = own["observe"], own["move"], NO_ROW.format(n_states - 1)

    def observe(moves, state):
        row = observe_state(moves, state)
        if row is None:
            raise BadMove(no_row, "None")
        if not 0 <= row < n_states or row != int(row):
            raise BadMove(no_row, row)
        return int(row)

    def move(moves, state, action, rng):
        result = make_move(moves, state, action, rng)
        if result is None:
            raise BadMove(NO_MOVE, "None")
        state, reward, terminated = result
        if reward is None:
            raise BadMove(NO_REWARD, "None")
        if terminated is None:
            raise BadMove(NO_END, "None")
        if not math.isfinite(reward):
            raise BadMove(NO_REWARD, reward)
        return state, reward, terminated

    return own | {"observe": decorate(observe), "move": decorate(move)}


def _credit_of(psi):
    """Return the loops' :func:`dra.loops.credit_of` for a credit ``psi`` of one's own."""

    def credit_of(memory, row, k, credit, reward, next_row, terminated):
        values = memory.q[memory.slot[row, : memory.n_choices[row]]]
        next_values = memory.q[memory.slot[next_row, : memory.n_choices[next_row]]]
        given = psi(values, k, reward, next_values, terminated)
        if given is None:
            raise BadMove(NO_CREDIT, "None")
        if not math.isfinite(given):
            raise BadMove(NO_CREDIT, given)
        return given

    return credit_of


def _of_kind(own, n_states):
    """Return plain ``own`` with a look at the kinds of what they return: compiled ones have one."""
    own = dict(own)  # as they are now

    def look(made, message):
        if not hasattr(made, "__float__"):
            raise BadMove(message, made)
        return made

    def observe(moves, state):
        return look(own["observe"](moves, state), NO_ROW.format(n_states - 1))

    def move(moves, state, action, rng):
        made = own["move"](moves, state, action, rng)
        if not (isinstance(made, tuple) and len(made) == 3):
            raise BadMove(NO_MOVE, made)
        return made[0], look(made[1], NO_REWARD), look(made[2], NO_END)

    def credit_of(*seen):
        return look(own["credit_of"](*seen), NO_CREDIT)

    kinds = {"observe": observe, "move": move, "credit_of": credit_of}
    return own | {name: function for name, function in kinds.items() if name in own}
