"""Every public function gives the same under any NumPy state, and what it gives can be sent."""

import copy
import pickle

import numpy as np
import pytest
from legal_calls import CALLS, same
from legal_values import HUYS, MAZE, agent, memory_of, plan, rng, trained

import dra
from dra import _start, exact, gradient, planning, policy

WILD = dra.Memory.initial(
    MAZE, q=np.linspace(-9e3, 9e3, 12).reshape(3, 4), sigma=1e-2, sigma_base=5
)
FINE = {"beta": 1e5, "gamma": 0.9}
EDGES = {
    "softmax": lambda: policy.softmax([0.0, 1e308, -1e308], 1e-300),
    "choice": lambda: policy.choice_probabilities([[0.0, 1e3], [0.0, 1e-3]], [[0.0, 1.0]] * 2, 1e9),
    "derivatives": lambda: policy.choice_probability_derivatives([0.0, 40.0], [1e-3, 1.0], np.inf),
    "dprime": lambda: policy.dprime([0.0, 1e308], [1e-300, 1e-300]),
    "score": lambda: gradient.score([1.0, -1.0], 0, [0.0, 1e3], [1.0, 1e-9], 1e9),
    "returns": lambda: dra.returns(MAZE, WILD, beta=1e5, episodes=3, rng=0),
    "rollout": lambda: dra.rollout(MAZE, WILD, beta=1e5, rng=0),
    "estimate": lambda: gradient.estimate(MAZE, WILD, beta=1e5, rng=0),
    "objective": lambda: exact.objective(MAZE, WILD, **FINE, cost_weight=0.1),
    "objective_gradient": lambda: exact.objective_gradient(MAZE, WILD, **FINE, cost_weight=0.1),
    "expected_gradient": lambda: exact.expected_gradient(MAZE, WILD, **FINE),
    "train": lambda: dra.train(MAZE, 3, rng=0, beta=1e5, q_init=WILD.q, progress=False),
    "uncompiled": lambda: dra.train(MAZE, 3, rng=0, beta=1e5, q_init=WILD.q, compiled=False),
    "costs": lambda: [f([1e-300, 1e300], 1.0) for c in dra.costs.BUILT_IN.values()
                      for f in (c.value, c.grad)],
    "plan_reward": lambda: planning.plan_reward(HUYS, memory_of(HUYS, q=1e200, sigma=1e-200), 2),
    "plan_gradient": lambda: planning.plan_reward_gradient(HUYS, memory_of(HUYS, sigma=1e-200), 2),
    "flexible": lambda: planning.allocate_flexible(HUYS, 2, starts=2),
    "equal": lambda: planning.allocate_equal(HUYS, 2),
}  # fmt: skip
"""Calls with numbers at the edge of floating point, where NumPy has something to say."""


def called(name, folder, state):
    """Return what a legal call returns while NumPy is in a state."""
    folder.mkdir()
    function, given = CALLS[name](folder)
    with np.errstate(all=state):
        result = function(**given)
    return result


@pytest.mark.parametrize("name", CALLS)
def test_a_result_does_not_depend_on_numpys_error_state(name, tmp_path):
    plain, *others = (called(name, tmp_path / s, s) for s in ("warn", "raise", "ignore"))
    assert all(same(plain, other) for other in others)


@pytest.mark.parametrize("name", EDGES)
def test_at_the_edge_of_numbers_neither(name):
    results = []
    for state in ("ignore", "raise"):
        with np.errstate(all=state):
            results.append(EDGES[name]())
    assert same(*results)


@pytest.mark.parametrize("name", CALLS)
def test_a_result_can_be_copied_and_sent(name, tmp_path):
    result = called(name, tmp_path / "here", "warn")
    for again in (copy.copy(result), copy.deepcopy(result), pickle.loads(pickle.dumps(result))):
        assert same(again, result)


@pytest.mark.parametrize(
    "make",
    [
        lambda: dra.Interrupted(trained()), trained, lambda: memory_of(MAZE),
        lambda: dra.train(MAZE, 2, rng=0, progress=False).parameters,
        lambda: dra.tasks.gridworld(slip=0.1), dra.tasks.mountain_car, dra.tasks.huys,
        lambda: dra.costs.weighted("entropy", [1.0, 2.0, 3.0, 4.0]),
        lambda: dra.credits.named("advantage"), lambda: dra.presets.for_scale(2.0), rng,
    ],
)  # fmt: skip
def test_what_comes_along_can_be_too(make):
    thing = make()
    for again in (copy.copy(thing), copy.deepcopy(thing), pickle.loads(pickle.dumps(thing))):
        assert same(again, thing)


def test_copies_are_of_their_own_and_go_on_alike():
    run = trained()
    again = copy.deepcopy(run)
    assert not np.shares_memory(again.memory.q, run.memory.q)
    for r in (run, again):
        dra.resume(r, trials=6, progress=False)
    assert same(run, again)


def test_differences_are_seen():
    a, b = trained(), trained()
    assert same(a, b)
    b.memory.sigma[0, 0] += 1e-15
    assert not same(a, b)
    b = trained()
    b.rng.random()
    assert not same(a, b)
    assert not same(agent()["memory"], plan()["memory"])
    assert not same(0.0, np.float64(0.0)) and same(np.nan, float("nan"))


def test_a_copied_stream_draws_and_spawns_the_same():
    stream = np.random.default_rng(5)
    stream.random(3)
    stream.spawn(2)
    one, other = _start.same_stream(stream), _start.same_stream(stream)
    assert one.spawn(1)[0].random() == other.spawn(1)[0].random() == stream.spawn(1)[0].random()
    assert one.random() == stream.random()
    legacy = np.random.Generator(np.random.MT19937(3))
    assert _start.same_stream(legacy).random() == legacy.random()
