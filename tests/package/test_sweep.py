"""Sweeps: what the table holds, and where its numbers come from, in any number of processes."""

import json
import os
import subprocess
import sys

import joblib
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from small_sweep import CONDITIONS, RING, TASK, nats, sweep

import dra
from dra import _parallel, _progress
from dra._compile import COMPILED

pytestmark = pytest.mark.slow

# the table ---------------------------------------------------------------------------------------


def test_the_table_has_a_row_for_each_record_and_columns_that_say_what_they_are():
    table = sweep(measure=nats)
    assert table.columns.tolist() == [
        "condition", "seed", "sigma_init", "credit", *dra.run.HISTORY, "nats", "steps", "n"
    ]  # fmt: skip
    assert len(table) == 2 * 3 * 4
    assert table.condition.tolist() == ["rich"] * 12 + ["poor"] * 12
    assert table.seed.tolist() == 2 * sorted(4 * [0, 1, 2])
    assert table.trial.tolist() == 6 * [0, 3, 6, 9]
    assert table.groupby("condition").sigma_init.unique().map(list).to_dict() == {
        "rich": [1.0], "poor": [5.0]
    }  # fmt: skip
    assert table.credit.tolist() == ["advantage"] * 12 + ["q"] * 12  # the preset's, where not named
    assert table.dtypes[["seed", "trial", "env_steps", "steps"]].tolist() == [np.int64] * 4


def test_the_numbers_are_those_of_train_with_the_seed_that_the_condition_gives():
    own = {"one": {"rng": [5, 6], "beta": 3.0}, "two": {"rng": 7, "changes": {5: TASK}}}
    table = sweep(own, measure=nats, seeds=[4, 2])
    for name, rng, options in (
        ("one", [5, 6], {"beta": 3.0}),
        ("two", [7], {"changes": {5: TASK}}),
    ):
        for seed in (4, 2):
            run = dra.train(TASK, 10, rng=[*rng, seed], record_every=3, **options)
            rows = table[(table.condition == name) & (table.seed == seed)]
            for column in dra.run.HISTORY:
                assert rows[column].tolist() == run.history[column].tolist()
            assert set(rows.nats) == {run.memory.cost()}
    assert table.beta.isin([3.0, 10.0]).all()


def test_the_stream_of_a_cell_depends_on_its_condition_and_seed_alone():
    table = sweep()
    turned = sweep({"poor": CONDITIONS["poor"], "else": {}, "rich": CONDITIONS["rich"]},
                   seeds=[2, 7, 0, 1])  # fmt: skip
    assert_frame_equal(table.merge(turned), table)
    assert len(turned) == 3 * 4 * 4
    generator = sweep(rng=np.random.default_rng(0))
    assert_frame_equal(generator, table)
    assert not sweep(rng=1).reward.equals(table.reward)


def test_conditions_and_seeds_draw_different_numbers_unless_they_share_their_rng():
    def first(table):
        return table[table.trial == 0].groupby("condition").env_steps.apply(list)

    same = {"a": {}, "b": {}}
    table = first(sweep(same))
    assert table["a"] != table["b"] and len(set(table["a"])) == 3
    shared = first(sweep({name: {"rng": 3} for name in same}))
    assert shared["a"] == shared["b"]


def test_a_list_of_conditions_is_named_by_what_it_says():
    other = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    entries = [{"beta": 3.0, "task": TASK}, {"task": other, "q_init": np.ones((3, 4))}]
    table = sweep(entries, None, seeds=1)
    assert table.condition.unique()[0] == "beta=3.0, task=grid-world"
    assert table.condition.unique()[1].startswith("task=grid-world, q_init=")
    assert table.columns[2:4].tolist() == ["beta", "task"]  # q_init is no number
    assert sweep([{}]).condition.unique().tolist() == ["default"]
    assert sweep({1.0: {}, 2: {}}).condition.dtype == float
    assert_frame_equal(
        sweep([{"beta": 3.0}], seeds=1)[[*dra.run.HISTORY]],
        sweep({"beta=3.0": {"beta": 3.0}}, seeds=1)[[*dra.run.HISTORY]],
    )


def test_a_table_survives_csv(tmp_path):
    table = sweep(measure=nats)
    table.to_csv(tmp_path / "table.csv", index=False)
    assert_frame_equal(pd.read_csv(tmp_path / "table.csv"), table)


def test_a_bar_counts_the_cells_those_that_were_there_too(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(_progress, "BAR_DELAY", 0)
    sweep(seeds=2, folder=tmp_path, progress=True)
    assert " 0/4 " in capsys.readouterr().err
    sweep(seeds=3, folder=tmp_path, progress=True)
    assert " 4/6 " in capsys.readouterr().err
    sweep(folder=tmp_path, progress=False)
    assert capsys.readouterr().err == ""


# several processes -------------------------------------------------------------------------------


def test_any_number_of_processes_and_threads_gives_the_same_table():
    """A notebook's functions, which no other process can import, included."""
    space = {}
    exec("def local(run):\n    return {'nats': run.memory.cost()}", space)
    options = {"measure": space["local"], "seeds": 2}
    both = {"ring": {"task": RING}, "car": {"task": dra.tasks.mountain_car(step_limit=20)},
            "maze": {}}  # fmt: skip
    alone = sweep(both, **options)
    assert_frame_equal(sweep(both, **options, n_jobs=2), alone)
    with joblib.parallel_config(backend="threading", n_jobs=3):
        assert_frame_equal(sweep(both, **options, n_jobs=None), alone)


def threads(run):
    """Settings of the process."""
    return {"threads": os.environ.get("OPENBLAS_NUM_THREADS", ""), "process": os.getpid()}


def test_a_process_has_one_thread_and_a_caller_may_choose_otherwise(monkeypatch):
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "3")
    table = sweep({"a": {}}, measure=threads, n_jobs=2)
    assert set(table.threads) == {"1"} and os.getpid() not in set(table.process)
    with joblib.parallel_config("loky", inner_max_num_threads=2, n_jobs=2):
        table = sweep({"a": {}}, measure=threads, n_jobs=None)
    assert set(table.threads) == {"2"}
    table = sweep({"a": {}}, measure=threads)
    assert set(table.process) == {os.getpid()}


def test_joblib_is_left_as_it_was():
    before = joblib.parallel.get_active_backend()
    with pytest.raises(dra.CellsFailed):
        sweep(measure=len)
    after = joblib.parallel.get_active_backend()
    assert type(after[0]) is type(before[0]) and after[1] == before[1]
    assert after[0].inner_max_num_threads is None


def test_what_is_sent_twice_arrives_as_one_object():
    """Its loops are then made once in each process, and not for each cell."""
    shared = _parallel.Shared(RING)
    one, two = received(shared), received(shared)
    assert one is two and one is not RING


def received(shared):
    """What another process makes of it."""
    function, arguments = shared.__reduce__()
    return function(*arguments).value


COLD = """
import json, dra
tasks = {"maze": {"task": dra.tasks.gridworld(step_limit=500)},
         "car": {"task": dra.tasks.mountain_car(step_limit=20)}}
table = dra.sweep(None, tasks, seeds=2, trials=2, rng=0, n_jobs=2)
print(json.dumps(table.reward.tolist()))
"""


@pytest.mark.skipif(not COMPILED, reason="Numba is not installed")
def test_processes_that_compile_at_once_do_not_disturb_each_other(tmp_path):
    env = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)}
    said = subprocess.run(
        [sys.executable, "-c", COLD], env=env, capture_output=True, text=True, check=True
    )
    assert said.stderr == "" and [*tmp_path.rglob("*.nbc")]
    space = {"print": lambda text: None}
    exec(COLD.replace("n_jobs=2", "n_jobs=1"), space)
    assert json.loads(said.stdout) == space["table"].reward.tolist()
