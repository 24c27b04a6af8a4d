"""Every page of the built book in a real browser that cannot reach any other host."""

import functools

import pytest
from site_inspector import (
    ROOT,
    broken_links,
    pages,
    player_problems,
    search_results,
    serve,
    solution_problems,
    visit,
)
from weight import too_heavy

SITE = ROOT / "_build" / "html"
PAGES = pages(SITE)

BAD_PAGE = """<!DOCTYPE html><html lang="en"><head><title>Bad</title></head><body>
<article class="bd-article">
<div style="width: 900px">too wide</div> <div style="width: 360px">fits at 390 alone</div>
<div class="math">\\(x\\)</div>
<div class="math"><math><merror><mtext>bad</mtext></merror></math></div>
<img src="picture.png" alt="picture.png">
<script src="https://example.org/x.js"></script>
<script src="/script.js"></script>
<script>console.error("wrong"); undefinedFunction();</script>
<div class="solution" id="bare"><button class="toggle-button"></button><section>x</section></div>
<div class="solution" id="stuck"><button class="toggle-button"></button>
<section style="visibility: hidden">x</section></div>
<a href="absent.html">a</a> <a href="good.html#absent">b</a> <a href="#absent">c</a>
</article></body></html>"""
GOOD_PAGE = """<!DOCTYPE html><html lang="en"><head><title>Good</title>
<link rel="icon" href="data:,"></head><body>
<article class="bd-article"><h1 id="top">Good</h1><p>Fits. <a href="good.html#top">up</a></p>
<div style="overflow-x: auto"><table style="width: 900px"><tr><td>wide</td></tr></table></div>
<div class="solution"><button class="toggle-button" onclick="this.nextSibling.style = ''"></button
><section style="visibility: hidden">x</section></div>
<span class="math"><math><mi>x</mi></math></span></article></body></html>"""


@pytest.fixture(scope="module")
def address():
    """The site below a path, as on a project's pages; nothing is served outside that path."""
    with serve(SITE, below="a/b/") as base:
        yield base


def test_site_is_built():
    assert (SITE / "index.html").exists(), "no built site: run `make book` first"
    assert len(PAGES) > 3
    assert any('class="solution ' in (SITE / page).read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.parametrize("page", PAGES)
def test_page(browser, address, page):
    weighed = functools.partial(too_heavy, folder=SITE, base=address)
    problems = visit(browser, address + page, solution_problems, weighed)
    assert not problems, "\n".join(problems)


def test_links():
    assert PAGES, "no built site: run `make book` first"
    problems = broken_links(SITE)
    assert not problems, "\n".join(problems)


@pytest.mark.parametrize("word", ["Thompson", "precision"])
def test_search_finds(browser, address, word):
    assert PAGES, "no built site: run `make book` first"
    assert search_results(browser, address, word) >= 1


def test_search_does_not_find_nonsense(browser, address):
    assert PAGES, "no built site: run `make book` first"
    assert search_results(browser, address, "zyxwvutsrqp") == 0


def test_players_play(browser, address):
    """The pages with a player: the picture changes, by button and by slider."""
    chapters = [page for page in PAGES if "_anim_img" in (SITE / page).read_text()]
    assert [player_problems(browser, address + page) for page in chapters] == [[]] * len(chapters)


def test_the_inspector_passes_a_good_page_and_sees_every_fault(browser, tmp_path):
    (tmp_path / "good.html").write_text(GOOD_PAGE)
    (tmp_path / "bad.html").write_text(BAD_PAGE)
    (tmp_path / "script.js").write_text("0")  # there, but not below the path that is served
    with serve(tmp_path, below="a/b/") as base:
        assert visit(browser, base + "good.html", solution_problems) == []
        seen = "\n".join(visit(browser, base + "bad.html", solution_problems))
    for fault in (
        "console error: wrong",
        "undefinedFunction",
        "request to https://example.org/x.js",
        "/script.js",
        "not drawn",
        "in error",
        "alt text",
        "sideways",
        "bare starts open",
        "stuck does not open",
        "at 320 pixels: DIV.: fits at 390 alone",
    ):
        assert fault in seen
    assert broken_links(tmp_path) == [
        "bad.html -> absent.html",
        "bad.html -> good.html#absent",
        "bad.html -> #absent",
    ]
