"""What slides are made of: the Markdown of a deck, and the figures and questions of its chapter.

A deck, ``course/slides/04.md``, holds what is shown and said; nothing in it repeats the chapter.

    Notes (2 min): what is said on the title slide.

    ## The title of a slide

    Markdown, with formulas between dollar signs and the roles {eq}`eq-score`, {numref}`fig-levers`.

    {figure} fig-levers
    {vote} quick-1
    {live} what to do in the browser, and what to let the room predict first

    + points that appear one after another

    Notes (3 min): what is said, and how long it takes.
"""

import base64
import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NOTES = re.compile(r"^Notes \((\d+) min\): *", re.MULTILINE)
EXCEPTIONS = re.compile(r"<!-- numbers: *(.*?) *-->\n*")
LABELS = re.compile(r"^:label: (eq-[\w-]+)", re.MULTILINE)
QUESTION = re.compile(r"^## ([\w-]+)$", re.MULTILINE)
OPTION = re.compile(r"^- \(([ x])\) *", re.MULTILINE)


@dataclass(frozen=True)
class Slide:
    """One slide; ``body`` and ``notes`` are Markdown."""

    title: str
    body: str
    notes: str
    minutes: int


@dataclass(frozen=True)
class Deck:
    """The slides of a chapter; ``exceptions`` are numbers that its chapter does not print."""

    chapter: int
    slides: tuple[Slide, ...]
    exceptions: tuple[str, ...] = ()

    @property
    def minutes(self):
        return sum(slide.minutes for slide in self.slides)


@dataclass(frozen=True)
class Figure:
    """A stored picture: its number in the book, PNG bytes, size on a page, and alt text."""

    number: str
    data: bytes
    width: int
    height: int
    alt: str


@dataclass(frozen=True)
class Option:
    """One answer to a question, what is said to those who give it, and whether it is right."""

    text: str
    says: str
    right: bool


@dataclass(frozen=True)
class Chapter:
    """What slides may name: figures by name, numbers of equations by label, address of the page."""

    title: str
    page: str
    figures: dict
    equations: dict
    text: str


def slide(text, path):
    """Return the slide of a section; ValueError if it has no notes with their minutes."""
    title, _, rest = text.partition("\n")
    notes = list(NOTES.finditer(rest))
    if len(notes) != 1:
        raise ValueError(
            f"{path}: the slide {title!r} has {len(notes)} notes, not one with minutes"
        )
    body, said = rest[: notes[0].start()], rest[notes[0].end() :]
    return Slide(title.strip(), body.strip(), said.strip(), int(notes[0][1]))


def read_deck(path):
    """Return the deck of a file whose name is the number of its chapter."""
    text = path.read_text(encoding="utf-8")
    exceptions = EXCEPTIONS.search(text)
    first, *others = re.split(r"^## ", EXCEPTIONS.sub("", text), flags=re.MULTILINE)
    slides = [slide(f"\n{first}", path), *(slide(other, path) for other in others)]
    return Deck(int(path.stem), tuple(slides), tuple(exceptions[1].split()) if exceptions else ())


def decks(root=ROOT):
    """Return all decks, in the order of the chapters."""
    return [read_deck(path) for path in sorted((root / "course" / "slides").glob("[0-9]*.md"))]


def picture(cell, number):
    """Return the figure of a cell; the size in its metadata is that on a page."""
    (output,) = [o for o in cell["outputs"] if "image/png" in o.get("data", {})]
    size = output["metadata"]["image/png"]
    data = base64.b64decode("".join(output["data"]["image/png"]))
    alt = cell["metadata"]["mystnb"]["image"]["alt"]
    return Figure(number, data, size["width"], size["height"], alt)


def printed(cell):
    """Return all text of a cell that a reader sees: source, captions, and what it printed."""
    named = cell.get("metadata", {}).get("mystnb", {})
    parts = ["".join(cell["source"]), named.get("figure", {}).get("caption", "")]
    parts.append(named.get("image", {}).get("alt", ""))
    for output in cell.get("outputs", []):
        parts += [
            "".join(output.get("text", "")),
            "".join(output.get("data", {}).get("text/plain", "")),
        ]
    return "\n".join(parts)


@functools.cache
def chapter(number, root=ROOT):
    """Return what the notebook of a chapter offers to its slides."""
    (path,) = (root / "book").glob(f"{number:02d}-*.ipynb")
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    prose = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    drawn = [c for c in cells if "figure" in c["metadata"].get("mystnb", {})]
    figures = {
        cell["metadata"]["mystnb"]["figure"]["name"]: picture(cell, f"{number}.{k}")
        for k, cell in enumerate(drawn, start=1)
    }
    equations = {label: f"{number}.{k}" for k, label in enumerate(LABELS.findall(prose), start=1)}
    title = re.search(r"^# (.+)$", prose, re.MULTILINE)[1]
    text = "\n".join(map(printed, cells))
    return Chapter(title, f"../book/{path.stem}.html", figures, equations, text)


def question(number, name, root=ROOT):
    """Return (text, options) of a question of the chapter's ``quiz.md``; ValueError if absent."""
    path = root / "dra_exercises" / f"chapter_{number:02d}" / "quiz.md"
    _, *parts = QUESTION.split(path.read_text(encoding="utf-8"))
    found = dict(zip(parts[::2], parts[1::2], strict=True))
    if name not in found:
        raise ValueError(f"question is {name!r}; {path.name} has {', '.join(found)}")
    text, *options = OPTION.split(found[name])
    if not options:
        raise ValueError(f"question {name!r} has no options to vote on")
    made = []
    for mark, option in zip(options[::2], options[1::2], strict=True):
        says = re.split(r"\n\s*\n", option.strip(), maxsplit=1)
        reply = re.sub(r"^ {2}", "", says[1], flags=re.MULTILINE) if len(says) > 1 else ""
        made.append(Option(says[0].strip(), reply.strip(), mark == "x"))
    return text.strip(), made
