"""Make notebooks to read and run of the chapters, with nothing that a viewer would not show.

The chapters in ``book`` stay the one source. From them Sphinx makes, besides the pages, notebooks
in plain Markdown: numbers, references, captions and citations are resolved, answers, hints,
solutions, plotting code and tests are folded, outputs are kept. What a reader completes is a cell.
They need no file beside them: what a chapter reads from ``_data`` is inside, and laid down where it
is missing.

The site offers them, and the builder ``notebooks`` makes them alone, for ``make lab`` and Binder.
"""

import base64
import copy
import json
import re
import zlib
from pathlib import Path

import nbformat
from sphinx.builders import Builder

import plain_markdown
import without_panel
from plain_markdown import Block, Page, anchor, folded
from plain_references import PAGE, References

FOLDER = "notebooks"  # in the site
ROLES = "roles.json"
WIDGETS = {"memories": "two_memories", "price": "one_memory", "maze": "living_maze"}
WIDGETS |= {"frontier": "frontier"}
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
ABOUT = """\
*A notebook of {book} "Remember What Matters", to run and to change. It needs the package `dra`, \
which comes with the sources of the book.*"""
PLAY = "# a figure to play with: run this cell\n{}dra.widgets.{}()"
SMALLER = {"frontier": "# (of a small room; with dra.tasks.gridworld() in brackets, a minute)\n"}
FOLDED = ("hide-input", "hide-cell")
FENCE = re.compile(r"^```python\n(.*?)\n```$", re.DOTALL | re.MULTILINE)
TO_RUN = re.compile(r'^from dra_exercises import check$|^check\("', re.MULTILINE)
FRAME = re.compile(r'frames\[\d+\] = "(data:image/png;base64,[^"]+)"')
FONT_AWESOME = re.compile(r"<link[^>]*font-?awesome[^>]*>", re.IGNORECASE)
LAY_DOWN = """\
# the stored studies that this notebook reads, for where they are missing
import base64, pathlib, zlib

for name, packed in {{
{rows}
}}.items():
    place = pathlib.Path("_data", name)
    if not place.exists():
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(zlib.decompress(base64.b85decode(packed)))
"""
INSTALL = """\
# on a computer that lacks the package of the book, such as Colab
import importlib.util

if importlib.util.find_spec("dra") is None:
    %pip install --quiet "dra[all] @ git+{address}"
"""


def fold(cell, outputs):
    """Fold the code of a cell, and its outputs if ``outputs``."""
    hidden = {"source_hidden": True}
    if outputs and cell["outputs"]:
        hidden["outputs_hidden"] = True
    cell["metadata"]["jupyter"] = hidden
    return cell


def code_cell(name, source):
    """Return a code cell that has not run."""
    return {
        "cell_type": "code", "execution_count": None, "id": name, "metadata": {}, "outputs": [],
        "source": source,
    }  # fmt: skip


def markdown_cell(name, source):
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


def still(html):
    """Return a player that shows its last frame before it is run, and asks no other host."""
    frames = FRAME.findall(html)
    picture = re.sub(r"\\\s", "", frames[-1])
    return FONT_AWESOME.sub("", html).replace('<img id="_anim', f'<img src="{picture}" id="_anim')


def code(cell, references, solved):
    """Return the cells for a code cell: it, folded where the page folds it, and its caption."""
    cell, tags = copy.deepcopy(cell), cell["metadata"].get("tags", [])
    drawn = cell["metadata"].pop("mystnb", {})
    for output in cell["outputs"]:
        data = output.get("data", {})
        if 'class="player"' in (html := "".join(data.get("text/html", ""))):
            data["text/html"] = still(html)
        if "image/png" in data and "image" in drawn:
            stated = output["metadata"].setdefault("image/png", {})  # its size
            stated["alt"] = drawn["image"]["alt"]
    if solved or set(FOLDED) & set(tags):
        fold(cell, outputs=solved or "hide-cell" in tags)
    if "figure" not in drawn:
        return [cell]
    label, text = drawn["figure"]["name"], drawn["figure"]["caption"]
    number = references.figure(label)
    caption = f"**{number}.** {plain_markdown.plain(text, page_of(references))}"
    if solved:
        caption = folded(number, caption)
    return [cell, markdown_cell(f"{cell['id']}-caption", f"{anchor(label)}{caption}")]


def page_of(references):
    return Page(references.role, references.equation, references.exercise, references.section)


def to_run(blocks):
    """Yield blocks, with the code that a reader completes or runs as blocks named "to run"."""
    for block in blocks:
        fences = [fence for fence in FENCE.finditer(block.body) if TO_RUN.search(fence[1])]
        if not fences or block.name not in ("", "exercise"):
            yield block
            continue
        yield block._replace(body=block.body[: fences[0].start()].strip())
        for fence, after in zip(fences, [*fences[1:], None], strict=True):
            yield Block("to run", "", {}, fence[1])
            end = after and after.start()
            yield from plain_markdown.blocks(block.body[fence.end() : end].strip())


def runs(blocks, solving):
    """Split blocks into (label of the solution they are in, whether it begins, blocks)."""
    run = (solving, False, [])
    for block in blocks:
        if block.name in ("solution-start", "solution-end"):
            yield run
            begins = block.name == "solution-start"
            run = (block.argument, True, []) if begins else ("", False, [])
        elif block.name in ("explorable", "to run"):
            yield run
            yield run[0], False, [block]
            run = (run[0], False, [])
        else:
            run[2].append(block)
    yield run


def text(cell, references, solving):
    """Return the cells for a Markdown cell, and the solution that is open after it ("": none)."""
    page, made = page_of(references), []
    blocks_of_cell = to_run(plain_markdown.blocks("".join(cell["source"])))
    for label, begins, blocks in runs(blocks_of_cell, solving):
        name = f"{cell['id']}-{len(made)}" if made else cell["id"]
        if blocks and blocks[0].name == "explorable":
            figure = blocks[0].argument
            play = without_panel.CELLS.get(figure)
            play = play or PLAY.format(SMALLER.get(figure, ""), WIDGETS[figure])
            made.append(code_cell(name, play))
            continue
        if blocks and blocks[0].name == "to run":
            made.append(code_cell(name, blocks[0].body))
            continue
        parts = (plain_markdown.written(block, page) for block in blocks)
        words = "\n\n".join(part for part in parts if part.strip())
        if label and (words or begins):
            title = plain_markdown.solution_title(label, page)
            title = title if begins else f"{title}, continued"
            words = folded(title, words) if words else f"{title}: unfold the cells below."
        if words:
            made.append(markdown_cell(name, words))
    return made, label


def data_cell(cells, folder):
    """Return a cell that lays down the files of ``folder`` that the code names; None if none."""
    source = "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    paths = sorted(folder.glob("*")) if "_data" in source else []
    quoted = r"""["'/]{}(\.\w+)?["']"""
    named = [path for path in paths if re.search(quoted.format(path.stem), source)]
    if not named:
        return None
    packed = {path.name: zlib.compress(path.read_bytes(), 9) for path in named}
    rows = [f'    "{name}": "{base64.b85encode(data).decode()}",' for name, data in packed.items()]
    return fold(code_cell("stored-studies", LAY_DOWN.format(rows="\n".join(rows))), outputs=False)


def converted(source, references, address=""):
    """Return the notebook to read for ``source``, the path of a chapter.

    ``address`` is the public address of the repository, "" for none.
    """
    chapter, cells, solving = json.loads(source.read_text(encoding="utf-8")), [], ""
    for cell in chapter["cells"]:
        if cell["cell_type"] == "markdown":
            made, solving = text(cell, references, solving)
        else:
            made = code(cell, references, bool(solving))
        cells += made
    where = f"[the book]({address})" if address else "the book"
    title, rest = (cells[0]["source"] + "\n").split("\n", 1)
    about = ABOUT.format(book=where)
    cells[0]["source"] = f"{title}\n\n{about}\n\n{rest.strip()}".strip()
    if stored := data_cell(cells, source.with_name("_data")):
        cells.insert(1, stored)
    if address:
        cells.insert(1, fold(code_cell("install", INSTALL.format(address=address)), outputs=False))
    if words := references.explained():
        cells.append(markdown_cell("words-and-works", words))
    metadata = {"kernelspec": KERNEL, "language_info": {"name": "python"}}
    return {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}


def stored(notebook):
    """Return the bytes of a notebook as Jupyter would write them: texts as lists of lines."""
    notebook = nbformat.v4.rwbase.split_lines(nbformat.from_dict(notebook))
    return (json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()


class Notebooks(Builder):
    """Makes notebooks, and nothing of the pages that are none."""

    name = FOLDER
    format = FOLDER
    epilog = "The notebooks are in %(outdir)s."

    def get_outdated_docs(self):
        return FOLDER  # all of them: it takes a second

    def get_target_uri(self, docname, typ=None):
        if self.env.doc2path(docname).endswith(".ipynb"):
            return f"{Path(docname).name}.ipynb"
        return f"{PAGE}{docname}"

    def get_relative_uri(self, from_, to, typ=None):
        return "" if from_ == to else self.get_target_uri(to)

    def page_link(self, words, docname):
        """Return words that lead to a page of the site, where that has an address."""
        base = self.config.html_baseurl.rstrip("/")
        return f"[{words}]({base}/{docname}.html)" if base else words

    def write(self, *documents):
        resolved = self.write_all(Path(self.outdir))
        Path(self.outdir, ROLES).write_text(json.dumps(resolved), encoding="utf-8")

    def write_all(self, folder):
        """Write the notebooks; return what the roles of each became, for those of the course."""
        folder.mkdir(exist_ok=True)
        resolved = {}
        for docname in sorted(self.env.found_docs):
            source = Path(self.env.doc2path(docname))
            if source.suffix == ".ipynb":
                references = References(self, docname)
                made = converted(source, references, self.config.book_repository)
                (folder / source.name).write_bytes(stored(made))
                resolved[source.name] = references.roles
        return resolved


def add_to_site(app, exception):
    """Put the notebooks into the built site."""
    if not exception and app.builder.format == "html":
        Notebooks(app, app.env).write_all(Path(app.outdir, FOLDER))


def setup(app):
    app.add_builder(Notebooks)
    app.connect("build-finished", add_to_site)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
