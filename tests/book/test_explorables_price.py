"""One memory at a price: the model against scipy and the chapter, the figure by keyboard."""

import numpy as np
import pytest
from explorables_play import says, set_slider, shown
from scipy.optimize import brentq, minimize_scalar
from scipy.stats import norm

from dra import costs

GAPS, BASES = np.arange(1, 51) / 10, np.arange(2, 21) / 2  # of the sliders
CUSP = np.sqrt(3) - np.sqrt(2)


@pytest.fixture
def root(page):
    return page.locator('[data-explorable="price"]')


def objective(sigma, gap, price, base):
    return gap * norm.cdf(gap / sigma) - price * costs.kl.value(sigma, base)


def best(gap, price, base):
    """The best sigma and its F: the best of a fine grid, refined between its neighbours."""
    grid = np.geomspace(gap / 40, base, 3000)
    i = np.clip(np.argmax(objective(grid, gap, price, base)), 1, grid.size - 2)
    ends = np.log(grid[[i - 1, i + 1]])
    options = {"bounds": ends, "method": "bounded", "options": {"xatol": 1e-10}}
    found = minimize_scalar(lambda x: -objective(np.exp(x), gap, price, base), **options)
    return np.exp(found.x), -found.fun


def threshold(gap, base):
    """The price at which the best sigma crosses the geometric middle of its two values."""
    k = gap / base
    middle = base * k / np.sqrt(np.sqrt(3) * k)  # u^2 = sqrt(3) k lies between the two folds
    return brentq(lambda price: best(gap, price, base)[0] - middle, 0.05 * gap, 0.3 * gap)


def ask(page, expression, argument):
    return page.evaluate(f"(x) => {expression}", argument)


def test_the_best_sigma_is_the_best(page):
    """Over the whole range of the sliders; sigma where it is not a tie, F everywhere."""
    rng = np.random.default_rng(1)
    gap, base = rng.choice(GAPS, 200), rng.choice(BASES, 200)
    price = np.exp(rng.uniform(np.log(0.005), np.log(2), 200))
    places = np.transpose([gap, price, base])
    script = "x.map(([gap, price, base]) => Price.best({ gap, price, base }))"
    found = ask(page, script, places.tolist())
    expected = np.array([best(*place) for place in places])
    assert np.allclose([f["value"] for f in found], expected[:, 1], rtol=0, atol=1e-7)
    assert np.allclose([f["sigma"] for f in found], expected[:, 0], rtol=1e-3)
    dearer = [best(g, 1.01 * p, b)[1] for g, p, b in places]
    assert np.abs(dearer - expected[:, 1]).max() > 1e-3  # one per cent is noticed


def test_stationary_places_are_level(page):
    rng = np.random.default_rng(2)
    for gap, base in zip(rng.choice(GAPS[:15], 20), rng.choice(BASES[8:], 20), strict=True):
        price = gap * rng.uniform(0.05, 0.3)
        at = {"gap": gap, "price": price, "base": base}
        found = ask(page, "Price.stationary(x)", at)
        assert len(found) in (1, 3)
        assert [f["top"] for f in found] == [True, False, True][: len(found)]
        for f in found:
            h = 1e-5 * f["sigma"]
            sides = [objective(f["sigma"] + d, gap, price, base) for d in (-h, h)]
            assert abs(sides[1] - sides[0]) / (2e-5) < 1e-6  # per unit of ln sigma


def test_thresholds_of_all_sliders(page):
    pairs = [(gap, base) for gap in GAPS for base in BASES]
    found = ask(page, "x.map(([gap, base]) => Price.leap(gap, base))", pairs)
    for (gap, base), leap in zip(pairs, found, strict=True):
        assert (leap is None) == (gap / base >= CUSP)
    rng = np.random.default_rng(3)
    leaping = [(*pair, leap) for pair, leap in zip(pairs, found, strict=True) if leap]
    for i in rng.choice(len(leaping), 25, replace=False):
        gap, base, leap = leaping[i]
        assert leap["price"] == pytest.approx(threshold(gap, base), rel=1e-4)
        sides = [gap / leap["blurred"], gap / leap["sharp"]]
        values = [objective(sigma, gap, leap["price"], base) for sigma in sides]
        assert sides[0] > sides[1] and abs(values[0] - values[1]) < 1e-9


def settings(root):
    """What the sliders say: gap, price, base."""
    price = float(root.get_by_label("price of a nat").get_attribute("aria-valuetext"))
    gap, base = (float(root.get_by_label(x).input_value()) for x in ("gap", "free memory"))
    return gap, price, base


def expected_numbers(gap, price, base):
    sigma, value = best(gap, price, base)
    numbers = {
        "best σ": sigma, "nats held": costs.kl.value(sigma, base),
        "chooses right": norm.cdf(gap / sigma), "F there": value,
    }  # fmt: skip
    return numbers | ({"jumps at λ": threshold(gap, base)} if gap / base < CUSP else {})


def wrong_numbers(root):
    expected, found = expected_numbers(*settings(root)), shown(root)
    assert set(expected) == set(found)
    return [name for name in found if abs(found[name] - expected[name]) > 0.0011]


def test_the_first_picture_is_that_of_the_chapter(root):
    assert settings(root)[::2] == (0.5, 5.0)
    assert wrong_numbers(root) == []
    assert shown(root)["jumps at λ"] == pytest.approx(0.0885, abs=1e-4)


def test_by_keyboard(root):
    """Past the threshold the memory is dropped; no threshold is shown where there is none."""
    pictures = root.get_by_role("img")
    before = [picture.get_attribute("aria-label") for picture in pictures.all()]
    for _ in range(4):
        set_slider(root, "price of a nat", "ArrowRight")
    assert wrong_numbers(root) == [] and shown(root)["best σ"] > 4
    says(root, "all but dropped; the threshold is at λ = 0.0885")
    after = [picture.get_attribute("aria-label") for picture in pictures.all()]
    assert all(a != b for a, b in zip(after, before, strict=True))
    for _ in range(12):
        set_slider(root, "gap", "ArrowRight")
    assert wrong_numbers(root) == []
    says(root, "No jump at this gap")


@pytest.mark.parametrize("gap", ["Home", "End"])
@pytest.mark.parametrize("base", ["Home", "End"])
@pytest.mark.parametrize("price", ["Home", "End"])
def test_the_extremes(root, gap, base, price):
    set_slider(root, "gap", gap)
    set_slider(root, "free memory", base)
    set_slider(root, "price of a nat", price)
    assert wrong_numbers(root) == []
    assert root.locator(".place.best").count() == 2
