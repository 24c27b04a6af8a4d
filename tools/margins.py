"""How far the asserts of a chapter are from failing, in standard deviations over seed offsets.

    python tools/margins.py 07-start-rich --offsets 0 1 2 1000 12345 77

Runs the code of the chapter once for each offset, two at a time and without drawing, and prints for
each comparison of numbers in an assert its margin (the distance to its bound): the least, the mean,
the standard deviation, and the ratio of the last two. A ratio below 5 means a false alarm in more
than one of a million offsets if margins are normal; a large one means a bound that could be closer.
A margin that never changes is exact. A negative one is an assert that failed.
"""

import argparse
import ast
import contextlib
import json
import os
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import clean_env
import numpy as np

ROOT = Path(__file__).resolve().parents[1]
UP, DOWN = (ast.Lt, ast.LtE), (ast.Gt, ast.GtE)


class Noted(ast.NodeTransformer):
    """Let each comparison of an assert note its operands, which are evaluated once."""

    def __init__(self, cell):
        self.cell = cell

    def visit_Assert(self, node):
        parts = node.test.values if isinstance(node.test, ast.BoolOp) else [node.test]
        if isinstance(getattr(node.test, "op", None), ast.Or):
            parts = [node.test]
        return [self.noted(part) for part in parts]

    def noted(self, test):
        sides = [test.left, *test.comparators] if isinstance(test, ast.Compare) else []
        if not sides or not all(isinstance(op, (*UP, *DOWN)) for op in test.ops):
            held = f"1.0 if ({ast.unparse(test)}) else -1.0"  # true or false, no distance
            return ast.parse(f"_note({self.cell}, {ast.unparse(test)!r}, [1], 0.0, {held})").body[0]
        signs = [1 if isinstance(op, UP) else -1 for op in test.ops]
        sides = ", ".join(f"({ast.unparse(side)})" for side in sides)
        call = f"_note({self.cell}, {ast.unparse(test)!r}, {signs}, {sides})"
        return ast.parse(call).body[0]


def distance(low, high):
    """How far ``high`` lies above ``low``; of sets, 1 if ``low`` is a part of ``high``, else -1."""
    if isinstance(low, (set, frozenset)):
        return 1.0 if low <= high else -1.0
    return np.asarray(high, float) - np.asarray(low, float)


def draw_nothing():
    """Pictures and players are made, and never drawn."""
    import matplotlib
    from matplotlib import animation, pyplot

    warnings.filterwarnings("ignore", message="Animation was deleted")
    matplotlib.use("Agg")
    pyplot.show = lambda: pyplot.close("all")
    animation.Animation.to_jshtml = lambda *_, **__: ""


def margins(cells):
    """Run the code of cells: {"cell: comparison": the distance to its bound}."""
    found = {}

    def note(cell, text, signs, *sides):
        for i, (sign, *pair) in enumerate(zip(signs, sides, sides[1:], strict=False)):
            margin = np.min(distance(*pair[::sign]))
            key = f"{cell}: {text}" + f" [{i + 1}]" * (len(signs) > 1)
            found[key] = min(float(margin), found.get(key, np.inf))  # the least of a loop

    space = {"_note": note, "__name__": "chapter"}
    for number, cell in enumerate(cells, start=1):
        if cell["cell_type"] == "code":
            tree = Noted(number).visit(ast.parse("".join(cell["source"])))
            exec(compile(ast.fix_missing_locations(tree), f"cell {number}", "exec"), space)
    return found


def run(name, offset):
    """Margins of one run of the chapter."""
    os.environ["DRA_SEED_OFFSET"] = str(offset)
    os.chdir(ROOT / "book")
    draw_nothing()
    cells = json.loads(Path(f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        return margins(cells)


def measured(name, offset):
    """The margins of one offset, from a process of its own."""
    command = [sys.executable, __file__, name, "--one", "--offsets", str(offset)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("name")
    parser.add_argument("--offsets", type=int, nargs="+", default=[0, 1, 2, 1000, 12345, 77])
    parser.add_argument("--jobs", type=int, default=2, help="runs at a time")
    parser.add_argument("--one", action="store_true", help="print the margins of one run as JSON")
    given = parser.parse_args()
    if given.one:
        print(json.dumps(run(given.name, given.offsets[0])))
        return
    with ThreadPoolExecutor(given.jobs) as pool:
        runs = list(pool.map(lambda offset: measured(given.name, offset), given.offsets))
    print("  ratio       least        mean ± sd        cell: comparison")
    for name in sorted(runs[0], key=lambda name: int(name.split(":")[0])):
        margins = np.array([found[name] for found in runs])
        sd = margins.std(ddof=1)
        ratio = "exact" if sd == 0 else f"{margins.mean() / sd:6.1f}"
        print(f"{ratio:>7}  {margins.min():10.4g}  {margins.mean():10.4g} ± {sd:<9.3g} {name}")


if __name__ == "__main__":
    clean_env.restart()
    main()
