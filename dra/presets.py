"""The parameters of the paper's experiments, in one place (Patel, Acerbi & Pouget, 2020).

Each preset holds keyword arguments of :func:`dra.train`. A task made by :mod:`dra.tasks` carries
its preset, so ``train(gridworld(), 5000, rng=0)`` and ``train(gridworld(), 5000, rng=0,
**GRIDWORLD)`` are the same run.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import numpy as np

from dra import _check

__all__ = [
    "GRIDWORLD",
    "GRIDWORLD_CHANGE",
    "HUYS",
    "MOUNTAIN_CAR",
    "for_scale",
]

GRIDWORLD: Mapping[str, Any] = MappingProxyType(
    {
        "beta": 10.0,
        "gamma_q": 0.9,  # of learning only
        "credit": "advantage",
        "gamma": 1.0,  # no discount in the gradient
        "cost_weight": 0.1,
        "learning_rate_q": 0.1,
        "learning_rate_sigma": 0.1,
        "n_trajectories": 10,
        "q_init": 0.0,
        "sigma_init": 3.0,
        "sigma_base": 5.0,
        "sigma_bounds": (0.01, 100.0),
    }
)
"""Figure 1C, the curve called "High"; the others differ in ``sigma_init`` alone."""

GRIDWORLD_CHANGE: Mapping[str, Any] = MappingProxyType({**GRIDWORLD, "learning_rate_q": 0.2})
"""Figure 1B, the run in which the maze changes at trial 3000."""

MOUNTAIN_CAR: Mapping[str, Any] = MappingProxyType(
    {
        # one value per episode, by Python's power: NumPy's differs between processors
        "beta": np.array([min(1.5 ** (n / 1000), 10.0) for n in range(5000)]),
        "gamma_q": 1.0,
        "credit": "advantage",
        "gamma": 1.0,
        "cost_weight": 0.1,
        "learning_rate_q": 0.2,
        "learning_rate_sigma": 0.1,
        "n_trajectories": 10,
        "q_init": 0.0,
        "q_init_spread": 1.0,
        "sigma_init": 1.0,
        "sigma_base": 5.0,
        "sigma_bounds": (0.01, 10.0),
    }
)
"""Figure 2: 5000 episodes; the three bars differ in ``credit`` alone."""

HUYS: Mapping[str, Any] = MappingProxyType(
    {
        "beta": 10.0,
        "gamma_q": 1.0,
        "credit": "return",
        "gamma": 1.0,
        "cost_weight": 1.0,
        "learning_rate_q": 0.1,
        "learning_rate_sigma": 0.1,
        "n_trajectories": 10,
        "q_init": 0.0,
        "sigma_init": 100.0,
        "sigma_base": 100.0,
        "sigma_bounds": (1.0, 100.0),
    }
)
"""DRA by gradient on the planning task; 60 000 trials."""


def for_scale(scale: float) -> dict[str, object]:
    """Return the grid-world's parameters for a task whose returns are of another size.

    Multiplying all rewards by a number changes nothing if everything that has the unit of reward,
    or of one over reward, is multiplied or divided by it too. In the paper's maze the largest
    reward is 10.

    Parameters
    ----------
    scale : float > 0
        Size of a good return less a bad one, or of the largest reward, in the task's units.

    Returns
    -------
    dict
        beta, sigma_base, sigma_init, sigma_bounds, cost_weight and learning_rate_sigma.

    Raises
    ------
    ValueError
        If ``scale`` is not above 0, or so small or large that a parameter is not.

    Examples
    --------
    >>> for_scale(1.0)["beta"], for_scale(1.0)["sigma_base"]
    (100.0, 0.5)
    """
    times = _check.number("scale", scale, above=1e-300, most=1e300) / 10.0
    low, high = GRIDWORLD["sigma_bounds"]
    unit = {k: GRIDWORLD[k] for k in ("sigma_base", "sigma_init", "cost_weight")}
    unit["learning_rate_sigma"] = GRIDWORLD["learning_rate_sigma"]
    scaled = {k: v * times for k, v in unit.items()}
    return {"beta": GRIDWORLD["beta"] / times, "sigma_bounds": (low * times, high * times)} | scaled
