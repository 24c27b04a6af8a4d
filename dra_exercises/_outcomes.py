"""What an answer does on the cases of an exercise, as plain data that holds no code.

An outcome is a dictionary: ``kind`` is "numbers" (with ``shape`` and ``values``), "nothing" (None
was returned), "other" (with ``text``, the type) or "error" (with ``error``, its type, and
``text``); ``changed`` names the arguments that the answer changed.
"""

import ast
import copy
import inspect
import math
import pickle

import numpy as np

LARGEST = 1_000_000  # numbers that are handed back from one case
NAMES = {name: getattr(np, name) for name in ("exp", "log", "log2", "sqrt", "abs", "sum", "pi")}
NAMES |= {"erf": math.erf, "erfc": math.erfc, "math": math, "np": np}


def parameters(function):
    """Return the names of the arguments of a function."""
    return list(inspect.signature(function).parameters)


def formula(text, names):
    """Return a function of ``names`` for an expression such as ``"log(sigma_base / sigma)"``."""
    if "^" in text:
        raise SyntaxError("^ is no power in Python, write **")
    code = compile(ast.parse(text.strip(), mode="eval"), "<formula>", "eval")

    def evaluate(*values):
        return eval(code, {"__builtins__": {}} | NAMES, dict(zip(names, values, strict=True)))

    return evaluate


def kept(values):
    """Return what should not change of the arguments, as bytes, argument by argument."""
    plain = (np.ndarray, list, dict, set, tuple)
    return [pickle.dumps(value) if isinstance(value, plain) else b"" for value in values]


def numbers(value):
    """Return the outcome of a returned value."""
    if value is None:
        return {"kind": "nothing"}
    try:
        array = np.asarray(value)
        if array.dtype == object:
            array = array.astype(float)
    except (TypeError, ValueError):
        return {"kind": "other", "text": type(value).__name__}
    if array.dtype.kind not in "biuf" or array.size > LARGEST:
        what = "complex numbers" if array.dtype.kind == "c" else type(value).__name__
        return {"kind": "other", "text": what}
    array = array.astype(float)
    return {"kind": "numbers", "shape": list(array.shape), "values": array.ravel().tolist()}


def outcome(answer, case, probe, names):
    """Call an answer with a copy of one case; return the outcome."""
    values = copy.deepcopy(case)
    before = kept(values)
    try:
        found = numbers(probe(answer, *values) if probe else answer(*values))
    except BaseException as error:
        text = " ".join(str(error).split())[:300]
        return {"kind": "error", "error": type(error).__name__, "text": text, "changed": []}
    after = kept(values)
    found["changed"] = [n for n, a, b in zip(names, before, after, strict=False) if a != b]
    return found


def outcomes(answer, exercise, cases):
    """Return what an answer does on each case; it may be an expression in the arguments."""
    names = parameters(exercise.solution)
    if isinstance(answer, str):
        try:
            answer = formula(answer, names)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            return [{"kind": "error", "error": "SyntaxError", "text": str(error), "changed": []}]
    return [outcome(answer, case, exercise.probe, names) for case in cases]
