"""Whole pieces of work: the paper's figures from nothing, and people fitted per minute."""

import time

import numpy as np

import dra
from benches.timing import wall

BUDGETS = range(3, 25, 3)


def changing_maze(scale):
    """Figure 1B: one agent, 10 000 trials, the maze changing at trial 3000, every 100th kept."""
    trials = max(int(10_000 * scale), 10)
    dra.train(
        dra.tasks.gridworld(), trials, rng=0, progress=False, snapshots=range(0, trials, 100),
        changes={3 * trials // 10: dra.tasks.gridworld_changed()}, **dra.presets.GRIDWORLD_CHANGE,
    )  # fmt: skip


def budgets(scale):
    """Figure 1C: three starts, five agents each, 5000 trials."""
    for sigma_init in (1.0, 3.0, 5.0):
        for seed in range(5):
            dra.train(
                dra.tasks.gridworld(), max(int(5000 * scale), 10), rng=seed, progress=False,
                sigma_init=sigma_init,
            )  # fmt: skip


def car(scale):
    """Figure 2: three credits, five agents each, 5000 episodes."""
    for credit in ("return", "q", "advantage"):
        for seed in range(5):
            dra.train(
                dra.tasks.mountain_car(), max(int(5000 * scale), 10), rng=seed, progress=False,
                credit=credit,
            )  # fmt: skip


def planning(scale):
    """Figure 3: flexible and equal precision at eight budgets, exact."""
    task = dra.tasks.huys(3)
    for budget in BUDGETS if scale == 1 else [3]:
        dra.planning.allocate_flexible(task, budget, rng=0, progress=False)
        dra.planning.allocate_equal(task, budget, progress=False)


def huys(scale):
    """The supplement's learning curves: three credits, one agent each, 60 000 trials."""
    for credit in ("return", "q", "advantage"):
        dra.train(
            dra.tasks.huys(3), max(int(60_000 * scale), 10), rng=0, progress=False, credit=credit
        )


FIGURES = {
    "1B, the changing maze": changing_maze,
    "1C, three budgets": budgets,
    "2, mountain car": car,
    "3, planning under time pressure": planning,
    "supplement, learning to plan": huys,
}


def paper_figures(turns, scale):
    """Seconds of one core for each figure of the paper."""
    found = {}
    for name, figure in FIGURES.items():
        begun = time.process_time()
        figure(scale)
        found[name] = time.process_time() - begun
    return found | {"all": sum(found.values())}


def fitting(turns, scale):
    """People of 768 trials that are fitted in a minute, by model; None without ``dra.fitting``."""
    if "fitting" not in dra.__all__:
        return None
    people, found = max(int(8 * scale), 1), {}
    offers = dra.fitting.slot_machines(768, rng=0)
    truths = {
        "dra": {"cost_weight": 0.1, "learning_rate_sigma": 0.2, "sigma_init": 4.0},
        "equal": {"sigma": 3.0},
    }
    for model, truth in truths.items():
        data = [
            dra.fitting.simulate(model, truth, offers, rng=[1, k]).assign(person=k)
            for k in range(people)
        ]
        data = _together(data)
        dra.fitting.fit(model, data[data.person == 0], rng=0, progress=False)  # compiles
        seconds = np.min(
            [
                wall(lambda m=model, d=data: dra.fitting.fit(m, d, rng=0, progress=False))
                for _ in range(min(turns, 2))
            ]
        )
        found[model] = {"people a minute": 60 * people / float(seconds)}
    return found


def _together(tables):
    import pandas as pd

    return pd.concat(tables, ignore_index=True)
