"""Which parameters come back from choices, by the length of a session and by its design."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.stats import spearmanr
from tqdm import tqdm

from dra import fitting

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

LENGTHS = (768, 2000, 4000, 10_000)
DRAWN = {"cost_weight": (0.02, 0.5), "learning_rate_sigma": (0.02, 0.5), "sigma_init": (1.0, 8.0),
         "sigma_base": (3.0, 10.0)}  # fmt: skip
KNOWN = tuple(DRAWN)[:3]  # sigma_base is known
ROLES = {"often, high": "rarely, low", "rarely, low": "often, high", "often, low": "rarely, high",
         "rarely, high": "often, low"}  # fmt: skip


def truth(rng, names):
    """Parameters of a person, each evenly drawn on a logarithmic scale."""
    return {k: float(np.exp(rng.uniform(*np.log(DRAWN[k])))) for k in names}


def swapped(trials, seed):
    """Offers whose machines change their roles half-way: often and rarely, high and low."""
    offers = fitting.slot_machines(trials, rng=seed)
    later = offers.index >= trials // 2
    return offers.assign(machine=offers.machine.where(~later, offers.machine.map(ROLES)))


DESIGNS = {
    "as it was": lambda trials, seed: fitting.slot_machines(trials, rng=seed),
    "steps of 1.50": lambda trials, seed: fitting.slot_machines(trials, step=1.5, rng=seed),
    "steps of 3.00": lambda trials, seed: fitting.slot_machines(trials, step=3.0, rng=seed),
    "roles swapped": swapped,
}


def people(n, seed, design, trials, names):
    """The choices of ``n`` people of known parameters, and these."""
    truths = [truth(np.random.default_rng([*seed, k]), names) for k in range(n)]
    frames = [
        fitting.simulate("dra", t, DESIGNS[design](trials, [*seed, k, 1]), rng=[*seed, k, 2])
        for k, t in enumerate(truths)
    ]
    data = pd.concat([f.assign(person=k) for k, f in enumerate(frames)], ignore_index=True)
    return data, pd.DataFrame(truths)


def between(r, n):
    """A correlation with its 95 % interval, by Fisher's transformation."""
    width = 1.96 / np.sqrt(max(n - 3, 1))
    z = np.arctanh(np.clip(r, -0.999999, 0.999999))
    return [float(r), float(np.tanh(z - width)), float(np.tanh(z + width))]


def recovered(table, truths):
    """What came back of each parameter."""
    out = {}
    for name in truths:
        rows = table[table.parameter == name]
        real, found, n = truths[name].to_numpy(), rows.estimate.to_numpy(), len(truths)
        inside = (rows.low.to_numpy() <= real) & (real <= rows.high.to_numpy())
        box = fitting.BUILT_IN["dra"].bounds[name]
        whole = np.log(box[1] / box[0])
        out[name] = {
            "correlation": between(np.corrcoef(np.log(real), np.log(found))[0, 1], n),
            "rank": between(spearmanr(real, found).statistic, n),
            "covered": float(inside.mean()),
            "width": float(np.median(np.log(rows.high / rows.low)) / whole),
            "at border": float(rows.standard_error.isna().mean()),
            "truth": real.round(5).tolist(),
            "estimate": found.round(5).tolist(),
            "low": rows.low.round(5).tolist(),
            "high": rows.high.round(5).tolist(),
        }
    return out


def condition(n, seed, design, trials, names=KNOWN, intervals="profile"):
    """``n`` people in one design, fitted."""
    data, truths = people(n, seed, design, trials, names)
    fixed = {} if "sigma_base" not in names else {"sigma_base": None}
    found = fitting.fit(
        "dra", data, rng=seed, fixed=fixed, intervals=intervals, starts=3, progress=False
    )
    return recovered(found.table, truths)


def ridge(seed, trials):
    """How far the others move along the profile of one parameter, for one person."""
    real = {"cost_weight": 0.1, "learning_rate_sigma": 0.15, "sigma_init": 3.0}
    offers = fitting.slot_machines(trials, rng=[*seed, 1])
    data = fitting.simulate("dra", real, offers, rng=[*seed, 2])
    found = fitting.fit("dra", data, rng=seed, intervals="profile", fixed={"sigma_base": None})
    curve = found.profile("sigma_base", points=15)
    return {
        "estimate": found.table.set_index("parameter").estimate.to_dict(),
        "profile": {name: curve[name].tolist() for name in curve},
    }


def study(n, seed):
    """All conditions."""
    tasks = [("lengths", "as it was", t, KNOWN, "profile") for t in LENGTHS]
    tasks += [("designs", d, 768, KNOWN, "profile") for d in list(DESIGNS)[1:]]
    tasks += [("base free", "as it was", t, tuple(DRAWN), "wald") for t in LENGTHS]
    out = {"lengths": {}, "designs": {}, "base free": {}}
    for kind, design, trials, names, intervals in tqdm(tasks):
        label = design if kind == "designs" else str(trials)
        out[kind][label] = condition(n, [seed], design, trials, names, intervals)
    return out | {"ridge": {str(t): ridge([seed, t], t) for t in (768, 10_000)}, "people": n}


if __name__ == "__main__":
    store(__file__, study, n=200, seed=9100)
