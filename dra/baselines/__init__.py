"""What DRA is compared with: other limits, and simpler allocations of the same total cost.

- :func:`max_entropy`, :func:`learn_max_entropy`: entropy of choice is rewarded (chapter 11);
- :func:`policy_compression`: information between state and choice is paid for (chapter 11);
- :func:`equal`, :func:`by_frequency`, :func:`by_stakes`: precision by a rule (chapter 12).

>>> import dra
>>> memory = dra.Memory(q=[[1.0, 0.0], [9.0, 0.0]], sigma=5.0, sigma_base=5.0)
>>> often = dra.baselines.by_frequency(memory, 2.0, [[4.0], [1.0]])
>>> often.sigma.round(2).tolist()
[[1.44, 1.44], [2.89, 2.89]]
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
