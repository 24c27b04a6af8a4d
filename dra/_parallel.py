"""Work for several processes, through joblib: what is sent, and with which backend."""

from __future__ import annotations

import functools
import pickle
from contextlib import nullcontext
from typing import Any

from dra import _check


class Shared:
    """Something that is pickled once, and unpickled once in each process, however often sent.

    A task that comes again is then the same object, with the loops that were made for it.
    """

    def __init__(self, value: Any):
        self.value = value

    @functools.cached_property
    def data(self) -> bytes:
        """The pickle; functions that cannot be imported elsewhere travel with their code."""
        import cloudpickle

        return cloudpickle.dumps(self.value)

    def __reduce__(self) -> tuple[Any, ...]:
        """Send the pickle."""
        return _received, (self.data,)


@functools.lru_cache(maxsize=8)
def _received(data):
    return Shared(pickle.loads(data))


def shared(values):
    """Return :class:`Shared` of ``values``, one for each object, by the ids of these."""
    return {id(value): Shared(value) for value in values}


def check_sent(parts):
    """Raise unless everything in ``parts`` can be sent to another process."""
    for part in parts:
        try:
            part.data  # noqa: B018
        except Exception as error:  # what an object does that will not be pickled is up to it
            raise ValueError(
                f"conditions or measure has {_check.shown(part.value)}, which cannot be sent to "
                f"another process ({_check.shown(error)}); make it in a module of your own, or "
                "pass n_jobs=1"
            ) from error


def jobs(n_jobs):
    """Return the number of processes: as given, as joblib is configured, or -1, one for each core.

    Raises
    ------
    ValueError
        If ``n_jobs`` is neither -1 nor an integer of at least 1.
    """
    if n_jobs is None:
        configured = _active()[1]
        return -1 if configured is None else configured
    if isinstance(n_jobs, int) and n_jobs == -1:
        return -1
    try:
        return _check.integer("n_jobs", n_jobs, least=1)
    except ValueError as error:
        raise ValueError(f"{error}, or -1 for one for each core") from None


def results(calls, n_jobs):
    """Yield what ``calls`` return, (function, arguments) each, as soon as one is done.

    The backend is the caller's (``joblib.parallel_config``); of joblib's own processes each has one
    thread.
    """
    import joblib

    backend, _ = _active()
    own = type(backend).__name__ == "LokyBackend" and backend.inner_max_num_threads is None
    with joblib.parallel_config("loky", inner_max_num_threads=1) if own else nullcontext():
        parallel = joblib.Parallel(n_jobs=n_jobs, return_as="generator_unordered", batch_size=1)
        yield from parallel(joblib.delayed(f)(*arguments) for f, arguments in calls)


def _active():
    """Return (backend, number of jobs or None) of joblib's configuration."""
    from joblib.parallel import get_active_backend

    return get_active_backend()
