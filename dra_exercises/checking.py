"""``check``: hand in an answer, be told at once; hints and progress."""

import contextlib
import json
import pickle
import secrets
import signal
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

import cloudpickle
import numpy as np

from dra_exercises import _progress, _watch, source
from dra_exercises.exercises import find
from dra_exercises.spec import Function, Open

PLAIN = (bool, int, float, complex, str, type(None), np.ndarray, np.generic)
SECONDS = 120  # in which a judge must be done


@dataclass(frozen=True)
class Verdict:
    """The answer to an answer: true if it is right. ``message`` is the sentence that is shown."""

    right: bool
    message: str

    def __bool__(self):
        return self.right

    def __repr__(self):
        return self.message


@dataclass(frozen=True)
class Text:
    """Text that a notebook shows as it is."""

    text: str

    def __repr__(self):
        return self.text


def plain(answer):
    """Whether an answer is numbers, text, or lists of these, of exactly these types."""
    if type(answer) in (list, tuple):
        return len(answer) < 10_000 and all(plain(item) for item in answer)
    if type(answer) is np.ndarray:
        return answer.dtype.kind in "biufcU"
    return type(answer) in PLAIN or issubclass(type(answer), np.generic)


@contextlib.contextmanager
def at_most(seconds):
    """Raise `TimeoutError` after some seconds, where the system can and in the main thread."""
    main = threading.current_thread() is threading.main_thread()
    if not (main and hasattr(signal, "setitimer")):
        yield
        return

    def late(*_):
        raise TimeoutError(f"it took longer than {seconds} seconds")

    before = signal.signal(signal.SIGALRM, late)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def packed(answer):
    """Return an answer as bytes, or raise `ValueError` that says why it cannot be sent."""
    try:
        with at_most(5):
            return cloudpickle.dumps(answer)
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        kind = type(error).__name__
        text = "; it uses something that lives in this notebook only"
        with contextlib.suppress(Exception):
            text = f": {' '.join(str(error).split())[:200]}"
        raise ValueError(
            f"It cannot be sent to the process that tries it ({kind}{text})."
        ) from None


def laid_down(folder, number, answer, seconds, seed):
    """Lay down in a folder what the judge needs."""
    function = isinstance(find(number), Function) and not plain(answer)
    job = {"number": number, "seconds": seconds, "seed": seed, "function": function}
    job |= {"mebibytes": _watch.ADDRESSES}
    if isinstance(find(number), Function) and type(answer) is str and find(number).formula:
        job["function"] = True
        (folder / "answer.pickle").write_bytes(pickle.dumps(answer))
    elif function:
        (folder / "answer.pickle").write_bytes(packed(answer))
    elif plain(answer):
        (folder / "plain.pickle").write_bytes(pickle.dumps(answer))
    else:
        kind = type.__getattribute__(type(answer), "__name__")
        raise ValueError(f"An answer is a number, a list of numbers or a letter, not a {kind}.")
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")


def verdict(number, answer, seconds, seed):
    """Return the verdict of a judge in a process of its own."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        try:
            laid_down(folder, number, answer, seconds, seed)
        except ValueError as error:
            return Verdict(False, str(error))
        process = _watch.start("dra_exercises._judge", folder)
        how, status = _watch.watched(process, folder, SECONDS)
        if how != "done" or not (folder / "verdict.json").exists():
            return Verdict(False, f"It could not be tried ({how}, {status}). Please report this.")
        found = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
    return Verdict(found["right"], found["says"])


class Check:
    """What readers call; one object, `check`."""

    def __call__(self, number: str, answer: object, *, seconds: float | None = None, rng=None):
        """Try an answer on fresh cases, and say whether it is right or what is wrong.

        Parameters
        ----------
        number : str
            Of the exercise, such as "4.3".
        answer : function, number, array, list or str
            What you built or computed.
        seconds : float, optional
            After how long an answer is stopped.
        rng : int, optional
            Seed of the cases; other ones each time if it is not given.

        Returns
        -------
        Verdict
            True if the answer is right; shown, it is a sentence. Nothing that an answer does is
            raised here.
        """
        try:
            exercise = find(number)
        except ValueError as error:
            return Verdict(False, f"{str(error)[0].upper()}{str(error)[1:]}.")
        if isinstance(exercise, Open) and answer is None:
            answer = ""
        seed = secrets.randbits(32) if rng is None else rng
        found = verdict(number, answer, seconds, seed)
        _progress.add(what="try", number=number, right=found.right)
        return found

    def hint(self, number: str):
        """Return the next hint for an exercise: the first, then the second."""
        try:
            find(number)
            exercise = source.read(int(number.split(".")[0]), draft=True).exercises
        except ValueError as error:
            return Text(str(error))
        hints = next(e.hints for e in exercise if e.number == number)
        seen = _progress.records().get(number, _progress.Record()).hints
        _progress.add(what="hint", number=number)
        if seen >= len(hints):
            return Text("There are no more hints. The solution is in the book, below the exercise.")
        return Text(f"Hint {seen + 1} of {len(hints)}: {hints[seen]}")

    def progress(self):
        """Return a table of what is solved, chapter by chapter."""
        return Text(_progress.table())

    def reset(self, number: str | None = None):
        """Forget the tries and hints of one exercise, or of all."""
        _progress.add(what="reset", number=number)
        return Text("Forgotten." if number is None else f"Forgotten: {number}.")


check = Check()
