"""The source of exercises and questions: read whole, and refused by file and line if malformed."""

import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from dra_exercises import source
from dra_exercises.lines import LEFT
from dra_exercises.source import Piece, parse, pieces
from dra_exercises.source_quiz import Field, Option

ROOT = Path(__file__).parents[2]

EXERCISES = """\
# 4 Which way is up

## 4.1 By hand

- label: ex-04-hand
- kind: warm-up
- minutes: 5
- check: [first, second]

Compute $x$.

```python
# a comment, no heading
```

And more.

### Hint 1

One.

### Hint 2

Two.

### Target

3.0

### Solution

So.

```{code-cell}
:tags: ["hide-cell"]

# a comment
x = 1
```

## 4.2 With code

- label: ex-04-code
- kind: code
- minutes: 10

Write it.

### Hint 1

One.

### Hint 2

Two.

### Target

A line.

### Solution

```{solution-code}
```
"""
QUIZ = """\
# 4 Which way is up

## first

Which, $x$ or
$y$?

- ( ) A wrong option
  in two lines.

  No.

- (x) The right one.

  Right.

  ```python
  # why
  ```

## second

How much?

- [5.25 +- 0.05 nats]

  Right.

- [-7.5 ± 1e-2]

  You forgot the sign.

- [else]

  Look again.
"""


def test_an_exercise_is_read_whole():
    chapter = parse(EXERCISES, QUIZ, 4)
    assert (chapter.number, chapter.title) == (4, "Which way is up")
    first, second = chapter.exercises
    assert (first.number, first.title, first.label) == ("4.1", "By hand", "ex-04-hand")
    assert (first.kind, first.minutes, first.ask) == ("warm-up", 5, "[first, second]")
    assert first.text == "Compute $x$.\n\n```python\n# a comment, no heading\n```\n\nAnd more."
    assert (first.hints, first.target) == (("One.", "Two."), "3.0")
    assert first.line == EXERCISES.splitlines().index("## 4.1 By hand") + 1
    assert (second.number, second.kind, second.ask) == ("4.2", "code", "")
    assert pieces(first.solution) == [
        Piece("text", "So."),
        Piece("code-cell", "# a comment\nx = 1", ('tags: ["hide-cell"]',)),
    ]
    assert pieces(second.solution) == [Piece("solution-code", "")]


def test_questions_are_read_whole():
    first, second = parse(EXERCISES, QUIZ, 4).quiz
    assert (first.name, first.text) == ("first", "Which, $x$ or\n$y$?")
    assert first.options == (
        Option("A wrong option in two lines.", False, "No."),
        Option("The right one.", True, "Right.\n\n```python\n# why\n```"),
    )
    assert second.fields == (
        Field(5.25, 0.05, "nats", True, "Right."),
        Field(-7.5, 0.01, "", False, "You forgot the sign."),
        Field(None, 0.0, "", False, "Look again."),
    )
    assert first.fields == second.options == ()


def test_options_of_a_cell_may_stand_between_lines():
    (piece,) = pieces("```{code-cell}\n---\ntags: [a]\nmystnb: {b: c}\n---\nx\n```")
    assert piece == Piece("code-cell", "x", ("tags: [a]", "mystnb: {b: c}"))


def test_a_fence_inside_another_is_no_cell():
    text = "````md\n```{code-cell}\nx\n```\n````"
    assert pieces(text) == [Piece("text", text)]


DAMAGES = {
    "no chapter": ("# 4 Which way is up\n", "", "line 1: a file has one heading"),
    "another chapter": ("# 4 Which", "# 5 Which", "line 1: '# 5 Which way is up' is not"),
    "text before": ("## 4.1", "Text.\n\n## 4.1", "line 2: text between"),
    "out of order": ("## 4.2 With", "## 4.3 With", "line 41: '## 4.3 With code' should be"),
    "no title": ("## 4.2 With code", "## 4.2", "should be '## 4.2 Title'"),
    "same label": ("ex-04-code", "ex-04-hand", "line 41: a second exercise with the label"),
    "odd label": ("ex-04-code", "ex-05-code", "label 'ex-05-code' is not like 'ex-04-name'"),
    "no label": ("- label: ex-04-code\n", "", "line 41: no field 'label'"),
    "unknown kind": ("kind: code", "kind: coding", "kind 'coding'; legal are warm-up"),
    "no kind": ("- kind: code\n", "", "no field 'kind'"),
    "no minutes": ("minutes: 10", "minutes: ten", "minutes 'ten' is not"),
    "no time": ("minutes: 10", "minutes: 0", "minutes '0' is not"),
    "unknown field": ("- minutes: 10", "- minutes: 10\n- level: 3", "line 46: field 'level'"),
    "twice a field": ("- minutes: 10", "- minutes: 10\n- kind: open", "field 'kind'"),
    "no text": ("Write it.\n", "", "4.2 has no text"),
    "no hint": ("### Hint 2\n\nTwo.\n\n### Target\n\nA", "### Target\n\nA", "has the parts Hint 1"),
    "empty hint": ("Two.\n\n### Target\n\nA", "### Target\n\nA", "4.2 has no hint 2"),
    "no target": ("A line.", "", "4.2 has no target"),
    "no solution": ("### Solution\n\n```{sol", "```{sol", "has the parts"),
    "not written": ("Write it.", LEFT, f"line 47: a {LEFT} is left in 4.2"),
    "open fence": ("x = 1\n```", "x = 1", "line 34: the fence ``` is not closed"),
    "indented cell": ("```{solution-code}\n```", "  ```{solution-code}\n  ```", "cannot stand ind"),
    "answer given away": ("Write it.", "```{solution-code}\n```", "{solution-code} cannot stand"),
    "code in a hint": ("Two.", "```{code-cell}\nx\n```", "cannot stand in the part Hint 2"),
}
DAMAGES_OF_QUIZ = {
    "another chapter": ("# 4", "# 5", "line 1: '# 5"),
    "odd name": ("## first", "## First one", "line 3: name 'First one'"),
    "same name": ("## second", "## first", "line 21: a second question 'first'"),
    "no question": ("How much?\n", "", "'second' asks nothing"),
    "no options": ("- [", "+ [", "'second' has neither"),
    "mixed": ("- [else]", "- ( ) Other.", "'second' mixes"),
    "two right": ("- ( )", "- (x)", "line 3: 2 right options of 2"),
    "none right": ("- (x)", "- ( )", "line 3: 0 right options of 2"),
    "empty option": ("- (x) The right one.", "- (x)", "line 13: an option without text"),
    "silent": ("  No.\n", "", "line 8: an item says nothing"),
    "not indented": ("  No.\n", "No.\n", "line 11: text of an item is indented"),
    "no number": ("[5.25 +- 0.05 nats]", "[a lot]", "line 25: [a lot] is not like"),
    "beside a field": ("nats]", "nats] or so", "line 25: text beside"),
    "no else": ("- [else]\n\n  Look again.\n", "", "'second' has no [else]"),
    "else too early": ("- [-7.5 ± 1e-2]", "- [else]", "line 29: [else] is the last"),
    "the same value": ("[-7.5 ± 1e-2]", "[5.2]", "line 29: [5.2] is within the tolerance"),
    "not written": ("Look again.", LEFT, f"a {LEFT} is left in 'second'"),
    "open fence": ("  # why\n  ```", "  # why", "the fence ``` is not closed"),
}


@pytest.mark.parametrize("name", DAMAGES)
def test_what_is_malformed_is_refused(name):
    old, new, message = DAMAGES[name]
    assert old in EXERCISES
    before, _, after = EXERCISES.rpartition(old)
    with pytest.raises(ValueError, match=r"^chapter_04/exercises\.md") as raised:
        parse(before + new + after, QUIZ, 4)
    assert message in str(raised.value)


@pytest.mark.parametrize("name", DAMAGES_OF_QUIZ)
def test_a_malformed_question_is_refused(name):
    old, new, message = DAMAGES_OF_QUIZ[name]
    assert old in QUIZ
    with pytest.raises(ValueError, match=r"^chapter_04/quiz\.md") as raised:
        parse(EXERCISES, QUIZ.replace(old, new), 4)
    assert message in str(raised.value)


def test_a_draft_may_keep_what_is_to_be_done():
    text = EXERCISES.replace("minutes: 5", f"minutes: {LEFT}").replace(
        "kind: code", f"kind: {LEFT}"
    )
    with pytest.raises(ValueError, match=f"{LEFT} is left"):
        parse(text, QUIZ, 4)
    first, second = parse(text, QUIZ, 4, draft=True).exercises
    assert first.minutes is None and second.kind == ""


def test_a_chapter_without_folder_is_named():
    with pytest.raises(ValueError, match="chapter is 99; legal are 1, 2"):
        source.read(99)


@pytest.mark.parametrize("chapter", source.chapters())
def test_every_source_is_well_formed(chapter):
    assert len(source.read(chapter).exercises) >= 6


def test_labels_are_unique():
    read = [source.read(chapter, draft=True) for chapter in source.chapters()]
    labels = [exercise.label for chapter in read for exercise in chapter.exercises]
    assert len(read) == 13 and len(set(labels)) == len(labels)


def test_the_sources_are_in_the_wheel(tmp_path):
    """The hints of an installed package come from there."""
    copy = tmp_path / "copy"
    listed = subprocess.run(
        ["git", "ls-files", "dra", "dra_exercises", "pyproject.toml", "README.md", "LICENSE"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    for name in listed:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes((ROOT / name).read_bytes())
    build = "from setuptools.build_meta import build_wheel; build_wheel('.')"
    subprocess.run([sys.executable, "-c", build], cwd=copy, check=True, capture_output=True)
    (wheel,) = copy.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    texts = [name for name in names if re.fullmatch(r"dra_exercises/chapter_\d\d/\w+\.md", name)]
    assert len(texts) == 2 * len(source.chapters())
    assert "dra/figures.mplstyle" in names and "dra_exercises/spec.py" in names
