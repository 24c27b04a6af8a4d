"""The API reference: all that is public is in it once, and every page leads there."""

import ast
import json
import re
from html import unescape
from textwrap import dedent

import pytest
from api import documented
from api_links import find, linked
from public_names import members, modules, names
from site_inspector import ROOT
from sphinx.util.inventory import InventoryFile

SITE = ROOT / "_build" / "html"
PUBLIC = names()
CLASSES = {name: value for name, value in PUBLIC.items() if isinstance(value, type)}
MEMBERS = {f"{name}.{member}" for name, cls in CLASSES.items() for member in members(cls)}
PAGES = sorted((ROOT / "book" / "api").glob("*.md"))
BESIDES = {"dra.parameters.Parameters"}  # what dra.train takes, without being a name of its own
READ = [*sorted((ROOT / "book").glob("*.ipynb")), *sorted((ROOT / "book").glob("*.md"))]
READ.remove(ROOT / "book" / "api.md")
ROOTS = "dra|baselines|costs|evidence|exact|fitting|planning|plots|policy"
LITERAL = re.compile(rf"(?<![`{{}}])`((?:{ROOTS})\.[\w.]+)`")
FENCE = re.compile(r"^ *```python\n(.*?)^ *```", re.MULTILINE | re.DOTALL)

# Public names that no chapter, page or widget uses. To be emptied: use them, or take them away.
# These are how the loops read a task, and no reader's business.
UNUSED = ""


# Where names are used ----------------------------------------------------------------------------


def parts(path):
    """The text and the code of a chapter, a page or a module."""
    source = path.read_text(encoding="utf-8")
    if path.suffix == ".ipynb":
        cells = [(c["cell_type"], "".join(c["source"])) for c in json.loads(source)["cells"]]
        text = [source for kind, source in cells if kind == "markdown"]
        return "\n".join(text), [source for kind, source in cells if kind == "code"]
    if path.suffix == ".py":
        return "", [source]
    return source, [dedent(code) for code in FENCE.findall(source)]


def chain(node):
    """The names of an expression such as ``dra.tasks.huys``, None for any other."""
    if isinstance(node, ast.Attribute):
        before = chain(node.value)
        return before and [*before, node.attr]
    return [node.id] if isinstance(node, ast.Name) else None


def imported(tree):
    """What the imports of ``tree`` bind, by name."""
    found = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "dra":
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.name: a.name for a in node.names if a.name == "dra"}
    return found


def named_in_code(cells):
    """The dotted names that code reaches from the package, and all attributes that it reads."""
    trees = [ast.parse(re.sub(r"^ *%.*$", "", cell, flags=re.MULTILINE)) for cell in cells]
    begun = {name: whole for tree in trees for name, whole in imported(tree).items()}
    found, attributes = set(begun.values()), set()
    for node in (node for tree in trees for node in ast.walk(tree)):
        words = chain(node)
        if words and words[0] in begun:
            found.add(".".join([begun[words[0]], *words[1:]]))
        if isinstance(node, ast.Attribute):
            attributes.add(node.attr)
    return found, attributes


def named(path):
    """The names of the package in a file, and the attributes that its code reads."""
    text, cells = parts(path)
    found, attributes = named_in_code(cells)
    for name in LITERAL.findall(text):
        found.add(name if name.startswith("dra.") else f"dra.{name}")
    return found, attributes


def public(name):
    """The public name that ``name`` begins with, or of what it is in an inner module."""
    path = name.split(".")
    begins = [".".join(path[:end]) for end in range(len(path), 1, -1)]
    known = [begin for begin in begins if begin in PUBLIC]
    value = find(name)
    return [*known, *(k for k, v in PUBLIC.items() if v is value and callable(v)), name][0]


def uses():
    """The files that use each public name, members of classes as ``dra.Memory.cost``."""
    found = {name: set() for name in [*PUBLIC, *MEMBERS]}
    drawn = [p for room in ("plots", "widgets") for p in (ROOT / "dra" / room).glob("*.py")]
    for path in [*READ, *drawn]:
        there, attributes = named(path)
        there = {public(name) for name in there}
        there |= {name for name in MEMBERS if name.rpartition(".")[2] in attributes}
        for name in there & set(found):
            found[name].add(path.name)
    for name, value in PUBLIC.items():  # what a function gives or raises is used with it
        if name not in CLASSES and callable(value):
            for word in re.findall(r"\b[A-Z]\w+", value.__doc__ or ""):
                given = f"{name.rpartition('.')[0]}.{word}"
                found.get(given, set()).update(found[name])
    return found


def test_every_public_name_is_used_by_a_chapter_a_page_or_a_widget():
    unused = {name for name, files in uses().items() if not files}
    assert unused == {line for line in UNUSED.splitlines() if line}


def test_uses_are_found_in_text_and_in_code(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "See `dra.tasks.huys` and `plots.maze`, not dra.tasks.gridworld.\n\n```python\n"
        "import dra\nfrom dra.policy import softmax as s\ns(dra.train(1).memory.cost())\n```\n"
    )
    found, attributes = named(page)
    assert {"dra.tasks.huys", "dra.plots.maze", "dra.policy.softmax", "dra.train"} <= found
    assert "dra.tasks.gridworld" not in found
    assert {"memory", "cost"} <= attributes


# The reference -----------------------------------------------------------------------------------


def test_every_public_name_is_on_exactly_one_page():
    there = [name for page in PAGES for name in documented(page)[1]]
    assert sorted(there) == sorted({*PUBLIC, *BESIDES})


def test_every_public_module_has_a_page():
    titles = [documented(page)[0] for page in PAGES]
    assert set(modules()) <= set(titles)


@pytest.fixture(scope="module")
def inventory():
    """Where each name is in the built site."""
    path = SITE / "objects.inv"
    assert path.exists(), "no built site: run `make book` first"
    with path.open("rb") as stream:
        stored = InventoryFile.load(stream, "", lambda base, uri: uri)
    of_python = [group for kind, group in stored.items() if kind.startswith("py:")]
    return {name: entry[2] for group in of_python for name, entry in group.items()}


def test_the_built_site_has_every_name_and_member(inventory):
    wanted = {*PUBLIC, *MEMBERS}
    assert wanted - set(inventory) == set()
    for place in (inventory[name] for name in wanted):
        page, anchor = place.split("#")
        assert f'id="{anchor}"' in (SITE / page).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", READ, ids=lambda path: path.name)
def test_names_lead_to_the_reference(inventory, path):
    page = (SITE / "book" / f"{path.stem}.html").read_text(encoding="utf-8")
    links = {unescape(href) for href in re.findall(r'<a [^>]*href="(api/[^"]+)"', page)}
    found, _ = named(path)
    wanted = {public(name) for name in found} & set(PUBLIC)
    missing = {name for name in wanted if inventory[name].removeprefix("book/") not in links}
    assert missing == set()


# The links in code -------------------------------------------------------------------------------


def highlighted(*words):
    return '<span class="o">.</span>'.join(f'<span class="n">{word}</span>' for word in words)


def address(name):
    return {"dra.train": "api#dra.train", "dra.Run.history": "api#dra.Run"}.get(name)


@pytest.mark.parametrize(
    ("words", "begun", "linked_words"),
    [
        (("dra", "train"), {"dra": "dra"}, 2),
        (("dra", "train", "other"), {"dra": "dra"}, 2),
        (("train",), {"train": "dra.train"}, 1),
        (("run", "history", "trial"), {}, 2),
        (("run",), {}, 0),
        (("dra", "loops"), {"dra": "dra"}, 0),
        (("other", "train"), {"dra": "dra"}, 0),
    ],
)
def test_code_gets_a_link_as_far_as_the_name_goes(words, begun, linked_words):
    code = highlighted(*words)
    part = highlighted(*words[:linked_words])
    result = linked(code, begun, address)
    assert result.count("<a ") == (linked_words > 0)
    assert f">{part}</a>{code.removeprefix(part)}" in f">{result}" or linked_words == 0
    assert re.sub("</?a[^>]*>", "", result) == code


def test_a_name_gets_one_link_in_each_cell():
    code = f"{highlighted('dra', 'train')} = {highlighted('dra', 'train')}"
    assert linked(code, {"dra": "dra"}, address).count("<a ") == 1


def test_an_attribute_of_something_else_gets_no_link():
    code = '<span class="p">()</span><span class="o">.</span><span class="n">train</span>'
    assert linked(code, {"train": "dra.train"}, address) == code


def test_find_knows_inner_parts_and_refuses_others():
    assert find("dra.exact.objectives.objective") is find("dra.exact.objective")
    assert find("dra.Memory.cost") and find("dra.loops.ascend")
    assert find("dra.nonsense") is find("dra.tasks.nonsense") is find("dra.Memory.nonsense") is None
