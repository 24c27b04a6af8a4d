from .allocations import by_frequency, by_stakes, equal, memory_stakes, memory_visits
from .compression import Compression, policy_compression
from .soft import MaxEntropy, learn_max_entropy, max_entropy

__all__ = [
    "Compression",
    "MaxEntropy",
    "by_frequency",
    "by_stakes",
    "equal",
    "learn_max_entropy",
    "max_entropy",
    "memory_stakes",
    "memory_visits",
    "policy_compression",
]
