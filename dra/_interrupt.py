"""What training does when it is stopped: nothing that has been done is lost."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during training. Nothing is lost: ``run`` holds all trials done so far."""

    def __init__(self, run):
        super().__init__(
            f"stopped after {run.trial} of {run.trials} trials; dra.resume(error.run) goes on"
        )
        self.run = run

    def __reduce__(self):
        """Copy and pickle by the run, not by the message."""
        return type(self), (self.run,)


@contextmanager
def deferred():
    """Collect Ctrl-C in a list instead of raising in the middle of a trial; the second one raises.

    The list stays empty outside the main thread, where Python delivers no signals, and where the
    caller has a handler of Ctrl-C of his own.
    """
    seen = []
    previous = signal.getsignal(signal.SIGINT)
    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or previous is not signal.default_int_handler:
        yield seen
        return

    def remember(number, frame):
        if seen:
            previous(number, frame)
        seen.append(number)

    signal.signal(signal.SIGINT, remember)
    try:
        yield seen
    finally:
        signal.signal(signal.SIGINT, previous)


@contextmanager
def carrying(run):
    """Give any error on the way the attribute ``run``, and say so."""
    try:
        yield
    except BaseException as error:
        if getattr(error, "run", None) is not run:
            error.run = run
            error.add_note(
                f"The run after {run.trial} of {run.trials} trials is kept as the attribute run of "
                "this error: dra.resume(error.run) goes on, error.run.save(path) saves it."
            )
        raise


def undo(run):
    """Return a function that takes ``run`` back to where it is now.

    If a trial fails half-way, or Ctrl-C breaks it off, the run can go on from its last whole one.
    """
    memory, rngs = run.memory, (run.rng.bit_generator, run.evaluation_rng.bit_generator)
    before, states = (memory.q.copy(), memory.sigma.copy()), [rng.state for rng in rngs]
    trial, env_steps, n_records = run.trial, run.env_steps, len(run.records)

    def back():
        memory.q[...], memory.sigma[...] = before
        run.trial, run.env_steps = trial, env_steps
        del run.records[n_records:]
        for rng, state in zip(rngs, states, strict=True):
            rng.state = state

    return back
