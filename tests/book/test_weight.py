"""What a browser loads for a page, compressed as servers send it, is little enough for a phone."""

import functools
import gzip
import random
import re
from urllib.parse import unquote, urlsplit

import pytest
from site_inspector import ROOT, open_page, pages, serve

SITE = ROOT / "_build" / "html"
PAGES = [page for page in pages(SITE) if page != "404.html"]  # which loads nothing
MOST = 1_500_000  # bytes for a page with all that it loads
MOST_FOR_A_PLAYER = 1_000_000  # bytes, not compressed
COMPRESSED = {".woff", ".woff2", ".png", ".jpg", ".gif", ".webp"}
PLAYER = re.compile(r'<figure class="player".*?</figure>', re.DOTALL)
LOADED = """() => [location.href, ...performance.getEntriesByType("resource").map(e => e.name)]"""


@functools.cache
def weight(path):
    """Bytes of a file on its way to the reader."""
    data = path.read_bytes()
    return len(data if path.suffix in COMPRESSED else gzip.compress(data, 6))


def loaded(browser, folder, name):
    """Weight of each file that a page of a site loads: itself, styles, scripts, fonts, pictures."""
    with serve(folder) as base:
        desktop = {"width": 1280, "height": 900}
        with open_page(browser, base + name, [], viewport=desktop) as page:
            urls = {url.partition("#")[0] for url in page.evaluate(LOADED)}
    paths = {unquote(urlsplit(url).path).lstrip("/") for url in urls if url.startswith(base)}
    return {path: weight(folder / path) for path in paths}


def heavy_players(text):
    """Sizes of the players in a page that are too large."""
    sizes = [len(player.encode()) for player in PLAYER.findall(text)]
    return [size for size in sizes if size >= MOST_FOR_A_PLAYER]


@pytest.mark.parametrize("name", PAGES)
def test_page_is_light(browser, name):
    files = loaded(browser, SITE, name)
    assert len(files) > 10
    heaviest = sorted(files.items(), key=lambda item: -item[1])[:8]
    assert sum(files.values()) <= MOST, f"{sum(files.values())} bytes, most of them {heaviest}"


@pytest.mark.parametrize("name", PAGES)
def test_players_are_light(name):
    assert heavy_players((SITE / name).read_text(encoding="utf-8")) == []


def test_every_kind_of_file_is_weighed(browser, tmp_path):
    noise = random.Random(0).randbytes(1000)
    (tmp_path / "plain.css").write_text("p { color: #123; }\n" * 1000)
    (tmp_path / "noise.woff2").write_bytes(noise)
    (tmp_path / "noise.png").write_bytes(noise)
    (tmp_path / "noise.js").write_text(f"'{noise.hex()}'")
    (tmp_path / "unused.js").write_text("0")
    (tmp_path / "page.html").write_text(
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="plain.css?v=1">'
        "<style>@font-face { font-family: x; src: url(noise.woff2) } p { font-family: x }</style>"
        '<p>x</p><img src="noise.png"><script src="noise.js"></script>'
    )
    files = loaded(browser, tmp_path, "page.html")
    assert set(files) == {"page.html", "plain.css", "noise.woff2", "noise.png", "noise.js"}
    assert files["noise.png"] == files["noise.woff2"] == 1000
    assert files["plain.css"] < 200
    assert 1000 < files["noise.js"] < 1400  # hex digits compress to half of their 2000 bytes


def test_a_heavy_player_is_noticed():
    figures = [f'<figure class="player">{"x" * size}</figure>' for size in (10, 10**6, 999_960)]
    assert heavy_players("\n".join(figures)) == [10**6 + len('<figure class="player"></figure>')]
