from . import (
    baselines,
    costs,
    credits,
    exact,
    fitting,
    gradient,
    planning,
    plots,
    policy,
    presets,
    tasks,
    widgets,
)
from .allocator import Interrupted, resume, train
from .episodes import Episode, returns, rollout
from .memory import Memory
from .run import Run

__version__: str

__all__ = [
    "Episode",
    "Interrupted",
    "Memory",
    "Run",
    "baselines",
    "costs",
    "credits",
    "exact",
    "fitting",
    "gradient",
    "planning",
    "plots",
    "policy",
    "presets",
    "resume",
    "returns",
    "rollout",
    "tasks",
    "train",
    "widgets",
]
