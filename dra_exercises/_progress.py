"""What a reader has tried, asked and solved: a file of lines that is only ever added to.

So two notebooks at once lose nothing, and a damaged line costs that line alone. Where nothing can
be written, it is kept as long as the program runs.
"""

import json
import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from dra_exercises import source

MEMORY = []  # events that could not be written


def place():
    """Return the path of the file; the environment variable DRA_EXERCISES_HOME moves it."""
    folder = os.environ.get("DRA_EXERCISES_HOME") or platformdirs.user_data_dir("dra_exercises")
    return Path(folder) / "progress.jsonl"


def add(**event):
    """Add an event; never raises."""
    try:
        place().parent.mkdir(parents=True, exist_ok=True)
        with place().open("a", encoding="utf-8") as file:
            file.write(json.dumps(event) + "\n")
    except OSError:
        MEMORY.append(event)


def events():
    """Return all events that can be read, in order."""
    try:
        lines = place().read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    made = []
    for line in lines:
        try:
            event = json.loads(line)
        except ValueError:
            continue
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
    """Return a table of progress as text, a row for each chapter."""
    known, rows = records(), ["chapter                                   solved  tries  hints"]
    for chapter in source.chapters():
        made = source.read(chapter, draft=True)
        mine = [known.get(exercise.number, Record()) for exercise in made.exercises]
        solved = f"{sum(r.solved for r in mine)} of {len(mine)}"
        tries, hints = sum(r.tries for r in mine), sum(r.hints for r in mine)
        rows.append(f"{chapter:2d} {made.title[:36]:36} {solved:>9} {tries:6d} {hints:6d}")
    return "\n".join(rows)
