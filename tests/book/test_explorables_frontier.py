"""The frontier, played with by mouse and by keyboard, beside its table and ``dra.exact``."""

import copy
import re

import numpy as np
import pytest
from explorables_play import says, shown
from stored_frontier import DATA, TASK, tied

import dra
from dra import costs, exact

POINTS, LAYOUT = DATA["points"], DATA["layout"]
LAST = len(POINTS) - 1
ACTIONS = ("up", "down", "left", "right")

# What the picture shows: memories by their numbers, and the way as cells.
PICTURE = """root => {
    const numbers = (name, key) => [...root.querySelectorAll(`.overlay ${name}`)]
        .flatMap(e => e.dataset[key].split(" ")).map(Number);
    const now = root.querySelector(".now");
    return {
        index: Number(root.querySelector("input").value),
        kept: numbers("path.kept", "memory"),
        gone: numbers("path.cross.dropped", "memories"),
        taken: numbers("path.cross.taken", "memories"),
        way: root.querySelector("path.walk").getAttribute("d"),
        now: [Number(now.getAttribute("cx")), Number(now.getAttribute("cy"))],
        line: root.querySelector(".price-line").getAttribute("d"),
        leaps: root.querySelector(".leap").getAttribute("d"),
        meets: root.querySelector(".meets").getAttribute("d"),
    };
}"""


@pytest.fixture
def root(page):
    return page.locator('[data-explorable="frontier"]')


def press(root, *keys):
    slider = root.get_by_role("slider")
    slider.focus()
    for key in keys:
        slider.press(key)
    return int(slider.input_value())


def nats_of(point):
    return costs.kl.value(np.ravel(point["sigma"]), DATA["sigma_base"])


def kept_in(point):
    """The numbers of the memories that are kept, by the definition of ``dra.exact``."""
    memory = dra.Memory(point["q"], point["sigma"], DATA["sigma_base"])
    return set(np.flatnonzero(exact.Frontier(0, [memory], 0, 0, 0).kept).tolist())


def greedy_way(point):
    q, way = np.array(point["q"]), [LAYOUT["start"]]
    while way[-1] != LAYOUT["goal"]:
        way.append(int(TASK.next_state[way[-1], q[way[-1]].argmax(), 0]))
        assert len(way) < 54
    return way


def expected(point):
    nats, weight = nats_of(point).sum(), point["cost_weight"]
    return {
        "λ": (weight, 1e-9), "memory": (nats, 0.08), "reward": (point["reward"], 0.0051),
        "price λ × nats": (weight * nats, 0.0051 + 0.02 * weight),
        "objective": (point["objective"], 0.0051), "memories kept": (len(kept_in(point)), 0),
    }  # fmt: skip


def wrong(root, points, index, before=None):
    """What the page shows of ``points[index]``, having come from ``before``, that is not so."""
    point, picture, found = points[index], root.evaluate(PICTURE), shown(root)
    right = expected(point)
    assert set(found) == set(right)
    faults = [name for name, (x, near) in right.items() if abs(found[name] - x) > near]
    was = kept_in(point) if before is None else kept_in(points[before])
    sets = {"kept": kept_in(point), "gone": was - kept_in(point), "taken": kept_in(point) - was}
    faults += [name for name in sets if sorted(sets[name]) != sorted(picture[name])]
    cells = np.array(re.findall(r"[\d.]+", picture["way"]), float).reshape(-1, 2) - 0.5
    if (cells @ [1, 9]).tolist() != greedy_way(point):
        faults.append("way")
    return faults + ["index"] * (picture["index"] != index)


@pytest.mark.parametrize("index", [0, 14, 22, LAST])
def test_the_numbers_are_those_of_dra(root, index):
    """Reward and price of the memory, whose means follow its sigma, computed anew."""
    press(root, "Home", *["ArrowRight"] * index)
    memory, weight = tied(POINTS[index]), POINTS[index]["cost_weight"]
    options = {"beta": DATA["beta"], "gamma": DATA["gamma"]}
    found = shown(root)
    objective = exact.objective(TASK, memory, **options, cost_weight=weight)
    assert found["objective"] == pytest.approx(objective, abs=0.006)
    reward = exact.objective(TASK, memory, **options, cost_weight=0.0)
    assert found["reward"] == pytest.approx(reward, abs=0.016)
    assert found["memory"] == pytest.approx(memory.cost(), abs=0.07)
    vaguer = dra.Memory(memory.q, 1.03 * memory.sigma, 5.0)  # twin
    other = exact.objective(TASK, vaguer, **options, cost_weight=weight)
    assert found["objective"] != pytest.approx(other, abs=0.006)


def test_every_price_shows_the_right_numbers_and_memories(root):
    press(root, "Home")
    for index in range(1, LAST + 1):
        assert press(root, "ArrowRight") == index
        assert wrong(root, POINTS, index, index - 1) == []


def test_a_wrong_table_is_noticed(root):
    index = press(root, "Home", *["ArrowRight"] * 16)  # a leap
    assert wrong(root, POINTS, index, index - 1) == []
    gone = kept_in(POINTS[index - 1]) - kept_in(POINTS[index])
    for i, m, sigma, faults in (
        (index, min(kept_in(POINTS[index])), 5.0, {"kept", "gone", "memory", "memories kept"}),
        (index, min(gone), 2.4, {"kept", "gone", "memories kept"}),
        (index - 1, min(gone), 2.6, {"gone"}),
    ):
        points = copy.deepcopy(POINTS)
        points[i]["sigma"][m // 4][m % 4] = sigma
        assert set(wrong(root, points, index, index - 1)) >= faults
    points = copy.deepcopy(POINTS)
    points[index]["q"][LAYOUT["start"]] = [0, 1, 0, 0]
    assert wrong(root, points, index, index - 1) == ["way"]
    assert "index" in wrong(root, POINTS, index + 1, index)
    assert "objective" in wrong(root, POINTS, index + 1, index)


def test_by_keyboard(root):
    paper = press(root)
    assert POINTS[paper]["cost_weight"] == pytest.approx(0.1, rel=1e-9)
    assert wrong(root, POINTS, paper) == []  # nothing has moved yet
    assert press(root, "End") == LAST
    assert wrong(root, POINTS, LAST, paper) == []
    gone = kept_in(POINTS[paper]) - kept_in(POINTS[LAST])
    says(root, f"{len(gone)} dropped: row ")
    assert press(root, "Home") == 0
    assert wrong(root, POINTS, 0, LAST) == []
    says(root, f"{len(kept_in(POINTS[0]) - kept_in(POINTS[LAST]))} taken up: row ")
    assert root.get_by_role("slider").get_attribute("aria-valuetext") == "0.0100"
    assert press(root, "ArrowLeft") == 0 and wrong(root, POINTS, 0, LAST) == []


def test_a_drag_of_the_slider_is_one_move(page, root):
    press(root, "Home")
    slider = root.get_by_role("slider")
    box = slider.bounding_box()
    y = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + 8, y)
    page.mouse.down()
    page.mouse.move(box["x"] + 0.6 * box["width"], y, steps=9)
    page.mouse.up()
    index = press(root)
    assert abs(index / LAST - 0.6) < 0.1
    assert wrong(root, POINTS, index, 0) == []
    press(root, "ArrowRight")
    assert wrong(root, POINTS, index + 1, index) == []


def test_a_click_on_the_curve_and_a_drag_along_it(page, root):
    wanted, spots = [0, 13, 23, LAST], []
    for index in wanted:
        press(root, "Home", *["ArrowRight"] * index)
        spots.append(root.evaluate(PICTURE)["now"])
    curve, before = root.locator(".frontier-curve"), wanted[-1]
    curve.scroll_into_view_if_needed()
    box, width = curve.bounding_box(), float(curve.get_attribute("viewBox").split()[2])
    places = np.array([box["x"], box["y"]]) + np.array(spots) * box["width"] / width
    for index, place in zip(wanted, places, strict=True):
        page.mouse.click(*place)
        assert wrong(root, POINTS, index, before) == []
        before = index
    page.mouse.down()
    for place in places[::-1]:
        page.mouse.move(*place, steps=3)
    page.mouse.up()
    assert wrong(root, POINTS, 0, before) == []
    page.mouse.move(*places[2])
    assert wrong(root, POINTS, 0, before) == []  # let go
    press(root, "ArrowRight")
    assert wrong(root, POINTS, 1, 0) == []  # another move


def test_the_curve_and_the_price_line(root):
    """The scale is linear; the line has slope lambda and meets the axis at the objective."""
    pictures = []
    for index in (0, 10, 20, LAST):
        press(root, "Home", *["ArrowRight"] * index)
        pictures.append((POINTS[index], root.evaluate(PICTURE)))
    values = np.array([[p["nats"], p["reward"]] for p, _ in pictures])
    pixels = np.array([picture["now"] for _, picture in pictures])
    scales = [np.polyfit(pixels[:, k], values[:, k], 1) for k in (0, 1)]
    for k, scale in enumerate(scales):
        assert np.abs(np.polyval(scale, pixels[:, k]) - values[:, k]).max() < 1e-6
    for point, picture in pictures:
        ends = np.array(re.findall(r"-?[\d.]+", picture["line"]), float).reshape(2, 2)
        nats, reward = (np.polyval(scale, ends[:, k]) for k, scale in enumerate(scales))
        slope = (reward[1] - reward[0]) / (nats[1] - nats[0])
        assert slope == pytest.approx(point["cost_weight"], rel=1e-6)
        assert [nats[0], reward[0]] == pytest.approx([0, point["objective"]], abs=1e-6)
        assert picture["meets"].startswith(picture["line"].split("L")[0])


def leaps(points):
    """Between which neighbours a memory becomes sharper by a tenth of a nat as nats get dearer."""
    sharp = [np.where(np.ravel(p["sigma"]) < 5, nats_of(p), 0.0) for p in points]
    return (np.diff(sharp, axis=0) > 0.1).any(axis=1)


def test_leaps_are_dotted(root):
    """At a leap, the allocation of the lower price does not turn into that of the higher one."""
    drawn = root.evaluate(PICTURE)["leaps"]
    assert drawn.count("M") == leaps(POINTS).sum() > 3
    solid = root.locator(".frontier-curve path.reward").get_attribute("d")
    assert solid.count("M") == LAST - leaps(POINTS).sum()
    options = {key: DATA[key] for key in ("beta", "gamma", "gamma_q", "sigma_base")}
    for index in (16, 17):
        weight, start = POINTS[index]["cost_weight"], np.array(POINTS[index - 1]["sigma"])
        found = exact.optimal_allocation(TASK, **options, cost_weight=weight, starts=[start])
        lost = POINTS[index]["objective"] - found.objective
        assert bool(lost > 0.01) == bool(leaps(POINTS)[index - 1]) and lost > -1e-4


def test_what_the_page_says_is_so():
    """The answers to the questions below the figure."""
    kept = [kept_in(point) for point in POINTS]
    way = {4 * state + a for state in greedy_way(POINTS[0])[:-1] for a in range(4)}
    assert all(k == way for k in kept[:16]) and len(way) == 56
    assert [round(POINTS[i]["nats"]) for i in (0, 15)] == [114, 87]
    assert (POINTS[15]["cost_weight"], POINTS[16]["cost_weight"]) == (0.118, 0.139)
    assert len(kept[15] - kept[16]) == 9 and len(kept[16] - kept[15]) == 8
    assert {len(greedy_way(POINTS[i])) - 1 for i in (15, 16)} == {14}
    assert POINTS[15]["nats"] > POINTS[16]["nats"] and POINTS[15]["reward"] > POINTS[16]["reward"]
    cells = np.argsort(nats_of(POINTS[0]).reshape(-1, 4).sum(axis=1))
    assert set(cells[-3:].tolist()) == {18, 27, 36}  # the first three of the way
    last = max(i for i, k in enumerate(kept) if k)
    assert {m // 4 for m in kept[last]} == {33} and LAYOUT["goal"] == 8  # row 3, column 6
    assert kept[LAST] == set() and round(POINTS[LAST]["nats"], 1) == 5.5
    vague = tied({**POINTS[0], "sigma": np.full((54, 4), DATA["sigma_base"])})
    reward = exact.objective(TASK, vague, beta=DATA["beta"], gamma=1.0, cost_weight=0.0)
    assert round(reward) == -109


def described(state, point):
    """A cell in words."""
    words = f"row {state // 9}, column {state % 9}"
    roles = dict.fromkeys(LAYOUT["walls"], "wall")
    roles |= {LAYOUT[role]: role for role in ("start", "goal")}
    words += f", {roles[state]}" if state in roles else ""
    if roles.get(state) in ("goal", "wall"):
        return words
    parts = []
    for m in range(4 * state, 4 * state + 4):
        nats = f"{nats_of(point)[m]:.2f} nats"
        left = f" ({nats})" if nats_of(point)[m] > 0.05 else ""
        parts.append(f"{ACTIONS[m % 4]} " + (nats if m in kept_in(point) else "dropped" + left))
    return f"{words}: {', '.join(parts)}"


def test_cells_are_read_out(page, root):
    point = POINTS[press(root, "Home", *["ArrowRight"] * 22)]
    for state, cell in enumerate(root.get_by_role("gridcell").all()):
        assert cell.get_attribute("aria-label") == described(state, point)
    root.get_by_role("gridcell").nth(LAYOUT["start"]).focus()
    keys = ("ArrowRight", "ArrowDown", "End", "ArrowRight", "ArrowUp", "Home", "ArrowLeft")
    for key, state in zip(keys, (19, 28, 35, 35, 26, 18, 18), strict=True):
        page.keyboard.press(key)
        assert page.evaluate("document.activeElement.ariaLabel") == described(state, point)
        assert root.locator(".here").inner_text() == described(state, point)
    assert root.locator('[role="gridcell"][tabindex="0"]').count() == 1
    root.get_by_role("gridcell").nth(0).click()
    assert root.locator(".here").inner_text() == described(0, point)


def test_the_buttons_go_where_a_memory_goes_or_comes_back(root):
    kept = [kept_in(point) for point in POINTS]
    for key, name, order in (
        ("Home", "Drop the next", range(LAST + 1)),
        ("End", "Bring the last back", range(LAST, -1, -1)),
    ):
        here = press(root, key)
        button = root.get_by_role("button", name=name)
        for index in order:
            less, more = (here, index) if key == "Home" else (index, here)
            if index == here or not kept[less] - kept[more]:
                continue
            button.click()
            assert wrong(root, POINTS, index, here) == []
            here, before = index, here
        assert button.is_disabled()
        button.dispatch_event("click")
        says(root, "At no")
        assert wrong(root, POINTS, here, before) == []
