"""The tables of notation say which symbols the chapters use, and where each is met first."""

import re
from pathlib import Path

import nbformat
import pytest
import symbols

BOOK = Path(__file__).parents[2] / "book"
ROW = re.compile(r"^\| (\$[^|]*\$) \|(.*)\|$", flags=re.MULTILINE)
CHAPTER = re.compile(r"\{numref\}`%s <(ch-[a-z-]+)>`")
EVERYWHERE = {"e", "d", r"\mathbbE", r"\mathcalN"}


def chapters():
    """{label: text of its markdown} of the numbered chapters, in order."""
    found = {}
    for path in sorted(BOOK.glob("[0-9][0-9]-*.ipynb")):
        cells = nbformat.read(path, as_version=4).cells
        text = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        found[re.search(r"^\((ch-[\w-]+)\)=", text, re.MULTILINE)[1]] = text
    return found


TEXTS = chapters()
ORDER = list(TEXTS)
USED = {label: symbols.used(text) for label, text in TEXTS.items()}
NOTATION = (BOOK / "notation.md").read_text(encoding="utf-8")
MAIN, BORROWED = NOTATION.split("(borrowed)=")
BORROWED = BORROWED.split("\n## Units")[0]


def plain(formula):
    """A formula without spaces, braces and subscripts that only say which state or action."""
    formula = re.sub(r"\\[,;! ]|\s|[{}$]", "", formula)
    return re.sub(r"_(sa|sb|s_ta_t|t)(?![A-Za-z])", "", formula)


def rows(part):
    """(symbols of a row, labels of its chapters) of a table."""
    for match in ROW.finditer(part):
        cell, rest = match[1], match[2]
        yield [piece.strip() for piece in re.findall(r"\$([^$]+)\$", cell)], CHAPTER.findall(rest)


def first_use(symbol):
    """Label of the first chapter whose mathematics contains a symbol; None if none does."""
    wanted = plain(symbol)
    letter = symbols.symbols(symbol) if len(symbols.symbols(symbol)) == 1 else None
    for label, text in TEXTS.items():
        formulas = symbols.formulas(text)
        if letter and "_" not in wanted:
            if letter <= USED[label]:
                return label
        elif any(wanted in plain(formula) for formula in formulas):
            return label
    return None


MAIN_ROWS = [(symbol, where) for names, where in rows(MAIN) for symbol in names]


def borrowed():
    """{label of a chapter: letters that it borrows}."""
    found = {label: set() for label in ORDER}
    for names, where in rows(BORROWED):
        for label in where:
            for name in names:
                found[label] |= symbols.symbols(name)
    return found


@pytest.mark.parametrize(("symbol", "where"), MAIN_ROWS, ids=[symbol for symbol, _ in MAIN_ROWS])
def test_a_symbol_is_first_used_where_the_table_says(symbol, where):
    lent = {label for label, letters in borrowed().items() if symbols.symbols(symbol) & letters}
    found = first_use(symbol)
    assert found is not None, f"no chapter uses {symbol}"
    earlier = ORDER[: ORDER.index(where[0])]
    if found != where[0]:  # an earlier chapter may use a letter for something else
        assert len(symbols.symbols(plain(symbol))) == 1, f"{symbol} is first used in {found}"
        assert found in earlier and found in lent, f"{symbol} is first used in {found}"


@pytest.mark.parametrize("label", ORDER)
def test_every_letter_of_a_chapter_is_in_a_table(label):
    known = set(EVERYWHERE)
    for symbol, where in MAIN_ROWS:
        if ORDER.index(where[0]) <= ORDER.index(label):
            known |= symbols.symbols(symbol)
    unknown = USED[label] - known - borrowed()[label]
    assert not unknown, f"{label} uses {sorted(unknown)}, which notation.md does not list for it"


@pytest.mark.parametrize("label", ORDER)
def test_every_borrowed_letter_is_used(label):
    idle = borrowed()[label] - USED[label]
    assert not idle, f"notation.md lists {sorted(idle)} for {label}, which does not use them"


def test_a_table_that_is_wrong_is_noticed():
    assert first_use(r"\bar q_{sa}") == "ch-limited-memory" != "ch-gradient"
    assert first_use(r"\aleph") is None
    assert symbols.symbols(r"\bar q_{sa} + \text{noise}") == {r"\barq", "s", "a"}
    assert symbols.used("costs $5$ and `$x$`; $$\n\\tfrac12 \\sigma^2\n$$") == {r"\sigma"}
