from .grid import gridworld, gridworld_changed
from .hill import mountain_car
from .simulated import Simulated
from .six_states import huys
from .table import Tabular, tabular
from .task import Task

__all__ = [
    "Simulated",
    "Tabular",
    "Task",
    "gridworld",
    "gridworld_changed",
    "huys",
    "mountain_car",
    "tabular",
]
