"""The search leads to the place that is meant; links show and unfold what they lead to."""

from urllib.parse import quote

import pytest
from accessibility import DESKTOP, axe_violations
from site_inspector import ROOT, open_page, serve

SITE = ROOT / "_build" / "html"
MEANT = {  # what is typed, and the place it must lead to first
    "KL": "notation.html#term-KullbackLeibler-divergence",
    "d prime": "notation.html#term-discriminability",
    "d'": "notation.html#term-discriminability",
    "sigma_base": "notation.html#term-base-memory",
    "planning": "notation.html#term-planning",
    "baseline": "notation.html#term-baseline",
    "figure 6.2": "06-changing-maze.html#fig-change-maps",
    "Fig. 6.2": "06-changing-maze.html#fig-change-maps",
    "solution 3.2": "03-price-of-precision.html#sol-03-both",
    "exercise 4.1": "04-gradient.html#ex-04-score",
    "equation (2.1)": "02-noisy-choices.html#equation-eq-two-actions",
    "eq 4.2": "04-gradient.html#equation-eq-inside",
    "section 4.3": "04-gradient.html#the-score",
    "chapter 7": "07-start-rich.html#start-rich",
    "learning rate": "notation.html#term-step-size",
    "dra.train": "api/dra.html#dra.train",
}


@pytest.fixture(scope="module")
def site():
    with serve(SITE) as base:
        yield base


def search(page, address, words):
    """The addresses that a search finds."""
    page.goto(f"{address}search.html?q={quote(words)}")
    page.wait_for_selector("#search-results p")
    return [a.get_attribute("href") for a in page.locator("#search-results li a").all()]


def test_names_lead_to_their_place(browser, site):
    problems = []
    with open_page(browser, f"{site}search.html", problems) as page:
        first = {words: search(page, site, words)[:1] for words in MEANT}
    assert first == {words: [f"./book/{place}"] for words, place in MEANT.items()}
    assert problems == []


def test_hits_open_at_their_section_with_plain_words(browser, site):
    with open_page(browser, f"{site}search.html", [], viewport=DESKTOP) as page:
        assert all("#" in address for address in search(page, site, "hysteresis"))
        excerpt = page.locator("#search-results li p").first
        assert excerpt.locator("mark").first.inner_text().lower() == "hysteresis"
        assert not any(sign in excerpt.inner_text() for sign in "\\${}")
        assert axe_violations(page) == []
        page.locator("#search-results li a").first.click()
        page.wait_for_load_state()
        page.wait_for_function(
            "() => Math.abs(document.querySelector(location.hash).getBoundingClientRect().y) < 300"
        )


def test_a_misspelt_word_is_found_and_nonsense_is_not(browser, site):
    with open_page(browser, f"{site}search.html", []) as page:
        assert search(page, site, "histeresis")
        assert search(page, site, "zyxwvutsrqp") == []
        assert "No match" in page.locator("#search-results p").inner_text()
        assert search(page, site, "") == []


def test_search_works_from_a_disk(browser):
    problems = []
    with open_page(browser, (SITE / "search.html").as_uri(), problems) as page:
        assert search(page, f"{SITE.as_uri()}/", "KL")
    assert problems == []


@pytest.mark.parametrize(
    ("part", "says"),
    [
        ("#equation-eq-", "."),
        ("bibliography.html#", "Patel"),
    ],
)
def test_links_show_where_they_lead(browser, site, part, says):
    with open_page(browser, f"{site}book/10-best-allocation.html", [], viewport=DESKTOP) as page:
        link = page.locator(f'article a.reference.internal[href*="{part}"]').first
        link.scroll_into_view_if_needed()
        link.hover()
        box = page.locator("#preview")
        box.wait_for(state="visible")
        assert link.get_attribute("aria-describedby") == "preview"
        assert says in box.inner_text() and page.evaluate(
            "() => !!document.getElementById('preview')"
        )
        box.hover()
        page.wait_for_timeout(400)
        assert box.is_visible(), "the mouse may move onto it"
        page.keyboard.press("Escape")
        assert not box.is_visible()
        page.mouse.move(5, 5)
        link.focus()
        box.wait_for(state="visible")
        link.evaluate("e => e.blur()")
        assert not box.is_visible()


def test_a_term_shows_its_meaning(browser, site):
    with open_page(browser, f"{site}book/01-limited-memory.html", [], viewport=DESKTOP) as page:
        link = page.locator('article a.reference.internal[href*="#term-"]').first
        link.focus()
        box = page.locator("#preview")
        box.wait_for(state="visible")
        assert len(box.inner_text()) > 30
        assert axe_violations(page, ["color-contrast"]) == []


def test_a_link_to_a_solution_unfolds_it(browser, site):
    with open_page(browser, f"{site}book/03-price-of-precision.html#sol-03-both", []) as page:
        assert page.locator("#sol-03-both section").first.is_visible()
        assert not page.locator("#sol-03-bad section").first.is_visible()
        page.goto(f"{site}book/03-price-of-precision.html#sol-03-bad")
        page.wait_for_timeout(300)
        assert page.locator("#sol-03-bad section").first.is_visible()
