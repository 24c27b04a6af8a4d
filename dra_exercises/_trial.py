"""The judge as a process of its own: ``python -m dra_exercises._trial FOLDER``.

It starts a second process that tries the answer (`_runner`), and writes the verdict to its
standard output. So what an answer does to NumPy or to this package cannot reach the judge, and what
a notebook has done to them cannot either. Both are started at once and work side by side: libraries
take longer to load than most answers to run.
"""

import json
import os
import pickle
import sys
import threading
from pathlib import Path

from dra_exercises import _watch

LARGEST = 80_000_000  # bytes of outcomes


def watching(runner, folder, seconds):
    """Watch the runner beside what this process does; return a function that waits for its end."""
    found = []

    def watch():
        found.append(_watch.watched(runner, folder, seconds))
        _watch.end(runner, os.getpid(), None if sys.platform == "linux" else mark())

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()

    def wait():
        thread.join()
        return found[0]

    return wait


def mark():
    """Return what the processes of this trial have in their environment."""
    return os.environ.get(_watch.MARK)


def laid_down(folder, job, exercise, cases, names):
    """Put the cases in place; the runner, who is waiting, begins."""
    given = {
        "number": job["number"], "beside": job["beside"], "cases": cases, "names": names,
        "probe": getattr(exercise, "probe", None) is not None,
        "mebibytes": _watch.MEBIBYTES, "addresses": _watch.ADDRESSES,
    }  # fmt: skip
    (folder / "part").write_bytes(pickle.dumps(given))
    (folder / "part").replace(folder / "cases.pickle")


def handed_back(folder):
    """Return the outcomes that the runner left, or None if they cannot be read."""
    path = folder / "outcomes.json"
    try:
        if path.stat().st_size > LARGEST:
            return None
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None


def judged(folder, job, runner):
    """Return (right, sentence) for the answer in a folder."""
    import numpy as np  # here, after the start of the runner

    from dra_exercises import _judge
    from dra_exercises.exercises import find
    from dra_exercises.spec import Function

    exercise, rng = find(job["number"]), np.random.default_rng(job["seed"])
    if runner is None:
        answer = pickle.loads((folder / "answer.pickle").read_bytes())
        return _judge.judge(exercise, answer, rng)
    function = isinstance(exercise, Function)
    seconds = job["seconds"] or getattr(exercise, "seconds", 10.0)
    cases = exercise.cases(rng) if function else None
    names = _judge.parameters(exercise.solution) if function else []
    laid_down(folder, job, exercise, cases, names)
    wait = watching(runner, folder, seconds)
    expected = _judge.references(exercise, cases) if function else None
    how, status = wait()
    if how != "done":
        return False, _judge.unfinished(how, status, seconds)
    found = _judge.sound(handed_back(folder), len(cases or "."))
    if found is None:
        return False, _judge.unfinished("garbled", status, seconds)
    if function:
        return _judge.of_function(exercise, found, cases, expected)
    return _judge.of_value(exercise, found[0])


def main(folder):
    """Judge, and write the verdict where the notebook reads it; nothing else is written there."""
    out = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    runner = _watch.start("dra_exercises._runner", folder) if job["runs"] else None
    _watch.adopt()
    try:
        right, says = judged(folder, job, runner)
    except BaseException as error:
        text = " ".join(str(error).split())[:300]
        right, says = False, f"The check itself failed: {type(error).__name__}, {text}. {REPORT}"
    if runner is not None:
        _watch.end(runner, os.getpid())
    os.write(out, json.dumps({"right": bool(right), "says": str(says)[:4000]}).encode())


REPORT = "That is no fault of the answer; please report it."

if __name__ == "__main__":
    main(Path(sys.argv[1]))
