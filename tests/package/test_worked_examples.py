"""The worked examples of CONTRIBUTING.md: whole files that run as they stand there."""

import re
import runpy
import warnings
from pathlib import Path

import numpy as np
import pytest

import dra
from dra import _twin
from dra._compile import COMPILED

pytestmark = pytest.mark.slow
TEXT = (Path(__file__).parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
SECTION = re.search(r"^## A new task, cost or credit\n(.*?)^## ", TEXT, re.MULTILINE | re.DOTALL)[1]
FILES = re.findall(r'^```python\n("""(\w+)\.py: .*?)^```', SECTION, re.MULTILINE | re.DOTALL)
EXAMPLES = {name: source for source, name in FILES}


@pytest.fixture
def example(tmp_path):
    """Run an example as a program in a folder of its own; return what it defines."""

    def run(name, edit=lambda source: source):
        path = tmp_path / f"{name}.py"
        path.write_text(edit(EXAMPLES[name]), encoding="utf-8")
        return runpy.run_path(str(path), run_name="__main__")

    return run


def test_there_is_one_example_of_each():
    assert list(EXAMPLES) == ["kettle", "flat_cost", "above_worst"]
    assert SECTION.count("```python") == len(EXAMPLES)  # none is passed over


@pytest.mark.parametrize("name", EXAMPLES)
def test_example_runs_and_what_is_its_own_compiles(example, name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        example(name)


def damaged(old, new):
    """An edit of an example that replaces a text which is there."""

    def edit(source):
        assert old in source
        return source.replace(old, new)

    return edit


@pytest.mark.parametrize(
    ("name", "edit", "error"),
    [
        ("kettle", damaged("-1.0, kettle.right", "0.0, kettle.right"), AssertionError),
        ("kettle", damaged("/ 5.0), 0), 19)", "/ 5.0), 0), 99)"), ValueError),
        ("flat_cost", damaged("-1 / sigma_base", "-2 / sigma_base"), AssertionError),
        ("above_worst", damaged("values.min()", "values.min() * reward"), AssertionError),
    ],
    ids=["no reward", "no such row", "wrong slope", "wrong mean"],
)
def test_the_examples_notice_a_mistake(example, name, edit, error):
    if "99" in edit(EXAMPLES[name]):
        edit_row = edit

        def edit(source):  # hotter water, for the row to be reached
            return edit_row(source).replace("jitter: float = 1.0", "jitter: float = 500.0")

    with pytest.raises(error):
        example(name, edit)


def test_a_run_on_the_kettle_is_saved_and_goes_on(example, tmp_path):
    kettle, path = example("kettle"), tmp_path / "run.npz"
    whole = dra.train(kettle["make"](), 20, rng=1)
    dra.train(kettle["make"](), 12, rng=1, checkpoint=path)
    again = dra.resume(path, task=kettle["make"](), trials=20)
    np.testing.assert_array_equal(again.memory.sigma, whole.memory.sigma)
    assert hasattr(_twin.loops_for(whole.task).trials, "py_func") == COMPILED
