"""Make the built pages self-contained, light, and readable by a screen reader.

Parts of a page are mended on ``html-page-context``, after every other extension:

- thebe and require.js go, which the theme loads but this book does not use;
- the Font Awesome link of matplotlib's animation players goes (the theme has its own copy);
- each player's picture gets an alt text and its size, shows the first frame also where no script
  runs, and its slider and buttons get a name; ``players.js`` does the rest;
- empty corners of tables, which pandas makes headers of, are headers no more;
- ids and labels that repeat on a page or contradict the visible text, and roles that no longer
  exist, go.

What the theme's templates write around them is mended in the finished pages:

- Font Awesome's script (half a megabyte) goes, since its style sheet draws the same icons, and
  so do the orders to load all its fonts in advance, which a browser refuses to do from a disk;
- icons are hidden from screen readers, which would read them as unknown letters;
- the side bar becomes a landmark, what unfolds a part of it gets a name, and the search button is
  called what is written on it.
"""

import base64
import re
from pathlib import Path

from pictures import pixels

UNWANTED = ("thebe", "require.js", "require.min.js", "embed-amd")
PLAYER = re.compile(r'<figure class="player" aria-label="([^"]*)">(.*?)</figure>', re.DOTALL)
FIRST_FRAME = re.compile(r'frames\[0\] = "data:image/png;base64,([^"]+)"')
FONT_AWESOME_LINK = re.compile(r"<link[^>]*font-?awesome[^>]*>", re.IGNORECASE)
THEBE_CONFIG = re.compile(
    r'<script type="text/x-thebe-config">.*?</script>\s*'
    r"(<script>kernelName = '[^']*'</script>)?",
    re.DOTALL,
)
BIBLIOGRAPHY_ENTRY = re.compile(r'(<div class="citation"[^>]*) role="doc-biblioentry"')
FINISHING = [
    (re.compile(r'<script src="[^"]*fontawesome[^"]*"></script>'), ""),
    (re.compile(r'<link rel="preload" as="font"[^>]*>\s*'), ""),
    (
        re.compile(r'<(i|span) class="((?:[\w-]+ )*fa-[\w -]+)"'),
        r'<\1 aria-hidden="true" class="\2"',
    ),
    (
        re.compile('<div class="bd-sidebar-primary bd-sidebar'),
        '<div role="navigation" aria-label="Book" class="bd-sidebar-primary bd-sidebar',
    ),
    (
        re.compile(r'<summary>(?=<span class="toctree-toggle")'),
        '<summary aria-label="Show or hide the pages below">',
    ),
    (re.compile(r'(<button class="btn search-button-field[^>]*) aria-label="[^"]*"'), r"\1"),
]


def name_player(match):
    """Move the label of one player to its picture, show that at once, and name all controls."""
    label, player = match.groups()
    first = re.sub(r"\\\s", "", FIRST_FRAME.search(player)[1])
    width, height = pixels(base64.b64decode(first))
    image = (
        f'<img alt="{label}" width="{width}" height="{height}" '
        f'src="data:image/png;base64,{first}" id="_anim_img'
    )
    player = re.sub(r'<button title="([^"]*)"', r'<button title="\1" aria-label="\1"', player)
    player = player.replace('<img id="_anim_img', image)
    player = player.replace('<input id="_anim_slider', '<input aria-label="Frame" id="_anim_slider')
    return f'<figure class="player">{player}</figure>'


def clean_body(body):
    """Return the page body without outside links, with named players and unique ids."""
    body = THEBE_CONFIG.sub("", body)
    body = FONT_AWESOME_LINK.sub("", body)
    body = PLAYER.sub(name_player, body)
    body = BIBLIOGRAPHY_ENTRY.sub(r'\1 role="listitem"', body)
    body = re.sub(r'<section id="(?:exercise|solution)-content">', "<section>", body)
    return body.replace('<summary aria-label="Toggle hidden content">', "<summary>")


def is_wanted(asset):
    """Whether a script or style sheet of the page is to be kept."""
    text = f"{getattr(asset, 'filename', asset)} {getattr(asset, 'attributes', '')}"
    return not any(word in text for word in UNWANTED)


def unique(assets):
    """Drop repeated assets, keeping the first of each."""
    kept = {}
    for asset in assets:
        attributes = getattr(asset, "attributes", {})
        kept.setdefault((str(getattr(asset, "filename", asset)), str(attributes)), asset)
    return list(kept.values())


def clean_page(app, pagename, templatename, context, doctree):
    """Clean the body and the asset lists of one page."""
    if context.get("body"):
        context["body"] = clean_body(context["body"]).replace("<th></th>", "<td></td>")
        if '<figure class="player">' in context["body"]:
            app.add_js_file("players.js", loading_method="defer")
    for assets in ("script_files", "css_files"):
        context[assets] = unique(filter(is_wanted, context.get(assets, [])))


def finish_page(page):
    """Return a whole page with the theme's own parts mended; a finished page stays as it is."""
    for pattern, replacement in FINISHING:
        page = pattern.sub(replacement, page)
    return page


def finish_site(app, exception):
    """Finish every page that was built."""
    if exception or app.builder.format != "html":
        return
    for path in Path(app.outdir).rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        path.write_text(finish_page(page), encoding="utf-8")


def setup(app):
    app.add_js_file("book.js", loading_method="defer")
    app.add_js_file("hover.js", loading_method="defer")
    app.connect("html-page-context", clean_page, priority=950)
    app.connect("build-finished", finish_site)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
