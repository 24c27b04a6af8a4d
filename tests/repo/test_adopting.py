"""What the page on adopting says of the chapters is what their cards say."""

import re

import facts
from facts import ROOT

NEEDS = (
    "1 to 5 go together; each of 6 to 9 needs those and nothing else, and 9 can do without 5; 10"
)


def needed():
    """The chapters that each chapter's card asks for, by number."""
    texts = facts.chapters()
    numbers = {re.search(r"^\((ch-[\w-]+)\)=$", t, re.M)[1]: k for k, t in enumerate(texts, 1)}
    cards = [re.search(r"\*\*Before you start:\*\*(.*?)\*\*Time", t)[1] for t in texts]
    asked = [card.partition(" helps")[0] for card in cards]
    return {
        k: {numbers[label] for label in re.findall(r"\{ref\}`(ch-[\w-]+)`", card)}
        for k, card in enumerate(asked, 1)
    }


def everything(needs, chapter):
    """What a chapter needs, and what that needs."""
    found = set(needs[chapter])
    for other in needs[chapter]:
        found |= everything(needs, other)
    return found


def test_what_builds_on_what():
    assert NEEDS in (ROOT / "book" / "adopting.md").read_text(encoding="utf-8")
    needs = needed()
    total = {k: everything(needs, k) for k in needs}
    assert total[5] == {1, 2, 3, 4}
    assert all(total[k] <= {1, 2, 3, 4, 5} for k in (6, 7, 8, 9, 10))
    assert 5 not in total[9] and all(5 in total[k] for k in (6, 7, 8, 10))
    assert all(10 in needs[k] for k in (11, 12, 13))
    assert all(max(total[k]) == 10 for k in (11, 12, 13))
