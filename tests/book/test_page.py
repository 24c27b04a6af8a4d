"""The pages under the mouse, on paper, on a phone, and what they say of themselves."""

import functools
import re

import page_head
import pictures
import pytest
from accessibility import DESKTOP, MODES, axe_violations, set_mode
from bs4 import BeautifulSoup
from site_inspector import PHONE, ROOT, open_page, pages, serve

SITE = ROOT / "_build" / "html"
CHAPTERS = [page for page in pages(SITE) if re.match(r"book/\d\d-", page)]

ONE_OF_EACH = """() => {
    const kinds = new Map();
    for (const e of document.querySelectorAll("a[href], button, summary, label")) {
        const kind = `${e.tagName}.${e.className} in ${e.parentElement.className}`;
        if (e.checkVisibility() && !kinds.has(kind)) kinds.set(kind, e);
    }
    return [...kinds.values()].map((e, i) => (e.dataset.kind = i));
}"""
# to look at a small page is quicker
REST = """() => { for (const e of document.querySelectorAll("article *"))
    if (!e.closest("[data-kind]") && !e.querySelector("[data-kind]")) e.remove(); }"""
WIDE_CODE = """() => [...document.querySelectorAll("div.cell_input pre")]
    .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1)
    .map(e => e.textContent.slice(0, 50))"""
PUBLIC = re.compile(r'<base href="(https://[^"]+)">')
SHIFT = """() => new Promise(done => {
    let sum = 0;
    new PerformanceObserver(list => list.getEntries().forEach(e => {
        if (!e.hadRecentInput) sum += e.value;
    })).observe({type: "layout-shift", buffered: true});
    setTimeout(() => done(sum), 500);
})"""


@pytest.fixture(scope="module")
def site():
    assert CHAPTERS, "no built site: run `make book` first"
    with serve(SITE) as base:
        yield base


CONTRAST = """place => axe.run(place,
        {runOnly: ["color-contrast"], resultTypes: ["violations"], preload: false})
    .then(({violations}) => violations.flatMap(fault => fault.nodes.map(node => node.html)))"""


def contrast_faults(page, place):
    """What axe says of the contrast within one place of the page."""
    return set(page.evaluate(CONTRAST, place))


@pytest.mark.parametrize("mode", MODES)
def test_contrast_under_the_mouse(browser, site, mode):
    options = {"viewport": DESKTOP, "reduced_motion": "reduce"}
    with open_page(browser, f"{site}book/02-noisy-choices.html", [], **options) as page:
        set_mode(page, mode)
        found = set(axe_violations(page, ["color-contrast"]))
        kinds = page.evaluate(ONE_OF_EACH)
        assert len(kinds) > 15
        page.evaluate(REST)
        for kind in kinds:
            element = page.locator(f'[data-kind="{kind}"]')
            element.scroll_into_view_if_needed()
            box = element.bounding_box()
            page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            found |= contrast_faults(page, f'[data-kind="{kind}"]')
        page.mouse.move(5, 5)
        page.evaluate("() => window.scrollTo(0, 3000)")
        page.add_style_tag(content="#pst-back-to-top { display: block !important; }")
        found |= contrast_faults(page, "#pst-back-to-top")
        page.locator("#pst-back-to-top").hover()
        found |= contrast_faults(page, "#pst-back-to-top")
    assert not found, "\n".join(found)


def test_axe_finds_nothing_in_forced_colours(browser, site):
    options = {"viewport": DESKTOP, "reduced_motion": "reduce", "forced_colors": "active"}
    with open_page(browser, f"{site}book/03-price-of-precision.html", [], **options) as page:
        assert axe_violations(page) == []


@pytest.mark.parametrize("name", ["book/04-gradient.html", "book/09-planning.html"])
def test_paper(browser, site, name):
    """No buttons, the number of the chapter, whole lines of code."""
    with open_page(browser, site + name, [], viewport={"width": 700, "height": 900}) as page:
        page.emulate_media(media="print")
        assert not [b for b in page.locator("article button").all() if b.is_visible()]
        assert page.locator("article h1").is_visible()
        assert re.match(r"\d+\. ", page.locator("article h1").inner_text())
        assert not page.locator("#jb-print-docs-body").is_visible()
        assert (
            page.evaluate("""() => [...document.querySelectorAll("div.highlight pre")]
            .filter(e => e.scrollWidth > e.clientWidth + 1).length""")
            == 0
        )


def test_paper_is_white_whatever_the_mode(browser, site):
    with open_page(browser, f"{site}book/04-gradient.html", [], viewport=DESKTOP) as page:
        page.evaluate("() => document.documentElement.dataset.theme = 'dark'")
        themes = page.evaluate("""() => ["beforeprint", "afterprint"].map(name => {
            window.dispatchEvent(new Event(name));
            return document.documentElement.dataset.theme;
        })""")
        assert themes == ["light", "dark"]


def test_a_small_picture_can_be_enlarged(browser, site):
    options = {"viewport": PHONE, "device_scale_factor": 2}
    with open_page(browser, f"{site}book/04-gradient.html", [], **options) as page:
        picture = page.locator(".cell_output img").first
        picture.scroll_into_view_if_needed()
        page.get_by_role("button", name="Enlarge").first.click()
        large = page.locator("dialog.enlarged img")
        shown = large.evaluate(
            "e => [e.clientWidth, e.naturalWidth, Number(e.getAttribute('width'))]"
        )
        assert shown[0] == shown[2] > picture.evaluate("e => e.clientWidth") * 1.5
        assert shown[1] == pytest.approx(2 * shown[0], abs=2), "not sharp on a dense screen"
        assert axe_violations(page) == []
        page.keyboard.press("Escape")
        assert page.locator("dialog.enlarged").count() == 0
        picture.click()
        page.get_by_role("button", name="Close").click()
        assert page.locator("dialog.enlarged").count() == 0
        page.set_viewport_size(DESKTOP)
        page.wait_for_timeout(300)
        assert page.get_by_role("button", name="Enlarge").count() == 0


@functools.cache
def parsed(name):
    return BeautifulSoup((SITE / name).read_text(encoding="utf-8"), "html.parser")


@pytest.mark.parametrize("name", CHAPTERS)
def test_pages_do_not_jump_and_code_fits_a_laptop_and_a_phone(browser, site, name):
    article = parsed(name).article
    kept = [
        i for i in article.find_all("img") if not i.find_parent(class_=["player", "explorable"])
    ]
    assert all(img.get("width") and img.get("height") and not img.get("style") for img in kept)
    assert not article.select("a.image-reference"), "a click on a picture would leave the page"
    with open_page(browser, site + name, [], viewport=DESKTOP) as page:
        assert page.evaluate(SHIFT) < 0.05
        page.evaluate("() => document.querySelectorAll('details').forEach(e => e.open = true)")
        assert page.evaluate(WIDE_CODE) == []
        page.set_viewport_size(PHONE)
        assert page.evaluate(WIDE_CODE) == []


@pytest.mark.parametrize("name", [page for page in CHAPTERS if re.search("01|09", page)])
def test_players_are_whole_on_a_phone(browser, site, name):
    cut = """() => [...document.querySelectorAll("figure.player")].filter(e => {
        const [inner, outer] = [e, e.parentElement].map(x => x.getBoundingClientRect());
        return inner.left < outer.left - 1;
    }).length"""
    with open_page(browser, site + name, []) as page:
        assert page.locator("figure.player").count() and page.evaluate(cut) == 0


def test_size_of_a_picture(tmp_path):
    chunk = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + b"\0\0\x05\x78\0\0\x02\xbc" + bytes(9)
    (tmp_path / "plain.png").write_bytes(chunk + b"IDAT")
    (tmp_path / "dense.png").write_bytes(chunk + b"pHYs\0\0\x1e\xc2\0\0\x1e\xc2\x01" + b"IDAT")
    assert pictures.size(tmp_path / "plain.png") == (1400, 700)
    assert pictures.size(tmp_path / "dense.png") == (700, 350)  # 200 pixels an inch
    (tmp_path / "none.png").write_bytes(b"GIF89a")
    with pytest.raises(ValueError, match="not a PNG"):
        pictures.size(tmp_path / "none.png")
    page = '<img alt="a" src="plain.png" /><img alt="b" src="plain.png" /><img src="absent.png" />'
    sized = pictures.with_size(page, tmp_path)
    assert sized.count('width="1400" height="700"') == 2 and sized.count('loading="lazy"') == 1
    assert sized.endswith('<img src="absent.png" />')


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_page_says_what_it_is(name):
    head = parsed(name).head
    said = {e.get("property") or e.get("name"): e.get("content") for e in head.find_all("meta")}
    assert 20 < len(said["description"]) <= page_head.LONGEST + 2
    assert re.match(r"\d+\. ", said["og:title"]) and "<" not in said["og:title"]
    assert not re.search(r"[\\$]", said["description"])
    known = PUBLIC.search((SITE / "404.html").read_text(encoding="utf-8"))
    if known:  # the picture needs the public address of the site
        assert said["og:image"].startswith(known[1]) and said["og:url"] == f"{known[1]}{name}"
        assert head.find("link", rel="canonical")["href"] == said["og:url"]
    else:
        assert "og:image" not in said


@pytest.mark.parametrize("asked", ["404.html", "book/no-such-page.html", "book/api/none/"])
def test_missing_pages_lead_back(browser, site, asked):
    """Wherever a server shows the page instead of the one that was asked for."""
    shown = (SITE / "404.html").read_text(encoding="utf-8")
    known = PUBLIC.search(shown)  # the site may be built for a public address

    def nearer(route):
        route.fulfill(response=route.fetch(url=route.request.url.replace(known[1], site)))

    with open_page(browser, f"{site}index.html", []) as page:
        if known:
            page.route(f"{known[1]}**", nearer)
        page.route(f"{site}{asked}", lambda route: route.fulfill(body=shown, status=404))
        page.goto(f"{site}{asked}")
        page.get_by_role("searchbox").fill("KL")
        page.get_by_role("button", name="Search").click()
        page.wait_for_selector("#search-results li")


def test_sources_lead_back_to_the_pages_that_cite_them():
    page = BeautifulSoup((SITE / "book" / "bibliography.html").read_text(), "html.parser")
    entries = page.select("div.citation")
    assert len(entries) > 15
    assert all(entry.select_one("p.cited a[href]") for entry in entries)
    (core,) = (entry for entry in entries if "limited memory resources" in entry.get_text())
    assert "https://arxiv.org/abs/2011.06387" in [a["href"] for a in core.find_all("a")]
