"""Numbers from long studies: each file says how it was made, and its script makes its like."""

import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MEASURED = "performance.json"  # of tools/bench.py
FILES = sorted(p for p in (ROOT / "book" / "_data").glob("*.json") if p.name != MEASURED)
SCRIPTS = sorted((ROOT / "tools" / "studies").glob("*.py"))
LONG = {  # ten seconds or more beside other tests, even when small: `make studies` runs them
    "allocator_controls", "best_starts", "beyond_tables", "dear_nat", "fitting_confusion",
    "fitting_recovery", "free_moves", "gap_causes", "goal_rule", "gymnasium_agents",
    "hundred_cars", "larger_maps", "late_wobble", "noise_dial", "noise_free", "one_trajectory",
    "planning_credits", "recovery", "sensitivity", "slow_learners", "small_frontiers",
}  # fmt: skip
SMALL = [
    pytest.param(path, id=path.stem, marks=pytest.mark.long if path.stem in LONG else ())
    for path in SCRIPTS
]


def shape(value):
    """The structure of nested dictionaries, without the numbers and the lengths of lists."""
    if isinstance(value, dict):
        return {key: shape(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shape(value[0])] if value else []
    return float if isinstance(value, (int, float)) else type(value)


def test_every_script_has_its_file_and_every_file_its_script():
    assert [path.stem for path in FILES] == [path.stem for path in SCRIPTS]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_says_how_it_was_made_and_a_chapter_uses_it(path):
    made = json.loads(path.read_text(encoding="utf-8"))
    assert set(made) == {"command", "n", "seed", "versions", "data"}
    assert made["command"] == f"python tools/studies/{path.stem}.py"
    assert set(made["versions"]) == {"python", "numpy", "scipy", "numba"}
    chapters = [p.read_text(encoding="utf-8") for p in (ROOT / "book").glob("*.ipynb")]
    names = f'\\"{path.stem}\\"', path.name  # as a string of a cell, or as a path
    assert any(n in text for text in chapters for n in names), f"no chapter loads {path.name}"


@pytest.mark.parametrize("path", SMALL)
def test_a_script_makes_a_small_study_of_the_same_form(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    stored = json.loads((ROOT / "book" / "_data" / f"{path.stem}.json").read_text())["data"]
    assert shape(json.loads(json.dumps(module.study(2, 12345)))) == shape(stored)
