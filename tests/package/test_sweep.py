"""Sweeps: what the table holds, where its numbers come from, what is kept, what is refused."""

import json
import os
import subprocess
import sys
import threading

import joblib
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import dra
from dra import _cells, _contents, _parallel, _progress
from dra._compile import COMPILED

TASK = dra.tasks.gridworld(3, 4, start=(2, 0), goal=(0, 3), walls=[(1, 1)], step_limit=200)
CONDITIONS = {"rich": {"sigma_init": 1.0}, "poor": {"sigma_init": 5.0, "credit": "q"}}
RUN = {"seeds": 3, "trials": 10, "rng": 0, "n_jobs": 1, "record_every": 3}


def sweep(conditions=CONDITIONS, task=TASK, **options):
    return dra.sweep(task, conditions, **RUN | options)


def nats(run):
    """A measure."""
    return {"nats": np.float64(run.memory.cost()), "steps": np.int64(run.env_steps), "n": "a"}


def more_nats(run):
    """Another measure."""
    return {"nats": 2 * run.memory.cost()}


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


def begin(size, rng):
    return rng.integers(0, size)


def observe(size, place):
    return place


def move(size, place, action, rng):
    place = (place + 2 * action - 1) % size
    return place, -1.0, place == 0


RING = dra.tasks.simulated(
    begin, observe, move, n_states=9, n_actions=2, step_limit=50, constants=9, name="ring"
)


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


@pytest.mark.slow
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


# files -------------------------------------------------------------------------------------------


@pytest.fixture
def counted(monkeypatch):
    """The seeds of the cells that are computed."""
    done, compute = [], _cells.compute
    monkeypatch.setattr(_cells, "compute", lambda *a: done.append(a[-1]) or compute(*a))
    return done


def test_finished_cells_are_not_computed_again(tmp_path, counted):
    table = sweep(folder=tmp_path / "new" / "folder", measure=nats)
    again = sweep(folder=tmp_path / "new" / "folder", measure=nats)
    assert_frame_equal(again, table)
    assert len(counted) == 6
    more = sweep(
        CONDITIONS | {"new": {}}, folder=tmp_path / "new" / "folder", measure=nats, seeds=4
    )
    assert len(counted) == 6 + 2 + 4
    assert_frame_equal(table.merge(more), table)


CHANGED = {
    "trials": {"trials": 11}, "stream": {"rng": 1}, "measure": {"measure": more_nats},
    "common": {"beta": 3.0}, "cost": {"cost": dra.costs.weighted("kl", [1.0, 1.0, 2.0, 1.0])},
    "condition": {"conditions": {k: c | {"cost_weight": 0.2} for k, c in CONDITIONS.items()}},
    "task": {"task": dra.tasks.gridworld(3, 4, start=(2, 0), goal=(0, 3), walls=[(1, 2)],
                                         step_limit=200)},
    "step limit": {"task": dra.tasks.gridworld(3, 4, start=(2, 0), goal=(0, 3), walls=[(1, 1)],
                                               step_limit=100)},
    "changes": {"conditions": {k: c | {"changes": {5: TASK}} for k, c in CONDITIONS.items()}},
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGED)
def test_a_cell_of_something_else_is_not_taken(tmp_path, counted, what):
    sweep(folder=tmp_path, measure=nats)
    changed = {"measure": nats, **CHANGED[what]}
    assert_frame_equal(sweep(folder=tmp_path, **changed), sweep(**changed))
    assert len(counted) == 6 + 6 + 6


def test_another_version_of_the_package_computes_anew(tmp_path, counted, monkeypatch):
    sweep(folder=tmp_path)
    monkeypatch.setattr(_contents, "package", lambda: "another")
    sweep(folder=tmp_path)
    assert len(counted) == 12


def test_functions_are_told_apart_by_what_they_do():
    def made(factor, by=1):
        return lambda run: factor * by

    def table_of(run):
        return pd.DataFrame({"a": [run]})  # of another library

    one, two = made(1), made(2)
    assert _contents.digest(one) == _contents.digest(made(1)) != _contents.digest(two)
    assert _contents.digest(table_of) == _contents.digest(table_of) != _contents.digest(one)
    ring = dra.tasks.simulated(
        begin, observe, lambda s, p, a, rng: (p, -2.0, False), n_states=9, n_actions=2,
        step_limit=50, constants=9, name="ring",
    )  # fmt: skip
    assert _contents.digest(ring) != _contents.digest(RING)


@pytest.mark.parametrize("damage", ["empty", "cut", "flipped", "of another kind"])
def test_a_damaged_file_is_computed_again(tmp_path, counted, damage):
    table = sweep(folder=tmp_path)
    path = sorted(tmp_path.glob("*.npz"))[2]
    data = bytearray(path.read_bytes())
    if damage == "of another kind":
        dra.Memory.initial(TASK, sigma=1.0, sigma_base=5.0).save(path)
    else:
        data[len(data) // 2] ^= 255
        path.write_bytes({"empty": b"", "cut": data[:-40], "flipped": data}[damage])
    with pytest.warns(UserWarning, match="the cell is computed again"):
        assert_frame_equal(sweep(folder=tmp_path), table)
    assert len(counted) == 7
    assert_frame_equal(sweep(folder=tmp_path), table)


# errors ------------------------------------------------------------------------------------------


class Picky:
    """A measure that one agent fails."""

    def __init__(self, steps):
        self.steps = steps

    def __call__(self, run):
        if run.env_steps == self.steps:
            raise RuntimeError("too far")
        return {}


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_failing_cell_leaves_the_others(tmp_path, n_jobs):
    table = sweep()
    last = table[table.trial == 9]
    bad = last.iloc[4]
    run = dra.sweep(TASK, CONDITIONS, **RUN | {"seeds": [bad.seed]}, measure=nats)
    steps = run[run.condition == bad.condition].steps.iloc[0]
    with pytest.raises(dra.CellsFailed, match="1 of 6 cells failed") as caught:
        sweep(measure=Picky(steps), folder=tmp_path, n_jobs=n_jobs)
    assert f"condition 'poor', seed {bad.seed}: RuntimeError: too far" in str(caught.value)
    ((name, seed, text),) = caught.value.failures
    assert (name, seed) == ("poor", bad.seed) and "in __call__" in text
    others = table[(table.condition != name) | (table.seed != seed)]
    assert_frame_equal(caught.value.table, others.reset_index(drop=True))
    assert len([*tmp_path.glob("*.npz")]) == 5


@pytest.mark.parametrize(
    ("found", "message"),
    [(3, "must be a mapping"), ({"reward": 1}, "not there yet"), ({1: 1}, "not there yet"),
     ({"a": [1]}, "a number or a text")],
)  # fmt: skip
def test_what_measure_returns_is_looked_at(found, message):
    with pytest.raises(dra.CellsFailed, match=message):
        sweep(measure=lambda run: found)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"conditions": {}}, "conditions is empty"),
        ({"conditions": [{"beta": 1.0}, {"beta": 1.0}]}, "two of the name 'beta=1.0'"),
        ({"conditions": {1: {}, "1": {}}}, "two of the name '1'"),
        ({"conditions": {"a": {"beta": -1}}}, r"conditions\['a'\]: beta is -1"),
        ({"conditions": {"a": {"bata": 1}}}, "'bata' is not a parameter"),
        ({"conditions": {"a": {"task": 3}}}, r"conditions\['a'\]: task is 3"),
        ({"conditions": {"a": {"callback": len}}}, "'callback' is not a parameter"),
        ({"conditions": {"a": {"rng": -1}}}, "an entry of rng is -1"),
        ({"conditions": {"a": {"changes": {99: TASK}}}}, "changes names trial 99"),
        ({"task": None}, r"conditions\['rich'\]: task is None"),
        ({"seeds": [1, 1]}, "none of them twice"),
        ({"seeds": []}, "there must be some"),
        ({"n_jobs": 0}, "n_jobs is 0"),
        ({"snapshots": [99]}, "snapshots names trial 99"),
    ],
)
def test_what_is_not_legal_is_refused_before_any_work(options, message, counted, tmp_path):
    with pytest.raises(ValueError, match=message):
        sweep(**options, folder=tmp_path / "none")
    assert not counted and not (tmp_path / "none").exists()


def test_what_cannot_be_sent_is_refused(counted, tmp_path):
    lock = threading.Lock()

    def measure(run):
        return {"locked": lock.locked()}

    with pytest.raises(ValueError, match="cannot be sent to another process"):
        sweep(measure=measure, n_jobs=2)
    assert not counted
    assert not sweep(measure=measure, n_jobs=1).locked.any()


def test_a_folder_that_is_a_file_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match=r"folder is .*file"):
        sweep(folder=tmp_path / "file")


@pytest.mark.parametrize("library", ["joblib", "pandas", "cloudpickle"])
def test_a_library_that_is_missing_is_named(monkeypatch, library):
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(ImportError, match=rf"{library} is not installed; pip install 'dra"):
        sweep()
