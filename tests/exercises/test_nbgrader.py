"""A whole round of nbgrader: the assignment as students get it, four hand-ins, their scores."""

import os
import subprocess
import sys

import answer_code
import course_notebooks
import nbformat
import pytest
from course_cells import POINTS
from plain_markdown import Page

from dra_exercises import source
from dra_exercises.spec import Function, Open

CHAPTER = 4
NAME = f"{CHAPTER:02d}"
CELL_SECONDS = 15  # in place of those of the course, so that the test is quick
PAGE = Page(
    role=lambda name, text: text, equation=str, exercise=lambda label: ("", ""), section=lambda: ""
)
ENDLESS = "import time\nwhile True:\n    time.sleep(1)"  # leaves the processor to others


def nbgrader(folder, *arguments):
    """Run nbgrader in a course; return what it says."""
    places = ("HOME", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    env = os.environ | {name: str(folder.parent / "home") for name in places}
    # it starts alembic by name
    env["PATH"] = os.pathsep.join([os.path.dirname(sys.executable), env["PATH"]])
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", *arguments],
        cwd=folder, env=env, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    return run.stdout + run.stderr


def exercises():
    """Return (exercise, how it is judged) for those that are graded by their check."""
    chapter = source.read(CHAPTER)
    specs = answer_code.specs_of(chapter)
    pairs = [(exercise, specs[exercise.number]) for exercise in chapter.exercises]
    return [(exercise, spec) for exercise, spec in pairs if not isinstance(spec, Open)]


def name_of(exercise):
    return exercise.number.replace(".", "-")


def right():
    return {name_of(each): answer_code.answered(each, spec) for each, spec in exercises()}


def wrong():
    """Return answers that are all wrong."""
    found = {}
    for exercise, spec in exercises():
        if isinstance(spec, Function):
            code = f"def {spec.solution.__name__}(*given):\n    return -12345.6"
        else:
            code = " = ".join([*answer_code.variables(exercise, spec), "-12345.6"])
        found[name_of(exercise)] = code
    return found


def hanging():
    """Return right answers but for two: a cell that never ends, and a function that never does."""
    found, functions = right(), [pair for pair in exercises() if isinstance(pair[1], Function)]
    exercise, spec = functions[0]
    found[name_of(exercise)] = (
        f"def {spec.solution.__name__}(*given):\n    while True:\n        pass"
    )
    other = next(each for each, spec in exercises() if not isinstance(spec, Function))
    found[name_of(other)] = ENDLESS
    return found, {name_of(exercise), name_of(other)}


def hand_in(folder, student, answers):
    """Put the answers into the released notebook and hand it in."""
    notebook = nbformat.read(folder / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    for cell in notebook.cells:
        part, _, number = cell.id.partition("-")
        if part == "answer" and number in answers:
            cell.source = answers[number]
    place = folder / "submitted" / student / NAME
    place.mkdir(parents=True)
    nbformat.write(notebook, place / f"{NAME}.ipynb")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with one assignment, released, handed in by four, and graded."""
    folder = tmp_path_factory.mktemp("nbgrader") / "nbgrader"
    chapter = source.read(CHAPTER)
    made = course_notebooks.notebooks(chapter, answer_code.specs_of(chapter), PAGE)
    path = f"nbgrader/source/{NAME}/{NAME}.ipynb"
    (folder.parent / path).parent.mkdir(parents=True)
    nbformat.write(made[path], folder.parent / path)
    (folder / "nbgrader_config.py").write_text(course_notebooks.CONFIG)
    said = nbgrader(folder, "generate_assignment", NAME)
    assert (folder / "release" / NAME / f"{NAME}.ipynb").exists(), said
    for student, answers in (("right", right()), ("wrong", wrong()), ("hanging", hanging()[0])):
        hand_in(folder, student, answers)
    hand_in(folder, "empty", {})
    said = nbgrader(folder, "autograde", NAME, f"--ExecutePreprocessor.timeout={CELL_SECONDS}")
    graded = {path.parts[-3] for path in folder.glob(f"autograded/*/{NAME}/{NAME}.ipynb")}
    assert graded == {"right", "wrong", "hanging", "empty"}, said
    return folder


def scores(folder, student):
    """Return {"4-3": points} of the exercises that are graded by their check."""
    from nbgrader.api import Gradebook

    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        notebook = gradebook.find_submission_notebook(NAME, NAME, student)
        grades = {grade.name: grade.auto_score for grade in notebook.grades}
    return {name.removeprefix("test-"): grades[name] for name in grades if name[:5] == "test-"}


def full():
    return {name_of(exercise): POINTS[exercise.kind] for exercise, _ in exercises()}


def test_what_is_released_holds_no_answer(course):
    notebook = nbformat.read(course / "release" / NAME / f"{NAME}.ipynb", as_version=4)
    cells = {cell.id: cell.source for cell in notebook.cells}
    for exercise, spec in exercises():
        released = cells[f"answer-{name_of(exercise)}"]
        stub = answer_code.formatted([answer_code.stub(exercise, spec)])[0]
        assert "SOLUTION" not in released
        assert released.startswith(stub.split("    raise")[0])
        assert "raise NotImplementedError" in released


def test_a_right_answer_gets_all_points(course):
    assert scores(course, "right") == full()


@pytest.mark.parametrize("student", ["wrong", "empty"])
def test_a_wrong_answer_gets_none(course, student):
    assert scores(course, student) == dict.fromkeys(full(), 0)


def test_what_hangs_is_worth_nothing_and_the_rest_is_graded(course):
    """The names of a cell that was stopped are missing below it, and only there."""
    _, lost = hanging()
    assert scores(course, "hanging") == full() | dict.fromkeys(lost, 0)
