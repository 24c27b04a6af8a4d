"""The lines of a source file: which are headings, which are inside a fence, and what is wrong."""

import re
from typing import NamedTuple, NoReturn

# what stands where something is to be written; in pieces, since a test looks for it in all files
LEFT = "TO" + "DO"
FENCE = re.compile(r"\s*(`{3,}|:{3,})(.*)")
HEADING = re.compile(r"(#{1,3}) +(.*\S) *")


class Line(NamedTuple):
    """One line of a file."""

    number: int  # from 1
    text: str
    heading: int  # 1 to 3; 0 for a line that is no heading


class Section(NamedTuple):
    """A heading and the lines below it, up to the next heading of its level or above."""

    line: int
    title: str
    lines: list


def fail(path: str, line: int, message: str) -> NoReturn:
    """Raise the ValueError of a malformed line."""
    raise ValueError(f"{path}, line {line}: {message}")


def read_lines(text, path):
    """Return the lines of ``text``; a fence that is not closed is a ValueError.

    A line inside a fence is never a heading: there ``#`` begins a comment.
    """
    found, mark, opened = [], "", 0
    for number, line in enumerate(text.splitlines(), start=1):
        fence = FENCE.fullmatch(line)
        heading = None if mark else HEADING.fullmatch(line)
        if fence and not mark:
            mark, opened = fence[1], number
        elif fence and fence[1].startswith(mark):
            if fence[2].strip():
                fail(path, opened, f"the fence {mark} is not closed before line {number}")
            mark = ""
        found.append(Line(number, line, len(heading[1]) if heading else 0))
    if mark:
        fail(path, opened, f"the fence {mark} is not closed")
    return found


def sections(lines, level):
    """Return (lines before the first heading of ``level``, the sections of that level)."""
    before, found = [], []
    for line in lines:
        if line.heading == level:
            found.append(Section(line.number, HEADING.fullmatch(line.text)[2], []))
        elif found:
            found[-1].lines.append(line)
        else:
            before.append(line)
    return before, found


def joined(lines):
    """Return lines as one text, without empty lines at its ends."""
    return "\n".join(line.text.rstrip() for line in lines).strip("\n")


def titled(lines, path, chapter):
    """Return (title, sections of level 2) of a file that begins with ``# 4 Its title``."""
    before, chapters = sections(lines, 1)
    if joined(before) or len(chapters) != 1:
        fail(path, 1, f"a file has one heading, '# {chapter} Title', and begins with it")
    number, _, title = chapters[0].title.partition(" ")
    if number != str(chapter) or not title:
        fail(path, chapters[0].line, f"'# {chapters[0].title}' is not '# {chapter} Title'")
    before, found = sections(chapters[0].lines, 2)
    if joined(before):
        fail(path, chapters[0].line + 1, "text between the title and the first '## '")
    return title, found
