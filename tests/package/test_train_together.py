"""Many short trials are done at once: the same run as one by one, whatever breaks off between."""

import os
import signal

import numpy as np
import pytest
from legal_calls import same

import dra
from dra import allocator

MAZE, PLAN = dra.tasks.gridworld(), dra.tasks.huys(3)
WALLED = dra.tasks.gridworld_changed()
HUGE = dra.tasks.tabular([[[1.0]]], [[1e307]], step_limit=5)  # its value grows without end


@pytest.fixture
def calls(monkeypatch):
    """How many trials each call of the loops was told to do."""
    told, tell = [], allocator._tell

    def noted(run, given, most, every):
        tell(run, given, most, every)
        told.append(int(given.trials[0]))

    monkeypatch.setattr(allocator, "_tell", noted)
    return told


@pytest.mark.parametrize(
    ("task", "trials", "options"),
    [
        (MAZE, 300, {}),
        (MAZE, 150, {"snapshots": [0, 1, 70, 149], "changes": {30: WALLED, 31: MAZE, 90: WALLED}}),
        (PLAN, 500, {"record_every": 7}),
        (PLAN, 130, {"beta": np.linspace(1, 10, 130), "record_every": 1000}),
        (PLAN, 200, {"credit": "return", "snapshots": [3, 90], "record_every": 100}),
        (PLAN, 100, {"cost": "entropy"}),
    ],
)
def test_at_once_or_one_by_one(task, trials, options, calls):
    together = dra.train(task, trials, rng=3, progress=False, **options)
    at_once = len(calls)
    alone = dra.train(task, trials, rng=3, progress=False, callback=lambda run: None, **options)
    assert same(together, alone)
    assert len(calls) - at_once == trials and sum(calls) == 2 * trials
    assert at_once == trials if "cost" in options else at_once < trials / 2


def test_another_seed_is_another_run():
    runs = [dra.train(PLAN, 100, rng=seed, progress=False) for seed in (3, 4)]
    assert not same(*runs)


def test_never_more_at_once_than_ctrl_c_may_wait_for(calls):
    dra.train(PLAN, 2000, rng=0, progress=False, record_every=2000)
    assert max(calls) == allocator.TOGETHER
    calls.clear()
    wide = dra.tasks.gridworld(30, 30, start=(0, 0), goal=(29, 29), walls=())
    dra.train(wide, 4, rng=0, progress=False, record_every=4, n_trajectories=30)
    assert calls == [1, 1, 1, 1]


def test_a_checkpoint_falls_where_it_is_asked_for(tmp_path, calls):
    path, saved = tmp_path / "run.npz", []
    options = {"progress": False, "record_every": 1000}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dra.Run, "save", lambda run, path: saved.append(run.trial))
        dra.train(PLAN, 100, rng=0, checkpoint=path, checkpoint_every=30, **options)
    assert saved == [30, 60, 90, 100] and max(calls) > 20


@pytest.mark.parametrize("compiled", [True, False])
def test_the_run_of_an_error_is_after_its_last_whole_trial(compiled, calls):
    options = {"rng": 1, "progress": False, "learning_rate_q": 0.1, "record_every": 50}
    options |= {"compiled": compiled, "beta": 1e-308, "gamma_q": 1.0, "evaluation_episodes": 1}
    with pytest.raises(FloatingPointError, match=r"in trial (\d+) the step") as caught:
        dra.train(HUGE, 500, **options)
    run = caught.value.run
    assert f"in trial {run.trial} " in str(caught.value) and run.trial > 10
    assert max(calls) > 1 or not compiled
    before = dra.train(HUGE, run.trial, **options)
    for name in ("q", "sigma"):
        assert np.array_equal(getattr(run.memory, name), getattr(before.memory, name))
    assert run.rng.bit_generator.state == before.rng.bit_generator.state
    assert run.records == before.records and run.env_steps == before.env_steps


def test_a_second_ctrl_c_leaves_a_whole_run_too(monkeypatch):
    """It comes while the loops are busy: Python raises it when they return."""
    whole = dra.train(PLAN, 400, rng=5, progress=False)
    work = allocator._work

    def interrupted(*arguments):
        trials, *rest = work(*arguments)

        def going():
            for number, result in enumerate(trials):
                if number == 20:
                    for _ in range(2):
                        os.kill(os.getpid(), signal.SIGINT)
                yield result

        return going(), *rest

    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt) as caught:
            patch.setattr(allocator, "_work", interrupted)
            dra.train(PLAN, 400, rng=5, progress=False)
    finally:
        signal.signal(signal.SIGINT, before)
    assert not isinstance(caught.value, dra.Interrupted) and 0 < caught.value.run.trial < 400
    assert same(dra.resume(caught.value.run, progress=False), whole)
