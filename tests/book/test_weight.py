"""The weight of players, and whether all of a page is weighed (each page is, in test_site)."""

import random
import re

import pytest
from site_inspector import ROOT, open_page, pages, serve
from weight import loaded, too_heavy

SITE = ROOT / "_build" / "html"
PAGES = [page for page in pages(SITE) if page != "404.html"]  # which loads nothing
MOST_FOR_A_PLAYER = 1_000_000  # bytes, not compressed
PLAYER = re.compile(r'<figure class="player".*?</figure>', re.DOTALL)


def heavy_players(text):
    """Sizes of the players in a page that are too large."""
    sizes = [len(player.encode()) for player in PLAYER.findall(text)]
    return [size for size in sizes if size >= MOST_FOR_A_PLAYER]


@pytest.mark.parametrize("name", PAGES)
def test_players_are_light(name):
    assert heavy_players((SITE / name).read_text(encoding="utf-8")) == []


def test_every_kind_of_file_is_weighed(browser, tmp_path):
    noise = random.Random(0).randbytes(1000)
    (tmp_path / "plain.css").write_text("p { color: #123; }\n" * 1000)
    (tmp_path / "noise.woff2").write_bytes(noise)
    (tmp_path / "noise.png").write_bytes(noise)
    (tmp_path / "later.png").write_bytes(noise)
    (tmp_path / "noise.js").write_text(f"'{noise.hex()}'")
    (tmp_path / "unused.js").write_text("0")
    (tmp_path / "page.html").write_text(
        '<link rel="icon" href="data:,"><link rel="stylesheet" href="plain.css?v=1">'
        "<style>@font-face { font-family: x; src: url(noise.woff2) } p { font-family: x }</style>"
        '<p>x</p><img src="noise.png"><script src="noise.js"></script>'
        '<img src="later.png" loading="lazy" style="display: block; margin-top: 30000px">'
    )
    with serve(tmp_path, below="a/") as base, open_page(browser, f"{base}page.html", []) as page:
        files = loaded(page, tmp_path, base)
        assert too_heavy(page, tmp_path, base) == []
        (heavy,) = too_heavy(page, tmp_path, base, most=4000)
    pictures = {"noise.woff2", "noise.png", "later.png"}
    assert set(files) == {"page.html", "plain.css", "noise.js", *pictures}
    assert "noise.png" in heavy and str(sum(files.values())) in heavy
    assert files["noise.png"] == files["noise.woff2"] == 1000
    assert files["plain.css"] < 200
    assert 1000 < files["noise.js"] < 1400  # hex digits compress to half of their 2000 bytes


def test_a_heavy_player_is_noticed():
    figures = [f'<figure class="player">{"x" * size}</figure>' for size in (10, 10**6, 999_960)]
    assert heavy_players("\n".join(figures)) == [10**6 + len('<figure class="player"></figure>')]
