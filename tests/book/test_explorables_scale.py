"""Rewards of another size: the model against dra, and the figure by keyboard."""

from itertools import product

import numpy as np
import pytest
import without_panel
from explorables_play import says, set_slider, shown

import dra
from dra import exact, policy

NAMES = ("beta", "base", "price", "visits")


@pytest.fixture
def root(page):
    return page.locator('[data-explorable="scale"]')


def expected(size, often, scaled):
    """Sigma, chance and nats of the best allocation, as dra finds it, and its objective.

    A choice with probability ``often``, else one in which nothing is at stake.
    """
    by = {name: size if name in scaled else 1.0 for name in NAMES}
    beta, base = 10.0 / by["beta"], 5.0 * by["base"]
    price = 0.08 * by["price"] * (often if "visits" in scaled else 1.0)
    ends = np.zeros((3, 2, 3))
    ends[:, :, 2] = 1.0
    rewards, start = [[size, 0], [0, 0], [0, 0]], [often, 1 - often, 0]
    task = dra.tasks.tabular(ends, rewards, terminal=[2], start=start)
    starts = [base * x for x in (0.02, 0.08, 0.3, 0.98)] + [0.3 * min(size, base)]
    best = exact.optimal_allocation(
        task, beta=beta, gamma=1.0, cost_weight=price, sigma_base=base, starts=starts,
        sigma_bounds=(1e-4 * base, base),
    )  # fmt: skip
    sigma = best.memory.sigma[0]
    right = policy.choice_probabilities([size, 0.0], sigma, beta)[0]
    return sigma.mean(), right, dra.costs.kl.value(sigma, base).sum(), best.objective


def found(page, size, often, scaled):
    follows = {name: True for name in scaled}
    script = """([size, often, follows]) => {
        const at = Scale.parameters(size, often, follows);
        const { sigma, right, nats } = Scale.best(at);
        return [sigma, right, nats, often * size * right - at.price * nats];
    }"""
    return page.evaluate(script, [size, often, follows])


PLACES = [
    (0.1, 1.0, ()), (0.1, 1.0, ("beta", "base", "price")), (0.1, 1.0, ("base", "price")),
    (0.3, 1.0, ("base", "price")), (1.0, 1.0, ()), (10.0, 1.0, ()), (100.0, 0.2, ("base",)),
    (1.0, 0.125, ()), (1.0, 0.125, ("visits",)), (3.0, 0.025, ("beta", "base", "price", "visits")),
]  # fmt: skip


@pytest.mark.parametrize("place", PLACES)
def test_the_best_is_that_of_dra(formula_page, place):
    theirs, ours = expected(*place), found(formula_page, *place)
    assert np.allclose(ours[1:], theirs[1:], rtol=2e-4, atol=1e-5)
    assert ours[0] == pytest.approx(theirs[0], rel=5e-3)
    changed = found(formula_page, 1.01 * place[0], *place[1:])
    assert not np.allclose(changed[3], theirs[3], rtol=1e-3)  # one per cent is noticed


def test_what_is_scaled_makes_its_curve_level(formula_page):
    """All three: the same at every size. Visits too: the same for every number of contexts."""
    first = found(formula_page, 1.0, 1.0, ())[1:3]
    for size, often in product((0.01, 0.4, 100.0), (1.0, 0.025)):
        again = found(formula_page, size, often, NAMES)[1:3]
        assert np.allclose(again, first, rtol=1e-4)
    assert not np.allclose(found(formula_page, 0.4, 1.0, NAMES[:2])[1:3], first, rtol=1e-4)


TEXT = {
    (): "50.6", ("beta",): "50.6", ("price",): "50.6", ("base",): "55.5", ("beta", "base"): "55.7",
    ("beta", "price"): "50.6", ("base", "price"): "56.8", ("beta", "base", "price"): "94.7",
}  # fmt: skip


def test_the_chapter_says_so(formula_page):
    """Its per cent of right choices at a size of 0.1, of 100, and with eight contexts."""
    for scaled, per_cent in TEXT.items():
        assert f"{100 * found(formula_page, 0.1, 1.0, scaled)[1]:.1f}" == per_cent
    _, right, nats, _ = found(formula_page, 100.0, 1.0, ())
    assert right > 1 - 1e-12 and nats < 1e-6
    assert f"{100 * found(formula_page, 1.0, 1 / 8, ())[1]:.1f}" == "55.7"


def check(root, name):
    box = root.get_by_role("checkbox", name=name)
    box.focus()
    box.press("Space")
    assert box.is_checked()


def test_by_keyboard(root, page):
    assert root.get_by_role("status").inner_text().startswith("Nothing is scaled. At size 0.1 ")
    pictures = root.get_by_role("img")
    before = [picture.get_attribute("aria-label") for picture in pictures.all()]
    for name in ("β / size", "σbase × size", "λ × size"):
        check(root, name)
    says(root, "Scaled: β / size, σ base × size, λ × size. At size 0.1 the right option")
    says(root, "is chosen in 94.7 %, with 3.97 nats.")
    assert len({*before, *(picture.get_attribute("aria-label") for picture in pictures.all())}) == 4
    set_slider(root, "contexts", "End")
    check(root, "λ / contexts")
    says(root, "At size 0.1 and 40 contexts the right option is chosen in 94.7 %")
    assert shown(root) == {
        "β": 100.0, "σbase": 0.5, "λ": 0.0002, "best σ": 0.0417, "chooses right": 0.947,
        "nats kept": 3.97,
    }  # fmt: skip


def test_the_extremes(root):
    for keys in product(["Home", "End"], repeat=2):
        for label, key in zip(("size of the rewards", "contexts"), keys, strict=True):
            set_slider(root, label, key)
        drawn = root.locator("path").evaluate_all("all => all.map(e => e.getAttribute('d'))")
        assert "NaN" not in "".join(drawn) and len(drawn) > 10
        assert 0.5 <= shown(root)["chooses right"] <= 1.0


def test_a_notebook_says_the_same(formula_page, capsys):
    exec(without_panel.CELLS["scale"], {})
    printed = capsys.readouterr().out
    for scaled in ((), ("beta", "base", "price")):
        _, right, nats, _ = found(formula_page, 0.1, 1.0, scaled)
        assert f"chooses right {right:.3f}, nats kept {nats:.2f}\n" in printed
