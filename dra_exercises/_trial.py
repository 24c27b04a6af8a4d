"""The judge as a process of its own: ``python -m dra_exercises._trial FOLDER``.

It starts a second process that tries the answer (`_runner`), and writes the verdict to its
standard output. So what an answer does to NumPy or to this package cannot reach the judge, and what
a notebook has done to them cannot either. Both are started at once and work side by side: libraries
take longer to load than most answers to run.
"""

import json
import math
import os
import pickle
import sys
import threading
import time
from pathlib import Path

from dra_exercises import _watch

LARGEST = 80_000_000  # bytes of outcomes
ANY = 10.0  # seconds for what has no time of its own


def watching(runner, folder, allowed):
    """Watch the runner beside what this process does; return a function that waits for its end."""
    found = []

    def watch():
        found.append(_watch.watched(runner, folder, allowed))
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


def laid_down(folder, job, exercise, cases):
    """Put the cases in place; the runner, who is waiting, begins."""
    from dra_exercises._outcomes import parameters

    given = {
        "number": job["number"], "beside": job["beside"], "cases": cases,
        "names": [] if cases is None else parameters(exercise.solution),
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
    cases = exercise.cases(rng) if function else None
    laid_down(folder, job, exercise, cases)
    found, expected, says = tried(folder, job["seconds"], runner, exercise, cases)
    if says:
        return False, says
    if function:
        return _judge.of_function(exercise, found, cases, expected)
    return _judge.of_value(exercise, found[0])


def tried(folder, given, runner, exercise, cases):
    """Let the runner try the answer; return (what it found, what is expected, why it failed).

    Unless ``given`` seconds are, an answer may take three times as long as the reference, which is
    worked out meanwhile: a library that compiles itself takes both a while, the first time.
    """
    from dra_exercises import _judge

    seconds, expected = given or getattr(exercise, "seconds", ANY), None
    limit = [seconds if given or cases is None else math.inf]
    wait = watching(runner, folder, lambda: limit[0])
    if cases is not None:
        begun = time.process_time()
        expected = _judge.references(exercise, cases)
        limit[0] = min(limit[0], max(seconds, 3 * (time.process_time() - begun)))
    how, status = wait()
    found = _judge.sound(handed_back(folder), len(cases or ".")) if how == "done" else None
    if found is None:
        how = "garbled" if how == "done" else how
        return None, None, _judge.unfinished(how, status, limit[0])
    return found, expected, None


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
