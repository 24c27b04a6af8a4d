"""What the quiz of chapter 10 states as facts, computed anew: a test for each question."""

import math
import re

import claims
import numpy as np
import pytest
from scipy.stats import norm, sem

import dra
from dra import exact

BETA, LAM, BASE = 10.0, 0.1, 5.0
GIVEN = {"beta": BETA, "gamma": 1.0}
kl = dra.costs.kl.value


def test_every_question_has_a_test():
    assert claims.uncovered(10, globals()) == []


def F(task, memory, price=LAM):
    return exact.objective(task, memory, cost_weight=price, **GIVEN)


def tied(task, memory, gamma_q=1.0):
    return exact.tied_values(task, memory, beta=BETA, gamma_q=gamma_q)


@pytest.fixture(scope="module")
def maze():
    """Two rows of three cells, and the best allocation for it."""
    task = dra.tasks.gridworld(2, 3, start=(1, 0), goal=(0, 2), walls=())
    best = exact.optimal_allocation(
        task, cost_weight=LAM, sigma_base=BASE, starts=[0.5, 1.0, 2.0], **GIVEN
    )
    return task, best


def rooms(stakes):
    """Rooms in a row; one door of each pays its stake, and both lead on."""
    n = len(stakes)
    onwards, pay = np.zeros((n + 1, 2, n + 1)), np.zeros((n + 1, 2))
    onwards[range(n + 1), :, [*range(1, n + 1), n]], pay[:n, 0] = 1.0, stakes
    return dra.tasks.tabular(onwards, pay, terminal=[n])


def test_10_quick_1():
    text = claims.printed(10)
    assert "gamma_q 1, trial 1000: as it is -5.8 ± 0.3, tied -19.7 ± 0.3, best -12.4" in text
    for gamma_q in ("0.9", "1.0"):
        best = claims.stored("best_starts")[gamma_q]["best"]
        agents = claims.stored("long_gap")[gamma_q]
        assert np.max(agents["own"]) > best > np.max(agents["tied"])


def test_10_quick_2(maze):
    task, best = maze
    memory, options = best.memory, {"beta": BETA, "gamma": 1.0, "credit": "return"}
    # with the true action-values as its credit and no noise, the visits and the price are right
    expected = exact.expected_gradient(task, memory, **options)
    reward = exact.objective_gradient(task, memory, cost_weight=0.0, **GIVEN).sigma
    assert np.allclose(expected, reward, atol=1e-9)
    # what is left at the best allocation is what the means do when sigma changes
    first = memory.sigma * exact.objective_gradient(task, memory, cost_weight=LAM, **GIVEN).sigma
    at = np.unravel_index(np.abs(first).argmax(), first.shape)
    sides = []
    for h in (0.01, -0.01):
        nudged = memory.copy()
        nudged.sigma[at] *= math.exp(h)
        sides.append(F(task, tied(task, nudged)))
    assert abs(first[at]) > 0.02 > 20 * abs(sides[0] - sides[1]) / 0.02


def test_10_quick_3():
    alike = rooms([1.0, 1.0, 1.0])
    for price in (0.03, 0.1, 0.3, 3.0):
        options = {"cost_weight": price, "sigma_base": BASE, "starts": [0.3, 1.0, 4.9]}
        found = exact.optimal_allocation(alike, **options, **GIVEN).memory
        assert np.ptp(found.sigma[:3]) < 1e-3
        assert price < 3 or found.cost() < 0.01  # where it is dear nothing is kept
    frontiers = claims.stored("small_frontiers")["corridor"]
    (reward, nats), prices = (
        np.subtract(frontiers["flexible"], frontiers["equal"]).T,
        claims.stored("small_frontiers")["prices"],
    )
    assert np.min(reward - np.multiply(prices, nats)) > 0.05


def test_10_oracle(maze):
    task, best = maze
    assert F(task, best.memory) == F(task, best.memory)
    returns = dra.returns(task, best.memory, beta=BETA, episodes=4000, rng=1)
    # n = 4000 episodes, 6 standard errors: false alarm 2e-9
    assert abs(returns.mean() - F(task, best.memory, 0.0)) < 6 * sem(returns)


def test_10_visits_down():
    once, twice = (claims.one_choice([p, 1 - p], [1.0, 1.0]) for p in (0.2, 0.4))
    best = exact.optimal_allocation(once, cost_weight=0.02, sigma_base=BASE, starts=[1.0], **GIVEN)
    slopes = [
        exact.objective_gradient(task, best.memory, cost_weight=price, **GIVEN).sigma[0]
        for price in (0.0, 0.02)
        for task in (once, twice)
    ]
    assert np.allclose(slopes[1], 2 * slopes[0]) and np.all(slopes[3] < -1e-3)
    assert np.allclose(slopes[2] - slopes[0], slopes[3] - slopes[1])


def test_10_free_means(maze):
    task, best = maze
    memory = best.memory
    loud = dra.Memory(3 * memory.q, memory.sigma, BASE)
    assert F(task, loud) > best.objective + 0.1 and loud.cost() == memory.cost()
    assert abs(F(task, tied(task, loud)) - best.objective) < 1e-6


def test_10_tied_why(maze):
    task, best = maze
    rng = np.random.default_rng(3)
    for size in (0.1, 0.3, 1.0):
        q = rng.normal(0, size, best.memory.q.shape)
        memory = dra.Memory(q, best.memory.sigma, BASE)
        assert abs(F(task, tied(task, memory)) - best.objective) < 1e-6
    # the exception: one state that an agent stays in or leaves, with three solutions
    v = np.linspace(0.5, 2.6, 4001)
    q = np.stack([np.full_like(v, 0.824), 0.0438 + 0.98 * v], axis=1)
    chance = dra.policy.choice_probabilities(q, np.full_like(q, 0.001), BETA)
    assert np.count_nonzero(np.diff(np.sign((chance * q).sum(axis=1) - v))) == 3


def test_10_left_over():
    ladder = claims.stored("gap_causes")["ladder"]
    best = claims.stored("best_starts")["0.9"]["best"]
    assert np.max(ladder["+ no noise"]) < best - 1  # most of what is left stays without noise
    waited = np.subtract(ladder["1000 trials more"], ladder["DRA, means tied"])
    assert waited.mean() < 0.2  # more trials: neither


def test_10_leap():
    sigma = BASE * np.geomspace(0.01, 1, 20_001)
    for stake in (0.5, 1.0):

        def worth(s, stake=stake):
            return stake * norm.cdf(stake / (math.sqrt(2) * s)), 2 * kl(s, BASE)

        def best(price, worth=worth):
            reward, nats = worth(sigma)
            return sigma[np.argmax(reward - price * nats)]

        low, high = 0.01, 0.5
        while high / low > 1 + 1e-6:
            middle = math.sqrt(low * high)
            low, high = (middle, high) if best(middle) < 1.5 else (low, middle)
        sharp, blurred = best(low), best(high)
        assert sharp < 0.5 and 4 < blurred < BASE
        (reward, nats), (less, fewer), (free, few) = map(worth, (sharp, 2 * sharp, blurred))
        assert abs(reward - low * nats - free + low * few) < 1e-4  # as high as each other
        assert reward - less > 1.1 * low * (nats - fewer)


def test_the_target_of_a_budget():
    assert claims.target("10.5") in claims.printed(10)


def test_the_target_of_frozen_means():
    stated = claims.target("10.6").replace("$", "")
    numbers = re.findall(r"-[\d.]+ ± [\d.]+|-[\d.]+(?= \()", stated)
    (row, twin) = (
        re.search(f"1.0 {rate} (\\S+ ± \\S+) (\\S+ ± \\S+) (\\S+)", claims.printed(10)).groups()
        for rate in ("0.0", "0.1")
    )
    assert numbers == [row[0], twin[0], row[2], row[1], twin[1]]


def test_the_target_of_a_dear_nat():
    dear = claims.stored("dear_nat")
    agents = np.mean([row["objective"] for row in dear["agents"]["price 1"]])
    best = dear["best"][0]["objective"]
    rest = {
        credit: np.mean(
            [r["objective"] for r in dear["resting"] if (r["credit"], r["price"]) == (credit, 1.0)]
        )
        for credit in ("advantage", "return")
    }
    left = best - agents, best - rest["advantage"], rest["return"] - rest["advantage"]
    said = f"{left[1]:.0f} of the {left[0]:.1f} units are still left, and {left[2]:.1f} of these"
    assert said in claims.target("10.7")
