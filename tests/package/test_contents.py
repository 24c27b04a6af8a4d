"""What kept results depend on: code of the caller's, all that it reaches, and nothing else."""

import os
import subprocess
import sys

import pytest

SETTINGS = """
PAY = {pay}
OTHER = {other}
def scaled(x):
    return x * {factor}
"""
MINE = """
import enum, functools, threading
import numpy as np
from scipy import special
import dra, settings
from settings import scaled

K = {k}
LOCK = threading.Lock()  # has no pickle

class Kind(enum.IntEnum):
    STAY = {stay}

class Base:
    def pay(self):
        return {method}

class World(Base):
    kinds = {{"a", "b", "c"}}

    @staticmethod
    def named():
        return Kind.STAY

    @property
    def size(self):
        return {size}

    @functools.cached_property
    def width(self):
        return {width}

class Bare:  # has no pickle
    def __init__(self):
        self.number, self.rule, self.self = {bare}, lambda x: {rule} * x, self

@functools.lru_cache
def cached(x):
    return x + {cached}

def by_number(run):
    return K + special.erf(0.0)

def by_module(run):
    with LOCK:
        return settings.PAY + special.erf(0.0)

def by_helper(run):
    return settings.scaled(special.erf(1.0))

def by_name(run):
    return scaled(special.erf(1.0))

def by_enum(run):
    return Kind.STAY

def by_cache(run):
    return cached(1)

by_object, by_method = World(), World().pay
by_part = functools.partial(by_number, 3)
by_bare = Bare()
by_array = functools.partial(np.multiply, {array})
"""
PLAIN = {
    "pay": 1, "other": 1, "factor": 1, "k": 1, "stay": 0, "method": 1, "cached": 1, "array": 1,
    "size": 1, "width": 1, "bare": 1, "rule": 1,
}  # fmt: skip
REACHED = {
    "pay": {"by_module"},
    "other": set(),
    "factor": {"by_helper", "by_name"},
    "k": {"by_number", "by_part"},
    "stay": {"by_enum", "by_object", "by_method"},
    "method": {"by_object", "by_method"},
    "cached": {"by_cache"},
    "array": {"by_array"},
    "size": {"by_object", "by_method"},
    "width": {"by_object", "by_method"},
    "bare": {"by_bare"},
    "rule": {"by_bare"},
}
PROGRAM = """
import mine
from dra import _contents
for name in sorted(vars(mine)):
    if name.startswith("by_"):
        print(name, _contents.digest(getattr(mine, name)))
"""


def digests(folder, seed="0", **change):
    """Return the digests, by name, in a new process."""
    (folder / "settings.py").write_text(SETTINGS.format(**PLAIN | change))
    (folder / "mine.py").write_text(MINE.format(**PLAIN | change))
    (folder / "program.py").write_text(PROGRAM)
    env = os.environ | {"PYTHONHASHSEED": seed, "PYTHONDONTWRITEBYTECODE": "1"}
    ran = subprocess.run(
        [sys.executable, "program.py"], cwd=folder, env=env, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    return dict(line.split() for line in ran.stdout.splitlines())


@pytest.mark.slow
def test_a_digest_changes_with_all_that_is_reached_and_with_nothing_else(tmp_path):
    pytest.importorskip("joblib")
    before = digests(tmp_path)
    assert len(set(before.values())) == len(before) == 11
    assert digests(tmp_path, seed="7") == before
    for changed, reached in REACHED.items():
        after = digests(tmp_path, **{changed: 2})
        assert {name for name in before if after[name] != before[name]} == reached, changed
