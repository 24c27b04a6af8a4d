"""Demos for live notebooks, with ipywidgets: four explorables of the book, computed by the package.

Each is a panel of controls around a figure of :mod:`dra.plots` and the numbers that go with it:

- :func:`one_memory`: the best sigma of one memory at a price (:func:`one_memory_numbers`);
- :func:`two_memories`: what two remembered values do and cost (:func:`two_memories_numbers`);
- :func:`living_maze`: DRA learning its way through a maze to build oneself, and learning anew
  after the change of figure 1B
  (:func:`train_living_maze`, :func:`living_maze_numbers`);
- :func:`frontier`: which memories are kept at which price (:func:`frontier_numbers`).

They need a running kernel: in a page of the built book their controls would do nothing.
"""

import lazy_loader

try:
    import ipywidgets as _ipywidgets  # noqa: F401
    import matplotlib as _matplotlib  # noqa: F401
except ImportError as error:
    raise ImportError(
        f'dra.widgets needs {error.name}, which is not installed: pip install "dra[book]"'
    ) from error

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
