"""Planning against the clock: the budgeted search of figure 3, exact and sampled.

A trial recalls every action-value once and then searches the tree of moves from the start state.
Each move uses one access of a budget. The search takes the better-looking branch that still has an
unexplored leaf below it, and returns to the root after the last move. Of the complete paths that it
found the agent executes the one that earns most. Every task will do that is deterministic, has two
actions in every state and ends after the same number of moves on all paths; :func:`dra.tasks.huys`
is the paper's.

>>> import dra
>>> task = dra.tasks.huys(3)
>>> q = dra.planning.optimal_values(task)
>>> memory = dra.Memory.initial(task, q=q, sigma=100.0, sigma_base=100.0)
>>> [round(dra.planning.plan_reward(task, memory, budget), 2) for budget in (3, 12, 24)]
[26.61, 47.31, 66.67]
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
