"""A fork gets another name, everywhere, and the authors keep theirs."""

import subprocess

import pytest
import rename
from rename import OLD, ROOT

SLUG = "-".join(("remember", "what", "matters"))
TITLE = "Blurred Memories, Again"


@pytest.fixture(scope="module")
def fork(tmp_path_factory):
    """A clone of this repository, as it is in the working tree, renamed."""
    place = tmp_path_factory.mktemp("fork") / "blurred"
    subprocess.run(["git", "clone", "-q", ROOT, place], check=True)
    rename.rename(TITLE, place)
    return place


def texts(place):
    tracked = subprocess.run(["git", "ls-files"], cwd=place, capture_output=True, text=True)
    for name in tracked.stdout.splitlines():
        if name.endswith((".py", ".md", ".yml", ".cff", ".toml", ".js", ".ipynb", "Makefile")):
            yield name, (place / name).read_text(encoding="utf-8")


def test_the_old_name_is_gone(fork):
    left = [name for name, text in texts(fork) if OLD.search(text) or SLUG in text]
    assert [name for name in left if not name.startswith("papers/")] == ["tools/rename.py"]
    assert (fork / "README.md").read_text(encoding="utf-8").startswith(f"# {TITLE}\n")
    assert "blurred-memories-again.pdf" in (fork / "Makefile").read_text(encoding="utf-8")


def test_the_authors_stay(fork):
    for name in ("LICENSE", "LICENSE-text"):
        assert "The Remember What Matters authors" in (fork / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("title", ["", "!?", 'say "it"', "{x}"])
def test_a_title_that_breaks_files_is_refused(title):
    with pytest.raises(ValueError, match="title is"):
        rename.rename(title)
