"""The slot machines: the design, how precise each memory is by each model, and slopes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import expit

from dra import _check
from dra._check import Seed
from dra.fitting import _sigma

if TYPE_CHECKING:
    import pandas as pd

DESIGN = (
    ("often, high", 3, 3),
    ("often, low", 3, 1),
    ("rarely, high", 1, 3),
    ("rarely, low", 1, 1),
)
"""Machines, how often each is shown, and how often with a price far from its value."""


def slot_machines(trials: int, *, step: float = 0.75, rng: Seed) -> pd.DataFrame:
    """Return the offers of one session of the authors' experiment.

    Four machines: two are shown three times as often as the others; crossed with that, two have
    prices that are mostly two steps away from what they pay (high stakes), two mostly one step
    away, three to one. Above and below are as frequent. Each 64 trials hold these proportions
    exactly, in random order.

    Parameters
    ----------
    trials : int
        768 in the experiment.
    step : float
        In the unit of reward; 0.75 dollars in the experiment.
    rng : seed or Generator

    Returns
    -------
    DataFrame
        With the columns machine (text) and d, what accepting earns on average.

    Examples
    --------
    >>> offers = slot_machines(64, rng=0)
    >>> offers.machine.value_counts().to_dict()["often, high"]
    24
    >>> sorted(offers.d.unique().tolist())
    [-1.5, -0.75, 0.75, 1.5]
    """
    import pandas as pd

    trials = _check.integer("trials", trials, least=1, most=10**8)
    step, rng = _check.number("step", step, above=0), _check.generator("rng", rng)
    unit = [
        (name, sign * size * step)
        for name, often, far in DESIGN
        for size, times in ((2, far), (1, 4 - far))
        for sign in (-1, 1)
        for _ in range(often * times)
    ]
    order = [rng.permutation(len(unit)) for _ in range(-(-trials // len(unit)))]
    return pd.DataFrame([unit[i] for i in np.concatenate(order)[:trials]], columns=["machine", "d"])


@np.errstate(all="ignore")
def dra_path(
    machine: ArrayLike,
    d: ArrayLike,
    *,
    cost_weight: float,
    learning_rate_sigma: float,
    sigma_init: float,
    sigma_base: float,
) -> np.ndarray:
    """Return the sigma with which DRA makes each choice (eq-fit-dra).

    At every trial the sigma of the machine shown goes down the exact gradient of its expected
    reward d Phi(d / sigma), and every sigma pays: with the rate learning_rate_sigma,

        sigma_m += -[m shown] (d / sigma_m)^2 phi(d / sigma_m)
                   - cost_weight (sigma_m / sigma_base^2 - 1 / sigma_m),

    kept in [0.01, 100].

    Parameters
    ----------
    machine : sequence (n,)
        Name of the machine shown.
    d : array (n,)
        What accepting earns on average.
    cost_weight : float
        The price of a nat, lambda.
    learning_rate_sigma : float
    sigma_init, sigma_base : float
        In the unit of d.

    Returns
    -------
    array (n,)

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    >>> dra_path(["a", "a", "b"], [1.0, 1.0, 1.0], cost_weight=0.1, learning_rate_sigma=1.0,
    ...          sigma_init=2.0, sigma_base=5.0).round(4)
    array([2.    , 1.954 , 2.0828])
    """
    names, offered = _offers(machine, _check.array("d", d))
    return _sigma.dra_steps(
        names,
        offered,
        names.max() + 1,
        _check.number("cost_weight", cost_weight, least=0),
        _check.number("learning_rate_sigma", learning_rate_sigma, least=0),
        _check.number("sigma_init", sigma_init, above=0),
        _check.number("sigma_base", sigma_base, above=0),
    )


@np.errstate(all="ignore")
def frequency_path(machine: ArrayLike, *, sigma: float, power: float = 0.5) -> np.ndarray:
    """Return the sigma of each choice if precision follows frequency (eq-fit-frequency).

    sigma_m = sigma / f_m^power, where f_m is how often the machine was seen so far over the mean of
    all; each counts as seen once before the first trial. With power 0.5 the precision 1 / sigma_m^2
    is in proportion to the visits.

    Parameters
    ----------
    machine : sequence (n,)
        Name of the machine shown.
    sigma : float
        That of a machine seen as often as the average.
    power : float
        0 is equal precision.

    Returns
    -------
    array (n,)

    Examples
    --------
    >>> frequency_path(["a", "a", "a", "b"], sigma=1.0).round(3)
    array([1.   , 0.866, 0.816, 1.581])
    """
    names, _ = _offers(machine)
    sigma, power = _check.number("sigma", sigma, above=0), _check.number("power", power, least=0)
    return sigma * _sigma.shares(names, names.max() + 1) ** -power


@np.errstate(all="ignore")
def stakes_path(
    machine: ArrayLike, d: ArrayLike, *, sigma: float, power: float = 0.5
) -> np.ndarray:
    """Return the sigma of each choice if precision follows stakes (eq-fit-stakes).

    sigma_m = sigma / s_m^power, where s_m is the mean of \\|d\\| at the machine so far, over the
    mean of these means. Before a machine was seen, the mean of all trials stands for its own, and
    counts as one visit afterwards.

    Parameters
    ----------
    machine : sequence (n,)
        Name of the machine shown.
    d : array (n,)
        What accepting earns on average.
    sigma : float
        That of a machine with average stakes.
    power : float
        0 is equal precision. With 0.5 precision is in proportion to stakes.

    Returns
    -------
    array (n,)

    Examples
    --------
    >>> stakes_path(["a", "b", "a", "b"], [3.0, 1.0, 3.0, 1.0], sigma=1.0).round(3)
    array([1.   , 1.   , 0.894, 1.155])
    """
    names, offered = _offers(machine, _check.array("d", d))
    sigma, power = _check.number("sigma", sigma, above=0), _check.number("power", power, least=0)
    return sigma * _sigma.stakes(names, offered, names.max() + 1) ** -power


def _offers(machine, d=None):
    """Return machines as integers from 0, and d, of the same length, or raise."""
    try:
        if isinstance(machine, np.ma.MaskedArray):
            raise ValueError
        names = np.asarray(machine)
        if names.dtype.kind == "U" and any(not isinstance(x, str) for x in machine):
            raise ValueError  # NumPy would take 1 and "1" for the same
    except ValueError:  # ragged, with something left out, or mixed
        names = np.zeros((0, 0))
    if names.dtype == object and all(isinstance(name, str) for name in names.flat):
        names = names.astype(str)
    if names.ndim != 1 or not names.size or names.dtype.kind not in "iufUT":
        raise ValueError(
            f"machine is {_check.shown(machine)}; it must be a sequence of names or one of numbers"
        )
    d = np.zeros(len(names)) if d is None else d
    if d.shape != names.shape:
        raise ValueError(f"d has shape {d.shape}; it must have that of machine, {names.shape}")
    return np.unique(names, return_inverse=True)[1], d


def logistic_slope(d: ArrayLike, accept: ArrayLike) -> tuple[float, float]:
    """Return the slope b of the logistic curve 1 / (1 + exp(-b d)) through choices.

    The curve of the published slopes. It is fitted by maximum likelihood, without an offset.
    Choices with the probability Phi(d / sigma) have a slope of about 1.6 / sigma where d is small.

    Parameters
    ----------
    d : array (n,)
        What accepting earns on average, in any unit; the slope is one over it.
    accept : array (n,)
        1 and 0, or probabilities: then the slope that many such choices tend to.

    Returns
    -------
    slope, standard_error : float
        inf where the choices are without a mistake.

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    >>> slope, error = logistic_slope([-1.0, 1.0, 1.0, 1.0], [0, 1, 1, 0])
    >>> round(slope, 4), round(float(np.log(3.0)), 4)
    (1.0986, 1.0986)
    """
    if getattr(accept, "dtype", None) == np.dtype(bool):
        accept = np.asarray(accept, dtype=float)
    d, accept = _check.array("d", d), _check.array("accept", accept, least=0)
    if d.shape != accept.shape or d.ndim != 1 or accept.max(initial=0) > 1 or not d.any():
        raise ValueError(
            f"accept has shape {accept.shape}, d {d.shape}; both must be of one length, accept "
            "between 0 and 1, and d not 0 throughout"
        )
    scale = np.abs(d).max()
    x, toward = d / scale, float(np.sum(d / scale * (accept - 0.5)))
    most = float(np.abs(x).sum() / 2)
    if abs(toward) >= most:
        return float(np.copysign(np.inf, toward)), np.inf
    slope = 0.0
    for _ in range(200):  # Newton's method, with steps that cannot run away
        p = expit(slope * x)
        step = np.sum(x * (accept - p)) / np.sum(x * x * p * (1 - p))
        slope += float(np.clip(step, -1, 1))
        if abs(step) < 1e-12 * max(1.0, abs(slope)):
            break
    p = expit(slope * x)
    return float(slope / scale), float(1 / np.sqrt(np.sum(x * x * p * (1 - p))) / scale)
