"""`make book` leaves out a PDF that is older than the book, and for nothing else."""

import os
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")


def is_old(folder):
    """Whether the command of the Makefile says so, in a folder with a book and a PDF."""
    (command,) = re.findall(r"\[ -f \$\(PDF\) \] && (find .*?); then", MAKEFILE)
    (sources,) = re.findall(r"^SOURCES := (.*)$", MAKEFILE, re.MULTILINE)
    command = command.replace("$(SOURCES)", sources).replace("$(PDF)", "book.pdf")
    return subprocess.run(command, shell=True, cwd=folder, check=False).returncode == 0


@pytest.mark.parametrize(
    ("name", "old"),
    [
        ("book/01.ipynb", True),
        ("course/slides/01.md", True),
        ("book/_ext/__pycache__/quiz.pyc", False),
        ("book/.ruff_cache/0.17/1", False),
    ],
)
def test_a_pdf_is_as_old_as_the_sources_say(tmp_path, name, old):
    for k, path in enumerate(
        (name, "book/a.md", "course/a.md", "_config.yml", "_toc.yml", "book.pdf")
    ):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x")
        os.utime(tmp_path / path, (1000 + k, 1000 + k))
    assert not is_old(tmp_path)
    os.utime(tmp_path / name, (2000, 2000))
    assert is_old(tmp_path) == old
