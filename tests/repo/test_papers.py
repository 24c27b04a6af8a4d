"""The papers for journals say what is so: numbers, names, commands, references."""

import re

import facts
import pytest
import yaml
from facts import ROOT

PAPERS = ("jose", "joss")
SECTIONS = {  # what the journals ask for
    "jose": ["Summary", "Statement of need", "Contents and sequence", "Instructional design",
             "Adoption", "Story of the project", "Use of generative AI", "Acknowledgements",
             "References"],
    "joss": ["Summary", "Statement of need", "State of the field", "Software design",
             "Research impact statement", "AI usage disclosure", "Acknowledgements", "References"],
}  # fmt: skip
WORDS = {"jose": (700, 1200), "joss": (750, 1750)}
COUNTED = re.compile(
    r"(\d+) (chapters|numbered equations|exercises|typical wrong answers|questions|decks)"
)
MEASURED = {
    "a step, in ns": r"takes (\d+) ns",
    "times the floor": r"(\d+\.\d) times what its random numbers",
    "times as fast as uncompiled": r"a (\d+)(?:st|nd|rd|th) of the time",
    "all figures, in s": r"figures take (\d+) s on one core",
    "price, 768": r"from the 768 choices .*? a correlation of ([\d.]+),",
    "allocator, 768": r"finds the allocator in (\d+) of 100",
    "people": r"of (\d+) simulated people",
    "price, 4000": r"from 4000 choices these are ([\d.]+) and",
    "allocator, 4000": r"these are [\d.]+ and (\d+)\.",
}


def paper(journal):
    """The metadata and the text of a paper."""
    text = (ROOT / "papers" / journal / "paper.md").read_text(encoding="utf-8")
    _, head, body = text.split("---\n", 2)
    return yaml.safe_load(head), body


def name_of(author):
    """The name of a person or of a group, as papers and CITATION.cff write it."""
    parts = (author.get("given-names"), author.get("family-names") or author.get("surname"))
    return author.get("name") or " ".join(filter(None, parts))


def wrong_counts(text, counts):
    """The counts in a text that are not those of the repository."""
    return [
        f"{n} {what}, not {counts[what]}"
        for n, what in COUNTED.findall(text)
        if int(n) != counts[what]
    ]


def wrong_measures(text, measured):
    """The measured numbers that the text does not give, or gives otherwise."""
    said = {name: re.search(pattern, text) for name, pattern in MEASURED.items()}
    return [name for name, found in said.items() if not found or found[1] != measured[name]]


@pytest.mark.parametrize("journal", PAPERS)
def test_what_is_counted_is_so(journal):
    _, body = paper(journal)
    counts = facts.counts()
    assert COUNTED.search(body)
    assert wrong_counts(body, counts) == []
    assert wrong_counts(f"it has {counts['exercises'] + 1} exercises", counts)


def test_what_is_measured_was_measured():
    _, body = paper("joss")
    measured = facts.performance() | facts.recovery()
    assert wrong_measures(body, measured) == []
    assert wrong_measures(body, measured | {"times the floor": "1.1"}) == ["times the floor"]
    assert "make performance" in body


PLAIN = r"\[[^\]]*\]|@\w+|`[^`]*`|CC BY 4\.0|chapters \d+ to \d+|\(\d+ to \d+\)|figure \d\w?"
OF_THE_TEXT = {"jose": ["30"], "joss": ["768", "4000"]}  # a rule, and sizes of studies


@pytest.mark.parametrize("journal", PAPERS)
def test_no_other_number_is_stated(journal):
    """Every number is counted, measured, or one of those whose meaning is plain."""
    _, body = paper(journal)
    body = re.sub(PLAIN, "", body)
    patterns = [COUNTED, *map(re.compile, MEASURED.values())]
    tested = {found.start(1) for pattern in patterns for found in pattern.finditer(body)}
    numbers = re.finditer(r"\d+(?:\.\d+)?", body)
    assert [n[0] for n in numbers if n.start() not in tested] == OF_THE_TEXT[journal]


@pytest.mark.parametrize("journal", PAPERS)
def test_a_paper_has_the_parts_that_its_journal_asks_for(journal):
    head, body = paper(journal)
    assert re.findall(r"^# (.+)$", body, flags=re.MULTILINE) == SECTIONS[journal]
    least, most = WORDS[journal]
    assert least <= len(body.split()) <= most
    assert {"title", "tags", "authors", "affiliations", "date", "bibliography"} <= set(head)
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert [name_of(a) for a in head["authors"]] == [name_of(a) for a in citation["authors"]]


@pytest.mark.parametrize("journal", PAPERS)
def test_references_are_there_and_used(journal):
    _, body = paper(journal)
    entries = (ROOT / "papers" / journal / "paper.bib").read_text(encoding="utf-8")
    there = set(re.findall(r"^@\w+\{(\w+),", entries, flags=re.MULTILINE))
    assert set(re.findall(r"@(\w+)", body)) == there
    book = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
    for doi in re.findall(r"doi\s*=\s*\{(.+?)\}", entries):
        key = re.search(rf"@\w+\{{(\w+),(?:(?!\n@).)*{re.escape(doi)}", entries, flags=re.DOTALL)[1]
        if f"{{{key}," in book:
            assert doi in book or "arXiv" in doi, key


@pytest.mark.parametrize("journal", PAPERS)
def test_commands_exist(journal):
    _, body = paper(journal)
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"`make ([a-z-]+)", body):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target


def places(text):
    """The lists of paths that stand in the second column of the tables."""
    wheres = re.findall(r"^\| .+? \| (`.+?) \| .+? \|$", text, flags=re.MULTILINE)
    return [re.findall(r"`([^`]+)`", where) for where in wheres]


def missing(text):
    """The paths that are named and are not there."""
    return [path for paths in places(text) for path in paths if not (ROOT / path).exists()]


def test_every_point_of_the_checklists_has_a_place():
    text = (ROOT / "papers" / "checklists.md").read_text(encoding="utf-8")
    assert len(places(text)) == text.count("\n| ") - 2  # without the heads of two tables
    assert missing(text) == []
    assert missing(text.replace("`course/slides`", "`course/films`")) == ["course/films"]
    assert not [paths for paths in places(text) if not paths]
