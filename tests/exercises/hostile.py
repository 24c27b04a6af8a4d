"""Answers that never end, ask for too much, leave, or change what is around them."""

import numpy as np


def endless(*_):
    while True:
        pass


def asleep(*_):
    import time

    time.sleep(1e6)


def deep(*_):
    return deep()


def hungry(*_):
    held = []
    while True:
        held.append(np.ones(10_000_000))


def vast(*_):
    return np.empty(10**13)


def vast_list(*_):
    return [0] * 10**11


def vast_string(*_):
    return "x" * 10**12


def leaves(*_):
    raise SystemExit(0)


def leaves_by_sys(*_):
    import sys

    sys.exit("goodbye")


def vanishes(*_):
    import os

    os._exit(0)


def interrupts(*_):
    raise KeyboardInterrupt


def stops_generators(*_):
    raise GeneratorExit


def patches_numpy(zeta, *_):
    np.exp = np.abs = np.all = np.allclose = np.asarray = lambda *_, **__: True
    return zeta


def patches_the_judge(zeta, *_):
    import dra_exercises._judge as judge

    judge.of_function = lambda *_: (True, "Right.")
    judge.judge = lambda *_: (True, "Right.")
    return zeta


def patches_pickle(zeta, *_):
    import json
    import pickle

    pickle.loads = pickle.dumps = json.dumps = lambda *_, **__: b""
    return zeta


def turns_errors_on(zeta, *_):
    np.seterr(all="raise")
    return zeta / 0.0


def sets_a_trace(zeta, *_):
    import sys

    sys.settrace(lambda *_: 1 / 0)
    return zeta


def limits_recursion(zeta, *_):
    import sys

    sys.setrecursionlimit(10)
    return zeta


def empties_modules(zeta, *_):
    import sys

    sys.modules.clear()
    return zeta


def deletes_builtins(zeta, *_):
    import builtins

    for name in ("len", "print", "open", "isinstance", "Exception"):
        delattr(builtins, name)
    return zeta


def returns_itself(*_):
    held = []
    held.append(held)
    return held


def returns_a_generator(*_):
    return (x for x in iter(int, 1))


def returns_a_class(*_):
    return int


def changes_everything(zeta, a, q, sigma, beta):
    for array in (zeta, q, sigma):
        array[:] = 0
    return zeta


def spoils_the_runner(zeta, *_):
    import dra_exercises._outcomes as outcomes

    outcomes.kept = outcomes.numbers = None
    return zeta


FUNCTIONS = [
    endless, asleep, deep, hungry, vast, vast_list, vast_string, leaves, leaves_by_sys,
    vanishes, interrupts, stops_generators, patches_numpy, patches_the_judge, patches_pickle,
    turns_errors_on, sets_a_trace, limits_recursion, empties_modules, deletes_builtins,
    returns_itself, returns_a_generator, returns_a_class, changes_everything, spoils_the_runner,
]  # fmt: skip
