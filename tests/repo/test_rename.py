"""A fork gets another name, everywhere, and the authors keep theirs."""

import ast
import subprocess

import pytest
import rename
import yaml
from rename import ROOT, renamed, slug, title_of

NOW = title_of()


def cloned(place):
    subprocess.run(["git", "clone", "-q", ROOT, place], check=True)
    return place


@pytest.mark.parametrize("title", ["It's blurred: #2", "Размытая память", "Flüchtig"])
def test_a_fork_has_its_own_name_and_may_change_it_again(tmp_path, title):
    fork = cloned(tmp_path / "fork")
    authors = (fork / "LICENSE").read_text(encoding="utf-8")
    for new in (title, "A Third Name"):
        assert "README.md" in rename.rename(new, fork)
        config = yaml.safe_load((fork / "_config.yml").read_text(encoding="utf-8"))
        assert config["title"] == config["sphinx"]["config"]["html_title"] == new
        assert (fork / "README.md").read_text(encoding="utf-8").startswith(f"# {new}\n")
        assert f"{slug(new)}.pdf" in (fork / "Makefile").read_text(encoding="utf-8")
        for name, text in rename.texts(fork).items():
            assert renamed(text, NOW, "?") == text, name
            if name.endswith(".py"):
                ast.parse(text, name)
    assert (fork / "LICENSE").read_text(encoding="utf-8") == authors


@pytest.mark.parametrize("title", ["", "!?", 'say "it"', "{x}", "Memory", "yes", NOW])
def test_a_title_that_breaks_files_is_refused(title):
    with pytest.raises(ValueError, match="title is"):
        rename.rename(title)


def test_names_of_files_are_plain():
    assert [slug(t) for t in ("A: b #2", "Flüchtig", "Память")] == [
        "a-b-2",
        "fluchtig",
        "book-d09fd0b0",
    ]
