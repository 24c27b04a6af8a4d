"""Machine code of two twins, stored by two processes, stays apart in a third that loads both."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dra

pytestmark = pytest.mark.slow
PROGRAM = """
import sys
import numpy as np
import dra

one = dra.credits.Credit("one", lambda values, chosen, reward, next_values, terminated: 1.0)
task = dra.tasks.mountain_car()
q = np.random.default_rng(1).uniform(-1, 1, (task.n_states, task.n_actions))
memory = dra.Memory(q, np.ones(q.shape), 5.0)
for name in sys.argv[1:]:
    credit = one if name == "one" else name
    g = dra.gradient.estimate(task, memory, beta=1.0, rng=3, credit=credit, n_trajectories=2)
    print(name, repr(float(np.abs(g).sum())))
"""


def test_two_stored_credits_do_not_take_each_others_place(tmp_path):
    shutil.copytree(
        Path(dra.__file__).parent, tmp_path / "dra", ignore=shutil.ignore_patterns("__pycache__")
    )
    settings = os.environ | {"PYTHONPATH": str(tmp_path), "HOME": str(tmp_path)}

    def said(*names):
        command = [sys.executable, "-c", PROGRAM, *names]
        done = subprocess.run(command, env=settings, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return dict(line.split() for line in done.stdout.splitlines())

    alone = said("one") | said("q")  # each stored by a process of its own
    assert alone["one"] != alone["q"]
    assert said("q", "one") == alone
    assert said("one", "q") == alone
