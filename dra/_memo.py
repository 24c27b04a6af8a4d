"""Work done once for a task, which never changes."""

from __future__ import annotations

import weakref

MOST = 32
"""Results kept for a task; of more, the oldest is forgotten."""

_results: weakref.WeakKeyDictionary = weakref.WeakKeyDictionary()


def kept(task, key, make):
    """Return ``make()``, from the second call on as kept for this task and ``key``.

    Results live beside the task, as long as it does: no copy, pickle or file of a task holds them,
    and two tasks never share them. They must not refer to the task, and nobody may change them.
    """
    own = _results.setdefault(task, {})
    if key not in own:
        result = make()  # may itself keep results
        while len(own) >= MOST:
            own.pop(next(iter(own)))
        own[key] = result
    return own[key]
