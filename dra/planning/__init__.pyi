from .allocate import Allocation, allocate_equal, allocate_flexible
from .reward import (
    plan_objective,
    plan_reward,
    plan_reward_gradient,
    plan_samples,
)
from .tree import optimal_values

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
