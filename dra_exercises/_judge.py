"""Judge an answer: right, a mistake that is known by name, or some other mistake.

Here are the rules; the process in which they are applied is `_trial`. ``judge`` applies them to an
answer that may be trusted, in this process.
"""

import math
import re

import numpy as np

from dra_exercises import _diagnosis, _several, _values
from dra_exercises._outcomes import numbers, outcome, outcomes, parameters
from dra_exercises.spec import Choice, Function, Several, Value

RIGHT, WRONG = True, False
WORDS = 3  # of an open answer, before the rubric is shown
ENDERS = ("SystemExit", "KeyboardInterrupt", "GeneratorExit")
CRASHES = {-6: "aborted", -7: "a bus error", -8: "an arithmetic error", -11: "a segmentation fault"}


def tolerance(exercise):
    """Return the tolerance of an exercise in words."""
    if exercise.rtol == 0:
        return f"within {exercise.atol:g}" if exercise.atol > 1e-8 else "exactly"
    if exercise.rtol >= 1e-3:
        more = f" and {exercise.atol:g}" if exercise.atol > 1e-8 else ""
        return f"within {100 * exercise.rtol:g} %{more}"
    return f"to {round(-math.log10(exercise.rtol))} digits"


def array(found):
    """Return the array of an outcome that has numbers."""
    return np.array(found["values"], float).reshape(found["shape"])


def sound(found, count):
    """Return outcomes that came from elsewhere if they have the form of outcomes, or None."""
    try:
        for result in found:
            if result["kind"] == "numbers":
                array(result)
                result["changed"] = [str(name) for name in result.get("changed", [])]
                shapes = [tuple(map(int, shape)) for shape in result.get("shapes", [])]
                fit = sum(map(math.prod, shapes)) == len(result["values"])
                result["shapes"] = shapes if fit and min(sum(shapes, (0,))) >= 0 else []
            elif result["kind"] == "error":
                result |= {"error": str(result["error"]), "text": str(result["text"])}
                result |= {"returned": str(result["returned"])} if "returned" in result else {}
            elif result["kind"] in ("other", "ragged", "parts", "unreadable"):
                result["text"] = str(result["text"])
            elif result["kind"] != "nothing":
                return None
    except (TypeError, KeyError, ValueError, AttributeError):
        return None
    whole = all(result["kind"] == "numbers" for result in found)
    return found if found and (len(found) == count or not whole) else None


def as_asked(found, expected):
    """Return an array of a single number as a number, where that is asked for."""
    return found.reshape(()) if found.size == 1 and expected.ndim == 0 else found


def references(exercise, cases):
    """Return the expected arrays, one for each case."""
    if exercise.expected is None:
        made = [outcome(exercise.solution, case, exercise.probe, ()) for case in cases]
    else:
        made = [outcome(exercise.expected, case, None, ()) for case in cases]
    for found in made:
        if found["kind"] != "numbers":
            raise RuntimeError(f"the reference answer fails: {found}")
    return [array(found) for found in made]


def unfinished(how, status, seconds):
    """Say why an answer was not tried to its end; ``how`` is a word of `_watch.watched`."""
    if how == "time":
        return (
            f"It was stopped after {round(seconds, 1):g} seconds. Is there a loop that never ends?"
        )
    if how == "memory":
        return "It was stopped, because it took more memory than this exercise needs."
    if how == "many":
        return "It was stopped, because it started more and more processes."
    if how == "garbled":
        return "It spoilt the process in which it was tried: nothing could be read from there."
    if status in CRASHES:
        return f"It crashed Python ({CRASHES[status]}) instead of returning."
    return f"It ended the process in which it was tried (exit status {status})."


def stopped(result, names, at):
    """Say what an error means."""
    error, text = result["error"], result["text"]
    if error == "NotImplementedError":
        return "Not written yet."
    if error == "unknown":  # a name in a formula; the text is a sentence
        return text
    if error == "SyntaxError":
        return f"That is no expression in {', '.join(names)}: {text}."
    if error in ENDERS:
        return f"It ends the program ({error}) instead of returning."
    if error == "MemoryError":
        return f"It asks for more memory than there is, for {at}."
    if error == "RecursionError":
        return f"It calls itself and never stops (RecursionError), for {at}."
    if error == "EOFError" and "reading a line" in text:
        return "It asks for input; what it needs should come as an argument."
    if "returned" in result:
        return f"Nothing can be done with the {result['returned']} that it returns, for {at}."
    line = f" in its line {result['line']}" if isinstance(result.get("line"), int) else ""
    if error == "TypeError" and "positional argument" in text:
        return f"It stops with TypeError: {text}. It is called with ({', '.join(names)})."
    return f"It stops{line} with {error}{f': {text}' if text else ''}, for {at}."


def failure(found, names, cases):
    """Say why outcomes are no numbers, or None if all of them are."""
    for result, case in zip(found, cases, strict=False):
        at = _diagnosis.called(names, case)
        if result["kind"] == "error":
            return stopped(result, names, at)
        if result["kind"] == "nothing":
            return "It returns nothing (None). Is a return missing?"
        if result["kind"] == "other":
            return f"It returns {result['text']}; numbers are asked for."
        if result["kind"] == "parts":
            return result["text"]
        if result["kind"] == "ragged":
            return f"It returns a {result['text']} of parts with different shapes, for {at}."
        if result["kind"] == "unreadable":
            return f"It cannot be tried in a process of its own: {result['text']}."
    return None


def known(exercise, found, cases):
    """Return what is said of the known mistake that gives the same numbers, or None."""
    for wrong in exercise.wrong:
        same = (outcome(wrong.answer, case, exercise.probe, ()) for case in cases)
        if all(
            one["kind"] == "numbers" and alike(array(one), other, exercise.rtol, exercise.atol)
            for one, other in zip(same, found, strict=True)
        ):
            return wrong.says
    return None


def alike(one, other, rtol, atol):
    """Whether two arrays agree, what is not finite included."""
    bad = ~np.isfinite(one)
    if one.shape != other.shape or not np.array_equal(bad, ~np.isfinite(other)):
        return False
    return _diagnosis.within(one[~bad], other[~bad], rtol, atol)


def of_function(exercise, found, cases, expected):
    """Return (right, sentence) for the outcomes of a function."""
    names = parameters(exercise.solution)
    if said := failure(found, names, cases):
        return WRONG, said
    arrays = [as_asked(array(r), e) for r, e in zip(found, expected, strict=True)]
    pairs = list(zip(arrays, expected, strict=True))
    if all(_diagnosis.within(f, e, exercise.rtol, exercise.atol) for f, e in pairs):
        changed = sorted({name for result in found for name in result["changed"]})
        if changed:
            return WRONG, (
                f"The numbers are right, but the argument {', '.join(changed)} is changed on the "
                "way: whoever calls it may still need it. Work on a copy."
            )
        how = f"on {len(cases)} fresh cases, {tolerance(exercise)}"
        return RIGHT, f"Right, {how}.{besides(exercise)}"
    said = known(exercise, arrays, cases)
    if not said and isinstance(exercise.probe, Several):
        asked = [outcome(exercise.solution, case, exercise.probe, ()) for case in cases]
        said = _several.general(exercise, (found, asked), names, cases)
    return WRONG, said or _diagnosis.general(pairs, names, cases, exercise.rtol, exercise.atol)


def of_value(exercise, result):
    """Return (right, sentence) for the outcome of a number or a list of numbers."""
    if result["kind"] == "ragged":
        return WRONG, "A list of numbers is asked for, not one of parts with different shapes."
    if result["kind"] != "numbers":
        text = f", not {result['text']}" if "text" in result else ""
        text += ": leave out the quotes" if text.endswith("of text") else ""
        return WRONG, f"A number is asked for, or a list of numbers{text}."
    found, expected = array(result), np.asarray(exercise.answer(), float)
    if found.size == expected.size == 1:
        found, expected = found.ravel(), expected.ravel()
    if _diagnosis.within(found, expected, exercise.rtol, exercise.atol):
        unit = f" (unit: {exercise.unit})" if exercise.unit else ""
        return RIGHT, f"Right, {tolerance(exercise)}{unit}.{besides(exercise)}"
    for wrong in exercise.wrong:
        value = wrong.answer() if callable(wrong.answer) else wrong.answer
        value = np.asarray(value, float).reshape(-1)
        if value.size == found.size and _diagnosis.within(
            found.ravel(), value, exercise.rtol, exercise.atol
        ):
            return WRONG, wrong.says
    return WRONG, _values.of_values(found, expected, exercise.rtol, exercise.atol)


def of_choice(exercise, answer):
    """Return (right, sentence) for letters."""
    legal = sorted({*exercise.answer, *(wrong.answer for wrong in exercise.wrong)})
    if type(answer) in (list, tuple) and all(type(item) is str for item in answer):
        answer = ",".join(answer)
    if type(answer) is not str:
        return WRONG, f'Answer with a letter as a string, such as "{legal[0]}".'
    letters = "".join(sorted({letter for letter in answer.upper() if letter.isalpha()}))
    if letters == "".join(sorted(exercise.answer)):
        return RIGHT, "Right."
    for wrong in exercise.wrong:
        if letters == "".join(sorted(wrong.answer)):
            return WRONG, wrong.says
    return WRONG, f"The letters are {', '.join(legal)}; choose {len(exercise.answer)} of them."


def of_open(exercise, answer):
    """Return (right, sentence): nothing is right or wrong here, but something has to be said."""
    if type(answer) is not str or len(re.findall(r"[^\W\d_]+", answer)) < WORDS:
        return WRONG, "Not written yet. Say it in words, in quotes; then see a full answer."
    return WRONG, f"There is no single right answer. A full one:\n{points(exercise)}"


def points(exercise):
    """Return the rubric of an exercise as a list."""
    return "\n".join(f"- {point}" for point in exercise.rubric)


def besides(exercise):
    """Return what a right answer is followed by: what it should say in words."""
    return f" In words, a full answer says:\n{points(exercise)}" if exercise.rubric else ""


def judge(exercise, answer, rng):
    """Return (right, sentence) for an answer that may be trusted, in this process."""
    if isinstance(exercise, Choice):
        return of_choice(exercise, answer)
    if isinstance(exercise, Value):
        if callable(answer):
            return WRONG, "A number is asked for, not a function: call it first."
        return of_value(exercise, numbers(answer))
    if not isinstance(exercise, Function):
        return of_open(exercise, answer)
    if not (callable(answer) or (isinstance(answer, str) and exercise.formula)):
        kind = "a function or an expression" if exercise.formula else "a function"
        name = exercise.solution.__name__
        if isinstance(answer, str):
            return WRONG, f"A formula in quotes does not do here: hand in the function {name}."
        return WRONG, f"This exercise takes {kind}: hand in {name} itself, without calling it."
    cases = exercise.cases(rng)
    found = outcomes(answer, cases, exercise.probe, parameters(exercise.solution))
    return of_function(exercise, found, cases, references(exercise, cases))
