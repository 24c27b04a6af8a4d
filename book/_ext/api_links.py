"""Names of the package lead to the API reference, in the text and in the code of every page.

- In the text: a literal such as ``dra.train``, ``exact.frontier`` or ``run.history``.
- In code: what is reached from ``dra`` or imported from it, the first time in each cell.
- What is not public, such as ``dra.loops``, is named without a link, but has to exist.

The kept extension sphinx-codeautolink was tried for the code: it stops at the solutions, whose
sections have no title, and misses what a package exports from its inner modules.
"""

import contextlib
import dataclasses
import functools
import re
from html import unescape
from importlib import import_module

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging
from sphinx.util.nodes import make_refnode

CALLED = {  # what the chapters call the objects of these classes
    "episode": "dra.Episode",
    "memory": "dra.Memory",
    "run": "dra.Run",
    "task": "dra.tasks.Task",
}
STYLE = "dra.figures"  # a style sheet of Matplotlib, which no import finds
NAME = re.compile(r"((?:\w+\.)+\w+)(?:\(.*\))?", re.DOTALL)
IMPORT = re.compile(r"^(?:>>> )?from (dra[\w.]*) import ([\w, ]+)$", re.MULTILINE)
CODE = re.compile(
    r'(<div class="(?:doctest )?highlight-(?:ipython3|python|default)[^>]*>'
    r'<div class="highlight"><pre>)(.*?)</pre>',
    re.DOTALL,
)
WORD = '<span class="n">{}</span>'
DOT = '<span class="o">.</span>'
TOKEN = re.compile(WORD.format(r"(\w+)"))
CHAIN = re.compile(rf"(?<!{re.escape(DOT)}){TOKEN.pattern}(?:{re.escape(DOT)}{TOKEN.pattern})*")
logger = logging.getLogger(__name__)


def find(name):
    """Return the object of this dotted name, public or not; None if the package has none."""
    path = name.split(".")
    for end in range(1, len(path) + 1):
        with contextlib.suppress(ModuleNotFoundError, AttributeError):
            return functools.reduce(getattr, path[end:], import_module(".".join(path[:end])))
    return None


def home(value):
    """Return the dotted name of where an object is defined, None if it does not know."""
    name = getattr(value, "__qualname__", None)
    return name and f"{value.__module__}.{name}"


def entries(env):
    """Return the entries of the reference by every name that leads to them.

    Fields of a class lead to its entry, where they are listed.
    """
    objects = env.get_domain("py").objects
    found = {}
    for name, entry in objects.items():
        value = find(name)
        if home(value):  # a module has none
            found[home(value)] = entry
        if dataclasses.is_dataclass(value):
            found |= {f"{name}.{field.name}": entry for field in dataclasses.fields(value)}
    return found | objects


def starts(env):
    """Return what the names in a text begin with: the package, and its modules without it."""
    return {name.rpartition(".")[2]: name for name in env.get_domain("py").modules}


def whole(name, begun):
    """Return the whole of ``name``, None if it begins with nothing in ``begun`` or in CALLED."""
    first, dot, rest = name.partition(".")
    begin = begun.get(first) or (CALLED.get(first) if dot else None)
    return begin and f"{begin}{dot}{rest}"


class LinkText(SphinxPostTransform):
    """Let literals in the text lead to the reference."""

    default_priority = 200  # references of the text itself are resolved before
    formats = ("html",)

    def run(self):
        known, begun = entries(self.env), starts(self.env)
        for literal in list(self.document.findall(nodes.literal)):
            match = NAME.fullmatch(literal.astext())
            name = match and whole(match[1], begun)
            if not name or isinstance(literal.parent, nodes.reference | nodes.title):
                continue
            entry = known.get(name) or known.get(home(find(name)) or "")
            if entry:
                self.link(literal, entry, name)
            elif name == match[1] and find(name) is None and name != STYLE:
                logger.warning("the package has no %s", name, location=literal)

    def link(self, literal, entry, name):
        """Wrap ``literal`` in a link to ``entry``."""
        here, builder, content = self.env.docname, self.app.builder, literal.deepcopy()
        literal.replace_self(
            make_refnode(builder, here, entry.docname, entry.node_id, content, name)
        )


def leave_plain(app, env, node, contnode):
    """Leave a reference to an inner part of the package without a link, if there is such a part."""
    name = node.get("reftarget", "")
    return contnode if name.startswith("dra.") and find(name) is not None else None


def linked(code, begun, address):
    """Return highlighted ``code`` with links; ``address`` gives that of a name, or None."""
    seen = set()

    def link(match):
        tokens = TOKEN.findall(match[0])
        for end in range(len(tokens), 0, -1):
            name = whole(".".join(tokens[:end]), begun)
            target = name and address(name)
            if target and name not in seen:
                seen.add(name)
                words = DOT.join(WORD.format(token) for token in tokens)
                part = DOT.join(WORD.format(token) for token in tokens[:end])
                rest = words.removeprefix(part)
                return f'<a class="api" href="{target}" title="{name}">{part}</a>{rest}'
            if target:
                break
        return match[0]

    return CHAIN.sub(link, code)


def link_code(app, pagename, templatename, context, doctree):
    """Let names in the code of a page lead to the reference."""
    blocks = CODE.findall(context.get("body", ""))
    if not blocks:
        return
    begun = {"dra": "dra"}
    for module, names in IMPORT.findall("\n".join(text_of(block) for _, block in blocks)):
        begun |= {name.strip(): f"{module}.{name.strip()}" for name in names.split(",")}
    known = entries(app.env)

    def address(name):
        entry = known.get(name) if name != "dra" else None
        page = entry and app.builder.get_relative_uri(pagename, entry.docname)
        return entry and f"{page}#{entry.node_id}"

    context["body"] = CODE.sub(
        lambda match: f"{match[1]}{linked(match[2], begun, address)}</pre>", context["body"]
    )


def text_of(code):
    """Return highlighted code as it was written."""
    return unescape(re.sub(r"<[^>]+>", "", code))


def setup(app):
    app.add_post_transform(LinkText)
    app.connect("missing-reference", leave_plain)
    app.connect("html-page-context", link_code)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
