"""Random tasks: their form, their end, and the distributions that they are drawn from."""

import numpy as np
import pytest
from scipy import stats

import dra
from dra import exact, tasks


def test_every_choice_may_lead_to_as_many_states_as_were_asked_for():
    task = tasks.random(9, 3, branching=4, rng=0, ending=0.2)
    assert task.next_state.shape == (10, 3, 5) and task.terminal.nonzero()[0].tolist() == [9]
    for s in range(9):
        for a in range(3):
            assert np.unique(task.next_state[s, a]).size == 5 and task.next_state[s, a, 4] == 9
    np.testing.assert_allclose(task.probability[:9, :, 4], 0.2)
    np.testing.assert_allclose(task.probability.sum(axis=2), 1.0)
    assert np.ptp(task.reward[:9], axis=2).max() == 0  # a choice earns the same wherever it leads


def test_the_same_seed_gives_the_same_task_and_another_another():
    a, b, c = (tasks.random(5, 2, branching=2, rng=seed) for seed in (3, 3, 4))
    assert np.array_equal(a.reward, b.reward) and np.array_equal(a.next_state, b.next_state)
    assert not np.array_equal(a.reward, c.reward)


def test_an_end_is_a_discount():
    """The mean return until the end is the discounted return of the same task without one."""
    ends, goes_on = (tasks.random(6, 2, branching=3, rng=1, ending=e) for e in (0.15, 0.0))
    assert not goes_on.terminal.any() and goes_on.n_states == 6
    np.testing.assert_array_equal(ends.reward[:6, :, 0], goes_on.reward[:, :, 0])
    chance = np.random.default_rng(0).dirichlet(np.ones(2), size=7)
    found = exact.evaluate(ends, chance, 1.0).action_values[:6]
    np.testing.assert_allclose(found, exact.evaluate(goes_on, chance[:6], 0.85).action_values)
    assert np.abs(found - exact.evaluate(goes_on, chance[:6], 0.9).action_values).max() > 0.01


def test_numbers_have_the_distributions_that_the_docstring_names():
    """3000 choices; each test raises a false alarm with probability 1e-6, its twin must fail."""
    task = tasks.random(1000, 3, branching=2, rng=0, ending=0.5)
    reward, piece = task.reward[:1000, :, 0].ravel(), 2 * task.probability[:1000, :, 0].ravel()
    assert stats.kstest(reward, "norm").pvalue > 1e-6
    assert stats.kstest(piece, "uniform").pvalue > 1e-6
    assert stats.kstest(1.2 * reward, "norm").pvalue < 1e-6
    assert stats.kstest(piece**1.2, "uniform").pvalue < 1e-6
    to = np.bincount(task.next_state[:1000, :, :2].ravel(), minlength=1000)
    assert stats.chisquare(to).pvalue > 1e-6
    assert stats.chisquare(to + 6 * (np.arange(1000) < 300)).pvalue < 1e-6


def test_it_is_trained_and_solved_like_any_other():
    task = tasks.random(6, 2, branching=2, rng=0)
    run = dra.train(task, 20, rng=0, progress=False, **dra.presets.for_scale(2.0))
    assert run.finished and task.pack()["kind"] == "tabular"
    assert exact.objective(task, run.memory, beta=10.0, gamma=1.0, cost_weight=0.1) < 100


@pytest.mark.parametrize("branching", [0, 6, 2.5])
def test_branching_fits_the_number_of_states(branching):
    with pytest.raises(ValueError, match=r"branching is .*at least 1 and at most 5"):
        tasks.random(5, 2, branching=branching, rng=0)
