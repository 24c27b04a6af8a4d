"""The same idea by other names: agents whose limit is not the precision of a memory.

- :func:`max_entropy`, :func:`learn_max_entropy`: entropy of choice is rewarded (chapter 11);
- :func:`policy_compression`: information between state and choice is paid for (chapter 11).
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
