"""Make the built pages self-contained: no third-party requests, no broken scripts.

Registered on ``html-page-context``, after every other extension. It

- drops thebe and require.js, which the theme loads but this book does not use;
- drops the Font Awesome link of matplotlib's animation players (the theme has its own copy);
- gives each player's picture an alt text and its slider a name;
- removes ids and labels that repeat on a page or contradict the visible text.
"""

import re

UNWANTED = ("thebe", "require.js", "require.min.js", "embed-amd")
PLAYER = re.compile(r'<figure class="player" aria-label="([^"]*)">(.*?)</figure>', re.DOTALL)
FONT_AWESOME_LINK = re.compile(r"<link[^>]*font-?awesome[^>]*>", re.IGNORECASE)
THEBE_CONFIG = re.compile(
    r'<script type="text/x-thebe-config">.*?</script>\s*'
    r"(<script>kernelName = '[^']*'</script>)?",
    re.DOTALL,
)


def name_player(match):
    """Move the label of one player to its picture, and name its slider."""
    label, player = match.groups()
    player = player.replace('<img id="_anim_img', f'<img alt="{label}" id="_anim_img')
    player = player.replace('<input id="_anim_slider', '<input aria-label="Frame" id="_anim_slider')
    return f'<figure class="player">{player}</figure>'


def clean_body(body):
    """Return the page body without outside links, with named players and unique ids."""
    body = THEBE_CONFIG.sub("", body)
    body = FONT_AWESOME_LINK.sub("", body)
    body = PLAYER.sub(name_player, body)
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
        context["body"] = clean_body(context["body"])
    for assets in ("script_files", "css_files"):
        context[assets] = unique(filter(is_wanted, context.get(assets, [])))


def setup(app):
    app.connect("html-page-context", clean_page, priority=950)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
