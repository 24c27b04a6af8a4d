"""The exercises of a chapter as data, read from their one source, ``exercises.md``.

The book, the notebooks of the course and ``check.hint`` all begin here. A file begins with
``# 4 Title of the chapter``; each exercise is a section ``## 4.1 Its title`` with a list of fields
(label, kind, minutes and, if needed, check), the text, and the parts Hint 1, Hint 2, Target and
Solution below ``### ``. ``quiz.md`` beside it holds the questions (see ``source_quiz``).
"""

import re
from dataclasses import dataclass
from importlib.resources import files

from dra_exercises.lines import LEFT, fail, joined, read_lines, sections, titled
from dra_exercises.source_quiz import Question, read_quiz

KINDS = ("warm-up", "code", "derivation", "open")
PARTS = ("Hint 1", "Hint 2", "Target", "Solution")
FIELDS = ("label", "kind", "minutes", "check")
ENTRY = re.compile(r"- ([a-z]+): *(.*\S) *")
LABEL = re.compile(r"ex-(\d\d)-[a-z0-9-]+")
BLOCK = re.compile(r"(`{3,})\{(code-cell|solution-code)\} *\w*")


@dataclass(frozen=True)
class Exercise:
    """One exercise; texts are MyST Markdown.

    Attributes
    ----------
    number : str
        Such as "4.3".
    title, label : str
    kind : str
        One of ``KINDS``; "" in a draft that has none yet.
    minutes : int or None
        None in a draft.
    ask : str
        How the answer is written in the call of ``check``; "" if the file does not say.
    text : str
    hints : tuple of two str
    target, solution : str
    line : int
        Where it begins in its file.
    """

    number: str
    title: str
    label: str
    kind: str
    minutes: int | None
    ask: str
    text: str
    hints: tuple[str, ...]
    target: str
    solution: str
    line: int


@dataclass(frozen=True)
class Chapter:
    """The exercises and the questions of a chapter, in the order of their files."""

    number: int
    title: str
    exercises: tuple[Exercise, ...]
    quiz: tuple[Question, ...]


@dataclass(frozen=True)
class Piece:
    """A stretch of a text: "text", or the inside of a fence, "code-cell" or "solution-code".

    ``options`` are the lines of a fence that stand before its code, as they are.
    """

    kind: str
    source: str
    options: tuple[str, ...] = ()


def chapters():
    """Return the numbers of the chapters that have a folder, in order."""
    names = (folder.name for folder in files("dra_exercises").iterdir())
    return sorted(int(name[8:]) for name in names if re.fullmatch(r"chapter_\d\d", name))


def read(chapter: int, draft: bool = False) -> Chapter:
    """Return what the folder of a chapter holds.

    With ``draft`` the mark ``lines.LEFT`` may stand wherever something is still missing. Raises
    ValueError for a chapter that has no folder, and, with file and line, for what is malformed.
    """
    if chapter not in chapters():
        raise ValueError(f"chapter is {chapter!r}; legal are {', '.join(map(str, chapters()))}")
    folder = files("dra_exercises") / f"chapter_{chapter:02d}"
    texts = {
        name: (folder / name).read_text(encoding="utf-8") for name in ("exercises.md", "quiz.md")
    }
    return parse(texts["exercises.md"], texts["quiz.md"], chapter, draft)


def parse(exercises: str, quiz: str, chapter: int, draft: bool = False) -> Chapter:
    """Return the chapter of two texts, those of ``exercises.md`` and ``quiz.md``."""
    path = f"chapter_{chapter:02d}/exercises.md"
    title, found = titled(read_lines(exercises, path), path, chapter)
    made: list[Exercise] = []
    for k, section in enumerate(found, start=1):
        each = exercise(section, path, f"{chapter}.{k}", draft)
        if each.label in [other.label for other in made]:
            fail(path, section.line, f"a second exercise with the label {each.label!r}")
        made.append(each)
    path = f"chapter_{chapter:02d}/quiz.md"
    questions = read_quiz(read_lines(quiz, path), path, chapter, draft)
    return Chapter(chapter, title, tuple(made), questions)


def exercise(section, path, number, draft):
    """Return the exercise of one section, which should have this number."""
    said, _, title = section.title.partition(" ")
    if said != number or not title:
        fail(path, section.line, f"'## {section.title}' should be '## {number} Title'")
    top, below = sections(section.lines, 3)
    entries, text = fields(top, path, section.line)
    parts = {part.title: joined(part.lines) for part in below}
    if [part.title for part in below] != list(PARTS):
        wanted = ", ".join(PARTS)
        fail(path, section.line, f"{number} has the parts {', '.join(parts)}, not {wanted}")
    for name, part in {"text": text, **parts}.items():
        if not part:
            fail(path, section.line, f"{number} has no {name.lower()}")
    if LEFT in joined(section.lines) and not draft:
        line = next(line.number for line in section.lines if LEFT in line.text)
        fail(path, line, f"a {LEFT} is left in {number}")
    check_blocks(below, top, path)
    check_fields(entries, path, section.line, number, draft)
    minutes = entries["minutes"]
    return Exercise(
        number, title, entries["label"], entries["kind"].replace(LEFT, ""),
        None if minutes == LEFT else int(minutes), entries.get("check", ""),
        text, (parts["Hint 1"], parts["Hint 2"]), parts["Target"], parts["Solution"], section.line,
    )  # fmt: skip


def fields(lines, path, line):
    """Return (the entries of the list that begins an exercise, the text after it)."""
    lines = [each for k, each in enumerate(lines) if each.text.strip() or joined(lines[:k])]
    entries = {}
    while lines and (entry := ENTRY.fullmatch(lines[0].text)):
        if entry[1] not in FIELDS or entry[1] in entries:
            fail(path, lines[0].number, f"field {entry[1]!r}; legal, once each: {FIELDS}")
        entries[entry[1]] = entry[2]
        lines = lines[1:]
    for name in FIELDS[:3]:
        if name not in entries:
            fail(path, line, f"no field {name!r}")
    return entries, joined(lines)


def check_blocks(below, top, path):
    """Raise ValueError for a fence that a notebook would not understand where it stands."""
    legal = {"text": ("code-cell",), "Solution": ("code-cell", "solution-code")}
    for name, lines in [("text", top), *((part.title, part.lines) for part in below)]:
        for line in lines:
            block = re.match(r"( *)`{3,}\{(code-cell|solution-code)\}", line.text)
            if block and (block[1] or block[2] not in legal.get(name, ())):
                where = "indented" if block[1] else f"in the part {name}"
                fail(path, line.number, f"{{{block[2]}}} cannot stand {where}")


def check_fields(entries, path, line, number, draft):
    """Raise ValueError unless label, kind and minutes are legal."""
    label, kind, minutes = (entries[name] for name in FIELDS[:3])
    chapter = int(number.partition(".")[0])
    if not LABEL.fullmatch(label) or int(LABEL.fullmatch(label)[1]) != chapter:
        fail(path, line, f"label {label!r} is not like 'ex-{chapter:02d}-name'")
    if kind not in KINDS and not (draft and kind == LEFT):
        fail(path, line, f"kind {kind!r}; legal are {', '.join(KINDS)}")
    if not re.fullmatch("[1-9][0-9]*", minutes) and not (draft and minutes == LEFT):
        fail(path, line, f"minutes {minutes!r} is not a whole number above 0")


def pieces(text: str) -> list[Piece]:
    """Split a text into prose and the insides of its fences ``code-cell`` and ``solution-code``."""
    found: list[Piece] = []
    between: list[str] = []
    lines = text.splitlines()

    def put_between():
        if "".join(between).strip():
            found.append(Piece("text", "\n".join(between).strip("\n")))
        between.clear()

    mark = ""
    while lines:
        line = lines.pop(0)
        block = None if mark else BLOCK.fullmatch(line)
        if not block:
            fence = re.fullmatch(r"\s*(`{3,}|:{3,})(.*)", line)
            if fence and not mark:
                mark = fence[1]
            elif fence and fence[1].startswith(mark) and not fence[2].strip():
                mark = ""
            between.append(line)
            continue
        put_between()
        ends = [k for k, end in enumerate(lines) if end.rstrip() == block[1]]
        if not ends:
            raise ValueError(f"{line!r} is not closed")
        options, code = options_of(lines[: ends[0]])
        lines = lines[ends[0] + 1 :]
        found.append(Piece(block[2], "\n".join(code).strip("\n"), tuple(options)))
    put_between()
    return found


def options_of(lines):
    """Split the inside of a fence into its options (``:name: value`` or between ``---``), code."""
    if lines and lines[0] == "---":
        end = lines.index("---", 1)
        return lines[1:end], lines[end + 1 :]
    count = next((k for k, line in enumerate(lines) if not re.match(r":\w+:", line)), len(lines))
    return [line[1:] for line in lines[:count]], lines[count:]
