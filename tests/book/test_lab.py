"""The notebooks in a real JupyterLab: opened, run, and played with."""

import json
import re

import nbformat
import pytest
import reading_notebooks
from jupyter_lab import DIRTY, lab, notebook, run_all
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from site_inspector import ROOT

NOTEBOOKS = ROOT / "_build" / "html" / "notebooks"
RAW = re.compile(r"\{[\w:-]+\}`|```|:::|^:\w+:|\)=$|\\begin\{|\$\$", re.MULTILINE)
OPENED = ("01-limited-memory", "09-planning", "panels")
RUN = "02-noisy-choices"
"""Has a widget, and takes some ten seconds."""
FOLDED = """() => [...document.querySelectorAll(".jp-CodeCell")]
    .map(cell => cell.querySelector(".jp-InputArea-editor") === null)"""
CLIPPED = """() => [...document.querySelectorAll(".jp-OutputArea-output img")]
    .filter(e => e.getBoundingClientRect().right >
        e.closest(".jp-OutputArea-output").getBoundingClientRect().right + 1)
    .map(e => (e.alt || e.src).slice(0, 60))"""
WORDS = """() => [...document.querySelectorAll(".jp-MarkdownOutput")].map(e => {
    const copy = e.cloneNode(true);
    copy.querySelectorAll("mjx-container, code").forEach(e => e.remove());
    return copy.textContent;
}).join("\\n")"""
PICTURE = ".widget-html img"


BUILD = "import dra\ndra.widgets.living_maze()"


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lab")
    with lab(NOTEBOOKS, folder) as base:
        cells = [new_markdown_cell("# A maze to build"), new_code_cell(BUILD)]
        metadata = {"kernelspec": reading_notebooks.KERNEL}
        nbformat.write(new_notebook(cells=cells, metadata=metadata), folder / "work" / "maze.ipynb")
        yield base


@pytest.mark.parametrize("name", OPENED)
def test_a_notebook_opens_as_it_should(browser, address, name):
    problems = []
    with notebook(browser, address, f"{name}.ipynb", problems) as page:
        words = page.evaluate(WORDS)
        assert RAW.findall(words) == []
        assert len(words) > 3000
        assert page.locator(DIRTY).count() == 0
        assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
        assert page.evaluate(CLIPPED) == []
        folded = folded_cells(name)
        assert page.evaluate(FOLDED) == folded and any(folded)
    assert problems == []


def folded_cells(name):
    """Whether each code cell of a notebook says that its code is folded."""
    cells = json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    code = [cell["metadata"] for cell in cells if cell["cell_type"] == "code"]
    return [metadata.get("jupyter", {}).get("source_hidden", False) for metadata in code]


def wait_for_another(page, before):
    """Wait until the picture of the first panel is another one."""
    page.wait_for_function(
        "([s, before]) => document.querySelector(s).src !== before", arg=[PICTURE, before]
    )


def test_all_cells_run_and_a_widget_reacts(browser, address):
    problems = []
    with notebook(browser, address, f"{RUN}.ipynb", problems, width=850) as page:
        run_all(page, 300)
        page.wait_for_selector(PICTURE)
        for kind in ("stderr", "error"):
            output = page.locator(f"[data-mime-type='application/vnd.jupyter.{kind}']")
            assert output.all_inner_texts() == []
        picture = page.locator(PICTURE).first
        picture.scroll_into_view_if_needed()
        before = picture.get_attribute("src")
        box = page.locator(".widget-slider .noUi-handle").first.bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move(x + 40, y, steps=8)
        page.mouse.up()
        wait_for_another(page, before)
        assert page.evaluate(CLIPPED) == []
    assert problems == []


def test_a_wall_is_built_with_the_keyboard(browser, address):
    problems = []
    with notebook(browser, address, "maze.ipynb", problems, width=850) as page:
        run_all(page, 300)
        page.wait_for_selector(PICTURE)
        before = page.locator(PICTURE).get_attribute("src")
        cell = page.get_by_role("button", name="row 2, column 1")
        cell.focus()
        page.keyboard.press("Space")
        wait_for_another(page, before)
        assert page.evaluate(CLIPPED) == []
    assert problems == []
