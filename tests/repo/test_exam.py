"""The exam: its solutions compute their numbers, its points add up, and its page of code errs."""

import re

import exam
import numpy as np
import pytest
from slide_sources import ROOT

COURSE = ROOT / "course"
PROBLEMS = (COURSE / "exam.md").read_text(encoding="utf-8")
SOLUTIONS = (COURSE / "exam_solutions.md").read_text(encoding="utf-8")
CODE = (COURSE / "exam_code.py").read_text(encoding="utf-8")


def test_solutions_print_what_is_stored():
    found = exam.printed(SOLUTIONS)
    assert len(found) >= 6
    for code, now, stored in found:
        assert now == stored, f"run tools/exam.py: {code}"


def test_a_stale_number_is_noticed_and_renewed():
    text = "```python\nx = 2\nprint(x)\n```\n\n```text\n3\n```\n\nThen\n\n```python\ny = x\n```\n"
    assert [(now, stored) for _, now, stored in exam.printed(text)] == [("2\n", "3\n"), ("", "")]
    assert exam.renewed(text) == text.replace("3\n", "2\n")


def test_points_add_up():
    totals = [int(points) for points in re.findall(r"^## .*\((\d+) points\)$", PROBLEMS, re.M)]
    assert 6 <= len(totals) <= 7 and sum(totals) == 90
    for part, total in zip(PROBLEMS.split("\n## ")[1:], totals, strict=True):
        each = re.findall(r"\((\d+)\)$", part, re.MULTILINE)
        if each:
            assert sum(map(int, each)) == total
        else:
            assert "(3 points each)" in part and part.count("\n1. ") + part.count("\n2. ") == 2


def test_every_problem_is_solved():
    problems = re.findall(r"^## Problem (\d)", PROBLEMS, re.MULTILINE)
    assert problems == re.findall(r"^## Problem (\d)", SOLUTIONS, re.MULTILINE)


class Corridor:
    """Two states and an end; action 0 goes on, action 1 stays. A third state is never met."""

    start = 0

    def move(self, s, a, rng):
        after = s + 1 if a == 0 else s
        return min(after, 1), 10.0 if after == 2 else -1.0, after == 2


REPAIRS = {
    "+ price * slope": "- price * slope",
    "(q[after] + sigma[after] * zeta)": "(q[after] + sigma[after] * rng.standard_normal(2))",
}


def trained(code, trials):
    """Sigma of the state that is never met, trial by trial."""
    names = {}
    exec(code, names)
    q, sigma, rng = np.zeros((3, 2)), np.full((3, 2), 3.0), np.random.default_rng(0)
    idle = []
    for _ in range(trials):
        names["one_trial"](Corridor(), q, sigma, rng)
        idle.append(sigma[2, 0])
    return np.array(idle), q


def test_the_page_of_code_errs_and_its_repair_does_not():
    """Nothing random moves a memory that is never met: the price alone."""
    wrong, _ = trained(CODE, 500)
    assert (np.diff(wrong) < 0).all()  # sharper and sharper
    repaired = CODE
    for old, new in REPAIRS.items():
        assert repaired.count(old) == 1
        repaired = repaired.replace(old, new)
    right, q = trained(repaired, 500)
    assert (np.diff(right) > 0).all() and right[-1] == pytest.approx(3.78, abs=0.01)
    assert q[1, 0] > q[1, 1]  # and the means learn which action ends the episode
