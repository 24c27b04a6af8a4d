"""Training: the paper's curve, interruption and resumption to the bit, and early errors."""

import os
import signal
import threading

import numpy as np
import pytest
from scipy import stats

import dra
from dra.costs import Cost

TASK = dra.tasks.gridworld()
TRIALS = [100, 200, 500, 1000, 2000, 3000, 4000, 4900]
# objective and cost, means of the authors' 5 stored runs (Patel, Acerbi & Pouget, 2020)
PAPER = {
    1.0: [
        [-53.9, -32.9, -14.0, -13.1, -12.9, -13.7, -14.4, -14.0],
        [15.17, 11.29, 8.00, 6.50, 6.20, 6.21, 6.45, 6.65],
    ],
    3.0: [
        [-66.1, -37.7, -16.6, -12.6, -13.0, -14.3, -14.2, -14.4],
        [4.08, 4.01, 4.55, 5.03, 5.47, 5.84, 6.42, 6.48],
    ],
    5.0: [
        [-105.5, -67.1, -34.0, -21.1, -14.8, -15.4, -14.1, -14.0],
        [0.25, 0.81, 2.07, 3.28, 4.96, 6.01, 6.15, 6.62],
    ],
}
OURS, THEIRS = 12, 5


def misfit(sigma_init, **changed):
    """Return the largest t statistic of our means against the authors', over all trials."""
    runs = [
        dra.train(
            TASK, 4901, rng=seed, sigma_init=sigma_init, record_every=100, progress=False, **changed
        ).history
        for seed in range(OURS)
    ]
    rows = np.array(TRIALS) // 100
    ours = np.array([[h.objective[rows], h.cost[rows]] for h in runs])
    spread = ours.std(axis=0, ddof=1) * np.sqrt(1 / OURS + 1 / THEIRS)
    rounding = np.array([[0.05], [0.005]])
    return ((np.abs(ours.mean(axis=0) - PAPER[sigma_init]) - rounding) / spread).max()


# 48 comparisons with 11 degrees of freedom; false alarm 1e-3 in all
LIMIT = stats.t.isf(1e-3 / 48 / 2, OURS - 1)


@pytest.mark.parametrize("sigma_init", PAPER)
def test_the_grid_world_follows_the_authors_curve(sigma_init):
    assert misfit(sigma_init) < LIMIT


@pytest.mark.parametrize("changed", [{"cost_weight": 0.11}, {"gamma": 0.95}])
def test_another_agent_does_not(changed):
    assert misfit(1.0, **changed) > LIMIT


def same(one, other):
    """Whether two runs agree to the bit."""
    return (
        np.array_equal(one.memory.q, other.memory.q)
        and np.array_equal(one.memory.sigma, other.memory.sigma)
        and np.array_equal(one.history, other.history)
        and one.env_steps == other.env_steps
        and list(one.snapshots) == list(other.snapshots)
        and all(np.array_equal(one.snapshots[t].q, other.snapshots[t].q) for t in one.snapshots)
    )


OPTIONS = {
    "sigma_init": 2.0,
    "record_every": 7,
    "snapshots": (0, 30, 59),
    "beta": np.linspace(5.0, 10.0, 60),
    "changes": {40: dra.tasks.gridworld_changed()},
    "progress": False,
}


class Stop(Exception):
    """Raised by a test's callback."""


def stop_after(trial):
    def callback(run):
        if run.trial == trial:
            raise Stop

    return callback


@pytest.mark.parametrize("trial", [1, 7, 29, 39, 40, 41, 59, 60])
@pytest.mark.parametrize("generator", [np.random.PCG64, np.random.MT19937, np.random.Philox])
def test_interrupted_and_resumed_equals_uninterrupted(trial, generator, tmp_path):
    path = tmp_path / "run.npz"

    def keep(run):
        if run.trial == trial:
            run.save(path)

    def rng():
        return np.random.Generator(generator(5))

    whole = dra.train(TASK, 60, rng=rng(), callback=keep, **OPTIONS)
    again = dra.resume(path, progress=False)
    assert again.finished and same(whole, again)
    assert not same(whole, dra.train(TASK, 60, rng=6, **OPTIONS))
    assert str(again.task) == str(TASK) and str(again.task_at(50)) == str(OPTIONS["changes"][40])


def test_a_longer_run_goes_on_from_a_shorter_one(tmp_path):
    options = {"record_every": 10, "progress": False}
    short = dra.train(TASK, 20, rng=1, **options)
    short.save(tmp_path / "run.npz")
    longer = dra.resume(tmp_path / "run.npz", trials=50, progress=False)
    assert same(longer, dra.train(TASK, 50, rng=1, **options))
    assert same(dra.resume(short, trials=50, progress=False), longer)


def test_a_run_made_longer_keeps_its_spacing():
    short = dra.train(TASK, 100, rng=1, progress=False)
    assert dra.resume(short, trials=110, progress=False).history.trial[-3:].tolist() == [
        104,
        106,
        108,
    ]


def test_ctrl_c_stops_between_trials_and_loses_nothing(tmp_path):
    path = tmp_path / "run.npz"

    def interrupt(run):
        if run.trial == 23:
            os.kill(os.getpid(), signal.SIGINT)

    options = {"record_every": 10, "progress": False}
    # a shell that starts the tests in the background lets them ignore Ctrl-C
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with pytest.raises(dra.Interrupted, match="23 of 60 trials") as stopped:
        dra.train(TASK, 60, rng=2, callback=interrupt, checkpoint=path, **options)
    assert isinstance(stopped.value, KeyboardInterrupt)
    whole = dra.train(TASK, 60, rng=2, **options)
    assert same(dra.resume(path, progress=False), whole)
    assert same(dra.resume(stopped.value.run, progress=False), whole)
    assert signal.signal(signal.SIGINT, before) is signal.default_int_handler


def test_a_failing_callback_loses_nothing_either(tmp_path):
    path = tmp_path / "run.npz"
    with pytest.raises(Stop):
        dra.train(TASK, 60, rng=2, callback=stop_after(35), checkpoint=path, checkpoint_every=10)
    assert dra.Run.load(path).trial == 30
    assert same(dra.resume(path), dra.train(TASK, 60, rng=2))
    assert dra.Run.load(path).trial == 60  # resuming a file keeps it up to date


def test_training_in_a_thread_works():
    runs = []
    thread = threading.Thread(target=lambda: runs.append(dra.train(TASK, 5, rng=0)))
    thread.start()
    thread.join()
    assert same(runs[0], dra.train(TASK, 5, rng=0))


def test_evaluation_does_not_touch_training():
    often = dra.train(TASK, 40, rng=3, record_every=1, evaluation_episodes=10)
    never = dra.train(TASK, 40, rng=3, record_every=1000)
    assert np.array_equal(often.memory.sigma, never.memory.sigma)
    assert len(often.history) == 40 and len(never.history) == 1


def test_history_says_what_it_says():
    run = dra.train(TASK, 101, rng=0, record_every=50)
    h = run.history
    assert h.trial.tolist() == [0, 50, 100] and h.env_steps[-1] == run.env_steps
    np.testing.assert_array_equal(h.objective, h.reward - h.cost)
    assert h.cost[-1] == run.memory.cost(0.1)
    # reward is the mean of 100 evaluation episodes: 5 standard errors, false alarm 6e-7
    after = dra.returns(TASK, run.memory, beta=10.0, episodes=20_000, rng=1)
    assert abs(h.reward[-1] - after.mean()) < 5 * after.std() / 10
    assert abs(h.reward[0] - after.mean()) > 5 * after.std() / 10


def test_your_own_cost_is_used_and_asked_for_again(tmp_path):
    kl = dra.costs.kl
    double = Cost("double", lambda s, b: 2 * kl.value(s, b), lambda s, b: 2 * kl.grad(s, b))
    mine = dra.train(TASK, 30, rng=0, cost=double)
    assert same(mine, dra.train(TASK, 30, rng=0, cost_weight=0.2))
    mine.save(tmp_path / "run.npz")
    with pytest.raises(ValueError, match="cost 'double' is not built in"):
        dra.resume(tmp_path / "run.npz")
    assert dra.Run.load(tmp_path / "run.npz", cost=double).cost == mine.cost
    entropy = dra.train(TASK, 30, rng=0, cost="entropy")
    entropy.save(tmp_path / "run.npz")
    assert dra.Run.load(tmp_path / "run.npz").parameters.cost is dra.costs.entropy


def test_known_memories_stay_as_they_are():
    task = dra.tasks.tabular(
        np.ones((2, 2, 1)) * [0, 1], [[1.0, 0.0]] * 2, terminal=[1], known={0: (7.0, 0.001)}
    )
    run = dra.train(task, 50, rng=0, sigma_base=5.0)
    assert run.memory.q[0, 0] == 7.0 and run.memory.sigma[0, 0] == 0.001
    assert run.memory.q[0, 1] != 0.0 or run.memory.sigma[0, 1] != 5.0


def test_same_seed_same_bits_and_generators_go_on():
    rng = np.random.default_rng(4)
    first, second = dra.train(TASK, 5, rng=rng), dra.train(TASK, 5, rng=rng)
    assert same(first, dra.train(TASK, 5, rng=4)) and not same(first, second)


def test_progress_is_shown_when_asked_for(capsys, monkeypatch):
    dra.train(TASK, 3, rng=0, progress=False)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("dra._progress.BAR_DELAY", 0)
    dra.train(TASK, 3, rng=0, progress=True)
    assert "trial" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"beta": 0}, "beta is 0"),
        ({"beta": np.nan}, "beta is nan"),
        ({"beta": [1.0, 2.0]}, "beta has 2 entries.*10 trials"),
        ({"beta": [1.0, -2.0] * 5}, r"beta\[1\] is -2.0"),
        ({"gamma_q": -0.1}, "gamma_q is -0.1"),
        ({"credit": "A"}, "credit is 'A'.*advantage"),
        ({"gamma": 2}, "gamma is 2"),
        ({"cost": "free"}, "cost is 'free'"),
        ({"cost": Cost("flat", lambda s, b: 1.0, lambda s, b: 0.0)}, "elementwise"),
        ({"cost_weight": -1}, "cost_weight is -1"),
        ({"learning_rate_q": -0.1}, "learning_rate_q is -0.1"),
        ({"learning_rate_q": 1.5}, "learning_rate_q is 1.5"),
        ({"learning_rate_sigma": np.inf}, "learning_rate_sigma is inf"),
        ({"n_trajectories": 2.5}, "n_trajectories is 2.5"),
        ({"q_init": [1.0, 2.0]}, "q_init has shape"),
        ({"sigma_init": -3.0}, "sigma_init is -3.0"),
        ({"sigma_init": np.nan}, "sigma_init is nan"),
        ({"sigma_base": 0.0}, "sigma_base is 0.0"),
        ({"sigma_bounds": (0.0, 1.0)}, r"sigma_bounds\[0\] is 0"),
        ({"sigma_bounds": (2.0, 1.0)}, "low must not exceed high"),
        ({"sigma_bounds": 3}, "sigma_bounds is 3"),
        ({"record_every": 0}, "record_every is 0"),
        ({"snapshots": 5}, "snapshots is 5"),
        ({"snapshots": [10]}, "snapshots names trial 10; the trials are 0 to 9"),
        ({"changes": {10: TASK}}, "changes names trial 10"),
        ({"sigma_init": 0.001}, "sigma_init reaches from 0.001.*sigma_bounds"),
        ({"snapshots": [-1]}, "snapshots is -1"),
        ({"checkpoint_every": 0}, "checkpoint_every is 0"),
        ({"lambda_": 1}, "'lambda_' is not a parameter"),
        ({"changes": {-1: TASK}}, "changes is -1"),
        ({"changes": {3: dra.tasks.gridworld(3, 3, goal=(0, 1), walls=())}}, r"changes\[3\]"),
    ],
)
def test_bad_arguments_are_refused_before_any_work(arguments, message):
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=message):
        dra.train(TASK, 10, rng=rng, **arguments)
    assert rng.random() == np.random.default_rng(0).random()


def test_bad_trials_and_files_are_refused(tmp_path):
    for trials in (0, -1, 2.5, "many"):
        with pytest.raises(ValueError, match="trials is"):
            dra.train(TASK, trials, rng=0)
    path = tmp_path / "run.npz"
    dra.train(TASK, 2, rng=0).save(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(ValueError, match="truncated"):
        dra.resume(path)
    dra.Memory([[0.0]], 1.0, 5.0).save(path)
    with pytest.raises(ValueError, match=r"holds dra.Memory; it must hold dra.Run"):
        dra.resume(path)
