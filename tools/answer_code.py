"""The code of an exercise: the stub a reader completes, the line that checks it, its solution.

All of it is made of ``checks.py`` and of the field ``check`` of ``exercises.md``. Nothing here
writes a cell; the book and the notebooks of the course share it.
"""

import ast
import builtins
import importlib.util
import inspect
import json
import re
import subprocess
import symtable
import sys
import textwrap
from pathlib import Path

import numpy as np

from dra_exercises.spec import Choice, Function, Open, Value

ROOT = Path(__file__).resolve().parents[1]
GIVEN = {"np", "math", "dra"}  # the names that every stub and solution may use
MARKED = re.compile(
    r"^( *)### BEGIN SOLUTION *\n.*?^ *### END SOLUTION *\n", re.DOTALL | re.MULTILINE
)
MARK = re.compile(r"^ *### (BEGIN|END) SOLUTION *\n", re.MULTILINE)
ENTRY = re.compile(r" *\w+(?:, *\w+)* : ")  # of a list of arguments
WIDTH = 76  # what the box shows inside an exercise, on a screen 1280 pixels wide
HINT = {Choice: "  # a letter", Open: "  # your words, in quotes"}


def specs_of(chapter, draft=False):
    """Return {"4.1": how its answer is judged, ...} for a chapter as of `source.read`.

    Raises ValueError for exercises without an entry in ``checks.py``, and the other way round,
    unless it is a ``draft``.
    """
    name = f"dra_exercises.chapter_{chapter.number:02d}.checks"
    there = importlib.util.find_spec(name) is not None
    specs = importlib.import_module(name).EXERCISES if there else {}
    odd = set(specs) ^ {exercise.number for exercise in chapter.exercises}
    if odd and not draft:
        one = ", ".join(sorted(odd))
        raise ValueError(f"chapter {chapter.number}: {one} in one of exercises.md and checks.py")
    return specs


def names_needed(source):
    """Return the names that code takes from its module, besides those it defines itself."""
    tables, needed, own = [symtable.symtable(source, "<answer>", "exec")], set(), set()
    while tables:
        table = tables.pop()
        tables += table.get_children()
        for symbol in table.get_symbols():
            if table.get_type() == "module":
                own |= {symbol.get_name()} if symbol.is_assigned() else set()
            if symbol.is_global() and symbol.is_referenced():
                needed.add(symbol.get_name())
    return needed - own - set(dir(builtins))


def narrow(source):
    """Return the code of a function, its docstring filled where it is too wide for a cell."""
    function = ast.parse(source).body[0]
    if ast.get_docstring(function) is None:
        return source
    lines, text = source.splitlines(), function.body[0]
    first, last = text.lineno - 1, text.end_lineno
    filled = [line for part in paragraphs(lines[first:last]) for line in fill(part)]
    return "\n".join([*lines[:first], *filled, *lines[last:]]) + "\n"


def paragraphs(lines):
    """Split the lines of a docstring: at empty ones, at arguments, and where text moves out."""
    found = [[]]
    for line in lines:
        if found[-1]:
            depth, before = (len(each) - len(each.lstrip()) for each in (line, found[-1][-1]))
            ended = ENTRY.match(found[-1][-1]) and depth == before
            alone = not line.strip() or line.strip() == '"""' or not found[-1][-1].strip()
            if alone or ended or depth < before or ENTRY.match(line):
                found.append([])
        found[-1].append(line)
    return found


def fill(paragraph):
    """Return the lines of a paragraph, filled if one is too wide for the box of a cell."""
    if all(len(line) <= WIDTH for line in paragraph):
        return paragraph
    indents = [line[: len(line) - len(line.lstrip())] for line in paragraph]
    deeper = indents[0] + "    " * bool(ENTRY.match(paragraph[0]))
    words = " ".join(line.strip() for line in paragraph)
    return textwrap.wrap(
        words, WIDTH, initial_indent=indents[0], break_on_hyphens=False, break_long_words=False,
        subsequent_indent=indents[1] if len(indents) > 1 else deeper,
    )  # fmt: skip


def function_source(function):
    """Return the source of a function that needs nothing but its arguments, np, math and dra."""
    name = getattr(function, "__name__", "<lambda>")
    if not name.isidentifier():
        raise ValueError(f"the reference answer {name} is no function written with def")
    source = textwrap.dedent(inspect.getsource(function)).rstrip("\n") + "\n"
    foreign = sorted(names_needed(source) - GIVEN)
    if foreign:
        raise ValueError(f"{name} uses {', '.join(foreign)}; legal are {', '.join(sorted(GIVEN))}")
    return narrow(source)


def solution_code(spec):
    """Return the code of the reference answer, without the marks around what is to be found."""
    if isinstance(spec, Function):
        return MARK.sub("", function_source(spec.solution)).rstrip("\n")
    if isinstance(spec, Value):
        return function_source(spec.answer).rstrip("\n")
    raise ValueError(f"an exercise of the kind {type(spec).__name__} has no solution in code")


def marked_solution(spec):
    """Return the code of the reference answer with the marks that nbgrader looks for."""
    source = function_source(spec.solution)
    if MARKED.search(source):
        return source.rstrip("\n")
    lines, end = source.splitlines(), docstring_end(source)
    body = [f"    ### {word} SOLUTION" for word in ("BEGIN", "END")]
    return "\n".join([*lines[:end], body[0], *lines[end:], body[1]])


def docstring_end(source):
    """Return the number of the line in which the docstring of a function ends."""
    function = ast.parse(source).body[0]
    if ast.get_docstring(function) is None:
        raise ValueError(f"{function.name} has no docstring, which its stub is made of")
    return function.body[0].end_lineno


def names_in(expression):
    """Return the variables of an expression, in order, without the modules."""
    nodes = ast.walk(ast.parse(expression, mode="eval"))
    found = [node for node in nodes if isinstance(node, ast.Name) and node.id not in GIVEN]
    found.sort(key=lambda node: (node.lineno, node.col_offset))
    return list(dict.fromkeys(node.id for node in found))


def asked(exercise, spec):
    """Return the expression that is handed to ``check``."""
    return exercise.ask or (spec.solution.__name__ if isinstance(spec, Function) else "answer")


def call(exercise, spec):
    """Return the line that checks an answer."""
    return f'check("{exercise.number}", {asked(exercise, spec)})'


def stub(exercise, spec):
    """Return the code that a reader completes."""
    if isinstance(spec, Function):
        source = function_source(spec.solution)
        end = docstring_end(source)
        if MARKED.search(source):
            return MARKED.sub(r"\1raise NotImplementedError\n", source).rstrip("\n")
        return "\n".join([*source.splitlines()[:end], "    raise NotImplementedError"])
    note = HINT.get(type(spec), "")
    return "\n".join(f"{name} = ...{note}" for name in variables(exercise, spec))


def to_complete(exercise, spec):
    """Return the stub and the line that checks it."""
    return f"{stub(exercise, spec)}\n\n{call(exercise, spec)}"


def variables(exercise, spec):
    """Return the names of the variables that hold an answer; at least one."""
    names = names_in(asked(exercise, spec))
    if not names:
        raise ValueError(f"{exercise.number}: check: {exercise.ask} names no variable")
    return names


def written(value):
    """Return a number or an array as a reader would type it, to ten digits."""
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    return f"{value:.10g}" if isinstance(value, float) else repr(value)


def answered(exercise, spec):
    """Return code that answers an exercise rightly: what a stub becomes."""
    if isinstance(spec, Function):
        return solution_code(spec)
    names = variables(exercise, spec)
    if isinstance(spec, Value) and "{solution-code}" in exercise.solution:
        code = solution_code(spec)
        return f"{code}\n\n\n{', '.join(names)} = {spec.answer.__name__}()"
    if isinstance(spec, Value):
        value = written(np.asarray(spec.answer()).tolist())
    elif isinstance(spec, Choice):
        value = json.dumps(spec.answer)
    else:
        value = json.dumps(" ".join(spec.rubric), ensure_ascii=False)
    return f"{', '.join(names)} = {value}"


def formatted(sources):
    """Return pieces of code as `make format` would store them in a chapter."""
    cells = [
        {"cell_type": "code", "metadata": {}, "source": source, "outputs": [],
         "execution_count": None} for source in sources
    ]  # fmt: skip
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    run = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--stdin-filename", "book/cells.ipynb", "-"],
        input=json.dumps(notebook), capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    if run.returncode:
        raise ValueError(f"ruff cannot read a piece of code: {run.stderr.strip()}")
    return ["".join(cell["source"]) for cell in json.loads(run.stdout)["cells"]]
