"""The notebooks to read: valid, whole, the same each time, and nothing in them that is raw."""

import base64
import json
import re
import subprocess
import sys
import zlib
from html.parser import HTMLParser

import lay_out_notebooks
import nbformat
import pytest
import quiz
import reading_notebooks
from jupyter_lab import own_places
from lay_out_notebooks import lay_out
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from site_inspector import ROOT

BOOK = ROOT / "book"
MADE = ROOT / "_build" / "html" / "notebooks"
CHAPTERS = sorted(path.name for path in BOOK.glob("*.ipynb"))
FENCED = re.compile(r"^```.*?^```$|`[^`\n]+`", re.MULTILINE | re.DOTALL)
RAW = re.compile(r"\{[\w:-]+\}`|```\s*\{|:::|^:[\w-]+:|^\([\w-]+\)=$|%s|page:", re.MULTILINE)
FORMULA = re.compile(r"\$\$.*?\$\$|\$[^$]+\$", re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
ANCHOR = re.compile(r'<a id="([^"]+)"></a>')


def cells(path, kind):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def words(path):
    return "\n\n".join("".join(cell["source"]) for cell in cells(path, "markdown"))


class Tags(HTMLParser):
    """Notes which tags are open."""

    def __init__(self):
        super().__init__()
        self.open, self.wrong = [], []

    def handle_starttag(self, tag, attributes):
        self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_notebook_is_valid_and_holds_nothing_raw(name):
    nbformat.validate(json.loads((MADE / name).read_text(encoding="utf-8")))
    text = FENCED.sub("", words(MADE / name))
    assert RAW.findall(text) == []
    assert text.startswith("# ") and len(text) > 2000
    for cell in cells(MADE / name, "markdown"):  # a viewer shows each cell by itself
        tags = Tags()
        tags.feed(FORMULA.sub("", FENCED.sub("", "".join(cell["source"]))))
        assert tags.open == tags.wrong == []


def test_raw_markup_is_noticed():
    assert RAW.search("see {eq}`eq-a`") and RAW.search("x\n```{math}\n") and RAW.search("(ch-a)=")


@pytest.mark.parametrize("name", CHAPTERS)
def test_a_notebook_has_all_that_its_chapter_has(name):
    """All code, all outputs, a number for each equation, figure and exercise, all solutions."""
    source, made = BOOK / name, MADE / name
    before, after = cells(source, "code"), cells(made, "code")
    own = [cell for cell in after if cell["id"] in {cell["id"] for cell in before}]
    assert ["".join(cell["source"]) for cell in own] == ["".join(c["source"]) for c in before]
    kinds = [[sorted(o.get("data", o)) for o in cell["outputs"]] for cell in before]
    assert kinds == [[sorted(o.get("data", o)) for o in cell["outputs"]] for cell in own]
    for cell, original in zip(own, before, strict=True):
        if {"hide-input", "hide-cell"} & set(original["metadata"].get("tags", [])):
            assert cell["metadata"]["jupyter"]["source_hidden"]
    text, raw = words(made), words(source)
    asked = re.findall(r"^```\{quiz\} (\S+)", raw, re.MULTILINE)
    choices = sum(len(quiz.answers(quiz.find(name)[1])) for name in asked)
    for pattern, count in (
        (r"\\tag\{\d+\.\d+\}", raw.count(":label: eq-")),
        (r"^### <a id=\"ex-", len(re.findall(r"^`{3,}\{exercise(-start)?\}", raw, re.MULTILINE))),
        (r"<summary>If you chose", choices),
        (r"^# a figure to play with", len(re.findall(r"^```\{explorable\}", raw, re.MULTILINE))),
    ):
        there = "\n".join("".join(cell["source"]) for cell in after if cell not in own)
        assert len(re.findall(pattern, f"{text}\n{there}", re.MULTILINE)) == count, pattern
    captions = sum("figure" in c["metadata"].get("mystnb", {}) for c in before)
    assert len(re.findall(r"\*\*Fig\. [\d.]+\*\*|<summary>Fig\. ", text)) == captions
    solved = set(re.findall(r"^`{3,}\{solution(?:-start)?\} (\S+)", raw, re.MULTILINE))
    assert len(set(re.findall(r"Solution to Exercise (\d+\.\d+)", text))) == len(solved)


@pytest.mark.parametrize("name", [name for name in CHAPTERS if name[0].isdigit()])
def test_what_a_reader_completes_is_a_cell_below_its_exercise(name):
    """The number that Sphinx gives an exercise is the one that its check goes by."""
    found, ready = [], False
    for cell in json.loads((MADE / name).read_text(encoding="utf-8"))["cells"]:
        text = "".join(cell["source"])
        for number in re.findall(r'^### <a id="ex-[^>]+></a>Exercise ([\d.]+)\. ', text, re.M):
            found.append([number, None])
        if cell["cell_type"] == "code":
            ready |= text == "from dra_exercises import check"
            for number in re.findall(r'^check\("([\d.]+)", ', text, re.M):
                found[-1][1] = number
                assert ready and "jupyter" not in cell["metadata"]
    assert len(found) >= 6 and all(number == checked for number, checked in found)
    hints = re.findall(r"<summary><b>Hint [12]</b></summary>", words(MADE / name))
    assert len(hints) == 2 * len(found)


def test_solutions_are_folded_with_their_code():
    notebook = json.loads((MADE / "03-price-of-precision.ipynb").read_text(encoding="utf-8"))
    inside, seen = False, 0
    source = json.loads((BOOK / "03-price-of-precision.ipynb").read_text(encoding="utf-8"))
    solved = set()
    for cell in source["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "code" and inside:
            solved.add(cell["id"])
        for mark in re.findall(r"^```\{solution-(start|end)\}", text, re.MULTILINE):
            inside = mark == "start"
    for cell in notebook["cells"]:
        if cell["id"] in solved:
            assert cell["metadata"]["jupyter"]["source_hidden"]
            assert not cell["outputs"] or cell["metadata"]["jupyter"]["outputs_hidden"]
            seen += 1
    assert seen == len(solved) > 3


def test_every_link_leads_somewhere():
    places = {name: ANCHOR.findall(words(MADE / name)) for name in CHAPTERS}
    for name, anchors in places.items():
        assert len(anchors) == len(set(anchors)), name
        for address in LINK.findall(FENCED.sub("", words(MADE / name))):
            file, _, label = address.partition("#")
            if file.startswith("http"):
                continue
            assert (file or name) in places, f"{name}: {address}"
            assert not label or label in places[file or name], f"{name}: {address}"


def test_a_single_notebook_brings_its_data(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    needed = 0
    for name in CHAPTERS:
        code = cells(MADE / name, "code")
        packed = [cell for cell in code if cell["id"] == "stored-studies"]
        reads = any("_data" in "".join(c["source"]) for c in cells(BOOK / name, "code"))
        assert len(packed) == reads, name
        for cell in packed:
            exec("".join(cell["source"]), {})
            needed += 1
    assert needed >= 5
    laid = {path.name: path.read_bytes() for path in (tmp_path / "_data").iterdir()}
    assert laid == {path.name: path.read_bytes() for path in (BOOK / "_data").iterdir()
                    if path.name in laid}  # fmt: skip
    everything = "\n".join("".join(c["source"]) for n in CHAPTERS for c in cells(BOOK / n, "code"))
    for path in (BOOK / "_data").iterdir():
        assert path.name in laid or f'{path.stem}"' not in everything.replace(path.suffix, "")
    own = tmp_path / "_data" / next(iter(laid))
    own.write_text("mine")
    for name in CHAPTERS:
        for cell in cells(MADE / name, "code"):
            if cell["id"] == "stored-studies":
                exec("".join(cell["source"]), {})
    assert own.read_text() == "mine"


def test_a_player_shows_a_picture_before_it_runs_and_asks_no_one():
    players = 0
    for name in CHAPTERS:
        for cell in cells(MADE / name, "code"):
            for output in cell["outputs"]:
                html = "".join(output.get("data", {}).get("text/html", ""))
                if 'class="player"' in html:
                    players += 1
                    assert '<img src="data:image/png;base64,' in html
                    assert "<link" not in html
    assert players == 5


def test_the_data_is_packed_whole(tmp_path):
    (tmp_path / "a.json").write_text("[1]")
    (tmp_path / "b.json").write_text("[2]")
    code = [{"cell_type": "code", "source": ['open("_data/a.json")']}]
    text = reading_notebooks.data_cell(code, tmp_path)["source"]
    (name, packed) = re.search(r'"(\w+\.json)": "([^"]+)"', text).groups()
    assert name == "a.json" and "b.json" not in text
    assert zlib.decompress(base64.b85decode(packed)) == b"[1]"
    assert reading_notebooks.data_cell([], tmp_path) is None


# What is laid out for readers ---------------------------------------------------------------------


@pytest.fixture
def made(tmp_path, monkeypatch):
    for name, value in own_places(tmp_path / "jupyter").items():
        monkeypatch.setenv(name, value)
    folder = tmp_path / "made"
    folder.mkdir()
    for name in ("a", "b"):
        kernel = {"display_name": "x", "language": "python", "name": "python3"}
        notebook = new_notebook(
            cells=[new_markdown_cell(name, id=name), new_code_cell("1", id=f"{name}1")],
            metadata={"kernelspec": kernel},
        )
        nbformat.write(notebook, folder / f"{name}.ipynb")
    return folder


def test_what_a_reader_changed_is_never_overwritten(made, tmp_path):
    mine = tmp_path / "mine"
    assert lay_out(made, mine) == []
    changed = mine / "a.ipynb"
    changed.write_text(changed.read_text().replace('"1"', '"2"'))
    (sentence,) = lay_out(made, mine)
    assert "a.ipynb was changed and is kept" in sentence and "move it" not in sentence
    for name in ("a", "b"):
        path = made / f"{name}.ipynb"
        path.write_text(path.read_text().replace('"1"', '"3"'))
    (sentence,) = lay_out(made, mine)
    assert "a.ipynb was changed and is kept; move it away" in sentence
    assert '"2"' in changed.read_text() and '"3"' in (mine / "b.ipynb").read_text()
    changed.unlink()
    assert lay_out(made, mine) == [] and '"3"' in changed.read_text()


def test_a_notebook_of_the_same_name_is_kept(made, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "a.ipynb").write_text("mine")
    assert len(lay_out(made, tmp_path / "mine")) == 1
    assert (tmp_path / "mine" / "a.ipynb").read_text() == "mine"


def test_what_is_laid_out_is_trusted_and_complete(made, tmp_path):
    lay_out(made, tmp_path / "mine")
    notebook = nbformat.read(tmp_path / "mine" / "a.ipynb", as_version=4)
    assert lay_out_notebooks.NotebookNotary().check_signature(notebook)
    assert notebook.metadata.language_info.version == ".".join(map(str, sys.version_info[:3]))
    notebook.cells[1].source = "2"
    assert not lay_out_notebooks.NotebookNotary().check_signature(notebook)  # twin


def test_the_makefile_lays_out_what_is_made():
    shown = subprocess.run(["make", "-n", "-o", ".venv/stamp", "lab"], cwd=ROOT,
                           capture_output=True, text=True, check=True).stdout  # fmt: skip
    assert "lay_out_notebooks.py _build/notebooks notebooks" in shown
    assert shown.rstrip().endswith("jupyter lab notebooks")
