"""The process in which an answer is tried: ``python -m dra_exercises._runner FOLDER``.

It waits for the cases that the judge lays down in the folder, runs the answer on them, and leaves
plain numbers there. It may be killed at any moment.
"""

import json
import os
import pickle
import sys
import time
from pathlib import Path

import cloudpickle  # noqa: F401  what an answer is read with, loaded while the judge makes cases

from dra_exercises import _guard
from dra_exercises._outcomes import numbers, outcomes
from dra_exercises.exercises import find

LATEST = 120.0  # seconds in which the cases must be there


def awaited(path):
    """Return the bytes of a file that the judge will put in place."""
    parent, begun = os.getppid(), time.monotonic()
    while not path.exists():
        if os.getppid() != parent or time.monotonic() - begun > LATEST:
            sys.exit(3)
        time.sleep(0.004)
    return path.read_bytes()


def tried(folder, job):
    """Return the outcomes of the answer in a folder."""
    probe = find(job["number"]).probe if job["probe"] else None
    if job["beside"]:
        sys.path.append(job["beside"])  # where modules of the notebook stand
    _guard.limit(job["mebibytes"], job["addresses"])
    sys.addaudithook(_guard.watcher(folder))
    (folder / "started").touch()
    try:
        answer = pickle.loads((folder / "answer.pickle").read_bytes())
    except BaseException as error:
        text = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        return [{"kind": "unreadable", "text": text}]
    if job["cases"] is None:
        return [numbers(answer)]
    return outcomes(answer, job["cases"], probe, job["names"])


def main(folder):
    """Try the answer and leave ``outcomes.json``, whatever the answer has done to its folder."""
    dumps, done = json.dumps, os._exit
    found = tried(folder, pickle.loads(awaited(folder / "cases.pickle")))
    folder.mkdir(exist_ok=True)
    (folder / "part").write_text(dumps(found), encoding="utf-8")
    os.replace(folder / "part", folder / "outcomes.json")
    done(0)  # threads that the answer has left behind do not matter


if __name__ == "__main__":
    main(Path(sys.argv[1]))
