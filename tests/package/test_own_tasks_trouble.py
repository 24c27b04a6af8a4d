"""Tasks of one's own in trouble: not to be compiled, with rows that are none, or failing."""

import warnings

import numpy as np
import pytest
from doors import QUIET

import dra
from dra import _twin
from dra._compile import COMPILED


class Counter:
    """An environment with a state of its own: nothing that compiles."""

    def __init__(self):
        self.place = 0

    def begin(self, constants, rng):
        self.place = 1 + int(rng.random() * 2)
        return self

    def observe(self, constants, state):
        return self.place

    def move(self, constants, state, action, rng):
        self.place = (self.place + 2 * action - 1) % 7
        return self, -1.0, self.place == 0


def live():
    env = Counter()
    return dra.tasks.simulated(
        env.begin, env.observe, env.move, n_states=7, n_actions=2, step_limit=60, name="live"
    )


def test_an_environment_that_is_alive_may_be_the_constants():
    """Numba has no type for it, so nothing on the plain way may ask Numba for one."""
    task = dra.tasks.simulated(
        lambda env, rng: env.begin(None, rng), lambda env, state: env.place,
        lambda env, state, action, rng: env.move(None, state, action, rng),
        n_states=7, n_actions=2, step_limit=60, constants=Counter(),
    )  # fmt: skip
    plain = dra.train(task, 5, rng=1, compiled=False, **QUIET)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", _twin.NotCompiled)
        asked = dra.train(task, 5, rng=1, **QUIET)
        same = dra.train(live(), 5, rng=1, **QUIET)
    for run_ in (asked, same):
        np.testing.assert_array_equal(plain.memory.sigma, run_.memory.sigma)


@pytest.mark.skipif(not COMPILED, reason="Numba is not installed")
def test_what_does_not_compile_runs_says_so_once_and_gives_the_same_bits():
    task = live()
    with pytest.warns(_twin.NotCompiled, match="functions of live do not compile") as seen:
        first = dra.train(task, 5, rng=1, **QUIET)
        dra.train(task, 5, rng=1, **QUIET)
    assert len([w for w in seen if w.category is _twin.NotCompiled]) == 1
    memory = first.memory
    assert dra.returns(task, memory, beta=1.0, episodes=3, rng=0).shape == (3,)
    assert dra.gradient.estimate(task, memory, beta=1.0, rng=0).shape == (7, 2)
    assert dra.rollout(task, memory, beta=1.0, rng=0).states[0] in (1, 2)

    def begin(c, rng):
        return 1 + int(rng.random() * 2)

    def move(c, place, action, rng):
        place = (place + 2 * action - 1) % 7
        return place, -1.0, place == 0

    twin = dra.tasks.simulated(
        begin, lambda c, place: place, move, n_states=7, n_actions=2, step_limit=60
    )
    same = dra.train(twin, 5, rng=1, **QUIET)
    np.testing.assert_array_equal(first.memory.sigma, same.memory.sigma)


@pytest.mark.parametrize("compiled", [True, False])
@pytest.mark.parametrize(
    ("row", "reward", "message"),
    [(9, -1.0, "row from 0 to 6; it returned 9"), (-1, -1.0, "it returned -1"),
     (0, np.nan, "finite reward; it returned nan")],
)  # fmt: skip
def test_what_a_task_returns_is_checked_in_the_loops(compiled, row, reward, message):
    # row and reward are constants, so that the functions are compiled once for all three
    task = dra.tasks.simulated(
        lambda c, rng: 0, lambda c, place: c[0] if place == 4 else min(place, 6),
        lambda c, place, action, rng: (place + 1, c[1] if place == 3 else -1.0, False),
        n_states=7, n_actions=2, step_limit=20, constants=(row, float(reward)),
    )  # fmt: skip
    with pytest.raises(ValueError, match=message) as caught:
        dra.train(task, 3, rng=0, compiled=compiled, **QUIET)
    assert caught.value.run.trial == 0
    assert (caught.value.run.memory.q == 0).all()  # the half trial was undone


@pytest.mark.parametrize("after", range(50, 1000, 50))  # in a trial, or in its evaluation
def test_a_trial_that_fails_is_undone_and_the_run_goes_on(after):
    failing = {"after": after, "moves": 0}

    def move(c, place, action, rng):
        failing["moves"] += 1
        if failing["moves"] == failing["after"]:
            raise OSError("the simulator lost its connection")
        place = (place + 2 * action - 1) % 7
        return place, -1.0, place == 0

    def make():
        return dra.tasks.simulated(
            lambda c, rng: 3, lambda c, place: place, move, n_states=7, n_actions=2, step_limit=60
        )

    options = {"rng": 0, "compiled": False, "record_every": 1, "evaluation_episodes": 10}
    with pytest.raises(OSError, match="lost its connection") as caught:
        dra.train(make(), 12, **options)
    assert 0 <= caught.value.run.trial == len(caught.value.run.records) < 12
    assert "dra.resume(error.run)" in caught.value.__notes__[0]
    on = dra.resume(caught.value.run, compiled=False)
    failing.update(after=-1, moves=0)
    whole = dra.train(make(), 12, **options)
    np.testing.assert_array_equal(on.memory.q, whole.memory.q)
    np.testing.assert_array_equal(on.history, whole.history)
