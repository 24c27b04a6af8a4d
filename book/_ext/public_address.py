"""Where the book is published: the addresses of its repository and of its site.

Both stand in ``_config.yml``, as ``book_repository`` and ``baseurl``. What is empty there is filled
in: the repository by what ``make book ADDRESS=...`` says, the site by where GitHub Pages puts the
site of that repository. So a copy that is built on GitHub knows its own addresses.
"""

import os
import re

from sphinx.errors import ConfigError

ADDRESS = re.compile(r"https://(github|gitlab)\.com/([\w.-]+)/([\w.-]+?)(?:\.git)?/?")
SERVERS = ("https://github.com", "https://gitlab.com")
GIVEN = "BOOK_ADDRESS"


def repository(setting, given=""):
    """Return the address of the repository; of ``given`` only if the setting is empty.

    A ``given`` on a server that the services which run chapters cannot reach is none.
    """
    given = given.strip().rstrip("/")
    address = setting.strip() or (given if given.lower().startswith(SERVERS) else "")
    if address and not ADDRESS.fullmatch(address):
        raise ConfigError(
            f"book_repository is {address!r}; it must be empty or look like "
            "https://github.com/OWNER/NAME or https://gitlab.com/OWNER/NAME"
        )
    return address


def site(address):
    """Return where GitHub Pages puts the site of a repository; nothing for other hosts."""
    found = ADDRESS.fullmatch(address)
    if not found or found[1] != "github":
        return ""
    host, name = f"{found[2].lower()}.github.io", found[3]
    return f"https://{host}/" if name.lower() == host else f"https://{host}/{name}/"


def fill_in(app, config):
    """Fill in what is empty in the configuration."""
    config.book_repository = repository(config.book_repository, os.environ.get(GIVEN, ""))
    config.html_baseurl = config.html_baseurl or site(config.book_repository)


def setup(app):
    app.add_config_value("book_repository", "", "html", [str])
    app.connect("config-inited", fill_in)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
