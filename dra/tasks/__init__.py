"""Tasks: what the agent acts in. A task is immutable and holds no state of an episode."""

from dra.tasks.grid import gridworld, gridworld_changed
from dra.tasks.hill import mountain_car
from dra.tasks.simulator import Simulated, simulated
from dra.tasks.six_states import huys
from dra.tasks.table import Tabular, assemble, tabular
from dra.tasks.task import Task

__all__ = [
    "Simulated",
    "Tabular",
    "Task",
    "assemble",
    "gridworld",
    "gridworld_changed",
    "huys",
    "mountain_car",
    "simulated",
    "tabular",
]
