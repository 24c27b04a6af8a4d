"""The built site as it is opened straight from a disk, without a server.

Most pages are opened so in ``test_accessibility`` already.
"""

import pytest
from site_inspector import (
    ROOT,
    explorable_problems,
    pages,
    player_problems,
    search_results,
    visit,
)

SITE = ROOT / "_build" / "html"
PAGES = pages(SITE)
DISK = f"{SITE.as_uri()}/"


@pytest.mark.parametrize("page", ["index.html", "404.html", "book/05-allocator.html"])
def test_page(browser, page):
    problems = visit(browser, DISK + page)
    assert not problems, "\n".join(problems)


def having(text):
    """The pages of the site that contain a text."""
    found = [page for page in PAGES if text in (SITE / page).read_text(encoding="utf-8")]
    assert found, "no built site: run `make book` first"
    return found


def test_players_play(browser):
    chapters = having("_anim_img")
    assert [player_problems(browser, DISK + page) for page in chapters] == [[]] * len(chapters)


def test_explorables_react(browser):
    live = having('class="explorable"')
    assert [explorable_problems(browser, DISK + page) for page in live] == [[]] * len(live)


def test_search_finds(browser):
    problems = []
    assert search_results(browser, DISK, "Thompson", problems) >= 1
    assert search_results(browser, DISK, "zyxwvutsrqp", problems) == 0
    assert problems == []


def test_what_a_disk_forbids_is_noticed(browser, tmp_path):
    """A module, a script that is absent, and an explorable that never changes."""
    (tmp_path / "module.js").write_text("export default 1;")
    (tmp_path / "page.html").write_text(
        '<article><div class="explorable">still<button>One trial</button></div></article>'
        '<script type="module" src="module.js"></script><script src="/absent.js"></script>'
    )
    url = (tmp_path / "page.html").as_uri()
    seen = "\n".join(visit(browser, url))
    assert "module.js" in seen and "absent.js" in seen
    assert "does not react: still" in "\n".join(explorable_problems(browser, url))
