"""Say what is wrong with several outputs, when no known mistake fits."""

import itertools
import math

import numpy as np

from dra_exercises import _diagnosis


def split(result):
    """Return the outputs of an outcome as arrays."""
    shapes = [tuple(shape) for shape in result["shapes"]]
    ends = np.cumsum([math.prod(shape) for shape in shapes])
    parts = np.split(np.array(result["values"], float), ends[:-1])
    return [part.reshape(shape) for part, shape in zip(parts, shapes, strict=True)]


def alike(pairs, rtol, atol):
    """Whether all pairs agree, number by number, however these are laid out."""
    return all(_diagnosis.within(np.ravel(f), np.ravel(e), rtol, atol) for f, e in pairs)


def laid_out(found, expected):
    """Return an output as it is asked for, if it is only nested in another way."""
    other = found.size == expected.size and found.ndim != expected.ndim
    return found.reshape(expected.shape) if other else found


def general(exercise, results, names, cases):
    """Return a sentence that names the outputs, or None if they are not told apart.

    ``results`` are (found, expected) outcomes, a list of each with one for each case.
    """
    outputs, digits = exercise.probe.names, (exercise.rtol, exercise.atol)
    if not all(len(result.get("shapes", ())) == len(outputs) for result in results[0]):
        return None
    found, expected = ([split(result) for result in each] for each in results)
    which = range(len(outputs))
    for order in itertools.permutations(which):
        turned = [[result[k] for k in order] for result in found]
        if all(
            alike(zip(*pair, strict=True), *digits) for pair in zip(turned, expected, strict=True)
        ):
            return f"Right numbers, in the wrong order: return {', '.join(outputs)}."
    columns = [[(f[k], e[k]) for f, e in zip(found, expected, strict=True)] for k in which]
    right = [k for k in which if alike(columns[k], *digits)]
    first = next(k for k in which if k not in right)
    fine = f"Right: {', '.join(outputs[k] for k in right)}. " if right else ""
    pairs = [(laid_out(f, e), e) for f, e in columns[first]]
    return f"{fine}Wrong: {outputs[first]}. {_diagnosis.general(pairs, names, cases, *digits)}"
