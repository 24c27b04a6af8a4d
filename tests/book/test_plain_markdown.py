"""From the Markdown of a chapter to Markdown that any viewer shows, on small cases."""

import re

import pytest
from plain_markdown import Page, blocks, markdown

PAGE = Page(
    role=lambda name, text: f"<{name} {text}>",
    equation={"eq-a": "2.1"}.__getitem__,
    exercise={"ex-a": ("2.3", "A $b$ title")}.__getitem__,
    section=iter([f"2.{i}. " for i in range(1, 9)]).__next__,
)


def lines(*text):
    return "\n".join(text)


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("Plain *text*, `code` and $x_1$.", "Plain *text*, `code` and $x_1$."),
        ("See {eq}`eq-a`, {cite:t}`x`.", "See <eq eq-a>, <cite:t x>."),
        ("{numref}`Chapter %s <ch-a>`", "<numref Chapter %s <ch-a>>"),
        (lines("(ch-a)=", "# Title"), "# 2.1. Title"),
        (lines("(here)=", "", "Text"), lines('<a id="here"></a>', "", "Text")),
        (lines("$x$", ": Its meaning."), "- $x$: Its meaning."),
        (lines("```python", "{eq}`eq-a`", "```"), lines("```python", "{eq}`eq-a`", "```")),
        (
            lines("```{math}", ":label: eq-a", "", "x = 1", "```"),
            lines('<a id="equation-eq-a"></a>', "", "$$", "x = 1", r"\tag{2.1}", "$$"),
        ),
        (lines("```{math}", "x = 1", "```"), lines("$$", "x = 1", "$$")),
        (
            lines("```{admonition} Card", ":class: objectives", "", "- a", "$$", "x", "$$", "```"),
            lines("> **Card**", ">", "> - a", "> $$ x $$"),
        ),
        (lines("```{only} html", "Only there.", "```"), ""),
        (
            lines("```{exercise} A title", ":label: ex-a", "", "Do.", "```"),
            lines('### <a id="ex-a"></a>Exercise 2.3. A $b$ title', "", "Do."),
        ),
        (
            lines("```{solution} ex-a", ":label: sol-a", ":class: dropdown", "", "So.", "```"),
            lines(
                "<details>",
                "<summary><b>Solution to Exercise 2.3</b> (A $b$ title)</summary>",
                "", "So.", "", "</details>",
            ),
        ),
        (
            lines("Before.", "```{dropdown} Why", "Because {eq}`eq-a`.", "```", "After."),
            lines(
                "Before.", "", "<details>", "<summary><b>Why</b></summary>", "",
                "Because <eq eq-a>.", "", "</details>", "", "After.",
            ),
        ),
    ],
)  # fmt: skip
def test_markdown(source, expected):
    page = PAGE._replace(section=lambda: "2.1. ")
    assert markdown(source, page) == expected


def test_the_options_of_a_question_stand_together_and_their_answers_are_folded():
    question = lines(
        "```{admonition} Quick question 1", ":class: quick", "", "Which?", "",
        ":::{dropdown} A. This $x$.", "Right.", ":::", "",
        ":::{dropdown} B. That.", "No: {eq}`eq-a`.", ":::", "```",
    )  # fmt: skip
    made = markdown(question, PAGE)
    assert all(line.startswith(">") for line in made.splitlines())
    seen, *answers = re.sub(r"^> ?", "", made, flags=re.MULTILINE).split("<details>")
    assert "- **A.** This $x$.\n- **B.** That." in seen and "Right" not in seen
    assert [answer.split("</summary>")[0].strip() for answer in answers] == [
        "<summary>If you chose A",
        "<summary>If you chose B",
    ]
    assert "Right." in answers[0] and "No: <eq eq-a>." in answers[1]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("```{figure} x.png\n```", "no directive 'figure'"),
        ("```{math}\nx", "is not closed"),
    ],
)
def test_what_is_not_known_is_refused(source, message):
    with pytest.raises(ValueError, match=message):
        markdown(source, PAGE)


def test_a_longer_fence_holds_a_shorter_one():
    source = lines("````{admonition} Card", "```python", "x", "```", "````", "After")
    card, after = blocks(source)
    assert card.body == lines("```python", "x", "```") and after.body == "After"
