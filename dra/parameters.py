"""The parameters of a training run: checked once, before any work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dra import _check, costs, credits
from dra.memory import Memory
from dra.tasks import Task


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
    credit : str or dra.credits.Credit
        Credit of a choice in the gradient [ψ]: "return", "q", "advantage" or one of your own.
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

    beta: Any = 10.0
    gamma: float = 1.0
    gamma_q: Any = None
    credit: Any = "advantage"
    cost: Any = costs.kl
    cost_weight: float = 0.1
    learning_rate_q: float = 0.1
    learning_rate_sigma: float = 0.1
    n_trajectories: int = 10
    q_init: Any = 0.0
    q_init_spread: float = 0.0
    sigma_init: Any = None
    sigma_base: float = 5.0
    sigma_bounds: tuple[float, float] = (0.01, 100.0)
    record_every: int | None = None
    evaluation_episodes: int = 100
    snapshots: Iterable[int] = ()

    def __post_init__(self) -> None:
        """Check every number; normalise types."""
        learned = self.gamma if self.gamma_q is None else self.gamma_q
        object.__setattr__(self, "gamma_q", learned)
        object.__setattr__(self, "beta", beta_of(self.beta))
        for name, legal in NUMBERS.items():
            object.__setattr__(self, name, _check.number(name, getattr(self, name), **legal))
        for name in ("n_trajectories", "evaluation_episodes", "record_every"):
            value = getattr(self, name)
            if value is not None or name != "record_every":
                object.__setattr__(self, name, _check.integer(name, value, least=1))
        object.__setattr__(self, "credit", credits.named(self.credit))
        object.__setattr__(self, "cost", costs.named(self.cost))
        object.__setattr__(self, "q_init", _check.array("q_init", self.q_init))
        start = self.sigma_base if self.sigma_init is None else self.sigma_init
        object.__setattr__(self, "sigma_init", _check.array("sigma_init", start, above=0))
        object.__setattr__(self, "sigma_bounds", _check.bounds("sigma_bounds", self.sigma_bounds))
        object.__setattr__(self, "snapshots", _trials("snapshots", self.snapshots))
        _check_start(self.sigma_init, *self.sigma_bounds)

    @classmethod
    def resolve(cls, preset: Mapping[str, Any], given: Mapping[str, Any]) -> Parameters:
        """Return the defaults, overridden by ``preset``, overridden by ``given``.

        Raises
        ------
        ValueError
            If a name is not a parameter or a value is not legal.
        """
        legal = [f.name for f in fields(cls)]
        for name in (*preset, *given):
            if name not in legal:
                raise ValueError(f"{name!r} is not a parameter; the parameters are {legal}")
        return cls(**{**preset, **given})

    def first_memory(self, task: Task) -> Memory:
        """Return the memory with which training on ``task`` begins."""
        q = _check.array("q_init", self.q_init, shape=task.memory_shape)
        sigma = _check.array("sigma_init", self.sigma_init, shape=task.memory_shape)
        return Memory.initial(task, q=q, sigma=sigma, sigma_base=self.sigma_base)

    def beta_at(self, trial: int) -> float:
        """Return beta of ``trial``."""
        return self.beta if isinstance(self.beta, float) else float(self.beta[trial])


FRACTION: dict[str, Any] = {"least": 0, "most": 1}
NUMBERS: dict[str, dict[str, Any]] = {
    "gamma": FRACTION,
    "gamma_q": FRACTION,
    "cost_weight": {"least": 0},
    "learning_rate_q": FRACTION,
    "learning_rate_sigma": {"least": 0},
    "q_init_spread": {"least": 0},
    "sigma_base": {"above": 0},
}
"""What is legal for the parameters that are one number."""


def beta_of(beta: ArrayLike) -> float | np.ndarray:
    """Return an inverse temperature, one for all trials or one for each."""
    if not _check.shape_of("beta", beta):
        return _check.number("beta", beta, above=0)
    schedule = _check.array("beta", beta, above=0)
    if schedule.ndim != 1 or schedule.size == 0:
        raise ValueError(f"beta has shape {schedule.shape}; it must be a number or (trials,)")
    return schedule


def _check_start(sigma: np.ndarray, low: float, high: float) -> None:
    """Raise unless the first sigma lies within the bounds."""
    if sigma.size == 0 or sigma.min() < low or sigma.max() > high:
        found = f"reaches from {sigma.min():g} to {sigma.max():g}" if sigma.size else "is empty"
        raise ValueError(
            f"sigma_init {found}; it must lie within sigma_bounds, {low:g} to {high:g}"
        )


def _trials(name: str, trials: Any) -> tuple[int, ...]:
    """Return trial numbers as a sorted tuple of ints."""
    numbers = _check.listed(name, trials, "a sequence of trial numbers")
    return tuple(sorted({_check.integer(f"an entry of {name}", t) for t in numbers}))
