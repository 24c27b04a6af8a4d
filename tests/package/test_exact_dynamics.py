"""The expected dynamics of DRA against trained memories, and its fixed points against itself."""

import numpy as np
import pytest
from oracles import action_values, random_mdp, random_memory, shared_task

import dra
from dra import exact
from dra.exact import flow as flows
from dra.exact import tied

PARAMETERS = {
    "beta": 2.0, "gamma_q": 0.8, "gamma": 0.9, "cost_weight": 0.05, "sigma_init": 1.0,
}  # fmt: skip
RATE = 1e-7  # of learning, so small that a thousand trials hardly move the memory


def drift(task, memory, parts=200, trials=100):
    """Return the change per trial of q and of sigma in ``parts`` runs of DRA, in units of RATE."""
    changes = []
    for seed in range(parts):
        run = dra.train(
            task, trials, rng=seed, record_every=trials, evaluation_episodes=1,
            learning_rate_q=RATE, learning_rate_sigma=RATE,
            **{**PARAMETERS, "q_init": memory.q, "sigma_init": memory.sigma},
        )  # fmt: skip
        moved = [(run.memory.q - memory.q).ravel(), (run.memory.sigma - memory.sigma).ravel()]
        changes.append(np.concatenate(moved) / (RATE * trials))
    return np.array(changes)


def largest_miss(samples, truth):
    """Return the largest miss of the mean of ``samples``, in standard errors.

    With 200 runs and at most 24 entries, 6 are exceeded with probability below 1e-6.
    """
    error = samples.std(axis=0, ddof=1) / np.sqrt(len(samples))
    live = error > 1e-6  # others: known memories, and sigmas that only their cost moves
    np.testing.assert_allclose(samples.mean(axis=0)[~live], truth[~live], atol=1e-5)
    return np.max(np.abs(samples.mean(axis=0) - truth)[live] / error[live])


@pytest.mark.parametrize("task", [random_mdp(1)[0], shared_task(1)])
def test_expected_step_is_the_average_trial(task):
    memory = random_memory(task, 5)
    rates = {"learning_rate_q": 1e-3, "learning_rate_sigma": 1e-3}
    after = exact.expected_step(task, memory, **PARAMETERS, **rates)
    of_q, of_sigma = (after.q - memory.q) / 1e-3, (after.sigma - memory.sigma) / 1e-3
    truth = np.concatenate([of_q.ravel(), of_sigma.ravel()])
    samples = drift(task, memory)
    assert largest_miss(samples, truth) < 6
    wrong = np.concatenate([1.3 * of_q.ravel(), of_sigma.ravel()])
    assert largest_miss(samples, wrong) > 6


@pytest.mark.parametrize("credit", ["return", "advantage"])
@pytest.mark.parametrize("task", [random_mdp(2, n_states=5)[0], shared_task(2)])
def test_nothing_moves_at_a_fixed_point(task, credit):
    options = {**PARAMETERS, "credit": credit}
    found = exact.fixed_point(task, **options)
    assert found.converged and found.residual < 1e-6
    after = exact.expected_step(task, found.memory, **options)
    np.testing.assert_allclose(after.q, found.memory.q, atol=1e-7)
    np.testing.assert_allclose(after.sigma, found.memory.sigma, atol=1e-5)
    start = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
    assert np.abs(exact.expected_step(task, start, **options).sigma - start.sigma).max() > 1e-3


def test_a_fixed_point_holds_the_values_of_its_policy():
    task, transition, reward, _ = random_mdp(3, n_states=5, n_actions=3)
    memory = exact.fixed_point(task, **PARAMETERS).memory
    policy = memory.choice_probabilities(PARAMETERS["beta"])
    truth = action_values(transition, reward, policy, PARAMETERS["gamma_q"])
    np.testing.assert_allclose(memory.q[:-1], truth[:-1], atol=1e-7)


def test_sigma_stops_at_its_bounds():
    task, *_ = random_mdp(3, n_states=5, n_actions=3)
    free = exact.fixed_point(task, **PARAMETERS).memory
    low = float(np.quantile(free.sigma, 0.2))
    options = {**PARAMETERS, "sigma_init": 4.5, "sigma_bounds": (low, 4.8)}
    bounded = exact.fixed_point(task, **options)
    assert bounded.converged
    assert bounded.memory.sigma.min() == low and bounded.memory.sigma.max() == 4.8
    assert exact.stability(task, bounded.memory, **options) < 0


def test_stability_is_the_rate_of_return():
    task, *_ = random_mdp(4, n_states=4)
    rates = {"learning_rate_q": 0.5, "learning_rate_sigma": 0.3}
    memory = exact.fixed_point(task, **PARAMETERS, tolerance=1e-10).memory
    rate = exact.stability(task, memory, **PARAMETERS, **rates)
    moved = dra.Memory(memory.q, 1.02 * memory.sigma, 5.0)
    away = []
    for _ in range(250):
        moved = exact.expected_step(task, moved, **PARAMETERS, **rates)
        away.append(np.abs(moved.sigma - memory.sigma).max())
    assert rate == pytest.approx(np.diff(np.log(away))[-50:].mean(), rel=0.05)
    assert rate < 0


def test_stability_is_that_of_a_fixed_point():
    task, *_ = random_mdp(4, n_states=4)
    memory = exact.fixed_point(task, **PARAMETERS).memory
    assert exact.stability(task, memory, **PARAMETERS) < 0
    away = [
        dra.Memory(memory.q, 1.01 * memory.sigma, 5.0),
        dra.Memory(memory.q + 0.01, memory.sigma, 5.0),
        dra.Memory.initial(task, sigma=1.0, sigma_base=5.0),
    ]
    for other in away:
        with pytest.raises(ValueError, match="memory is away from a fixed point: the residual is"):
            exact.stability(task, other, **PARAMETERS)
    with pytest.raises(ValueError, match="memory is away"):  # of other parameters
        exact.stability(task, memory, **{**PARAMETERS, "cost_weight": 0.06})
    with pytest.raises(ValueError, match="memory is away"):  # bounds that leave it out
        exact.stability(task, memory, **{**PARAMETERS, "sigma_bounds": (0.01, 1.0)})
    assert np.isfinite(exact.stability(task, away[1], **PARAMETERS, tolerance=0.1))


def test_steps_and_tolerance_are_what_was_asked_for():
    task, *_ = random_mdp(4, n_states=4)
    none = exact.fixed_point(task, **PARAMETERS, max_steps=0)
    assert none.steps == 0 and not none.converged
    np.testing.assert_array_equal(none.memory.sigma, 1.0)
    few = exact.fixed_point(task, **PARAMETERS, max_steps=2)
    assert few.steps == 2 and few.residual < none.residual
    rough = exact.fixed_point(task, **PARAMETERS, tolerance=1e-2)
    fine = exact.fixed_point(task, **PARAMETERS, tolerance=1e-10)
    assert 1e-10 < rough.residual <= 1e-2 and fine.residual <= 1e-10
    assert rough.converged and fine.converged and rough.steps < fine.steps


def test_progress_of_a_fixed_point(capsys, monkeypatch):
    task, *_ = random_mdp(4, n_states=4)
    monkeypatch.setattr("dra._progress.BAR_DELAY", 0)
    exact.fixed_point(task, **PARAMETERS, progress=False)
    assert capsys.readouterr().err == ""
    exact.fixed_point(task, **PARAMETERS, progress=True)
    assert "step" in capsys.readouterr().err


def test_dynamics_check_their_arguments():
    task, *_ = random_mdp(1)
    memory = random_memory(task, 0)
    with pytest.raises(ValueError, match="beta has 3 entries"):
        exact.expected_step(task, memory, beta=[1.0, 2.0, 3.0])
    with pytest.raises(ValueError, match="'rate' is not a parameter"):
        exact.fixed_point(task, rate=0.1)


@pytest.mark.slow
def test_the_maze_at_the_papers_parameters():
    task = dra.tasks.gridworld()
    options = {"beta": 10.0, "gamma": 1.0, "cost_weight": 0.1}
    trained = dra.train(task, 5000, rng=0).memory
    found = exact.fixed_point(task, start=trained)
    assert found.converged
    objective = exact.objective(task, found.memory, **options)
    assert objective == pytest.approx(-14.607, abs=0.01)
    # DRA with small steps stays there: 20 memories over a run, which scatter by about 0.05.
    run = dra.train(
        task, 6_000, rng=1, q_init=found.memory.q, sigma_init=found.memory.sigma,
        learning_rate_q=0.01, learning_rate_sigma=0.002, snapshots=range(0, 6_000, 300),
    )  # fmt: skip
    held = [exact.objective(task, memory, **options) for memory in run.snapshots.values()]
    assert np.mean(held) == pytest.approx(objective, abs=0.1)
    assert exact.stability(task, found.memory) < 0


def test_the_search_ends_where_no_step_is_short_enough(monkeypatch):
    lengths, task = [], random_mdp(1)[0]
    unit = exact.chain.states(task).unit

    def shorter(flow, sigma, point, drift, length):
        lengths.append(length)
        return sigma, point, length / 30

    monkeypatch.setattr(flows, "advance", shorter)
    found = exact.fixed_point(task, beta=2.0)
    assert not found.converged and found.steps == len(lengths) == 5
    assert lengths[0] == unit and lengths[-1] > 1e-6 * unit > lengths[-1] / 30


@pytest.mark.parametrize("credit", ["return", "q", "advantage"])
@pytest.mark.parametrize("task", [random_mdp(3, n_states=5)[0], shared_task(3)])
def test_the_jacobian_is_the_derivative_of_the_drift(task, credit):
    """Compared with differences of the drift, where memories are not yet the best."""
    p, credit = flows.resolved(task, {**PARAMETERS, "credit": credit})
    memory = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
    flow, sigma, point = flows.start_of(task, memory, p, credit)
    found, step = flows.jacobian(flow, sigma, point), 1e-4
    truth = np.zeros_like(found)
    for m in np.flatnonzero(~flow.ties.known):
        move = np.where(np.arange(sigma.size) == m, step, 0.0)
        more, less = (
            flow.drift(s, tied.settled(flow.ties, s[flow.ties.slot], point.x))
            for s in (sigma + move, sigma - move)
        )
        truth[:, m] = (more - less) / (2 * step)
    scale = np.abs(truth).max()
    free = ~flow.ties.known
    np.testing.assert_allclose(found[:, free], truth[:, free], atol=1e-5 * scale)
    assert np.abs(found - 1.01 * truth)[:, free].max() > 1e-3 * scale
