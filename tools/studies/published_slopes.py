"""The published pooled slopes of the slot machines, under each model."""

import sys
from pathlib import Path

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit
from scipy.stats import chi2, norm

from dra import fitting

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

MACHINES = ("often, high", "often, low", "rarely, high", "rarely, low")
SLOPES = np.array([0.302, 0.234, 0.240, 0.151])  # pilot v3, of the authors' notes
ERRORS = np.array([0.022, 0.030, 0.038, 0.051])
CHOICES = (2712, 2712, 903, 898)
FAR = (0.75, 0.25, 0.75, 0.25)  # share of prices two steps away
STEP, TRIALS = 0.75, 768
AUTHORS = {"cost_weight": 0.1, "learning_rate_sigma": 0.2, "sigma_init": 2.5, "sigma_base": 5.0}
DRA = ("cost_weight", "learning_rate_sigma", "sigma_init")
CONTENDERS = {  # model and its free parameters
    "equal": ("equal", ("sigma",)),
    "frequency": ("frequency", ("sigma",)),
    "stakes": ("stakes", ("sigma",)),
    "half frequency, half stakes": ("half", ("sigma",)),
    "frequency, free power": ("frequency", ("sigma", "power")),
    "stakes, free power": ("stakes", ("sigma", "power")),
    "dra": ("dra", DRA),
    "dra, free sigma_base": ("dra", (*DRA, "sigma_base")),
    "dra, the authors' parameters": ("dra", ()),
}


def errors_by_unit():
    """The standard error that each kind of slope would have, at the published slopes."""
    out = {}
    for unit, step in (("steps", 1.0), ("dollars", STEP)):
        for kind in ("logistic", "probit"):
            out[f"{kind}, {unit}"] = [
                float(1 / np.sqrt(n * _information(kind, b, step, far)))
                for b, n, far in zip(SLOPES, CHOICES, FAR, strict=True)
            ]
    return out


def _information(kind, b, step, far):
    """Fisher's information of one choice about a slope."""
    d, weight = step * np.array([2.0, 1.0]), np.array([far, 1 - far])
    if kind == "logistic":
        p = expit(b * d)
        return np.sum(weight * d**2 * p * (1 - p))
    p = norm.cdf(b * d)
    return np.sum(weight * d**2 * norm.pdf(b * d) ** 2 / (p * (1 - p)))


def accepting(model, parameters, offers):
    """The probability of accepting each offer."""
    if model == "half":
        both = [accepting(m, parameters, offers) for m in ("frequency", "stakes")]
        return np.mean(both, axis=0)
    rows = {"machine": np.unique(offers.machine, return_inverse=True)[1], "d": offers.d.to_numpy()}
    model = fitting.BUILT_IN[model]
    return model.probabilities(model.fixed | parameters, rows)[:, 1]


def slopes(model, parameters, sessions):
    """The slopes per step that choices of many people with these parameters have."""
    p = np.concatenate([accepting(model, parameters, offers) for offers in sessions])
    machine = np.concatenate([offers.machine for offers in sessions])
    d = np.concatenate([offers.d for offers in sessions]) / STEP
    return np.array([fitting.logistic_slope(d[machine == m], p[machine == m])[0] for m in MACHINES])


def fitted(model, free, sessions, rng):
    """The best parameters, their slopes, and how well these meet the published ones."""
    base = AUTHORS if model == "dra" else {}
    of = fitting.BUILT_IN["equal" if model == "half" else model]
    box = np.log([np.maximum(of.bounds[k], 0.01) for k in free])

    def misfit(x):
        parameters = base | dict(zip(free, np.exp(x).tolist(), strict=True))
        return float(np.sum(((slopes(model, parameters, sessions) - SLOPES) / ERRORS) ** 2))

    x = np.zeros(0)
    if free:
        starts = rng.uniform(*box.T, size=(4 * len(free), len(free)))
        ends = [minimize(misfit, s, method="SLSQP", bounds=box, options={"eps": 1e-5}).x
                for s in sorted(starts, key=misfit)[: 1 + len(free)]]  # fmt: skip
        x = min(ends, key=misfit)
    parameters = base | dict(zip(free, np.exp(x).tolist(), strict=True))
    square, k = misfit(x), len(free)
    return {
        "parameters": {name: [value] for name, value in parameters.items()},
        "slopes": slopes(model, parameters, sessions).tolist(),
        "chi-square": square,
        "free": k,
        "p": float(chi2.sf(square, 4 - k)) if k < 4 else float("nan"),
        "log-likelihood": float(norm.logpdf(0, 0, ERRORS).sum() - square / 2),
        "aic": square + 2 * k,
    }


def study(n, seed):
    """Every contender; slopes are those of ``n`` sessions."""
    sessions = [fitting.slot_machines(TRIALS, rng=[seed, k]) for k in range(n)]
    rng = np.random.default_rng(seed)
    return {
        "machines": list(MACHINES),
        "published": {"slope": SLOPES.tolist(), "error": ERRORS.tolist(), "n": list(CHOICES)},
        "errors by unit": errors_by_unit(),
        "models": {name: fitted(*given, sessions, rng) for name, given in CONTENDERS.items()},
    }


if __name__ == "__main__":
    store(__file__, study, n=12, seed=9300)
