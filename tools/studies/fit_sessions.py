"""Simulated people at the slot machines: which parameters, and which model, choices give back."""

import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

from dra import fitting

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

SESSION = 768
DESIGNS = {"1 session": (1, False), "4 sessions": (4, False), "13 sessions": (13, False),
           "4 sessions, swapped": (4, True)}  # fmt: skip
COMPARED = {"1 session": 1, "4 sessions": 4}
MODELS = ("dra", "equal", "frequency", "stakes")
RANGES = {"cost_weight": (0.03, 0.5), "learning_rate_sigma": (0.01, 0.5), "sigma_init": (1.0, 8.0)}
OPPOSITE = {"often, high": "rarely, low", "rarely, low": "often, high",
            "often, low": "rarely, high", "rarely, high": "often, low"}  # fmt: skip


def offers(sessions, swapped, rng):
    """Offers of so many sessions; where swapped, each second one exchanges the machines' roles."""
    table = fitting.slot_machines(sessions * SESSION, rng=rng)
    second = np.arange(len(table)) // SESSION % 2 == 1
    if swapped:
        table["machine"] = table.machine.where(~second, table.machine.map(OPPOSITE))
    return table


def truth(model, rng):
    """Parameters of a person, drawn evenly on a logarithmic scale."""
    ranges = RANGES if model == "dra" else {"sigma": (1.0, 8.0)}
    return {k: float(np.exp(rng.uniform(*np.log(v)))) for k, v in ranges.items()}


def recovered(design, seed):
    """True values, estimates and interval ends of one person, by parameter."""
    rng = np.random.default_rng(seed)
    true = truth("dra", rng)
    people = fitting.simulate("dra", true, offers(*design, rng), rng=rng)
    table = fitting.fit("dra", people, rng=rng, progress=False).table
    rows = table[["estimate", "low", "high"]].to_numpy()
    return {k: [true[k], *map(float, row)] for k, row in zip(true, rows, strict=True)}


def judged(model, sessions, seed):
    """AIC and BIC of all models for one person."""
    rng = np.random.default_rng(seed)
    people = fitting.simulate(model, truth(model, rng), offers(sessions, False, rng), rng=rng)
    found = fitting.compare(MODELS, people, rng=rng, progress=False)
    return {"aic": found.aic.tolist(), "bic": found.bic.tolist()}


def study(n, seed):
    """Fit ``n`` people for each design, and half as many for each model and length."""
    data = {"recovery": {}, "models": {}}
    for i, (name, design) in enumerate(DESIGNS.items()):
        rows = [recovered(design, [seed, i, k]) for k in tqdm(range(n), desc=name)]
        data["recovery"][name] = rows
    for i, (name, sessions) in enumerate(COMPARED.items()):
        data["models"][name] = {
            model: [judged(model, sessions, [seed, 9, i, j, k]) for k in range(n // 2)]
            for j, model in enumerate(tqdm(MODELS, desc=name))
        }
    return data


if __name__ == "__main__":
    store(__file__, study, n=60, seed=7100)
