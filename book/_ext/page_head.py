"""What a page says of itself to search engines and to those who share it; a page for 404.

The description is the first paragraph of a page that needs no formula. The picture and the
canonical address are given where the public address of the site is known: ``baseurl`` in
``_config.yml``.
"""

import html
import re
from pathlib import Path

from docutils import nodes

PICTURE = "_static/card.png"
LONGEST = 200  # letters of a description
TAG = re.compile("<[^>]*>")
# without a public address: the pages of the book are in the folder book, whatever is above it
GUESSED = """
<script>
const root = location.pathname.split("/book/")[0].replace(/[^/]*$/, (last) =>
  location.pathname.includes("/book/") ? `${last}/` : "");
document.write(`<base href="${root}">`);
</script>"""
MISSING = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>Not found: {title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1">{base}
<meta name="robots" content="noindex"><link rel="icon" href="data:,">
<style>body {{ font: 1.1rem/1.6 sans-serif; max-width: 34rem; margin: 4rem auto; padding: 0 1rem; }}
input, button {{ font: inherit; padding: 0.4rem; }}</style></head>
<body><main><h1>There is no such page</h1>
<p>It may have had another name. Start at the <a href="book/index.html">first page of {title}</a>,
or search it:</p>
<form action="search.html"><label>Look for <input name="q" type="search"></label>
<button>Search</button></form></main></body></html>
"""


def words(text):
    """Return a text on one line, cut at a word."""
    line = " ".join(text.split())
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rpartition(' ')[0]} …"


def description(doctree):
    """Return the first paragraph of a page that stands by itself and has no formula."""
    for paragraph in doctree.findall(nodes.paragraph) if doctree else []:
        if isinstance(paragraph.parent, nodes.section) and not paragraph.next_node(nodes.math):
            return words(paragraph.astext())
    return ""


def tags(properties):
    """Return meta elements for (attribute, name, content)."""
    return "".join(
        f'<meta {attribute}="{name}" content="{html.escape(content, quote=True)}">\n'
        for attribute, name, content in properties
        if content
    )


def add_tags(app, pagename, templatename, context, doctree):
    """Add the elements to the head of a page."""
    said, address = description(doctree), app.config.html_baseurl
    title = html.unescape(TAG.sub("", context.get("title", "")))
    properties = [
        ("name", "description", said),
        ("property", "og:title", title),
        ("property", "og:description", said),
        ("property", "og:type", "article"),
        ("property", "og:site_name", app.config.html_title),
    ]
    if address:
        root = address.rstrip("/")
        properties += [
            ("property", "og:url", f"{root}/{pagename}.html"),
            ("property", "og:image", f"{root}/{PICTURE}"),
            (
                "property",
                "og:image:alt",
                "The maze of the book, and where precision is spent in it.",
            ),
            ("name", "twitter:card", "summary_large_image"),
        ]
    context["metatags"] = context.get("metatags", "") + tags(properties)


def write_missing(app, exception):
    """Write the page that a server shows where there is none."""
    if exception or app.builder.format != "html":
        return
    address = app.config.html_baseurl
    base = f'\n<base href="{html.escape(address.rstrip("/"))}/">' if address else GUESSED
    page = MISSING.format(title=html.escape(app.config.html_title), base=base)
    Path(app.outdir, "404.html").write_text(page, encoding="utf-8")


def setup(app):
    app.connect("html-page-context", add_tags)
    app.connect("build-finished", write_missing)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
