"""The pictures of the explorables for paper are those that their tool draws."""

import re

import explorable_pictures as tool
import numpy as np
import pytest
from explorables import ALTS

STORED = tool.FOLDER / "pictures"
NEAR = 0.5  # points; processors differ in the last digits of what is drawn


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pictures")
    tool.main(folder)
    return folder


def numbers(path):
    """All coordinates of a picture."""
    shapes = re.findall(r' (?:d|x|y|transform)="([^"]*)"', path.read_text(encoding="utf-8"))
    return np.array(re.findall(r"-?\d+\.?\d*", " ".join(shapes)), float)


def alike(one, other):
    a, b = numbers(one), numbers(other)
    return a.shape == b.shape and bool(np.abs(a - b).max() < NEAR)


@pytest.mark.parametrize("name", sorted(ALTS))
def test_the_stored_pictures_are_up_to_date(drawn, name):
    assert alike(drawn / f"{name}.svg", STORED / f"{name}.svg")
    assert {path.suffix for path in STORED.glob(f"{name}.*")} == {".svg", ".pdf"}


def test_another_picture_is_noticed(tmp_path, monkeypatch):
    monkeypatch.setattr(tool, "PRICE", 0.08)
    monkeypatch.setattr(tool, "PICTURES", {"price": tool.price})
    tool.main(tmp_path)
    assert not alike(tmp_path / "price.svg", STORED / "price.svg")


def test_alt_texts_say_what_is_seen():
    assert set(tool.PICTURES) == set(ALTS)
    assert all(len(text) > 100 for text in ALTS.values())
