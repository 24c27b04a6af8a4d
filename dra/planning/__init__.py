"""Planning against the clock: the budgeted search of figure 3, exact and sampled.

A trial recalls every action-value once and then searches the tree of moves from the start state.
Each move uses one access of a budget. The search takes the better-looking branch that still has an
unexplored leaf below it, and returns to the root after the last move. Of the complete paths that it
found the agent executes the one that earns most. Every task will do that is deterministic, has two
actions in every state and ends after the same number of moves on all paths; :func:`dra.tasks.huys`
is the paper's.

>>> import dra
>>> task = dra.tasks.huys(3)
>>> memory = dra.Memory.initial(task, q=optimal_values(task), sigma=100.0, sigma_base=100.0)
>>> [round(plan_reward(task, memory, budget), 2) for budget in (3, 12, 24)]
[26.61, 47.31, 66.67]
"""

from dra.planning.allocate import Allocation, allocate_equal, allocate_flexible
from dra.planning.reward import (
    plan_objective,
    plan_reward,
    plan_reward_gradient,
    plan_samples,
)
from dra.planning.tree import optimal_values

__all__ = [
    "Allocation",
    "allocate_equal",
    "allocate_flexible",
    "optimal_values",
    "plan_objective",
    "plan_reward",
    "plan_reward_gradient",
    "plan_samples",
]
