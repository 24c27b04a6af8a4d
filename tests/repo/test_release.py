"""A release agrees with itself, and the newest versions are those of what the project uses."""

import re
from pathlib import Path

import newest
import pytest
import release

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "pyproject.toml").write_text('[project]\nversion = "1.2.0"\n')
    (tmp_path / "CITATION.cff").write_text("version: 1.2.0\n")
    text = "# Changelog\n\n## 1.2.0 (2027-01-31)\n\n### New\n\n- That.\n\n## 1.1.0 (2026-01-31)\n"
    (tmp_path / "CHANGELOG.md").write_text(f"{text}\n- This.\n")
    return tmp_path


@pytest.mark.parametrize("tag", ["v1.2.0", ""])
def test_the_notes_are_those_of_the_version(folder, tag):
    assert release.release(tag, folder) == "### New\n\n- That."


@pytest.mark.parametrize("tag", ["1.2.0", "v1.2", "v1.2.0-rc1", "v1.1.0"])
def test_another_tag_is_refused(folder, tag):
    with pytest.raises(ValueError, match=re.escape(f"the tag is {tag!r}")):
        release.release(tag, folder)


def test_a_version_without_a_day_is_not_released(folder):
    path = folder / "CHANGELOG.md"
    path.write_text(path.read_text().replace("2027-01-31", "unreleased"))
    with pytest.raises(ValueError, match=r"says \(unreleased\) of 1.2.0"):
        release.release("v1.2.0", folder)
    assert release.release("", folder)  # to look at the files


def test_a_version_that_the_changelog_lacks_is_refused(folder):
    (folder / "CHANGELOG.md").write_text("# Changelog\n")
    with pytest.raises(ValueError, match=r"no heading .## 1\.2\.0 "):
        release.release("v1.2.0", folder)


def test_this_version_has_notes():
    assert "###" in release.release("")


def test_the_newest_are_asked_for_without_versions():
    pins = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    names = newest.newest(pins)
    assert {"numpy", "pytest", "jupyter-book<2", "sphinx-book-theme<1.2"} <= set(names)
    assert not any("=" in name or name == "MarkupSafe" for name in names)  # in turn
    with pytest.raises(ValueError, match="have no line"):
        newest.newest("numpy==2.0\n")


def test_a_citation_of_another_version_is_refused(folder):
    (folder / "CITATION.cff").write_text("version: 1.1.0\n")
    with pytest.raises(ValueError, match=r"CITATION\.cff does not say version: 1\.2\.0"):
        release.release("v1.2.0", folder)
