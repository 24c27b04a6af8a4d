"""The notebooks of the course: no solution in sight, and a student who solves all gets all."""

import re

import answer_code
import course_notebooks
import nbformat
import pytest
import sample_answers
from plain_markdown import Page

from dra_exercises import source
from dra_exercises.spec import Open

SAMPLE = source.parse(sample_answers.text(), sample_answers.QUIZ, 4)
PAGE = Page(
    role=lambda name, text: text, equation=str, exercise=lambda label: ("", ""), section=lambda: ""
)
TELLING = 9  # characters of a line that is too long to be there by chance


def read(number):
    """Return a chapter and how its answers are judged; the sample for 0."""
    if number == 0:
        return SAMPLE, sample_answers.EXERCISES
    chapter = source.read(number)
    return chapter, answer_code.specs_of(chapter)


def made(number):
    """Return the notebooks of a chapter: for students, with solutions, for nbgrader."""
    return list(course_notebooks.notebooks(*read(number), PAGE).values())


def lines(text):
    """Return lines that can tell something, without their spaces."""
    found = (re.sub(r"\s+", "", line.partition("#")[0]) for line in text.splitlines())
    return {line for line in found if len(line) >= TELLING}


def seen(notebook):
    return lines("\n".join(cell.source for cell in notebook.cells))


def secrets(exercise, spec):
    """Return the lines of code that a student should find alone."""
    code = [part.source for part in source.pieces(exercise.solution) if part.kind == "code-cell"]
    answer = answer_code.answered(exercise, spec)
    given = lines(f"{answer_code.stub(exercise, spec)}\n{exercise.text}")
    return lines("\n".join(answer_code.formatted([*code, answer]))) - given


@pytest.mark.parametrize("number", [0, *source.chapters()])
def test_a_student_sees_no_solution(number):
    chapter, specs = read(number)
    hidden = set.union(*(secrets(each, specs[each.number]) for each in chapter.exercises))
    student, solved, graded = made(number)
    assert not hidden & seen(student)
    assert hidden and hidden <= seen(solved)  # twin: they would be noticed
    for cell in graded.cells:  # what nbgrader leaves to see
        kept = re.sub(r"### BEGIN SOLUTION.*?### END SOLUTION", "", cell.source, flags=re.DOTALL)
        assert not hidden & lines(kept) or cell.cell_type == "markdown"


def test_a_notebook_for_students_stands_alone():
    student, solved, _ = made(0)
    nbformat.validate(student)
    about, imports, *rest = student.cells
    assert about.source.startswith("# Exercises of chapter 4: Which way is up\n")
    assert "from dra_exercises import check" in imports.source
    targets = [cell.id for cell in student.cells if "**Target.**" in cell.source]
    assert targets == ["text-4-3", "text-4-4", "text-4-6"]  # elsewhere it is the answer
    assert [cell.id for cell in rest[6:9]] == ["text-4-3", "answer-4-3", "check-4-3"]
    assert rest[8].source == 'check("4.3", price)\n# stuck? check.hint("4.3")'
    text = rest[9].source
    assert "*Runs in the notebook of the chapter, with its names:*\n\n```python\nx = np" in text
    solution = next(cell.source for cell in solved.cells if cell.id == "solution-4-3")
    assert solution.startswith("**Solution.** By eq-price.\n\nThen:\n\n*Runs in")
    assert all(cell.get("outputs", []) == [] for cell in student.cells)


def test_what_is_graded_is_marked():
    *_, graded = made(0)
    cells = {cell.id: cell for cell in graded.cells}
    for cell in cells.values():
        about = cell.metadata["nbgrader"]
        assert about["grade_id"] == cell.id and about["schema_version"] == 3
        assert about["locked"] != about["solution"]
    points = {name: cell.metadata["nbgrader"].get("points") for name, cell in cells.items()}
    worth = {name: value for name, value in points.items() if value is not None}
    assert worth == {
        "test-4-1": 1, "test-4-2": 1, "test-4-3": 3, "test-4-4": 3, "test-4-5": 2, "answer-4-6": 4
    }  # fmt: skip
    assert (
        cells["test-4-4"].source == 'verdict = check("4.4", score)\nassert verdict, verdict.message'
    )
    assert "### BEGIN SOLUTION\n    ratio" in cells["answer-4-3"].source
    assert cells["answer-4-4"].source.count("### BEGIN") == 1


def followed(notebook, answers):
    """Run a notebook with other code in the cells named in ``answers``; return the verdicts."""
    space, verdicts = {}, {}
    for cell in notebook.cells:
        part, _, number = cell.id.partition("-")
        if cell.cell_type == "code":
            code = answers.get(number, cell.source) if part == "answer" else cell.source
            exec(f"verdict = {code}" if part == "check" else code, space)
        if part == "check":
            verdicts[number.replace("-", ".")] = space["verdict"]
    return verdicts


@pytest.mark.parametrize("number", source.chapters())
def test_a_student_who_solves_all_gets_all(number, capsys):
    """Each stub becomes its solution in turn, and each check says right; before, none does."""
    chapter, specs = read(number)
    student, solved, _ = made(number)
    answers = {
        each.number.replace(".", "-"): answer_code.answered(each, specs[each.number])
        for each in chapter.exercises
    }
    judged = [name for name, spec in specs.items() if not isinstance(spec, Open)]
    empty = followed(student, {})
    assert list(empty) == list(specs) and not any(empty[name] for name in judged)
    for notebook, given in ((student, answers), (solved, {})):
        verdicts = followed(notebook, given)
        assert list(verdicts) == list(specs)
        assert {name: verdicts[name].message for name in judged if not verdicts[name]} == {}


def test_links_into_the_book_become_words():
    roles = {"eq eq-a": "[(4.2)](#equation-eq-a)", "cite:t b": "[B](https://b.org)"}
    page = course_notebooks.page(roles)
    assert page.role("eq", "eq-a") == "(4.2)" and page.role("cite:t", "b") == "[B](https://b.org)"
    with pytest.raises(ValueError, match=r"the chapter has no \{eq\}`eq-b`"):
        page.role("eq", "eq-b")
