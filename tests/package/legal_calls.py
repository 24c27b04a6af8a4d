"""A legal call of every public function, and comparison of what it returns.

Each entry of :data:`CALLS` is a function of an empty folder; it returns a public function, or a
method of a fresh object, and a value for each of its arguments by name. Drawing has registers of
its own (test_plots_refused, test_widgets and those beside it).
"""

import dataclasses
import inspect
import types

import numpy as np
import pandas as pd
from legal_searches import SEARCHES
from legal_tasks import TASKS
from legal_values import MAZE, PARAMETERS, PRICED, TIMES, agent, memory_of, rng, trained
from public_names import is_routine, members, names

import dra
from dra import costs, credits, evidence, gradient, policy, presets
from dra.parameters import Parameters

RECORDS = {
    "dra.CellsFailed",
    "dra.Episode", "dra.Interrupted", "dra.Run", "dra.exact.BestReward", "dra.exact.Evaluation",
    "dra.exact.FixedPoint", "dra.exact.Frontier", "dra.exact.Gradient", "dra.exact.Optimum",
    "dra.fitting.Fit", "dra.fitting.Interrupted",
    "dra.planning.Allocation", "dra.tasks.Task", "dra.baselines.Compression",
    "dra.baselines.MaxEntropy", "dra.evidence.Bound",
}  # fmt: skip
"""Classes that a caller gets and does not make."""


def root_value(sigma, sigma_base):
    """The value of a cost of one's own."""
    return np.sqrt(sigma_base / sigma) - 1.0


def root_grad(sigma, sigma_base):
    """Its derivative."""
    return -0.5 * np.sqrt(sigma_base / sigma) / sigma


def td_error(values, chosen, reward, next_values, terminated):
    """A credit of one's own."""
    return reward - values.mean()


def mean_credit(q, action_values, available):
    """The mean of a credit of one's own."""
    return action_values


def watch(run):
    """A callback."""


def measure(run):
    """A measure of a sweep."""
    return {"nats": run.memory.cost()}


def saved(value, folder):
    """Return the path of a file that holds a run or a memory."""
    value.save(folder / "saved.npz")
    return folder / "saved.npz"


RUNNING = {"progress": False, "callback": watch, "checkpoint_every": 2, "compiled": True}
ROW = {"q": [0.0, 1.0], "sigma": [1.0, 1.0], "beta": 2.0}
THERE = {"available": [True, True]}
COSTED = {"sigma": [1.0], "sigma_base": 5.0}
BOUND = {"beta": 2.0, "gamma": 0.9, "cost_weight": 0.1, "bonus_weight": 0.1, "paid": "visit",
         "cost": "kl"}  # fmt: skip

CALLS = {
    "dra.train": lambda here: (
        dra.train,
        {"task": MAZE, "trials": 3, "rng": rng(), "changes": {1: MAZE},
         "checkpoint": here / "run.npz", **RUNNING, **PARAMETERS},
    ),
    "dra.resume": lambda here: (
        dra.resume,
        {"run": saved(trained(), here), "trials": 4, "task": MAZE, "changes": {1: MAZE},
         "cost": "kl", "credit": "advantage", "checkpoint": here / "run.npz", **RUNNING},
    ),
    "dra.sweep": lambda here: (
        dra.sweep,
        {"task": MAZE, "conditions": {"a": {}}, "seeds": 1, "trials": 3, "rng": rng(),
         "folder": here / "cells", "measure": measure, "n_jobs": 1, "progress": False,
         **PARAMETERS},
    ),
    "dra.returns": lambda here: (
        dra.returns, {**agent(), **TIMES, "episodes": 3, "rng": rng()}
    ),
    "dra.rollout": lambda here: (dra.rollout, {**agent(), "beta": 2.0, "rng": rng()}),
    "dra.Run.save": lambda here: (trained().save, {"path": here / "run.npz"}),
    "dra.Run.load": lambda here: (
        dra.Run.load,
        {"path": saved(trained(), here), "task": MAZE, "changes": {1: MAZE}, "cost": "kl",
         "credit": "advantage"},
    ),
    "dra.Run.task_at": lambda here: (trained().task_at, {"trial": 1}),
    "dra.Memory": lambda here: (
        dra.Memory,
        {"q": [[0.0, 1.0]], "sigma": 1.0, "sigma_base": 5.0, "known": [[True, False]],
         "available": [[True, True]]},
    ),
    "dra.Memory.initial": lambda here: (
        dra.Memory.initial, {"task": MAZE, "q": 1.0, "sigma": 1.0, "sigma_base": 5.0}
    ),
    "dra.Memory.from_arrays": lambda here: (
        dra.Memory.from_arrays, {"arrays": memory_of(MAZE).arrays()}
    ),
    "dra.Memory.arrays": lambda here: (memory_of(MAZE).arrays, {}),
    "dra.Memory.check": lambda here: (memory_of(MAZE).check, {}),
    "dra.Memory.copy": lambda here: (memory_of(MAZE).copy, {}),
    "dra.Memory.dprime": lambda here: (memory_of(MAZE).dprime, {}),
    "dra.Memory.table": lambda here: (memory_of(MAZE).table, {"task": MAZE}),
    "dra.Memory.rows": lambda here: (memory_of(MAZE).rows, {"task": MAZE}),
    "dra.Memory.cost": lambda here: (memory_of(MAZE).cost, dict(PRICED)),
    "dra.Memory.text": lambda here: (memory_of(MAZE).text, {"cost": "kl"}),
    "dra.Memory.choice_probabilities": lambda here: (
        memory_of(MAZE).choice_probabilities, {"beta": 1.0}
    ),
    "dra.Memory.choice_entropy": lambda here: (
        memory_of(MAZE).choice_entropy, {"beta": 1.0, "base": 2.0}
    ),
    "dra.Memory.save": lambda here: (memory_of(MAZE).save, {"path": here / "memory.npz"}),
    "dra.Memory.load": lambda here: (dra.Memory.load, {"path": saved(memory_of(MAZE), here)}),
    "dra.costs.Cost": lambda here: (
        costs.Cost, {"name": "root", "value": root_value, "grad": root_grad}
    ),
    "dra.costs.named": lambda here: (costs.named, {"cost": "kl"}),
    "dra.costs.weighted": lambda here: (
        costs.weighted, {"cost": "kl", "weights": [1.0, 2.0]}
    ),
    **{
        f"dra.costs.{cost}_{what}": lambda here, cost=cost, what=what: (
            getattr(costs, f"{cost}_{what}"), dict(COSTED)
        )
        for cost in costs.BUILT_IN
        for what in ("value", "grad")
    },
    "dra.evidence.bound": lambda here: (evidence.bound, {**agent(), **BOUND}),
    "dra.evidence.bound_gradient": lambda here: (evidence.bound_gradient, {**agent(), **BOUND}),
    "dra.evidence.recall_entropy": lambda here: (
        evidence.recall_entropy, {**agent(), "beta": 2.0}
    ),
    "dra.evidence.sample": lambda here: (
        evidence.sample, {**agent(), **BOUND, "episodes": 2, "rng": rng()}
    ),
    "dra.evidence.estimate": lambda here: (
        evidence.estimate, {**agent(), **BOUND, "n_trajectories": 2, "rng": rng()}
    ),
    "dra.credits.Credit": lambda here: (
        credits.Credit, {"name": "td", "psi": td_error, "expected": mean_credit, "code": 3}
    ),
    "dra.credits.named": lambda here: (credits.named, {"credit": "q"}),
    "dra.gradient.estimate": lambda here: (
        gradient.estimate,
        {**agent(), **TIMES, "rng": rng(), "credit": "q", "n_trajectories": 2},
    ),
    "dra.gradient.score": lambda here: (
        gradient.score,
        {"noise": [1.0, -1.0], "action": 0, "q": [0.0, 1.0], "sigma": [1.0, 1.0], "beta": 2.0},
    ),
    "dra.policy.softmax": lambda here: (policy.softmax, {"x": [0.0, 1.0], "beta": 1.0}),
    "dra.policy.choice_probabilities": lambda here: (
        policy.choice_probabilities, ROW | THERE
    ),
    "dra.policy.choice_probability_derivatives": lambda here: (
        policy.choice_probability_derivatives, ROW | THERE
    ),
    "dra.policy.choice_entropy": lambda here: (
        policy.choice_entropy, ROW | THERE | {"base": 2.0}
    ),
    "dra.policy.dprime": lambda here: (
        policy.dprime, {"q": [0.0, 1.0], "sigma": [1.0, 1.0]} | THERE
    ),
    "dra.policy.sample_action": lambda here: (
        policy.sample_action,
        {"q_row": [0.0, 1.0], "sigma_row": [1.0, 1.0], "beta": 2.0, "rng": rng()} | THERE,
    ),
    "dra.presets.for_scale": lambda here: (presets.for_scale, {"scale": 1.0}),
    **TASKS,
    **SEARCHES,
}  # fmt: skip


def public():
    """Return every public function, method and constructor by its dotted name."""
    found = {}
    for name, value in names().items():
        if name.startswith(("dra.plots.", "dra.widgets.")):
            continue
        if inspect.isroutine(value):
            found[name] = value
        elif inspect.isclass(value):
            if name not in RECORDS:
                found[name] = value
            for member, own in members(value).items():
                if is_routine(own):
                    found[f"{name}.{member}"] = getattr(value, member)
    return found


def arguments(function):
    """Return the names of all arguments, those of a run's parameters among them."""
    found = []
    for name, parameter in inspect.signature(function).parameters.items():
        if parameter.kind is parameter.VAR_KEYWORD and name == "parameters":
            found += [f.name for f in dataclasses.fields(Parameters)]
        elif parameter.kind is not parameter.VAR_KEYWORD and name != "self":
            found.append(name)
    return found


def same(a, b):
    """Return whether two results are the same, whatever they are made of."""
    if a is b or type(a) is not type(b):
        return a is b
    if isinstance(a, np.ndarray | np.generic):
        return a.dtype == b.dtype and np.array_equal(a, b, equal_nan=a.dtype.kind in "fc")
    if isinstance(a, pd.DataFrame | pd.Series):
        return a.equals(b)
    if isinstance(a, np.random.Generator):
        return same(a.bit_generator.state, b.bit_generator.state)
    if isinstance(a, dict | types.MappingProxyType):
        return list(a) == list(b) and all(same(a[k], b[k]) for k in a)
    if isinstance(a, tuple | list):
        return len(a) == len(b) and all(map(same, a, b))
    if dataclasses.is_dataclass(a):
        return all(same(getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(a))
    if isinstance(a, float) and a != a:
        return b != b
    return a == b if type(a).__eq__ is not object.__eq__ or callable(a) else same(vars(a), vars(b))
