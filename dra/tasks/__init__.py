"""Tasks: what the agent acts in. A task is immutable and holds no state of an episode."""

from dra.tasks.grid import gridworld, gridworld_changed
from dra.tasks.tabular import Tabular, tabular

__all__ = ["Tabular", "gridworld", "gridworld_changed", "tabular"]
