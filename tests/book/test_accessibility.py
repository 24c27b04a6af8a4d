"""Every page for readers who use a screen reader, the keyboard, or dark mode."""

import re

import pytest
from accessibility import DESKTOP, MODES, axe_violations, set_mode, unfold, violations
from keyboard import tab_problems, unseen_focus
from site_inspector import ROOT, open_page, pages, serve

SITE = ROOT / "_build" / "html"
# the first leads to the first page, the second stands by itself
PAGES = [page for page in pages(SITE) if page not in ("index.html", "404.html")]
LIVE = [page for page in PAGES if 'class="explorable"' in (SITE / page).read_text()]
PLAYERS = [page for page in PAGES if '<figure class="player"' in (SITE / page).read_text()]

BAD_PAGE = """<!DOCTYPE html><html data-theme="light"><head><title>Bad</title><script>
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.onchange = () => document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
</script><style>
    [data-theme=dark] body { background: #000; } [data-theme=dark] .night { color: #222; }
    b, #quiet { outline: 0 !important; }
    [data-theme=dark] #dim { outline: 0 !important; }
</style></head><body>
<p style="color: #aaa">Pale.</p> <p class="night">Unseen at night.</p>
<img src="data:," width="9" height="9"> <button></button>
<table><tr><th></th></tr><tr><td>1</td></tr></table> <h1>One</h1> <h4>Four</h4>
<a href="#x" tabindex="2">last of the first</a> <b id="quiet" tabindex="0">quiet</b>
<div style="overflow: auto; width: 4em"><pre tabindex="-1" style="overflow: auto">wide wide wide
</pre></div>
<div class="explorable"><button></button>
<svg><text y="20" style="fill: #999">drawn</text></svg></div>
<u id="dim" tabindex="0">dim</u>
<div style="position: fixed; left: -900px"><a href="#y">out of sight</a></div>
<div class="math" tabindex="0"><math><mi>x</mi></math></div>
<pre>SAME<span class="k" id="unlike" style="color: #aaa">word</span></pre>
<div style="background: #888"><p><b><i id="grey" style="color: #333">Dark on grey</i></b></p></div>
</body></html>""".replace("SAME", 9 * '<span class="k">word</span> ')
GOOD_PAGE = """<!DOCTYPE html><html lang="en" data-theme="light"><head><title>Good</title><script>
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.onchange = () => document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
</script></head><body><main><h1>Good</h1><p>Text, and <a href="#x">a link</a>.</p>
<div class="explorable"><svg role="img" aria-label="x"><text y="20">drawn</text></svg></div>
<button>Do it</button> <label>Choose <input type="checkbox"></label></main></body></html>"""


@pytest.fixture(scope="module")
def site():
    assert PAGES, "no built site: run `make book` first"
    with serve(SITE) as base:
        yield base


def visited(browser, url, faults=None, **options):
    """A page as a reader with a large screen sees it who wants no motion."""
    faults = [] if faults is None else faults
    return open_page(browser, url, faults, viewport=DESKTOP, reduced_motion="reduce", **options)


@pytest.mark.parametrize("name", PAGES)
def test_a_page_from_a_disk_has_no_fault_and_axe_finds_nothing(browser, name):
    faults = []
    with visited(browser, f"{SITE.as_uri()}/{name}", faults) as page:
        unfold(page)
        found = violations(page)
        page.set_viewport_size({"width": 390, "height": 844})
        page.wait_for_timeout(600)
        found += [f"phone: {f}" for f in axe_violations(page, ["scrollable-region-focusable"])]
    assert not found + faults, "\n".join(found + faults)


@pytest.mark.parametrize("name", LIVE)
def test_axe_finds_nothing_while_explorables_run(browser, site, name):
    with visited(browser, site + name) as page:
        for run in page.get_by_role("button", name="Run", exact=True).all():
            run.click()
        for numbers in page.get_by_role("checkbox", name="numbers").all():
            numbers.check()
        page.wait_for_timeout(1000)
        found = violations(page, place=".explorable")
    assert not found, "\n".join(found)


def test_there_is_something_to_play_with():
    assert LIVE and PLAYERS


@pytest.mark.parametrize("name", [*LIVE, PLAYERS[0], "search.html"])
def test_tab_leads_everywhere_and_is_seen_at_night(browser, site, name):
    with visited(browser, site + name) as page:
        set_mode(page, MODES[0])
        unfold(page)
        problems = tab_problems(page)
        set_mode(page, MODES[1])
        problems += [f"dark: {problem}" for problem in unseen_focus(page)]
    assert not problems, "\n".join(problems)


def test_skip_to_main_content(browser, site):
    with visited(browser, site + PAGES[0]) as page:
        page.keyboard.press("Tab")
        link = page.get_by_role("link", name="Skip to main content")
        assert link.evaluate("e => e === document.activeElement")
        assert link.bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("() => Boolean(document.activeElement.closest('main'))")


@pytest.mark.parametrize("name", PLAYERS)
def test_players_say_what_their_controls_do(browser, site, name):
    with visited(browser, site + name) as page:
        for player in page.locator("figure.player").all():
            controls = player.aria_snapshot()
            names = re.findall(r'button "([A-Z][a-z ]+)"', controls)
            assert len(set(names)) == player.get_by_role("button").count() == 9
            assert 'slider "Frame"' in controls
            assert {"Once", "Loop", "Reflect"} <= set(re.findall(r'radio "(\w+)"', controls))
            before = player.locator("img").get_attribute("src")
            player.get_by_role("button", name="Next frame").press("Enter")
            assert player.locator("img").get_attribute("src") != before


def test_a_good_page_passes_and_every_fault_is_seen(browser, tmp_path):
    (tmp_path / "good.html").write_text(GOOD_PAGE)
    (tmp_path / "bad.html").write_text(BAD_PAGE)
    with visited(browser, (tmp_path / "good.html").as_uri()) as page:
        assert violations(page) == tab_problems(page) == unseen_focus(page) == []
    with visited(browser, (tmp_path / "bad.html").as_uri()) as page:
        drawn = violations(page, place=".explorable")
        found = "\n".join([*violations(page), *tab_problems(page), *unseen_focus(page)])
    rules = "html-has-lang image-alt button-name empty-table-header heading-order tabindex region"
    for rule in rules.split():
        assert f"light: {rule}: " in found
    for fault in (
        "light: color-contrast: body > p:nth-child(1)",
        "dark: color-contrast: .night",
        "light: color-contrast: #unlike",
        "light: color-contrast: #grey",
        "scrollable-region-focusable",
        "light: contrast 2.85 of drawn",
        "out of sight: a out of sight",
        "cannot be seen: b quiet",
        "cannot be seen: u dim",
        "out of order",
        "a formula",
    ):
        assert fault in found
    assert "light: color-contrast: .night" not in found
    assert [fault.split(": ")[1] for fault in drawn] == ["contrast 2.85 of drawn", "button-name"]
