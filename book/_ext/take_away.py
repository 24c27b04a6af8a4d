"""The directive ``take-away``: the book as a PDF, as notebooks, and as zips.

``tools/finish_site.py`` makes the zips. The PDF is linked where ``make pdf`` has made one.
"""

import html
from pathlib import Path

from docutils import nodes
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

from cited import reading_order

NAME = "remember-what-matters"
PDF = Path("_build", "pdf", f"{NAME}.pdf")


def item(file, text, note=""):
    """Return a list entry: a link to a file in the root of the site, which is above the page."""
    return f'<li><a href="../{file}" download>{html.escape(text)}</a>{html.escape(note)}</li>'


ZIP_ITEM = item(f"{NAME}.zip", "This site as a zip", ": unpack it and open index.html")
PDF_ITEM = item(f"{NAME}.pdf", "The whole book as a PDF", ": for paper; nothing moves in it")
SOURCES_ITEM = item(
    f"{NAME}-sources.zip",
    "The sources as a zip",
    ": package and chapters, to run, change and build",
)
NOTEBOOKS_ITEM = item(
    f"{NAME}-notebooks.zip",
    "The notebooks as a zip",
    ": every chapter, to open in JupyterLab, VS Code or Colab",
)
ONE = " (each is whole by itself; to run it, install the package, which is in the sources)"
PRINTED = "The web edition offers itself, its sources and its notebooks as zips."


class TakeAway(SphinxDirective):
    """Insert the list."""

    def run(self):
        items = [PDF_ITEM] if Path(self.env.srcdir, PDF).is_file() else []
        items += [ZIP_ITEM, SOURCES_ITEM, NOTEBOOKS_ITEM]
        self.env.note_reread()
        live = f"<ul>{''.join(items)}<!-- notebooks --></ul>"
        elsewhere = addnodes.only(expr="not html")
        elsewhere += nodes.paragraph("", PRINTED)
        return [nodes.raw("", live, format="html"), elsewhere]


def notebooks(env):
    """Return (docname, title with its number) of the notebooks, in the order of the contents."""
    found = []
    for name in reading_order(env):
        if env.doc2path(name).endswith(".ipynb"):
            number = env.toc_secnumbers.get(name, {}).get("", ())
            parts = [".".join(map(str, number)), env.titles[name].astext()]
            found.append((name, " ".join(filter(None, parts))))
    return found


def add_notebooks(app, pagename, templatename, context, doctree):
    """List the notebooks, whose titles are known only now."""
    if "<!-- notebooks -->" in context.get("body", ""):
        links = [
            item(f"notebooks/{Path(name).name}.ipynb", title) for name, title in notebooks(app.env)
        ]
        entry = f"<li>Each chapter as a notebook{ONE}:<ul>{''.join(links)}</ul></li>"
        context["body"] = context["body"].replace("<!-- notebooks -->", entry)


def include_pdf(app):
    """Let the PDF be copied into the site, where there is one."""
    if Path(app.srcdir, PDF).is_file():
        app.config.html_extra_path.append(str(PDF))


def setup(app):
    app.add_directive("take-away", TakeAway)
    app.connect("builder-inited", include_pdf)
    app.connect("html-page-context", add_notebooks, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
