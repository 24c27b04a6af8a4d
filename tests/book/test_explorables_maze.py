"""The living maze, played with by mouse and by keyboard."""

import re

import numpy as np
import pytest
from explorables_play import says, set_slider, shown
from explorables_replay import as_layout
from site_inspector import open_page

import dra


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
    paper = root.get_by_role("button", name="Maze of the paper")
    paper.click()
    paper.click()
    says(root, "Nothing has changed")
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
    changed = {"cost_weight": weight, "sigma_base": base}
    assert shown_price(root) == price(1.0, **changed)
    for start, sigma in (("poor", 10.0), ("rich", 2.0)):
        root.get_by_label(start).check()
        assert shown_price(root) == price(sigma, **changed)
        assert weight * shown(root)["memory"] == pytest.approx(shown_price(root), abs=0.1)


def shown_price(root):
    names = root.locator("dt").all_inner_texts()
    return float(root.locator("dd").nth(names.index("price λ × nats")).inner_text())


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
    other = page.locator('[data-explorable="memories"]')
    for part in (other, root.locator(".cells")) * 2:  # out of view and back
        part.scroll_into_view_if_needed()
    page.wait_for_function(
        "() => Number(document.querySelector('[data-explorable=maze] dd').textContent) > 600"
    )
    root.get_by_role("button", name="Pause").press("Enter")
    says(root, "Paused")
    page.mouse.move(0, 0)  # else what it points at is read
    said = root.get_by_role("gridcell").nth(18).get_attribute("aria-label")
    assert said == root.locator(".here").inner_text() and "not known" not in said
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


def text_of(root, state):
    return root.get_by_role("gridcell").nth(state).get_attribute("aria-label")


def test_pointing_at_a_cell_reads_it(page):
    root = maze(page)
    layout, here = drawn(root), root.locator(".here")
    start = here.inner_text()
    for state in (22, 16, 19):  # the second is a wall
        root.get_by_role("gridcell").nth(state).hover()
        assert here.inner_text() == text_of(root, state)
        four = root.locator(".four").inner_text()
        assert (four == "") == (state == 16)
    assert four == "q̄ ± σ: up 0.0 ± 1.0, down 0.0 ± 1.0, left 0.0 ± 1.0, right 0.0 ± 1.0"
    page.mouse.move(0, 0)
    assert here.inner_text() == start and drawn(root) == layout
    root.get_by_role("gridcell").nth(22).hover()
    root.get_by_role("gridcell").nth(40).focus()
    assert here.inner_text() == text_of(root, 40)


def test_cells_can_be_read_and_not_changed(page):
    root = maze(page)
    root.get_by_label("reads the cell").check()
    layout = drawn(root)
    for state in (40, 8, 16):
        root.get_by_role("gridcell").nth(state).click()
        says(root, text_of(root, state))
    root.get_by_role("gridcell").nth(19).focus()
    for key in ("Enter", " ", "g"):
        page.keyboard.press(key)
        says(root, f"{text_of(root, 19)}. q̄ ± σ: up 0.0 ± 1.0")
    assert drawn(root) == layout
    root.get_by_label("draws or erases a wall").check()
    page.keyboard.press("Shift+Tab")
    root.get_by_role("gridcell").nth(19).press("Enter")
    assert kind(root, 2, 1) == "wall"


@pytest.mark.parametrize("name", ["index", "explorables"])
def test_a_finger_reads_a_cell(browser, address, name):
    options = {"has_touch": True, "reduced_motion": "reduce"}
    with open_page(browser, f"{address}{name}.html", [], **options) as page:
        root = maze(page)
        root.get_by_label("reads the cell").check()
        root.get_by_role("gridcell").nth(40).tap()
        assert kind(root, 4, 4) == ""
        assert root.locator(".here").inner_text() == text_of(root, 40)


def test_what_was_done_does_not_stand_for_ever(page):
    root = maze(page)
    status = root.locator(".status")
    root.get_by_role("button", name="Start again").click()
    page.wait_for_timeout(6000)
    assert status.inner_text() == "Everything is forgotten."  # it is still so
    root.get_by_role("button", name="Run").click()
    root.get_by_role("button", name="Start again").click()
    status.filter(has_text="Everything is forgotten.").wait_for()
    status.filter(has_not_text=re.compile(".")).wait_for(timeout=8000, state="attached")
    assert shown(root)["trial"] > 20
    root.get_by_role("button", name="Pause").click()
