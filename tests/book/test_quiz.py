"""Questions in the page: answered by mouse, keyboard and finger, remembered on the device alone."""

import json
import re

import pytest
import quiz
from site_inspector import PHONE, ROOT, open_page, pages, serve

from dra_exercises import source

SITE = ROOT / "_build" / "html"
PAGES = [page for page in pages(SITE) if 'class="quiz-facts"' in (SITE / page).read_text()]
CHAPTER, PAGE = 4, "book/04-gradient.html"
PLACE = "remember-what-matters-quiz-4"
CHOICE, NUMBER = "4.why-reparam", "4.variance-one"
DIRECTIVE = re.compile(r"```\{quiz\} (\S+)")


@pytest.fixture(scope="module")
def site():
    assert PAGES, "no built site with a question: run `make book` first"
    with serve(SITE) as base:
        yield base


@pytest.fixture
def page(browser, site):
    problems = []
    with open_page(browser, site + PAGE, problems) as opened:
        yield opened
    assert problems == []


def card(page, name):
    """The card of a question: the last one above its facts."""
    cards = [json.loads(t)["name"] for t in page.locator("script.quiz-facts").all_text_contents()]
    return page.locator("div.quiz").nth(cards.index(name))


def right_option(name):
    return [option.right for option in quiz.find(name)[1].options].index(True)


def answer(page, name, k):
    card(page, name).get_by_role("radio").nth(k).check()
    card(page, name).get_by_role("button", name="Check").click()
    return card(page, name).get_by_role("status")


def test_every_question_is_asked_once_in_its_chapter():
    for chapter in source.chapters():
        (path,) = (ROOT / "book").glob(f"{chapter:02d}-*.ipynb")
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        asked = DIRECTIVE.findall("\n".join("".join(cell["source"]) for cell in cells))
        known = [f"{chapter}.{question.name}" for question in source.read(chapter).quiz]
        assert sorted(asked) == sorted(known)
        assert len(asked) >= 7


def test_right_answers_are_spread():
    for part in (range(1, 6), range(6, 10), range(10, 14)):
        letters = []
        for chapter in part:
            options = [q.options for q in source.read(chapter).quiz if q.options]
            mine = [[o.right for o in each].index(True) for each in options]
            assert len(set(mine)) > 1
            letters += mine
        most = max(letters.count(k) for k in set(letters))
        assert most <= len(letters) / 2


def test_wrong_then_right(page):
    right = right_option(CHOICE)
    status = answer(page, CHOICE, (right + 1) % 3)
    assert "quiz-wrong" in status.get_attribute("class") and "✗" in status.inner_text()
    status = answer(page, CHOICE, right)
    assert "quiz-right" in status.get_attribute("class") and "Right" in status.inner_text()
    score = page.locator(".quiz-score")
    assert score.inner_text().startswith("0 of 9 right at the first try; 8 not answered")


def test_feedback_is_announced_and_says_what_the_source_says(page):
    question = quiz.find(CHOICE)[1]
    for k, option in enumerate(question.options):
        status = answer(page, CHOICE, k)
        assert status.get_attribute("role") == "status"
        assert option.feedback.split(".")[0][:20] in status.inner_text()


def test_nothing_chosen(page):
    card(page, CHOICE).get_by_role("button", name="Check").click()
    assert "Choose an answer" in card(page, CHOICE).get_by_role("status").inner_text()
    card(page, NUMBER).get_by_role("button", name="Check").click()
    assert "Type a number" in card(page, NUMBER).get_by_role("status").inner_text()


@pytest.mark.parametrize(
    ("typed", "part", "right"),
    [
        ("900", "Right", True), ("9e2", "Right", True), ("912,5", "Right", True),
        (" 880.0 ", "Right", True), ("30", "square root", False), ("5,48", "square it", False),
        ("946", "root of the number", False), ("-900", "root of the number", False),
        ("\u2212900", "root of the number", False),
        ("many", "Type a number", None), ("", "Type a number", None), ("9.0.0", "Type a", None),
    ],
)  # fmt: skip
def test_numbers(page, typed, part, right):
    field = card(page, NUMBER).get_by_role("textbox", name="Your number")
    field.fill(typed)
    field.press("Enter")
    status = card(page, NUMBER).get_by_role("status")
    assert part.lower() in status.inner_text().lower()
    assert ("quiz-right" in status.get_attribute("class")) == bool(right)


def test_by_keyboard_alone(page):
    first = card(page, CHOICE).get_by_role("radio").first
    first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    assert card(page, CHOICE).get_by_role("radio").nth(1).is_checked()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert card(page, CHOICE).get_by_role("status").inner_text()


def test_options_have_names_and_a_group(page):
    group = card(page, CHOICE).get_by_role("group")
    assert group.count() == 1
    snapshot = card(page, CHOICE).aria_snapshot()
    assert 'group "Question: your answer"' in snapshot
    assert len(re.findall(r'radio "[A-C]\. ', snapshot)) == 3


def test_remembered_and_forgotten(browser, site):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site + PAGE)
        answer(page, CHOICE, right_option(CHOICE))
        card(page, NUMBER).get_by_role("textbox").fill("30")
        card(page, NUMBER).get_by_role("button", name="Check").click()
        page.reload()
        assert "1 of 9 right" in page.locator(".quiz-score").inner_text()
        assert card(page, CHOICE).get_by_role("radio").nth(right_option(CHOICE)).is_checked()
        assert card(page, NUMBER).get_by_role("textbox").input_value() == "30"
        other = context.new_page()  # another tab hears of it
        other.goto(site + PAGE)
        other.get_by_role("button", name="Forget my answers").click()
        page.wait_for_function(
            "() => document.querySelector('.quiz-score').innerText.includes('9 questions')"
        )
        assert card(page, CHOICE).get_by_role("status").inner_text() == ""
        assert page.evaluate(f"localStorage.getItem({PLACE!r})") is None


def test_a_question_that_has_changed_forgets_its_old_answer(browser, site):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site + PAGE)
        answer(page, CHOICE, right_option(CHOICE))
        page.evaluate(
            "() => { const key = localStorage.key(0); localStorage.setItem(key, "
            'localStorage.getItem(key).replace(/"digest":"[^"]*"/, \'"digest":"old"\')); }'
        )
        page.reload()
        assert "9 questions" in page.locator(".quiz-score").inner_text()
        assert not card(page, CHOICE).get_by_role("radio").nth(right_option(CHOICE)).is_checked()


@pytest.mark.parametrize("stored", ["null", "7", "[]", '"x"', "{", '{"4.why-reparam": 3}'])
def test_a_damaged_store_is_no_obstacle(browser, site, stored):
    problems = []
    with browser.new_context() as context:
        page = context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(site + PAGE)
        page.evaluate(f"localStorage.setItem({PLACE!r}, {json.dumps(stored)})")
        page.reload()
        assert "Right" in answer(page, CHOICE, right_option(CHOICE)).inner_text()
    assert problems == []


def test_a_blocked_store_is_no_obstacle(browser, site):
    with browser.new_context() as context:
        context.add_init_script(
            "for (const name of ['getItem', 'setItem', 'removeItem'])"
            " Storage.prototype[name] = () => { throw new Error('blocked'); };"
        )
        page = context.new_page()
        page.goto(site + PAGE)
        assert "Right" in answer(page, CHOICE, right_option(CHOICE)).inner_text()
        assert "1 of 9" in page.locator(".quiz-score").inner_text()
        page.get_by_role("button", name="Forget my answers").click()
        assert "9 questions" in page.locator(".quiz-score").inner_text()


def test_from_a_disk_and_by_finger(browser):
    with browser.new_context(has_touch=True, viewport=PHONE) as context:
        page = context.new_page()
        page.goto((SITE / PAGE).as_uri())
        option = card(page, CHOICE).locator("label").nth(right_option(CHOICE))
        assert option.bounding_box()["height"] >= 43
        option.tap()
        button = card(page, CHOICE).get_by_role("button", name="Check")
        assert button.bounding_box()["height"] >= 43
        button.tap()
        assert "Right" in card(page, CHOICE).get_by_role("status").inner_text()


def test_without_scripts_answers_are_folded(browser, site):
    with open_page(browser, site + PAGE, [], java_script_enabled=False) as page:
        folds = page.locator("div.quiz").first.locator("details")
        assert folds.count() == 3
        assert not page.locator("fieldset").count()


def test_on_paper_all_answers_are_listed(page):
    page.emulate_media(media="print")
    paper = card(page, CHOICE).locator(".quiz-paper")
    assert paper.is_visible() and paper.inner_text().count("\n") >= 2
    assert not card(page, CHOICE).get_by_role("button").is_visible()


def test_a_question_that_is_not_there_stops_the_build():
    for wrong in ("4.nobody", "4", "four.x", "99.x", ""):
        with pytest.raises(ValueError, match=r"quiz|chapter"):
            quiz.find(wrong)
