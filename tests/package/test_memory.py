"""The memory: its price, its files, its errors."""

import copy
import dataclasses
import math
import pickle

import numpy as np
import pytest

import dra
from dra import costs

MEMORY = dra.Memory([[1.0, 0.0], [2.0, 2.0]], [[1.0, 5.0], [0.5, 3.0]], 5.0)


def test_cost_is_the_weighted_sum_over_memories():
    each = [math.log(5 / s) + s * s / 50 - 0.5 for s in (1.0, 5.0, 0.5, 3.0)]
    assert MEMORY.cost(0.1) == pytest.approx(0.1 * sum(each))
    assert MEMORY.cost(2.0, "entropy") == pytest.approx(2 * math.log(625 / 7.5))
    assert MEMORY.cost(1.0, costs.precision) == pytest.approx(0.5 * (24 + 0 + 99 + 16 / 9))


def test_known_memories_are_free():
    known = dra.Memory(MEMORY.q, MEMORY.sigma, 5.0, known=[[True, False], [True, False]])
    assert known.cost() == pytest.approx(math.log(5 / 3) + 9 / 50 - 0.5)


def test_dprime_and_entropy_of_the_greedy_choice():
    np.testing.assert_allclose(MEMORY.dprime(), [1 / math.sqrt(26), 0.0])
    np.testing.assert_allclose(MEMORY.choice_entropy(base=2)[1], 1.0)
    assert (MEMORY.choice_probabilities(10.0)[0, 0] > 0.5).all()


def test_saved_memory_comes_back_to_the_bit(tmp_path):
    path = tmp_path / "memory.npz"
    MEMORY.save(path)
    again = dra.Memory.load(path)
    for name, value in MEMORY.arrays().items():
        np.testing.assert_array_equal(getattr(again, name), value)


def test_damaged_files_are_refused_and_named(tmp_path):
    path = tmp_path / "memory.npz"
    MEMORY.save(path)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(ValueError, match=r"memory.npz.*truncated"):
        dra.Memory.load(path)
    np.savez(path, x=1)
    with pytest.raises(ValueError, match=r"must hold dra.Memory"):
        dra.Memory.load(path)
    with pytest.raises(FileNotFoundError):
        dra.Memory.load(tmp_path / "nothing.npz")


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "memory.npz"
    MEMORY.save(path)
    before = path.read_bytes()

    def fail(*_, **__):
        raise OSError("disk full")

    monkeypatch.setattr(np, "savez_compressed", fail)
    with pytest.raises(OSError, match="disk full"):
        MEMORY.copy().save(path)
    assert path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == ["memory.npz"]


def test_a_memory_keeps_its_own_copy():
    q = np.zeros((1, 2))
    memory = dra.Memory(q, 1.0, 5.0)
    q[0, 0] = 9.0
    copy = memory.copy()
    copy.sigma[0, 0] = 3.0
    assert memory.q[0, 0] == 0.0 and memory.sigma[0, 0] == 1.0


def test_printing_lists_memories_and_says_what_was_left_out():
    assert "0, 1" in str(MEMORY) and "..." not in str(MEMORY)
    assert "100 memories in all" in str(dra.Memory(np.zeros((50, 2)), 1.0, 5.0))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([[np.nan]], 1.0, 5.0), r"q\[0, 0\] is nan"),
        (([["a"]], 1.0, 5.0), "q is"),
        (([[0.0]], -1.0, 5.0), "sigma is -1.0.*above 0"),
        (([[0.0, 1.0]], [[1.0, 0.0]], 5.0), r"sigma\[0, 1\] is 0.0"),
        (([[0.0, 1.0]], [1.0, 1.0, 1.0], 5.0), r"sigma has shape \(3,\)"),
        (([[0.0]], 1.0, 0.0), "sigma_base is 0.0"),
        (([[0.0]], 1.0, None), "sigma_base is None"),
        (([[0.0]], 1.0, 5.0, [True, False]), "known has shape"),
        (([[0.0]], 1.0, 5.0, [[1]]), r"known is \[\[1\]\]; every entry must be True or False"),
        (([[0.0]], 1.0, 5.0, None, [True, False]), "available has shape"),
        (([[0.0]], 1.0, 5.0, None, "yes"), "available is 'yes'"),
    ],
)
def test_bad_memories_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        dra.Memory(*arguments)


def absent(task, *pairs):
    """Return ``task`` without the choices ``pairs``."""
    available = np.ones(task.slot.shape, bool)
    available[tuple(zip(*pairs, strict=True))] = False
    if "available" in {f.name for f in dataclasses.fields(task)}:
        return dataclasses.replace(task, available=available)
    object.__setattr__(task, "available", available)
    return task


def line(**options):
    """Return a task of three states and two actions; state 2 ends it."""
    transition = np.zeros((3, 2, 3))
    transition[[0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [0, 1, 1, 2, 2, 2]] = 1.0
    return dra.tasks.tabular(transition, np.zeros((3, 2)), terminal=[2], **options)


def test_choices_that_do_not_exist_are_neither_paid_for_nor_made_nor_shown():
    task = absent(line(), (0, 0), (1, 1))
    memory = dra.Memory.initial(task, q=[[9, 1], [1, 9], [0, 0]], sigma=2.5, sigma_base=5.0)
    np.testing.assert_array_equal(memory.available, task.available)
    assert memory.known[0, 0] and memory.known[1, 1] and memory.known.sum() == 2
    assert memory.cost() == pytest.approx(4 * costs.kl.value(2.5, 5.0), rel=1e-14)
    whole = dra.Memory.initial(line(), sigma=2.5, sigma_base=5.0)
    assert whole.available.all() and not whole.known.any() and whole.cost() > memory.cost()
    rows = memory.rows(task)
    np.testing.assert_array_equal(rows.available, task.available)
    for read in (memory, rows, memory.copy(), copy.deepcopy(memory)):
        np.testing.assert_array_equal(read.choice_probabilities(3.0)[:2], [[0, 1], [1, 0]])
        np.testing.assert_array_equal(read.choice_entropy()[:2], 0)
        np.testing.assert_array_equal(read.dprime()[:2], math.inf)
    assert "0, 1" in str(memory) and "0, 0" not in str(memory)
    assert "of 4 action-values" in repr(memory)


def test_a_memory_read_by_a_task_takes_the_choices_of_the_task():
    whole = dra.Memory(np.zeros((3, 2)), 1.0, 5.0)
    rows = whole.rows(absent(line(), (0, 0)))
    assert not rows.available[0, 0] and rows.known[0, 0] and rows.available.sum() == 5


def test_a_shared_memory_exists_if_one_of_its_choices_does():
    task = absent(line(slot=[[0, 1], [0, 2], [3, 4]]), (0, 0), (1, 1))
    memory = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
    assert memory.available.tolist() == [True, True, False, True, True]
    assert memory.rows(task).available.tolist() == task.available.tolist()


def test_files_keep_what_is_available_and_older_ones_have_all(tmp_path):
    path = tmp_path / "memory.npz"
    some = dra.Memory(MEMORY.q, MEMORY.sigma, 5.0, None, [[True, False], [True, True]])
    some.save(path)
    np.testing.assert_array_equal(dra.Memory.load(path).available, some.available)
    old = {k: v for k, v in some.arrays().items() if k != "available"}
    np.savez(path, kind="dra.Memory", **old)
    assert dra.Memory.load(path).available.all()
    del old["sigma"]
    np.savez(path, kind="dra.Memory", **old)
    with pytest.raises(ValueError, match=r"sigma.*is missing"):
        dra.Memory.load(path)


def test_a_memory_travels_between_processes():
    for again in (pickle.loads(pickle.dumps(MEMORY)), copy.deepcopy(MEMORY)):
        for name, value in MEMORY.arrays().items():
            np.testing.assert_array_equal(getattr(again, name), value)
        again.sigma[0, 0] = 2.0
    assert MEMORY.sigma[0, 0] == 1.0


@pytest.mark.parametrize(("field", "value"), [("sigma", -1.0), ("sigma", np.nan), ("q", np.inf)])
def test_a_change_in_place_that_is_not_legal_is_noticed_where_it_is_used(field, value, tmp_path):
    task = line()
    memory = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
    getattr(memory, field)[1, 0] = value
    uses = [
        memory.cost, memory.check, memory.dprime, memory.choice_entropy,
        lambda: memory.choice_probabilities(1.0), lambda: memory.table(task),
        lambda: memory.rows(task), memory.copy, lambda: memory.save(tmp_path / "memory.npz"),
        lambda: dra.returns(task, memory, beta=1.0, episodes=1, rng=0),
        lambda: dra.exact.objective(task, memory, beta=1.0, gamma=0.9, cost_weight=0.1),
    ]  # fmt: skip
    for use in uses:
        with pytest.raises(ValueError, match=rf"{field}\[1, 0\] is {value}"):
            use()
    assert not list(tmp_path.iterdir())
    assert repr(memory)  # a debugger must be able to show it


@pytest.mark.parametrize("cost_weight", [-1, np.nan, np.inf, "abc", None, []])
def test_what_is_no_cost_weight_is_named(cost_weight):
    with pytest.raises(ValueError, match="cost_weight is"):
        MEMORY.cost(cost_weight)


def test_the_text_names_its_cost():
    assert "kl (nats)" in str(MEMORY) and "precision (nats)" in MEMORY.text("precision")
    assert f"{costs.precision.value(0.5, 5.0):.4g}" in MEMORY.text("precision")
    assert f"KL cost {MEMORY.cost():.4g} nats" in repr(MEMORY)


def test_a_memory_can_be_of_single_precision():
    q = np.full((1, 3), 1 / 3, np.float32)
    memory = dra.Memory(q, q, np.float32(5), np.zeros((1, 3), bool))
    assert memory.q.dtype == float and isinstance(memory.sigma_base, float)
