"""The directive ``quiz``: a question that the page itself answers.

    ```{quiz} 4.why-reparam
    ```

The question stands in ``dra_exercises/chapter_04/quiz.md``. It becomes a card whose answers are
folded below its options, which is what paper, notebooks and pages without scripts show. In a page
with scripts ``quiz.js`` makes it a form; what that needs to know is handed over as JSON.
"""

import hashlib
import json
import re

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from dra_exercises import source

LETTERS = "ABCDEFGH"
FENCE = "``````"


def find(argument):
    """Return (chapter, question) for the argument of the directive; ValueError if there is none."""
    number, _, name = argument.partition(".")
    if not number.isdigit():
        raise ValueError(f"quiz is {argument!r}; it must be like 4.name-of-the-question")
    found = [each for each in source.read(int(number)).quiz if each.name == name]
    if not found:
        raise ValueError(f"quiz {argument!r}: chapter {number} has no question {name!r}")
    return int(number), found[0]


def title(question):
    """Return the title of the card."""
    quick = re.fullmatch(r"quick-(\d+)", question.name)
    return f"Quick question {quick[1]}" if quick else "Question"


def answers(question):
    """Return (title, feedback) of the answers, as they are folded."""
    if question.options:
        return [
            (f"{letter}. {option.text}", option.feedback)
            for letter, option in zip(LETTERS, question.options, strict=False)
        ]
    made = []
    for letter, field in zip(LETTERS, question.fields, strict=False):
        unit = f" {field.unit}" if field.unit else ""
        said = "Another number." if field.value is None else f"{field.value:g}{unit}"
        made.append((f"{letter}. {said}", field.feedback))
    return made


def myst(question):
    """Return a question as MyST: a card with a fold for each answer."""
    lines = [
        f"{FENCE}{{admonition}} {title(question)}",
        ":class: quick quiz",
        "",
        question.text,
        "",
    ]
    for said, feedback in answers(question):
        lines += [f":::{{dropdown}} {said}", feedback, ":::", ""]
    return "\n".join([*lines, FENCE])


def facts(argument, question):
    """Return what the script has to know: which answer is right, and which numbers are known."""
    text = repr((question.text, question.options, question.fields))
    made = {"name": argument, "digest": hashlib.sha256(text.encode()).hexdigest()[:12]}
    made["right"] = [each.right for each in (*question.options, *question.fields)].index(True)
    if question.fields:
        made["unit"] = question.fields[0].unit
        made["fields"] = [[field.value, field.tolerance] for field in question.fields]
    return made


class Quiz(SphinxDirective):
    """Insert a question of ``quiz.md``."""

    required_arguments = 1

    def run(self):
        try:
            _, question = find(self.arguments[0])
        except ValueError as error:
            raise self.error(str(error)) from None
        card = nodes.Element()
        lines = myst(question).splitlines()
        self.state.nested_parse(StringList(lines, self.get_source_info()[0]), 0, card)
        known = json.dumps(facts(self.arguments[0], question)).replace("<", "\\u003c")
        data = f'<script type="application/json" class="quiz-facts">{known}</script>'
        return [*card.children, nodes.raw("", data, format="html")]


def add_script(app, pagename, templatename, context, doctree):
    """Load the script on the pages that have a question."""
    if 'class="quiz-facts"' in context.get("body", ""):
        app.add_js_file("quiz.js", loading_method="defer")


def setup(app):
    app.add_directive("quiz", Quiz)
    app.connect("html-page-context", add_script)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
