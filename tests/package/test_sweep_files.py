"""The files of a sweep, what it refuses, and what an error leaves."""

import sys
import threading

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from small_sweep import CONDITIONS, RING, RUN, TASK, begin, more_nats, nats, observe, sweep

import dra
from dra import _cells, _contents

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
