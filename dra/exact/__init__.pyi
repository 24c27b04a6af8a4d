from .budget import BestReward, best_reward
from .dynamics import FixedPoint, expected_step, fixed_point, stability
from .evaluation import Evaluation, evaluate
from .objectives import Gradient, expected_gradient, objective, objective_gradient
from .optimum import Optimum, optimal_allocation
from .prices import Frontier, frontier
from .values import tied_values

__all__ = [
    "BestReward",
    "Evaluation",
    "FixedPoint",
    "Frontier",
    "Gradient",
    "Optimum",
    "best_reward",
    "evaluate",
    "expected_gradient",
    "expected_step",
    "fixed_point",
    "frontier",
    "objective",
    "objective_gradient",
    "optimal_allocation",
    "stability",
    "tied_values",
]
