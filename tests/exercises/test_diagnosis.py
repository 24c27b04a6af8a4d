"""What is said of numbers that are wrong in no known way."""

import numpy as np
import pytest

from dra_exercises import _diagnosis, _judge, _values, check
from dra_exercises.exercises import find

TOLERANCE = (5e-3, 1e-9)
VALUES = {
    -0.4: "wrong sign", 2.5: "Upside down", 0.004: "hundred times too small",
    40: "hundred times too large", 0.4 / np.log(2): "bits instead of nats",
    0.4 * np.log(2): "nats instead of bits", np.log(0.4): "is the logarithm", 0.16: "is the square",
    0.4**0.5: "is the root", 0.2: "Half of", 0.8: "Twice", 0.6: "One minus", 0.3: "Too small.",
    0.5: "Too large.", 0.404: "a little too large", np.nan: "not a finite number",
}  # fmt: skip


@pytest.mark.parametrize("found", VALUES)
def test_what_is_said_of_a_number(found):
    assert VALUES[found] in _values.of_values(np.array([found]), np.array([0.4]), *TOLERANCE)


def test_what_is_said_of_numbers():
    def of(*found):
        return _values.of_values(np.array(found), np.array([1.0, 2.0, 4.0]), *TOLERANCE)

    assert "Not right: number 2, 3" in of(1.0, 5.0, 6.0)
    assert "wrong order" in _values.of_values(np.ones(2) * [3, 1], np.array([1, 3]), *TOLERANCE)
    assert "None of the numbers" in of(8.1, 9.2, 5.3) and "3 numbers" in of(1.0, 2.0)


LIST = np.array([0.1234, 2.468, 40.4])
LISTS = {
    "Right size, wrong sign.": -LIST,
    "A hundred times too small. Per cent, or a share?": LIST / 100,
    "Too small by ln 2: nats instead of bits?": LIST * np.log(2),
    "Each is 3 times too large.": 3 * LIST,
    "Wrong sign, and each is 3 times too small.": -LIST / 3,
    "Close, but a little too small: was something rounded?": [0.12, 2.42, 40.0],
    "Close: was something rounded?": [0.12, 2.5, 41.0],
    "Some are right. Not right: number 1, 3. Close: was something rounded?": [0.12, 2.468, 41.0],
    "Some are right. Not right: number 1, 3. Each is 7 times too large.": LIST * [7, 1, 7],
    "Some are right. Not right: number 2. One minus it is right.": [LIST[0], 1 - 2.468, LIST[2]],
    "Some are right. Not right: number 1, 2.": [1.0, 2.0, 40.4],
    "None of the numbers is right yet.": [0.0, 0.0, 0.0],
}  # fmt: skip


@pytest.mark.parametrize("said", LISTS)
def test_lists_are_told_as_much_as_numbers(said):
    assert _values.of_values(np.array(LISTS[said]), LIST, *TOLERANCE) == said


def test_how_numbers_are_laid_out():
    table = np.arange(8.0).reshape(2, 4)

    def of(found):
        return _values.of_values(np.asarray(found), table, *TOLERANCE)

    for found in (table.ravel(), table.T):
        assert of(found).startswith("Right numbers, laid out in another way.")
        assert "should be two lists of four numbers each, and is" in of(found)
    assert of(table.ravel() + 1).startswith("The answer should be two lists of four")
    assert of(table[::-1]) == "Right lists, in the wrong order."


CASES = [(n, 0.5 * n) for n in range(1, 7)]
EXPECTED = [np.arange(n * n).reshape(n, n) / (n + 1) + 1 for n, _ in CASES]
CHANGES = {
    "Right size, wrong sign": lambda e: -e,
    "3.00 times too large everywhere": lambda e: 3 * e,
    "2.00 times too small everywhere": lambda e: e / 2,
    "Wrong sign, and 2.00 times": lambda e: -e / 2,
    "Too large by 0.25 everywhere": lambda e: e + 0.25,
    "Too small by 3 everywhere": lambda e: e - 3,
    "rows and columns are exchanged": lambda e: e.T,
    "Wrong shape: (1, 1, 1) instead of (1, 1)": lambda e: e[None],
    "Something is not a number": lambda e: e * np.nan,
    "Something is infinite": lambda e: e + np.inf,
    "Close. Off by up to": lambda e: e * (1 + 0.01 * np.sin(e)),
    "Right in 3 of 6 cases, those in which n is at most 3": lambda e: e + (e.size > 9) * e**2,
    "Right in 3 of 6 cases, those in which n is at least 4": lambda e: e + (e.size < 10) * e**2,
    "Not right. For n = 1, x = 0.5 it gives [[4.]]; expected is [[1.]]": lambda e: 3 + e**2,
    "it gives [[1.00000001]]; expected is [[1.]]": lambda e: e + 1e-8 * e**2,
}


@pytest.mark.parametrize("part", CHANGES)
def test_what_is_said_of_a_function(part):
    pairs = [(CHANGES[part](e), e) for e in EXPECTED]
    assert part in _diagnosis.general(pairs, ("n", "x"), CASES, 1e-9, 1e-9)


def test_what_is_far_off_in_one_case_is_not_close():
    """However large the numbers of another case are."""
    expected = [np.array(1e9), np.array(2e9), np.array(3.0)]
    for factors in ((1.01, 1.02, 2.0), (1.0, 1.0, 0.0)):
        pairs = [(f * e, e) for f, e in zip(factors, expected, strict=True)]
        said = _diagnosis.general(pairs, "n", [(1,), (3,), (2,)], 1e-9, 1e-9)
        assert "Close" not in said and "Off by" not in said
    pairs = [(1.01 * e + 0.01, e) for e in expected]
    assert "Close. Off by up to 1.3 %" in _diagnosis.general(
        pairs, "n", [(1,), (2,), (3,)], 1e-9, 1e-9
    )


def test_small_numbers_are_not_taken_for_zero():
    expected = [np.array(x) for x in (1e-14, 3e-14, 2e-14, 0.0)]

    def said(change, tolerance=(1e-5, 0.0)):
        pairs = [(change(e), e) for e in expected]
        return _diagnosis.general(pairs, "n", [(1,), (3,), (2,), (4,)], *tolerance)

    assert "2.00 times too small everywhere" in said(lambda e: e / 2)
    assert "Close" not in said(lambda e: e * e) and "Off by" not in said(lambda e: 0 * e)
    assert "Off by up to 2 %" in said(lambda e: e * (1 + 1e12 * e * (e < 2.5e-14)))
    assert "Close" not in said(lambda e: e * 1.01 + 1e-16)


def test_what_does_not_divide_the_cases_is_not_named():
    pairs = [(e + (n % 2) * e**2, e) for e, (n, _) in zip(EXPECTED, CASES, strict=True)]
    said = _diagnosis.general(pairs, ("n", "x"), CASES, 1e-9, 1e-9)
    assert said.startswith("Right in 3 of 6 cases. For n = 1")


ASKED = "2 outputs are asked for: transition, reward."
OUTPUTS = {
    "Right numbers, in the wrong order: return transition, reward.": lambda t, r: (r, t),
    "Right: transition. Wrong: reward. 7.00 times too large everywhere.": lambda t, r: (t, 7 * r),
    "Wrong: transition. 3.00 times too large everywhere.": lambda t, r: [3 * t, r + 0.1],
    "Right: reward. Wrong: transition. Wrong shape: (2, 2) instead of (2, 2, 2)": lambda t, r: (
        t[0], r,
    ),
    f"It returns one array of shape (2, 2, 2); {ASKED}": lambda t, r: t,
    f"It returns one number; {ASKED}": lambda t, r: 1.0,
    f"It returns 3 outputs; {ASKED}": lambda t, r: (t, r, r),
    f"It returns one output; {ASKED}": lambda t, r: (t,),
    f"It returns a dictionary; {ASKED}": lambda t, r: {"transition": t, "reward": r},
    f"It returns a set; {ASKED}": lambda t, r: {1, 2},
    "Its output reward is nothing (None); numbers are asked for.": lambda t, r: (t, None),
    "Its output reward is a list of text; numbers are asked for.": lambda t, r: (t, ["1"]),
    "It returns nothing (None). Is a return missing?": lambda t, r: None,
}  # fmt: skip


@pytest.mark.parametrize("said", OUTPUTS)
def test_several_outputs_are_told_apart(said):
    exercise = find("13.3")
    right, text = _judge.judge(
        exercise, lambda P: OUTPUTS[said](*exercise.solution(P)), np.random.default_rng(1)
    )
    assert not right and text.startswith(said)


def test_outputs_may_be_nested_in_another_way():
    """Numbers may come as arrays of one number, and several numbers in one array."""
    for exercise, form in ((find("8.4"), np.array), (find("8.3"), lambda v: [[x] for x in v])):
        answer = lambda *case, e=exercise, form=form: form(e.solution(*case))  # noqa: E731
        assert _judge.judge(exercise, answer, np.random.default_rng(1))[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [("C = 3 * p", "right of ="), (r"\\epsilon^2", "as Python"), ("p^2", "write **")],
)
def test_what_is_no_expression(text, said):
    assert said in check("3.5", text).message


def test_a_wide_tolerance_is_not_taken_for_a_relation_or_for_rounding():
    """As of an experiment, whose readers draw other numbers."""

    def said(found, expected, rtol=0.0, atol=0.0):
        return _values.of_values(np.array(found), np.array(expected), rtol, atol)

    assert said([0.0, 2.1], [0.4, 2.1], rtol=0.25) == "Some are right. Not right: number 1."
    assert said([0.75, 3.0], [0.4, 2.1], rtol=0.25) == "None of the numbers is right yet."
    assert said([0.75, 3.0], [0.4, 2.1], rtol=0.005) == "None of the numbers is right yet."
    assert said(-73.6, -72.8, atol=0.5) == "Too small."
    assert "rounded" in said(-73.6, -72.8, atol=0.2)  # twin: an exact number
    assert "factor 2" in said([0.2, 1.05], [0.4, 2.1], rtol=0.25)
