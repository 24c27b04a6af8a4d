"""The model of the explorables: the same numbers as ``dra``."""

import numpy as np
import pytest
from explorables_replay import PARAMETERS, as_layout, differences, recorded, replayed
from scipy.special import ndtr
from scipy.stats import kstest, norm

import dra
from dra import policy, presets


def evaluated(page, expression, argument=None):
    """The value of an expression of dra.js, with ``x`` for the argument."""
    return page.evaluate(f"(x) => {expression}", argument)


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
        ("gamma_q", 0.900001),
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
    preset = evaluated(model_page, "Dra.PRESET")
    ours = {**presets.GRIDWORLD_CHANGE, "sigma_bounds": list(PARAMETERS["sigma_bounds"])}
    assert preset == {name: ours[name] for name in preset}
    script = evaluated(
        model_page, "({ ...Dra.paper_layout(), walls: [...Dra.paper_layout().walls] })"
    )
    assert {**script, "walls": sorted(script["walls"])} == as_layout(dra.tasks.gridworld().layout)


def test_choice_entropy(model_page):
    rng = np.random.default_rng(3)
    sigma = np.exp(rng.uniform(np.log(0.01), np.log(100), (300, 4)))
    q = rng.normal(0, 5, sigma.shape)
    expected = policy.choice_entropy(q, sigma, base=4)
    memory = {"q": q.ravel().tolist(), "sigma": sigma.ravel().tolist()}
    script = """Array.from({ length: 300 }, (_, row) => Exact.choice_entropy(
        { q: Float64Array.from(x.q), sigma: Float64Array.from(x.sigma) }, row))"""
    found = np.array(evaluated(model_page, script, memory))
    assert np.abs(found - expected).max() < 1e-7
    assert np.abs(found - policy.choice_entropy(q, 1.001 * sigma, base=4)).max() > 1e-5


@pytest.mark.parametrize("beta", [0.1, 1.0, 10.0, 50.0, np.inf])
def test_choice_between_two(model_page, beta):
    rng = np.random.default_rng(4)
    sigma = np.exp(rng.uniform(np.log(0.2), np.log(10), (100, 2)))
    q = rng.uniform(-8, 8, sigma.shape)
    pairs = {"pairs": np.stack([q, sigma], axis=1).tolist(), "beta": min(beta, 1e300)}
    script = "x.pairs.map((p) => Exact.choose_first(...p, x.beta < 1e300 ? x.beta : Infinity))"
    found = np.array(evaluated(model_page, script, pairs))
    assert np.abs(found - policy.choice_probabilities(q, sigma, beta)[:, 0]).max() < 1e-9
    assert np.abs(found - policy.choice_probabilities(q, 1.001 * sigma, beta)[:, 0]).max() > 1e-7


def test_normal_distribution_function(model_page):
    z = np.linspace(-39, 39, 2001)
    found = np.array(evaluated(model_page, "x.map(Exact.normal_cdf)", z.tolist()))
    assert np.abs(found - ndtr(z)).max() < 1e-14
    assert np.allclose(found[z < -1], ndtr(z[z < -1]), rtol=1e-8, atol=1e-300)


@pytest.mark.parametrize(
    ("name", "law", "wrong"), [("standardNormal", norm.cdf, 1.1), ("random", None, 0.95)]
)
def test_random_stream(model_page, name, law, wrong):
    """50 000 draws; Kolmogorov-Smirnov and lag-1 correlation, false alarm below 1e-6 each."""
    script = f"((s) => Array.from({{ length: 50000 }}, () => s.{name}()))(Dra.seeded_stream(7))"
    draws = np.array(evaluated(model_page, script))
    law = law or (lambda u: np.clip(u, 0, 1))
    centred = draws - draws.mean()
    lagged = centred[1:] @ centred[:-1] / (centred @ centred) * np.sqrt(draws.size)
    assert kstest(draws, law).pvalue > 1e-6 and abs(lagged) < 5
    assert kstest(wrong * draws, law).pvalue < 1e-6
