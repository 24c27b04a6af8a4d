"""The explorables on paper, in colours of the reader, without scripts, and on their way in."""

import io

import numpy as np
import pytest
from accessibility import DESKTOP
from explorables import ALTS, ELSEWHERE
from PIL import Image
from site_inspector import PHONE, open_page

NAMES = sorted(ALTS)
STILL = {"viewport": DESKTOP, "reduced_motion": "reduce"}
SCHEMES = ("light", "dark")
WAIT = 3500  # milliseconds; by then the picture would be there if the script had not come
MOST_SHIFT = 0.02
NOTE_SHIFTS = """
    window.shifts = [];
    new PerformanceObserver(list => list.getEntries().filter(e => !e.hadRecentInput)
        .forEach(e => shifts.push(e.value))).observe({type: "layout-shift", buffered: true});
"""
SEEN = """() => performance.getEntriesByName("first-contentful-paint").length
    && document.querySelector(".still img")?.complete"""
# contrast of the lines of a drawing with what is behind them
FAINT = """root => {
    const light = colour => {
        const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map(c => c / 255)
            .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const canvas = getComputedStyle(document.body.appendChild(Object.assign(
        document.createElement("p"), {style: "color: Canvas"}))).color;
    const lines = [...root.querySelectorAll("svg:not(.overlay, .key) path, circle.handle")];
    return lines.map(e => [e.getAttribute("class"), getComputedStyle(e).stroke])
        .map(([name, stroke]) => [name, [stroke, canvas].map(light)])
        .filter(([_, [a, b]]) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5)
        .map(([name]) => name);
}"""


def pixels(locator):
    picture = Image.open(io.BytesIO(locator.screenshot())).convert("RGB")
    return np.asarray(picture, float)


def colours(locator):
    return len(np.unique(pixels(locator).reshape(-1, 3), axis=0))


def visited(browser, address, name="explorables", **options):
    return open_page(browser, f"{address}{name}.html", [], **{**STILL, **options})


def seen(browser, address, place, **options):
    """What a reader sees of a part of the maze and of the frontier, after ten trials."""
    with visited(browser, address, **options) as page:
        for _ in range(10):
            page.get_by_role("button", name="One trial").click()
        page.mouse.move(0, 0)
        page.evaluate("() => document.activeElement.blur()")
        return [pixels(part) for part in page.locator(place).all()]


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("place", [".cells", ".bar", ".key"])
def test_forced_colours_leave_the_maze_and_its_keys(browser, address, place, scheme):
    usual = seen(browser, address, place)
    forced = seen(browser, address, place, forced_colors="active", color_scheme=scheme)
    assert len(usual) == len(forced) >= 2
    for a, b in zip(usual, forced, strict=True):
        height, width = np.minimum(a.shape, b.shape)[:2]
        inner = np.s_[2 : height - 2, 2 : width - 2]  # without the frame, which may change
        assert np.abs(a[inner] - b[inner]).mean() < 3


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("name", NAMES)
def test_forced_colours_leave_every_line_visible(browser, address, name, scheme):
    with visited(browser, address, forced_colors="active", color_scheme=scheme) as page:
        root = page.locator(f'[data-explorable="{name}"]')
        assert root.evaluate(FAINT) == []
        for path in root.locator("path.axis").all():
            path.evaluate("e => e.style.stroke = 'Canvas'")
        assert ("axis" in root.evaluate(FAINT)) == (root.locator("path.axis").count() > 0)


@pytest.mark.parametrize("name", ["index", "explorables"])
@pytest.mark.parametrize("how", ["print", "no script"])
def test_a_picture_stands_on_paper_and_without_scripts(browser, address, name, how):
    script = how == "print"
    with visited(browser, address, name, java_script_enabled=script) as page:
        if script:
            page.emulate_media(media="print")
        for root in page.locator(".explorable").all():
            alt = ALTS[root.get_attribute("data-explorable")]
            picture = root.get_by_role("img", name=alt)
            picture.scroll_into_view_if_needed()
            page.wait_for_load_state("networkidle")
            assert root.get_by_text(ELSEWHERE).is_visible()
            assert colours(picture) > 50
            assert not root.get_by_role("slider").or_(root.get_by_role("button")).all()
            box = picture.bounding_box()
            assert box["width"] > 500 and 0.3 < box["height"] / box["width"] < 1


def test_the_picture_is_not_shown_where_the_figure_lives(browser, address):
    with visited(browser, address) as page:
        page.wait_for_timeout(WAIT)
        assert not any(still.is_visible() for still in page.locator(".still").all())
        assert page.locator(".stage").count() == len(NAMES)


@pytest.fixture(scope="module")
def deferred(explorables_site, address):
    """The address of the same page with its scripts run after all of it was read."""
    folder = explorables_site / "book"
    text = (folder / "explorables.html").read_text(encoding="utf-8")
    text = text.replace("<script src", "<script defer src")
    (folder / "deferred.html").write_text(text, encoding="utf-8")
    yield address
    (folder / "deferred.html").unlink()


def shift(browser, address, name, viewport, late=False):
    """The sum of all layout shifts while a reader comes to each figure and watches it.

    Scripts that are ``late`` come when the reader has seen the page with its first picture.
    """
    held = []

    def hold(route):
        return held.append(route) if late else route.continue_()

    with browser.new_context(viewport=viewport) as context:
        page = context.new_page()
        page.add_init_script(NOTE_SHIFTS)
        if late:
            page.route("**/*.js", hold)
        page.goto(f"{address}{name}.html", wait_until="commit" if late else "load")
        if late:
            page.wait_for_function(SEEN)
        late = False
        for route in held:
            route.continue_()
        page.wait_for_load_state("load")
        for root in page.locator(".explorable").all():
            root.scroll_into_view_if_needed()
            page.wait_for_timeout(1500)
        return sum(page.evaluate("() => shifts"))


@pytest.mark.parametrize("viewport", [DESKTOP, PHONE], ids=["desktop", "phone"])
def test_nothing_moves_when_an_explorable_comes_to_life(browser, address, deferred, viewport):
    for name in ("index", "explorables"):
        assert shift(browser, address, name, viewport) < MOST_SHIFT
    assert shift(browser, deferred, "deferred", viewport, late=True) > 2 * MOST_SHIFT  # twin
