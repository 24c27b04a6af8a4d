"""The states of a task: built once, solved either way, and where searches over them start."""

import copy
import gc
import pickle
import weakref

import numpy as np
import pytest
from oracles import choice_probabilities, corridor, random_mdp, random_memory, shared_task

import dra
from dra import exact
from dra.exact import ascent, tied
from dra.exact import chain as chains

OPTIONS = {"beta": 2.0, "gamma": 0.9, "cost_weight": 0.1}


def test_states_are_built_once_a_task(monkeypatch):
    built, build = [], chains._all_states
    monkeypatch.setattr(chains, "_all_states", lambda task: built.append(task) or build(task))
    task, other = random_mdp(1)[0], random_mdp(2)[0]
    memory = random_memory(task, 0)
    found = [exact.objective(task, memory, **OPTIONS) for _ in range(10)]
    exact.objective_gradient(task, memory, **OPTIONS)
    exact.evaluate(task, np.full((4, 2), 0.5), 0.9)
    exact.optimal_allocation(task, **OPTIONS, sigma_base=5.0, starts=1)
    assert built == [task] and set(found) == {found[0]}
    assert exact.objective(other, memory, **OPTIONS) != found[0]
    assert built == [task, other]
    assert chains.states(task) is chains.states(task) is not chains.states(other)


def test_states_travel_with_no_task_and_go_with_their_own():
    task = random_mdp(1)[0]
    here = chains.states(task)
    for twin in (pickle.loads(pickle.dumps(task)), copy.copy(task)):
        assert chains.states(twin) is not here
        np.testing.assert_allclose(chains.states(twin).reward, here.reward, rtol=1e-14)
    assert len(pickle.dumps(task)) == len(pickle.dumps(random_mdp(1)[0]))  # nothing comes along
    with pytest.raises(ValueError, match="read-only"):
        here.reward[0] = 1.0
    gone = weakref.ref(here)
    del task, here, twin
    gc.collect()
    assert gone() is None


def test_dense_and_sparse_solves_agree(monkeypatch):
    task, *_ = random_mdp(3, n_states=30, n_actions=3)
    memory = random_memory(task, 1)
    found = []
    for dense, share in ((1000, 0.05), (0, 1.1), (0, 0.0)):
        monkeypatch.setattr(chains, "_DENSE_STATES", dense)
        monkeypatch.setattr(chains, "_DENSE_SHARE", share)
        kinds = chains.chain(chains.states(task), np.full((29, 3), 1 / 3), 0.9).solve
        gradient = exact.objective_gradient(task, memory, **OPTIONS)
        found.append(("dgetrs" in kinds.__code__.co_names if hasattr(kinds, "__code__") else False,
                      gradient))  # fmt: skip
    assert [dense for dense, _ in found] == [True, False, True]
    for _, gradient in found[1:]:
        np.testing.assert_allclose(gradient.sigma, found[0][1].sigma, rtol=1e-9, atol=1e-14)
        np.testing.assert_allclose(gradient.q, found[0][1].q, rtol=1e-9, atol=1e-14)


def waiting(p):
    """One state, in which an episode ends with probability p at every step."""
    transition = np.array([[[1.0 - p, p]], [[0.0, 1.0]]])
    return dra.tasks.tabular(transition, [[-1.0], [0.0]], terminal=[1])


def test_an_episode_that_hardly_ever_ends():
    """What rounding leaves of the chance of ending may be wrong by 1e-6 of it, not by more."""
    chances = [p for p in np.geomspace(1e-12, 1e-9, 2000) if (1.0 - p) + p == 1.0]
    errors = {p: abs(p / (1.0 - (1.0 - p)) - 1.0) for p in chances}
    passes = max((e, p) for p, e in errors.items() if e < 0.9e-6)[1]
    fails = min((e, p) for p, e in errors.items() if e > 1.1e-6)[1]
    assert 0.5e-6 < errors[passes] and errors[fails] < 2e-6
    certain = np.ones((2, 1))
    found = exact.evaluate(waiting(passes), certain, 1.0)
    assert found.episode_length == pytest.approx(1 / passes, rel=1.1e-6)
    for p in (fails, 1e-17):
        with pytest.raises(ValueError, match="never ends some episodes"):
            exact.evaluate(waiting(p), certain, 1.0)
    assert exact.evaluate(waiting(fails), certain, 0.5).values[0] == pytest.approx(-2.0)


def starts(task, given, **options):
    problem = ascent.problem_of(
        task, 2.0, 0.9, None, 3.0, "kl", **{"sigma_bounds": (0.01, 100.0), **options},
        price=ascent.weighted(0.1),
    )  # fmt: skip
    return [sigma.reshape(task.memory_shape) for sigma, _ in ascent.starts_of(problem, given, 0)]


def bandit(gap):
    """One choice between two rewards."""
    transition = np.zeros((2, 2, 2))
    transition[:, :, 1] = 1.0
    return dra.tasks.tabular(transition, [[gap, 0.0], [0.0, 0.0]], terminal=[1])


def test_a_number_of_starts_is_equal_ones_and_ways():
    equal = [np.full((2, 2), 3.0 / k) for k in (5, 2, 25)]
    way = np.array([[0.4, 0.4], [3.0, 3.0]])  # two fifths of the gap where a choice is to be made
    for n, expected in (
        (1, equal[:1]), (2, [equal[0], way]), (3, [equal[0], way, equal[1]]),
        (4, [equal[0], way, *equal[1:]]), (9, [equal[0], way, *equal[1:]]),
    ):  # fmt: skip
        found = starts(bandit(1.0), n)
        assert len(found) == len(expected)
        np.testing.assert_allclose(found, expected, rtol=1e-5)
    np.testing.assert_allclose(starts(bandit(50.0), 2)[1], 3.0)  # no vaguer than the base memory
    bounded = starts(bandit(1.0), 4, sigma_bounds=(0.5, 1.0))
    assert [s.min() for s in bounded] == [0.6, 0.5, 1.0, 0.5] and np.max(bounded) == 1.0


def test_a_way_is_what_a_greedy_policy_visits():
    assert (starts(corridor(40), 2)[1][:40] < 3.0).all()  # however long
    transition = np.zeros((4, 2, 4))
    transition[0, :, 1:] = [0.06, 0.04, 0.9]
    transition[1:, :, 3] = 1.0
    rare = dra.tasks.tabular(transition, [[1.0, 0.0]] * 4, terminal=[3])
    np.testing.assert_allclose(starts(rare, 2)[1][:, 0], [0.4, 0.4, 3.0, 3.0], rtol=1e-4)
    grid = dra.tasks.gridworld(4, 4, start=(3, 0), goal=(0, 3), walls=())
    found = starts(grid, 7)
    assert len(found) == 7
    masks = {(s < 3.0).any(axis=1).tobytes() for s in found[1:]}
    assert len(masks) == 6  # ways that differ


@pytest.mark.parametrize(
    "given",
    [0, -1, 2.5, True, "abc", None, [], [np.nan], [0.0], [-1.0], [[1.0, 2.0]], [np.ones((2, 3))],
     np.ones((2, 2, 2, 2)), [1.0, "abc"], 10**400, np.array(2.5), {"a": 1}],
)  # fmt: skip
def test_starts_that_are_none_are_refused(given):
    with pytest.raises(ValueError, match="starts"):
        starts(bandit(1.0), given)


def test_starts_of_ones_own():
    own = [0.5, np.array([[0.1, 0.2], [0.3, 400.0]]), np.int64(2)]
    found = starts(bandit(1.0), own)
    np.testing.assert_array_equal(found[1], np.minimum(own[1], 100.0))
    assert (found[0] == 0.5).all() and (found[2] == 2.0).all()
    assert len(starts(bandit(1.0), np.array(3))) == len(starts(bandit(1.0), np.int64(3))) == 3
    optima = exact.optimal_allocation(bandit(1.0), **OPTIONS, sigma_base=3.0, starts=own).optima
    assert optima.shape == (3,)


def test_the_callers_error_state_does_not_matter():
    task = random_mdp(1)[0]
    tiny = dra.Memory.initial(task, sigma=1e-300, sigma_base=5.0)
    calls = [
        lambda: exact.objective_gradient(task, tiny, **OPTIONS).q,
        lambda: exact.optimal_allocation(task, **OPTIONS, sigma_base=1e160, starts=1).optima,
        lambda: exact.optimal_allocation(task, **OPTIONS, sigma_base=3.0, starts=2).optima,
        lambda: exact.fixed_point(task, beta=2.0).memory.sigma,
    ]
    plain = [call() for call in calls]
    with np.errstate(all="raise"):
        for call, truth in zip(calls, plain, strict=True):
            np.testing.assert_array_equal(call(), truth)
    np.testing.assert_array_equal([np.isfinite(x).all() for x in plain], True)


def test_a_search_for_the_means_starts_from_the_values_of_the_choices_remembered():
    task = random_mdp(3, n_states=5)[0]
    memory = random_memory(task, 4)
    ties = tied.ties(task, chains.states(task), memory, 2.0, 0.9)
    q, sigma = memory.q[:-1], 0.2 * memory.sigma[:-1]  # so that the oracle is exact
    by_hand = np.sum(choice_probabilities(q, sigma, 2.0, nodes=60) * q, axis=1)
    np.testing.assert_allclose(tied.values(ties, sigma, q), by_hand, rtol=1e-5)


@pytest.mark.parametrize("task", [random_mdp(5, n_states=5)[0], shared_task(2)])
def test_where_no_newton_step_helps_learning_leads_to_the_same_means(task, monkeypatch):
    memory = random_memory(task, 1)
    truth = exact.tied_values(task, memory, beta=2.0, gamma_q=0.6)
    monkeypatch.setattr(tied, "_newton", lambda sigma, point: None)
    found = exact.tied_values(task, memory, beta=2.0, gamma_q=0.6)
    assert np.abs(memory.q - truth.q).max() > 0.1  # there is a way to go
    np.testing.assert_allclose(found.q, truth.q, atol=1e-6)
