"""Write the section "Exercises" of the chapters from its source in ``dra_exercises``.

    python tools/write_exercises.py            all chapters
    python tools/write_exercises.py 4 10       only these
    python tools/write_exercises.py --check    write nothing; exit 1 if a chapter differs
    python tools/write_exercises.py --draft 4  although something is not written yet

The rest of a chapter is not touched, and a code cell that stays the same keeps its outputs.
`tools/execute_chapters.py` runs what is new.
"""

import argparse
import io
import re
from pathlib import Path

import answer_code
import exercise_cells
import nbformat
from execute_chapters import name_cells
from nbformat.v4 import new_markdown_cell

from dra_exercises import source
from dra_exercises.lines import read_lines

BOOK = Path(__file__).resolve().parents[1] / "book"
HEADING = re.compile(r"## +Exercises\b.*")


def path_of(chapter):
    """Return the notebook of a chapter, given by its number."""
    (path,) = BOOK.glob(f"{chapter:02d}-*.ipynb")
    return path


def headings(cells):
    """Yield (index of the cell, index of the line, line) of the headings of level 2."""
    for k, cell in enumerate(cells):
        if cell.cell_type == "markdown":
            for line in read_lines(cell.source, f"cell {k + 1}"):
                if line.heading == 2:
                    yield k, line.number - 1, line.text


def split(cells):
    """Split the cells of a chapter into those before the section, in it, and after it.

    A cell in which the section begins or ends is cut in two.
    """
    marks = list(headings(cells))
    starts = [k for k, (_, _, line) in enumerate(marks) if HEADING.fullmatch(line)]
    if len(starts) != 1:
        raise ValueError(f"{len(starts)} headings '## Exercises', not one")
    if starts[0] + 1 == len(marks):
        raise ValueError("no heading after '## Exercises'")
    (first, top, _), (last, bottom, _) = marks[starts[0] : starts[0] + 2]
    upper, lower = (cells[k].source.splitlines() for k in (first, last))
    before = new_markdown_cell("\n".join(upper[:top]).strip("\n"), metadata=cells[first].metadata)
    after = new_markdown_cell("\n".join(lower[bottom:]), metadata=cells[last].metadata)
    inside = [cell for cell in cells[first : last + 1] if cell.cell_type == "code"]
    kept = [*cells[:first], before] if before.source else cells[:first]
    return kept, inside, [after, *cells[last + 1 :]]


def keep_outputs(cells, old):
    """Give code cells the outputs of an old cell with the same source, each used once."""
    old = list(old)
    for cell in cells:
        if cell.cell_type == "code":
            found = next((each for each in old if each.source == cell.source), None)
            if found:
                old.remove(found)
                cell.outputs, cell.execution_count = found.outputs, found.execution_count


def import_math(before, cells):
    """Let the first cell that needs ``math`` import it, unless the chapter has done so."""
    if any(re.search(r"^import math$", cell.source, re.MULTILINE) for cell in before):
        return
    for cell in cells:
        if cell.cell_type == "code" and "math" in answer_code.names_needed(cell.source):
            (cell.source,) = answer_code.formatted([f"import math\n\n\n{cell.source}"])
            return


def renewed(text, chapter, draft=False):
    """Return the text of a notebook with the section written anew."""
    notebook = nbformat.reads(text, as_version=4)
    read = source.read(chapter, draft=draft)
    cells = exercise_cells.section(read, answer_code.specs_of(read, draft))
    before, inside, after = split(notebook.cells)
    import_math(before, cells)
    keep_outputs(cells, inside)
    notebook.cells = [*before, *cells, *after]
    name_cells(notebook.cells)
    stream = io.StringIO()
    nbformat.write(notebook, stream)
    return stream.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("chapters", nargs="*", type=int, help="numbers, such as 4")
    parser.add_argument("--check", action="store_true", help="write nothing")
    parser.add_argument("--draft", action="store_true", help="allow what is not finished")
    arguments = parser.parse_args()
    different, wrong = [], False
    for chapter in arguments.chapters or source.chapters():
        path = path_of(chapter)
        old = path.read_text(encoding="utf-8")
        try:
            new = renewed(old, chapter, arguments.draft)
        except ValueError as error:
            print(error)
            wrong = True
            continue
        if new != old:
            different.append(path.stem)
            if not arguments.check:
                path.write_text(new, encoding="utf-8")
    if different:
        done = "differ from the source" if arguments.check else "written"
        print(f"{done}: {', '.join(different)}")
    raise SystemExit(wrong or bool(different and arguments.check))


if __name__ == "__main__":
    main()
