"""Make notebooks of the exercises alone: for students, with solutions, and for nbgrader.

    make course                                    all chapters, in _build/course
    python tools/course_notebooks.py FOLDER 4 7    chapters 4 and 7, in FOLDER

What the roles of a text refer to is read from `_build/notebooks/roles.json`, which `make notebooks`
writes; and `book/_ext` has to be on the path.
"""

import argparse
import json
import re
from pathlib import Path

import answer_code
import course_cells
import nbformat
from execute_chapters import NOTEBOOK_METADATA
from nbformat.v4 import new_notebook
from plain_markdown import Page
from write_exercises import path_of

from dra_exercises import source

ROOT = Path(__file__).resolve().parents[1]
ROLES = ROOT / "_build" / "notebooks" / "roles.json"
LINK = re.compile(r"\[([^\]]+)\]\((?!https?:)[^)]*\)")
KINDS = {
    "student": (course_cells.student, "{0}.ipynb"),
    "solutions": (course_cells.solved, "{0}.ipynb"),
    "nbgrader/source": (course_cells.graded, "{0}/{0}.ipynb"),
}
CELL_SECONDS = 30
CONFIG = f'''\
"""The course as nbgrader reads it: nbgrader generate_assignment 04, nbgrader autograde 04."""

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "remember-what-matters"
# what stands where a solution was
c.ClearSolutions.code_stub = {{"python": "raise NotImplementedError"}}
c.ClearSolutions.text_stub = "Your answer."
# a cell that runs longer is stopped, and its exercise is worth nothing
c.ExecutePreprocessor.timeout = {CELL_SECONDS}
c.ExecutePreprocessor.interrupt_on_timeout = True
'''


def page(roles):
    """Return a page that resolves roles as a notebook of the book did, without links into it."""

    def role(name, text):
        if f"{name} {text}" not in roles:
            raise ValueError(f"the chapter has no {{{name}}}`{text}`: run make notebooks again")
        return LINK.sub(r"\1", roles[f"{name} {text}"])

    def none(label):
        raise ValueError(f"{label}: an exercise cannot have a numbered equation or exercise in it")

    return Page(role=role, equation=none, exercise=none, section=lambda: "")


def notebooks(chapter, specs, page):
    """Return {path in the folder of the course: notebook} for a chapter."""
    made = {}
    for kind, (cells, file) in KINDS.items():
        path = f"{kind}/{file.format(f'{chapter.number:02d}')}"
        made[path] = new_notebook(cells=cells(chapter, specs, page), metadata=NOTEBOOK_METADATA)
    return made


def write_course(folder, chapters, roles):
    """Write the notebooks of these chapters and the settings of nbgrader."""
    for number in chapters:
        chapter = source.read(number)
        specs = answer_code.specs_of(chapter)
        where = page(roles[path_of(number).name])
        for path, notebook in notebooks(chapter, specs, where).items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(notebook, folder / path)
    (folder / "nbgrader" / "nbgrader_config.py").write_text(CONFIG, encoding="utf-8")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("chapters", nargs="*", type=int)
    arguments = parser.parse_args()
    roles = json.loads(ROLES.read_text(encoding="utf-8"))
    write_course(arguments.folder, arguments.chapters or source.chapters(), roles)
    print(f"The course is in {arguments.folder}: student, solutions, nbgrader.")


if __name__ == "__main__":
    main()
