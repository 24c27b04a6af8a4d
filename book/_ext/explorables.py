"""The directive ``explorable``: a figure to play with, live in the page.

    ```{explorable} maze
    :form: compact
    ```

Its scripts are plain ones in ``book/_explorables``, not modules, so that they also run in a page
opened from a disk. They are loaded in the order given here, each once per page, and just below the
place that they fill: nothing below it has been drawn by then, so nothing is moved. On paper, and
where no script runs, a picture stands there, which ``tools/explorable_pictures.py`` has drawn.
"""

from html import escape

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx import addnodes
from sphinx.util.docutils import SphinxDirective

STYLES = ("explorables.css", "plots.css")
CELLS = (*STYLES, "cells.css")
FILES = {
    "memories": (*STYLES, "dra.js", "exact.js", "page.js", "drag.js", "memories.js"),
    "price": (
        *STYLES, "dra.js", "exact.js", "page.js", "frame.js", "price-model.js", "price.js",
    ),
    "maze": (
        *CELLS, "dra.js", "exact.js", "page.js", "chart.js", "cells.js", "grid.js", "learner.js",
        "maze.js",
    ),
    "frontier": (
        *CELLS, "frontier.css", "dra.js", "exact.js", "page.js", "cells.js", "drag.js",
        "frontier-data.js", "frontier-table.js", "frontier-curve.js", "frontier.js",
    ),
    "rules": (
        *STYLES, "dra.js", "exact.js", "page.js", "frame.js", "price-model.js", "rules-model.js",
        "rules.js",
    ),
    "scale": (
        *STYLES, "dra.js", "exact.js", "page.js", "frame.js", "scale-model.js", "scale.js",
    ),
    "theories": (
        *STYLES, "dra.js", "exact.js", "page.js", "frame.js", "price-model.js",
        "theories-model.js", "theories.js",
    ),
}  # fmt: skip
ALTS = {
    "memories": (
        "Two normal densities with mean 2 (A) and -1 (B) and standard deviation 3, over the wider "
        "base memory of each; beside them bars: A is chosen with probability 0.76, B with 0.24."
    ),
    "price": (
        "Left: the objective over sigma has two hills, the higher one at a small sigma. Right: "
        "the best sigma rises slowly with the price, and leaps to nearly 5 at a price of 0.088."
    ),
    "maze": (
        "A maze of 6 rows and 9 columns. The choice is nearly certain in the cells of the last "
        "part of the way to the goal and open elsewhere. Below, over a thousand trials, the "
        "reward rises quickly and the price of the memories falls."
    ),
    "frontier": (
        "Left: reward over nats, a curve that rises steeply and then levels out, with a dashed "
        "line of slope 0.1 that touches it. Right: the 56 memories kept at that price lie in the "
        "14 cells of one way through the maze, the dearest near the start."
    ),
    "rules": (
        "Left: the reward against the share of 1.02 nats that goes to coffee is highest at 3 per "
        "cent and falls as the share grows; by stakes lies beside the best, then come equal and by "
        "frequency. Right: how often holiday and coffee are right, for the same ways to share."
    ),
    "scale": (
        "Against the size of the rewards, from 0.01 to 100. With nothing scaled the right option "
        "is chosen little more often than the wrong one up to a size of 0.9, then nearly always; "
        "nats are kept only from there to about 20. With all scaled, 0.947 and 3.97 nats."
    ),
    "theories": (
        "How often four agents choose right, against the price of a nat. At the green light, which "
        "is common, all fall with the price except policy compression, which returns to 1. At the "
        "red one it falls to 0 at a price of 0.72, maximum entropy declines slowly, and both kinds "
        "of DRA leap down to 0.56: paid once at 0.02, paid at each visit at 0.1."
    ),
}
ELSEWHERE = "This figure is live in the web edition of this book, where scripts run."


def picture(name, static):
    """Return the HTML of what is shown on paper, and where the script does not run."""
    image = f'<img src="{static}/pictures/{name}.svg" alt="{escape(ALTS[name])}" loading="lazy">'
    return f'<div class="still">{image}<p>{ELSEWHERE}</p></div>'


def markup(name, static, loaded, form=""):
    """Return the HTML of an explorable.

    ``static`` is the address of the scripts' folder, ``loaded`` the set of files that the page has
    loaded so far; it grows.
    """
    files = [file for file in FILES[name] if file not in loaded]
    loaded.update(files)
    styles = [file for file in files if file.endswith(".css")]
    scripts = [file for file in files if file.endswith(".js")]
    place = f'<div class="explorable" data-explorable="{name}" data-form="{escape(form)}">'
    lines = [f'<link rel="stylesheet" href="{static}/{file}">' for file in styles]
    lines += [place, picture(name, static), "</div>"]
    lines += [f'<script src="{static}/{file}"></script>' for file in scripts]
    return "\n".join(lines)


class Explorable(SphinxDirective):
    """Insert one explorable and the scripts it needs; elsewhere than on the web, its picture."""

    required_arguments = 1
    option_spec = {"form": directives.unchanged}  # noqa: RUF012

    def run(self):
        name = self.arguments[0]
        if name not in FILES:
            raise self.error(f"explorable is {name!r}; it must be one of {sorted(FILES)}")
        loaded = self.env.temp_data.setdefault("explorables", set())
        static = "../" * self.env.docname.count("/") + "_static"
        live = markup(name, static, loaded, self.options.get("form", ""))
        elsewhere = addnodes.only(expr="not html")
        uri = f"/book/_explorables/pictures/{name}.pdf"
        elsewhere += nodes.image(uri=uri, alt=ALTS[name], width="80%")
        elsewhere += nodes.raw("", "\n\\nopagebreak\n", format="latex")
        elsewhere += nodes.paragraph("", "", nodes.emphasis("", ELSEWHERE))
        return [nodes.raw("", live, format="html"), elsewhere]


def setup(app):
    app.add_directive("explorable", Explorable)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
