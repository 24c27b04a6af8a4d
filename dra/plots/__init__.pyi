from ._frontier import frontier
from ._lines import band
from ._maps import maze, state_map, walk
from ._memories import two_memories
from ._one_memory import one_memory
from ._snapshot import snapshot

__all__ = [
    "band",
    "frontier",
    "maze",
    "one_memory",
    "snapshot",
    "state_map",
    "two_memories",
    "walk",
]
