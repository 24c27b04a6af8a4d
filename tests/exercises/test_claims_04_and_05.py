"""What the quizzes of chapters 4 and 5 state as facts, computed anew or looked up.

Each question has a test of its name. All is exact, or runs from fixed seeds, so that it comes out
the same each time; the bounds of what is sampled say how far off they are.
"""

import json
import math
from pathlib import Path

import nbformat
import numpy as np
import pytest

import dra
from dra import exact
from dra_exercises import source

BOOK = Path(__file__).resolve().parents[2] / "book"
STORED = json.loads((BOOK / "_data" / "allocator_controls.json").read_text(encoding="utf-8"))[
    "data"
]
score, derivatives = dra.gradient.score, dra.policy.choice_probability_derivatives
MAZE = dra.tasks.gridworld()
WALL = MAZE.layout.state((2, 2))
LEVERS, BLUR = np.array([4.0, 3.0, 2.0]), np.full(3, 3.0)  # the levers of chapter 4; beta is 1
DEFINED = {  # no number and no direction
    "4.why-reparam": "why a derivation begins as it does",
}


@pytest.mark.parametrize("chapter", [4, 5])
def test_every_question_has_its_test(chapter):
    for question in source.read(chapter).quiz:
        tested = f"test_{chapter}_{question.name.replace('-', '_')}" in globals()
        assert tested != (f"{chapter}.{question.name}" in DEFINED), question.name


def test_4_quick_1():
    q = np.array([math.log(0.3 / 0.7) + 1.5, 0.0])  # then pi(b | zeta) is 0.3
    u = score(np.array([-1.5, 0.0]), 0, q, np.ones(2), 1.0)[0]
    assert np.allclose([u, 5 * u], [-1.05, -5.25])


@pytest.fixture(scope="module")
def at_nodes():
    """Noise at the nodes of a grid, their mass, the policy at each, and scores [node, a, b]."""
    node, mass = np.polynomial.hermite_e.hermegauss(50)
    zeta = np.stack(np.meshgrid(node, node, node, indexing="ij"), -1).reshape(-1, 3)
    mass = np.einsum("i,j,k->ijk", mass, mass, mass).ravel() / mass.sum() ** 3
    pi = dra.policy.softmax(LEVERS + BLUR * zeta, 1.0)
    return mass, pi, zeta[:, None, :] * (np.eye(3) - pi[:, None, :])


def test_4_quick_2(at_nodes):
    mass, pi, u = at_nodes
    slopes = LEVERS @ derivatives(LEVERS, BLUR, 1.0)[2]
    variance = {}
    for name, baseline in (("mean", LEVERS.mean()), ("policy of the look", (pi @ LEVERS)[:, None])):
        credit = np.broadcast_to(LEVERS - baseline, pi.shape)
        mean = np.einsum("n,na,nab->b", mass, pi * credit, u)
        assert np.allclose(mean, slopes, atol=1e-5)
        second = np.einsum("n,na,nab->b", mass, pi * credit**2, u**2)
        variance[name] = np.sum(second - mean**2)
    assert round(variance["mean"], 3) == 0.099
    assert round(variance["policy of the look"], 3) == 0.151
    assert np.abs(slopes).max() > 0.05  # lost with the value of the action taken: no credit is left


def house(seed=4):
    """A small task with chance, and the memory of an agent who knows its true action-values."""
    rng = np.random.default_rng(seed)
    moves = rng.dirichlet(np.ones(4), size=(4, 2))
    moves[3] = np.eye(4)[3]
    task = dra.tasks.tabular(moves, rng.normal(0, 3, (4, 2)), terminal=[3], start=0)
    q, sigma = np.zeros((4, 2)), rng.uniform(0.5, 3, (4, 2))
    for _ in range(200):
        P = dra.policy.choice_probabilities(q, sigma, 1.0)
        q = exact.evaluate(task, P, 0.8).action_values
        q[3] = 0.0
    return task, q, sigma


def means(task, q, sigma):
    """The slopes of the reward, and what the estimate is on average for each credit."""
    memory, options = dra.Memory(q, sigma, 5.0), {"beta": 1.0, "gamma": 0.8}
    true = exact.objective_gradient(task, memory, cost_weight=0.0, **options).sigma
    found = {
        credit: exact.expected_gradient(task, memory, credit=credit, **options)
        for credit in ("return", "q", "advantage")
    }
    return true, found


def test_4_quick_3():
    task, q, sigma = house()
    q[1] += 100  # one state
    true, found = means(task, q, sigma)
    assert np.abs(true[:3]).max() > 0.01
    assert all(np.allclose(mean, true, atol=1e-9) for mean in found.values())
    q[1, 0] += 1  # an error in the difference
    true, found = means(task, q, sigma)
    assert np.allclose(found["q"], found["advantage"], atol=1e-9)
    assert np.abs(found["q"] - true).max() > 1e-3


def test_4_certain():
    zeta = np.array([2.0, 0.5, -0.3])
    q = np.array([math.log(0.9999 / 0.00005) - 2.0, -0.5, 0.3])  # pi(first | zeta) = 0.9999
    assert np.allclose(np.abs(score(zeta, 0, q, np.ones(3), 1.0)), [2e-4, 0.25e-4, 0.15e-4])


def test_4_maze_drops():
    """Scores alone give the slopes of a task with chance, of which no credit knows anything."""
    task, q, sigma = house()
    wrong = np.random.default_rng(1).normal(0, 2, q.shape)  # nothing needs to be learned
    true, found = means(task, wrong, sigma)
    assert np.allclose(found["return"], true, atol=1e-9)


def test_4_baseline_what(at_nodes):
    mass, pi, u = at_nodes
    assert np.abs(np.einsum("na,nab->nb", pi, u)).max() < 1e-9  # for each noise
    taken = np.einsum("n,na,nab->b", mass, pi * np.array([1.0, 0.0, 0.0]), u)
    assert np.abs(taken).max() > 0.01  # what depends on the action does not drop out


def test_4_critic_lags():
    task, q, sigma = house()
    true, found = means(task, q + np.random.default_rng(2).normal(0, 1, q.shape), sigma)
    assert np.allclose(found["return"], true, atol=1e-9)
    for credit in ("q", "advantage"):
        assert np.abs(found[credit] - true)[:3].max() > 0.05


def test_4_variance_one():
    fields = next(x for x in source.read(4).quiz if x.name == "variance-one").fields
    assert [f.value for f in fields[:2]] == [30**2, 30]
    assert abs(fields[2].value - math.sqrt(30)) < fields[2].tolerance


def test_5_quick_1():
    """A step of size 1 puts the target into the mean: both actions averaged, for one draw."""
    moves = np.zeros((3, 2, 3))
    moves[0, :, 1] = moves[1:, :, 2] = 1.0
    task = dra.tasks.tabular(moves, np.zeros((3, 2)), terminal=[2], start=0, step_limit=1)
    q = np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 0.0]])
    options = {"q_init": q, "sigma_init": 2.0, "beta": 1.0, "gamma_q": 0.9, "progress": False}
    found = []
    for seed in range(5):
        rng = np.random.default_rng(seed)
        rng.standard_normal(2), rng.random()  # recall in the first state, and choose
        pi = dra.policy.softmax(q[1] + 2.0 * rng.standard_normal(2), 1.0)
        run = dra.train(task, 1, rng=seed, learning_rate_q=1.0, **options)
        assert math.isclose(run.memory.q[0].max(), 0.9 * pi[0], rel_tol=1e-12)
        found.append(pi[0])
    exactly = dra.policy.choice_probabilities(q[1], [2.0, 2.0], 1.0)[0]
    assert np.abs(np.array(found) - exactly).min() > 1e-3  # not over the draws


def test_5_quick_2():
    for sigma in (0.1, 3.0, 5.0):
        blank = dra.Memory.initial(MAZE, q=0.0, sigma=sigma, sigma_base=5.0)
        for credit in ("q", "advantage"):
            options = {"beta": 10.0, "rng": 0, "credit": credit}
            assert not dra.gradient.estimate(MAZE, blank, **options).any()
    assert np.abs(score(np.array([0.5, 0.48]), 0, np.zeros(2), np.full(2, 5.0), 10.0)).max() > 1


def after_a_trial(**options):
    """The sigma in a wall, where nobody ever is, after one trial."""
    return dra.train(MAZE, 1, rng=0, progress=False, **options).memory.sigma[WALL]


def test_5_quick_3():
    for low, thrown in ((0.1, 0.2), (0.01, 1.01)):
        found = after_a_trial(sigma_init=low, sigma_bounds=(low, 100.0))
        assert np.allclose(found, thrown, atol=1e-4 + 1e-2 * low)
    for arm, mean, error in (("floor 0.1", -7.46, 0.08), ("floor 0.01", -7.42, 0.09)):
        x = np.array(STORED[arm]["return"])
        assert (round(x.mean(), 2), round(x.std(ddof=1) / math.sqrt(x.size), 2)) == (mean, error)


def test_5_why_together():
    ends = {arm: np.mean(STORED[arm]["objective"]) for arm in STORED}
    assert ends["given the means of both"] > ends["both at once"] > -25
    assert ends["learn first"] < ends["given the optimum"] - 20 < -50
    blurred, truth = np.full((54, 4), 5.0), np.zeros((54, 4))  # on policy
    for _ in range(300):
        P = dra.policy.choice_probabilities(truth, blurred, 10.0)
        truth = exact.evaluate(MAZE, P, 0.9).action_values
        truth[MAZE.terminal] = 0.0
    run = dra.train(
        MAZE, 1000, rng=5, progress=False, learning_rate_sigma=0.0, sigma_init=5.0,
        snapshots=np.arange(900, 1000, 10), record_every=1000, n_trajectories=1,
    )  # fmt: skip
    learned = np.mean([m.q for m in run.snapshots.values()], axis=0)
    stakes = [q.max(axis=1) - q.mean(axis=1) for q in (learned, truth)]
    visited = learned.any(axis=1)
    assert visited.sum() == 46  # all cells but the goal
    # it has converged: step sizes of 0.1 leave about 0.1 in a cell (one agent, fixed seed)
    assert np.abs(stakes[0] - stakes[1])[visited].max() < 0.8


def test_5_fresh():
    q, sigma, beta = [0.0, -0.2, 0.6, 0.1], [0.5, 0.5, 1.0, 1.0], 10.0  # as in the chapter
    zeta = np.random.default_rng(5).standard_normal((400_000, 4))
    pi = dra.policy.softmax(np.array(q) + np.array(sigma) * zeta, beta)
    P = dra.policy.choice_probabilities(q, sigma, beta)
    reused = (pi**2).mean(axis=0) / pi.mean(axis=0)  # E[pi(a | zeta) given that a was chosen]
    # n = 400 000: 6 standard errors or more, false alarm below 1e-8
    assert np.allclose(pi.mean(axis=0), P, atol=0.005)
    assert np.all(reused > P + 0.1)  # 300 of them or more


def test_5_who_moves():
    before = dra.train(MAZE, 200, rng=1, progress=False).memory
    after = before.copy()
    assert dra.gradient.estimate(MAZE, after, beta=10.0, rng=2).any()
    assert np.array_equal(after.q, before.q) and np.array_equal(after.sigma, before.sigma)
    options = {"q_init": before.q, "sigma_init": before.sigma, "learning_rate_q": 0.0}
    trial = dra.train(MAZE, 1, rng=3, progress=False, **options).memory
    assert np.array_equal(trial.q, before.q) and np.all(trial.sigma != before.sigma)


def test_5_unvisited():
    for sigma in (0.5, 3.0, 4.9):
        assert np.all(after_a_trial(sigma_init=sigma) > sigma)
        assert np.all(after_a_trial(sigma_init=sigma) < sigma + 0.02)


def test_5_backwards():
    start, goal = (MAZE.layout.state(x) for x in (MAZE.layout.start, MAZE.layout.goal))
    near = np.any(MAZE.next_state[:, :, 0] == goal, axis=1) & ~MAZE.terminal
    for trials in (20, 200, 2000):
        memory = dra.train(MAZE, trials, rng=4, progress=False).memory
        visits = exact.evaluate(MAZE, memory.choice_probabilities(10.0), 1.0).visits
        assert visits[start] >= visits[near].max()
    text = printed("05-allocator")
    assert "learning 0.97 ± 0.01 20 520 means held 0.74 ± 0.06 0 230" in text


def test_5_peak():
    peak = np.array(STORED["peak"]["objective"])
    later = {arm[6:]: np.array(x["objective"]) for arm, x in STORED.items() if "peak, " in arm}
    assert np.all(later["then as before"] < peak) and peak.size == 40
    assert later["then means held"].mean() > peak.mean() + 1
    assert abs(later["then sigma slow"].mean() - later["then as before"].mean()) < 0.3
    assert peak.mean() - later["then as before"].mean() < 2  # a little


def printed(name):
    """What a stored chapter prints, with one blank for many."""
    cells = nbformat.read(BOOK / f"{name}.ipynb", as_version=4).cells
    outputs = (o for cell in cells if cell.cell_type == "code" for o in cell.outputs)
    return " ".join(" ".join(o.text for o in outputs if "text" in o).split())
