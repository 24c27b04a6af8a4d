"""Where no machine code can be kept, the package still imports, and trains to the same bits."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dra
from dra._compile import COMPILED

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not COMPILED, reason="Numba is not installed"),
]
ROOT = Path(dra.__file__).parents[1]
IMPORTS = "import dra\nprint(dra.__file__)\n"
TRAINS = IMPORTS + (
    "run = dra.train(dra.tasks.gridworld(), 2, rng=0, evaluation_episodes=1)\n"
    "print(run.memory.q.sum().hex(), run.memory.sigma.sum().hex())\n"
)
FULL = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))\n"


@pytest.fixture
def installed(tmp_path):
    """A copy of the package whose folders cannot take a cache, for root neither."""
    ignored = shutil.ignore_patterns("__pycache__")
    package = shutil.copytree(ROOT / "dra", tmp_path / "site" / "dra", ignore=ignored)
    for folder in [package, *(path for path in package.rglob("*") if path.is_dir())]:
        (folder / "__pycache__").write_text("a file where a folder would be")
    return package


def said(package, folder, code, **settings):
    """What a program prints that uses a copy of the package, after the path of that."""
    own = {k: v for k, v in os.environ.items() if not k.startswith(("NUMBA_", "XDG_", "HOME"))}
    env = {**own, "PYTHONPATH": str(package.parent), "PYTHONDONTWRITEBYTECODE": "1", **settings}
    found = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=folder, capture_output=True, text=True
    )
    assert found.returncode == 0, found.stderr
    path, *rest = found.stdout.split()
    assert path == str(package / "__init__.py")
    return rest


def here():
    """The same of this process."""
    run = dra.train(dra.tasks.gridworld(), 2, rng=0, evaluation_episodes=1)
    return [run.memory.q.sum().hex(), run.memory.sigma.sum().hex()]


@pytest.mark.parametrize(
    "settings",
    [
        {"HOME": "/dev/null", "NUMBA_CACHE_DIR": "/dev/null/nothing"},
        {"HOME": "", "XDG_CACHE_HOME": "/dev/null/cache"},
        {"HOME": "/dev/null", "NUMBA_CACHE_DIR": __file__},  # a file
    ],
    ids=["no folder", "no home", "a file"],
)
def test_importing_needs_no_cache(installed, tmp_path, settings):
    assert said(installed, tmp_path, IMPORTS, **settings) == []


def test_training_needs_no_cache(installed, tmp_path):
    assert said(installed, tmp_path, TRAINS, HOME="/dev/null") == here()


@pytest.mark.skipif(os.name != "posix", reason="a limit of POSIX")
def test_training_survives_a_full_disk(installed, tmp_path):
    kept = tmp_path / "kept"
    settings = {"HOME": "/dev/null", "NUMBA_CACHE_DIR": str(kept)}
    assert said(installed, tmp_path, FULL + TRAINS, **settings) == here()


def test_a_cache_that_can_be_written_is_used():
    here()
    folder = ROOT / "dra" / "__pycache__"
    if not os.access(folder, os.W_OK) or "NUMBA_CACHE_DIR" in os.environ:
        pytest.skip("the cache is somewhere else")
    assert [*folder.glob("*.nbi")]
