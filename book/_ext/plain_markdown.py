"""Turn the Markdown of a chapter, with its directives and roles, into Markdown for any viewer.

What is left is what JupyterLab, VS Code, Colab and GitHub all show: links, ``$...$``, block quotes,
and ``<details>`` for what is folded. Numbers and addresses come from a :class:`Page`.
"""

import re
from collections.abc import Callable
from typing import NamedTuple

import quiz

FENCE = re.compile(r"(`{3,}|:{3,})(?:\{([\w-]+)\} *(.*)|.*)")
OPTION = re.compile(r":([\w-]+): *(.*)")
ROLE = re.compile(r"\{([\w:]+)\}`([^`]+)`")
TARGET = re.compile(r"^\(([\w-]+)\)=\n+(?!# )", re.MULTILINE)
TARGET_OF_TITLE = re.compile(r"^\([\w-]+\)=\n+(?=# )", re.MULTILINE)
HEADING = re.compile(r"^(#+) (?=\S)", re.MULTILINE)
DEFINITION = re.compile(r"^(\S.*)\n: +", re.MULTILINE)
DISPLAY = re.compile(r"\$\$.*?\$\$", re.DOTALL)
DROPPED = {"only", "exercise-end"}  # a figure that is not here is all that "only" speaks of


class Page(NamedTuple):
    """What the text of a notebook refers to."""

    role: Callable  # (name, text) -> Markdown
    equation: Callable  # label -> its number
    exercise: Callable  # label -> (number, title)
    section: Callable  # () -> number of the next section, or ""


class Block(NamedTuple):
    """A directive, or (without a name) a stretch of text."""

    name: str
    argument: str
    options: dict
    body: str


def anchor(label):
    """Return a place that links can lead to."""
    return f'<a id="{label}"></a>'


def quoted(text):
    """Return a block quote. A formula stays on one line: viewers look for formulas first."""
    text = DISPLAY.sub(lambda formula: " ".join(formula[0].split()), text)
    return "\n".join(f"> {line}".rstrip() for line in text.strip().splitlines())


def folded(summary, text):
    """Return text that unfolds. The empty lines let viewers read it as Markdown."""
    return f"<details>\n<summary>{summary}</summary>\n\n{text.strip()}\n\n</details>"


def blocks(text):
    """Split text into directives and what is between; other fences are part of the text."""
    lines, found, between = text.splitlines(), [], []
    while lines:
        line = lines.pop(0)
        fence = FENCE.fullmatch(line)
        if not fence:
            between.append(line)
            continue
        mark, name, argument = fence.groups()
        ends = [i for i, end in enumerate(lines) if re.fullmatch(f"{mark}{mark[0]}* *", end)]
        if not ends:
            raise ValueError(f"{line!r} is not closed")
        body, closing, lines = lines[: ends[0]], lines[ends[0]], lines[ends[0] + 1 :]
        if name is None:
            between += [line, *body, closing]
            continue
        found += [Block("", "", {}, "\n".join(between)), directive(name, argument, body)]
        between = []
    return [block for block in [*found, Block("", "", {}, "\n".join(between))] if any(block)]


def directive(name, argument, lines):
    """Return a directive; options stand in its first lines."""
    options = {}
    while lines and (option := OPTION.fullmatch(lines[0])):
        options[option[1]] = option[2]
        lines = lines[1:]
    return Block(name, argument, options, "\n".join(lines).strip())


def plain(text, page):
    """Return a stretch of text with its roles resolved and its sections numbered."""
    pieces = re.split(r"(^```.*?^```$)", text, flags=re.DOTALL | re.MULTILINE)
    for i in range(0, len(pieces), 2):  # every other piece is code
        piece = TARGET_OF_TITLE.sub("", pieces[i])
        piece = TARGET.sub(lambda target: f"{anchor(target[1])}\n\n", piece)
        piece = HEADING.sub(lambda head: f"{head[1]} {page.section()}", piece)
        piece = DEFINITION.sub(r"- \1: ", piece)
        pieces[i] = ROLE.sub(lambda role: page.role(*role.groups()), piece)
    return "".join(pieces).strip("\n")


def markdown(text, page):
    """Return the Markdown of text in which directives may stand."""
    parts = (written(block, page) for block in blocks(text))
    return "\n\n".join(part for part in parts if part.strip())


def written(block, page):
    """Return the Markdown of one block."""
    if not block.name:
        return plain(block.body, page)
    if block.name in DROPPED:
        return ""
    if block.name not in WRITERS:
        raise ValueError(f"notebooks know no directive {block.name!r}")
    return WRITERS[block.name](block, page)


def math(block, page):
    label = block.options.get("label")
    if not label:
        return f"$$\n{block.body}\n$$"
    tag = rf"\tag{{{page.equation(label)}}}"
    return f"{anchor(f'equation-{label}')}\n\n$$\n{block.body}\n{tag}\n$$"


def admonition(block, page):
    """A card; options of a question are listed together, their answers folded below."""
    inner = blocks(block.body)
    options = [each for each in inner if each.name == "dropdown"]
    if "quick" not in block.options.get("class", "").split() or not options:
        return quoted(f"**{block.argument}**\n\n{markdown(block.body, page)}")
    text = "\n\n".join(written(each, page) for each in inner if each not in options)
    letters = [each.argument.partition(".") for each in options]
    listed = "\n".join(f"- **{letter}.**{plain(said, page)}" for letter, _, said in letters)
    answers = [
        folded(f"If you chose {letter}", markdown(each.body, page))
        for (letter, _, _), each in zip(letters, options, strict=True)
    ]
    title = f"**{block.argument}**"
    return quoted("\n\n".join([title, text, listed, *answers]))


def exercise(block, page):
    label = block.options["label"]
    number, title = page.exercise(label)
    return f"### {anchor(label)}Exercise {number}. {title}\n\n{markdown(block.body, page)}".strip()


def solution_title(label, page):
    number, title = page.exercise(label)
    return f"<b>Solution to Exercise {number}</b> ({title})"


def solution(block, page):
    return folded(solution_title(block.argument, page), markdown(block.body, page))


def dropdown(block, page):
    return folded(f"<b>{block.argument}</b>", markdown(block.body, page))


def question(block, page):
    return markdown(quiz.myst(quiz.find(block.argument)[1]), page)


WRITERS = {
    "math": math,
    "admonition": admonition,
    "exercise": exercise,
    "exercise-start": exercise,
    "solution": solution,
    "dropdown": dropdown,
    "quiz": question,
}
