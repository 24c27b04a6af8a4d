"""The API reference: its pages are made from the docstrings, and the chapters link to them.

- ``.. api-summary::`` makes a table for each page of ``book/api``: the names and what they are for;
- a label of an equation in a docstring, as in "(eq-kl)", becomes a link to that equation;
- the name of a public class in a docstring, where the type of a parameter stands, becomes a link;
- a name in a text, as in ``dra.train`` or ``exact.frontier``, becomes a link;
- what is not public, such as ``dra.loops``, is named without a link, but has to exist;
- the printed book is made without these pages.
"""

import contextlib
import functools
import re
from importlib import import_module
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.util.nodes import make_refnode

PAGES = "book/api"
DOCUMENTED = re.compile(r"^# (.*)$|^\.\. auto(?:class|data|function):: (\S+)$", re.MULTILINE)
LABEL = re.compile(r"\((eq-[a-z-]+)\)")
NAME = re.compile(r"((?:\w+\.)+\w+)(?:\(.*\))?", re.DOTALL)
logger = logging.getLogger(__name__)


def documented(page):
    """Return (title, names) of a page of the reference."""
    found = DOCUMENTED.findall(page.read_text(encoding="utf-8"))
    return found[0][0], [name for _, name in found if name]


class Summary(SphinxDirective):
    """Insert a heading and a table for each page of the reference, in the order of the contents."""

    def run(self):
        pages = self.config.external_site_map[PAGES].child_files()
        lines = []
        for page in pages:
            self.env.note_dependency(f"{page}.md")
            title, names = documented(Path(self.env.srcdir, f"{page}.md"))
            lines += [f".. rubric:: :doc:`{title} </{page}>`", ""]
            module = names[0].rpartition(".")[0]
            lines += [
                f".. py:currentmodule:: {module}",
                ".. autosummary::",
                "   :nosignatures:",
                "",
            ]
            lines += [*(f"   {name.removeprefix(module)[1:]}" for name in names), ""]
        holder = nodes.Element()
        self.state.nested_parse(StringList(lines, source="api-summary"), 0, holder)
        return holder.children


def link_equations(app, what, name, obj, options, lines):
    """Turn labels of equations into links, before numpydoc reads the docstring."""
    lines[:] = [LABEL.sub(r":eq:`\1`", line) for line in lines]


def find(name):
    """Return the object of this dotted name, public or not; None if the package has none."""
    path = name.split(".")
    for end in range(len(path), 0, -1):
        with contextlib.suppress(ModuleNotFoundError, AttributeError):
            return functools.reduce(getattr, path[end:], import_module(".".join(path[:end])))
    return None


def home(value):
    """Return the dotted name of where an object is defined, None if it does not know."""
    name = getattr(value, "__qualname__", None)
    return name and f"{value.__module__}.{name}"


def entries(env):
    """Return the entries of the reference by every name that leads to them."""
    objects = env.get_domain("py").objects
    return {home(find(name)): entry for name, entry in objects.items()} | objects


def leave_plain(app, env, node, contnode):
    """Leave a reference to an inner part of the package without a link, if there is such a part."""
    name = node.get("reftarget", "")
    return contnode if name.startswith("dra.") and find(name) is not None else None


class LinkNames(SphinxPostTransform):
    """Let literals that name a part of the package lead to the reference."""

    default_priority = 200  # references of the text itself are resolved before
    formats = ("html",)

    def run(self):
        known = entries(self.env)
        for literal in list(self.document.findall(nodes.literal)):
            match = NAME.fullmatch(literal.astext())
            if not match or isinstance(literal.parent, nodes.reference | nodes.title):
                continue
            name = match[1] if match[1].startswith("dra.") else f"dra.{match[1]}"
            entry = known.get(name) or known.get(home(find(name)))
            if entry:
                self.link(literal, entry, name)
            elif name == match[1] and find(name) is None:
                logger.warning("the package has no %s", name, location=literal)

    def link(self, literal, target, name):
        """Wrap ``literal`` in a link to ``target``."""
        page, anchor = target.docname, target.node_id
        here = self.env.docname
        content = literal.deepcopy()
        literal.replace_self(make_refnode(self.app.builder, here, page, anchor, content, name))


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


def setup(app):
    app.setup_extension("sphinx.ext.autodoc")
    app.setup_extension("numpydoc")
    app.add_directive("api-summary", Summary)
    app.add_post_transform(LinkNames)
    app.connect("config-inited", name_classes, priority=600)  # after numpydoc
    app.connect("builder-inited", leave_out)
    app.connect("missing-reference", leave_plain)
    app.connect("autodoc-process-docstring", link_equations, priority=400)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
