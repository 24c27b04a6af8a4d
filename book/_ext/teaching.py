"""Directives of the pages for instructors: lists that are made, so that they cannot go stale.

- ``decks``: the slides, with their minutes; ``tools/finish_site.py`` puts them into the site;
- ``objectives-map``: what each chapter's card says that one can do;
- ``misconceptions 4``: the wrong answers that the checks of a chapter know, and what they say;
  its content names those that stand first;
- ``rubrics 4``: what a full answer to its open exercises says.

The last two read ``checks.py`` in the folder of the chapter in ``dra_exercises``.
"""

import importlib
import re
import sys
from pathlib import Path

import nbformat
from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

ROOT = Path(__file__).resolve().parents[2]
for place in (ROOT / "tools", ROOT):
    if str(place) not in sys.path:
        sys.path.append(str(place))

CARD = re.compile(
    r"^:class: objectives\n\n(.+?)\n\n\*\*Before you start.*?\*\*Time:\*\* (.+?)\.", re.S | re.M
)
TITLE = re.compile(r"^\((ch-[\w-]+)\)=\n# (.+)$", re.MULTILINE)
EXERCISE = re.compile(r"^## (\d+\.\d+) (.+)$", re.MULTILINE)
LATER = "The exercises of this chapter have no list yet."


def chapters():
    """Return the numbers of the chapters that have exercises."""
    return importlib.import_module("dra_exercises.source").chapters()


def exercises(number):
    """Return {"4.1": exercise, …} of a chapter, None if it has no checks yet."""
    folder = f"dra_exercises.chapter_{number:02d}"
    try:
        return importlib.import_module(f"{folder}.checks").EXERCISES
    except ModuleNotFoundError as error:
        if error.name != f"{folder}.checks":
            raise
        return None


def misconceptions(number):
    """Return [(exercise, name, says)] of the wrong answers of a chapter, None without checks."""
    found = exercises(number)
    if found is None:
        return None
    return [
        (exercise, wrong.name, wrong.says)
        for exercise, spec in found.items()
        for wrong in getattr(spec, "wrong", ())
    ]


def rubrics(number):
    """Return [(exercise, lines)] of the open exercises of a chapter, None without checks."""
    found = exercises(number)
    if found is None:
        return None
    return [(name, spec.rubric) for name, spec in found.items() if getattr(spec, "rubric", ())]


def titles(number):
    """Return {"4.1": title, …} of the exercises of a chapter."""
    path = ROOT / "dra_exercises" / f"chapter_{number:02d}" / "exercises.md"
    return dict(EXERCISE.findall(path.read_text(encoding="utf-8")))


def card(number):
    """Return (label, title, objectives, time) of a chapter; objectives are lines of Markdown."""
    if number not in chapters():
        raise ValueError(f"a page for instructors names chapter {number}, which is not there")
    (path,) = (ROOT / "book").glob(f"{number:02d}-*.ipynb")
    cells = nbformat.read(path, as_version=4).cells
    prose = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    label, title = TITLE.search(prose).groups()
    lines, time = CARD.search(prose).groups()
    return label, title, re.findall(r"^(?:-|\d+\.) (.+)$", lines, re.MULTILINE), time


def indented(text):
    """Return a text as lines that continue an entry of a list."""
    return [f"  {line}" if line else "" for line in text.strip().splitlines()]


class Generated(SphinxDirective):
    """A directive whose content is Markdown that ``lines`` returns."""

    optional_arguments = 1

    def run(self):
        holder = nodes.Element()
        source = StringList(self.lines(), source=self.name)
        self.state.nested_parse(source, 0, holder)
        self.env.note_reread()
        return holder.children

    def heading(self):
        """Return the number of the chapter, and the line that names it."""
        number = int(self.arguments[0])
        return number, f"**{number}.** {{ref}}`{card(number)[0]}`"


def parted(found, named):
    """Return the misconceptions that are named, in that order, and all others.

    ``named`` are lines such as "4.3 ascends the cost".
    """
    known = {f"{entry[0]} {entry[1]}": entry for entry in reversed(found)}
    if strange := [line for line in named if line not in known]:
        raise ValueError(f"no misconception of its chapter: {', '.join(strange)}")
    first = [known[line] for line in named]
    return first, [entry for entry in found if entry not in first]


def listed(entries, names):
    """Return misconceptions as a list in Markdown; ``names`` are the titles of exercises."""
    lines = []
    for exercise, name, says in entries:
        where = f"{exercise} {names.get(exercise, '')}".strip()
        lines += [f"- *{name}* ({where})", "", *indented(says), ""]
    return lines


class Misconceptions(Generated):
    """Insert the misconceptions of one chapter; those that the content names stand first."""

    has_content = True

    def lines(self):
        number, heading = self.heading()
        found, names = misconceptions(number), titles(number)
        if not found:
            return [heading, "", LATER]
        first, others = parted(found, [line for line in self.content if line.strip()])
        fold = [f"::::{{dropdown}} {len(others)} others", ""]
        return [heading, "", *listed(first, names), *fold, *listed(others, names), "::::", ""]


class Rubrics(Generated):
    """Insert the rubrics of the open exercises of one chapter."""

    def lines(self):
        number, heading = self.heading()
        found = rubrics(number)
        lines, names = [heading, ""], titles(number)
        for exercise, points in found or ():
            lines += [f"- {exercise} *{names.get(exercise, '')}*", ""]
            lines += [f"  - {point}" for point in points] + [""]
        return lines if found else [*lines, LATER]


class ObjectivesMap(Generated):
    """Insert the objectives of all chapters."""

    def lines(self):
        lines = []
        for number in chapters():
            label, _, objectives, time = card(number)
            lines += [f"**{number}.** {{ref}}`{label}` ({time})", ""]
            lines += [f"- {objective}" for objective in objectives] + [""]
        return lines


class Decks(SphinxDirective):
    """Insert the links to the slides, which are no pages of Sphinx."""

    def run(self):
        from slide_sources import chapter, decks

        up = "../" * self.env.docname.count("/")
        rows = "".join(
            f'<tr><td>{deck.chapter}</td><td><a href="{up}slides/{deck.chapter:02d}.html">'
            f"{chapter(deck.chapter).title}</a></td><td>{len(deck.slides)}</td>"
            f"<td>{deck.minutes}</td></tr>"
            for deck in decks()
        )
        self.env.note_reread()
        names = ("chapter", "title", "slides", "minutes")
        head = "".join(f"<th>{name}</th>" for name in names)
        table = f'<table class="table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        scrolls = f'<div class="pst-scrollable-table-container">{table}</div>'
        return [nodes.raw("", scrolls, format="html")]


def setup(app):
    app.add_directive("decks", Decks)
    app.add_directive("objectives-map", ObjectivesMap)
    app.add_directive("misconceptions", Misconceptions)
    app.add_directive("rubrics", Rubrics)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
