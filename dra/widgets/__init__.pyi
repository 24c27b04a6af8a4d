from ._frontier import draw_frontier, frontier, frontier_numbers
from ._maze import (
    draw_living_maze,
    living_maze,
    living_maze_numbers,
    train_living_maze,
)
from ._memories import draw_two_memories, two_memories, two_memories_numbers
from ._panel import Panel

__all__ = [
    "Panel",
    "draw_frontier",
    "draw_living_maze",
    "draw_two_memories",
    "frontier",
    "frontier_numbers",
    "living_maze",
    "living_maze_numbers",
    "train_living_maze",
    "two_memories",
    "two_memories_numbers",
]
