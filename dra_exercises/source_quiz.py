"""The questions of a chapter, from its ``quiz.md``: options, or fields for a number.

Below ``## name`` stands the question, then a list. Its items are options, ``- ( )`` wrong and
``- (x)`` right, or values, ``- [5.25 +- 0.05 nats]``, of which the first is the right one and the
last is ``- [else]``. What an item says to the reader is indented below it.
"""

import re
from dataclasses import dataclass

from dra_exercises.lines import LEFT, fail, joined, titled

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ITEM = re.compile(r"- (?:\((?P<mark>[ xX])\)|\[(?P<field>[^\]]+)\])(?: +(?P<text>.*))?")
NUMBER = r"[-+\u2212]?\d+(?:\.\d+)?(?:e[-+]?\d+)?"
FIELD = re.compile(
    rf"(?P<value>{NUMBER})(?: *(?:\+-|±) *(?P<tolerance>{NUMBER}))?(?: +(?P<unit>.+))?"
)


@dataclass(frozen=True)
class Option:
    """One option of a question, and what the reader who chooses it is told (Markdown)."""

    text: str
    right: bool
    feedback: str


@dataclass(frozen=True)
class Field:
    """A value that a reader may type in, and what is said then (Markdown).

    An answer is this one if it is within ``tolerance`` of ``value``; ``value`` None is any other.
    ``unit`` is "" for none.
    """

    value: float | None
    tolerance: float
    unit: str
    right: bool
    feedback: str


@dataclass(frozen=True)
class Question:
    """A question with options or with fields; the other tuple is empty."""

    name: str
    text: str
    options: tuple[Option, ...] = ()
    fields: tuple[Field, ...] = ()
    line: int = 0


def read_quiz(lines, path, chapter, draft=False):
    """Return the questions of a file in order; ValueError with its line for what is malformed."""
    _, found = titled(lines, path, chapter)
    questions = tuple(question(section, path, draft) for section in found)
    names = [each.name for each in questions]
    for k, each in enumerate(questions):
        if each.name in names[:k]:
            fail(path, each.line, f"a second question {each.name!r}")
    return questions


def question(section, path, draft):
    """Return the question of one section."""
    if not NAME.fullmatch(section.title):
        fail(path, section.line, f"name {section.title!r}: lower case, digits and hyphens")
    starts = [k for k, line in enumerate(section.lines) if ITEM.fullmatch(line.text)]
    if not starts:
        fail(path, section.line, f"{section.title!r} has neither options nor fields")
    text = joined(section.lines[: starts[0]])
    if not text:
        fail(path, section.line, f"{section.title!r} asks nothing")
    if LEFT in joined(section.lines) and not draft:
        fail(path, section.line, f"a {LEFT} is left in {section.title!r}")
    items = [
        item(section.lines[start:end], path)
        for start, end in zip(starts, [*starts[1:], None], strict=True)
    ]
    if {"mark"} == {kind for kind, *_ in items}:
        options = choices(section, items, path)
        return Question(section.title, text, options=options, line=section.line)
    if {"field"} == {kind for kind, *_ in items}:
        fields = numbers(section, items, path)
        return Question(section.title, text, fields=fields, line=section.line)
    fail(path, section.line, f"{section.title!r} mixes options and fields")


def item(lines, path):
    """Return ("mark" or "field", what is in the brackets, text, feedback, line number)."""
    first = ITEM.fullmatch(lines[0].text)
    for line in lines[1:]:
        if line.text.strip() and not line.text.startswith("  "):
            fail(path, line.number, "text of an item is indented by two spaces")
    rest = [line._replace(text=line.text[2:]) for line in lines[1:]]
    gap = next((k for k, line in enumerate(rest) if not line.text.strip()), len(rest))
    text = " ".join([first["text"] or "", *(line.text.strip() for line in rest[:gap])]).strip()
    feedback = joined(rest[gap:])
    if not feedback:
        fail(path, lines[0].number, "an item says nothing to the reader who chose it")
    kind = "mark" if first["mark"] else "field"
    return kind, first[kind], text, feedback, lines[0].number


def choices(section, items, path):
    """Return the options of a question: two or more, one of them right."""
    for _, _, text, _, line in items:
        if not text:
            fail(path, line, "an option without text")
    options = tuple(Option(text, mark != " ", says) for _, mark, text, says, _ in items)
    right = sum(option.right for option in options)
    if right != 1 or len(options) < 2:
        fail(path, section.line, f"{right} right options of {len(options)} in {section.title!r}")
    return options


def numbers(section, items, path):
    """Return the fields of a question: the right value, wrong values, and the rest."""
    found = []
    for k, (_, inside, text, says, line) in enumerate(items):
        if text:
            fail(path, line, "text beside the brackets of a field; it goes below, indented")
        if inside.strip() == "else":
            if k != len(items) - 1 or k == 0:
                fail(path, line, "[else] is the last field, after the right one")
            found.append(Field(None, 0.0, "", False, says))
            continue
        parts = FIELD.fullmatch(inside.strip())
        if not parts:
            fail(path, line, f"[{inside}] is not like [5.25 +- 0.05 nats]")
        value, tolerance = (
            float((parts[key] or "0").replace("\u2212", "-")) for key in ("value", "tolerance")
        )
        if found and abs(value - found[0].value) <= found[0].tolerance:
            fail(path, line, f"[{inside}] is within the tolerance of the right value")
        found.append(Field(value, tolerance, parts["unit"] or "", k == 0, says))
    if found[-1].value is not None:
        fail(path, section.line, f"{section.title!r} has no [else] at the end of its fields")
    return tuple(found)
