"""What the package promises: every public name is documented and annotated, and comes along."""

import importlib.util
import inspect
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from public_names import fields, is_property, members, modules, names

import dra

ROOT = Path(__file__).parents[2]
PUBLIC = names()
SECTION = re.compile(r"^([A-Z]\w+(?: \w+)*)\n-{3,}\n", re.MULTILINE)
ENTRY = re.compile(r"^(\S.*?)(?: : .*)?$", re.MULTILINE)
DRAWING = ("dra.plots.", "dra.widgets.")  # what they return is looked at, not printed


def sections(text):
    """The sections of a docstring in NumPy style, by heading; the text above them is ''."""
    parts = SECTION.split(inspect.cleandoc(text or ""))
    return {"": parts[0], **dict(zip(parts[1::2], parts[2::2], strict=True))}


def entries(section):
    """The names that a section describes: 'q, sigma : array' has two."""
    lines = ENTRY.findall(section)
    return [name.lstrip("*") for line in lines for name in line.split(", ")]


def parameters(function):
    """The parameters that a caller gives, by name."""
    found = inspect.signature(function).parameters
    return {k: p for k, p in found.items() if k not in ("self", "cls")}


def function_faults(function):
    """What a function lacks of hints, and of the sections that its signature asks for."""
    signature, there = inspect.signature(function), sections(function.__doc__)
    taken = parameters(function)
    hinted = [p.annotation is not p.empty for p in taken.values()]
    if not all(hinted) or signature.return_annotation is signature.empty:
        yield "annotations"
    if not there[""].strip():
        yield "a sentence"
    if entries(there.get("Parameters", "")) != list(taken):
        yield "Parameters"
    gives = signature.return_annotation not in (None, "None")
    told = not taken and there[""].startswith("Return ")  # a sentence is enough then
    if gives and not told and not {"Returns", "Yields"} & set(there):
        yield "Returns"


def property_faults(value):
    """What a property lacks."""
    function = getattr(value, "fget", None) or getattr(value, "func", None)
    if "return" not in function.__annotations__:
        yield "annotations"
    if not (function.__doc__ or "").strip():
        yield "a sentence"


def class_faults(cls):
    """What the docstring of a class lacks: each field in Attributes or in Parameters."""
    there = sections(cls.__doc__)
    told = entries(there.get("Attributes", there.get("Parameters", "")))
    if not there[""].strip():
        yield "a sentence"
    if fields(cls) and sorted(told) != sorted(fields(cls)):
        yield "Attributes"


def faults(name, value):
    """Everything that one public name lacks, a line each."""
    if inspect.isclass(value):
        found = [f"{name}: {fault}" for fault in class_faults(value)]
        for member, own in members(value).items():
            of_kind = property_faults if is_property(own) else function_faults
            own = own if is_property(own) else getattr(value, member)
            found += [f"{name}.{member}: {fault}" for fault in of_kind(own)]
        return found
    if not inspect.isroutine(value):
        return []
    found = [f"{name}: {fault}" for fault in function_faults(value)]
    if not name.startswith(DRAWING) and "Examples" not in sections(value.__doc__):
        found.append(f"{name}: Examples")
    return found


@pytest.mark.parametrize("name", PUBLIC)
def test_public_name_is_annotated_and_documented(name):
    assert faults(name, PUBLIC[name]) == []


def good(first: int, *, second: float = 0.0, **options: object) -> int:
    """Add.

    Parameters
    ----------
    first, second : numbers
        What to add.
    **options
        Not looked at.

    Returns
    -------
    int

    Examples
    --------
    >>> 1 + 1
    2
    """


def bad(first: int, *, second=0.0):
    """Add.

    Parameters
    ----------
    second : float
    """


def test_a_good_function_passes_and_every_fault_is_seen():
    assert faults("good", good) == []
    assert faults("bad", bad) == [
        "bad: annotations",
        "bad: Parameters",
        "bad: Returns",
        "bad: Examples",
    ]


def test_every_public_module_says_what_it_is_for():
    assert all(module.__doc__ and module.__doc__.strip() for module in modules().values())
    assert len(modules()) > 8


@pytest.mark.parametrize("module", modules())
def test_dir_shows_what_there_is_and_other_names_are_refused(module):
    value = modules()[module]
    assert set(value.__all__) <= set(dir(value))
    assert len(set(value.__all__)) == len(value.__all__)
    with pytest.raises(AttributeError, match="nonsense"):
        value.nonsense  # noqa: B018


def test_public_names_are_found_by_the_module_they_live_in():
    """A pickle, a doctest and a link of the reference look for them there."""
    for name, value in PUBLIC.items():
        home = getattr(value, "__module__", None)
        if inspect.isroutine(value) or inspect.isclass(value):
            assert home.startswith("dra."), name
            assert getattr(sys.modules[home], value.__name__) is value, name


@pytest.mark.parametrize("module", modules())
def test_no_inner_module_is_named_like_something_public(module):
    """Its import would put it in the other's place."""
    inner = {path.stem for path in Path(modules()[module].__file__).parent.glob("*.py")}
    clash = {f"{module}.{name}" for name in inner} & set(PUBLIC)
    assert clash == set()


def test_importing_is_quick_and_dir_imports_nothing():
    code = "import sys, dra; dir(dra); print([m for m in sys.modules if m.startswith('dra.')])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.skipif(not importlib.util.find_spec("wheel"), reason="needs the package wheel")
def test_a_wheel_holds_what_the_package_needs(tmp_path):
    source = tmp_path / "source"
    shutil.copytree(ROOT / "dra", source / "dra", ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, source)
    pip = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--no-index", "-w", tmp_path, source], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if name.startswith("dra/")}
    there = {p.relative_to(source).as_posix() for p in (source / "dra").rglob("*") if p.is_file()}
    assert held == there
    assert {"dra/py.typed", "dra/__init__.pyi", "dra/figures.mplstyle"} <= held
    assert dra.__all__
