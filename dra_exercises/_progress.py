"""What a reader has tried, asked and solved: a file of lines that is only ever added to.

So two notebooks at once lose nothing, and a damaged line costs that line alone. Where nothing can
be written, it is kept as long as the program runs.
"""

import contextlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from dra_exercises import source
from dra_exercises.exercises import find
from dra_exercises.spec import Open

MEMORY: list[dict] = []  # events that could not be written


def place():
    """Return the path of the file; the environment variable DRA_EXERCISES_HOME moves it."""
    folder = os.environ.get("DRA_EXERCISES_HOME") or platformdirs.user_data_dir("dra_exercises")
    return Path(folder) / "progress.jsonl"


def add(**event):
    """Add an event; never raises."""
    try:
        place().parent.mkdir(parents=True, exist_ok=True)
        if place().exists() and not place().is_file():
            raise OSError("not a file")
        with place().open("a", encoding="utf-8") as file:
            file.write(f"\n{json.dumps(event)}\n")  # the line before may have been cut off
    except (OSError, ValueError, RuntimeError):
        MEMORY.append(event)


def events():
    """Return all events that can be read, in order."""
    lines, made = [], []
    with contextlib.suppress(OSError, ValueError, RuntimeError):
        if place().is_file():
            lines = place().read_text(encoding="utf-8", errors="replace").splitlines()
    for line in lines:
        with contextlib.suppress(ValueError, RecursionError):
            event = json.loads(line)
            if isinstance(event, dict):
                made.append(event)
    return [*made, *MEMORY]


@dataclass
class Record:
    """What is known of one exercise."""

    tries: int = 0
    hints: int = 0
    solved: bool = False


def records():
    """Return {number: Record} of all exercises that were touched since they were reset."""
    made = {}
    for event in events():
        number, what = event.get("number"), event.get("what")
        if what == "reset":
            made = {} if number is None else {n: r for n, r in made.items() if n != number}
        elif isinstance(number, str) and what in ("try", "hint"):
            record = made.setdefault(number, Record())
            record.tries += what == "try"
            record.hints += what == "hint"
            record.solved |= event.get("right") is True
    return made


def table():
    """Return a table of progress as text, a row for each chapter.

    An open exercise has no right answer: whoever has handed in some words has seen what a full one
    says.
    """
    head = ["", "solved", "open seen", "tries", "hints"]
    known, rows = records(), ["{:37}{:>10}{:>11}{:>7}{:>7}".format(*head)]
    for chapter in source.chapters():
        read = source.read(chapter, draft=True)
        numbers = [each.number for each in read.exercises]
        mine = [(isinstance(find(n), Open), known.get(n, Record())) for n in numbers]
        solved = [record.solved for is_open, record in mine if not is_open]
        seen = [record.tries > 0 for is_open, record in mine if is_open]
        tries, hints = (sum(getattr(r, name) for _, r in mine) for name in ("tries", "hints"))
        title = f"{chapter:2d} {read.title}"[:37]
        of = (f"{sum(each)} of {len(each)}" for each in (solved, seen))
        rows.append("{:37}{:>10}{:>11}{:>7}{:>7}".format(title, *of, tries, hints))
    return "\n".join(rows)
