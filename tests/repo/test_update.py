"""Renewing the pins: what is written, what is told, and what the chapters print differently."""

import json
import subprocess

import pytest
from changed_numbers import differences, main
from renew_pins import changes, renewed

PINS = """# Exact versions.

# What the book uses
numpy==1.0
PyYAML==2.0

# What those need in turn
zipp==3.0
"""


def test_versions_are_renewed_and_told():
    after = renewed(PINS, ["pip==9", "numpy==1.1", "PyYAML==2.0", "attrs==4.0", "dra==1.0.0"])
    assert after == PINS.replace("numpy==1.0", "numpy==1.1").replace("zipp==3.0", "attrs==4.0")
    assert changes(PINS, after) == ["attrs none -> 4.0", "numpy 1.0 -> 1.1", "zipp 3.0 -> none"]
    assert changes(PINS, PINS) == []


def test_what_was_not_installed_is_noticed():
    with pytest.raises(ValueError, match="pyyaml was not installed"):
        renewed(PINS, ["numpy==1.1"])


def notebook(*texts):
    cells = [
        {"id": f"c{k}", "outputs": [{"output_type": "stream", "text": [text]}]}
        for k, text in enumerate(texts)
    ]
    return json.dumps({"cells": cells})


def test_changed_lines_are_shown_below_their_cells():
    told = differences(notebook("a\nb 1\n", "x\n"), notebook("a\nb 2\n", "x\n"))
    assert told == ["  c0", "    - b 1", "    + b 2"]
    assert differences(notebook("a"), notebook("a")) == []


def test_chapters_are_compared_with_a_commit(tmp_path, capsys):
    (tmp_path / "book").mkdir()
    path = tmp_path / "book" / "01-x.ipynb"
    path.write_text(notebook("one"))
    for command in (["init", "-q"], ["add", "."], ["-c", "user.name=a", "-c", "user.email=a@b.c",
                                                   "commit", "-qm", "x"]):  # fmt: skip
        subprocess.run(["git", *command], cwd=tmp_path, check=True)
    assert main(root=tmp_path) == 0
    path.write_text(notebook("two"))
    assert main(root=tmp_path) == 1
    assert "01-x\n  c0\n    - one\n    + two\n" in capsys.readouterr().out
