"""Judge an answer: right, a mistake that is known by name, or some other mistake.

As a program, ``python -m dra_exercises._judge FOLDER``, it is a process of its own that lets a
second one try the answer. So what an answer does to NumPy or to this package cannot reach the
judge, and what a notebook has done to them cannot either.
"""

import json
import pickle
import sys
from pathlib import Path

import numpy as np

from dra_exercises import _diagnosis, _watch
from dra_exercises._outcomes import numbers, outcome, outcomes, parameters
from dra_exercises.exercises import find
from dra_exercises.spec import Choice, Function, Value

RIGHT, WRONG = True, False


def tolerance(exercise):
    """Return the tolerance of an exercise in words."""
    if exercise.rtol == 0:
        return f"within {exercise.atol:g}" if exercise.atol > 1e-8 else "exactly"
    if exercise.rtol >= 1e-3:
        return f"within {100 * exercise.rtol:g} %"
    return f"to {round(-np.log10(exercise.rtol))} digits"


def array(found):
    """Return the array of an outcome that has numbers."""
    return np.array(found["values"], float).reshape(found["shape"])


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


def failure(found, names, cases):
    """Say why outcomes are no numbers, or None if all of them are."""
    for result, case in zip(found, [*cases, *[()] * len(found)], strict=False):
        at = _diagnosis.called(names, case)
        if result["kind"] == "error":
            if result["error"] == "NotImplementedError":
                return "Not written yet."
            if result["error"] == "SyntaxError":
                return f"That is no expression in {', '.join(names)}: {result['text']}."
            if result["error"] in ("SystemExit", "KeyboardInterrupt", "GeneratorExit"):
                return f"It ends the program ({result['error']}) instead of returning."
            if result["error"] == "MemoryError":
                return f"It asks for more memory than there is, for {at}."
            said = f": {result['text']}" if result["text"] else ""
            return f"It stops with {result['error']}{said}, for {at}."
        if result["kind"] == "nothing":
            return "It returns nothing (None). Is a return missing?"
        if result["kind"] == "other":
            return f"It returns {result['text']}; numbers are asked for."
        if result["kind"] == "unreadable":
            return f"It cannot be tried in a process of its own: {result['text']}."
    return None


def known(exercise, found, cases):
    """Return what is said of the known mistake that gives the same numbers, or None."""
    for wrong in exercise.wrong:
        same = (outcome(wrong.answer, case, exercise.probe, ()) for case in cases)
        pairs = zip(same, found, strict=True)
        if all(
            one["kind"] == "numbers" and alike(array(one), other, exercise.rtol, exercise.atol)
            for one, other in pairs
        ):
            return wrong.says
    return None


def alike(one, other, rtol, atol):
    """Whether two arrays agree, what is not finite included."""
    bad = ~np.isfinite(one)
    if one.shape != other.shape or not np.array_equal(bad, ~np.isfinite(other)):
        return False
    return _diagnosis.within(one[~bad], other[~bad], rtol, atol)


def of_function(exercise, found, cases):
    """Return (right, sentence) for the outcomes of a function."""
    names = parameters(exercise.solution)
    if said := failure(found, names, cases):
        return WRONG, said
    arrays, expected = [array(result) for result in found], references(exercise, cases)
    pairs = list(zip(arrays, expected, strict=True))
    if all(_diagnosis.within(f, e, exercise.rtol, exercise.atol) for f, e in pairs):
        changed = sorted({name for result in found for name in result["changed"]})
        if changed:
            return WRONG, (
                f"The numbers are right, but the argument {', '.join(changed)} is changed on the "
                "way: whoever calls it may still need it. Work on a copy."
            )
        return RIGHT, f"Right, on {len(cases)} fresh cases, {tolerance(exercise)}."
    said = known(exercise, arrays, cases)
    return WRONG, said or _diagnosis.general(pairs, names, cases, exercise.rtol, exercise.atol)


def of_value(exercise, answer):
    """Return (right, sentence) for a number or a list of numbers."""
    if callable(answer):
        return WRONG, "A number is asked for, not a function: call it first."
    result = numbers(answer)
    if result["kind"] != "numbers":
        return WRONG, "A number is asked for, or a list of numbers."
    found, expected = array(result), np.asarray(exercise.answer(), float)
    if found.size == expected.size == 1:
        found, expected = found.ravel(), expected.ravel()
    if _diagnosis.within(found, expected, exercise.rtol, exercise.atol):
        unit = f" [{exercise.unit}]" if exercise.unit else ""
        return RIGHT, f"Right, {tolerance(exercise)}{unit}."
    for wrong in exercise.wrong:
        value = wrong.answer() if callable(wrong.answer) else wrong.answer
        value = np.asarray(value, float).reshape(-1)
        if value.size == found.size and _diagnosis.within(
            found.ravel(), value, exercise.rtol, exercise.atol
        ):
            return WRONG, wrong.says
    return WRONG, _diagnosis.of_values(found, expected, exercise.rtol, exercise.atol)


def of_choice(exercise, answer):
    """Return (right, sentence) for letters."""
    legal = sorted({*exercise.answer, *(wrong.answer for wrong in exercise.wrong)})
    if not isinstance(answer, str):
        return WRONG, f'Answer with a letter as a string, such as "{legal[0]}".'
    letters = "".join(sorted({letter for letter in answer.upper() if letter.isalpha()}))
    if letters == "".join(sorted(exercise.answer)):
        return RIGHT, "Right."
    for wrong in exercise.wrong:
        if letters == wrong.answer:
            return WRONG, wrong.says
    return WRONG, f"The letters are {', '.join(legal)}; choose {len(exercise.answer)} of them."


def of_open(exercise):
    """Return (right, sentence): nothing is right or wrong here."""
    points = "\n".join(f"- {point}" for point in exercise.rubric)
    return WRONG, f"There is no single right answer. A full one:\n{points}"


def judge(exercise, answer, rng):
    """Return (right, sentence) for an answer that may be trusted, in this process."""
    if isinstance(exercise, Function):
        if not (callable(answer) or (isinstance(answer, str) and exercise.formula)):
            kind = "a function or an expression" if exercise.formula else "a function"
            name = exercise.solution.__name__
            return WRONG, f"This exercise takes {kind}: hand in {name} itself, without calling it."
        cases = exercise.cases(rng)
        return of_function(exercise, outcomes(answer, exercise, cases), cases)
    if isinstance(exercise, Value):
        return of_value(exercise, answer)
    return of_choice(exercise, answer) if isinstance(exercise, Choice) else of_open(exercise)


def tried(exercise, folder, job):
    """Return (right, sentence) for a function that is tried in a process of its own."""
    cases = exercise.cases(np.random.default_rng(job["seed"]))
    (folder / "cases.pickle").write_bytes(pickle.dumps(cases))
    process = _watch.start("dra_exercises._runner", folder)
    how, status = _watch.watched(process, folder, job["seconds"] or exercise.seconds)
    if how == "time":
        seconds = job["seconds"] or exercise.seconds
        return WRONG, f"It was stopped after {seconds:g} seconds. Is there a loop that never ends?"
    if how == "memory":
        return WRONG, "It was stopped, because it took more memory than this exercise needs."
    if how == "died":
        return WRONG, f"It ended the process in which it was tried (exit status {status})."
    found = json.loads((folder / "outcomes.json").read_text(encoding="utf-8"))
    return of_function(exercise, found, cases)


def main(folder):
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    exercise = find(job["number"])
    if isinstance(exercise, Function) and job["function"]:
        right, says = tried(exercise, folder, job)
    else:
        answer = pickle.loads((folder / "plain.pickle").read_bytes())
        right, says = judge(exercise, answer, np.random.default_rng(job["seed"]))
    verdict = json.dumps({"right": right, "says": says})
    (folder / "verdict.part").write_text(verdict, encoding="utf-8")
    (folder / "verdict.part").replace(folder / "verdict.json")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
