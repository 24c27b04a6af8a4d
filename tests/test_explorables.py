"""The explorables in a real browser: the same numbers as ``dra``, by mouse and by keyboard."""

import re
import shutil

import numpy as np
import pytest
from explorables_replay import PARAMETERS, as_layout, differences, recorded, replayed
from scipy.special import ndtr
from scipy.stats import kstest, norm
from site_inspector import ROOT, TOO_WIDE, launch, open_page, serve

import dra
from dra import costs, policy, presets

RAW_HTML = re.compile(r"```\{raw\} html\n(.*?)```", re.DOTALL)
FRAME = (
    '<!DOCTYPE html><html lang="en"><head><title>x</title><link rel="icon" href="data:,"></head>'
)


def imported(page, expression, argument=None):
    """The value of an expression in the names of dra.js and ``x``, the argument."""
    script = f"async (x) => {{ const dra = await import('/_static/dra.js'); return {expression}; }}"
    return page.evaluate(script, argument)


@pytest.fixture(scope="module")
def browser():
    with launch() as chromium:
        yield chromium


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    """The scripts, and the parts of the pages that call them, as the book has them."""
    site = tmp_path_factory.mktemp("site")
    shutil.copytree(ROOT / "book" / "_explorables", site / "_static")
    (site / "book").mkdir()
    for name in ("index", "explorables"):
        parts = RAW_HTML.findall((ROOT / "book" / f"{name}.md").read_text(encoding="utf-8"))
        assert parts, f"{name}.md has no explorable"
        page = f"{FRAME}<body><article>{''.join(parts)}</article></body></html>"
        (site / "book" / f"{name}.html").write_text(page, encoding="utf-8")
    with serve(site) as base:
        yield f"{base}book/"


@pytest.fixture
def page(browser, address):
    """The page of the explorables at the width of a phone; nothing may go wrong on it."""
    problems = []
    with open_page(browser, f"{address}explorables.html", problems) as opened:
        pause = opened.get_by_role("button", name="Pause")
        pause.click()
        opened.get_by_role("button", name="Start again").click()
        yield opened
    assert problems == []


@pytest.fixture(scope="module")
def model_page(browser, address):
    """A page on which nothing moves, to run dra.js in."""
    with browser.new_context(reduced_motion="reduce") as context:
        opened = context.new_page()
        opened.goto(f"{address}index.html")
        yield opened


# The model ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def small():
    task = dra.tasks.gridworld(3, 4, start=(0, 0), goal=(0, 3), walls=[(0, 2)])
    stages = [(task, 250)]
    return stages, *recorded(stages, seed=1)


def test_same_stream_same_run_in_a_small_maze(model_page, small):
    stages, python, rng = small
    assert len(python["actions"]) > 10_000 and len(set(python["actions"])) == 4
    assert differences(python, replayed(model_page, stages, rng)) == []


def test_same_stream_same_run_in_the_maze_of_the_paper_and_its_change(model_page):
    stages = [(dra.tasks.gridworld(), 20), (dra.tasks.gridworld_changed(), 15)]
    python, rng = recorded(stages, seed=2)
    assert differences(python, replayed(model_page, stages, rng)) == []


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("cost_weight", 0.100001),
        ("gamma", 0.900001),
        ("learning_rate_q", 0.200001),
        ("learning_rate_sigma", 0.100001),
        ("sigma_base", 5.00001),
        ("beta", 10.00001),
        ("n_trajectories", 9),
        ("sigma_bounds", [0.01, 1.1]),
    ],
)
def test_a_wrong_parameter_is_noticed(model_page, small, name, wrong):
    stages, python, rng = small
    assert differences(python, replayed(model_page, stages, rng, **{name: wrong}))


def test_parameters_and_maze_are_those_of_the_paper(model_page):
    preset = imported(model_page, "dra.PRESET")
    ours = {**presets.GRIDWORLD_CHANGE, "sigma_bounds": list(PARAMETERS["sigma_bounds"])}
    assert preset == {name: ours[name] for name in preset}
    script = imported(
        model_page, "({ ...dra.paper_layout(), walls: [...dra.paper_layout().walls] })"
    )
    assert {**script, "walls": sorted(script["walls"])} == as_layout(dra.tasks.gridworld().layout)


def test_choice_entropy(model_page):
    rng = np.random.default_rng(3)
    sigma = np.exp(rng.uniform(np.log(0.01), np.log(100), (300, 4)))
    q = rng.normal(0, 5, sigma.shape)
    expected = policy.choice_entropy(q, sigma, base=4)
    memory = {"q": q.ravel().tolist(), "sigma": sigma.ravel().tolist()}
    script = """Array.from({ length: 300 }, (_, row) => dra.choice_entropy(
        { q: Float64Array.from(x.q), sigma: Float64Array.from(x.sigma) }, row))"""
    found = np.array(imported(model_page, script, memory))
    assert np.abs(found - expected).max() < 1e-7
    assert np.abs(found - policy.choice_entropy(q, 1.001 * sigma, base=4)).max() > 1e-5


@pytest.mark.parametrize("beta", [0.1, 1.0, 10.0, 50.0, np.inf])
def test_choice_between_two(model_page, beta):
    rng = np.random.default_rng(4)
    sigma = np.exp(rng.uniform(np.log(0.2), np.log(10), (100, 2)))
    q = rng.uniform(-8, 8, sigma.shape)
    pairs = {"pairs": np.stack([q, sigma], axis=1).tolist(), "beta": min(beta, 1e300)}
    script = "x.pairs.map((p) => dra.choose_first(...p, x.beta < 1e300 ? x.beta : Infinity))"
    found = np.array(imported(model_page, script, pairs))
    assert np.abs(found - policy.choice_probabilities(q, sigma, beta)[:, 0]).max() < 1e-9
    assert np.abs(found - policy.choice_probabilities(q, 1.001 * sigma, beta)[:, 0]).max() > 1e-7


def test_normal_distribution_function(model_page):
    z = np.linspace(-39, 39, 2001)
    found = np.array(imported(model_page, "x.map(dra.normal_cdf)", z.tolist()))
    assert np.abs(found - ndtr(z)).max() < 1e-14
    assert np.allclose(found[z < -1], ndtr(z[z < -1]), rtol=1e-8, atol=1e-300)


@pytest.mark.parametrize(
    ("name", "law", "wrong"), [("standardNormal", norm.cdf, 1.1), ("random", None, 0.95)]
)
def test_random_stream(model_page, name, law, wrong):
    """50 000 draws; Kolmogorov-Smirnov and lag-1 correlation, false alarm below 1e-6 each."""
    script = f"((s) => Array.from({{ length: 50000 }}, () => s.{name}()))(dra.seeded_stream(7))"
    draws = np.array(imported(model_page, script))
    law = law or (lambda u: np.clip(u, 0, 1))
    centred = draws - draws.mean()
    lagged = centred[1:] @ centred[:-1] / (centred @ centred) * np.sqrt(draws.size)
    assert kstest(draws, law).pvalue > 1e-6 and abs(lagged) < 5
    assert kstest(wrong * draws, law).pvalue < 1e-6


# Two memories -------------------------------------------------------------------------------------


def memories(page):
    return page.locator('[data-explorable="memories"]')


def set_slider(root, label, key):
    slider = root.get_by_label(label)
    slider.focus()
    slider.press(key)
    return float(slider.input_value())


def shown(root):
    """The numbers of an explorable as the reader sees them."""
    texts = dict(zip(*(root.locator(tag).all_inner_texts() for tag in ("dt", "dd")), strict=True))
    return {name: float(text.replace("−", "-").split()[0]) for name, text in texts.items()}


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


# The living maze ----------------------------------------------------------------------------------


def maze(page):
    return page.locator('[data-explorable="maze"]')


def kind(root, row, column):
    cell = root.get_by_role("row").nth(row).get_by_role("gridcell").nth(column)
    return cell.get_attribute("data-kind")


def drawn(root):
    """The layout that the cells show."""
    kinds = [cell.get_attribute("data-kind") for cell in root.get_by_role("gridcell").all()]
    walls = [state for state, kind in enumerate(kinds) if kind == "wall"]
    cells = {"start": kinds.index("start"), "goal": kinds.index("goal")}
    return {"rows": 6, "columns": 9, "walls": walls, **cells}


def says(root, text):
    root.get_by_role("status").filter(has_text=text).wait_for()


def test_maze_by_keyboard(page):
    root = maze(page)
    start = root.get_by_label("row 2, column 0, start: choice entropy 1.00")
    start.focus()
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.ariaLabel").startswith("row 2, column 1: ")
    page.keyboard.press("Enter")
    assert kind(root, 2, 1) == "wall"
    says(root, "Wall drawn")
    page.keyboard.press("Enter")
    assert kind(root, 2, 1) == ""
    says(root, "Wall erased")
    for key in ("ArrowDown", "End", "ArrowLeft", "g"):
        page.keyboard.press(key)
    assert kind(root, 3, 7) == "goal" and kind(root, 0, 8) == ""
    page.keyboard.press("ArrowUp")
    page.keyboard.press("g")  # a wall
    says(root, "cannot be in a wall")
    assert kind(root, 3, 7) == "goal"


def test_maze_refuses_to_wall_the_goal_in(page):
    root = maze(page)
    root.get_by_role("gridcell").nth(17).click()
    says(root, "could not be reached")
    assert drawn(root) == as_layout(dra.tasks.gridworld().layout)
    for state, text in ((18, "start must stay free"), (8, "goal must stay free")):
        root.get_by_role("gridcell").nth(state).click()
        says(root, text)
    assert drawn(root) == as_layout(dra.tasks.gridworld().layout)


def test_maze_by_mouse(page):
    root = maze(page)
    cell = root.get_by_role("gridcell").nth(40)
    cell.click()
    assert kind(root, 4, 4) == "wall"
    cell.click()
    assert kind(root, 4, 4) == ""
    root.get_by_label("moves the goal").check()
    cell.click()
    assert kind(root, 4, 4) == "goal"
    root.get_by_role("button", name="Maze of the paper").click()
    assert drawn(root) == as_layout(dra.tasks.gridworld().layout)


def test_change_of_figure_1b(page):
    root = maze(page)
    root.get_by_role("button", name="Change the maze").click()
    assert drawn(root) == as_layout(dra.tasks.gridworld_changed().layout)
    root.get_by_role("button", name="Change it back").click()
    assert drawn(root) == as_layout(dra.tasks.gridworld().layout)


def test_prices_and_parameters(page):
    root, task = maze(page), dra.tasks.gridworld()

    def price(sigma, **changes):
        p = {"sigma_base": 5.0, "cost_weight": 0.1, **changes}
        cost = dra.Memory.initial(task, sigma=sigma, sigma_base=p["sigma_base"]).cost()
        return pytest.approx(p["cost_weight"] * cost, abs=0.051)

    assert shown_price(root) == price(1.0)
    root.get_by_label("poor").check()
    assert shown_price(root) == price(5.0)
    root.get_by_label("rich").check()
    weight = set_slider(root, "price of a nat", "PageUp")
    base = set_slider(root, "base memory", "End")
    assert weight > 0.1 and base == 10
    assert shown_price(root) == price(1.0, cost_weight=weight, sigma_base=base)


def shown_price(root):
    names = root.locator("dt").all_inner_texts()
    return float(root.locator("dd").nth(names.index("price")).inner_text())


def test_one_trial_run_and_pause(page):
    root = maze(page)
    trials = root.locator("dd").first
    assert trials.inner_text() == "0"
    root.get_by_role("button", name="One trial").press("Enter")
    assert trials.inner_text() == "1"
    says(root, "Trial 1: reward")
    walk = root.locator(".walk").get_attribute("points").split()
    assert walk[0] == "0.5,2.5" and walk[-1] == "8.5,0.5"
    cells = np.array([point.split(",") for point in walk], float)
    steps = np.abs(np.diff(cells, axis=0)).sum(axis=1)
    assert set(steps.tolist()) <= {0.0, 1.0}
    set_slider(root, "speed", "End")
    root.get_by_role("button", name="Run").press("Enter")
    says(root, "Running")
    for part in (memories(page), root.locator(".cells")) * 2:  # out of view and back
        part.scroll_into_view_if_needed()
    page.wait_for_function(
        "() => Number(document.querySelector('[data-explorable=maze] dd').textContent) > 600"
    )
    root.get_by_role("button", name="Pause").press("Enter")
    says(root, "Paused")
    assert -30 < shown(root)["reward"] < 0
    assert root.locator("path.reward").get_attribute("d").count("L") > 90
    neighbour = root.get_by_role("gridcell").nth(17)
    neighbour.focus()
    assert re.search(r"entropy 0\.[0-2]\d, best action up", neighbour.get_attribute("aria-label"))


def test_views(page):
    root = maze(page)
    set_slider(root, "speed", "End")
    for _ in range(3):
        root.get_by_role("button", name="One trial").click()
    pictures = set()
    for view, text in (("choice entropy", "certain"), ("precision", "blurred"), ("value", "goal")):
        root.get_by_label(view, exact=True).check()
        assert text in root.locator(".legend").inner_text()
        cells = root.get_by_role("gridcell").all()
        pictures.add(tuple(cell.evaluate("e => e.style.background") for cell in cells))
        assert view in cells[0].get_attribute("aria-label")
    assert len(pictures) == 3
    assert root.locator(".arrow").first.inner_text() in "↑↓←→"
    root.get_by_label("numbers").check()
    assert re.fullmatch(r"−?\d+\.\d", root.locator(".arrow").first.inner_text())


@pytest.mark.parametrize("name", ["index", "explorables"])
@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_runs_at_once_unless_less_motion_is_asked_for(browser, address, name, motion):
    with browser.new_context(reduced_motion=motion) as context:
        page = context.new_page()
        page.goto(f"{address}{name}.html")
        root = maze(page)
        root.scroll_into_view_if_needed()
        if motion == "no-preference":
            page.wait_for_function(
                "() => Number(document.querySelector('[data-explorable=maze] dd').textContent) > 2"
            )
        else:
            page.wait_for_timeout(500)
            assert root.locator("dd").first.inner_text() == "0"
            root.get_by_role("button", name="One trial").click()
            assert root.locator("dd").first.inner_text() == "1"


@pytest.mark.parametrize("name", ["index", "explorables"])
def test_fits_a_phone(browser, address, name):
    problems = []
    with open_page(browser, f"{address}{name}.html", problems) as page:
        assert page.evaluate(TOO_WIDE) == []
    assert problems == []


def test_scripts_are_short_and_need_nothing_else():
    scripts = list((ROOT / "book" / "_explorables").iterdir())
    assert {path.suffix for path in scripts} == {".js", ".css"}
    for path in scripts:
        text = path.read_text(encoding="utf-8")
        assert len(text.splitlines()) < 400
        assert set(re.findall(r'from "([^"]*)"', text)) <= {f"./{p.name}" for p in scripts}
