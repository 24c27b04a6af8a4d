"""The explorables under a finger: handles move as far as with a mouse, and the page stays."""

import pytest
from fingers import centre, drag, scrolled, touch
from site_inspector import open_page

FINGER = {"has_touch": True, "is_mobile": True, "reduced_motion": "reduce"}
HANDLES = {"A: mean": ".mean.a", "A: blur": ".handle.a:not(.mean)", "B: mean": ".mean.b"}
SMALLEST = 24  # pixels, of what a finger has to hit (WCAG 2.2)


@pytest.fixture
def phone(browser, address):
    problems = []
    with open_page(browser, f"{address}explorables.html", problems, **FINGER) as page:
        yield page
    assert problems == []


def explorable(page, name):
    root = page.locator(f'[data-explorable="{name}"]')
    root.evaluate("e => e.scrollIntoView({block: 'start'})")
    page.evaluate("() => window.scrollBy(0, -150)")
    return root


def value(root, label):
    return float(root.get_by_label(label).input_value())


def moved(page, label, by, move):
    """How far a drag of a handle moves its value, and how far the page."""
    root = explorable(page, "memories")
    before, was = value(root, label), scrolled(page)
    move(page, centre(root.locator(HANDLES[label])), by)
    return value(root, label) - before, scrolled(page) - was


@pytest.mark.parametrize("label", HANDLES)
@pytest.mark.parametrize("by", [(40, 0), (30, 30), (-20, -60)])
def test_a_finger_moves_a_handle_as_far_as_a_mouse(phone, label, by):
    far, scroll = moved(phone, label, by, touch)
    assert scroll == 0
    phone.reload()
    assert (far, 0) == pytest.approx(moved(phone, label, by, drag), abs=0.101)
    assert abs(far) > 0.5


def test_elsewhere_a_finger_scrolls(phone):
    root = explorable(phone, "memories")
    before, was = root.inner_text(), scrolled(phone)
    box = root.locator(".plot").bounding_box()
    touch(phone, (box["x"] + 15, box["y"] + 30), (0, -60))
    assert scrolled(phone) > was + 20
    assert root.inner_text() == before


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_handles_are_large_enough_for_a_finger(phone, width):
    phone.set_viewport_size({"width": width, "height": 844})
    root = explorable(phone, "memories")
    for place in HANDLES.values():
        box = root.locator(place).bounding_box()
        assert min(box["width"], box["height"]) >= SMALLEST


@pytest.mark.parametrize("off", [(20, 0), (-14, -14), (0, 20)])
def test_a_near_miss_holds_the_handle(phone, off):
    root = explorable(phone, "memories")
    x, y = centre(root.locator(".handle.a:not(.mean)"))
    before = value(root, "A: blur")
    touch(phone, (x + off[0], y + off[1]), (30, 0))
    unit = 24 / root.locator(".plot").bounding_box()["width"]
    assert value(root, "A: blur") - before == pytest.approx(30 * unit, abs=0.101)


@pytest.mark.parametrize("taps", [0, 1, 2])
@pytest.mark.parametrize("move", [touch, drag])
def test_a_tap_brings_up_a_covered_handle(phone, move, taps):
    root = explorable(phone, "memories")
    for _ in range(30):
        root.get_by_label("B: mean").press("ArrowRight")
    means = [value(root, f"{name}: mean") for name in "AB"]
    assert means[0] == means[1]
    root = explorable(phone, "memories")
    spot = centre(root.locator(".mean.a"))
    for _ in range(taps):
        move(phone, spot, (0, 0))
    move(phone, spot, (40, 0))
    follows = [value(root, f"{name}: mean") > mean for name, mean in zip("AB", means, strict=True)]
    assert follows == [taps == 1, taps != 1]  # B lies above at first


def chosen(root):
    return int(value(root, "price of a nat"))


def test_the_curve_of_the_frontier(phone):
    root = explorable(phone, "frontier")
    root.locator(".frontier-curve").evaluate("e => e.scrollIntoView({block: 'center'})")
    was, first = scrolled(phone), chosen(root)
    touch(phone, centre(root.locator(".now")), (-60, 60))  # along the curve, which is steep
    after = chosen(root)
    assert after > first + 5 and scrolled(phone) == was
    box = root.locator(".frontier-curve").bounding_box()
    corner = box["x"] + 0.9 * box["width"], box["y"] + 0.7 * box["height"]
    touch(phone, corner, (0, -60))
    assert chosen(root) == after and scrolled(phone) > was + 20
    box = root.locator(".frontier-curve").bounding_box()
    touch(phone, (box["x"] + 0.9 * box["width"], box["y"] + 0.13 * box["height"]))  # a tap
    assert chosen(root) < 3
