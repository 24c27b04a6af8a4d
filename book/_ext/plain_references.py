"""What the roles of a text refer to, as Markdown: numbers, words and links that need no Sphinx."""

import re

from docutils import nodes
from docutils.nodes import make_id
from pybtex.plugin import find_plugin
from sphinx import addnodes
from sphinx.util.nodes import make_refnode
from sphinx_exercise.nodes import exercise_subtitle

from plain_markdown import anchor

DOMAINS = {
    "eq": "math:eq",
    "ref": "std:ref",
    "numref": "std:numref",
    "doc": "std:doc",
    "term": "std:term",
    "cite:t": "cite:t",
    "cite:p": "cite:p",
}
EXPLICIT = re.compile(r"(.+?)\s*<(.+)>", re.DOTALL)
AROUND = {nodes.emphasis: "*", nodes.strong: "**", nodes.literal: "`", nodes.math: "$"}
PAGE = "page:"  # begins the address of a page that is no notebook


class References:
    """The roles of one notebook, what they became, and the terms and works that it names."""

    def __init__(self, builder, docname):
        self.builder, self.env, self.docname = builder, builder.env, docname
        self.terms, self.works, self.roles = set(), set(), {}
        numbers = self.env.toc_secnumbers.get(docname, {})
        entries = self.env.tocs[docname].findall(nodes.reference)
        self.sections = iter([numbers.get(entry["anchorname"], ()) for entry in entries])

    def section(self):
        """Return the number of the next section, as it stands before a heading."""
        number = next(self.sections)
        return f"{'.'.join(map(str, number))}. " if number else ""

    def role(self, name, text):
        """Return the Markdown for a role; ValueError for what is not known."""
        if name not in DOMAINS:
            raise ValueError(f"notebooks know no role {name!r}")
        explicit = EXPLICIT.fullmatch(text)
        title, target = explicit.groups() if explicit else (text, text)
        domain, kind = DOMAINS[name].split(":")
        node = addnodes.pending_xref(
            "", nodes.inline("", title), refdomain=domain, reftype=kind, reftarget=target,
            refexplicit=bool(explicit), refdoc=self.docname,
        )  # fmt: skip
        self.roles[f"{name} {text}"] = self.resolved(node)
        return self.roles[f"{name} {text}"]

    def resolved(self, node):
        """Return the Markdown for a reference that Sphinx has not resolved yet."""
        domain, kind, target = (node[key] for key in ("refdomain", "reftype", "reftarget"))
        if target in self.env.sphinx_exercise_registry:
            docname = self.env.sphinx_exercise_registry[target]["docname"]
            title = nodes.Text(f"Exercise {self.exercise(target)[0]}")
            return self.inline(make_refnode(self.builder, self.docname, docname, target, title))
        found = self.env.get_domain(domain).resolve_xref(
            self.env, self.docname, self.builder, kind, target, node, node[0]
        )
        if found is None:
            raise ValueError(f"{self.docname}: {kind} {target!r} leads nowhere")
        return self.inline(found)

    def number(self, docname, kind, label):
        """Return the number of an equation, a figure or an exercise."""
        return ".".join(map(str, self.env.toc_fignumbers[docname][kind][label]))

    def equation(self, label):
        return self.number(self.docname, "displaymath", make_id(f"equation-{label}"))

    def figure(self, label):
        """Return the number of a figure, with the word before it."""
        return self.env.config.numfig_format["figure"] % self.number(self.docname, "figure", label)

    def exercise(self, label):
        """Return the number and the title of an exercise."""
        entry = self.env.sphinx_exercise_registry[label]
        title = "".join(map(self.inline, entry["node"].findall(exercise_subtitle)))
        return self.number(entry["docname"], "exercise", label), title.strip()

    def inline(self, node):
        """Return a node of running text as Markdown."""
        if isinstance(node, nodes.Text):
            return node.astext()
        if isinstance(node, addnodes.pending_xref):
            return self.resolved(node)
        text = "".join(map(self.inline, node.children))
        if isinstance(node, nodes.reference):
            return self.linked(text, node)
        around = AROUND.get(type(node), "")
        return f"{around}{text}{around}"

    def linked(self, text, node):
        """Return a link; what leads to the glossary or a work leads to the end of the notebook."""
        address = node.get("refuri") or f"#{node['refid']}"
        if address.startswith(PAGE):
            docname, _, label = address.removeprefix(PAGE).partition("#")
            if label.startswith("term-"):
                self.terms.add(label)
            elif label in (works := works_of(self.env)):
                self.works.add(works[label].key)
                label = works[label].key
            else:
                return self.builder.page_link(text, docname)
            return f"[{text}](#{label})"
        file, _, label = address.partition("#")
        if file and label in titles_of(self.env):
            return f"[{text}]({file})"
        return f"[{text}]({address})"

    def explained(self):
        """Return the terms and works that the notebook has named so far, as Markdown."""
        known, entries = terms_of(self.env), works_of(self.env).values()
        terms = [
            f"- {anchor(label)}**{known[label][0].astext()}**: {self.inline(known[label][1])}"
            for label in known if label in self.terms
        ]  # fmt: skip
        backend = find_plugin("pybtex.backends", "markdown")()
        works = sorted(
            f"- {anchor(entry.key)}{entry.formatted_entry.text.render(backend)}"
            for entry in entries if entry.key in self.works
        )  # fmt: skip
        parts = [("Words of the glossary", terms), ("Works cited", works)]
        return "\n\n".join("\n".join([f"## {head}\n", *rows]) for head, rows in parts if rows)


def titles_of(env):
    """Return the labels that stand above the title of a page."""
    labels = env.get_domain("std").labels
    return {
        label for docname, label, title in labels.values()
        if docname in env.titles and env.titles[docname].astext() == title
    }  # fmt: skip


def works_of(env):
    """Return the works of the bibliography by the anchors of their entries."""
    return {work.citation_id: work for work in env.get_domain("cite").citations}


def terms_of(env):
    """Return (term, definition) of each entry of the glossaries by its anchor."""
    found = {}
    objects = env.get_domain("std").objects
    for docname in sorted({place[0] for (kind, _), place in objects.items() if kind == "term"}):
        for item in env.get_doctree(docname).findall(nodes.definition_list_item):
            definition = item.next_node(nodes.definition)
            found |= {term["ids"][0]: (term, definition) for term in item.findall(nodes.term)}
    return found
