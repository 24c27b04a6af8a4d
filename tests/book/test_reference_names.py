"""Hints call equations and figures what the built book calls them."""

import json
import re
from pathlib import Path

import pytest
import reference_names

from dra_exercises.checking import readable

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "_build" / "html"
KEPT = json.loads(reference_names.NAMES.read_text(encoding="utf-8"))


def in_the_book(label):
    """How the pages link to an equation or a figure, in words, once each."""
    anchor = f"equation-{label}" if label.startswith("eq-") else label
    links = re.compile(rf'<a [^>]*href="[^"]*#{anchor}"[^>]*>(.*?)</a>', re.DOTALL)
    chapters = (SITE / "book").glob("[01]*.html")
    found = (text for path in chapters for text in links.findall(path.read_text(encoding="utf-8")))
    words = {re.sub(r"<[^>]+>", "", text).strip() for text in found}
    return {text for text in words if re.search(r"\d+\.\d+", text)}


def test_every_label_of_a_hint_has_its_name():
    assert list(KEPT) == reference_names.labels()


@pytest.mark.parametrize("label", KEPT)
def test_a_name_is_that_of_the_book(label):
    assert in_the_book(label) == {KEPT[label].removeprefix("equation ")}


def test_a_label_that_no_chapter_has_is_noticed():
    with pytest.raises(ValueError, match="no chapter has"):
        reference_names.names({})


def test_a_hint_says_the_number():
    assert readable("See {eq}`eq-kl`.") == f"See {KEPT['eq-kl']}."
