"""The numbers that the quizzes and targets of chapters 1 to 3 state, computed anew."""

import math

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import norm

import dra
from dra_exercises import source
from dra_exercises.chapter_02.solutions import centre
from dra_exercises.chapter_03.solutions import fold_point

kl = dra.costs.kl.value
greedy = dra.policy.choice_probabilities


def right_values(chapter):
    """The right number of every question with number fields, by name, with its tolerance."""
    found = (question for question in source.read(chapter, draft=True).quiz if question.fields)
    return {each.name: (each.fields[0].value, each.fields[0].tolerance) for each in found}


COMPUTED = {
    1: {
        "all-halved": 216 * (kl(0.5, 5.0) - kl(1.0, 5.0)),
        "worth-it": 0.3 / 4,
    },
    2: {"observer": math.hypot(2, 2), "at-most": 0.60 + 0.10},
    3: {"dearer-base": 100 * (kl(0.05, 10.0) - kl(0.05, 5.0))},
}


@pytest.mark.parametrize("chapter", COMPUTED)
def test_the_right_number_of_a_field(chapter):
    stated = right_values(chapter)
    assert stated.keys() == COMPUTED[chapter].keys()
    for name, (value, tolerance) in stated.items():
        assert abs(value - COMPUTED[chapter][name]) < tolerance / 2, name


def test_claims_of_chapter_2():
    equal = [greedy([1, 0], sigma, math.inf) for sigma in ([3, 4], [5, 0])]
    assert np.allclose(*equal, atol=1e-9)
    q = np.array([2.0, 1.0, 0.0])
    kept = [greedy(k * q, np.full(3, k * 4.0), 1 / k) for k in (1, 2)]
    assert np.allclose(*kept, atol=1e-9)  # all doubled, beta halved
    assert greedy(2 * q, np.full(3, 8.0), 0.5)[0] > greedy(q, np.full(3, 4.0), 0.5)[0] + 0.01
    assert greedy(q, np.full(3, 2.0), 2.0)[0] > greedy(q, np.full(3, 4.0), 1.0)[0] + 0.01
    many = np.eye(20)[0]
    assert round(greedy(many, np.full(20, 4.0), math.inf)[0], 3) == 0.078
    assert round(norm.cdf(1 / 4) ** 19, 5) == 0.00006
    wild, blur = np.array([2.0, 1.0, -8.0]), np.array([0.1, 0.1, 20.0])
    before = greedy(wild, blur, math.inf)
    gains = [
        (greedy(wild, np.where(np.arange(3) == i, blur / 2, blur), math.inf) - before)[0]
        for i in range(3)
    ]
    assert round(before[2], 2) == 0.31 and before[1] < 1e-12 and round(gains[2], 2) == 0.15
    assert gains[0] < 1e-5 and gains[1] < 1e-11
    assert math.isclose(centre(2, 3, 0, 1), 0.2)


def best(q, lam):
    """The best sigma and its u, at sigma_base 5."""
    sigma = 5 * np.geomspace(0.005, 1, 20_001)
    found = sigma[np.argmax(q * norm.cdf(q / sigma) - lam * kl(sigma, 5.0))]
    return found, q / found


def test_claims_of_chapter_3():
    backwards = math.log(0.1 / 5) + 25 / (2 * 0.01) - 0.5
    assert round(backwards) == 1246 and round(kl(0.1, 5.0), 1) == 3.4
    halvings = np.array([kl(2.5, 5.0), kl(0.25, 5.0) - kl(0.5, 5.0)]) / math.log(2)
    assert np.allclose(halvings, [0.46, 0.99], atol=0.006)
    assert round(855 * kl(1.0, 5.0), 2) == 965.67 and round(855 * math.log10(25)) == 1195
    (low, u_low), (high, u_high) = best(0.6, 0.1), best(2.0, 0.1)
    assert (round(low, 2), round(high, 2)) == (0.36, 0.82)
    assert (round(u_low, 1), round(u_high, 1)) == (1.7, 2.4)
    assert (round(kl(low, 5.0), 1), round(kl(high, 5.0), 1)) == (2.1, 1.3)
    assert fold_point(0.75) == 0.5


def steps(agents):
    """Mean steps of each agent to the goal of the maze; 2,000 walks."""
    task = dra.tasks.gridworld()
    return np.array(
        [
            11 - dra.returns(task, memory, beta=10.0, episodes=2000, rng=k).mean()
            for k, memory in enumerate(agents)
        ]
    )


def test_claims_of_chapter_1_about_paths():
    """Five agents, as in the chapter; the bounds are several steps wide of what was measured."""
    task = dra.tasks.gridworld()
    memories = [dra.train(task, 5000, rng=k, progress=False).memory for k in range(5)]

    def path(q):
        states = [task.layout.state(task.layout.start)]
        while not task.terminal[states[-1]]:
            states.append(int(task.next_state[states[-1], q[states[-1]].argmax(), 0]))
        return states[:-1]

    def spent(memory, states):
        nats, sigma = memory.cost() / (4 * len(states)), np.full(memory.q.shape, 5.0)
        sigma[states] = brentq(lambda s: kl(s, 5.0) - nats, 1e-9, 5.0)
        return dra.Memory(memory.q, sigma, 5.0)

    ways = [path(memory.q) for memory in memories]
    parts = {
        "whole": lambda way: way,
        "gap": lambda way: way[:7] + way[8:],
        "start": lambda way: way[:7],
        "goal": lambda way: way[7:],
    }
    taken = {
        name: steps([spent(m, part(way)) for m, way in zip(memories, ways, strict=True)])
        for name, part in parts.items()
    }
    assert all(len(way) == 14 for way in ways)
    means = {name: t.mean() for name, t in taken.items()}
    # 2,000 walks of 5 agents: standard errors near 0.3 steps (0.1 for the whole way)
    assert abs(means["whole"] - 21.3) < 2 and abs(means["gap"] - 24.3) < 2
    assert np.all(taken["gap"] - taken["whole"] > 1)
    assert abs(means["start"] - 38) < 3 and abs(means["goal"] - 51) < 3
    assert np.all(taken["start"] < taken["goal"] - 5)
