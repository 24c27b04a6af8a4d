from .compression import Compression, policy_compression
from .soft import MaxEntropy, learn_max_entropy, max_entropy

__all__ = [
    "Compression",
    "MaxEntropy",
    "learn_max_entropy",
    "max_entropy",
    "policy_compression",
]
