"""No test of the exercises touches the progress of whoever runs it."""

import pytest

from dra_exercises import _progress


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """The folder in which progress is kept during a test."""
    monkeypatch.setenv("DRA_EXERCISES_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(_progress, "MEMORY", [])
    return tmp_path / "home"
