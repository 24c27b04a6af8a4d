"""The process in which an answer is tried: ``python -m dra_exercises._runner FOLDER``.

It reads what the judge has laid down in the folder, runs the answer, and leaves plain numbers
there. It may be killed at any moment.
"""

import json
import os
import pickle
import sys
from pathlib import Path

from dra_exercises._outcomes import outcomes
from dra_exercises.exercises import find

MEBIBYTE = 2**20


def limit(mebibytes):
    """Let the system refuse more memory and larger files, where it can."""
    try:
        import resource
    except ImportError:  # not on Windows: the judge watches
        return
    for what, most in (("RLIMIT_AS", mebibytes), ("RLIMIT_FSIZE", 64), ("RLIMIT_CORE", 0)):
        try:
            resource.setrlimit(getattr(resource, what), (most * MEBIBYTE, most * MEBIBYTE))
        except (AttributeError, OSError, ValueError):
            continue


def main(folder):
    job = json.loads((folder / "job.json").read_text(encoding="utf-8"))
    cases = pickle.loads((folder / "cases.pickle").read_bytes())
    exercise = find(job["number"])
    limit(job["mebibytes"])
    (folder / "started").touch()
    try:
        answer = pickle.loads((folder / "answer.pickle").read_bytes())
    except BaseException as error:
        text = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        found = [{"kind": "unreadable", "text": text}]
    else:
        found = outcomes(answer, exercise, cases)
    written = json.dumps(found)
    (folder / "part").write_text(written, encoding="utf-8")
    os.replace(folder / "part", folder / "outcomes.json")
    sys.stdout.flush()
    os._exit(0)  # threads that the answer has left behind do not matter


if __name__ == "__main__":
    main(Path(sys.argv[1]))
