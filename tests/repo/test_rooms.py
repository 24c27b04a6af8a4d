"""The tests keep to their rooms, and the package's need no more than the package."""

import ast
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]
ROOMS = ("package", "exercises", "book", "repo")
PACKAGE_NEEDS = {
    "dra", "numpy", "scipy", "pytest", "matplotlib", "ipywidgets", "gymnasium", "pandas", "joblib",
    "distributed",
}  # fmt: skip
PLAIN_TOOLS = {"public_names"}  # modules of tools that import nothing but dra


def imported(source):
    """The names of the top-level modules that a source text imports, anywhere in it."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module)
    return {name.split(".")[0] for name in names}


def modules(folder):
    """The names of the modules in a folder."""
    return {path.stem for path in (TESTS.parent / folder).glob("*.py")}


def imports(room):
    """What the files of a room import, by the name of the file."""
    return {path.name: imported(path.read_text(encoding="utf-8"))
            for path in sorted((TESTS / room).glob("*.py"))}  # fmt: skip


@pytest.mark.parametrize("room", ROOMS)
def test_no_test_imports_a_test(room):
    found = {name: {m for m in those if m.startswith("test_") or m == "conftest"}
             for name, those in imports(room).items()}  # fmt: skip
    assert len(found) > 2
    assert {name: those for name, those in found.items() if those} == {}


@pytest.mark.parametrize("room", ROOMS)
def test_no_room_imports_from_another(room):
    others = set().union(*(modules(f"tests/{other}") for other in ROOMS if other != room))
    others -= modules(f"tests/{room}")
    assert {name: those & others for name, those in imports(room).items() if those & others} == {}


def test_the_tests_of_the_package_need_the_package_only():
    known = PACKAGE_NEEDS | PLAIN_TOOLS | modules("tests/package") | set(sys.stdlib_module_names)
    found = {name: those - known for name, those in imports("package").items()}
    assert {name: those for name, those in found.items() if those} == {}
    for tool in PLAIN_TOOLS:
        source = (TESTS.parent / "tools" / f"{tool}.py").read_text(encoding="utf-8")
        assert imported(source) <= {"dra", *sys.stdlib_module_names}


def test_no_two_tests_have_one_name():
    names = [path.name for room in ROOMS for path in (TESTS / room).glob("*.py")]
    names = [name for name in names if name != "conftest.py"]
    assert sorted(names) == sorted(set(names))


def test_imports_are_seen_wherever_they_stand():
    source = "import a.b, c\nfrom test_x import y\ndef f():\n    from d.e import g\n"
    assert imported(source) == {"a", "c", "test_x", "d"}
