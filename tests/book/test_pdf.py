"""The printed book: all of it is there, numbered as on the site, and LaTeX could set it."""

import base64
import io
import re
import unicodedata
from pathlib import Path

import nbformat
import pypdf
import pytest
import yaml
from PIL import Image

ROOT = Path(__file__).parents[2]
PDF = ROOT / "_build" / "pdf" / "remember-what-matters.pdf"
LATEX = ROOT / "_build" / "print" / "_build" / "latex"
MAX_OVERFULL = 10  # points; 3.5 mm of a margin of 26 mm
EQUATION = re.compile(r"\{math\}[^\n]*\n(?::[^\n]*\n)*?:label: (\S+)|\$\$ \((\S+)\)")
FRAME = re.compile(r'frames\[\d+\] = "data:image/png;base64,([^"]+)"')
LABEL = re.compile(r"\\newlabel\{(?:equation:)?book/[\w-]+:((?:eq|fig)-[\w-]+)\}\{\{([\d.]+)\}")
LOG_PROBLEMS = re.compile(
    r"Missing character: .*|.*undefined on input line.*|.*multiply.defined.*|.*Float\(s\) lost.*"
)
EXERCISE = re.compile(r"(?:Solution to )?Exercise \d+\.\d+ \(.*\)")
RESIDUE = re.compile(r"\?\?|\[\?\]|<IPython|<Figure|</?(?:div|script|figure)\b|object at 0x")


# What the sources promise -------------------------------------------------------------------------


def pages(numbered=False):
    """Files of the book in reading order, the first page apart; or numbered chapters only."""
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts = [part for part in toc["parts"] if part.get("numbered") or not numbered]
    files = [chapter["file"] for part in parts for chapter in part["chapters"]]
    stems = [ROOT / file for file in files if file != "book/api"]  # the reference is not printed
    return [next(stem.parent.glob(f"{stem.name}.*")) for stem in stems]


def cells(path):
    """The cells of a chapter; a Markdown page counts as one cell."""
    if path.suffix == ".md":
        return [nbformat.v4.new_markdown_cell(path.read_text(encoding="utf-8"))]
    return nbformat.read(path, as_version=4).cells


def title(path):
    """The title of a page."""
    text = "\n".join(cell.source for cell in cells(path) if cell.cell_type == "markdown")
    return re.search(r"^# (.*)$", text, flags=re.MULTILINE)[1]


def numbers(chapters):
    """{label: number} of all equations and figures; ``chapters`` holds the cells of each."""
    found = {}
    for number, chapter in enumerate(chapters, start=1):
        text = "\n".join(cell.source for cell in chapter if cell.cell_type == "markdown")
        equations = [a or b for a, b in EQUATION.findall(text)]
        settings = [cell.metadata.get("mystnb", {}).get("figure", {}) for cell in chapter]
        figures = [figure["name"] for figure in settings if "name" in figure]
        for labels in (equations, figures):
            found |= {label: f"{number}.{i}" for i, label in enumerate(labels, start=1)}
    return found


def stored_pictures(path):
    """Every figure of a chapter, and the last frame of every player, as pixels."""
    data = [o.get("data", {}) for cell in cells(path) for o in cell.get("outputs", [])]
    stored = [d["image/png"] for d in data if "image/png" in d]
    players = [FRAME.findall(d.get("text/html", "")) for d in data]
    stored += [re.sub(r"\\\s", "", frames[-1]) for frames in players if frames]
    return [pixels(Image.open(io.BytesIO(base64.b64decode(png)))) for png in stored]


def pixels(image):
    """What identifies a picture: its size and its colours."""
    return image.size, hash(image.convert("RGB").tobytes())


# What the PDF holds -------------------------------------------------------------------------------


def plain(text):
    """Letters and digits of a text, without mathematics, ligatures and spaces."""
    text = unicodedata.normalize("NFKC", re.sub(r"\$[^$]*\$", "", text))
    return re.sub(r"[^a-z0-9]", "", text.lower())


def log_problems(log):
    """What LaTeX complains about, apart from boxes that are a little too wide or too high."""
    log = re.sub(r"(?<=.{79})\n", "", log)  # LaTeX breaks the lines of its log
    found = LOG_PROBLEMS.findall(log)
    boxes = re.findall(r"Overfull \\[hv]box \(([\d.]+)pt (too \w+)", log)
    return found + [f"{pt} pt {what}" for pt, what in boxes if float(pt) > MAX_OVERFULL]


def text_problems(texts):
    """Unresolved references and remains of HTML on any page."""
    return [
        f"page {number}: {residue}"
        for number, text in enumerate(texts, start=1)
        for residue in RESIDUE.findall(text)
    ]


def stranded(texts, titles):
    """Pages that end with a heading, of which the text is on the next page."""
    headings = {plain(re.sub(r"^[\d.]+ ", "", name)) for name in titles}
    found = []
    for number, text in enumerate(texts, start=1):
        lines = [line for line in text.splitlines() if not re.fullmatch(r"\s*\w{,4}\s*", line)]
        last = lines[-1] if len(lines) > 1 else ""  # the page of a part has nothing else
        if EXERCISE.fullmatch(last) or plain(re.sub(r"^[\d.]+ ", "", last)) in headings:
            found.append(f"page {number}: {last}")
    return found


def bookmark_problems(titles, bookmarks, texts):
    """Titles without a bookmark, or with one to a page on which the title is not."""
    places = {plain(re.sub(r"^[\d.]+ ", "", name)): page for name, page in bookmarks}
    found = [f"no bookmark {name!r}" for name in titles if plain(name) not in places]
    return found + [
        f"{name!r} is not on page {places[plain(name)] + 1}"
        for name in titles
        if plain(name) in places and plain(name) not in plain(texts[places[plain(name)]])
    ]


def bookmarks(reader, outline=None):
    """(title, page) of all bookmarks, however deep."""
    found = []
    for item in reader.outline if outline is None else outline:
        if isinstance(item, list):
            found += bookmarks(reader, item)
        else:
            found.append((item.title, reader.get_destination_page_number(item)))
    return found


@pytest.fixture(scope="module")
def reader():
    """The PDF; `make test-pdf` makes one, so that nothing is skipped then."""
    if not PDF.exists():
        pytest.skip("no PDF: run `make pdf`")
    if PDF.stat().st_mtime < max(path.stat().st_mtime for path in pages()):
        pytest.skip("the PDF is older than a chapter: run `make pdf`")
    return pypdf.PdfReader(PDF)


@pytest.fixture(scope="module")
def texts(reader):
    return [page.extract_text() for page in reader.pages]


def test_pages_are_found_by_their_titles(reader, texts):
    titles = [title(path) for path in pages()]
    assert len(titles) > 10
    assert bookmark_problems(titles, bookmarks(reader), texts) == []


def test_no_heading_ends_a_page(reader, texts):
    titles = [name for name, _ in bookmarks(reader)]
    assert len(titles) > 100
    assert stranded(texts, titles) == []


def test_the_file_says_what_it_is(reader):
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    said = f"{reader.metadata.title}: {reader.metadata.subject}"
    author = citation["authors"][0].get("name", reader.metadata.author)  # a person has none
    assert (said, reader.metadata.author) == (citation["title"], author)
    assert reader.trailer["/Root"]["/Lang"] == "en"


def test_nothing_is_unresolved(texts):
    assert text_problems(texts) == []


def test_latex_could_set_everything(reader):
    log = (LATEX / PDF.with_suffix(".log").name).read_text(encoding="utf-8", errors="replace")
    assert "Output written on" in log
    assert log_problems(log) == []


def test_numbers_are_those_of_the_site(reader, texts):
    expected = numbers([cells(path) for path in pages(numbered=True)])
    assert len(expected) > 50
    aux = (LATEX / PDF.with_suffix(".aux").name).read_text(encoding="utf-8")
    printed = dict(LABEL.findall(aux))
    assert {label: printed.get(label) for label in expected} == expected
    text = " ".join(texts)
    for label, number in expected.items():
        shown = f"Fig. {number}." if label.startswith("fig-") else f"({number})"
        assert shown in text, label


def test_every_figure_is_printed(reader):
    expected = {picture for path in pages() for picture in stored_pictures(path)}
    assert len(expected) > 30
    printed = {pixels(image.image) for page in reader.pages for image in page.images}
    assert len(expected - printed) == 0


# The checks can fail ------------------------------------------------------------------------------

BAD_LOG = r"""
Missing character: There is no β (U+03B2) in font Latin Modern Roman
LaTeX Warning: Reference `book/01:fig-x' on page 1 undefined on input line 7.
LaTeX Warning: Citation `patel2020' on page 1 undefined on input line 8.
LaTeX Warning: There were multiply-defined labels.
Overfull \hbox (30.5pt too wide) in paragraph at lines 10--12
Overfull \vbox (305.2pt too high) has occurred while \output is active []
Overfull \hbox (3.5pt too wide) in paragraph at lines 20--22
"""


def test_bad_log_is_noticed():
    assert len(log_problems(BAD_LOG)) == 6
    assert log_problems("Overfull \\hbox (3.5pt too wide) in paragraph\nOutput written on") == []


def test_bad_text_is_noticed():
    bad = ["see Fig. ??", "as shown [?]", "<IPython.core.display.HTML object>", "What? Why?"]
    assert [problem[:7] for problem in text_problems(bad)] == ["page 1:", "page 2:", "page 3:"]


def test_stranded_headings_are_noticed():
    titles = ["1.2 What a nat buys"]
    fine = ["What a nat buys\nIt buys", "3 A chapter 17\nExercise 1.1 says", "1.2 What a nat buys"]
    assert stranded(fine, titles) == []
    last = ["A text.\n1.2 What a nat buys\n17", "A text.\nSolution to Exercise 1.1 (Why)"]
    assert len(stranded(last, titles)) == 2


def test_missing_and_misled_bookmarks_are_noticed():
    there = [("2.1 One step on σ", 0), ("3 The end", 1)]
    assert bookmark_problems(["One step on $\\sigma$"], there, ["One step on σ", "The end"]) == []
    assert bookmark_problems(["The end"], there, ["One step", "Another page"]) != []
    assert bookmark_problems(["Missing"], there, ["One step", "The end"]) != []


def test_numbers_follow_the_chapters():
    def chapter(*labels):
        math = [f"```{{math}}\n:label: {label}\n\nx\n```" for label in labels]
        return [nbformat.v4.new_markdown_cell(source) for source in math]

    first, second = chapter("eq-a", "eq-b"), chapter("eq-c")
    assert numbers([first, second]) == {"eq-a": "1.1", "eq-b": "1.2", "eq-c": "2.1"}
    assert numbers([second, first]) != numbers([first, second])


def test_changed_picture_is_noticed():
    white = Image.new("RGB", (4, 3), "white")
    other = white.copy()
    other.putpixel((0, 0), (255, 255, 254))
    assert pixels(white) == pixels(white.copy())
    assert pixels(white) != pixels(other)
