"""Every argument of every function, given what it is not: a ``ValueError`` that names it.

The calls are made from the signatures of the choice, cost, memory, planning and exact functions, so
a new argument is tried as soon as it exists.
"""

import inspect

import numpy as np
import pytest

import dra
from dra import costs, exact, planning, policy

TASK = dra.tasks.huys(2)
MEMORY = dra.Memory.initial(TASK, q=1.0, sigma=50.0, sigma_base=100.0)
ROW = {"q": [0.0, 1.0], "sigma": [1.0, 1.0], "beta": 2.0, "base": 2.0, "available": [True, True]}
SAMPLES = {"samples": 2, "rng": 0}
SEARCH = {
    "task": TASK, "budget": 2, "cost_weight": 1.0, "cost": "kl", "sigma_base": 100.0,
    "sigma_bounds": (1.0, 100.0), "evaluations": 2, **SAMPLES,
}  # fmt: skip
PRICED = {"sigma": [1.0], "sigma_base": 5.0}

ROOM = dra.tasks.tabular([[[0.0, 1.0]] * 2, [[0.0, 1.0]] * 2], [[1.0, 0.0]] * 2, terminal=[1])
HELD = dra.Memory.initial(ROOM, sigma=1.0, sigma_base=3.0)
WEIGHED = {
    "task": ROOM,
    "memory": HELD,
    "beta": 2.0,
    "gamma": 0.9,
    "cost_weight": 1.0,
    "cost": "kl",
}
BEST = {
    **WEIGHED, "gamma_q": 0.9, "sigma_base": 3.0, "sigma_bounds": (0.1, 9.0), "starts": 1, "rng": 0,
    "progress": False, "budget_nats": 1.0, "cost_weights": [0.1],
}  # fmt: skip
REST = exact.fixed_point(ROOM).memory

LEGAL = {
    exact.evaluate: {"task": ROOM, "choice_probabilities": np.full((2, 2), 0.5), "gamma": 0.9},
    exact.objective: WEIGHED,
    exact.objective_gradient: WEIGHED,
    exact.expected_gradient: {**WEIGHED, "credit": "return"},
    exact.tied_values: {**WEIGHED, "gamma_q": 0.9},
    exact.expected_step: WEIGHED,
    exact.fixed_point: {
        "task": ROOM, "start": HELD, "tolerance": 1e-6, "max_steps": 9, "progress": False
    },
    exact.stability: {"task": ROOM, "memory": REST, "tolerance": 1e-5},
    exact.optimal_allocation: BEST,
    exact.frontier: BEST,
    exact.best_reward: BEST,
    policy.softmax: {"x": [0.0, 1.0], "beta": 1.0},
    policy.choice_probabilities: ROW,
    policy.choice_probability_derivatives: ROW,
    policy.choice_entropy: ROW,
    policy.dprime: ROW,
    policy.sample_action: {**ROW, "q_row": [0.0, 1.0], "sigma_row": [1.0, 1.0], "rng": 0},
    costs.Cost: {"name": "mine", "value": abs, "grad": abs},
    costs.named: {"cost": "kl"},
    costs.weighted: {"cost": "kl", "weights": [1.0, 2.0]},
    **{
        function: PRICED
        for cost in costs.BUILT_IN.values()
        for function in (cost.value, cost.grad)
    },
    dra.Memory: {
        "q": [[0.0, 1.0]], "sigma": 1.0, "sigma_base": 5.0, "known": [[True, False]],
        "available": [[True, True]],
    },
    dra.Memory.initial: {"task": TASK, "q": 1.0, "sigma": 1.0, "sigma_base": 5.0},
    dra.Memory.from_arrays: {"arrays": MEMORY.arrays()},
    MEMORY.table: {"task": TASK},
    MEMORY.rows: {"task": TASK},
    MEMORY.cost: {"cost_weight": 1.0, "cost": "kl"},
    MEMORY.text: {"cost": "kl"},
    MEMORY.choice_probabilities: {"beta": 1.0},
    MEMORY.choice_entropy: {"beta": 1.0, "base": 2.0},
    planning.plan_reward: {
        "task": TASK, "memory": MEMORY, "budget": 2, "method": "sampled", **SAMPLES
    },
    planning.plan_samples: {"task": TASK, "memory": MEMORY, "budget": 2, **SAMPLES},
    planning.plan_reward_gradient: {"task": TASK, "memory": MEMORY, "budget": 2},
    planning.plan_objective: {
        "task": TASK, "memory": MEMORY, "budget": 2, "cost_weight": 1.0, "cost": "kl"
    },
    planning.optimal_values: {"task": TASK},
    planning.allocate_flexible: {**SEARCH, "method": "cma", "starts": 1, "progress": False},
    planning.allocate_equal: {**SEARCH, "method": "sampled", "progress": False},
}  # fmt: skip
"""Functions, and for each of their arguments a value that is legal."""

BAD = {
    "None": None,
    "text": "abc",
    "nan": np.nan,
    "negative": -1,
    "empty": [],
    "nested": [[1.0, [2.0]], 3.0],
    "four axes": np.ones((1, 2, 3, 4)),
    "boolean": True,
    "huge": 10**400,
    "complex": 1j,
    "masked": np.ma.masked_array([[1.0, 2.0]], [[True, False]]),
    "legacy rng": np.random.RandomState(0),
    "object": object(),
    "class": dict,
    "mapping": {"a": 1},
}

FINE = {
    ("boolean", "available"), ("boolean", "known"), ("boolean", "progress"),  # booleans are meant
    ("None", "available"), ("None", "known"), ("None", "progress"), ("None", "base"),
    ("None", "starts"),  # None is a default
    ("huge", "budget"), ("huge", "rng"), ("empty", "rng"),  # any integers will do
    ("huge", "beta"),  # as good as inf
    ("text", "name"), ("class", "value"), ("class", "grad"),  # a class can be called
    ("negative", "x"), ("negative", "q"), ("negative", "q_row"),  # numbers like others
    ("four axes", "x"), ("four axes", "weights"),
    ("None", "gamma_q"), ("None", "start"),  # defaults
    ("huge", "beta"),  # as good as inf
}  # fmt: skip
ANY = {"progress"}
"""Arguments of which only the truth counts."""


def names_of(function):
    """The names of the arguments, without those that stand for more (**parameters)."""
    parameters = inspect.signature(function).parameters.values()
    return [p.name for p in parameters if p.kind is not p.VAR_KEYWORD]


def calls():
    for function in LEGAL:
        names = names_of(function)
        elementwise = names == ["sigma", "sigma_base"]  # a cost, of any number of memories
        for name in names:
            for kind in BAD:
                fits = elementwise and name == "sigma" and kind in ("empty", "four axes")
                if not fits and name not in ANY and (kind, name) not in FINE:
                    yield pytest.param(
                        function, names, name, kind, id=f"{function.__qualname__}-{name}-{kind}"
                    )


def test_the_table_names_every_public_function():
    public = [getattr(room, name) for room in (planning, exact) for name in room.__all__]
    public += [f for f in vars(policy).values() if getattr(f, "__module__", "") == policy.__name__]
    for function in public:
        if not inspect.isclass(function) and not function.__name__.startswith("_"):
            assert function in LEGAL, function
    for function, legal in LEGAL.items():
        arguments = {k: legal[k] for k in names_of(function)}
        function(**arguments)  # legal indeed


@pytest.mark.parametrize(("function", "names", "name", "kind"), list(calls()))
def test_what_an_argument_is_not_is_named(function, names, name, kind):
    arguments = {k: LEGAL[function][k] for k in names} | {name: BAD[kind]}
    with np.errstate(all="raise"), pytest.raises(ValueError, match=rf"\b{name}\b"):
        function(**arguments)
