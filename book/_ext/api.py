"""The API reference: its pages are made from the docstrings.

- ``.. api-summary::`` makes a table for each page of ``book/api``: the names and what they are for;
- a label of an equation in a docstring, as in "(eq-kl)", becomes a link to that equation;
- the name of a public class in a docstring, where the type of a parameter stands, becomes a link;
- the printed book is made without these pages.
"""

import re
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util import docname_join
from sphinx.util.docutils import SphinxDirective

PAGES = "book/api"
DOCUMENTED = re.compile(r"^# (.*)$|^\.\. auto(?:class|data|function):: (\S+)$", re.MULTILINE)
LABEL = re.compile(r"\((eq-[a-z-]+)\)")


def documented(page):
    """Return (title, names) of a page of the reference."""
    found = DOCUMENTED.findall(page.read_text(encoding="utf-8"))
    return found[0][0], [name for _, name in found if name]


def table(names):
    """Return the lines of a table of ``names``, all of one module, with their first sentences."""
    module = names[0].rpartition(".")[0]
    own = [f"   {name.removeprefix(module)[1:]}" for name in names]
    head = [f".. py:currentmodule:: {module}", "", ".. autosummary::", "   :nosignatures:", ""]
    return StringList([*head, *own, ""], source="api-summary")


class Summary(SphinxDirective):
    """Insert a section with a table for each page of the reference, in their order."""

    def run(self):
        sections = []
        for page in self.config.external_site_map[PAGES].child_files():
            path = Path(self.env.srcdir, f"{page}.md")
            self.env.note_dependency(str(path))
            title, names = documented(path)
            link, _ = self.parse_inline(f":doc:`{title} </{page}>`")
            section = nodes.section("", nodes.title("", "", *link), ids=[Path(page).name])
            section.document = self.state.document
            self.state.nested_parse(table(names), 0, section)
            sections.append(section)
        return sections


def link_equations(app, what, name, obj, options, lines):
    """Turn labels of equations into links, before numpydoc reads the docstring."""
    lines[:] = [LABEL.sub(r":eq:`\1`", line) for line in lines]


def name_classes(app, config):
    """Tell numpydoc where the classes are documented that docstrings name as types.

    Of other types it makes no links: those of Python and NumPy would leave the site.
    """
    pages = Path(app.srcdir, PAGES).glob("*.md")
    names = [(name.rpartition(".")[2], name) for page in pages for name in documented(page)[1]]
    config.numpydoc_xref_aliases_complete = {k: name for k, name in names if k[0].isupper()}
    config.numpydoc_xref_ignore = "all"


def leave_out(app):
    """Take the reference out of a book that is printed."""
    if app.builder.format != "latex":
        return
    for subtree in app.config.external_site_map.root.subtrees:
        subtree.items = [item for item in subtree.items if str(item) != PAGES]
    app.config.exclude_patterns += [f"{PAGES}.md", f"{PAGES}/*"]


def leave_plain(app, env, node, contnode):
    """Leave a reference to a page that is left out without a link."""
    page = docname_join(node.get("refdoc", ""), node["reftarget"])
    left_out = node.get("reftype") == "doc" and page.startswith(PAGES)
    return contnode if left_out and app.builder.format == "latex" else None


def setup(app):
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("numpydoc")
    app.add_directive("api-summary", Summary)
    app.connect("config-inited", name_classes, priority=600)  # after numpydoc
    app.connect("builder-inited", leave_out)
    app.connect("missing-reference", leave_plain)
    app.connect("autodoc-process-docstring", link_equations, priority=400)  # before numpydoc
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
