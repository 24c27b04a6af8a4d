"""Every exercise: its solution passes, its stub and near misses fail, its mistakes have names.

All this is judged in this process, and each answer runs once on each case, to be quick. Some
functions are judged in processes of their own as well, as for a reader.
"""

import ast
import functools
import inspect
import textwrap
from dataclasses import replace
from importlib import import_module

import numpy as np
import pytest

from dra_exercises import _judge, _outcomes, check, source
from dra_exercises.exercises import find
from dra_exercises.spec import Choice, Function, Open, Value

ALL = [e for chapter in source.chapters() for e in source.read(chapter).exercises]
BUILT = [e.number for e in ALL if isinstance(find(e.number), Function)]
VALUES = [e.number for e in ALL if isinstance(find(e.number), Value)]
SOME = BUILT[::8]
CHOICES = [e.number for e in ALL if isinstance(find(e.number), Choice)]
SEEDS = (1, 2)  # the cases are fresh at each
# what a stub and a solution may use besides their arguments
LEGAL = {"np", "math", "dra"}


DONE = {}


@functools.cache
def cases_of(number, seed):
    return find(number).cases(np.random.default_rng(seed))


def once(answer, case, probe, names):
    """Return the outcome of an answer on a case, which is worked out once."""
    key = (answer, probe, id(case), bool(names))
    if key not in DONE:
        DONE[key] = OUTCOME(answer, case, probe, names)
    return DONE[key]


OUTCOME = _outcomes.outcome


@pytest.fixture(autouse=True)
def quickly(monkeypatch):
    for module in (_judge, _outcomes):
        monkeypatch.setattr(module, "outcome", once)


@functools.cache
def remembering(number):
    """A number exercise whose answer and mistakes, some of them experiments, are worked out once.

    The right answer that is handed in is worked out anew, so one that changes each time fails.
    """
    exercise = find(number)
    wrong = tuple(
        replace(w, answer=functools.cache(w.answer)) if callable(w.answer) else w
        for w in exercise.wrong
    )
    return replace(exercise, answer=functools.cache(exercise.answer), wrong=wrong)


def said(number, answer, seed=1):
    exercise = find(number)
    if isinstance(exercise, Function):
        exercise = replace(exercise, cases=lambda rng: cases_of(number, seed))
    elif isinstance(exercise, Value):
        exercise = remembering(number)
    return _judge.judge(exercise, answer, np.random.default_rng(seed))


def test_every_exercise_has_its_check_and_every_check_its_exercise():
    for chapter in source.chapters():
        numbers = [e.number for e in source.read(chapter).exercises]
        checks = import_module(f"dra_exercises.chapter_{chapter:02d}.checks")
        assert list(checks.EXERCISES) == numbers


def test_each_chapter_has_something_to_build_and_numbers_to_find():
    for chapter in source.chapters():
        kinds = [type(find(e.number)) for e in source.read(chapter).exercises]
        built = [e for e in source.read(chapter).exercises if e.number in BUILT]
        assert sum(e.kind == "code" for e in built) >= 2, chapter
        assert kinds.count(Value) + kinds.count(Choice) >= 1, chapter


@pytest.mark.parametrize("number", BUILT)
@pytest.mark.parametrize("seed", SEEDS)
def test_right_answers_pass(number, seed):
    exercise = find(number)
    assert len(exercise.right) >= 2
    for answer in (exercise.solution, *exercise.right):
        right, sentence = said(number, answer, seed)
        assert right, f"{answer.__name__}: {sentence}"


@pytest.mark.parametrize("number", BUILT)
def test_the_stub_is_not_written_yet(number):
    def stub(*_):
        raise NotImplementedError

    assert said(number, stub) == (False, "Not written yet.")


@pytest.mark.parametrize("number", BUILT)
def test_what_returns_no_numbers_is_told_so(number):
    """Whatever is done with what an answer returns, an error there is not the reader's to read."""
    missing = "It returns nothing (None). Is a return missing?"
    assert said(number, lambda *_: None) == (False, missing)
    right, sentence = said(number, lambda *_: "word")
    assert not right and ("returns" in sentence or "output" in sentence), sentence


@pytest.mark.parametrize("number", BUILT)
@pytest.mark.parametrize("seed", SEEDS)
def test_every_known_mistake_gets_its_own_message(number, seed):
    exercise = find(number)
    assert len(exercise.wrong) >= 3
    for wrong in exercise.wrong:
        assert said(number, wrong.answer, seed) == (False, wrong.says), wrong.name
    assert len({wrong.says for wrong in exercise.wrong}) == len(exercise.wrong)


@pytest.mark.parametrize("number", BUILT)
@pytest.mark.parametrize("seed", SEEDS)
def test_near_misses_are_refused(number, seed):
    exercise = find(number)
    assert exercise.near
    for answer in exercise.near:
        right, sentence = said(number, answer, seed)
        assert not right and sentence, answer.__name__


@pytest.mark.parametrize("number", BUILT)
def test_solutions_need_only_what_a_student_has(number):
    function = find(number).solution
    code = ast.parse(textwrap.dedent(inspect.getsource(function)))
    used = {node.id for node in ast.walk(code) if isinstance(node, ast.Name)}
    own = {name for name in used if name in function.__globals__ and name not in LEGAL}
    assert not own
    assert function.__doc__ and "Return" in function.__doc__


@pytest.mark.parametrize("number", VALUES)
def test_values(number):
    exercise = remembering(number)
    answer = find(number).answer()
    for form in (answer, np.array(answer), np.asarray(answer, float).tolist()):
        assert said(number, form)[0]
    near = np.asarray(answer, float) * (1 + 3 * exercise.rtol) + 2 * exercise.atol
    assert not said(number, near)[0]
    assert exercise.wrong
    for wrong in exercise.wrong:
        value = wrong.answer() if callable(wrong.answer) else wrong.answer
        assert said(number, value) == (False, wrong.says), wrong.name
    for empty in (None, [], "five", object(), lambda: 1, float("nan")):
        right, sentence = said(number, empty)
        assert not right and sentence.endswith((".", "?"))


@pytest.mark.parametrize("number", CHOICES)
def test_choices(number):
    exercise = find(number)
    assert said(number, f" {exercise.answer.lower()} ")[0]
    for wrong in exercise.wrong:
        assert said(number, wrong.answer) == (False, wrong.says)
    for strange in ("", "XYZ", 3, None):
        assert not said(number, strange)[0]


@pytest.mark.parametrize("exercise", [e for e in ALL if isinstance(find(e.number), Open)])
def test_open_exercises_have_a_rubric(exercise):
    assert len(find(exercise.number).rubric) >= 2
    assert find(exercise.number).rubric[0] in said(exercise.number, "all I know of it")[1]
    assert "Not written yet." in said(exercise.number, None)[1]


@pytest.mark.parametrize("exercise", [e for e in ALL if e.kind in ("code", "derivation")])
def test_what_is_programmed_or_derived_is_checked(exercise):
    spec = find(exercise.number)
    assert isinstance(spec, Function | Value)
    assert len(spec.wrong) >= 3 or exercise.kind == "derivation"


@pytest.mark.parametrize("exercise", [e for e in ALL if e.kind == "warm-up"])
def test_warm_ups_are_checked(exercise):
    assert not isinstance(find(exercise.number), Open)


def test_a_right_answer_is_followed_by_what_it_says_in_words():
    plain = Value(lambda: 2.5)
    worded = replace(plain, rubric=("Says why.", "Says how."))
    rng = np.random.default_rng(0)
    assert _judge.judge(plain, 2.5, rng) == (True, "Right, within 0.5 %.")
    assert _judge.judge(worded, 2.5, rng)[1].endswith("- Says why.\n- Says how.")
    assert "Says" not in _judge.judge(worded, 3.5, rng)[1]


@pytest.mark.parametrize("number", SOME)
def test_processes_of_their_own_judge_as_this_one_does(number):
    exercise = find(number)
    verdict = check(number, exercise.right[0])
    assert verdict, verdict.message
    assert check(number, exercise.wrong[0].answer).message == exercise.wrong[0].says
    assert not check(number, exercise.near[0])
