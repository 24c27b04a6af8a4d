"""Answers that mean harm: each is told something, and the notebook is as it was."""

import os
import sys
import tempfile
import threading
import time
from pathlib import Path

import hostile
import hostile_objects
import hostile_system
import numpy as np
import psutil
import pytest

from dra_exercises import _watch, check

FUNCTIONS = [*hostile.FUNCTIONS, *hostile_system.FUNCTIONS, *hostile_objects.FUNCTIONS]
FUNCTIONS += hostile_system.LOW if os.name == "posix" else []
# by their names, since pytest asks some questions of objects
ANSWERS = {function.__name__: function for function in FUNCTIONS} | hostile_objects.OBJECTS
ENDS = (".", "?")


@pytest.fixture(autouse=True)
def own_places(tmp_path, monkeypatch):
    """What others do beside these tests is not taken for theirs; what is deleted is a decoy."""
    for name in ("temporary", "decoy"):
        (tmp_path / name).mkdir()
    (tmp_path / "decoy" / "a").write_text("words")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    monkeypatch.setenv("DRA_EXERCISES_TEST", str(tmp_path))
    monkeypatch.setenv("DRA_EXERCISES_DECOY", str(tmp_path / "decoy"))
    monkeypatch.syspath_prepend(str(Path(__file__).parent))


def state():
    """What a notebook would miss if an answer changed it."""
    decoy = Path(os.environ["DRA_EXERCISES_DECOY"])
    return {
        "folder": Path.cwd(),
        "files": sorted(os.listdir()),
        "decoy": [(path.name, path.read_text()) for path in decoy.iterdir()],
        "temporary": os.listdir(tempfile.gettempdir()),
        "environment": dict(os.environ),
        "numpy": (np.exp, np.asarray, np.geterr(), np.get_printoptions()["precision"]),
        "threads": threading.active_count(),
        "children": sorted(child.pid for child in psutil.Process().children(recursive=True)),
        "alive": alive(),
        "random": np.random.get_state()[1][:3].tolist(),  # noqa: NPY002
    }


def alive():
    """The processes that were started in this test and live, wherever they have gone."""
    found = []
    for process in psutil.process_iter():
        try:
            mine = process.environ().get("DRA_EXERCISES_TEST") == os.environ["DRA_EXERCISES_TEST"]
            if mine and process.pid != os.getpid() and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
        except (psutil.Error, OSError):
            continue
    return found


def test_there_are_forty():
    assert len(ANSWERS) >= 40


@pytest.mark.parametrize("name", ANSWERS)
def test_a_hostile_answer_is_told_and_harms_nothing(name):
    before = state()
    verdict = check("4.3", ANSWERS[name], seconds=0.7)
    assert verdict.right is False
    assert verdict.message.endswith(ENDS) and 10 < len(verdict.message) < 900
    assert "report" not in verdict.message and "could not be made" not in verdict.message
    assert "No module" not in verdict.message  # it was tried
    assert state() == before


SAID = {
    hostile.deep: "never stops",
    hostile.hungry: "more memory",
    hostile.vast: "more memory",
    hostile.leaves_by_sys: "ends the program",
    hostile.vanishes: "exit status 0",
    hostile_system.crashes: "segmentation fault",
    hostile.interrupts: "ends the program",
    hostile_system.reads_input: "asks for input",
    hostile_system.deletes_files: "may not change files",
    hostile_system.writes_files: "may not change files",
    hostile_system.calls_a_shell: "may not start other programs",
    hostile_system.calls_home: "may not use the network",
    hostile_system.signals_its_parent: "may not signal other programs",
    hostile.changes_everything: "it gives [0. 0.]",
    hostile_system.forges_a_verdict: "nothing could be read",
    hostile_system.forks_behind_the_back_of_python: "more and more processes",
}


@pytest.mark.skipif(sys.platform != "linux", reason="other systems may say it in other words")
@pytest.mark.parametrize("answer", SAID)
def test_it_is_told_what_happened(answer):
    assert SAID[answer] in check("4.3", answer).message


@pytest.mark.parametrize("number", ["4.1", "4.2", "4.8"])
def test_other_kinds_of_exercise_refuse_them_too(number):
    before = state()
    for answer in (hostile_objects.Odd(), hostile.endless, {1: 2}, [hostile_objects.Odd()]):
        verdict = check(number, answer)
        assert verdict.right is False and len(verdict.message) > 10
        assert "could not be made" not in verdict.message
    assert state() == before


def test_odd_numbers_of_an_exercise():
    for number in (hostile_objects.Odd(), hostile.endless, [hostile_objects.Odd()], type):
        for text in (check(number, 1).message, repr(check.hint(number)), repr(check.reset(number))):
            assert "must be a string" in text or text == "Forgotten."


def test_a_patched_notebook_does_not_reach_the_judge(monkeypatch):
    """What a notebook has done to NumPy neither spoils a right answer nor saves a wrong one."""
    right = _right()
    for name in ("exp", "abs", "all", "allclose", "asarray", "array_equal"):
        monkeypatch.setattr(np, name, lambda *_, **__: True)
    assert check("4.3", right)
    assert not check("4.3", lambda zeta, *_: zeta)


def test_a_right_answer_that_patches_numpy_is_right():
    """Its patches reach neither the conversion of its numbers nor the judge."""
    right = _right()

    def patched(*case):
        made = right(*case)
        np.asarray = np.abs = np.array_equal = lambda *_, **__: 0.0
        return made

    assert check("4.3", patched)


def test_an_answer_may_use_its_own_folder():
    right = _right()

    def tidy(*case):
        import tempfile

        with tempfile.TemporaryDirectory() as folder, open(f"{folder}/a", "w") as file:
            file.write("a note")
        return right(*case)

    assert check("4.3", tidy)


def test_a_hang_in_another_thread_is_stopped_too():
    """There is no alarm outside of the main thread, and none is needed for what a function does."""
    found = []
    thread = threading.Thread(
        target=lambda: found.append(check("4.3", hostile.endless, seconds=0.5))
    )
    thread.start()
    thread.join(60)
    assert "stopped after 0.5 seconds" in found[0].message


def test_a_reader_may_interrupt(monkeypatch):
    """A Ctrl-C is raised, and leaves no process behind."""
    real = _watch.start

    def interrupted(*arguments):
        judge = real(*arguments)

        def communicate(timeout):
            time.sleep(1.5)
            raise KeyboardInterrupt

        judge.communicate = communicate
        return judge

    monkeypatch.setattr(_watch, "start", interrupted)
    before = state()
    with pytest.raises(KeyboardInterrupt):
        check("4.3", hostile.endless)
    assert state() == before


def _right():
    def score(zeta, a, q, sigma, beta):
        import numpy

        x = beta * (q + sigma * zeta)
        pi = numpy.exp(x - x.max())
        return beta * zeta * ((numpy.arange(len(q)) == a) - pi / pi.sum())

    return score
