"""As many nats by four rules: the model against dra, and the figure by keyboard."""

from itertools import product

import numpy as np
import pytest
import without_panel
from explorables_play import says, set_slider, table
from scipy.stats import norm

import dra
from dra import baselines, exact

BASE = 5.0
NAMES = ("best", "equal", "frequency", "stakes")


@pytest.fixture
def root(page):
    return page.locator('[data-explorable="rules"]')


def lunch(often, stake):
    """Coffee, at stake 1, in a share of mornings, and holidays in the others."""
    ends = np.zeros((3, 2, 3))
    ends[:, :, 2] = 1.0
    start = [often, 1 - often, 0]
    return dra.tasks.tabular(ends, [[1, 0], [stake, 0], [0, 0]], terminal=[2], start=start)


def expected(often, stake, price):
    """The sigma of coffee and of holidays by rule, as dra finds it, and the row of numbers."""
    task = lunch(often, stake)
    options = {"beta": np.inf, "gamma": 1.0, "cost_weight": price, "sigma_base": BASE}
    best = exact.optimal_allocation(task, **options, starts=[0.2, 0.5, 1.0, 2.0, 4.0, 4.9]).memory
    visits = baselines.memory_visits(task, best, beta=np.inf)[:2]
    stakes = baselines.memory_stakes(task, best, beta=np.inf)[:2]
    two = dra.Memory(best.q[:2], best.sigma[:2], BASE)
    nats = two.cost()
    memories = (
        two, baselines.equal(two, nats), baselines.by_frequency(two, nats, visits),
        baselines.by_stakes(two, nats, stakes),
    )  # fmt: skip
    return {n: numbers(task, two) for n, two in zip(NAMES, memories, strict=True)}


def numbers(task, two):
    sigma = np.vstack([two.sigma, [BASE, BASE]])
    memory = dra.Memory(np.array([[1, 0], [task.reward[1, 0, 0], 0], [0, 0]]), sigma, BASE)
    nats = dra.costs.kl.value(two.sigma, BASE).sum(axis=1)
    right = memory.choice_probabilities(np.inf)[:2, 0]
    free = {"beta": np.inf, "gamma": 1.0, "cost_weight": 0.0}
    return np.array([*nats, *right, exact.objective(task, memory, **free)])


def found(page, often, stake, price):
    """The same rows from the script."""
    script = """([often, stake, price]) => Rules.allocations(
        [{ often, stake: 1 }, { often: 1 - often, stake }], price, 5)"""
    rows = page.evaluate(script, [often, stake, price])
    return {r["name"]: np.array([*r["nats"], *r["right"], r["reward"]]) for r in rows}


PLACES = [
    (0.8, 4, 0.1), (0.8, 4, 0.079), (0.8, 8, 0.079), (0.5, 1, 0.5), (0.95, 8, 0.01),
    (0.5, 3.5, 0.042), (0.65, 2, 0.2),
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_four_allocations(formula_page, place):
    theirs, ours = expected(*place), found(formula_page, *place)
    for name in NAMES:
        assert np.allclose(ours[name], theirs[name], rtol=2e-4, atol=1e-8), name
    dearer = found(formula_page, place[0], place[1], 1.01 * place[2])
    assert not np.allclose(dearer["best"], theirs["best"], rtol=1e-3)  # one per cent is noticed


def test_no_way_of_sharing_earns_more(formula_page):
    """The best of a fine grid of ways, at thirty settings; the rules all cost the same."""
    rng = np.random.default_rng(1)
    x = np.exp(np.linspace(np.log(1e-3), 0, 4000))
    nats = 2 * dra.costs.kl.value(BASE * x, BASE)
    for _ in range(30):
        place = rng.uniform(0.5, 0.95), rng.uniform(1, 8), np.exp(rng.uniform(-4.6, -0.7))
        ours = found(formula_page, *place)
        total = ours["best"][:2].sum()
        assert all(abs(row[:2].sum() - total) < 1e-9 for row in ours.values())
        coffee = np.linspace(0, total, 2000)
        sigma = BASE * np.interp([coffee, total - coffee], nats[::-1], x[::-1])
        gaps = np.array([[1], [place[1]]])
        worth = np.array([[place[0]], [1 - place[0]]]) * gaps * norm.cdf(gaps / np.sqrt(2) / sigma)
        assert abs(worth.sum(axis=0).max() - ours["best"][4]) < 1e-5


def settings(root):
    price = float(root.get_by_label("price of a nat").get_attribute("aria-valuetext"))
    often, stake = (float(root.get_by_label(x).input_value()) for x in ("mornings", "at stake"))
    return often, stake, price


def wrong_numbers(root, page):
    ours = found(page, *settings(root))
    return [n for n, row in table(root).items() if np.abs(np.array(row) - ours[n]).max() > 0.00501]


def test_by_keyboard(root, page):
    """At first stakes is nearly the best; past the leap of coffee frequency is, and stakes last."""
    assert settings(root) == (0.8, 4.0, 0.1) and wrong_numbers(root, page) == []
    pictures = root.get_by_role("img")
    before = [picture.get_attribute("aria-label") for picture in pictures.all()]
    assert root.get_by_role("status").inner_text().count("stakes (0.0003 less reward)") == 1
    for _ in range(5):
        set_slider(root, "price of a nat", "ArrowLeft")
    assert wrong_numbers(root, page) == []
    says(root, "gives coffee 75 % of them. The rule nearest to it is frequency (0.0203 less")
    assert len({*before, *(picture.get_attribute("aria-label") for picture in pictures.all())}) == 4
    set_slider(root, "at stake", "End")
    says(root, "gives coffee 86 % of them")
    assert wrong_numbers(root, page) == []


def test_the_extremes(root, page):
    for keys in product(["Home", "End"], repeat=3):
        for label, key in zip(("mornings", "at stake", "price of a nat"), keys, strict=True):
            set_slider(root, label, key)
        assert wrong_numbers(root, page) == []
        assert root.locator("svg.narrow .place").count() == 8
        drawn = root.locator("path").evaluate_all("all => all.map(e => e.getAttribute('d'))")
        assert "NaN" not in "".join(drawn)


def test_a_notebook_says_the_same(page, root, capsys):
    exec(without_panel.CELLS["rules"], {})
    printed = [line.split() for line in capsys.readouterr().out.splitlines()[1:]]
    for name, *row in printed:
        assert np.allclose(np.array(row, float), table(root)[name], rtol=0, atol=0.0051)
    assert [name for name, *_ in printed] == list(NAMES)
