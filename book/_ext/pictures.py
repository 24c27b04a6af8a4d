"""Tell the browser how large each picture of a page is, and to fetch it when it comes near.

A page that knows the sizes does not jump while it loads. The stored pictures of the chapters have
two pixels for each one of the page, and say so by their resolution.
"""

import re
import struct
from pathlib import Path
from urllib.parse import unquote

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

PICTURE = re.compile(r'<img (?![^>]*\bwidth=)([^>]*\bsrc="([^"]+\.png)"[^>]*?) ?/?>')
INCH = 100  # pixels of the page to an inch of a figure, as in the style dra.figures
METRE = 39.37  # inches


def pixels(data):
    """Return the width and height of a PNG in its own pixels.

    Raises
    ------
    ValueError
        If ``data`` is none.
    """
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        raise ValueError("the picture is not a PNG")
    return struct.unpack(">II", data[16:24])


def size(path):
    """Return the width and height of a PNG file in pixels of the page."""
    data = path.read_bytes()
    width, height = pixels(data)
    found = data.find(b"pHYs", 0, data.find(b"IDAT"))
    per_metre = struct.unpack(">I", data[found + 4 : found + 8])[0] if found > 0 else INCH * METRE
    scale = max(1.0, per_metre / METRE / INCH)
    return round(width / scale), round(height / scale)


def with_size(page, folder):
    """Return the text of a page in ``folder`` with sizes; all pictures but the first come late."""
    seen = 0

    def sized(match):
        nonlocal seen
        attributes, source = match.groups()
        path = folder / unquote(source)
        if not path.is_file():
            return match[0]
        width, height = size(path)
        seen += 1
        later = ' loading="lazy" decoding="async"' if seen > 1 else ""
        return f'<img {attributes} width="{width}" height="{height}"{later}>'

    return PICTURE.sub(sized, page)


class ForgetStatedSizes(SphinxPostTransform):
    """Drop the sizes that outputs state: a fixed height distorts what a small screen narrows.

    Sphinx would also make a link to the file of each picture that has one.
    """

    default_priority = 5

    def run(self):
        for image in self.document.findall(nodes.image):
            if not str(image.get("width", "")).endswith("%"):
                image.attributes.pop("width", None)
                image.attributes.pop("height", None)


def finish_site(app, exception):
    """Give the pictures of every built page their sizes."""
    if exception or app.builder.format != "html":
        return
    for path in Path(app.outdir, "book").rglob("*.html"):
        page = path.read_text(encoding="utf-8")
        path.write_text(with_size(page, path.parent), encoding="utf-8")


def setup(app):
    app.add_post_transform(ForgetStatedSizes)
    app.connect("build-finished", finish_site)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
