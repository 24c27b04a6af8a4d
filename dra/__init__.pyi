from . import costs, credits, exact, gradient, planning, plots, policy, presets, tasks, widgets
from .allocator import Interrupted, resume, train
from .episodes import Episode, returns, rollout
from .memory import Memory
from .run import Run
from .sweeping import CellsFailed, sweep

__version__: str

__all__ = [
    "CellsFailed",
    "Episode",
    "Interrupted",
    "Memory",
    "Run",
    "costs",
    "credits",
    "exact",
    "gradient",
    "planning",
    "plots",
    "policy",
    "presets",
    "resume",
    "returns",
    "rollout",
    "sweep",
    "tasks",
    "train",
    "widgets",
]
