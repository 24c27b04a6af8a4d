"""The directive ``explorable``: a figure to play with, live in the page.

    ```{explorable} maze
    :form: compact
    ```

Its scripts are plain ones in ``book/_explorables``, not modules, so that they also run in a page
opened from a disk. They are loaded in the order given here, each once per page.
"""

from html import escape

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

SCRIPTS = {
    "memories": ("dra.js", "page.js", "memories.js"),
    "price": ("dra.js", "page.js", "price.js"),
    "maze": ("dra.js", "page.js", "grid.js", "maze.js"),
    "frontier": ("dra.js", "page.js", "grid.js", "frontier-data.js", "frontier.js"),
}
NO_SCRIPT = "This figure is drawn by a script, which does not run here."
PRINTED = "This figure is live in the web edition of this book."


def markup(name, static, loaded, form=""):
    """Return the HTML of an explorable.

    ``static`` is the address of the scripts' folder, ``loaded`` the set of files that the page has
    loaded so far; it grows.
    """
    files = [file for file in ("explorables.css", *SCRIPTS[name]) if file not in loaded]
    loaded.update(files)
    link = f'<link rel="stylesheet" href="{static}/explorables.css">'
    place = f'<div class="explorable" data-explorable="{name}" data-form="{escape(form)}">'
    scripts = [f'<script defer src="{static}/{file}"></script>' for file in files if ".js" in file]
    lines = [place, f"<p>{NO_SCRIPT}</p>", "</div>", *scripts]
    return "\n".join([link, *lines] if "explorables.css" in files else lines)


class Explorable(SphinxDirective):
    """Insert one explorable and the scripts it needs; elsewhere than on the web, a sentence."""

    required_arguments = 1
    option_spec = {"form": directives.unchanged}  # noqa: RUF012

    def run(self):
        name = self.arguments[0]
        if name not in SCRIPTS:
            raise self.error(f"explorable is {name!r}; it must be one of {sorted(SCRIPTS)}")
        loaded = self.env.temp_data.setdefault("explorables", set())
        static = "../" * self.env.docname.count("/") + "_static"
        live = markup(name, static, loaded, self.options.get("form", ""))
        elsewhere = addnodes.only(expr="not html")
        elsewhere += nodes.paragraph("", "", nodes.emphasis("", PRINTED))
        return [nodes.raw("", live, format="html"), elsewhere]


def setup(app):
    app.add_directive("explorable", Explorable)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
