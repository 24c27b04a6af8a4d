"""Tasks: what the agent acts in. A task is immutable and holds no state of an episode."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
