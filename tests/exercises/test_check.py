"""``check`` as a reader calls it: messages, hints, progress."""

import json
import threading

import numpy as np
import pytest

from dra_exercises import _progress, check


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DRA_EXERCISES_HOME", str(tmp_path / "home"))
    _progress.MEMORY.clear()
    return tmp_path / "home"


def score(zeta, a, q, sigma, beta):
    x = beta * (q + sigma * zeta)
    pi = np.exp(x - x.max())
    return beta * zeta * ((np.arange(len(q)) == a) - pi / pi.sum())


def test_a_right_answer_is_true_and_says_so():
    verdict = check("4.3", score)
    assert verdict and verdict.right
    assert repr(verdict) == verdict.message
    assert verdict.message.startswith("Right, on 7 fresh cases, to 6 digits")


GENERAL = {
    "sign": (lambda *case: -1.1 * score(*case), "factor of -1.1"),
    "factor": (lambda *case: 2 * score(*case), "factor of 2"),
    "shift": (lambda *case: score(*case) + 0.25, "constant 0.25"),
    "shape": (lambda *case: score(*case)[:1], "Wrong shape"),
    "not a number": (lambda *case: score(*case) * np.nan, "not a number"),
    "close": (lambda *case: score(*case) * (1 + 0.01 * np.sin(case[0])), "Close, but off"),
    "some cases": (
        lambda *case: score(*case) * (1 if len(case[0]) < 4 else np.arange(len(case[0]))),
        "Right in 5 of 7 cases",
    ),
    "no numbers": (lambda *case: "plenty", "returns str"),
    "nothing": (lambda *case: None, "Is a return missing?"),
    "an error": (lambda *case: case[0][99], "It stops with IndexError"),
    "wrong signature": (lambda zeta: zeta, "It stops with TypeError"),
}


@pytest.mark.parametrize("name", GENERAL)
def test_mistakes_without_a_name_get_a_useful_sentence(name):
    answer, part = GENERAL[name]
    verdict = check("4.3", answer)
    assert not verdict and part in verdict.message


def test_an_answer_that_changes_its_argument_is_told():
    def changes(zeta, a, q, sigma, beta):
        found = score(zeta, a, q, sigma, beta)
        q += 1
        return found

    assert "argument q is changed" in check("4.3", changes).message


def test_formulas():
    assert check("4.7", "sigma * curvature")
    assert check("4.7", "curvature / (1 / sigma)")
    assert "write **" in check("4.7", "sigma ^ 2").message
    assert "no expression in sigma, curvature" in check("4.7", "sigma *").message
    assert "NameError" in check("4.7", "sigma * kappa").message
    assert not check("4.7", "__import__('os').getpid()")


@pytest.mark.parametrize("number", ["4.99", "77.1", "four", "", 4.3, None, b"4.3", ["4.3"]])
def test_a_number_that_is_none_is_named(number):
    verdict = check(number, score)
    assert not verdict and (
        "there is no" in verdict.message.lower() or "must be" in verdict.message
    )


def test_hints_progress_and_reset():
    assert repr(check.hint("4.3")).startswith("Hint 1 of 2")
    assert repr(check.hint("4.3")).startswith("Hint 2 of 2")
    assert "no more hints" in repr(check.hint("4.3"))
    check("4.2", "B")
    check("4.2", "C")
    row = next(r for r in repr(check.progress()).splitlines() if r.startswith(" 4 "))
    assert row.split()[-5:] == ["1", "of", "8", "2", "3"]
    check.reset("4.2")
    assert _progress.records()["4.3"].hints == 3 and "4.2" not in _progress.records()
    check.reset()
    assert _progress.records() == {}
    assert "there is no exercise" in repr(check.hint("4.99"))


def test_progress_survives_damage_and_two_writers(home):
    check("4.2", "C")
    with (home / "progress.jsonl").open("a") as file:
        file.write('{"what": "try", "numb\n[]\n\x00\n')
    together = [
        threading.Thread(target=_progress.add, kwargs={"what": "try", "number": "4.2"})
        for _ in range(40)
    ]
    for thread in together:
        thread.start()
    for thread in together:
        thread.join()
    assert _progress.records()["4.2"].tries == 41 and _progress.records()["4.2"].solved


def test_where_nothing_can_be_written_it_is_kept_in_memory(home, monkeypatch):
    home.write_text("a file where a folder should be")
    assert check("4.2", "C")
    assert _progress.records()["4.2"].solved


def test_the_same_seed_gives_the_same_sentence():
    def half(zeta, a, q, sigma, beta):
        return np.sin(zeta)

    assert check("4.3", half, rng=5).message == check("4.3", half, rng=5).message
    assert check("4.3", half, rng=5).message != check("4.3", half, rng=6).message


def test_what_is_handed_to_the_judge_is_plain(tmp_path):
    from dra_exercises.checking import laid_down

    laid_down(tmp_path, "4.1", [1.0, 2.0], None, 3)
    job = json.loads((tmp_path / "job.json").read_text())
    assert job["function"] is False and (tmp_path / "plain.pickle").exists()
