"""A line of links below the title of every chapter: take it as a notebook, or run it elsewhere.

Both give the notebook to read that ``reading_notebooks.py`` makes of the chapter. Binder makes it
when it builds; Colab takes it from the branch that ``make branch`` makes.

``public_address.py`` knows the address of the repository. While there is none, the links to
services that would fetch the chapter from there are left out.
"""

from docutils import nodes
from sphinx.util.docutils import SphinxDirective

from public_address import ADDRESS, repository

BRANCH = "main"
MADE = "notebooks"  # the branch of the notebooks, and their folder on Binder and in the site
BINDER = "https://mybinder.org/v2"
COLAB = "https://colab.research.google.com"


def launch_links(address, notebook):
    """Return (name, address) of each service that can run the file ``notebook``.

    Raises
    ------
    ConfigError
        If the address of the repository is not one that the services accept.
    """
    if not repository(address):
        return []
    host, owner, name = ADDRESS.fullmatch(address).groups()
    place = f"gh/{owner}/{name}" if host == "github" else f"gl/{owner}%2F{name}"
    links = [
        ("Binder", f"{BINDER}/{place}/{BRANCH}?urlpath=tree/{MADE}/{notebook}"),
        ("JupyterLab", f"{BINDER}/{place}/{BRANCH}?urlpath=lab/tree/{MADE}/{notebook}"),
    ]
    if host == "github":
        links.append(("Colab", f"{COLAB}/github/{owner}/{name}/blob/{MADE}/{notebook}"))
    return links


def links_line(address, notebook, root):
    """Return the line for the file ``notebook``; ``root`` leads from its page to the site's."""
    download = f'<a href="{root}{MADE}/{notebook}" download>Download as a notebook</a>'
    launches = [
        f'<a href="{link}" rel="external">{name}</a>'
        for name, link in launch_links(address, notebook)
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
        address = self.config.book_repository
        services = [name for name, _ in launch_links(address, "x.ipynb")]
        if not services:
            return []
        text = (
            f"Below the title of each chapter are links that open it on {', '.join(services)}. "
            "The first start takes some minutes."
        )
        if "Colab" in services:
            text += " On Colab the first code cell installs the package."
        return [nodes.paragraph("", text)]


def setup(app):
    app.setup_extension("public_address")
    app.add_directive("launch-help", LaunchHelp)
    app.connect("html-page-context", add_links, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
