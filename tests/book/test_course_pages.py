"""The slides in a browser, and the pages for instructors, whose lists are made from the checks."""

import subprocess
import sys
from types import ModuleType
from urllib.parse import unquote, urljoin, urlsplit

import pytest
import teaching
from accessibility import DESKTOP, axe_violations
from site_inspector import (
    ALT_TEXTS,
    DRAWN_MATHS,
    ROOT,
    LinkParser,
    open_page,
    pages,
    serve,
)
from slide_sources import decks

from dra_exercises.spec import Choice, Open, Value, Wrong

SITE = ROOT / "_build" / "html"
DECKS = {f"{deck.chapter:02d}": deck for deck in decks()}
WHOLE = 4_000_000  # bytes of the folder, not compressed
# every point that appears later is shown, so that a slide is as full as it gets
SHOW = """k => { Reveal.slide(k);
    while (Reveal.availableFragments().next) Reveal.nextFragment(); }"""
RUNS_OVER = """() => {
    const slide = Reveal.getCurrentSlide(), scale = Reveal.getScale();
    const from = slide.getBoundingClientRect();
    const shown = [...slide.querySelectorAll("*")].filter(e => !e.closest("aside"));
    const boxes = shown.map(e => e.getBoundingClientRect());
    const down = Math.max(...boxes.map(b => (b.bottom - from.top) / scale));
    const right = Math.max(...boxes.map(b => (b.right - from.left) / scale));
    return down > 700 || right > 1281 ? [`${slide.innerText.slice(0, 40)}: ${down}, ${right}`] : [];
}"""
UNLOADED = """() => [...document.images].filter(e => !e.naturalWidth).map(e => e.src)"""


# a picture is projected at least this high, of 720
SMALL = """() => [...Reveal.getCurrentSlide().querySelectorAll('figure img')]
  .map(image => image.getBoundingClientRect().height).filter(height => height < 300)
  .map(height => `a picture of ${Math.round(height)} px`)"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the slides and nothing else.

    The tool runs by itself: the engine of the formulas would share the event loop of the browser.
    """
    made = tmp_path_factory.mktemp("site") / "slides"
    tool = ROOT / "tools" / "make_slides.py"
    subprocess.run([sys.executable, tool, made], check=True, capture_output=True)
    return made


@pytest.fixture(scope="module")
def address(folder):
    with serve(folder.parent) as base:
        yield f"{base}slides/"


def projected(browser, url, problems):
    """A page of slides as it is projected."""
    size = {"width": 1280, "height": 720}
    return open_page(browser, url, problems, viewport=size, reduced_motion="reduce")


@pytest.mark.parametrize("name", DECKS)
def test_deck_from_a_disk(browser, folder, name):
    """It asks nobody for anything, draws formulas and figures, and no slide is too full."""
    problems = []
    with projected(browser, (folder / f"{name}.html").as_uri(), problems) as page:
        count = page.evaluate("() => Reveal.getTotalSlides()")
        assert count == len(DECKS[name].slides)
        maths = page.evaluate(DRAWN_MATHS)
        problems += maths["wrong"] + page.evaluate(UNLOADED)
        for k in range(count):
            page.evaluate(SHOW, k)
            problems += page.evaluate(DRAWN_MATHS)["missing"] + page.evaluate(RUNS_OVER)
            problems += page.evaluate(SMALL)
        for alt, source in page.evaluate(ALT_TEXTS.replace("article ", "")):
            problems += [] if len(alt) >= 40 else [f"alt text {alt!r} of {source}"]
    assert problems == []


def test_too_full_a_slide_is_noticed(browser, folder):
    with projected(browser, (folder / "01.html").as_uri(), []) as page:
        page.evaluate(
            "Reveal.getCurrentSlide().insertAdjacentHTML('beforeend', '<p>x</p>'.repeat(20))"
        )
        assert page.evaluate(RUNS_OVER) and not page.evaluate(UNLOADED)
        page.evaluate("Reveal.getCurrentSlide().append(new Image())")
        assert page.evaluate(UNLOADED)
        page.evaluate(
            "Reveal.getCurrentSlide().insertAdjacentHTML('beforeend', '<figure><img></figure>')"
        )
        assert page.evaluate(SMALL)


@pytest.mark.parametrize("name", ["01", "04", "09", "12"])
def test_axe_finds_nothing(browser, address, name):
    found = []
    with projected(browser, f"{address}{name}.html", []) as page:
        for k in range(0, len(DECKS[name].slides), 3):
            page.evaluate(SHOW, k)
            page.wait_for_timeout(300)
            found += [f"slide {k + 1}: {fault}" for fault in axe_violations(page)]
    assert found == []


def test_axe_sees_slides(browser, address):
    with projected(browser, f"{address}01.html", []) as page:
        page.evaluate(
            "Reveal.getCurrentSlide().insertAdjacentHTML('beforeend',"
            '\'<p style="color: #aaa">Pale.</p><img src="data:,">\')'
        )
        found = "\n".join(axe_violations(page))
    assert "color-contrast" in found and "image-alt" in found


def test_keys_lead_through_a_deck(browser, folder):
    with projected(browser, (folder / "02.html").as_uri(), []) as page:
        page.keyboard.press("ArrowRight")
        assert page.evaluate("() => Reveal.getIndices().h") == 1
        page.keyboard.press("End")
        assert page.evaluate("() => Reveal.isLastSlide()")
        page.keyboard.press("Shift+?")
        assert (
            page.get_by_text("Speaker notes view", exact=False).count()
            or page.locator(".r-overlay").is_visible()
        )


def test_speaker_view_shows_the_notes(browser, folder):
    """From a disk as well, where pages may not look into each other."""
    with projected(browser, (folder / "03.html").as_uri(), []) as page:
        page.keyboard.press("ArrowRight")
        with page.expect_popup() as opened:
            page.keyboard.press("s")
        notes = opened.value.locator(".speaker-controls-notes .value")
        first = DECKS["03"].slides[1].notes.split(".")[0]
        notes.get_by_text(first, exact=False).wait_for()
        assert "4 min" in notes.inner_text()


def test_print(browser, folder):
    """One sheet for each slide, with all that appears later."""
    problems = []
    with projected(browser, (folder / "06.html").as_uri() + "?print-pdf", problems) as page:
        page.wait_for_selector(".pdf-page")
        assert page.locator(".pdf-page").count() == len(DECKS["06"].slides)
        hidden = page.locator(".fragment").evaluate_all(
            "all => all.filter(e => getComputedStyle(e).visibility === 'hidden').length"
        )
        assert hidden == 0
    assert problems == []


def test_slides_are_light(folder):
    assert sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) < WHOLE
    assert max(path.stat().st_size for path in folder.glob("*.html")) < 100_000


def linked(path):
    """The anchors and links of a page."""
    parser = LinkParser()
    parser.feed(path.read_text(encoding="utf-8"))
    return parser


def test_links_lead_into_the_site(folder):
    assert pages(SITE), "no built site: run `make book` first"
    broken = []
    for name in DECKS:
        for link in linked(folder / f"{name}.html").links:
            target = urlsplit(urljoin(f"/slides/{name}.html", link))
            path = SITE / unquote(target.path).lstrip("/")
            if not path.is_file() or unquote(target.fragment) not in {"", *linked(path).anchors}:
                broken.append(f"{name} -> {link}")
    assert broken == []


def test_the_site_offers_every_deck():
    offered = set(linked(SITE / "book" / "teaching.html").links)
    assert {f"../slides/{name}.html" for name in DECKS} <= offered
    assert all((SITE / "slides" / f"{name}.html").is_file() for name in DECKS)


# The lists ----------------------------------------------------------------------------------------


@pytest.fixture
def checked(monkeypatch):
    """A chapter whose checks are known."""
    module = ModuleType("dra_exercises.chapter_04.checks")
    module.EXERCISES = {
        "4.1": Value(lambda: 1.0, wrong=(Wrong(2.0, "counts twice", "Count once.\n\nSee $x$."),)),
        "4.2": Choice("A", (Wrong("B", "takes the mean", "Look at {eq}`eq-score`."),)),
        "4.6": Open(("says what survives", "says what fails")),
    }
    monkeypatch.setitem(sys.modules, module.__name__, module)


def test_lists_are_made_from_the_checks(checked):
    assert [entry[:2] for entry in teaching.misconceptions(4)] == [
        ("4.1", "counts twice"),
        ("4.2", "takes the mean"),
    ]
    assert teaching.rubrics(4) == [("4.6", ("says what survives", "says what fails"))]


def test_three_misconceptions_stand_first_and_none_is_lost():
    found = [("2.1", "a", "A."), ("2.2", "b", "B."), ("2.2", "b", "Also B."), ("2.3", "c", "C.")]
    first, others = teaching.parted(found, ["2.3 c", "2.2 b"])
    assert first == [found[3], found[1]] and others == [found[0], found[2]]
    with pytest.raises(ValueError, match="no misconception of its chapter"):
        teaching.parted(found, ["2.4 d"])


def test_a_chapter_without_checks_has_no_lists(monkeypatch):
    monkeypatch.setattr(teaching.importlib, "import_module", absent)
    assert teaching.exercises(4) is teaching.misconceptions(4) is teaching.rubrics(4) is None


def absent(name):
    """Import nothing, as where a chapter has no checks yet."""
    raise ModuleNotFoundError(name=name)


def test_a_broken_chapter_is_not_taken_for_one_without_checks(monkeypatch):
    def broken(name):
        raise ModuleNotFoundError(name="numpi")

    monkeypatch.setattr(teaching.importlib, "import_module", broken)
    with pytest.raises(ModuleNotFoundError):
        teaching.exercises(4)


def test_cards_and_titles_are_read():
    for number in range(1, 14):
        label, title, objectives, time = teaching.card(number)
        assert label.startswith("ch-") and title and 4 <= len(objectives) <= 6
        assert "minutes to read" in time
    assert teaching.titles(4)["4.1"] == "A score by hand"


@pytest.mark.parametrize("number", range(1, 14))
def test_the_page_lists_what_the_checks_know(number):
    path = SITE / "book" / "teaching" / "misconceptions.html"
    page = path.read_text(encoding="utf-8")
    known = teaching.misconceptions(number)
    for exercise, _, _ in known:
        assert f"({exercise} " in page
    assert f"{len(known) - 3} others" in page
    assert page.count(f"<strong>{number}.</strong>") == 1


@pytest.mark.parametrize(
    "name", ["teaching", "project", "project-report", "teaching/exam-solutions"]
)
def test_axe_finds_nothing_on_the_pages(browser, name):
    with serve(SITE) as base:
        with open_page(browser, f"{base}book/{name}.html", [], viewport=DESKTOP) as page:
            assert axe_violations(page) == []
