"""The stored frontier of the maze, which a figure of the book shows, against ``dra.exact``."""

import numpy as np
import precompute_frontier as tool
import pytest
from explorables_replay import as_layout
from stored_frontier import DATA, TASK, TEXT, parsed, tied

import dra
from dra import exact

RESOLVED = (0.139, 2.68)  # prices at which the optimum is sought again


def disagreements(point):
    """The names of the stored numbers of one price that its sigma does not have."""
    memory, options = tied(point), {"beta": DATA["beta"], "gamma": DATA["gamma"]}
    reward = exact.objective(TASK, memory, **options, cost_weight=0.0)
    nats = memory.cost()
    objective = reward - point["cost_weight"] * nats
    # sigma is rounded to 5e-4 of itself, which moves a nat of each memory by as much
    true = {"reward": (reward, 0.01), "nats": (nats, 0.02), "objective": (objective, 1e-4)}
    wrong = {name for name, (x, near) in true.items() if abs(point[name] - x) > near}
    return wrong | ({"q"} if np.abs(memory.q - point["q"]).max() > 0.01 else set())


def test_the_file_is_small_and_complete():
    assert len(TEXT) < 300_000
    assert DATA["layout"] == as_layout(TASK.layout) == tool.layout_of(TASK)
    weights = DATA["cost_weights"]
    assert weights == tool.WEIGHTS == [point["cost_weight"] for point in DATA["points"]]
    assert weights == sorted(set(weights)) and 0.1 in weights and 30 <= len(weights) <= 40
    preset = dra.presets.GRIDWORLD
    assert (DATA["beta"], DATA["sigma_base"]) == (preset["beta"], preset["sigma_base"])
    assert (DATA["gamma"], DATA["gamma_q"]) == (preset["gamma"], preset["gamma_q"])
    assert {np.shape(point[name]) for point in DATA["points"] for name in ("q", "sigma")} == {
        TASK.memory_shape
    }


@pytest.mark.parametrize("point", DATA["points"], ids=lambda point: str(point["cost_weight"]))
def test_the_numbers_belong_to_the_memory(point):
    assert disagreements(point) == set()


def test_wrong_numbers_are_noticed():
    point = DATA["points"][14]
    assert "objective" in disagreements({**point, "cost_weight": 1.001 * point["cost_weight"]})
    assert disagreements({**point, "reward": point["reward"] + 0.02}) == {"reward"}
    sigma = np.array(point["sigma"])
    sigma[np.unravel_index(sigma.argmin(), sigma.shape)] *= 1.02
    assert "nats" in disagreements({**point, "sigma": sigma})
    q = np.array(point["q"])
    q[DATA["layout"]["start"], 0] += 0.02
    assert disagreements({**point, "q": q}) == {"q"}


def worse(points):
    """The prices at which the memory stored for another price is better."""
    weights = np.array([point["cost_weight"] for point in points])
    reward, nats = (np.array([point[name] for point in points]) for name in ("reward", "nats"))
    others = reward[None, :] - weights[:, None] * nats[None, :]
    objective = np.array([point["objective"] for point in points])
    return weights[others.max(axis=1) > objective + 1e-4].tolist()


def test_no_memory_is_better_at_another_price():
    assert worse(DATA["points"]) == []
    points = list(DATA["points"])
    points[20] = {**points[20], **{k: points[23][k] for k in ("reward", "nats")}}
    points[20]["objective"] = points[20]["reward"] - points[20]["cost_weight"] * points[20]["nats"]
    assert worse(points) == [points[20]["cost_weight"]]


@pytest.mark.parametrize("weight", RESOLVED)
def test_a_new_search_finds_nothing_better(weight):
    (point,) = [point for point in DATA["points"] if point["cost_weight"] == weight]
    options = {"beta": DATA["beta"], "gamma": DATA["gamma"], "cost_weight": weight}
    starts = [np.array(point["sigma"]), 1.0]
    found = exact.optimal_allocation(
        TASK, **options, sigma_base=DATA["sigma_base"], gamma_q=DATA["gamma_q"], starts=starts
    )
    assert found.objective == pytest.approx(point["objective"], abs=1e-4)
    vague = tied({**point, "sigma": np.full(TASK.memory_shape, 2.0)})
    assert found.objective > exact.objective(TASK, vague, **options) + 1  # twin: not the best


def test_the_tool_writes_the_same_form_every_time():
    found = exact.Frontier(
        np.array(tool.WEIGHTS),
        tuple(dra.Memory(p["q"], p["sigma"], DATA["sigma_base"]) for p in DATA["points"]),
        *(np.array([p[name] for p in DATA["points"]]) for name in ("reward", "nats")),
        np.zeros(len(tool.WEIGHTS)),
    )
    again = parsed(tool.script(TASK, found))
    for point, stored in zip(again["points"], DATA["points"], strict=True):
        assert point.pop("objective") == pytest.approx(stored["objective"], abs=1e-4)
        assert point == {k: v for k, v in stored.items() if k != "objective"}
    assert tool.rounded([[1.23456, 5.0], [-0.0001, 99999.0]], ".3g") == [
        [1.23, 5],
        [-0.0001, 100000],
    ]
