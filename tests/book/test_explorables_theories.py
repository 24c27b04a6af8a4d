"""Four theories at one price of a nat: the model against dra, and the figure by keyboard."""

from itertools import product

import numpy as np
import pytest
import without_panel
from explorables_play import says, set_slider, table
from scipy.special import entr

import dra
from dra import baselines, exact

BASE = 5.0
NAMES = ("once", "visit", "compression", "entropy")


@pytest.fixture
def root(page):
    return page.locator('[data-explorable="theories"]')


def lights(green, stake):
    """One choice at a light: A earns 1 at a green one, B earns ``stake`` at a red one."""
    ends = np.zeros((3, 2, 3))
    ends[:, :, 2] = 1.0
    start = [green, 1 - green, 0]
    return dra.tasks.tabular(ends, [[1, 0], [0, stake], [0, 0]], terminal=[2], start=start)


def remembered(task, price, cost):
    starts = [0.2, 0.5, 1.0, 2.0, 4.0, 4.9]
    options = {"beta": np.inf, "gamma": 1.0, "sigma_base": BASE, "starts": starts}
    memory = exact.optimal_allocation(task, cost_weight=price, cost=cost, **options).memory
    nats = dra.costs.kl.value(memory.sigma, BASE).sum(axis=1)[:2]
    return memory.choice_probabilities(np.inf)[:2], nats


def expected(green, stake, price):
    """Rows of (green right, red right, own nats) by theory, as dra finds them."""
    task, p = lights(green, stake), np.array([green, 1 - green])
    per_visit = dra.costs.weighted("kl", np.array([[green], [1 - green], [1.0]]))
    once, spent = remembered(task, price, "kl")
    visit, each = remembered(task, price, per_visit)
    Q = np.array([[1.0, 0.0], [0.0, stake]])
    squeezed = baselines.policy_compression(Q, p, beta=1 / price)
    soft = baselines.max_entropy(task, alpha=price, gamma=1.0).choice_probabilities[:2]
    own = spent.sum(), p @ each, squeezed.bits * np.log(2), p @ (np.log(2) - entr(soft).sum(1))
    chances = once, visit, squeezed.choice_probabilities, soft
    return {
        name: np.array([pi[0, 0], pi[1, 1], nats])
        for name, pi, nats in zip(NAMES, chances, own, strict=True)
    }


def found(page, green, stake, price):
    script = "([green, stake, price]) => Theories.agents({ green, stake, price, base: 5 })"
    return {row["name"]: row for row in page.evaluate(script, [green, stake, price])}


PLACES = [
    (0.8, 1.0, 0.1), (0.8, 1.0, 0.02), (0.8, 1.0, 0.63), (0.8, 1.0, 0.79), (0.5, 4.0, 0.01),
    (0.95, 0.5, 3.2), (0.65, 2.5, 0.4),
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_four_theories(formula_page, place):
    theirs, ours = expected(*place), found(formula_page, *place)
    for name in NAMES:
        row = np.array([*ours[name]["right"], ours[name]["own"]])
        assert np.allclose(row, theirs[name], rtol=2e-4, atol=2e-5), name


def test_information_and_reward(formula_page):
    """By their definitions; what compression pays for is the information, and no other has less."""
    for place in PLACES:
        p = np.array([place[0], 1 - place[0]])
        for row in found(formula_page, *place).values():
            a, b = row["right"]
            pi = np.array([[a, 1 - a], [1 - b, b]])
            information = p @ (entr(p @ pi).sum() - entr(pi).sum(axis=1))
            assert row["information"] == pytest.approx(information, abs=1e-12)
            assert row["reward"] == pytest.approx(p @ [a, place[1] * b], abs=1e-12)
            assert row["own"] > information - 1e-9 or row["name"] in ("once", "visit")


def settings(root):
    price = float(root.get_by_label("price of a nat").get_attribute("aria-valuetext"))
    others = (root.get_by_role("slider", name=name) for name in ("light is green", "at red"))
    return *(float(slider.input_value()) for slider in others), price


def wrong_numbers(root, page):
    ours = found(page, *settings(root)).values()
    rows = [[*row["right"], row["reward"], row["own"], row["information"]] for row in ours]
    return np.abs(np.array([*table(root).values()]) - rows).max() > 0.00051


def test_by_keyboard(root, page):
    """What the chapter says of the dear and the cheap end of the price."""
    assert settings(root) == (0.8, 1.0, 0.1) and not wrong_numbers(root, page)
    before = [picture.get_attribute("aria-label") for picture in root.get_by_role("img").all()]
    for _ in range(14):
        set_slider(root, "price of a nat", "ArrowLeft")
    says(root, "At a price of 0.02 green and red are right: DRA, paid once, in 99.3 and 56.9 %;")
    says(root, "DRA, paid per visit, in 99.5 and 99.5 %")
    for _ in range(32):
        set_slider(root, "price of a nat", "ArrowRight")
    says(root, "At a price of 0.79 green and red are right: DRA, paid once, in 55.7 and 55.6 %;")
    says(root, "policy compression in 100.0 and 0.0 %; maximum entropy in 78.0 and 78.0 %.")
    assert not wrong_numbers(root, page)
    assert [table(root)[name][2] for name in ("compression", "max. entropy")] == [0.8, 0.78]
    after = [picture.get_attribute("aria-label") for picture in root.get_by_role("img").all()]
    assert len({*before, *after}) == 4


def test_without_a_difference_in_frequency_nothing_differs_between_the_lights(formula_page):
    """The control of the chapter: half and half."""
    dear, cheap = (found(formula_page, 0.5, 1.0, price) for price in (0.79, 0.02))
    assert all(np.ptp(row["right"]) < 1e-12 for row in [*dear.values(), *cheap.values()])
    assert f"{100 * dear['compression']['right'][1]:.0f}" == "78"
    assert f"{100 * cheap['once']['right'][1]:.1f}" == "98.6"


def test_the_extremes(root, page):
    for keys in product(["Home", "End"], repeat=3):
        for label, key in zip(("light is green", "at red", "price of a nat"), keys, strict=True):
            set_slider(root, label, key)
        assert not wrong_numbers(root, page)
        drawn = root.locator("path").evaluate_all("all => all.map(e => e.getAttribute('d'))")
        assert "NaN" not in "".join(drawn) and len(drawn) > 16


def test_a_notebook_says_the_same(formula_page, capsys):
    exec(without_panel.CELLS["theories"], {})
    printed = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    for row, ours in zip(printed, found(formula_page, 0.8, 1.0, 0.1).values(), strict=True):
        said = np.array(row[-3:], float)
        assert np.allclose(said, [*ours["right"], ours["own"]], rtol=0, atol=6e-4)
