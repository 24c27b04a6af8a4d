"""The notebooks of the course: no solution in sight, and a student who solves all gets all."""

import re
from concurrent.futures import ThreadPoolExecutor

import answer_code
import course_notebooks
import nbformat
import pytest
import sample_answers
from plain_markdown import Page

from dra_exercises import check, source
from dra_exercises.spec import Choice, Open, Value

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
    code += answer_code.formatted([answer_code.answered(exercise, spec)])
    given = lines(f"{answer_code.stub(exercise, spec)}\n{exercise.text}")
    return lines("\n".join(code)) - given


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


def put_in(notebook, answers):
    """Return the code cells of a notebook, in order, with answers in place of stubs."""
    cells = [(cell.id, cell.source) for cell in notebook.cells if cell.cell_type == "code"]
    return [
        (name, answers.get(name.removeprefix("answer-"), code) if name[:7] == "answer-" else code)
        for name, code in cells
    ]


def followed(cells):
    """Run code cells one after the other; return {number: verdict}, judged two at a time."""
    space, verdicts = {"__name__": "__main__"}, {}
    with ThreadPoolExecutor(2) as pool:

        def hand_in(number, answer):
            verdicts[number] = pool.submit(check, number, answer)

        for name, code in cells:
            exec(code, space)
            if name == "imports":
                assert space["check"] is check
                space["check"] = hand_in
    return {number: future.result() for number, future in verdicts.items()}


@pytest.mark.parametrize("number", source.chapters())
def test_a_student_who_solves_all_gets_all(number, tmp_path, monkeypatch):
    """Each stub becomes its solution in turn, and each check says right."""
    monkeypatch.setenv("DRA_EXERCISES_HOME", str(tmp_path))
    chapter, specs = read(number)
    student, solved, _ = made(number)
    written = {
        each.number.replace(".", "-"): answer_code.answered(each, specs[each.number])
        for each in chapter.exercises
    }
    names = list(written)
    codes = answer_code.formatted(list(written.values()))
    cells = put_in(student, dict(zip(names, codes, strict=True)))
    verdicts = followed(cells)
    assert set(verdicts) == set(specs)
    judged = [name for name, spec in specs.items() if not isinstance(spec, Open)]
    assert {name: verdicts[name].message for name in judged if not verdicts[name]} == {}
    # the notebook with solutions runs the same code, hints apart
    hint = re.compile(r"\n# stuck\?.*")
    assert put_in(solved, {}) == [(name, hint.sub("", code)) for name, code in cells]


@pytest.mark.parametrize("number", source.chapters())
def test_a_student_who_solves_nothing_gets_nothing(number, tmp_path, monkeypatch):
    """As above without answers; functions, which take a second each, in one chapter only."""
    monkeypatch.setenv("DRA_EXERCISES_HOME", str(tmp_path))
    _, specs = read(number)
    quick = {
        name for name, spec in specs.items() if isinstance(spec, Value | Choice) or number == 4
    }
    cells = [
        (name, code) for name, code in put_in(made(number)[0], {})
        if name == "imports" or name.partition("-")[2].replace("-", ".") in quick
    ]  # fmt: skip
    verdicts = followed(cells)
    assert set(verdicts) == quick != set()
    assert not any(verdicts[name] for name in quick if not isinstance(specs[name], Open))


def test_links_into_the_book_become_words():
    roles = {"eq eq-a": "[(4.2)](#equation-eq-a)", "cite:t b": "[B](https://b.org)"}
    page = course_notebooks.page(roles)
    assert page.role("eq", "eq-a") == "(4.2)" and page.role("cite:t", "b") == "[B](https://b.org)"
    with pytest.raises(ValueError, match=r"the chapter has no \{eq\}`eq-b`"):
        page.role("eq", "eq-b")
