"""Allocations by a rule: their cost, their shape, and what the weights are taken to be."""

import numpy as np
import oracles
import pytest
from scipy.optimize import minimize
from scipy.special import lambertw

import dra
from dra import baselines

RULES = {
    "equal": lambda memory, nats, weight: baselines.equal(memory, nats),
    "frequency": baselines.by_frequency,
    "stakes": baselines.by_stakes,
}


def blurred(shape=(3, 2), **masks):
    """A memory with random means that costs nothing."""
    q = np.random.default_rng(0).normal(size=shape)
    return dra.Memory(q, 5.0, 5.0, **masks)


def weights(shape=(3, 2)):
    return np.random.default_rng(1).uniform(0.1, 3.0, size=shape)


@pytest.mark.parametrize("nats", [1e-6, 0.3, 7.0, 80.0, 2000.0])
@pytest.mark.parametrize("rule", RULES)
def test_the_cost_is_the_one_asked_for(rule, nats):
    memory = blurred()
    found = RULES[rule](memory, nats, weights())
    assert found.cost() == pytest.approx(nats, rel=1e-9, abs=1e-12)
    assert (found.sigma <= 5.0).all()
    np.testing.assert_array_equal(found.q, memory.q)
    assert memory.cost() == 0  # what was given is left alone


def test_equal_is_lamberts_function():
    """x^2 - ln x^2 = 2c + 1 for a memory of c nats, x = sigma / sigma_base."""
    nats = np.array([0.01, 1.0, 12.0])
    closed = 5.0 * np.sqrt(-lambertw(-np.exp(-2 * nats / 6 - 1)).real)
    found = [baselines.equal(blurred(), n).sigma for n in nats]
    np.testing.assert_allclose(found, np.broadcast_to(closed[:, None, None], (3, 3, 2)), rtol=1e-9)


@pytest.mark.parametrize("rule", ["frequency", "stakes"])
def test_precision_is_proportional_to_the_weight(rule):
    found, w = RULES[rule](blurred(), 30.0, weights()), weights()
    assert (found.sigma < 5.0).all()
    precision = found.sigma**-2 / w
    np.testing.assert_allclose(precision, precision[0, 0], rtol=1e-9)
    w[0, 0] *= 2  # twin: another weight
    assert np.ptp(found.sigma**-2 / w) > 0.1 * precision[0, 0]


def test_a_memory_with_little_weight_is_left_at_its_base():
    w = np.array([[1.0, 1e-9], [1.0, 0.0], [2.0, 1.0]])
    found = baselines.by_frequency(blurred(), 4.0, w)
    assert found.sigma[0, 1] == found.sigma[1, 1] == 5.0
    assert found.cost() == pytest.approx(4.0)
    one = baselines.by_frequency(blurred(), 4.0, [[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    alone = baselines.equal(blurred((1, 1)), 4.0)
    assert one.sigma[0, 0] == pytest.approx(alone.sigma[0, 0])


def test_only_the_ratios_of_the_weights_count():
    found, again = (baselines.by_stakes(blurred(), 3.0, k * weights()) for k in (1.0, 1e200))
    np.testing.assert_allclose(found.sigma, again.sigma, rtol=1e-12)
    flat = baselines.by_frequency(blurred(), 3.0, 7.0)
    np.testing.assert_allclose(flat.sigma, baselines.equal(blurred(), 3.0).sigma, rtol=1e-12)


def test_it_is_reverse_water_filling():
    """Least weighted squared error for so many nats of entropy, by a general optimiser."""
    w = np.array([[6.0, 0.2], [1.0, 0.05], [2.0, 1.0]])
    found = baselines.by_frequency(blurred(), 3.0, w)
    entropy = np.log(5.0 / found.sigma).sum()

    def error(log_sigma):
        return np.sum(w.ravel() * np.exp(2 * log_sigma))

    best = minimize(
        error,
        np.full(6, np.log(5.0) - entropy / 6),
        bounds=[(None, np.log(5.0))] * 6,
        constraints={"type": "eq", "fun": lambda x: np.sum(np.log(5.0) - x) - entropy},
        options={"ftol": 1e-14, "maxiter": 1000},
        method="SLSQP",
    )
    assert best.success
    assert error(np.log(found.sigma).ravel()) == pytest.approx(best.fun, rel=1e-6)
    np.testing.assert_allclose(np.exp(best.x).reshape(3, 2), found.sigma, rtol=1e-3)
    even = np.full(6, np.log(5.0) - entropy / 6)  # twin: another allocation of as many nats
    assert error(even) > 1.1 * best.fun


def test_known_memories_and_absent_choices_are_not_paid_for():
    known = np.array([[True, False], [False, False], [False, False]])
    available = np.array([[True, True], [False, True], [True, True]])
    memory = dra.Memory(np.zeros((3, 2)), 4.0, 5.0, known, available)
    for rule in RULES.values():
        found = rule(memory, 5.0, weights())
        assert found.cost() == pytest.approx(5.0)
        assert found.sigma[0, 0] == found.sigma[1, 0] == 4.0
        np.testing.assert_array_equal(found.known, known)
        np.testing.assert_array_equal(found.available, available)
    with pytest.raises(ValueError, match="visits"):
        baselines.by_frequency(memory, 5.0, [[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]])


def test_what_cannot_be_had_is_refused():
    with pytest.raises(ValueError, match=r"budget_nats is 10000.*at most 34"):
        baselines.equal(blurred(), 10_000)
    with pytest.raises(ValueError, match=r"budget_nats is 1000.*with this visits"):
        baselines.by_frequency(blurred(), 1000, [[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]])
    with pytest.raises(ValueError, match=r"stakes is .*above 0"):
        baselines.by_stakes(blurred(), 1.0, 0.0)
    with pytest.raises(ValueError, match=r"memory is .*paid for"):
        baselines.equal(blurred(known=True), 1.0)
    with pytest.raises(ValueError, match="visits has shape"):
        baselines.by_frequency(blurred(), 1.0, [1.0, 2.0, 3.0])


def test_memories_are_read_once_at_every_visit_of_their_states():
    """Against counting in 5000 episodes; 6 standard errors of 6 numbers: false alarm 1e-8."""
    task = oracles.shared_task(3)
    memory = oracles.random_memory(task, 4)
    exact = baselines.memory_visits(task, memory, beta=2.0)
    counts, taken = np.zeros((2, 5000, exact.size))
    rng = np.random.default_rng(5)
    for reads, chosen in zip(counts, taken, strict=True):
        episode = dra.rollout(task, memory, beta=2.0, rng=rng)
        np.add.at(reads, task.slot[episode.states[:-1]], 1)
        np.add.at(chosen, task.slot[episode.states[:-1], episode.actions], 1)
    error = counts.std(axis=0) / np.sqrt(len(counts))
    assert (np.abs(counts.mean(axis=0) - exact) < 6 * error).all()
    assert (np.abs(taken.mean(axis=0) - exact) > 6 * error).any()  # twin: choices, not readings


def test_visits_of_actions_that_do_not_exist_do_not_count():
    task = oracles.restricted_mdp(6)[0]
    memory = oracles.random_memory(task, 7)
    visits = baselines.memory_visits(task, memory, beta=2.0, gamma=0.9)
    expected = dra.exact.evaluate(task, memory.choice_probabilities(2.0), 0.9).visits
    np.testing.assert_allclose(visits, np.where(oracles.EXISTS, expected[:, None], 0.0))


def test_stakes_are_the_mean_spread_over_all_readings_of_a_memory():
    for task in (oracles.restricted_mdp(6)[0], oracles.shared_task(3)):
        memory = oracles.random_memory(task, 8)
        rows = memory.rows(task)
        chance = rows.choice_probabilities(2.0)
        visits = dra.exact.evaluate(task, chance, 0.9).visits
        spreads = [[] for _ in range(memory.q.size)]
        for s in np.flatnonzero(~task.terminal):
            slots = task.slot[s][task.available[s]]
            values = memory.q.ravel()[slots]
            for slot in slots:
                spreads[slot].append((values.max() - values.min(), visits[s]))
        expected = [sum(a * w for a, w in x) / sum(w for _, w in x) if x else 0.0 for x in spreads]
        found = baselines.memory_stakes(task, memory, beta=2.0, gamma=0.9)
        assert found.shape == memory.q.shape
        np.testing.assert_allclose(found.ravel(), expected)
    even = [np.mean([spread for spread, _ in x]) if x else 0.0 for x in spreads]
    assert np.abs(found.ravel() - even).max() > 0.01  # twin: states that count alike


def test_a_memory_that_two_actions_of_a_state_share_is_read_twice_at_a_visit():
    moves = np.zeros((3, 2, 3))
    moves[:, :, 2] = 1.0
    task = dra.tasks.tabular(
        moves, np.zeros((3, 2)), terminal=[2], start=[0.5, 0.5, 0.0], slot=[[0, 0], [1, 2], [0, 0]]
    )
    memory = dra.Memory([0.0, 1.0, 0.0], 1.0, 5.0)
    assert baselines.memory_visits(task, memory, beta=1.0).tolist() == [1.0, 0.5, 0.5]
