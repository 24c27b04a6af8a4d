from ._demos import frontier, one_memory, two_memories
from ._maze import living_maze, train_living_maze
from ._numbers import (
    frontier_numbers,
    living_maze_numbers,
    one_memory_numbers,
    two_memories_numbers,
)
from ._panel import Panel

__all__ = [
    "Panel",
    "frontier",
    "frontier_numbers",
    "living_maze",
    "living_maze_numbers",
    "one_memory",
    "one_memory_numbers",
    "train_living_maze",
    "two_memories",
    "two_memories_numbers",
]
