"""Fit choices: a table of choices in, parameters with intervals out.

The data is a table with one row a choice, in the order in which the choices were made. A model
gives the probability of each option at each row; the parameters of each person are those that make
the person's choices most likely.

Four models know the slot machines of Patel, Acerbi & Pouget's experiment. Machine m pays on average
mu_m, which the person has learned, and is offered at a price; accepting earns d = mu_m - price on
average, and refusing earns nothing. The memory of mu_m has the standard deviation sigma_m, and so

    P(accept) = lapse / 2 + (1 - lapse) Phi(d / sigma_m).

- "dra": each sigma climbs reward - cost_weight * KL, with the exact gradient (:func:`dra_path`);
- "equal": one sigma for all;
- "frequency": precision in proportion to how often a machine was seen (:func:`frequency_path`);
- "stakes": precision in proportion to what was at stake with it (:func:`stakes_path`).

>>> import dra
>>> design = dra.fitting.slot_machines(768, rng=0)
>>> truth = {"cost_weight": 0.1, "learning_rate_sigma": 0.2, "sigma_init": 4.0}
>>> people = dra.fitting.simulate("dra", truth, design, rng=1)
>>> found = dra.fitting.fit("dra", people, rng=0, intervals="wald")
>>> list(found.table.columns)
['person', 'parameter', 'estimate', 'standard_error', 'low', 'high']
>>> bool(found.log_likelihood > dra.fitting.log_likelihood("dra", truth, people).sum())
True

Other choices have other models: :func:`soft_thompson` for any number of options with known values,
and :class:`ChoiceModel` for a model of one's own.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
