"""Runs in files: what is kept, what is asked for again, and what is refused before the work."""

import json
import warnings

import numpy as np
import pytest

import dra
from dra import _archive, _files

ROOM = {"rows": 1, "columns": 4, "start": (0, 0), "goal": (0, 3), "walls": ()}
QUIET = {"record_every": 5, "evaluation_episodes": 2}


def room():
    return dra.tasks.gridworld(**ROOM)


def corridor(**options):
    transition = np.zeros((3, 2, 3))
    transition[0, :, 1] = transition[1, :, 2] = transition[2, :, 2] = 1.0
    rewards = [[0.0, 0.0], [10.0, 5.0], [0.0, 0.0]]
    return dra.tasks.tabular(transition, rewards, terminal=[2], **options)


class Row:
    """A layout of a reader's own."""

    def image(self, values):
        return np.asarray(values)[None]


def doubled(name="doubled", times=2.0):
    kl = dra.costs.kl
    return dra.costs.Cost(
        name, lambda s, b: times * kl.value(s, b), lambda s, b: times * kl.grad(s, b)
    )


def psi(values, chosen, reward, next_values, terminated):
    return values[chosen]


def half(task, path, **options):
    dra.train(task, 6, rng=0, checkpoint=path, **QUIET, **options)
    return dra.train(task, 10, rng=0, **QUIET, **options)


def same(run, other):
    np.testing.assert_array_equal(run.memory.q, other.memory.q)
    np.testing.assert_array_equal(run.memory.sigma, other.memory.sigma)
    np.testing.assert_array_equal(run.history, other.history)


@pytest.mark.parametrize(
    "make",
    [room, lambda: dra.tasks.huys(3), lambda: dra.tasks.mountain_car(step_limit=30), corridor,
     lambda: corridor(available=np.array([[1, 0], [1, 1], [1, 1]], bool)),
     lambda: corridor(reward_noise=0.5),
     lambda: dra.tasks.gridworld(**ROOM, slip=0.2)],
)  # fmt: skip
def test_built_in_tasks_come_back_from_the_file_alone(make, tmp_path):
    path = tmp_path / "run.npz"
    whole = half(make(), path)
    again = dra.resume(path, trials=10)
    same(again, whole)
    assert repr(again.task) == repr(whole.task)
    np.testing.assert_array_equal(again.task.available, whole.task.available)


@pytest.mark.parametrize(
    ("options", "name"),
    [({"layout": Row()}, "layout"), ({"preset": {"cost": doubled()}}, "preset")],
)
def test_a_table_with_objects_of_ones_own_is_passed_again(options, name, tmp_path):
    path = tmp_path / "run.npz"
    whole = half(corridor(**options), path)
    again = {"task": corridor(**options)} | ({"cost": doubled()} if name == "preset" else {})
    with pytest.raises(ValueError, match="pass it again as"):
        dra.resume(path, trials=10, **{k: v for k, v in again.items() if k != "task"})
    same(dra.resume(path, trials=10, **again), whole)


def test_changes_that_a_file_cannot_hold_are_passed_again(tmp_path):
    path = tmp_path / "run.npz"
    changes = {3: corridor(layout=Row())}
    whole = half(corridor(), path, changes=changes)
    with pytest.raises(ValueError, match=r"pass it again as changes\[3\]="):
        dra.resume(path, trials=10)
    same(dra.resume(path, trials=10, changes=changes), whole)


def test_a_cost_and_a_credit_of_ones_own_must_be_the_same(tmp_path):
    path, credit = tmp_path / "run.npz", dra.credits.Credit("mine", psi)
    whole = half(room(), path, cost=doubled(), credit=credit)
    for given, message in (
        ({"credit": credit}, "its cost 'doubled' is not built in; pass it again as cost="),
        ({"cost": doubled()}, "its credit 'mine' is not built in; pass it again as credit="),
        ({"cost": "entropy", "credit": credit}, "cost is 'entropy'"),
        ({"cost": doubled("other"), "credit": credit}, "cost is 'other'"),
        ({"cost": doubled(times=3.0), "credit": credit}, "cost has other values"),
        ({"cost": doubled(), "credit": "q"}, "credit is 'q'"),
    ):
        with pytest.raises(ValueError, match=message):
            dra.resume(path, trials=10, **given)
    same(dra.resume(path, trials=10, cost=doubled(), credit=credit), whole)


def edited(path, change):
    """Write the run in ``path`` again after ``change(plain, arrays)``."""
    arrays = _files.read_npz(path, "dra.Run")
    plain = json.loads(str(arrays["plain"]))
    change(plain, arrays)
    _files.write_npz(path, {**arrays, "plain": json.dumps(plain)})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p, a: p.update(trial=99), "it has done 99 of 6 trials"),
        (lambda p, a: p["parameters"].pop("credit"), "'credit' is missing"),
        (lambda p, a: p["parameters"].pop("n_trajectories"), "n_trajectories"),
        (lambda p, a: p["parameters"].update(beta=-1), "beta is -1"),
        (lambda p, a: p["task"].update(step_limit=-5), "step_limit is -5"),
        (lambda p, a: p["task"].update(kind="os.system"), "kind 'os.system' is not known"),
        (lambda p, a: p.update(format=1), "format is 1"),
        (lambda p, a: p.pop("rng"), "'rng' is missing"),
        (lambda p, a: p["rng"].update(bit_generator="seterr"), "'seterr' is not known"),
        (lambda p, a: a["task.next_state"].fill(10**6), "next_state has the entry 1e"),
        (lambda p, a: a["task.next_state"].fill(-1), "next_state has the entry -1"),
        (lambda p, a: a["task.start_state"].fill(10**9), "start_state"),
        (lambda p, a: a["memory.sigma"].fill(-1), "sigma"),
        (lambda p, a: a.pop("memory.q"), "missing"),
        (lambda p, a: a.pop("history"), "'history' is missing"),
    ],
)
def test_a_file_that_was_tampered_with_is_refused(change, message, tmp_path):
    path = tmp_path / "run.npz"
    half(room(), path)
    edited(path, lambda p, a: None)
    assert dra.Run.load(path).trial == 6  # what is edited without a change still loads
    edited(path, change)
    with pytest.raises(ValueError, match=message):
        dra.resume(path)


def test_single_damaged_bits_of_a_run_are_noticed(tmp_path):
    # 300 of the file's bits; each either leaves what is loaded as it was, or is a ValueError
    path, rng = tmp_path / "run.npz", np.random.default_rng(0)
    half(room(), path)
    whole, data = dra.Run.load(path), path.read_bytes()
    refused = 0
    for place in rng.integers(8 * len(data), size=300):
        flipped = bytearray(data)
        flipped[place // 8] ^= 1 << (place % 8)
        path.write_bytes(bytes(flipped))
        try:
            found = dra.Run.load(path)
        except ValueError:
            refused += 1
        else:
            same(found, whole)
            assert found.rng.bit_generator.state == whole.rng.bit_generator.state
    assert refused > 200


def test_a_new_run_does_not_overwrite_an_old_one(tmp_path):
    path = tmp_path / "run.npz"
    half(room(), path)
    before = path.read_bytes()
    with pytest.raises(FileExistsError, match=r"dra\.resume"):
        dra.train(room(), 3, rng=1, checkpoint=path)
    early = dra.train(room(), 2, rng=0, **QUIET)
    with pytest.raises(FileExistsError, match="a run after 6 trials, further than this one"):
        dra.resume(early, trials=4, checkpoint=path)
    assert path.read_bytes() == before
    (tmp_path / "notes.npz").write_text("not a run")
    with pytest.raises(ValueError, match="cannot be read as a saved"):
        dra.resume(early, trials=4, checkpoint=tmp_path / "notes.npz")
    dra.resume(dra.Run.load(path), trials=8, checkpoint=path)  # a run goes on in its own file
    assert dra.Run.load(path).trial == 8


def test_where_a_checkpoint_goes_is_checked_before_the_work(tmp_path):
    done = []
    for place in (tmp_path / "no" / "run.npz", tmp_path, "run.txt", 3):
        with pytest.raises((ValueError, OSError), match="checkpoint"):
            dra.train(room(), 3, rng=0, checkpoint=place, callback=done.append)
    assert done == []


class Own(np.random.PCG64):
    """A bit generator of a reader's own."""


def test_what_cannot_be_saved_is_refused_before_the_work(tmp_path):
    done, rng = [], np.random.Generator(Own(0))
    with pytest.raises(ValueError, match="rng has the bit generator Own"):
        dra.train(room(), 3, rng=rng, checkpoint=tmp_path / "a.npz", callback=done.append)
    assert done == []
    assert dra.train(room(), 3, rng=rng, **QUIET).trial == 3  # without a file it is legal


def test_any_error_on_the_way_carries_the_run(tmp_path, monkeypatch):
    whole = dra.train(room(), 10, rng=0, **QUIET)

    def full(path, arrays):
        raise OSError(28, "No space left on device")

    def failing(run):
        if run.trial == 7:
            raise RuntimeError("a figure could not be drawn")

    monkeypatch.setattr(_files, "write_npz", full)
    with pytest.raises(OSError, match="No space left") as caught:
        dra.train(room(), 10, rng=0, checkpoint=tmp_path / "a.npz", checkpoint_every=4, **QUIET)
    assert caught.value.run.trial == 4
    same(dra.resume(caught.value.run), whole)
    with pytest.raises(RuntimeError, match="could not be drawn") as caught:
        dra.train(room(), 10, rng=0, callback=failing, **QUIET)
    assert "error.run.save(path)" in caught.value.__notes__[0]
    same(dra.resume(caught.value.run), whole)


def test_a_run_in_memory_takes_nothing_again():
    run = dra.train(room(), 2, rng=0, **QUIET)
    with pytest.raises(ValueError, match="cost is given, but a run that is not in a file"):
        dra.resume(run, trials=4, cost="kl")


def test_the_recorded_reward_is_discounted_by_the_objective():
    # a chain of three sure moves: -1, -1, then 10 at the goal
    task = dra.tasks.gridworld(1, 4, start=(0, 0), goal=(0, 3), walls=())
    sharp = {"q_init": np.array([[0, 0, 0, 9.0]] * 4), "sigma_init": 0.01, "sigma_base": 0.02}
    sharp |= {"learning_rate_q": 0.0, "learning_rate_sigma": 0.0, "cost_weight": 0.0}
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for gamma in (1.0, 0.5):
            run = dra.train(task, 1, rng=0, gamma=gamma, **sharp)
            assert run.history.reward[0] == pytest.approx(-1 - gamma + 10 * gamma**2)
    np.testing.assert_array_equal(run.memory.q, sharp["q_init"])  # learning_rate_q = 0 is legal


def test_the_file_tells_how_far_it_is(tmp_path):
    half(room(), tmp_path / "run.npz")
    assert _archive.trials_done(tmp_path / "run.npz") == 6
    for broken in ({"kind": "dra.Run"}, {"kind": "dra.Run", "plain": "[]"}):
        _files.write_npz(tmp_path / "run.npz", broken)
        with pytest.raises(ValueError, match="does not hold a run"):
            _archive.trials_done(tmp_path / "run.npz")
