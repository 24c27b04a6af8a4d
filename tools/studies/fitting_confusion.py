"""Which of four models is found behind choices that one of them made."""

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from tqdm import tqdm

from dra import fitting

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

MODELS = ("dra", "equal", "frequency", "stakes")
LENGTHS = (768, 4000)
DRAWN = {
    "dra": {"cost_weight": (0.02, 0.5), "learning_rate_sigma": (0.02, 0.5), "sigma_init": (1, 8)},
    **{model: {"sigma": (1.0, 5.0)} for model in MODELS[1:]},
}
SCORES = {"aic": -1, "bic": -1, "predicted": 1}


def people(n, seed, model, trials):
    """The choices of ``n`` people of one model."""
    frames = []
    for k in range(n):
        rng = np.random.default_rng([*seed, k])
        real = {p: float(np.exp(rng.uniform(*np.log(box)))) for p, box in DRAWN[model].items()}
        offers = fitting.slot_machines(trials, rng=[*seed, k, 1])
        made = fitting.simulate(model, real, offers, rng=[*seed, k, 2])
        frames.append(made.assign(person=k))
    return pd.concat(frames, ignore_index=True)


def row(n, seed, model, trials):
    """How many of ``n`` people of one model each model is found for, by criterion."""
    judged = fitting.compare(
        MODELS, people(n, seed, model, trials), rng=seed, folds=5, starts=2, progress=False
    )
    out = {}
    for score, sign in SCORES.items():
        best = judged.loc[(sign * judged[score]).groupby(judged.person).idxmax(), "model"]
        out[score] = [int((best == name).sum()) for name in MODELS]
    return out


def study(n, seed):
    """The confusion matrices: rows are the models that made the choices."""
    cells = [(t, model) for t in LENGTHS for model in MODELS]
    found = {}
    for i, (trials, model) in enumerate(tqdm(cells)):
        found[trials, model] = row(n, [seed, i], model, trials)
    return {
        "people": n,
        "models": list(MODELS),
        **{str(t): {s: [found[t, m][s] for m in MODELS] for s in SCORES} for t in LENGTHS},
    }


if __name__ == "__main__":
    store(__file__, study, n=100, seed=9200)
