"""Figures of tasks, memories, runs and frontiers.

One picture is drawn on ``ax``, or on a new one of pyplot, and that is returned:

- :func:`state_map`: a value of each state, or of each choice, of any task;
- :func:`maze`: the same for a grid-world, with its walls, start and goal;
- :func:`walk`: a path through the states of such a map;
- :func:`band`: a mean over runs, and its spread.

Several together are drawn on ``figure``, or on a new one of pyplot; what is returned are its axes,
by name:

- :func:`two_memories`: two remembered values, and which is chosen;
- :func:`snapshot`: what a run remembers after a trial, and its curves;
- :func:`frontier`: which memories are kept at which price.

They follow the style that is in force (``dra.figures`` is the book's) and change none of it.

A task's ``layout`` says how its states are arranged. It has a method ``image(values)``, which
returns per-state values (n_states,) as a two-dimensional array, NaN where there is no state. It may
also have

- ``walls``, ``start`` and ``goal``, cells (row, column) of that array, for :func:`maze`;
- ``extent`` (left, right, bottom, top), the edges of the picture in units of its axes, row 0 at the
  bottom, and ``labels``, the names of the two axes. Without ``extent`` row 0 is at the top, and
  nothing is measured.
"""

import lazy_loader

try:
    import matplotlib as _matplotlib  # noqa: F401
except ImportError as error:
    raise ImportError(
        f'dra.plots needs {error.name}, which is not installed: pip install "dra[book]"'
    ) from error

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
