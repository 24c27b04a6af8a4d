from ._demos import frontier, living_maze, train_living_maze, two_memories
from ._numbers import frontier_numbers, living_maze_numbers, two_memories_numbers
from ._panel import Panel

__all__ = [
    "Panel",
    "frontier",
    "frontier_numbers",
    "living_maze",
    "living_maze_numbers",
    "train_living_maze",
    "two_memories",
    "two_memories_numbers",
]
