"""The numbers that the quizzes and targets of chapters 7 to 9 state, computed anew or looked up."""

import json
import math
from pathlib import Path

import nbformat
import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

import dra
from dra_exercises import source
from dra_exercises.chapter_07 import solutions as rich
from dra_exercises.chapter_09.solutions import expected_reward, tidy_search

BOOK = Path(__file__).resolve().parents[2] / "book"
NAMES = {7: "07-start-rich", 8: "08-mountain-car", 9: "09-planning"}
HUYS = dra.tasks.huys(3)
TO, R, ROOTS = HUYS.next_state[:, :, 0], HUYS.reward[:, :, 0], HUYS.start_state


def stored(name):
    return json.loads((BOOK / "_data" / name).read_text(encoding="utf-8"))["data"]


def sold(start, end, tau=1250, base=5.0):
    """Trials of an idle memory from one sigma to another."""
    return tau * math.log((1 - start**2 / base**2) / (1 - end**2 / base**2))


def lead_of_one_run():
    """(how often one agent of R beats one of Q, the same with the deviation of one agent)."""
    kinds = stored("hundred_cars.json")["kinds"]
    (q, sq), (r, sr) = (kinds[kind]["bar of the script"] for kind in "QR")
    return norm.cdf((r - q) / math.hypot(sq, sr)), norm.cdf((r - q) / sr)


def mean_square(beta, delta=20.0, sigma=100.0):
    """Mean squared score of one memory of two with the same sigma."""

    def integrand(x):
        pi = 1 / (1 + math.exp(-beta * x))
        of_zeta = (x - delta) ** 2 / (4 * sigma**2) + 1 / 2
        return beta**2 * pi * (1 - pi) * of_zeta * norm.pdf(x, delta, math.sqrt(2) * sigma)

    return sum(quad(integrand, *sorted((0, end / beta)))[0] for end in (-30, 30))


def rewards(root, paths):
    """What a tidy search finds from a root, for each preference of it and of both states after."""
    nodes, table = [root, *TO[root]], np.zeros((2, 2, 2))
    for x in np.ndindex(2, 2, 2):
        looks = np.tile(R.argmax(axis=1), (4, 1))
        looks[:, nodes] = x
        table[x] = tidy_search(TO, R, looks, root, 3, paths)
    return table


def missed(paths):
    """How often the best path is missed: roots right with 0.8, the next states with 0.6."""
    q, shares = dra.planning.optimal_values(HUYS), []
    for root in ROOTS:
        nodes = [root, *TO[root]]
        left = np.where(q[nodes].argmax(axis=1) == 0, [0.8, 0.6, 0.6], [0.2, 0.4, 0.4])
        worse = rewards(root, paths) < rewards(root, 8).max()
        shares.append(expected_reward(worse.astype(float), left))
    assert np.ptp(shares) < 1e-12  # alike at every start
    return np.mean(shares)


def change_by_forgetting():
    found = stored("no_precision.json")["forgetting"]["2500"]
    return found["price"][0] - found["loss"][0]


def variance_with(c):
    """Variance of credit A + c over that of A, at trial 500 of the first agent of chapter 8."""
    task, preset = dra.tasks.mountain_car(), dra.presets.MOUNTAIN_CAR
    run = dra.train(
        task, 501, rng=[0, 2, 0], credit="advantage", snapshots=(500,), record_every=501,
        evaluation_episodes=1, progress=False,
    )  # fmt: skip
    early, total = run.snapshots[500], []
    for shift in (0.0, c):
        q = early.q - early.q.mean(axis=1, keepdims=True) + shift
        memory, rng = dra.Memory(q, early.sigma, early.sigma_base), np.random.default_rng(5)
        options = {"beta": preset["beta"][500], "n_trajectories": 1, "credit": "q", "rng": rng}
        sample = [dra.gradient.estimate(task, memory, **options) for _ in range(1000)]
        total.append(np.var(sample, axis=0, ddof=1).sum())
    return total[1] / total[0]


COMPUTED = {
    7: {
        "sell-clock": lambda: [
            sold(0.05, 1) - sold(0.5, 1),
            sold(0.05, 1),
            1250 * math.log(0.99 / 0.9),
        ],
    },
    8: {
        "one-run": lambda: [100 * share for share in lead_of_one_run()],
        "add-constant": lambda: [variance_with(-60)],
        "forget-now": lambda: [change_by_forgetting()],
    },
    9: {
        "loud-score": lambda: [mean_square(40) / mean_square(10)],
        "miss": lambda: [missed(5), missed(3), missed(1)],
    },
}


def fields(chapter):
    """The fields with a value of each question that has fields."""
    found = (question for question in source.read(chapter).quiz if question.fields)
    return {each.name: each.fields[:-1] for each in found}


@pytest.mark.parametrize("chapter", COMPUTED)
def test_numbers_of_fields(chapter):
    """The right number first, then those wrong ones that stand for a computation gone wrong."""
    stated = fields(chapter)
    assert stated.keys() == COMPUTED[chapter].keys()
    for name, compute in COMPUTED[chapter].items():
        for field, value in zip(stated[name], compute(), strict=False):
            assert abs(field.value - value) < field.tolerance, (name, field.value, value)


def test_claims_of_chapter_7():
    start = {s: 21.6 * dra.costs.kl.value(s, 5.0) for s in (2.0, 3.0, 4.0)}
    assert [round(float(x), 1) for x in start.values()] == [10.7, 4.1, 0.9]
    assert round(sold(0.5, 1), 1) == 38.5
    buying = rich.clocks()[1]
    assert round(rich.clocks(gap=2.4)[1] / buying, 9) == 1 / 4
    assert round(rich.clocks(start=2.5)[1] / buying, 9) == 1 / 8
    assert rich.clocks(price=0.05)[1] == buying


def test_claims_of_chapter_8():
    # signal 2.1, noise of Q 97, of A 2.3 with ten trajectories: what forty make of the kicks
    falls = [math.hypot(2.1, noise / 2) / math.hypot(2.1, noise) for noise in (97, 2.3)]
    assert round(falls[0], 2) == 0.5 and 0.72 < falls[1] < 0.79
    assert np.allclose([variance_with(c) for c in (-30, 30)], 900, rtol=0.05)


def test_claims_of_chapter_9():
    turned = {
        paths: np.mean([np.abs(np.diff(rewards(r, paths), axis=i)).mean() for r in ROOTS
                        for i in (1, 2)]) for paths in (3, 5, 7)
    }  # fmt: skip
    assert (turned[3], round(turned[5], 1), turned[7]) == (0, 14.2, 0)
    for price in (0.1, 1.0):
        flexible = dra.planning.allocate_flexible(HUYS, 21, cost_weight=price, rng=0, starts=4)
        equal = dra.planning.allocate_equal(HUYS, 21, cost_weight=price)
        assert abs(flexible.objective - equal.objective) < 1e-9
        assert float(flexible.memory.cost()) < 1e-6


def printed(chapter):
    """What the stored chapter prints, with one blank for many."""
    cells = nbformat.read(BOOK / f"{NAMES[chapter]}.ipynb", as_version=4).cells
    outputs = (o for cell in cells if cell.cell_type == "code" for o in cell.outputs)
    return " ".join(" ".join(o.text for o in outputs if "text" in o).split())


QUOTED = {
    7: (
        "sigma_0 = 1: 244 thousand moves",
        "sigma_0 = 5: 972 thousand moves",
        "a trial up to 400 has 583,",
        "a trial up to 400 has 1229, from there 328",
        "reward -42 at first, -81 at trial 100",
        "gap given 2.5, left after 100 trials 0.6",
        "means none start 1: 402,",
        "means poor start 1: 204,",
        "means rich start 1: 305,",
        "held as they are -11.5 held at the truth -15.5",
        "critical gap 1.17, barrier at sigma = 2.9",
    ),
    8: (
        "mean return without learning: -200.0 (sd 0.0)",
        "R: mean return, first thousand trials: -199.99",
        "bar of the script Q -206.1, 10.3 R -208.5, 10.9",
        "c = -30: variance 9e+02 times",
        "-30: -191.7 ± 1.7 (n = 30) 31%",
        "+30: -194.5 ± 1.3 (n = 30) 32%",
        "a hundred at c = 0: -167.3",
    ),
    9: (
        "scored draws: 31.3 ± 0.5 scored choices: 45.5 ± 0.0",
        "largest slope 0.031",
        "1000 1.29 ± 0.20 0.27 ± 0.11 3.8 1.7 -1.02 ± 0.25",
        "10000 0.35 ± 0.03 0.08 ± 0.04 1.2 0.4 -0.26 ± 0.06",
        "last level forgotten: 7.3, 26.6",
        "rule, but fresh recalls; 1, 2, 3 paths: [3.2 1.5 0.6]",
        "N = 5, 1/8 11.78 11.19 4 3 6 0 N = 5, 2/8 6.93 6.89 4 3 0 0",
    ),
}


@pytest.mark.parametrize("chapter", QUOTED)
def test_what_quizzes_quote_is_what_the_chapter_prints(chapter):
    text = printed(chapter)
    assert [line for line in QUOTED[chapter] if line not in text] == []
