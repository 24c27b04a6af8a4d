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

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
