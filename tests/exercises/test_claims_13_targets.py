"""Numbers in the targets and solutions of chapter 13, computed anew."""

import claims
import numpy as np
import pytest
from scipy.stats import sem

import dra
from dra import exact
from dra_exercises.chapter_13 import solutions


def test_the_scale_of_cents():
    base, *others = solutions.in_cents(200)
    middle, *same = solutions.by_the_table(20)
    assert np.allclose(others, same) and abs(base - middle) <= 0.25 * middle
    assert "from 60 to 100" in claims.target("13.1") and middle == (60 + 100) / 2


def test_the_longest_of_a_million():
    t = round(solutions.lengths()[1])
    assert f"about {t}" in claims.target("13.2") and abs(1e6 * 0.9**t - 1) < 0.05
    median, mean = solutions.longest()
    assert int(median) == 134 and round(mean) == 137
    rng = np.random.default_rng(5)
    drawn = np.array([rng.geometric(0.1, 1_000_000).max() for _ in range(30)])
    # n = 30, 6 standard errors: false alarm 2e-6
    assert abs(drawn.mean() - mean) < 6 * sem(drawn)


def test_the_target_of_optimism():
    pytest.importorskip("gymnasium")
    lake = dra.tasks.from_gymnasium("FrozenLake-v1", step_limit=1000)

    def objective_of(run):
        p = vars(run.parameters)
        given = {"beta": p["beta"], "gamma": 1.0, "cost_weight": p["cost_weight"]}
        return {"F": exact.objective(lake, run.memory, **given)}

    small = {**dra.presets.for_scale(0.1), "sigma_init": 0.02, "record_every": 2999}
    table = dra.sweep(
        lake, {f"q_init {q}": {"q_init": q} for q in (0.0, 0.4, 0.8)}, seeds=8,
        trials=3000, rng=[0, 17], measure=objective_of, n_jobs=1,
        progress=False, evaluation_episodes=1, **small,
    )  # fmt: skip
    last = table.groupby(["condition", "seed"], sort=False).F.last().unstack().to_numpy()
    stated = claims.target("13.5")
    means, errors = last.mean(axis=1), sem(last, axis=1)
    assert "{:.2f}, {:.2f} and {:.2f}".format(*means) in stated
    assert "{:.2f}, {:.2f} and {:.3f}".format(*errors) in stated
    assert np.all(last[0] < last[1:].min(axis=0)) and np.any(last[1] > last[2])
