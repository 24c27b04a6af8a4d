"""The cells of the section "Exercises" of a chapter, made of its source.

An exercise is one directive, with its stub and hints inside; its solution is another, or cells
between ``{solution-start}`` and ``{solution-end}``. The names of cells are made of the number of
the exercise, so that a change of one exercise does not touch the others.
"""

import re

import answer_code
import yaml
from nbformat.v4 import new_code_cell, new_markdown_cell

from dra_exercises import source

HEAD = """\
## Exercises

`check` tries an answer on fresh cases and says what is wrong with it; `check.hint("{first}")` \
gives a hint. Both run in the notebook of this chapter.

```python
from dra_exercises import check
```"""
FENCES = {"`": r"^\s*(`{3,})", ":": r"^\s*(:{3,})"}


def fence(text, mark="`"):
    """Return a fence longer than all in ``text``."""
    longest = max(map(len, re.findall(FENCES[mark], text, re.MULTILINE)), default=2)
    return mark * max(longest + 1, 3)


def directive(name, argument, options, text, mark="`"):
    """Return a directive with its options, as Markdown."""
    wall = fence(text, mark)
    head = "\n".join([f"{wall}{{{name}}} {argument}".rstrip(), *options])
    return f"{head}\n\n{text}\n{wall}" if text else f"{head}\n{wall}"


def what_kind(exercise):
    """Return the line that says how long an exercise takes; "" for a draft."""
    if exercise.minutes is None or exercise.kind not in source.KINDS:
        return ""
    plural = "" if exercise.minutes == 1 else "s"
    return f"*{exercise.kind.capitalize()}, {exercise.minutes} minute{plural}.*"


def task(exercise, code):
    """Return what stands below the text of an exercise: the code to complete, target, hints."""
    hints = (
        directive("dropdown", f"Hint {k}", (), hint, ":")
        for k, hint in enumerate(exercise.hints, start=1)
    )
    return "\n\n".join([f"```python\n{code}\n```", f"**Target.** {exercise.target}", *hints])


def statement(exercise, code):
    """Return the parts (as of `source.pieces`) of an exercise without its solution."""
    parts = source.pieces("\n\n".join(filter(None, [what_kind(exercise), exercise.text])))
    end, label = task(exercise, code), (f":label: {exercise.label}",)
    if len(parts) == 1:
        text = f"{parts[0].source}\n\n{end}"
        return [source.Piece("text", directive("exercise", exercise.title, label, text))]
    head = directive("exercise-start", exercise.title, label, "")
    return around(parts, head, f"{end}\n\n```{{exercise-end}}\n```")


def around(parts, head, end):
    """Return parts with text before them and after them, in the cells that are there already."""
    text = source.Piece("text", "")
    parts = parts if parts[0].kind == "text" else [text, *parts]
    parts = parts if parts[-1].kind == "text" else [*parts, text]
    parts = [source.Piece("text", f"{head}\n\n{parts[0].source}".strip()), *parts[1:]]
    last = source.Piece("text", f"{parts[-1].source}\n\n{end}".strip())
    return [*parts[:-1], last]


def solution(exercise):
    """Return the parts of the solution of an exercise."""
    parts = source.pieces(exercise.solution)
    label = exercise.label.replace("ex-", "sol-", 1)
    options = (f":label: {label}", ":class: dropdown")
    if [part.kind for part in parts] == ["text"]:
        text = directive("solution", exercise.label, options, parts[0].source)
        return [source.Piece("text", text)]
    head = directive("solution-start", exercise.label, options, "")
    return around(parts, head, "```{solution-end}\n```")


def code_cell(part, spec):
    """Return the code cell of a part, its metadata made of the options of the fence."""
    metadata = yaml.safe_load("\n".join(part.options)) or {}
    if part.kind == "code-cell":
        return new_code_cell(part.source, metadata=metadata)
    return new_code_cell(answer_code.solution_code(spec), metadata=metadata)


def cells_of(exercise, spec, code):
    """Return the cells of one exercise, whose reader completes ``code``, with its solution."""
    cells = []
    for part in [*statement(exercise, code), *solution(exercise)]:
        if part.kind == "text":
            cells.append(new_markdown_cell(part.source))
        else:
            cells.append(code_cell(part, spec))
    prefix = "ex-" + exercise.number.replace(".", "-")
    for k, cell in enumerate(cells, start=1):
        cell.id = f"{prefix}-{k}"
    return cells


def section(chapter, specs):
    """Return the cells of the section of a chapter, without outputs.

    ``chapter`` is what `source.read` returns, ``specs`` how its answers are judged, by number.
    """
    head = HEAD.format(first=chapter.exercises[0].number)
    cells = [new_markdown_cell(head, id=f"ex-{chapter.number}-0")]
    pairs = [(exercise, specs.get(exercise.number)) for exercise in chapter.exercises]
    stubs = answer_code.formatted([answer_code.to_complete(*pair) for pair in pairs])
    for (exercise, spec), stub in zip(pairs, stubs, strict=True):
        cells += cells_of(exercise, spec, stub)
    code = [cell for cell in cells if cell.cell_type == "code"]
    sources = answer_code.formatted([cell.source for cell in code])
    for cell, text in zip(code, sources, strict=True):
        cell.source = text
    return cells
