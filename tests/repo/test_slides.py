"""The slides say what their chapters say: every figure is there, every number was printed."""

import re

import make_slides
import pytest
import slide_sources
from slide_sources import ROOT, Slide, chapter, decks, question, read_deck

DECKS = decks()
DECIMAL = re.compile(r"(?<![\d.])(?<!xercise )\d+\.\d+")
MINUTES = range(35, 91)
SLIDES = range(12, 19)


def text_of(deck):
    """All that is shown and said in a deck, without the addresses of its links."""
    said = "\n".join(f"{s.title}\n{s.body}\n{s.notes}" for s in deck.slides)
    return re.sub(r"\]\([^)]*\)", "]", said)


def unfounded(text, chapter_text, exceptions=()):
    """The numbers with a decimal point in a text that its chapter never prints."""
    printed = set(DECIMAL.findall(chapter_text)) | set(exceptions)
    return [number for number in DECIMAL.findall(text) if number not in printed]


def test_every_chapter_has_a_deck():
    chapters = sorted((ROOT / "book").glob("[0-9][0-9]-*.ipynb"))
    assert [deck.chapter for deck in DECKS] == [int(path.name[:2]) for path in chapters]


@pytest.mark.parametrize("deck", DECKS, ids=lambda deck: f"{deck.chapter:02d}")
def test_deck(deck):
    assert deck.minutes in MINUTES and len(deck.slides) in SLIDES
    assert all(slide.notes and slide.minutes >= 1 for slide in deck.slides)
    bodies = "\n".join(slide.body for slide in deck.slides)
    assert len(re.findall(r"^\{figure\}", bodies, re.MULTILINE)) >= 2
    assert re.search(r"^\{vote\}", bodies, re.MULTILINE)
    assert re.search(r"^\{live\} .*\*\*Predict first:\*\*", bodies, re.MULTILINE)
    assert re.search(r"break", "".join(slide.title + slide.notes for slide in deck.slides))
    assert "take-aways" in "".join(slide.title for slide in deck.slides).lower()


@pytest.mark.parametrize("deck", DECKS, ids=lambda deck: f"{deck.chapter:02d}")
def test_numbers_stand_in_the_chapter(deck):
    assert unfounded(text_of(deck), chapter(deck.chapter).text, deck.exceptions) == []
    assert len(deck.exceptions) <= 3


@pytest.mark.parametrize("deck", DECKS, ids=lambda deck: f"{deck.chapter:02d}")
def test_page_holds_everything(deck):
    page = make_slides.deck_page(deck)
    bodies = "\n".join(slide.body for slide in deck.slides)
    for name in re.findall(r"^\{figure\} (\S+)", bodies, re.MULTILINE):
        assert f'src="figures/{name}.png" alt="' in page
    assert page.count("<section") == page.count('<aside class="notes">') == len(deck.slides)
    assert page.count('class="fragment answer"') == bodies.count("{vote}")
    assert "{figure}" not in page and "{live}" not in page and "{eq}" not in page
    assert "http" not in re.sub(r'"http://www.w3.org/[^"]*"', "", page)


def test_a_number_of_nowhere_is_noticed():
    assert unfounded("3.62 and −91.7, not 91.8", "it is 3.62, or -91.7") == ["91.8"]
    assert unfounded("91.8", "91.7", ["91.8"]) == []
    assert unfounded("exercise 4.1", "") == []
    assert unfounded("2.5 times", "2.55 times") == ["2.5"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Notes (1 min): x\n\n## Two\n\ntext", "'Two' has 0 notes"),
        ("## One\n\nNotes (1 min): x", "'' has 0 notes"),
        ("Notes (1 min): x\n\nNotes (2 min): y", "has 2 notes"),
    ],
)
def test_a_slide_without_notes_is_refused(tmp_path, text, message):
    path = tmp_path / "01.md"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        read_deck(path)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("{figure} fig-absent", "figure is 'fig-absent'; chapter 1 has fig-two-bills"),
        ("{vote} quick-9", "question is 'quick-9'"),
        ("{eq}`eq-absent`", "name {eq}`eq-absent`, which is not there"),
        ("{ref}`ch-absent`", "no chapter has the label 'ch-absent'"),
    ],
)
def test_what_is_not_there_is_named(body, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make_slides.section(1, Slide("Title", body, "said", 1), "")


def test_references_lead_to_the_book():
    shown = make_slides.to_html(
        4, "{eq}`eq-kl`, {numref}`fig-levers`, {ref}`ch-price`, {term}`nat`"
    )
    assert 'href="../book/03-price-of-precision.html#equation-eq-kl">(3.1)</a>' in shown
    assert 'href="../book/04-gradient.html#fig-levers">figure 4.1</a>' in shown
    assert ">The price of precision</a>, nat" in shown
    numbered = make_slides.to_html(1, "{numref}`Chapter %s <ch-price>`")
    assert '<a href="../book/03-price-of-precision.html">Chapter 3</a>' in numbered


def test_a_question_has_its_answers(tmp_path):
    folder = tmp_path / "dra_exercises" / "chapter_01"
    folder.mkdir(parents=True)
    quiz = (
        "# 1 T\n\n## one\n\nWhat?\n\n- ( ) No $x$.\n\n  Says no.\n\n- (x) Yes.\n\n  Right. Why.\n"
    )
    (folder / "quiz.md").write_text(f"{quiz}\n## two\n\nHow many?\n\n- [5 +- 1]\n\n  Right.\n")
    text, options = question(1, "one", tmp_path)
    assert text == "What?" and [o.right for o in options] == [False, True]
    assert options[0].text == "No $x$." and options[1].says == "Right. Why."
    with pytest.raises(ValueError, match="no options to vote on"):
        question(1, "two", tmp_path)


def test_the_folder_is_whole(tmp_path):
    pages = make_slides.write(tmp_path / "slides")
    assert [page.name for page in pages] == [f"{deck.chapter:02d}.html" for deck in DECKS]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for asset in re.findall(r'(?:src|href)="((?!\.\.|data:|#)[^"]+)"', text):
            assert (page.parent / asset).is_file(), asset
    assert slide_sources.decks(tmp_path) == []
