"""A browser for all tests of pages, and the explorables for the tests that play with them."""

import re
import shutil

import pytest
from explorables import markup
from site_inspector import ROOT, launch, open_page, serve

DIRECTIVE = re.compile(r"```\{explorable\} (\w+)\n(?::form: (\w+)\n)?")
TEXT = f"<p>{40 * 'What stands above and below. '}</p>"
FRAME = (
    '<!DOCTYPE html><html lang="en"><head><title>x</title><link rel="icon" href="data:,">'
    '<meta name="viewport" content="width=device-width, initial-scale=1"></head>'
)


@pytest.fixture(scope="module")
def browser():
    with launch() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def explorables_site(tmp_path_factory):
    """A folder with the scripts, and the explorables of the book's pages without what is around."""
    site = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "book" / "_explorables", site / "_static")
    (site / "book").mkdir()
    for name in ("index", "explorables"):
        found = DIRECTIVE.findall((ROOT / "book" / f"{name}.md").read_text(encoding="utf-8"))
        assert found, f"{name}.md has no explorable"
        loaded = set()
        parts = "".join(markup(which, "../_static", loaded, form) + TEXT for which, form in found)
        page = f"{FRAME}<body><article>{TEXT}{parts}</article></body></html>"
        (site / "book" / f"{name}.html").write_text(page, encoding="utf-8")
    return site


@pytest.fixture(scope="module")
def address(explorables_site):
    with serve(explorables_site) as base:
        yield f"{base}book/"


@pytest.fixture
def page(browser, address):
    """The page of the explorables at the width of a phone; nothing may go wrong on it."""
    problems = []
    with open_page(browser, f"{address}explorables.html", problems) as opened:
        opened.get_by_role("button", name="Pause").click()
        opened.get_by_role("button", name="Start again").click()
        yield opened
    assert problems == []


@pytest.fixture(scope="module")
def model_page(browser, address):
    """A page on which nothing moves, to run dra.js in."""
    with browser.new_context(reduced_motion="reduce") as context:
        opened = context.new_page()
        opened.goto(f"{address}index.html")
        yield opened


@pytest.fixture(scope="module")
def formula_page(browser, address):
    """All explorables, standing still, to ask their models."""
    with browser.new_context(reduced_motion="reduce") as context:
        opened = context.new_page()
        opened.goto(f"{address}explorables.html")
        yield opened
