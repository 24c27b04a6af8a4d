"""Progress bars where standard error is missing, closed, or goes away."""

import io
import subprocess
import sys

import pytest

import dra
from dra import _progress

TASK = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())


class Bare:
    """A stream that can be written to and nothing else, such as a logger's."""

    def __init__(self):
        self.text = ""

    def write(self, text):
        self.text += text


class Pipe(io.StringIO):
    """A stream whose reader leaves after the first text."""

    def write(self, text):
        if text and self.getvalue():
            raise BrokenPipeError(32, "Broken pipe")
        return super().write(text)


def closed():
    stream = io.StringIO()
    stream.close()
    return stream


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    monkeypatch.setattr(_progress, "BAR_DELAY", 0)
    monkeypatch.delenv("CI", raising=False)


@pytest.mark.parametrize("progress", [None, True, False])
@pytest.mark.parametrize("stream", [lambda: None, closed, Bare, object, Pipe])
def test_training_needs_no_standard_error(monkeypatch, stream, progress):
    monkeypatch.setattr(sys, "stderr", stream())
    assert dra.train(TASK, 3, rng=0, progress=progress).finished


def test_a_bar_whose_reader_has_left_does_not_stop_the_next(monkeypatch):
    pipe = Pipe()
    monkeypatch.setattr(sys, "stderr", pipe)
    with _progress.bar(10, "step", True) as bar:
        for _ in range(10):
            bar.update()
            bar.refresh()
    assert "0/10" in pipe.getvalue()
    monkeypatch.setattr(sys, "stderr", io.StringIO())
    with _progress.bar(10, "step", True) as bar:
        bar.update(10)
        bar.refresh()
        assert "10/10" in sys.stderr.getvalue()


def test_a_program_without_streams_trains():
    code = (
        "import sys; sys.stderr = sys.stdout = sys.__stderr__ = sys.__stdout__ = None\n"
        "import dra\n"
        "task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())\n"
        "run = dra.train(task, 3, rng=0, progress=True)\n"
        "sys.exit(0 if run.finished else 3)"
    )
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
