from .allocations import by_frequency, by_stakes, equal, memory_stakes, memory_visits

__all__ = [
    "by_frequency",
    "by_stakes",
    "equal",
    "memory_stakes",
    "memory_visits",
]
