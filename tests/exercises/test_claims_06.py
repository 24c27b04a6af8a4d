"""What the quiz of chapter 6 states as facts: mice of its own, and what the studies stored.

Each question has a test of its name. Mice are compared with stored shares and means; n and the
probability of a false alarm stand at each.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from scipy import stats
from scipy.optimize import minimize

import dra
from dra import exact
from dra_exercises import source
from dra_exercises.chapter_06 import others
from dra_exercises.chapter_06.solutions import first_gate, impact

DATA = Path(__file__).resolve().parents[2] / "book" / "_data"
OLD, NEW = dra.tasks.gridworld(), dra.tasks.gridworld_changed()
PRESET = dra.presets.GRIDWORLD_CHANGE
FROZEN = {"learning_rate_sigma": 0.0, "n_trajectories": 1}
BASE, BETA, N = 5.0, 10.0, 20
START = OLD.layout.state(OLD.layout.start)
LEFT = [OLD.layout.state((row, column)) for row in range(6) for column in (0, 1)]
GATES = [OLD.layout.state((row, 2)) for row in (0, 4, 5)]


def stored(name):
    return json.loads((DATA / f"{name}.json").read_text(encoding="utf-8"))["data"]


RECOVERY, HUNDRED = stored("recovery"), stored("hundred_mice")


def test_every_question_has_its_test():
    for question in source.read(6).quiz:
        assert f"test_{question.name.replace('-', '_')}" in globals(), question.name


def go_on(k, memory=None, task=NEW, trials=2000, **options):
    if memory is not None:
        options = {"q_init": memory.q, "sigma_init": memory.sigma, **options}
    options = {**PRESET, "record_every": 20, **options}
    return dra.train(task, trials, rng=[46, trials, k], progress=False, **options)


@pytest.fixture(scope="module")
def mice():
    """Mice at the end of the old maze."""
    return [go_on(k, None, OLD, 3000).memory for k in range(N)]


def moves_from(task, cell):
    """Least number of moves from every cell to one (99 from inside a wall)."""
    far = np.where(np.arange(54) == cell, 0, 99)
    for _ in range(54):
        far = np.minimum(far, 1 + far[task.next_state[:, :, 0]].min(axis=1))
    far[[task.layout.state(wall) for wall in task.layout.walls]] = 99
    return far


def on_shortest(task, a, b):
    """The cells on shortest ways from a to b, without b."""
    total = moves_from(task, a) + moves_from(task, b)
    return (total == total.min()) & (np.arange(54) != b)


GOALS = [task.layout.state(task.layout.goal) for task in (OLD, NEW)]
OLD_WAY = on_shortest(OLD, START, GOALS[0])
TOP_WAY = on_shortest(NEW, START, GOALS[1]) & ~OLD_WAY


def through_the_top(memory):
    """How often an episode first reaches column 2 at the top."""
    P = memory.choice_probabilities(BETA)
    move = np.zeros((54, 54))
    for a in range(4):
        np.add.at(move, (np.arange(54), NEW.next_state[:, a, 0]), P[:, a])
    return first_gate(move[np.ix_(LEFT, LEFT)], move[np.ix_(LEFT, GATES)], LEFT.index(START))[0]


def nats(memory):
    """The nats of each cell."""
    return dra.costs.kl.value(memory.sigma, BASE).sum(axis=1)


def lost(mice, trials):
    """Mean share of the nats of the old way that is gone some trials after the change."""
    pairs = [(m, go_on(k, m, trials=trials).memory) for k, m in enumerate(mice)]
    return np.mean([1 - nats(b)[OLD_WAY].sum() / nats(a)[OLD_WAY].sum() for a, b in pairs])


def cell_impacts(task, memory):
    """What is lost if all four memories of a cell are forgotten, and visits, cell by cell."""
    P = memory.choice_probabilities(BETA)
    now, lost = exact.evaluate(task, P, 1.0), np.zeros(54)
    forgotten = dra.policy.choice_probabilities(memory.q, np.full((54, 4), BASE), BETA)
    for s in np.flatnonzero(~task.terminal):
        without = np.where(np.arange(54)[:, None] == s, forgotten, P)
        lost[s] = now.expected_return - exact.evaluate(task, without, 1.0).expected_return
    return lost, now.visits


def rank(x, y):
    return stats.spearmanr(np.ravel(x), np.ravel(y)).statistic


def marginal(memory):
    options = {"beta": BETA, "gamma": 1.0, "cost_weight": 0.0}
    return -exact.objective_gradient(OLD, memory, **options).sigma


def impacts(memory):
    """What is lost by forgetting one memory, one by one."""
    P, found = memory.choice_probabilities(BETA), np.zeros((54, 4))
    now = exact.evaluate(OLD, P, 1.0).expected_return
    for s, a in np.ndindex(found.shape):
        sigma, without = memory.sigma[s].copy(), P.copy()
        sigma[a] = BASE
        without[s] = dra.policy.choice_probabilities(memory.q[s], sigma, BETA)
        found[s, a] = now - exact.evaluate(OLD, without, 1.0).expected_return
    return found


def test_quick_1(mice):
    options = {"beta": BETA, "gamma": 1.0, "cost_weight": PRESET["cost_weight"]}

    def minus_F(log_sigma):
        m = dra.Memory(mice[0].q, np.exp(log_sigma).reshape(54, 4), BASE)
        slope = exact.objective_gradient(OLD, m, **options).sigma * m.sigma
        return -exact.objective(OLD, m, **options), -slope.ravel()

    how = {"jac": True, "method": "L-BFGS-B", "options": {"gtol": 1e-4}}
    found = minimize(minus_F, np.log(mice[0].sigma).ravel(), **how).x
    best = dra.Memory(mice[0].q, np.exp(found).reshape(54, 4), BASE)
    assert rank(best.sigma**-2, marginal(best)) > 0.999
    assert abs(rank(best.sigma**-2, impacts(best)) - 0.78) < 0.04  # mice differ by 0.02
    noisy = np.mean([rank(m.sigma**-2, marginal(m)) for m in mice])
    quiet = stored("noise_free")["rest, marginal"][0]
    assert round(quiet, 2) == 0.98 and (quiet - noisy) / (1 - noisy) > 0.65


def test_quick_2(mice):
    """Back is back at what the allocator earned before, a mean over the last thousand trials."""
    crew = RECOVERY["crew"]
    assert crew["allocator"]["back"][1] == crew["frozen"]["back"][1] == 100
    # n = 20: 0.28, standard error 0.009; false alarm 2e-4
    assert lost(mice, 100) > 0.25


def test_quick_3(mice):
    assert moves_from(NEW, START)[GOALS[1]] == 8
    held = [go_on(k, m, trials=1000, **FROZEN).memory for k, m in enumerate(mice)]
    assert max(through_the_top(m) for m in held) < 0.1  # not the new way
    walks = [exact.evaluate(NEW, m.choice_probabilities(BETA), 1.0) for m in held]
    assert min(walk.episode_length for walk in walks) > 8 + 4
    assert min(walk.visits[OLD_WAY].sum() / walk.visits.sum() for walk in walks) > 0.5
    shut = dra.tasks.gridworld(walls=(*OLD.layout.walls, (4, 2), (5, 2)))
    stuck = [go_on(k, m, shut, 1500, **FROZEN).memory for k, m in enumerate(mice[:8])]
    for before, after in zip(mice, stuck, strict=False):
        assert np.abs(after.q - before.q)[TOP_WAY].max() > 1  # its means do learn
        assert np.mean(after.choice_entropy(base=4)[TOP_WAY]) > 0.8  # and guide hardly
    assert (
        RECOVERY["shut"]["frozen"]["end"][0] < -100 < -20 < RECOVERY["shut"]["allocator"]["end"][0]
    )


CHANGES = {  # what is altered at the change, and how many of a hundred then take the top way
    "as it is": 10,
    "sigma 1 off the old way": 50,
    "means 0 on the top way": 99,
}


def test_habit_two(mice):
    off = ~OLD_WAY[:, None]
    altered = {
        "as it is": lambda m: m,
        "sigma 1 off the old way": lambda m: dra.Memory(m.q, np.where(off, 1.0, m.sigma), BASE),
        "means 0 on the top way": lambda m: dra.Memory(
            np.where(TOP_WAY[:, None], 0.0, m.q), m.sigma, BASE
        ),
    }
    for name, percent in CHANGES.items():
        assert round(100 * RECOVERY["habit"][name]["top"][0]) == percent
        runs = [go_on(k, altered[name](m)) for k, m in enumerate(mice)]
        free = sum(through_the_top(run.memory) > 0.5 for run in runs)
        both = [[free, N - free], [percent, 100 - percent]]
        assert stats.fisher_exact(both).pvalue > 1e-6, name  # n = 20 and 100
    late = HUNDRED["typical"]["switched"]
    assert late[HUNDRED["moments"].index(7000)] < 50 < late[-1]


def test_clock(mice):
    tau = BASE**2 / (2 * PRESET["learning_rate_sigma"] * PRESET["cost_weight"])
    later = BASE**2 - (BASE**2 - 0.25) * np.exp(-100 / tau)
    assert round(tau) == 1250 and 8 < later / 0.25 < 9
    assert abs(lost(mice, 250) - 0.5) < 0.1  # n = 20: 0.48, standard error 0.018; 4e-6


def test_impact_visits():
    """Four cells in a row; all but one action of a cell leads back to it."""
    there = np.repeat(np.arange(4)[:, None], 3, axis=1)
    there[:, 0] += 1
    paid = np.where(there == 4, 10.0, -1.0)
    q = np.zeros((4, 3))
    q[:, 0] = 1.0
    for s in range(4):
        case = (there, paid, q, np.full((4, 3), 0.5), 5.0, s, 0)
        assert impact(*case) > 1.2 * others.impact_with_the_old_visits(*case) > 0


def test_impact_frequency(mice):
    """As in the chapter the goal counts as visited once."""
    found, ranks = {}, HUNDRED["ranks"]
    for m in mice:
        bill, pair = nats(m), cell_impacts(OLD, m)
        busy = pair[1] > 0.5
        pair[1][GOALS[0]] = 1.0
        for name, y in zip(("impact", "visits"), pair, strict=True):
            found.setdefault(f"cells before, {name}", []).append(rank(bill, y))
            found.setdefault(f"busy cells before, {name}", []).append(rank(bill[busy], y[busy]))
    stated = {"cells": (0.96, 0.87), "busy cells": (0.78, 0.06)}
    for which, values in stated.items():
        for name, value in zip(("impact", "visits"), values, strict=True):
            key = f"{which} before, {name}"
            mean, sd = ranks[key]
            assert round(mean, 2) == value
            # n = 20 against 100: 6 standard errors, false alarm 2e-9 each
            assert abs(np.mean(found[key]) - mean) < 6 * sd * np.sqrt(1 / N + 1 / 100), key


def test_curious(mice):
    share, error = RECOVERY["strays"][1]
    assert round(1 / share) == 34
    here = [through_the_top(m) for m in mice]
    # n = 20 against 100: 6 standard errors, false alarm 2e-9
    assert abs(np.mean(here) - share) < 6 * error * np.sqrt(100 / N + 1)
    assert np.array_equal(OLD.next_state[LEFT], NEW.next_state[LEFT])  # as much before


def test_stale():
    switched = HUNDRED["stale"]["switched"]
    assert (switched[-1], switched[HUNDRED["moments"].index(4900)]) == (96, 11)
    assert round(10 + HUNDRED["stale"]["stale value"], 1) == 5.4
    assert NEW.reward[NEW.next_state == GOALS[1]].max() == 10
