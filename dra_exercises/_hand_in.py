"""Pack an answer for the processes that judge it.

This runs in the notebook. Of an answer that is not plain numbers or text nothing is called here but
what packing it calls, for at most some seconds.
"""

import contextlib
import json
import os
import signal
import threading
import time

import cloudpickle
import numpy as np

from dra_exercises.spec import Function

PLAIN = {bool, int, float, complex, str, type(None), np.ndarray}
PLAIN |= {kind for kind in np.sctypeDict.values() if kind not in (np.object_, np.void)}
MOST = 1_000_000  # entries of a plain answer
PACKING = 5  # seconds
BYTES = 200_000_000


def name_of(answer):
    """Return the name of a type, without asking the object."""
    return type.__getattribute__(type(answer), "__name__")[:60]


def plain(answer):
    """Whether an answer is numbers, text, or lists of these, of exactly these types."""
    waiting, seen = [answer], 0
    while waiting:
        item = waiting.pop()
        kind, seen = type(item), seen + 1
        if kind in (list, tuple) and seen + len(waiting) + len(item) <= MOST:
            waiting.extend(item)
        elif kind not in PLAIN or seen > MOST:
            return False
        elif kind is np.ndarray and (item.dtype.kind not in "biufcU" or item.size > MOST):
            return False
    return True


def unwritten(answer):
    """Whether an answer is nothing, the ``...`` of a stub, or a list in which one is left."""
    return (
        answer is None
        or answer is ...
        or (type(answer) in (list, tuple) and any(item is ... for item in answer[:1000]))
    )


@contextlib.contextmanager
def at_most(seconds):
    """Raise `TimeoutError` after some seconds, where the system can and in the main thread."""
    main = threading.current_thread() is threading.main_thread()
    if not (main and hasattr(signal, "setitimer")):
        yield
        return

    def late(*_):
        raise TimeoutError(f"it took longer than {seconds} seconds")

    begun, before = time.monotonic(), signal.signal(signal.SIGALRM, late)
    left, interval = signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before if before is not None else signal.SIG_DFL)
        if left:  # someone else was waiting for an alarm
            rest = max(left - (time.monotonic() - begun), 0.001)
            signal.setitimer(signal.ITIMER_REAL, rest, interval)


@contextlib.contextmanager
def interrupts():
    """Note in a list whether a Ctrl-C has come: an answer may raise `KeyboardInterrupt` itself."""
    came = []
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield came
        return

    def note(*arguments):
        came.append(True)
        before(*arguments)

    signal.signal(signal.SIGINT, note)
    try:
        yield came
    finally:
        signal.signal(signal.SIGINT, before)


def packed(answer):
    """Return an answer as bytes, or raise `ValueError` that says why it cannot be sent."""
    with interrupts() as came:
        try:
            with at_most(PACKING):
                made = cloudpickle.dumps(answer)
        except BaseException as error:
            if came:
                raise
            kind, text = name_of(error), ""
            with contextlib.suppress(Exception):
                text = f": {' '.join(str(error).split())[:200]}".rstrip(": .")
            raise ValueError(
                f"It cannot be sent to the process that tries it ({kind}{text}). It may use only "
                "what can be copied: numbers, arrays, functions, modules."
            ) from None
    if len(made) > BYTES:
        raise ValueError(f"It brings {len(made) // 10**6} megabytes with it, more than it needs.")
    return made


def laid_down(folder, number, exercise, answer, seconds, seed):
    """Lay down in a folder what the judge needs, or raise `ValueError` that says why not."""
    job = {"number": number, "seconds": seconds, "seed": seed, "beside": os.getcwd()}
    if plain(answer):
        formula = type(answer) is str and getattr(exercise, "formula", False)
        job["runs"] = bool(formula)
    elif isinstance(exercise, Function) and not callable(answer):
        raise ValueError(
            f"This exercise takes a function, not a {name_of(answer)}: hand in "
            f"{exercise.solution.__name__} itself, without calling it."
        )
    elif not isinstance(exercise, Function) and callable(answer):
        raise ValueError("A number is asked for, not a function: call it first.")
    else:
        job["runs"] = True
    (folder / "answer.pickle").write_bytes(packed(answer))
    (folder / "job.json").write_text(json.dumps(job), encoding="utf-8")
