"""Count how many small errors the tests of the package find: a mutation test, for `make mutants`.

    _build/mutants/bin/python tools/mutants.py PYTHON [GROUP ...] [--sample N] [--seed K]

Cosmic Ray makes one change at a time in a copy of the project; PYTHON runs the tests there. Of each
group of modules a random sample is tried. Prints how many were killed, and each survivor.
"""

import argparse
import ast
import os
import random
import shutil
import sys
from pathlib import Path

from cosmic_ray.commands import init
from cosmic_ray.mutating import mutate_and_test, mutate_code
from cosmic_ray.plugins import get_operator
from cosmic_ray.testing import run_tests
from cosmic_ray.work_db import use_db
from cosmic_ray.work_item import TestOutcome

ROOT = Path(__file__).resolve().parents[1]
TREE = ROOT / "_build" / "mutants" / "tree"
FOLDERS = ("dra", "tests/package", "tools")
FILES = ("conftest.py", "pyproject.toml", "CONTRIBUTING.md")
GROUPS = {  # what is changed, and the tests that must notice, those that find most first
    "loops": {
        "loops.py":
            "loops train_together gradient own_tasks own_tasks_trouble own_credits missing_actions",
    },
    "policy": {
        "policy.py": "interface policy_available policy policy_edges memory",
        "_choices.py _winner.py": "policy_available policy policy_edges",
    },
    "gradient": {"gradient.py _slots.py": "interface memory gradient missing_actions"},
    "costs": {"costs.py _cost.py": "interface costs everywhere"},
    "exact": {
        "exact/chain.py exact/evaluation.py": "interface exact_states exact exact_available",
        "exact/objectives.py exact/ascent.py exact/optimum.py":
            "interface exact_states exact exact_available exact_optimum",
        "exact/budget.py exact/prices.py": "interface exact_frontier exact_optimum",
        "exact/dynamics.py exact/flow.py": "interface exact_dynamics",
        "exact/tied.py exact/values.py": "exact_states exact_dynamics exact_frontier exact_optimum",
    },
    "planning": {
        "planning/*.py": "interface planning planning_search planning_costs planning_allocation",
    },
}  # fmt: skip
LIMIT = 600  # seconds; a mutant whose tests take longer counts as killed
ARITHMETIC = {"Add", "Sub", "Mul", "Div", "FloorDiv", "Mod", "Pow"}


def meaning(source):
    """What a source says, without hints and the text of messages; None where it is no Python."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            node.values.clear()
        for hint in {"annotation", "returns"} & set(node._fields):
            setattr(node, hint, None)
    return ast.dump(tree)


def excluded(name):
    """Whether an operator is left out: too easy (<<), of little effect, or broken (a.b)."""
    mixed = len({kind in ARITHMETIC for kind in name.partition("Binary")[2].split("_")[1:]}) > 1
    return mixed or "_Is" in name or name.endswith(("/RemoveDecorator", "/ExceptionReplacer"))


def says_something_else(mutation):
    """Whether a mutant is another program than the original."""
    source = mutation.module_path.read_text(encoding="utf-8")
    operator = get_operator(mutation.operator_name)(**mutation.operator_args)
    changed = meaning(mutate_code(source, operator, mutation.occurrence))
    return changed not in (None, meaning(source))


def sample(items, size, seed):
    """The random sample of the items of a session that are tried."""
    found = {}
    for item, m in ((item, item.mutations[0]) for item in items):
        if not excluded(m.operator_name):
            found[str(m.module_path), m.operator_name, m.occurrence] = item
    order = sorted(found)  # the numbers of items in a session are random
    random.Random(seed).shuffle(order)
    others = (found[key] for key in order if says_something_else(found[key].mutations[0]))
    return [item for _, item in zip(range(size), others, strict=False)]


def copy():
    """Make the copy of the project, and go there."""
    shutil.rmtree(TREE, ignore_errors=True)
    for name in FOLDERS:
        shutil.copytree(ROOT / name, TREE / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, TREE)
    os.chdir(TREE)


def commands(group, python):
    """How the tests of each module of a group are run, {path: command}."""
    found = {}
    for names, tests in GROUPS[group].items():
        files = " ".join(f"tests/package/test_{name}.py" for name in tests.split())
        command = f"{python} -I tools/clean_env.py {python} -m pytest -q -x {files}"
        found |= dict.fromkeys((m for n in names.split() for m in Path("dra").glob(n)), command)
    return found


def tried(group, python, size, seed):
    """Try a sample of mutants of a group; yield each with its result."""
    tests = commands(group, python)
    for command in set(tests.values()):
        outcome, output = run_tests(f"{command} --collect-only", LIMIT)
        if outcome != TestOutcome.SURVIVED:
            sys.exit(f"{group}: the tests do not start without a mutant\n{output}")
    with use_db(f"../{group}.sqlite") as database:
        init(tests, database, {})
        for item in sample(database.work_items, size, seed):
            mutation = item.mutations[0]
            for old in Path("dra").rglob(f"__pycache__/{mutation.module_path.stem}.*"):
                old.unlink()  # neither bytecode nor machine code of another mutant
            result = mutate_and_test(item.mutations, tests[mutation.module_path], LIMIT)
            if result.test_outcome == TestOutcome.INCOMPETENT:
                sys.exit(f"{mutation}: the tests could not be run\n{result.output}")
            database.set_result(item.job_id, result)
            print(group, result.test_outcome.value, flush=True, file=sys.stderr)
            yield mutation, result


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("python", type=os.path.abspath, help="with which the tests are run")
    parser.add_argument("groups", nargs="*", help=f"of {', '.join(GROUPS)}; default: all")
    parser.add_argument("--sample", type=int, default=40, help="mutants of each group")
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    copy()
    for group in given.groups or GROUPS:
        results = list(tried(group, given.python, given.sample, given.seed))
        left = [(m, r) for m, r in results if r.test_outcome == TestOutcome.SURVIVED]
        print(f"{group}: {len(results) - len(left)} of {len(results)} killed", flush=True)
        for mutation, result in left:
            changes = [x for x in result.diff.splitlines() if x[:1] in "+-" and x[1:2] not in "+-"]
            print(f"{mutation.module_path}:{mutation.start_pos[0]}", *changes, sep="\n    ")


if __name__ == "__main__":
    main()
