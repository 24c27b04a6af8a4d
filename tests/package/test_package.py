"""The package as a whole: light to import, its examples true."""

import doctest
import importlib
import pkgutil
import subprocess
import sys

import numpy as np
import pytest

import dra

MODULES = sorted(
    m.name for m in pkgutil.walk_packages(dra.__path__, "dra.") if not m.name.endswith("__main__")
)

PRINTED = {
    "edgeitems": 3,
    "floatmode": "maxprec",
    "formatter": None,
    "infstr": "inf",
    "legacy": False,
    "linewidth": 75,
    "nanstr": "nan",
    "precision": 8,
    "sign": "-",
    "suppress": False,
    "threshold": 1000,
}


@pytest.mark.parametrize("name", ["dra", *MODULES])
def test_docstring_examples_are_true(name):
    with np.printoptions(**PRINTED):  # whatever the reader's own settings are
        result = doctest.testmod(importlib.import_module(name))
    assert result.failed == 0


def test_importing_the_package_leaves_plotting_and_optimisers_alone():
    heavy = (
        "matplotlib",
        "ipywidgets",
        "pandas",
        "scipy.optimize",
        "scipy.sparse",
        "gymnasium",
        "cma",
        "joblib",
    )
    code = (
        "import sys, scipy.special; own = set(sys.modules)\n"  # SciPy loads some of its own
        f"import dra; print([m for m in {heavy!r} if m in sys.modules and m not in own])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_without_numba_the_same_results_come_uncompiled():
    code = (
        "import sys; sys.modules['numba'] = None\n"
        "import dra\n"
        "from dra._compile import COMPILED\n"
        "run = dra.train(dra.tasks.gridworld(), 2, rng=0, evaluation_episodes=1)\n"
        "print(COMPILED, run.memory.q.sum().hex(), run.memory.sigma.sum().hex())"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    run = dra.train(dra.tasks.gridworld(), 2, rng=0, evaluation_episodes=1)
    expected = f"False {run.memory.q.sum().hex()} {run.memory.sigma.sum().hex()}"
    assert found.stdout.strip() == expected


TASK = dra.tasks.gridworld()


def test_rollout_follows_the_task_and_earns_what_returns_measures():
    memory = dra.train(TASK, 300, rng=0, sigma_init=1.0).memory
    episode = dra.rollout(TASK, memory, beta=10.0, rng=1)
    assert episode.terminated and TASK.terminal[episode.states[-1]]
    for s, a, r, to in zip(
        episode.states[:-1], episode.actions, episode.rewards, episode.states[1:], strict=True
    ):
        assert TASK.next_state[s, a, 0] == to and TASK.reward[s, a, 0] == r
    # the same stream of random numbers gives the same episode, compiled or not
    assert episode.rewards.sum() == dra.returns(TASK, memory, beta=10.0, episodes=1, rng=1)[0]
    discounted = dra.returns(TASK, memory, beta=10.0, episodes=1, rng=1, gamma=0.5)[0]
    assert discounted == pytest.approx(episode.rewards @ 0.5 ** np.arange(len(episode.rewards)))


def test_a_rollout_cut_off_says_so():
    task = dra.tasks.gridworld(step_limit=3)
    memory = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
    episode = dra.rollout(task, memory, beta=1.0, rng=0)
    assert not episode.terminated and len(episode.actions) == 3 and len(episode.states) == 4


@pytest.mark.parametrize("options", [{"beta": 0}, {"beta": np.inf}, {"beta": 1, "gamma": -1}])
def test_returns_refuses_what_is_not_legal(options):
    memory = dra.Memory.initial(TASK, sigma=1.0, sigma_base=5.0)
    with pytest.raises(ValueError, match="is"):
        dra.returns(TASK, memory, episodes=1, rng=0, **options)
