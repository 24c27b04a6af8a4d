"""The section Exercises of a chapter is what its source says, and the rest is left alone."""

import nbformat
import pytest
import sample_answers
import write_exercises
from answer_code import answered, function_source, narrow, specs_of, stub
from exercise_cells import directive, section
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from dra_exercises import source

SAMPLE = source.parse(sample_answers.text(), sample_answers.QUIZ, 4)
SPECS = sample_answers.EXERCISES


def sample_cells():
    return {cell.id: cell for cell in section(SAMPLE, SPECS)}


def test_an_exercise_has_its_stub_target_and_hints_in_one_directive():
    assert sample_cells()["ex-4-3-1"].source == (
        "````{exercise} Title 3\n:label: ex-04-3\n\n*Code, 3 minutes.*\n\nWhat is asked in 3?\n\n"
        '```python\ndef price(sigma, sigma_base):\n    """Return the price of one memory in nats.\n'
        '\n    sigma, sigma_base : positive floats.\n    """\n    raise NotImplementedError\n\n\n'
        'check("4.3", price)\n```\n\n**Target.** A number, 3.\n\n'
        ":::{dropdown} Hint 1\n\nThink of $\\sigma$.\n:::\n\n"
        ":::{dropdown} Hint 2\n\nThink again.\n:::\n````"
    )


def test_a_solution_with_code_is_cells_between_start_and_end():
    cells = sample_cells()
    names = [name for name in cells if name.startswith("ex-4-3-")]
    assert names == [f"ex-4-3-{k}" for k in range(1, 7)]
    start, code, words, test, end = (cells[name] for name in names[1:])
    head = "```{solution-start} ex-04-3\n:label: sol-04-3\n:class: dropdown\n```"
    assert start.source == f"{head}\n\nBy {{eq}}`eq-price`."
    assert code.source == function_source(sample_answers.price).strip()
    assert (words.source, end.source) == ("Then:", "```{solution-end}\n```")
    assert test.source == "assert price(1.0, 2.0) > floor"  # in the format of a chapter
    assert test.metadata == {"tags": ["hide-cell"]}


def test_a_solution_without_code_is_one_directive():
    assert sample_cells()["ex-4-6-2"].source == (
        "```{solution} ex-04-6\n:label: sol-04-6\n:class: dropdown\n\nIn words.\n```"
    )


def test_a_cell_in_the_text_of_an_exercise_runs():
    cells = sample_cells()
    start, code, end = (cells[f"ex-4-4-{k}"] for k in (1, 2, 3))
    assert start.source.startswith("```{exercise-start} Title 4\n:label: ex-04-4\n```\n\n*Code")
    assert code.cell_type == "code" and code.source == "x = np.ones(3)"
    assert end.source.startswith("Then write it.\n\n```python\ndef score")
    assert end.source.endswith(":::\n\n```{exercise-end}\n```")


def test_marks_decide_what_the_stub_keeps():
    exercise, spec = SAMPLE.exercises[3], SPECS["4.4"]
    kept = "    chosen = np.arange(len(zeta)) == a\n    raise NotImplementedError\n    return score"
    assert stub(exercise, spec).endswith(kept)
    solution = sample_cells()["ex-4-4-5"].source
    assert "score = zeta * (chosen - pi)" in solution and "###" not in solution


@pytest.mark.parametrize(
    ("number", "empty", "full"),
    [
        (1, "first = ...\nsecond = ...", "first, second = [1.648721271, -1]"),
        (2, "answer = ...  # a letter", 'answer = "BD"'),
        (5, "answer = ...", "answer = 2.5"),
        (6, "answer = ...  # your words, in quotes", 'answer = "Says why. Says \\"how\\"."'),
    ],
)
def test_an_answer_without_function(number, empty, full):
    exercise, spec = SAMPLE.exercises[number - 1], SPECS[f"4.{number}"]
    assert stub(exercise, spec) == empty
    assert answered(exercise, spec) == full
    space = {}
    exec(full, space)


def test_what_a_notebook_lacks_is_refused():
    with pytest.raises(ValueError, match="leaning uses LEVEL; legal are dra, math, np"):
        function_source(sample_answers.leaning)
    with pytest.raises(ValueError, match="no function written with def"):
        function_source(lambda: 1)


WIDE = '''\
def f(x, y):
    """A first line that is so long that it does not fit into the box of a cell of a chapter.

    x : a number that has many words said about it, more than fit into one line of a cell, or
        into two
    y : another
    Returns a thing about which there is as much to say as about x, in the same way, at length.
    """
    return "a line of code stays as it is: it is for the author of the answer to break it, you"
'''
NARROW = '''\
def f(x, y):
    """A first line that is so long that it does not fit into the box of a
    cell of a chapter.

    x : a number that has many words said about it, more than fit into one
        line of a cell, or into two
    y : another
    Returns a thing about which there is as much to say as about x, in the
    same way, at length.
    """
    return "a line of code stays as it is: it is for the author of the answer to break it, you"
'''


def test_a_wide_docstring_is_filled():
    assert narrow(WIDE) == NARROW
    assert narrow(NARROW) == NARROW
    assert narrow("def f():\n    return 1\n") == "def f():\n    return 1\n"


def test_both_files_have_the_same_exercises(monkeypatch):
    monkeypatch.setitem(specs_of.__globals__, "importlib", FakeImport({"4.1": 0, "4.7": 0}))
    with pytest.raises(ValueError, match=r"chapter 4: 4\.2, 4\.3, 4\.4, 4\.5, 4\.6, 4\.7 in one"):
        specs_of(SAMPLE)
    assert specs_of(SAMPLE, draft=True) == {"4.1": 0, "4.7": 0}


class FakeImport:
    """In place of importlib: a checks.py with these exercises."""

    def __init__(self, exercises):
        self.EXERCISES, self.util = exercises, self

    def find_spec(self, name):
        return name

    def import_module(self, name):
        return self


def test_a_fence_is_longer_than_those_inside():
    assert directive("a", "b", (), "````\nx\n````").startswith("`````{a} b\n")
    assert directive("a", "", (), ":::{b}\n:::", ":").startswith("::::{a}\n")


# The chapter around it ----------------------------------------------------------------------------


@pytest.fixture
def chapter(monkeypatch):
    """A notebook whose section shares its cells with others, and the sample as its source."""
    monkeypatch.setattr(source, "read", lambda number, draft=False: SAMPLE)
    monkeypatch.setattr("answer_code.specs_of", lambda chapter, draft: SPECS)
    stream = new_output("stream", name="stdout", text="kept\n")
    first = new_code_cell("y =  1", id="cell-01", execution_count=1, outputs=[stream])
    old = new_code_cell("x = np.ones(3)", id="cell-03", execution_count=2, outputs=[stream])
    other = new_code_cell("gone", id="cell-04", execution_count=3, outputs=[stream])
    shared = "## Quick\n\nText.\n\n## Exercises\n\n```{solution-start} a\n# no heading\n```"
    notebook = new_notebook(cells=[
        first, new_markdown_cell(shared, id="cell-02"), old, other,
        new_markdown_cell("```{solution-end}\n```\n\n## Take-aways\n\n- one", id="cell-05"),
        new_code_cell("z = 1", id="cell-06", execution_count=4, outputs=[stream]),
    ])  # fmt: skip
    return notebook


def test_only_the_section_is_written(chapter):
    notebook = nbformat.reads(write_exercises.renewed(nbformat.writes(chapter), 4), as_version=4)
    names = [cell.id for cell in notebook.cells]
    inside = [name for name in names if name.startswith("ex-")]
    assert names == ["cell-01", "cell-02", *inside, "cell-03", "cell-04"]
    assert inside == list(sample_cells())
    cells = {cell.id: cell for cell in notebook.cells}
    assert cells["cell-01"] == chapter.cells[0]
    assert cells["cell-02"].source == "## Quick\n\nText."
    assert cells["cell-03"].source == "## Take-aways\n\n- one"
    assert cells["cell-04"].outputs == chapter.cells[-1].outputs
    assert cells["ex-4-4-2"].outputs == chapter.cells[2].outputs  # the same code as before
    assert cells["ex-4-3-3"].outputs == [] and cells["ex-4-3-3"].execution_count is None


def test_math_is_imported_once(chapter):
    def solution():
        written = write_exercises.renewed(nbformat.writes(chapter), 4)
        cells = {cell.id: cell for cell in nbformat.reads(written, as_version=4).cells}
        return cells["ex-4-3-3"].source

    assert solution().startswith("import math\n\n\ndef price(")
    chapter.cells[0].source = "import math\nimport numpy as np"
    assert solution().startswith("def price(")


def test_writing_twice_is_writing_once(chapter):
    once = write_exercises.renewed(nbformat.writes(chapter), 4)
    assert write_exercises.renewed(once, 4) == once
    assert write_exercises.renewed(once.replace("Think again", "Think"), 4) == once  # twin


def test_a_chapter_without_the_section_is_named(chapter):
    chapter.cells[1].source = "## Quick"
    with pytest.raises(ValueError, match="0 headings '## Exercises'"):
        write_exercises.renewed(nbformat.writes(chapter), 4)


@pytest.mark.parametrize("number", source.chapters())
def test_the_chapters_say_what_their_source_says(number):
    text = write_exercises.path_of(number).read_text(encoding="utf-8")
    same = write_exercises.renewed(text, number) == text  # a bare word: the texts are long
    assert same, "run make exercises"
