"""The repository keeps its own habits: what the documents say is there, and agrees."""

import os
import re
import textwrap
import tomllib
from pathlib import Path

import lowest
import pytest
import yaml
from packaging.version import Version

import dra

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("README.md", "CONTRIBUTING.md", "book/how-to-run.md")
GENERATED = {".git", ".venv", "_build", "_vendor", "__pycache__", ".pytest_cache", ".ruff_cache"}
TEXT = {".py", ".md", ".ipynb", ".yml", ".toml", ".txt", ".cff", ".cfg", ".css", ".js", ".sh", ""}
# Written in pieces, so that this file does not find itself.
PICTURE = re.compile(r"[A-Za-z0-9+/=\\]{200,}")
LEFTOVERS = {
    "a machine path": re.compile(r"(?<![\w.])/(?:wo" + r"rk|ro" + r"ot|home/\w+|Users/\w+)/"),
    "a temporary path": re.compile(r"(?<![\w.$])/t" + r"mp/(?!ipykernel)"),
    "a reminder": re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|XX" + r"X|lorem ip" + r"sum)\b"),
    "a merge mark": re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE),
}


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def pyproject():
    return tomllib.loads(read("pyproject.toml"))


def targets():
    """The targets of the Makefile that explain themselves."""
    return set(re.findall(r"^([a-z-]+):.*## \S", read("Makefile"), flags=re.MULTILINE))


def make_commands(text):
    """Targets that a text tells the reader to make."""
    commands = re.findall(r"(?:`|^|\$ |=\S+ )make((?: [\w=.-]+)*)", text, flags=re.MULTILINE)
    words = " ".join(commands).split()
    return {word for word in words if "=" not in word and not word.startswith("-")}


def text_files():
    """Every text file of the repository that a person wrote."""
    for folder, folders, names in os.walk(ROOT):
        keep = [name for name in folders if name not in GENERATED]
        folders[:] = sorted(name for name in keep if not name.endswith(".egg-info"))
        names = sorted(set(names) - GENERATED)
        yield from (Path(folder, name) for name in names if Path(name).suffix in TEXT)


def leftovers(text):
    """Names of the kinds of leftovers that a text contains, pictures in it apart."""
    text = PICTURE.sub("", text)
    return [name for name, pattern in LEFTOVERS.items() if pattern.search(text)]


@pytest.mark.parametrize("document", DOCUMENTS)
def test_documented_commands_exist(document):
    commands = make_commands(read(document))
    assert commands, f"{document} names no make target"
    assert commands <= targets()


def python_blocks(text):
    """The Python code of a Markdown text, indented or not."""
    blocks = re.findall(r"^( *)```python\n(.*?)^\1```", text, flags=re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for _, block in blocks]


@pytest.mark.parametrize("document", ["README.md", "book/index.md"])
def test_documented_example_runs(document, capsys, tmp_path, monkeypatch):
    blocks = python_blocks(read(document))
    assert blocks
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DRA_EXERCISES_HOME", str(tmp_path))
    exec("\n".join(blocks), {})
    assert "sigma" in capsys.readouterr().out


def test_unknown_command_is_noticed():
    assert make_commands("Run `make book`, then\n$ make PYTHON=python3 bake\n") == {"book", "bake"}
    assert not {"book", "bake"} <= targets()


def test_no_leftovers():
    found = {str(path.relative_to(ROOT)): leftovers(path.read_text()) for path in text_files()}
    assert len(found) > 20
    assert {name: kinds for name, kinds in found.items() if kinds} == {}


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("see /wo" + "rk/main/book", "a machine path"),
        ("open /t" + "mp/x.png", "a temporary path"),
        ("# TO" + "DO: later", "a reminder"),
        ("<" * 7 + " HEAD", "a merge mark"),
    ],
)
def test_leftover_is_noticed(text, kind):
    assert leftovers(text) == [kind]


def test_versions_agree():
    version = pyproject()["project"]["version"]
    assert re.search(rf"^## {re.escape(version)}\b", read("CHANGELOG.md"), flags=re.MULTILINE)
    assert yaml.safe_load(read("CITATION.cff"))["version"] == version
    assert f"Version {version}." in read("book/index.md")
    assert dra.__version__ == version


def test_toc_lists_every_page():
    toc = yaml.safe_load(read("_toc.yml"))
    listed = [toc["root"]] + [c["file"] for part in toc["parts"] for c in part["chapters"]]
    assert len(listed) == len(set(listed))
    there = [p for kind in ("*.ipynb", "*.md") for p in (ROOT / "book").glob(kind)]
    assert sorted(listed) == sorted(f"book/{path.stem}" for path in there)


def requirement_names(lines):
    """Names of packages, as package indexes normalise them."""
    names = [re.match(r"[A-Za-z0-9_.-]+", line)[0] for line in lines]
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


def test_pins_are_exact_and_cover_the_package():
    lines = [s for s in read("requirements.txt").splitlines() if s and not s.startswith("#")]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[\w.]+", line) for line in lines)
    project = pyproject()["project"]
    needed = list(project["dependencies"])
    for extra in project["optional-dependencies"].values():
        needed += extra
    assert requirement_names(needed) - {"dra"} <= requirement_names(lines)


def labels(paths, pattern):
    """Equation labels found in files, with the files that hold them."""
    found = {}
    for path in paths:
        for label in re.findall(pattern, path.read_text(encoding="utf-8")):
            found.setdefault(label, []).append(path.name)
    return found


def test_every_equation_named_in_the_code_stands_once_in_the_book():
    named = labels((ROOT / "dra").rglob("*.py"), r"\((eq-[a-z-]+)\)")
    defined = labels((ROOT / "book").glob("*.ipynb"), r":label: (eq-[a-z-]+)")
    assert named, "the code names no equation"
    assert {k: v for k, v in named.items() if k not in defined} == {}
    assert {k: v for k, v in defined.items() if len(v) > 1} == {}


def test_the_lowest_versions_tried_are_those_declared():
    project = pyproject()["project"]
    declared = {name for extra in project["optional-dependencies"].values() for name in extra}
    declared = {name for name in declared if not name.startswith("dra[")}
    declared |= set(project["dependencies"])
    tried = lowest.requirements()
    assert {line.replace(">=", "==") for line in declared} < set(tried)
    pins = dict(line.split("==") for line in read("requirements.txt").splitlines() if "==" in line)
    for line in tried:
        name, version = line.split("==")
        assert Version(version) <= Version(pins[name])
    with pytest.raises(ValueError, match="'x<2' in pyproject"):
        lowest.lowest({"name": "dra", "dependencies": ["x<2"], "optional-dependencies": {}})


@pytest.mark.parametrize("place", ["book/_vendor", "tests/book/_vendor"])
def test_vendored_files_say_where_they_come_from(place):
    folders = [path for path in (ROOT / place).iterdir() if path.is_dir()]
    assert folders
    for folder in folders:
        assert f"`{folder.name}/`" in read(f"{place}/README.md")
        assert (folder / "LICENSE").is_file()
