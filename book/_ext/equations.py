"""The directive ``equation-index``: every equation that the package implements, and where.

A docstring of the package names an equation by its label in brackets, as in "(eq-kl)". The
directive reads the docstrings and makes a table of equation, label, function, file and line.
"""

import ast
import re
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

PACKAGE = Path(__file__).resolve().parents[2] / "dra"
LABEL = re.compile(r"\((eq-[a-z-]+)\)")


def documented(node, name):
    """Return (dotted name, line, docstring) of a module, its functions, classes and methods."""
    found = [(name, getattr(node, "lineno", 1), ast.get_docstring(node) or "")]
    for child in node.body:
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            found += documented(child, f"{name}.{child.name}")
    return found


def places(package=PACKAGE):
    """Return (label, dotted name, file, line) for each label in a docstring of ``package``."""
    found = []
    for path in sorted(package.rglob("*.py")):
        where = path.relative_to(package.parent)
        module = ".".join(where.with_suffix("").parts)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for name, line, text in documented(tree, module):
            found += [(label, name, where.as_posix(), line) for label in LABEL.findall(text)]
    return sorted(found)


class EquationIndex(SphinxDirective):
    """Insert the table; the page that holds the directive is written in Markdown."""

    def run(self):
        rows = ["| equation | label | function | line |", "|---|---|---|---|"]
        rows += [
            f"| {{eq}}`{label}` | `{label}` | `{name}` | `{where}:{line}` |"
            for label, name, where, line in places()
        ]
        holder = nodes.Element()
        self.state.nested_parse(StringList(rows, source="equation-index"), 0, holder)
        self.env.note_reread()
        return holder.children


def setup(app):
    app.add_directive("equation-index", EquationIndex)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
