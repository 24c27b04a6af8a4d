"""Make the slides: one HTML file for each chapter, for reveal.js, which needs no network.

    python tools/make_slides.py _build/html/slides

Figures are those stored in the notebooks, formulas are drawn as in the book, and the questions to
vote on are those of the quizzes. ``slide_sources.py`` says what a deck looks like. The folder is
whole by itself, links to the book apart, which lead to ``../book``.
"""

import html
import re
import shutil
import sys
from pathlib import Path

from markdown_it import MarkdownIt
from mdit_py_plugins.dollarmath import dollarmath_plugin
from slide_sources import ROOT, chapter, decks, question

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from maths import mathml

VENDOR = ROOT / "book" / "_vendor"
REVEAL = ("reset.css", "reveal.css", "reveal.js", "notes.js", "LICENSE")
MATHS = ("Temml-Latin-Modern.css", "Temml.woff2", "latinmodernmath.woff2", "LICENSE")
BOOK = "Remember What Matters"
OWN = ("slides.css", "slides.js")
LINE = re.compile(r"^\{(figure|vote|live)\} +(.+(?:\n.+)*)$", re.MULTILINE)
ROLE = re.compile(r"\{(eq|numref|ref|term)\}`([^`]+)`")
EXPLICIT = re.compile(r"(.+?)\s*<(.+)>")
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title><link rel="icon" href="data:,">
<link rel="stylesheet" href="reveal/reset.css"><link rel="stylesheet" href="reveal/reveal.css">
<link rel="stylesheet" href="temml/Temml-Latin-Modern.css"><link rel="stylesheet" href="slides.css">
<noscript><style>html, body {{ overflow: auto !important; }}
.reveal .slides > section {{ display: block !important; position: static !important; }}
.reveal .slides, .reveal {{ position: static !important; }}</style></noscript>
</head><body><main><div class="reveal"><div class="slides">
{slides}
</div></div></main>
<script src="reveal/reveal.js"></script><script src="reveal/notes.js"></script>
<script src="slides.js"></script></body></html>
"""


def reference(number, name, text):
    """Return the Markdown of a role: a number or words, and a link where the place is known."""
    explicit = EXPLICIT.fullmatch(text)
    title, label = explicit.groups() if explicit else (text, text)
    if name == "term":
        return title
    if label.startswith("ch-"):
        return titled(label, title if explicit else "", name)
    for other in (number, *(deck.chapter for deck in decks())):
        of = chapter(other)
        if name == "eq" and label in of.equations:
            return f"[({of.equations[label]})]({of.page}#equation-{label})"
        if name == "numref" and label in of.figures:
            return f"[figure {of.figures[label].number}]({of.page}#{label})"
    raise ValueError(f"the slides of chapter {number} name {{{name}}}`{text}`, which is not there")


def titled(label, title, name):
    """Return a link to a chapter: its number, its title, or what stands in ``title``."""
    for number in (deck.chapter for deck in decks()):
        of = chapter(number)
        if f"({label})=" in of.text:
            words = title.replace("%s", str(number)) if title else of.title
            return f"[{words if name == 'ref' or title else f'chapter {number}'}]({of.page})"
    raise ValueError(f"no chapter has the label {label!r}")


def to_html(number, text):
    """Return the HTML of Markdown with formulas, roles, and lists that appear step by step."""

    def formula(tex, options):
        return mathml(tex.strip(), options["display_mode"])

    reader = MarkdownIt("commonmark").enable("table")
    dollarmath_plugin(reader, renderer=formula, allow_labels=False, double_inline=True)
    text = ROLE.sub(lambda match: reference(number, *match.groups()), text)
    tokens = reader.parse(text)
    for k, token in enumerate(tokens):
        if token.type == "list_item_open" and token.markup == "+":
            token.attrSet("class", "fragment")
        if token.type == "table_open":
            tokens[k].attrSet("class", "numbers")
    return reader.renderer.render(tokens, reader.options, {})


def figure(number, name):
    """Return a figure of the chapter, by its name."""
    of = chapter(number)
    if name not in of.figures:
        raise ValueError(f"figure is {name!r}; chapter {number} has {', '.join(of.figures)}")
    found = of.figures[name]
    return (
        f'<figure><img src="figures/{name}.png" alt="{html.escape(found.alt)}" '
        f'width="{found.width}" height="{found.height}"><figcaption>'
        f'<a href="{of.page}#{name}">Figure {found.number}</a></figcaption></figure>'
    )


def vote(number, name):
    """Return (what is shown, what the speaker reads) of a question with its options."""
    text, options = question(number, name)
    letters = "ABCDEFG"[: len(options)]
    items = "".join(
        f"<li><b>{letter}</b> {to_html(number, option.text)}</li>"
        for letter, option in zip(letters, options, strict=True)
    )
    ((letter, right),) = [(a, o) for a, o in zip(letters, options, strict=True) if o.right]
    answer = to_html(number, f"**{letter}.** {right.says}")
    shown = (
        f'<div class="vote">{to_html(number, text)}<ul>{items}</ul>'
        f'<div class="fragment answer">{answer}</div></div>'
    )
    said = "\n\n".join(
        f"{a}: {o.says}" for a, o in zip(letters, options, strict=True) if not o.right
    )
    return shown, said


def section(number, slide, first):
    """Return the HTML of one slide."""
    notes = [slide.notes]

    def special(match):
        kind, rest = match.groups()
        if kind == "live":
            return f'\n<div class="live">\n\n**Live.** {rest}\n\n</div>\n'
        shown, said = vote(number, rest) if kind == "vote" else (figure(number, rest), "")
        notes.append(said)
        kept.append(shown)
        return f"\n<!-- kept {len(kept) - 1} -->\n"

    kept = []
    body = to_html(number, LINE.sub(special, slide.body))
    body = re.sub(r"<!-- kept (\d+) -->", lambda match: kept[int(match[1])], body)
    said = to_html(number, "\n\n".join(filter(None, notes)))
    head = f"<h1>{html.escape(slide.title)}</h1>" if slide.title else first
    return (
        f'<section data-timing="{60 * slide.minutes}">{head}\n{body}'
        f'<aside class="notes"><p><b>{slide.minutes} min</b></p>{said}</aside></section>'
    )


def deck_page(deck):
    """Return the whole page of a deck."""
    of = chapter(deck.chapter)
    first = (
        f'<p class="book">{BOOK}</p><h1>{html.escape(of.title)}</h1>'
        f'<p><a href="{of.page}">Chapter {deck.chapter}</a></p>'
    )
    slides = "\n".join(section(deck.chapter, slide, first) for slide in deck.slides)
    title = f"Slides: {deck.chapter} {of.title}"
    return PAGE.format(title=html.escape(title), slides=slides)


def write(folder):
    """Write all decks and what they need into ``folder``; return the pages."""
    shutil.rmtree(folder, ignore_errors=True)
    for source, names, target in (
        (VENDOR / "reveal", REVEAL, folder / "reveal"),
        (VENDOR / "temml", MATHS, folder / "temml"),
        (ROOT / "course" / "slides", OWN, folder),
    ):
        target.mkdir(parents=True, exist_ok=True)
        for name in names:
            shutil.copyfile(source / name, target / name)
    (folder / "figures").mkdir()
    pages = []
    for deck in decks():
        page = deck_page(deck)
        for name in re.findall(r'src="figures/(.+?)\.png"', page):
            (folder / "figures" / f"{name}.png").write_bytes(
                chapter(deck.chapter).figures[name].data
            )
        pages.append(folder / f"{deck.chapter:02d}.html")
        pages[-1].write_text(page, encoding="utf-8")
    return pages


if __name__ == "__main__":
    made = write(Path(sys.argv[1]))
    print(f"{len(made)} decks in {sys.argv[1]}; S opens the notes, ?print-pdf a page to print")
