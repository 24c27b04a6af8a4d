"""What the quiz of chapter 11 states as facts, computed anew: a test for each question."""

import math

import claims
import numpy as np
from scipy.optimize import brentq, minimize
from scipy.special import entr

import dra
from dra import baselines, evidence, exact

BETA, LAM, BASE = 10.0, 0.1, 5.0
GIVEN = {"beta": BETA, "gamma": 1.0}
kl = dra.costs.kl.value
TO = np.array([[1, 2], [3, 3], [3, 4], [5, 5], [5, 5], [5, 5]])[:, :, None]
EXISTS = np.array([[1, 1], [1, 0], [1, 1], [1, 0], [1, 0], [1, 1]], bool)


def test_every_question_has_a_test():
    assert claims.uncovered(11, globals()) == []


def memory_of(task, sigma):
    """The true values of a task of one choice, and a sigma for each state."""
    sigma = np.append(sigma, BASE)[:, None] * np.ones(2)
    return dra.Memory(task.reward[:, :, 0], sigma, BASE)


def roads(pay=1.0):
    """Two roads to the same reward, of which the second forks."""
    reward = np.where(TO == 5, pay, 0.0)
    ends = {"terminal": [5], "start": 0, "available": EXISTS, "step_limit": 10}
    return dra.tasks.assemble("two roads", TO, 1.0, reward, **ends)


def soft(alpha, pay=1.0):
    return baselines.max_entropy(roads(pay), alpha=alpha, gamma=0.98)


def best_of_two(share, **switch):
    """The best sigma of two choices with equal stakes, of which the first occurs so often."""
    task = claims.one_choice([share, 1 - share], [2.0, 2.0])
    given = {"cost_weight": LAM, **GIVEN, **switch}

    def down(x):
        memory = memory_of(task, np.exp(x))
        slope = evidence.bound_gradient(task, memory, **given).sigma[:2].sum(axis=1)
        return -evidence.bound(task, memory, **given).value, -slope * np.exp(x)

    limits = [(math.log(0.02), math.log(BASE))] * 2
    climbs = [minimize(down, np.log([s, s]), jac=True, bounds=limits) for s in (0.5, 2.0)]
    return np.exp(min(climbs, key=lambda climb: climb.fun).x)


def test_11_quick_1():
    once, visit = (best_of_two(10 / 11, paid=paid) for paid in ("once", "visit"))
    assert once[0] < once[1] - 1 and abs(visit[0] - visit[1]) < 1e-3


def test_11_quick_2():
    for alpha in (10.0, 0.1):
        low, high = (soft(alpha, pay).choice_probabilities[0, 1] for pay in (1.0, 100.0))
        assert abs(low - high) < 1e-9 and low > 0.6


def test_11_quick_3():
    always, often = np.tile([1.0, 0.0, 0.0], (4, 1)), np.full(4, 1 / 4)
    assert entr(always).sum() == 0 == entr(often @ always).sum()  # so I(S; A) is 0
    assert math.isclose((always * np.log(3 * np.maximum(always, 1e-300))).sum() / 4, math.log(3))
    # as certain in DRA: by means that lie far apart, for nothing, or by precision
    bills = []
    for gap, sigma in ((50.0, BASE), (1.0, 0.1)):
        memory = dra.Memory([[gap, 0.0]], sigma, BASE)
        assert memory.choice_probabilities(BETA)[0, 0] > 0.999
        bills.append(memory.cost())
    assert bills[0] == 0 and bills[1] > 6


def test_11_bound_differs():
    task = claims.one_choice([0.9, 0.1], [1.0, 1.0])
    memory = memory_of(task, np.array([0.7, 2.0]))
    for gamma in (1.0, 0.5):  # either may discount
        given = {"beta": BETA, "gamma": gamma, "cost_weight": LAM}
        objective = exact.objective(task, memory, **given)
        assert math.isclose(evidence.bound(task, memory, **given).value, objective)
    given |= {"paid": "visit"}
    often, nats = np.array([0.9, 0.1]), kl(memory.sigma[:2], BASE).sum(axis=1)
    visited = evidence.bound(task, memory, **given)
    assert math.isclose(visited.cost, LAM * often @ nats)
    with_bonus = evidence.bound(task, memory, bonus_weight=LAM, **given)
    left = evidence.recall_entropy(task, memory, beta=BETA)[:2]
    assert math.isclose(with_bonus.value - visited.value, LAM * often @ left)


def test_11_per_visit():
    once, visit = (best_of_two(0.9, paid=paid) for paid in ("once", "visit"))
    assert once[0] < once[1] - 1 and abs(visit[0] - visit[1]) < 1e-3
    task = claims.one_choice([0.9, 0.1], [2.0, 2.0])
    memory, given = memory_of(task, np.array([1.0, 1.0])), {"paid": "visit", **GIVEN}
    reward, both = (
        evidence.bound_gradient(task, memory, cost_weight=price, **given).sigma
        for price in (0.0, LAM)
    )
    assert np.allclose(reward[0], 9 * reward[1]) and np.allclose(both[0], 9 * both[1])


def test_11_scale_free():
    values = {alpha: soft(alpha).value for alpha in (10.0, 1.0, 0.1)}
    for alpha, value in values.items():
        assert math.isclose(value[2] - value[1], alpha * math.log(2))
        assert math.isclose(soft(alpha).choice_probabilities[0, 1], 1 / (1 + 2**-0.98))


def test_11_indifferent():
    for price in (0.001, 0.1, 1.0):
        options = {"beta": BETA, "gamma": 0.98, "cost_weight": price, "sigma_base": BASE}
        found = exact.optimal_allocation(roads(), starts=[1.0], **options).memory
        assert np.allclose(found.choice_probabilities(BETA)[[0, 2]], 0.5)
    assert np.allclose(dra.policy.choice_probabilities([1, 1], [0.3, 4.0], BETA), 0.5)


def test_11_habit_free():
    third, price = np.full(3, 1 / 3), 2.0
    own, same = 0.2 + 0.6 * np.eye(3), np.array([[1.0, 0, 0], [1, 1, 0], [1, 0, 1]])
    free = baselines.policy_compression(same, third, beta=200.0)
    assert free.bits < 1e-6 and free.reward > 1 - 1e-6
    # the soft agent gives up entropy for as much, DRA buys nats for more than it has for nothing
    strict = dra.policy.softmax(same, 50.0)
    assert third @ (same * strict).sum(axis=1) > 0.99
    assert math.log(3) - third @ entr(strict).sum(axis=1) > 0.5
    blank = dra.policy.choice_probabilities(same, np.ones((3, 3)), 50.0)
    assert third @ (same * blank).sum(axis=1) < 0.85
    # where every state has its own: one curve
    for beta in (1.0, 5.0):
        policy = dra.policy.softmax(own, price * beta)
        bits = (entr(third @ policy).sum() - entr(policy).sum(axis=1).mean()) / math.log(2)

        def excess(b, bits=bits):
            return baselines.policy_compression(own, third, beta=b).bits - bits

        b = brentq(excess, 0.01, 200.0)
        best = baselines.policy_compression(own, third, beta=b).reward
        assert abs(best - third @ (own * policy).sum(axis=1)) < 1e-4 and bits > 0.05


def test_11_nats_differ():
    own, rates = 0.2 + 0.6 * np.eye(3), []
    for sigma in (1.0, 0.5, 0.3, 0.1, 0.02):
        policy = dra.policy.choice_probabilities(own, np.full((3, 3), sigma), 50.0)
        told = entr(policy.mean(axis=0)).sum() - entr(policy).sum(axis=1).mean()
        rates.append(3 * kl(sigma, 1.0) / told)
    assert rates[0] == 0 and told > 0 and 3.5 < min(rates[1:]) and max(rates) > 9


def test_the_target_of_bits():
    said, _ = claims.target("11.2").split(":")
    assert said[1:] in claims.printed(11)


def test_the_target_of_eager_learners():
    assert "from zero, about 59 from 100; exact 57" in claims.target("11.6")
    rows = "from 0.0: start worth 50, exact 57 from 100.0: start worth 59, exact 57"
    assert rows in claims.printed(11)
