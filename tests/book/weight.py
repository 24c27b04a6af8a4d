"""Weigh what a browser loads for a page, compressed as servers send it."""

import functools
import gzip
from urllib.parse import unquote, urlsplit

MOST = 1_500_000  # bytes for a page with all that it loads
COMPRESSED = {".woff", ".woff2", ".png", ".jpg", ".gif", ".webp"}
# with the pictures that the browser leaves for later
LOADED = """() => [location.href, ...[...document.images].map(e => e.src),
    ...performance.getEntriesByType("resource").map(e => e.name)]"""


@functools.cache
def weight(path):
    """Bytes of a file on its way to the reader."""
    data = path.read_bytes()
    return len(data if path.suffix in COMPRESSED else gzip.compress(data, 6))


def loaded(page, folder, base):
    """Weight of each file of a page that is served at ``base`` from a folder.

    Itself, styles, scripts, fonts, pictures.
    """
    urls = {url.partition("#")[0] for url in page.evaluate(LOADED)}
    paths = {unquote(urlsplit(url.removeprefix(base)).path) for url in urls if url.startswith(base)}
    return {path: weight(folder / path) for path in paths}


def too_heavy(page, folder, base, most=MOST):
    """What is wrong with the weight of a page."""
    files = loaded(page, folder, base)
    heaviest = sorted(files.items(), key=lambda item: -item[1])[:8]
    problem = f"{sum(files.values())} bytes, most of them {heaviest}"
    return [problem] if sum(files.values()) > most else []
