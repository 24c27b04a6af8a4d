"""Send only the icons that the pages use: a font of 4 kB, not 156, and rules of 15 kB, not 103.

The theme brings all of Font Awesome. After the build its solid face is cut down to the icons that a
page, a script or a style sheet of the site names, its style sheet to their rules, and the other
faces, of which nothing is used, go.
"""

import re
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

NAMED = re.compile(r"\bfa-[a-z0-9-]+")
RULE = re.compile(r'((?:\.fa-[a-z0-9-]+:before,?)+)\{content:"\\([0-9a-f]+)"\}')
FACE = re.compile(r"@font-face\{[^}]*\}")
CODED = re.compile(r"\\([ef][0-9a-f]{3})")
DRAWN = re.compile("[\ue000-\uf8ff]")
SOLID = (
    "@font-face{font-display:block;font-family:Font Awesome\\ 6 Free;font-style:normal;"
    'font-weight:900;src:url(../webfonts/fa-solid-900.woff) format("woff")}'
)


def used(site, own):
    """Return the names and the characters of the icons that files of a site use, ``own`` apart."""
    names, characters = set(), set()
    for path in site.rglob("*"):
        if path.suffix not in {".html", ".js", ".css"} or path == own:
            continue
        text = path.read_text(encoding="utf-8")
        names |= set(NAMED.findall(text))
        if path.suffix == ".css":
            characters |= {int(code, 16) for code in CODED.findall(text)}
            characters |= {ord(character) for character in DRAWN.findall(text)}
    return names, characters


def reduced(sheet, names):
    """Return a style sheet with the rules of these icons alone, and their characters."""
    characters = set()

    def rule(match):
        kept = [name for name in match[1].split(",") if name[1:].partition(":")[0] in names]
        if kept:
            characters.add(int(match[2], 16))
        return f'{",".join(kept)}{{content:"\\{match[2]}"}}' if kept else ""

    return SOLID + RULE.sub(rule, FACE.sub("", sheet)), characters


def cut(source, characters, target):
    """Write the font with these characters alone; characters that it lacks are left out."""
    options = subset.Options(flavor="woff", layout_features=[], notdef_outline=True)
    font = TTFont(source, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    font.flavor = "woff"
    font.save(target)


def finish_site(app, exception):
    """Cut the icons of a built site."""
    if exception or app.builder.format != "html":
        return
    site = Path(app.outdir)
    for sheet in site.glob("_static/vendor/fontawesome/*/css/all.min.css"):
        names, characters = used(site, sheet)
        text, named = reduced(sheet.read_text(encoding="utf-8"), names)
        sheet.write_text(text, encoding="utf-8")
        fonts = sheet.parents[1] / "webfonts"
        cut(fonts / "fa-solid-900.ttf", named | characters, fonts / "fa-solid-900.woff")
        for font in [*fonts.glob("*.woff2"), *fonts.glob("*.ttf")]:
            font.unlink()


def setup(app):
    app.connect("build-finished", finish_site, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
