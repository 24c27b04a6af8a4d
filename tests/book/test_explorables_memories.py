"""The two memories, played with by mouse and by keyboard."""

import numpy as np
import pytest
from explorables_play import set_slider, shown

from dra import costs, policy


def memories(page):
    return page.locator('[data-explorable="memories"]')


def expected_numbers(q, sigma, sigma_base, beta):
    first = policy.choice_probabilities(q, sigma, beta)[0]
    price = costs.kl.value(np.array(sigma), sigma_base)
    return {
        "chooses A": first, "chooses B": 1 - first, "d′": policy.dprime(q, sigma),
        "price of A": price[0], "price of B": price[1], "price of both": price.sum(),
    }  # fmt: skip


def settings(root):
    """What the sliders of the two memories say."""
    value = {
        name: float(root.get_by_label(name).input_value())
        for name in ("A: mean", "A: blur", "B: mean", "B: blur", "base memory")
    }
    spoken = root.get_by_label("inverse temperature").get_attribute("aria-valuetext")
    beta = np.inf if spoken.startswith("∞") else float(spoken)
    q, sigma = [value["A: mean"], value["B: mean"]], [value["A: blur"], value["B: blur"]]
    return q, sigma, value["base memory"], beta


def wrong_numbers(root):
    expected, found = expected_numbers(*settings(root)), shown(root)
    assert set(expected) == set(found)
    return [name for name in found if abs(found[name] - expected[name]) > 0.00051]


def test_memories_by_keyboard(page):
    root = memories(page)
    curve = root.locator(".curve.a").get_attribute("d")
    assert wrong_numbers(root) == []
    assert set_slider(root, "A: mean", "ArrowRight") == 2.1
    assert root.locator(".curve.a").get_attribute("d") != curve
    page.wait_for_function(
        "() => /A is chosen/.test(document.querySelector('[role=status]').textContent)"
    )
    spoken = root.get_by_role("status").inner_text()
    assert f"probability {shown(root)['chooses A']:.3f}" in spoken
    assert "2.1" in root.get_by_role("img").get_attribute("aria-label")


@pytest.mark.parametrize("extreme", ["Home", "End"])
@pytest.mark.parametrize("beta", ["Home", "End"])
def test_memories_show_the_right_numbers_at_the_extremes(page, extreme, beta):
    root = memories(page)
    for label in ("A: mean", "A: blur", "base memory"):
        set_slider(root, label, extreme)
    set_slider(root, "inverse temperature", beta)
    assert wrong_numbers(root) == []
    before = shown(root)
    set_slider(root, "B: blur", "PageUp")
    set_slider(root, "B: mean", "PageUp")
    assert shown(root) != before
    assert wrong_numbers(root) == []


@pytest.mark.parametrize(
    ("handle", "label"), [(".mean.b", "B: mean"), (".handle.a:not(.mean)", "A: blur")]
)
def test_memories_by_mouse(page, handle, label):
    root = memories(page)
    before = root.get_by_label(label).input_value()
    circle = root.locator(handle)
    circle.scroll_into_view_if_needed()
    box = circle.bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 30, y + 3, steps=3)
    page.mouse.up()
    width = root.locator("svg.plot").bounding_box()["width"]
    moved = float(root.get_by_label(label).input_value()) - float(before)
    assert moved == pytest.approx(30 * 24 / width, abs=0.11)
    assert wrong_numbers(root) == []
