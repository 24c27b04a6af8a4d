"""Draw the mathematics while the book is built: TeX becomes MathML, which browsers draw themselves.

Temml translates, a JavaScript library in ``temml/`` beside this file; MiniRacer runs it, so that
building needs no Node.js. The pages need no script at all for their formulas, and show them at
once, on paper and to a screen reader alike. TeX that Temml does not understand is a warning.

An inline formula of some length becomes several, one after each relation and operator of its
outermost level, because browsers break a line between formulas, never within one. Punctuation
behind a formula, and an opening bracket before it, stay on its line.
"""

import functools
import re
from pathlib import Path

from docutils import nodes
from py_mini_racer import JSEvalException, MiniRacer
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

TEMML = Path(__file__).with_name("temml") / "temml.min.js"
LONG = 28  # characters of TeX from which on a formula may be broken
WRAPPED = re.compile(r"<math>((?:<mrow>.*</mrow>)+)</math>", re.DOTALL)
TAG = re.compile(r"<(/?)(\w+)[^>]*?(/?)>")
FORMULA = r'<span class="math notranslate nohighlight">.*?</math></span>'
STUCK = re.compile(rf"(?:\(|“)?{FORMULA}(?:[.,;:!?)”’]+|-\w+|’s\b)?", re.DOTALL)
SPACING = [  # as TeX has it: none around large fences, a thin one before the name of a function
    (re.compile(r'<mo fence="false" symmetric="true"'), r'\g<0> lspace="0em" rspace="0em"'),
    (
        re.compile(
            r"</m(?:i|n|sub|sup|subsup|frac|sqrt)>(?=<mrow><mi>[a-zA-Z]{2,}</mi><mo>\u2061)"
        ),
        r'\g<0><mspace width="0.1667em"></mspace>',
    ),
]

logger = logging.getLogger(__name__)


@functools.cache
def engine():
    """Return a JavaScript engine that knows Temml."""
    racer = MiniRacer()
    racer.eval(TEMML.read_text(encoding="utf-8"))
    return racer


@functools.cache
def mathml(tex, display=False):
    """Translate TeX.

    Raises
    ------
    ValueError
        If Temml does not understand it.
    """
    wrap = "none" if display or len(tex) < LONG else "tex"
    options = {"displayMode": display, "throwOnError": True, "wrap": wrap}
    try:
        found = engine().call("temml.renderToString", tex, options)
    except JSEvalException as error:
        said = str(error).partition("\n")[0].partition("ParseError:")[2].strip()
        raise ValueError(f"the formula {tex!r} cannot be drawn: {said}") from None
    for pattern, better in SPACING:
        found = pattern.sub(better, found)
    return found if wrap == "none" else apart(found)


def apart(formula):
    """Make a formula of each outermost row of a formula."""
    match = WRAPPED.fullmatch(formula)
    if not match:
        return formula
    rows, depth, start = [], 0, 0
    for tag in TAG.finditer(match[1]):
        depth += 0 if tag[3] else -1 if tag[1] else 1
        if depth == 0:
            rows.append(match[1][start : tag.end()])
            start = tag.end()
    return "".join(f"<math>{row}</math>" for row in rows)


def several_lines(tex):
    """Return the TeX of a displayed formula, with what Sphinx puts around several lines."""
    parts = [part for part in tex.split("\n\n") if part.strip()]
    parts = [rf"\begin{{split}}{part}\end{{split}}" if r"\\" in part else part for part in parts]
    if len(parts) == 1:
        return parts[0].strip()
    return r"\begin{aligned}" + r"\\".join(parts) + r"\end{aligned}"


def drawn(node, tex, display):
    """Return the MathML of a node, or, with a warning, its TeX."""
    try:
        return mathml(tex, display)
    except ValueError as error:
        logger.warning("%s", error, location=node)
        return f"<code>{node.astext()}</code>"


def visit_inline(translator, node):
    """Write an inline formula."""
    opening = translator.starttag(node, "span", "", CLASS="math notranslate nohighlight")
    translator.body.append(f"{opening}{drawn(node, node.astext(), False)}</span>")
    raise nodes.SkipNode


def visit_display(translator, node):
    """Write a displayed formula and, behind it, its number."""
    body = translator.body
    body.append(translator.starttag(node, "div", CLASS="math notranslate nohighlight"))
    tex = node.astext() if node["nowrap"] else several_lines(node.astext())
    body.append(drawn(node, tex, True))
    if node["number"]:
        body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
        translator.add_permalink_ref(node, "Link to this equation")
        body.append("</span>")
    body.append("</div>\n")
    raise nodes.SkipNode


def keep_together(app, pagename, templatename, context, doctree):
    """Keep punctuation on the line of its formula."""

    def together(match):
        bare = re.fullmatch(FORMULA, match[0], re.DOTALL)
        return match[0] if bare else f'<span class="together">{match[0]}</span>'

    if context.get("body"):
        context["body"] = STUCK.sub(together, context["body"])


def setup(app):
    app.add_html_math_renderer("mathml", (visit_inline, None), (visit_display, None))
    app.add_css_file("temml/Temml-Latin-Modern.css")
    app.connect("html-page-context", keep_together, priority=940)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
