"""The memory: its price, its files, its errors."""

import math

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
    ],
)
def test_bad_memories_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        dra.Memory(*arguments)
