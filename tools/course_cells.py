"""The cells of notebooks that hold the exercises of a chapter and nothing else.

There are three: for students, with stubs; with the solutions written out; and for nbgrader, which
makes the first of the second. All stand alone: what an exercise needs is imported at the top.
"""

import answer_code
import plain_markdown
from exercise_cells import what_kind
from nbformat.v4 import new_code_cell, new_markdown_cell

from dra_exercises import source
from dra_exercises.spec import Choice, Function, Open, Value

IMPORTS = """\
import math

import numpy as np

import dra
from dra_exercises import check"""
ABOUT = """\
# Exercises of chapter {number}: {title}

They go with "Remember What Matters"; the numbers of equations, figures and sections are those of \
the book. {how}"""
HOW = """\
Complete a cell, run it, and run the check below it. `check` tries your answer on fresh cases and \
says what is wrong; it never raises. `check.hint("{first}")` gives a hint, and `check.progress()` \
shows how far you are."""
SOLVED = "Here every answer is written out, and every check passes."
GRADED = "Complete the cells. Those that check an answer are graded."
HINT = '# stuck? check.hint("{}")'
IN_CHAPTER = "*Runs in the notebook of the chapter, with its names:*"
POINTS = {"warm-up": 1, "code": 3, "derivation": 2, "open": 4}


def about(chapter, how):
    """Return the first cells of a notebook."""
    words = ABOUT.format(number=chapter.number, title=chapter.title, how=how)
    return [
        new_markdown_cell(words, id="about"),
        new_code_cell(IMPORTS, id="imports"),
    ]


def name(exercise, part):
    """Return the name of a cell, such as answer-4-3."""
    return f"{part}-{exercise.number.replace('.', '-')}"


def plain(text, page):
    """Return Markdown for any viewer; cells that need the chapter are shown and do not run."""
    parts = [
        plain_markdown.markdown(part.source, page)
        if part.kind == "text"
        else f"{IN_CHAPTER}\n\n```python\n{part.source}\n```"
        for part in source.pieces(text)
        if part.kind != "solution-code"
    ]
    return "\n\n".join(parts)


def statement(exercise, page, target=True):
    """Return the cell with the text of an exercise, and with its target if that is wanted."""
    parts = [
        f"## Exercise {exercise.number}. {exercise.title}",
        what_kind(exercise),
        plain(exercise.text, page),
        f"**Target.** {plain(exercise.target, page)}" if target else "",
    ]
    words = "\n\n".join(part for part in parts if part)
    return new_markdown_cell(words, id=name(exercise, "text"))


def told(spec):
    """Whether the target of an exercise is its answer."""
    return isinstance(spec, Choice | Value)


def student(chapter, specs, page):
    """Return the cells of a notebook in which no solution is to be seen."""
    cells = about(chapter, HOW.format(first=chapter.exercises[0].number))
    for exercise in chapter.exercises:
        spec = specs.get(exercise.number)
        check = f"{answer_code.call(exercise, spec)}\n{HINT.format(exercise.number)}"
        cells += [
            statement(exercise, page, target=not told(spec)),
            new_code_cell(answer_code.stub(exercise, spec), id=name(exercise, "answer")),
            new_code_cell(check, id=name(exercise, "check")),
        ]
    return in_format(cells)


def solved(chapter, specs, page):
    """Return the cells of a notebook with every answer and its solution in words."""
    cells = about(chapter, SOLVED)
    for exercise in chapter.exercises:
        spec = specs.get(exercise.number)
        answer = answer_code.answered(exercise, spec)
        words = f"**Solution.** {plain(exercise.solution, page)}"
        cells += [
            statement(exercise, page),
            new_code_cell(answer, id=name(exercise, "answer")),
            new_code_cell(answer_code.call(exercise, spec), id=name(exercise, "check")),
            new_markdown_cell(words, id=name(exercise, "solution")),
        ]
    return in_format(cells)


def of_nbgrader(cell, grade=False, solution=False, points=None):
    """Give a cell the metadata by which nbgrader knows it; a locked one is restored."""
    about = {
        "cell_type": cell.cell_type, "grade": grade, "grade_id": cell.id, "locked": not solution,
        "schema_version": 3, "solution": solution, "task": False,
    }  # fmt: skip
    cell.metadata["nbgrader"] = about | ({} if points is None else {"points": points})
    return cell


def graded(chapter, specs, page):
    """Return the cells of a source notebook of nbgrader: checked ones, open ones to be read."""
    cells = [of_nbgrader(cell) for cell in about(chapter, GRADED)]
    for exercise in chapter.exercises:
        spec, points = specs.get(exercise.number), POINTS[exercise.kind]
        cells.append(of_nbgrader(statement(exercise, page, target=not told(spec))))
        if isinstance(spec, Open):
            words = "\n".join(f"- {line}" for line in spec.rubric)
            cell = new_markdown_cell(f"A full answer says:\n\n{words}", id=name(exercise, "answer"))
            cells.append(of_nbgrader(cell, grade=True, solution=True, points=points))
            continue
        answer = new_code_cell(to_grade(exercise, spec), id=name(exercise, "answer"))
        test = f"verdict = {answer_code.call(exercise, spec)}\nassert verdict, verdict.message"
        cells += [
            of_nbgrader(answer, solution=True),
            of_nbgrader(new_code_cell(test, id=name(exercise, "test")), grade=True, points=points),
        ]
    return in_format(cells)


def to_grade(exercise, spec):
    """Return the code of an answer with the marks between which nbgrader takes it away."""
    if isinstance(spec, Function):
        return answer_code.marked_solution(spec)
    answer = answer_code.answered(exercise, spec)
    stub = answer_code.stub(exercise, spec)
    return f"{stub}\n### BEGIN SOLUTION\n{answer}\n### END SOLUTION"


def in_format(cells):
    """Return cells with their code in the format of the chapters."""
    code = [cell for cell in cells if cell.cell_type == "code"]
    for cell, text in zip(code, answer_code.formatted([c.source for c in code]), strict=True):
        cell.source = text
    return cells
