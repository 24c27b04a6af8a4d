"""Every dependency has a line that says why, and none that is gone has one."""

import re
import tomllib
from datetime import date
from pathlib import Path

ROOT = Path(__file__).parents[2]
OTHERS = "# What those need in turn"
KEPT = {"Python": 3}  # years, by SPEC 0; two where nothing is said


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def tables(text):
    """The rows of the tables of a page, by section, without their heads."""
    found = {}
    for part in re.split(r"^## ", text, flags=re.MULTILINE)[1:]:
        lines = [line for line in part.splitlines() if line.startswith("|")]
        found[part.splitlines()[0]] = [
            [cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]
        ]
    return found


def extras():
    """The packages that pyproject.toml asks for, with where it does."""
    project = tomllib.loads(read("pyproject.toml"))["project"]
    declared = {"always": project["dependencies"], **project["optional-dependencies"]}
    found = {}
    for where, lines in declared.items():
        for line in lines:
            if not line.startswith("dra["):
                found.setdefault(plain(re.match(r"[\w.-]+", line)[0]), set()).add(where)
    return found


def undocumented(text):
    """Dependencies without a row, and rows without a dependency."""
    pinned = re.findall(r"^([\w.-]+)==", read("requirements.txt").split(OTHERS)[0], re.MULTILINE)
    rows = tables(text)
    told = {
        plain(row[0])
        for part in ("The package", "Making the book", "Checking it")
        for row in rows[part]
    }
    return told ^ (set(map(plain, pinned)) | set(extras()))


def test_every_dependency_has_its_reason():
    text = read("DEPENDENCIES.md")
    assert undocumented(text) == set()
    assert undocumented(text.replace("| pypdf |", "| pdfium |")) == {"pypdf", "pdfium"}
    for part, rows in tables(text).items():
        assert rows or part == "From the system"
        assert all(cell for row in rows for cell in row)


def test_extras_are_those_of_the_package():
    told = {
        plain(row[0]): set(re.findall(r"[a-z]+", row[1]))
        for row in tables(read("DEPENDENCIES.md"))["The package"]
    }
    assert told == extras()


def test_old_versions_are_kept_as_long_as_spec_0_asks():
    bounds = dict(re.findall(r'"([\w-]+)>=([\d.]+)"', read("pyproject.toml")))
    bounds["python"] = re.search(r'requires-python = ">=([\d.]+)"', read("pyproject.toml"))[1]
    for name, version, released in tables(read("DEPENDENCIES.md"))["Which versions"]:
        assert bounds[name.lower()] == version
        age = (date.today() - date.fromisoformat(released)).days / 365.25
        assert age > KEPT.get(name, 2), f"{name} {version} is too new to be the lowest"


def test_what_is_copied_is_named():
    vendored = read("tools/vendor.sh").split("set -eu")[0]
    for name, *_ in tables(read("DEPENDENCIES.md"))["Copied into the repository"]:
        assert name in vendored
