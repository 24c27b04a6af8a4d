"""What the tests of the claims of quizzes share: where numbers are stored, and what is untested."""

import json
from pathlib import Path

import nbformat
import numpy as np

import dra
from dra_exercises import source

BOOK = Path(__file__).resolve().parents[2] / "book"


def stored(name):
    """What a long study found."""
    return json.loads((BOOK / "_data" / f"{name}.json").read_text(encoding="utf-8"))["data"]


def printed(chapter):
    """What the stored chapter prints, with one blank for many."""
    (path,) = BOOK.glob(f"{chapter:02d}-*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    outputs = (o for cell in cells if cell.cell_type == "code" for o in cell.outputs)
    return " ".join(" ".join(o.text for o in outputs if "text" in o).split())


def uncovered(chapter, tests):
    """The questions of a chapter without a test, such as ``test_10_quick_1`` of ``quick-1``."""
    names = [question.name for question in source.read(chapter).quiz]
    return [name for name in names if f"test_{chapter}_{name.replace('-', '_')}" not in tests]


def target(number):
    """The target of an exercise, without its full stop."""
    exercises = source.read(int(number.split(".")[0])).exercises
    (found,) = (exercise for exercise in exercises if exercise.number == number)
    return found.target.strip().rstrip(".")


def one_choice(occurs, stakes):
    """A task of one choice: state s occurs with probability occurs[s]; one action earns more."""
    n = len(occurs)
    ends, pay = np.zeros((n + 1, 2, n + 1)), np.zeros((n + 1, 2))
    ends[:, :, n], pay[:n, 0] = 1.0, stakes
    return dra.tasks.tabular(ends, pay, terminal=[n], start=[*occurs, 0.0])
