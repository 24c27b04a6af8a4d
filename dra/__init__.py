"""Dynamic Resource Allocator: how a limited memory learns what to keep precise.

An implementation of Patel, Acerbi & Pouget (2020), "Dynamic allocation of limited memory resources
in reinforcement learning", NeurIPS 33. Each action-value is remembered as a normal distribution
N(q, sigma^2) that the agent can only sample; precision is paid for; DRA learns how precise each
memory should be while it learns the values.

>>> import dra
>>> run = dra.train(dra.tasks.gridworld(), 100, rng=0)
>>> run.history.trial[:3]
array([0, 2, 4])
"""

import lazy_loader

__version__ = "1.0.0"

# What there is and where it comes from stands in __init__.pyi, for type checkers as well.
__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
