"""``check`` as a reader calls it: messages, hints, progress."""

import json
import re
import signal
import threading
import time
from fractions import Fraction

import numpy as np
import pytest

from dra_exercises import _hand_in, _judge, _progress, check
from dra_exercises.checking import readable
from dra_exercises.exercises import find


def score(zeta, a, q, sigma, beta):
    x = beta * (q + sigma * zeta)
    pi = np.exp(x - x.max())
    return beta * zeta * ((np.arange(len(q)) == a) - pi / pi.sum())


def test_a_right_answer_is_true_and_says_so():
    verdict = check("4.3", score)
    assert verdict and verdict.right
    assert repr(verdict) == verdict.message
    assert verdict.message.startswith("Right, on 7 fresh cases, to 6 digits")


def test_an_assertion_shows_the_message():
    """So it stands in the output of a cell that nbgrader grades."""
    verdict = check("4.3", lambda *case: None)
    with pytest.raises(AssertionError, match="returns nothing"):
        assert verdict, verdict.message


GENERAL = {
    "sign": (lambda *case: -1.1 * score(*case), "Wrong sign, and 1.10 times too large everywhere"),
    "shape": (lambda *case: score(*case)[:1], "Wrong shape"),
    "not a number": (lambda *case: score(*case) * np.nan, "not a number"),
    "some cases": (
        lambda *case: score(*case) * (1 if len(case[0]) < 4 else np.arange(len(case[0]))),
        "Right in 5 of 7 cases, those in which the length of zeta is at most 3",
    ),
    "no numbers": (lambda *case: "plenty", "returns str"),
    "ragged": (lambda *case: [1, [2, 3]], "list of parts with different shapes"),
    "complex": (lambda *case: score(*case) * 1j, "returns complex numbers"),
    "large": (lambda *case: 10**400, "returns int"),
    "nothing": (lambda *case: None, "Is a return missing?"),
    "an error": (lambda *case: case[0][99], "It stops in its line 1 with IndexError"),
    "wrong signature": (lambda zeta: zeta, "called with (zeta, a, q, sigma, beta)"),
    "exit": (lambda *case: exit(), "ends the program"),
    "a module that is missing": (lambda *case: __import__("no_such"), "ModuleNotFoundError"),
}


@pytest.mark.parametrize("name", GENERAL)
def test_mistakes_without_a_name_get_a_useful_sentence(name):
    answer, part = GENERAL[name]
    verdict = check("4.3", answer)
    assert not verdict and part in verdict.message


def test_real_numbers_may_have_been_complex():
    assert check("4.3", lambda *case: score(*case) + 0j)


def test_an_answer_that_changes_its_argument_is_told():
    def changes(zeta, a, q, sigma, beta):
        found = score(zeta, a, q, sigma, beta)
        q += 1
        return found

    assert "argument q is changed" in check("4.3", changes).message


def test_formulas():
    assert check("4.7", "sigma * curvature")
    assert check("4.7", "curvature / (1 / sigma)")
    assert check("4.7", lambda sigma, curvature: sigma * curvature)
    assert "write **" in check("4.7", "sigma ^ 2").message
    assert "no expression in sigma, curvature" in check("4.7", "sigma *").message
    assert check("4.7", "sigma * kappa").message.startswith("There is no kappa here. A formula may")
    assert check("4.7", "sum([sigma * x for x in [curvature]])")
    said = check("4.7", "1 / (sigma - sigma)").message
    assert said.startswith("It stops with ZeroDivisionError")
    assert not check("4.7", "__import__('os').getpid()")
    assert "stopped after 0.5" in check("4.7", "9**9**9**9", seconds=0.5).message
    assert "no expression" in check("4.7", "(" * 10_000).message


def test_names_that_a_formula_may_not_use():
    """They are those of the book's formulas, which Python calls otherwise."""
    said = check("7.7", "ln(price) * C(sigma)").message
    assert said.startswith("There is no C and no ln and no sigma here. A formula may use price, ")
    assert "sigma_base, visits, and exp, log" in said and "log(x) is the natural" in said
    assert "exp(-x**2 / 2)" in check("9.7", "g * phi(stake / sigma)").message
    said = check("9.7", "g / lambda").message
    assert said.endswith("sigma_base: lambda is a word of Python.")
    assert "a word of Python, the price is called price here." in check("7.7", "lambda * 2").message


# Numbers ------------------------------------------------------------------------------------------


def told(answer, number="4.1"):
    verdict = check(number, answer)
    assert not verdict
    return verdict.message


def test_values_of_many_kinds():
    right = np.asarray(find("4.1").answer())
    assert check("4.1", right) and check("4.1", tuple(right.tolist()))
    assert check("4.1", [Fraction(value) for value in right.tolist()])


def test_what_is_no_value():
    def of(answer):
        return _judge.judge(find("4.1"), answer, None)[1]

    assert "different shapes" in of([1, [2, 3]]) and "2 numbers" in of(3.0)
    assert "not a list of text: leave out the quotes." in told(["1/3", "ln 3"])
    assert "not an array of text: leave" in of(np.array(["1", "2"])) and "not a tuple of" in of(
        ("1",)
    )
    assert "not str" in of("one") and "not dict" in told({})
    assert "not a finite number" in of([np.inf, 1.0])
    assert "call it first" in told(score) and "call it first" in of(score)


@pytest.mark.parametrize("number", ["4.1", "4.3", "4.2"])
@pytest.mark.parametrize("answer", [None, ..., [..., 1.0]])
def test_the_dots_of_a_stub_are_no_answer(number, answer):
    assert check(number, answer).message == "Not written yet."


def test_a_number_is_no_function():
    assert "A formula in quotes does not do here" in told("x", "4.3")
    for answer in (3.0, {}):
        assert "hand in score itself" in told(answer, "4.3")
    assert "Hand in an answer" in check("4.3").message


# Letters, words -----------------------------------------------------------------------------------


def test_letters():
    assert check("4.2", "c") and check("4.2", ["C"]) and check("4.2", " C.")
    assert "as a string" in told(3, "4.2") and "letters are" in told("XYZ", "4.2")


def test_an_open_exercise_shows_what_a_full_answer_says():
    verdict = check("4.8", "the gradient survives")
    assert not verdict and "no single right answer" in verdict.message


@pytest.mark.parametrize(
    "answer", [(), (None,), (...,), ("",), ("1 2 3 4",), (score,), ({},), (3,)]
)
def test_who_has_not_said_anything_is_not_shown_what_a_full_answer_says(answer):
    """Some exercises ask for a prediction first: whoever only runs the cell should not read on."""
    before = row(4)
    assert check("4.8", *answer).message.startswith("Not written yet. Say it in words")
    assert row(4) == before


@pytest.mark.parametrize("number", ["4.99", "77.1", "four", "", 4.3, None, b"4.3", ["4.3"], "٤.٣"])
def test_a_number_that_is_none_is_named(number):
    for text in (check(number, score).message, repr(check.hint(number))):
        assert "there is no" in text.lower() or "must be" in text


def test_odd_settings_are_named():
    assert "Seconds must be" in check("4.3", score, seconds=-1).message
    assert "ng is a str" in check("4.3", score, rng="x").message
    assert check("4.3", score, rng=np.random.default_rng(1))


# Hints, progress ----------------------------------------------------------------------------------


def row(chapter):
    """Return what the table says of a chapter: solved, open seen, tries, hints."""
    (line,) = (r for r in repr(check.progress()).splitlines() if r.startswith(f"{chapter:2d} "))
    counts = re.search(r"(\d+) of \d+ +(\d+) of \d+ +(\d+) +(\d+)$", line)
    return [int(count) for count in counts.groups()]


def test_hints_progress_and_reset():
    assert repr(check.hint("4.3")).startswith("Hint 1 of 2")
    assert repr(check.hint("4.3")).startswith("Hint 2 of 2")
    assert "no more hints" in repr(check.hint("4.3"))
    check("4.2", "B")
    check("4.2", "C")
    assert row(4) == [1, 0, 2, 2]
    check("4.8", "the gradient survives")
    assert row(4) == [1, 1, 3, 2]
    check.reset("4.2")
    assert row(4) == [0, 1, 1, 2]
    check.reset()
    assert row(4) == [0, 0, 0, 0]
    assert "there is no exercise" in repr(check.hint("4.99")).lower()
    assert "there is no exercise" in repr(check.reset("4.99")).lower()


def test_hints_speak_of_the_book_in_words():
    assert readable("By {eq}`eq-kl-grad`.") == "By equation (3.2)."
    assert readable("By {eq}`eq-no-such`.") == "By equation *no such*."
    assert re.fullmatch(r"See exercise 4\.\d\.", readable("See {ref}`ex-04-score`."))
    assert readable("{ref}`the maze <sec-maze>`, {numref}`fig-x`") == "the maze, figure *x*"


def test_progress_survives_damage_and_two_writers(home):
    check("4.2", "C")
    with (home / "progress.jsonl").open("a") as file:
        file.write('{"what": "try", "numb\n[]\n\x00\n' + "[" * 100_000 + '\n{"what": "tr')
    together = [
        threading.Thread(target=_progress.add, kwargs={"what": "try", "number": "4.2"})
        for _ in range(40)
    ]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert _progress.records()["4.2"].tries == 41 and _progress.records()["4.2"].solved


@pytest.mark.parametrize("what", ["a file", "a folder"])
def test_where_nothing_can_be_written_it_is_kept_in_memory(home, what):
    if what == "a file":
        home.write_text("where a folder should be")
    else:
        (home / "progress.jsonl").mkdir(parents=True)
    assert check("4.2", "C")
    assert _progress.records()["4.2"].solved
    check.reset()
    assert _progress.records() == {}


# How it works -------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_sentence():
    def half(zeta, a, q, sigma, beta):
        return np.sin(zeta)

    assert check("4.3", half, rng=5).message == check("4.3", half, rng=5).message
    assert check("4.3", half, rng=5).message != check("4.3", half, rng=6).message


def test_what_is_handed_to_the_judge_is_plain(tmp_path):
    _hand_in.laid_down(tmp_path, "4.1", None, [1.0, 2.0], None, 3)
    assert json.loads((tmp_path / "job.json").read_text())["runs"] is False


@pytest.mark.parametrize("answer", [1, 2.5, "a", [1, (2.0, "x")], np.ones(3), np.float32(1)])
def test_plain_answers(answer):
    assert _hand_in.plain(answer)


def test_what_only_looks_plain_is_not():
    class Number(float):
        pass

    held, deep = [], []
    held.append(held)
    for _ in range(100_000):
        deep = [deep]
    for answer in (Number(1), [Number(1)], held, np.array([None]), np.ma.array([1]), {}, score):
        assert not _hand_in.plain(answer)
    assert _hand_in.plain(deep) and "cannot be sent" in told(deep)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timers here")
def test_an_alarm_of_someone_else_still_rings():
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(True))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.2)
        _hand_in.packed(score)
        time.sleep(0.4)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
    assert rung


def test_modules_beside_the_notebook_are_found(tmp_path, monkeypatch):
    (tmp_path / "my_own_module.py").write_text("def nothing(*_):\n    return None\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    import my_own_module

    assert "returns nothing" in check("4.3", my_own_module.nothing).message
