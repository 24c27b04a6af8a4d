from .environments import from_gymnasium, to_gymnasium
from .garnet import random
from .grid import gridworld, gridworld_changed
from .hill import mountain_car
from .simulator import Simulated, simulated
from .six_states import huys
from .table import Tabular, assemble, tabular
from .task import Task

__all__ = [
    "Simulated",
    "Tabular",
    "Task",
    "assemble",
    "from_gymnasium",
    "gridworld",
    "gridworld_changed",
    "huys",
    "mountain_car",
    "random",
    "simulated",
    "tabular",
    "to_gymnasium",
]
