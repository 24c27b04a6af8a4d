"""The measurements of ``make bench``: they run, the stored ones have their form, and are fair."""

import json

import bench
import numpy as np
import pytest
from benches import by_hand, rivals, timing

import dra

STORED = json.loads(bench.PATH.read_text(encoding="utf-8"))
MAYBE = ("fitting", "rlberry")  # measured where it is there


def names(value):
    """The names in nested results, without the numbers."""
    return {k: names(v) for k, v in value.items()} if isinstance(value, dict) else None


@pytest.mark.parametrize("name", [n for n in bench.measurements() if "first_trials" not in n])
def test_a_small_measurement_has_the_form_of_the_stored_one(name):
    found = bench.measure([name], turns=1, scale=0.002)["data"]
    stored = STORED["data"]
    if name in ("states", "peak_memory", "workers", "each_task", *MAYBE):  # as many as there are
        found, stored = ({k: None for k in x} for x in (found, stored))
    assert names(found[name]) == names(stored[name])
    assert list(bench.lines(found[name]))


def test_what_is_stored_says_how_it_was_made():
    assert list(STORED) == ["command", "scale", "machine", "versions", "data"]
    assert STORED["command"] == "make performance"
    assert list(STORED["machine"]) == list(timing.machine())
    assert list(STORED["versions"]) == list(timing.versions())
    assert list(STORED["data"]) == list(bench.measurements())


@pytest.mark.parametrize("moves", [3, 4])
def test_the_plan_by_hand_makes_the_same_memory_to_the_bit(moves):
    q, sigma = by_hand.trained(moves, 60, rng=4)
    runs = [dra.train(dra.tasks.huys(moves), 60, rng=rng, progress=False) for rng in (4, 5)]
    assert np.array_equal(runs[0].memory.q, q) and np.array_equal(runs[0].memory.sigma, sigma)
    assert not np.array_equal(runs[1].memory.sigma, sigma)


def test_the_numpy_loop_does_the_same_with_the_same_random_numbers():
    task = dra.tasks.gridworld(3, 4, start=(2, 0), goal=(0, 3), walls=[(1, 1)])

    def theirs(price):
        agents = [rivals.Agent(task, k, 3.0).train(20, n=2, price=price) for k in range(5)]
        return [agent.sigma for agent in agents]

    ours = [
        dra.train(task, 20, rng=k, sigma_init=3.0, n_trajectories=2, progress=False).memory.sigma
        for k in range(5)
    ]
    assert np.allclose(theirs(0.1), ours, rtol=1e-9)
    assert not np.allclose(theirs(0.2), ours, rtol=1e-2)
