"""The parameters of a training run: checked once, before any work."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields

import numpy as np

from dra import _check, costs, loops


@dataclass(frozen=True, eq=False)
class Parameters:
    """Keyword arguments of :func:`dra.train`; the paper's symbol in brackets.

    Attributes
    ----------
    beta : float, or (trials,) array with one value per trial
        Inverse temperature of choice [β], in one over units of reward.
    gamma : float in [0, 1]
        Discount of the objective: of the gradient that sigma follows and of the recorded reward.
    gamma_q : float in [0, 1], or None
        Discount at which q is learned [γ]; None stands for ``gamma``.
    credit : str
        Credit of a choice in the gradient [ψ], by its name in :mod:`dra.gradient`.
    cost : str or cost
        "kl", "entropy", "precision", or an object with ``value`` and ``grad`` (:mod:`dra.costs`).
    cost_weight : float >= 0
        Price of a nat [λ], in units of reward.
    learning_rate_q, learning_rate_sigma : float
        Step sizes [α_q in [0, 1], α_σ >= 0].
    n_trajectories : int
        Trajectories per gradient [N_traj].
    q_init : float or array
        Means before the first trial.
    q_init_spread : float >= 0
        Each mean is shifted at first by a uniform draw between minus and plus this number.
    sigma_init : float or array, or None
        Standard deviations before the first trial [σ₀]; None stands for ``sigma_base``.
    sigma_base : float
        Standard deviation of the base memory [σ_base].
    sigma_bounds : (float, float)
        Sigma is clipped to this interval after each step.
    record_every : int or None
        Trials between two records of the history; None records 50 times in a run.
    evaluation_episodes : int
        Episodes whose mean return is recorded as reward.
    snapshots : iterable of int
        Trials after which a copy of the memory is kept.
    """

    beta: float = 10.0
    gamma: float = 1.0
    gamma_q: float | None = None
    credit: str = "advantage"
    cost: object = costs.kl
    cost_weight: float = 0.1
    learning_rate_q: float = 0.1
    learning_rate_sigma: float = 0.1
    n_trajectories: int = 10
    q_init: float = 0.0
    q_init_spread: float = 0.0
    sigma_init: float | None = None
    sigma_base: float = 5.0
    sigma_bounds: tuple = (0.01, 100.0)
    record_every: int | None = None
    evaluation_episodes: int = 100
    snapshots: tuple = ()

    def __post_init__(self):
        """Check every number; normalise types."""
        number, integer, put = _check.number, _check.integer, self._put
        if np.ndim(self.beta) == 0:
            put("beta", number("beta", self.beta, above=0))
        else:
            put("beta", _check.array("beta", self.beta, above=0))
        put("gamma", number("gamma", self.gamma, least=0, most=1))
        learned = self.gamma if self.gamma_q is None else self.gamma_q
        put("gamma_q", number("gamma_q", learned, least=0, most=1))
        _check.one_of("credit", self.credit, loops.CREDIT)
        put("cost", costs.named(self.cost))
        put("cost_weight", number("cost_weight", self.cost_weight, least=0))
        put("learning_rate_q", number("learning_rate_q", self.learning_rate_q, least=0, most=1))
        put("learning_rate_sigma", number("learning_rate_sigma", self.learning_rate_sigma, least=0))
        put("n_trajectories", integer("n_trajectories", self.n_trajectories, least=1))
        put("sigma_base", number("sigma_base", self.sigma_base, above=0))
        put("q_init", _check.array("q_init", self.q_init))
        put("q_init_spread", number("q_init_spread", self.q_init_spread, least=0))
        start = self.sigma_base if self.sigma_init is None else self.sigma_init
        put("sigma_init", _check.array("sigma_init", start, above=0))
        put("sigma_bounds", _check.bounds("sigma_bounds", self.sigma_bounds))
        low, high = self.sigma_bounds
        if self.sigma_init.min() < low or self.sigma_init.max() > high:
            raise ValueError(
                f"sigma_init reaches from {self.sigma_init.min():g} to {self.sigma_init.max():g}; "
                f"it must lie within sigma_bounds, {low:g} to {high:g}"
            )
        if self.record_every is not None:
            put("record_every", integer("record_every", self.record_every, least=1))
        episodes = integer("evaluation_episodes", self.evaluation_episodes, least=1)
        put("evaluation_episodes", episodes)
        put("snapshots", _trials("snapshots", self.snapshots))

    def _put(self, name, value):
        object.__setattr__(self, name, value)

    @classmethod
    def resolve(cls, preset, given):
        """Return the defaults, overridden by ``preset``, overridden by ``given``.

        Raises
        ------
        ValueError
            If a name is not a parameter or a value is not legal.
        """
        legal = [f.name for f in fields(cls)]
        for name in given:
            if name not in legal:
                raise ValueError(f"{name!r} is not a parameter; the parameters are {legal}")
        return cls(**{**preset, **given})

    def beta_at(self, trial):
        """Return beta of ``trial``."""
        return self.beta if isinstance(self.beta, float) else float(self.beta[trial])


def _trials(name, trials):
    """Return trial numbers as a sorted tuple of ints."""
    if not isinstance(trials, Iterable):
        raise ValueError(f"{name} is {trials!r}; it must be a sequence of trial numbers")
    return tuple(sorted({_check.integer(f"an entry of {name}", t) for t in trials}))
