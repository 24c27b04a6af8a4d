"""Answers that mean harm: each is told something, and the notebook is as it was."""

import os
import threading
from pathlib import Path

import hostile
import numpy as np
import psutil
import pytest

from dra_exercises import check

ANSWERS = [*hostile.FUNCTIONS, *hostile.OBJECTS]
ENDS = (".", "?")


def named(answer):
    return getattr(answer, "__name__", type(answer).__name__)


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    monkeypatch.setenv("DRA_EXERCISES_HOME", str(tmp_path))


def state():
    """What a notebook would miss if an answer changed it."""
    return {
        "folder": Path.cwd(),
        "files": sorted(os.listdir()),
        "environment": dict(os.environ),
        "numpy": (np.exp, np.asarray, np.geterr(), np.get_printoptions()["precision"]),
        "threads": threading.active_count(),
        "children": sorted(child.pid for child in psutil.Process().children(recursive=True)),
        "random": np.random.get_state()[1][:3].tolist(),  # noqa: NPY002
    }


def test_there_are_forty():
    assert len(ANSWERS) >= 40


@pytest.mark.parametrize("answer", ANSWERS, ids=named)
def test_a_hostile_answer_is_told_and_harms_nothing(answer):
    before = state()
    verdict = check("4.3", answer, seconds=0.7)
    assert verdict.right is False
    assert verdict.message.endswith(ENDS) and 10 < len(verdict.message) < 900
    assert state() == before


@pytest.mark.parametrize(
    "answer", [hostile.Odd(), hostile.endless, {1: 2}, [hostile.Odd()]], ids=named
)
@pytest.mark.parametrize("number", ["4.1", "4.2", "4.8"])
def test_other_kinds_of_exercise_refuse_them_too(number, answer):
    before = state()
    verdict = check(number, answer)
    assert verdict.right is False and len(verdict.message) > 10
    assert state() == before


def test_a_patched_notebook_does_not_reach_the_judge(monkeypatch):
    """What a notebook has done to NumPy neither spoils a right answer nor saves a wrong one."""
    right = _right()
    for name in ("exp", "abs", "all", "allclose", "asarray", "array_equal"):
        monkeypatch.setattr(np, name, lambda *_, **__: True)
    assert check("4.3", right)
    assert not check("4.3", lambda zeta, *_: zeta)


def _right():
    def score(zeta, a, q, sigma, beta):
        import numpy

        x = beta * (q + sigma * zeta)
        pi = numpy.exp(x - x.max())
        return beta * zeta * ((numpy.arange(len(q)) == a) - pi / pi.sum())

    return score
