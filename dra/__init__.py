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

import importlib

from dra import costs, gradient, policy, presets, tasks
from dra.allocator import Interrupted, resume, train
from dra.episodes import Episode, returns, rollout
from dra.memory import Memory
from dra.run import Run

__version__ = "0.1.0"

ON_DEMAND = ("exact", "planning", "plots", "widgets")
"""Modules that are imported when first used, with the libraries they need."""

__all__ = [
    "Episode",
    "Interrupted",
    "Memory",
    "Run",
    "costs",
    "gradient",
    "policy",
    "presets",
    "resume",
    "returns",
    "rollout",
    "tasks",
    "train",
]


def __getattr__(name):
    """Import the modules that are loaded on demand."""
    if name in ON_DEMAND:
        return importlib.import_module(f"dra.{name}")
    raise AttributeError(f"module 'dra' has no attribute {name!r}")
