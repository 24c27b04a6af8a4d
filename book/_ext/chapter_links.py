"""A line of links below the title of every chapter: take it as a notebook, or run it elsewhere.

Both give the notebook to read that ``reading_notebooks.py`` makes of the chapter. Binder makes it
when it builds; Colab takes it from the branch that ``make branch`` makes.

The setting ``book_repository`` (in ``_config.yml``) holds the public address of the repository.
While it is empty the links to services that would fetch the chapter from there are left out.
"""

import re

from docutils import nodes
from sphinx.errors import ConfigError
from sphinx.util.docutils import SphinxDirective

BRANCH = "main"
MADE = "notebooks"  # the branch of the notebooks, and their folder on Binder and in the site
ADDRESS = re.compile(r"https://(github|gitlab)\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?")
BINDER = "https://mybinder.org/v2"
COLAB = "https://colab.research.google.com"


def launch_links(repository, notebook):
    """Return (name, address) of each service that can run the file ``notebook``.

    Raises
    ------
    ConfigError
        If the address is not one that the services accept.
    """
    if not repository:
        return []
    found = ADDRESS.fullmatch(repository)
    if not found:
        raise ConfigError(
            f"book_repository is {repository!r}; it must be empty or look like "
            "https://github.com/OWNER/NAME or https://gitlab.com/OWNER/NAME"
        )
    host, owner, name = found.groups()
    place = f"gh/{owner}/{name}" if host == "github" else f"gl/{owner}%2F{name}"
    links = [
        ("Binder", f"{BINDER}/{place}/{BRANCH}?urlpath=tree/{MADE}/{notebook}"),
        ("JupyterLab", f"{BINDER}/{place}/{BRANCH}?urlpath=lab/tree/{MADE}/{notebook}"),
    ]
    if host == "github":
        links.append(("Colab", f"{COLAB}/github/{owner}/{name}/blob/{MADE}/{notebook}"))
    return links


def links_line(repository, notebook, root):
    """Return the line for the file ``notebook``; ``root`` leads from its page to the site's."""
    download = f'<a href="{root}{MADE}/{notebook}" download>Download as a notebook</a>'
    launches = [
        f'<a href="{address}" rel="external">{name}</a>'
        for name, address in launch_links(repository, notebook)
    ]
    run = [f"Run it on {' '.join(launches)}"] if launches else []
    return f'<p class="chapter-links">{" ".join([download, *run])}</p>'


def add_links(app, pagename, templatename, context, doctree):
    """Put the line below the title of a notebook's page, instead of the theme's menu."""
    buttons = context.get("header_buttons", [])
    context["header_buttons"] = [b for b in buttons if b.get("label") != "download-buttons"]
    if context.get("page_source_suffix") == ".ipynb":
        root = "../" * pagename.count("/")
        name = f"{pagename.rpartition('/')[2]}.ipynb"
        line = links_line(app.config.book_repository, name, root)
        context["body"] = context["body"].replace("</h1>", f"</h1>\n{line}", 1)


class LaunchHelp(SphinxDirective):
    """Say how to run the book on other people's computers, if there is a public address."""

    def run(self):
        repository = self.config.book_repository
        services = [name for name, _ in launch_links(repository, "x.ipynb")]
        if not services:
            return []
        text = (
            f"Below the title of each chapter are links that open it on {', '.join(services)}. "
            "The first start takes some minutes."
        )
        if "Colab" in services:
            text += " On Colab the first code cell installs the package."
        return [nodes.paragraph("", text)]


def check_setting(app, config):
    """Refuse a wrong address before anything is built."""
    launch_links(config.book_repository, "")


def setup(app):
    app.add_config_value("book_repository", "", "html", [str])
    app.add_directive("launch-help", LaunchHelp)
    app.connect("config-inited", check_setting)
    app.connect("html-page-context", add_links, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
