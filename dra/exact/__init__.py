"""Ground truth: what the algorithm estimates by sampling, computed exactly.

For every tabular task whose episodes may run until they end (step limits are ignored):

- :func:`evaluate`: values, visits and episode length of given choice probabilities;
- :func:`objective`, :func:`objective_gradient`: F and its gradient in sigma and q;
- :func:`expected_gradient`: the mean of :func:`dra.gradient.estimate`;
- :func:`expected_step`, :func:`fixed_point`, :func:`stability`: what DRA does on average;
- :func:`tied_values`: the means that learning settles on for a given sigma;
- :func:`optimal_allocation`: the best sigma when q holds the values of the policy;
- :func:`frontier`: the same for each of several prices of precision;
- :func:`best_reward`: the most reward for a given budget in nats.
"""

from dra.exact.budget import BestReward, best_reward
from dra.exact.dynamics import FixedPoint, expected_step, fixed_point, stability
from dra.exact.evaluation import Evaluation, evaluate
from dra.exact.objective import Gradient, expected_gradient, objective, objective_gradient
from dra.exact.optimum import Optimum, optimal_allocation
from dra.exact.prices import Frontier, frontier
from dra.exact.values import tied_values

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
