"""What an answer does on the cases of an exercise, as plain data that holds no code.

An outcome is a dictionary: ``kind`` is "numbers" (with ``shape`` and ``values``), "nothing" (None
was returned), "other" (with ``text``, the type), "ragged", "parts" (with ``text``, a sentence on
several outputs) or "error" (with ``error``, its type, ``text`` and, if it is known, ``line``);
``changed`` names the arguments that the answer changed, ``shapes`` are those of several outputs.
"""

import copy
import inspect

# by names of their own, so that an answer that puts others into NumPy does not change them
from numpy import asarray, ndarray

from dra_exercises._formula import formula
from dra_exercises.spec import Several

LARGEST = 1_000_000  # numbers that are handed back from one case


def parameters(function):
    """Return the names of the arguments of a function."""
    return list(inspect.signature(function).parameters)


def kept(value):
    """Return what must not change of an argument; None for what may, such as a generator."""
    kind = type(value)
    if kind is ndarray:
        return value.dtype.str, value.shape, value.tobytes()
    if kind in (list, tuple):
        return kind, [kept(item) for item in value]
    if kind is dict:
        return [(repr(key), kept(item)) for key, item in value.items()]
    return repr(value) if kind in (int, float, bool, str, set) else None


def changes(names, before, values):
    """Return the names of the arguments that are not as they were."""
    found = []
    for name, old, value in zip(names, before, values, strict=False):
        try:
            if kept(value) != old:
                found.append(name)
        except BaseException:  # it now holds something that cannot be looked at
            found.append(name)
    return found


def numbers(value):
    """Return the outcome of a returned value."""
    if value is None:
        return {"kind": "nothing"}
    name = type.__getattribute__(type(value), "__name__")
    try:
        array = asarray(value)
        if array.dtype == object:
            array = array.astype(float)
        if array.dtype.kind == "c" and not array.imag.any():
            array = array.real
    except ValueError as error:
        return {"kind": "ragged" if "inhomogeneous" in str(error) else "other", "text": name}
    except (TypeError, OverflowError):
        return {"kind": "other", "text": name}
    if array.dtype.kind not in "biuf":
        many = {list: "a list of text", tuple: "a tuple of text", ndarray: "an array of text"}
        text = many.get(type(value), name) if array.dtype.kind == "U" else name
        return {"kind": "other", "text": "complex numbers" if array.dtype.kind == "c" else text}
    if array.size > LARGEST:
        return {"kind": "other", "text": f"{array.size} numbers, more than any answer has"}
    array = array.astype(float)
    return {"kind": "numbers", "shape": list(array.shape), "values": array.ravel().tolist()}


def listed(value):
    """Return several outputs as a list, and what they are in words; None for the list if not so."""
    if isinstance(value, tuple | list):
        return list(value), f"{len(value)} outputs" if len(value) != 1 else "one output"
    if isinstance(value, dict):
        return None, "a dictionary"
    array = asarray(value)
    if array.dtype.kind in "biufO" and array.ndim == 1:
        return list(array), f"one array of {len(array)}"
    if array.dtype.kind in "biuf":
        return None, f"one array of shape {array.shape}" if array.ndim else "one number"
    return None, f"a {type.__getattribute__(type(value), '__name__')}"


def several(names, value):
    """Return the outcome of several outputs: all numbers in a row, and the shape of each output."""
    if value is None:
        return {"kind": "nothing"}
    parts, text = listed(value)
    if parts is None or len(parts) != len(names):
        return {
            "kind": "parts",
            "text": f"It returns {text}; {len(names)} outputs are asked for: {', '.join(names)}.",
        }
    made = [numbers(part) for part in parts]
    for name, part in zip(names, made, strict=True):
        if part["kind"] != "numbers":
            is_what = "nothing (None)" if part["kind"] == "nothing" else part["text"]
            is_what += " of parts with different shapes" if part["kind"] == "ragged" else ""
            text = f"Its output {name} is {is_what}; numbers are asked for."
            return {"kind": "parts", "text": text}
    values = [value for part in made for value in part["values"]]
    shapes = [part["shape"] for part in made]
    return {"kind": "numbers", "shape": [len(values)], "values": values, "shapes": shapes}


def tried(answer, values, probe):
    """Call an answer; return the outcome of what it returns."""
    if isinstance(probe, Several):
        return several(probe.names, answer(*values))
    return numbers(probe(answer, *values) if probe else answer(*values))


def failed(error, answer):
    """Return the outcome of an error; where its line is in the answer, if it is there."""
    try:
        text = " ".join(str(error).split())[:300]
    except BaseException:  # an error may be as odd as an answer
        text = ""
    found = {"kind": "error", "error": type(error).__name__, "text": text, "changed": []}
    code, trace = getattr(answer, "__code__", None), error.__traceback__
    while trace is not None:
        if code is not None and trace.tb_frame.f_code is code:
            found["line"] = trace.tb_lineno - code.co_firstlineno + 1
        trace = trace.tb_next
    return found


def returned(answer, case, probe):
    """Return, in a list, what an answer last returned to a probe that could not use it."""
    last = []

    def noted(*values, **named):
        last.clear()
        last.append(answer(*values, **named))
        return last[0]

    try:
        probe(noted, *copy.deepcopy(case))
    except BaseException:
        return last
    return []


def outcome(answer, case, probe, names):
    """Call an answer with a copy of one case; return the outcome."""
    values = copy.deepcopy(case)
    before = [kept(value) for value in values]
    try:
        found = tried(answer, values, probe)
    except BaseException as error:
        found = failed(error, answer)
        if callable(probe) and "line" not in found:
            for value in returned(answer, case, probe):
                kind = type.__getattribute__(type(value), "__name__")
                return {"kind": "nothing"} if value is None else found | {"returned": kind}
        return found
    return found | {"changed": changes(names, before, values)}


def outcomes(answer, cases, probe, names):
    """Return what an answer does on each case, up to the first on which it gives no numbers.

    The answer may be an expression in the arguments.
    """
    lines = True
    if isinstance(answer, str):
        try:
            answer = formula(answer, names)
        except NameError as error:
            return [{"kind": "error", "error": "unknown", "text": str(error), "changed": []}]
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            text = str(error).partition(" (")[0]
            return [{"kind": "error", "error": "SyntaxError", "text": text, "changed": []}]
        lines = False
    found = []
    for case in cases:
        found.append(outcome(answer, case, probe, names))
        if not lines:  # a formula has one only
            found[-1].pop("line", None)
        if found[-1]["kind"] != "numbers":
            break
    return found
