"""The chapters keep the promises of CONTRIBUTING.md; nothing is executed here."""

import re
from pathlib import Path

import chapter_rules
import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

BOOK = Path(__file__).parents[2] / "book"
CHAPTERS = sorted(BOOK.glob("[0-9][0-9]-*.ipynb"))


def test_there_are_chapters():
    assert CHAPTERS, "book/ holds no chapter"


@pytest.mark.parametrize("rule", chapter_rules.RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapter(path, rule):
    notebook = nbformat.read(path, as_version=4)
    problems = rule(notebook)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_chapter_was_stored_by_the_tool(path):
    """Deterministic cell ids: a chapter saved by hand shows up here, not in a noisy diff."""
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    names = [cell.id for cell in notebook.cells if not cell.id.startswith("ex-")]
    expected = [f"cell-{i:02d}" for i in range(1, len(names) + 1)]
    assert names == expected, "run `make chapters`"
    assert path.stat().st_size < 3_000_000, "a notebook over 3 MB: fewer or smaller frames"


def test_labels_are_unique():
    """Labels are global to the book: two chapters must not define the same one."""
    pattern = re.compile(r"^:label: (\S+)|^\((\S+)\)=", re.MULTILINE)
    labels = []
    for path in CHAPTERS:
        text = chapter_rules.markdown(nbformat.read(path, as_version=4))
        labels += [a or b for a, b in pattern.findall(text)]
    assert sorted(labels) == sorted(set(labels))


# The rules themselves: a good chapter passes all of them, and each damage is noticed.

ALT = "A curve that falls steeply and reaches zero at the right end."
QUESTIONS = "\n\n".join(f"```{{quiz}} 1.quick-{k}\n```" for k in (1, 2, 3))
KINDS = ("Warm-up", "Warm-up", "Code", "Code", "Derivation", "Open")
EXERCISE = """\
````{{exercise}} Name
:label: ex-{0}

*{1}, 5 minutes.*

Do.

```python
answer_{0} = ...

check("1.{0}", answer_{0})
```

**Target.** 3

:::{{dropdown}} Hint 1

One.
:::

:::{{dropdown}} Hint 2

Two.
:::
````
"""
SOLUTION = "```{{solution}} ex-{0}\n:label: sol-{0}\n:class: dropdown\n\nDone.\n```\n"
EXERCISES = "\n".join(EXERCISE.format(i, kind) + SOLUTION.format(i) for i, kind in enumerate(KINDS))


def good_chapter():
    """The smallest chapter that breaks no rule."""
    head = "(ch-x)=\n# Title\n\n```{admonition} Aims\n:class: objectives\n\n- see\n```\n"
    texts = {"Quick questions": QUESTIONS, "Exercises": EXERCISES}
    sections = "\n\n".join(
        f"## {name}\n\n{texts.get(name, 'text')}" for name in chapter_rules.SECTIONS
    )
    picture = new_output("display_data", {"image/png": "AAAA"})
    figure = new_code_cell("plt.show()", execution_count=1, outputs=[picture])
    figure.metadata["mystnb"] = {
        "image": {"alt": ALT},
        "figure": {"name": "fig-x", "caption": "A curve."},
    }
    return new_notebook(
        cells=[
            new_markdown_cell(head + "word " * 2000),
            figure,
            new_markdown_cell("```{math}\n:label: eq-one\n\n1 = 1\n```"),
            new_code_cell("# checks eq-one: by hand", execution_count=2),
            new_markdown_cell(sections),
        ]
    )


def edit(index, old, new):
    """A damage that replaces text in one cell."""

    def damage(notebook):
        assert old in notebook.cells[index].source
        notebook.cells[index].source = notebook.cells[index].source.replace(old, new)

    return damage


def add_output(output):
    """A damage that stores one more output."""
    return lambda notebook: notebook.cells[3].outputs.append(output)


def tag(name):
    """A damage that tags a code cell."""
    return lambda notebook: notebook.cells[3].metadata.update(tags=[name])


def set_count(notebook):
    notebook.cells[3].execution_count = None


def no_metadata(notebook):
    notebook.cells[1].metadata = {}


def move_check_before_equation(notebook):
    notebook.cells[2], notebook.cells[3] = notebook.cells[3], notebook.cells[2]


def pad_exercises(notebook):
    """Move the words of the prose into an exercise, where they do not count."""
    edit(0, "word " * 1000, "")(notebook)
    edit(4, "Do.", "word " * 1000)(notebook)


def take_a_name(notebook):
    """A solution reads a name of the chapter that a stub has changed."""
    edit(3, "hand", "hand\nanswer_3 = 1")(notebook)
    notebook.cells.append(new_code_cell("answer_3 + 1", execution_count=3, id="ex-1-3-4"))


PLAYER = new_output("display_data", {"text/html": '<figure class="player"><img id="_anim_img0">'})
DAMAGES = {
    "not executed": (set_count, "not executed top to bottom"),
    "error": (add_output(new_output("error", ename="E", evalue="", traceback=[])), "an error"),
    "stderr": (add_output(new_output("stream", name="stderr", text="!")), "stores stderr"),
    "exempted": (tag("nbval-skip"), "nbval-skip"),
    "empty cell": (edit(3, "# checks eq-one: by hand", " "), "is empty"),
    "too short": (edit(0, "word " * 1000, ""), "words of prose"),
    "long cell": (edit(3, "hand", "hand" + "\nx = 1" * 30), "31 lines"),
    "typed numbers": (edit(3, "hand", "hand\nassert 0 < 1 < x"), "two typed numbers in 0 < 1 < x"),
    "wide line": (edit(3, "hand", "hand" + " x" * 40), "a line of"),
    "no alt text": (no_metadata, "alt text of 0"),
    "no caption": (no_metadata, "without a caption"),
    "two pictures": (lambda n: n.cells[1].outputs.extend(n.cells[1].outputs * 1), "2 pictures"),
    "no figure": (lambda n: n.cells[1].outputs.clear(), "no figure"),
    "nameless player": (add_output(PLAYER), "a player with"),
    "no section": (edit(4, "## Where it breaks", "## Limits"), "'Where it breaks'"),
    "two titles": (edit(4, "## Readings", "# Readings"), "one title"),
    "no target": (edit(0, "(ch-x)=\n", ""), "no target"),
    "no objectives": (edit(0, "objectives", "note"), "objectives card"),
    "few questions": (edit(4, "1.quick-3", "1.another"), "quick questions"),
    "few exercises": (edit(4, EXERCISE.format(0, "Warm-up"), ""), "1 exercises of the kind Warm"),
    "nothing to build": (edit(4, "*Code, 5", "*Open, 5"), "0 exercises of the kind Code"),
    "no time": (edit(4, "*Open, 5 minutes.*", "*Open.*"), "ex-5 has 0 kinds with minutes"),
    "one hint": (edit(4, "Hint 2", "Note"), "ex-3 has 1 hints, not 2"),
    "no aim": (edit(4, "**Target.** 3", "3"), "ex-2 has 0 targets"),
    "unchecked": (edit(4, 'check("1.4"', 'see("1.4"'), "ex-4 has 0 checks"),
    "long only by exercises": (pad_exercises, "words of prose"),
    "wide stub": (edit(4, "answer_2 = ...", "answer_2 = ..." + "  # x" * 20), "a line of 114"),
    "name taken": (take_a_name, "asks for answer_3, a name of the chapter"),
    "unsolved": (edit(4, SOLUTION.format(2), ""), "ex-2 has no solution"),
    "open solution": (edit(4, ":label: sol-1\n:class: dropdown", ":label: sol-1"), "start closed"),
    "unchecked equation": (edit(3, "eq-one", "eq-one-more"), "checks eq-one"),
    "checked too early": (move_check_before_equation, "checks eq-one"),
    "odd label": (edit(2, "eq-one", "price"), "'price'"),
}


def all_problems(notebook):
    return [problem for rule in chapter_rules.RULES for problem in rule(notebook)]


def test_a_good_chapter_breaks_no_rule():
    assert all_problems(good_chapter()) == []


@pytest.mark.parametrize("name", DAMAGES)
def test_damage_is_noticed(name):
    damage, message = DAMAGES[name]
    notebook = good_chapter()
    damage(notebook)
    assert any(message in problem for problem in all_problems(notebook))
