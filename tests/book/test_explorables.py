"""What holds for every explorable: it fits a phone, is short, and needs nothing else."""

import re
from itertools import chain

import pytest
from explorables import ELSEWHERE, FILES
from site_inspector import ROOT, TOO_WIDE, open_page


@pytest.mark.parametrize("name", ["index", "explorables"])
def test_fits_a_phone(browser, address, name):
    problems = []
    with open_page(browser, f"{address}{name}.html", problems) as page:
        assert page.evaluate(TOO_WIDE) == []
    assert problems == []


@pytest.mark.parametrize("name", ["index", "explorables"])
def test_work_from_a_disk(browser, explorables_site, name):
    """Opened as a file, without a server: modules and data files could not be loaded there."""
    problems = []
    with open_page(
        browser, (explorables_site / "book" / f"{name}.html").as_uri(), problems
    ) as page:
        for root in page.locator(".explorable").all():
            assert root.get_by_role("slider").or_(root.get_by_role("grid")).count() > 0
            assert ELSEWHERE not in root.inner_text()
    assert problems == []


def test_scripts_are_short_and_need_nothing_else():
    files = [path for path in (ROOT / "book" / "_explorables").iterdir() if path.is_file()]
    assert {path.name for path in files} == set(chain(*FILES.values()))
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) <= 300
        assert re.findall(r"\b(?:import|fetch|https?:|XMLHttpRequest)\b", text) in ([], ["http:"])


def test_scripts_that_do_not_exist_are_noticed(browser, explorables_site):
    page = explorables_site / "book" / "broken.html"
    text = (explorables_site / "book" / "index.html").read_text(encoding="utf-8")
    page.write_text(text.replace("page.js", "absent.js"), encoding="utf-8")
    problems = []
    with open_page(browser, page.as_uri(), problems) as opened:
        opened.get_by_text(ELSEWHERE).wait_for()
        assert opened.locator(".still img").is_visible()
    page.unlink()
    assert problems
