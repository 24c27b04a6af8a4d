"""A legal call of every public function, and comparison of what it returns.

Each entry of :data:`CALLS` is a function of an empty folder; it returns a public function, or a
method of a fresh object, and a value for each of its arguments by name. Drawing has registers of
its own (test_plots, test_widgets).
"""

import dataclasses
import inspect
import types

import gymnasium
import numpy as np
import pandas as pd
from public_names import is_routine, members, names

import dra
from dra import (
    baselines,
    costs,
    credits,
    evidence,
    exact,
    fitting,
    gradient,
    planning,
    policy,
    presets,
    tasks,
)
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

GRID = {"rows": 1, "columns": 3, "start": (0, 0), "goal": (0, 2), "walls": ()}
MAZE = tasks.gridworld(**GRID, step_limit=50)
HUYS = tasks.huys(2)
CAR = tasks.mountain_car()


def memory_of(task, q=1.0, sigma=2.0, sigma_base=5.0):
    """Return a fresh memory."""
    return dra.Memory.initial(task, q=q, sigma=sigma, sigma_base=sigma_base)


def trained():
    """Return a fresh run of three trials."""
    return dra.train(MAZE, 3, rng=0, progress=False, snapshots=[1], changes={1: MAZE})


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


def begin(size, rng):
    """Start anywhere on a ring."""
    return rng.integers(size)


def observe(size, place):
    """See the half of the ring."""
    return 2 * place // size


def move(size, place, action, rng):
    """Go one place left or right."""
    place = (place + 2 * action - 1) % size
    return place, -1.0, place == 5


def watch(run):
    """A callback."""


def measure(run):
    """A measure of a sweep."""
    return {"nats": run.memory.cost()}


class Strip:
    """A layout: the states in a row."""

    def image(self, values):
        """Return a picture."""
        return values[None]


LAYOUT = Strip()
KEYWORDS = {"available": None, "slot": None, "known": {0: (1.0, 0.5)}, "action_names": ("a", "b"),
            "preset": {"beta": 2.0}, "layout": LAYOUT}  # fmt: skip
SUCCESSORS = {"next_state": [[[1], [1]], [[1], [1]]], "probability": 1.0, "reward": -1.0}
RING = {"begin": begin, "observe": observe, "move": move}
RUNNING = {"progress": False, "callback": watch, "checkpoint_every": 2, "compiled": True}
TIMES = {"beta": 2.0, "gamma": 0.9}
PARAMETERS = {
    "beta": 2.0, "gamma": 0.9, "gamma_q": 0.8, "credit": "advantage", "cost": "kl",
    "cost_weight": 0.1, "learning_rate_q": 0.1, "learning_rate_sigma": 0.1, "n_trajectories": 2,
    "q_init": 0.0, "q_init_spread": 0.1, "sigma_init": 2.0, "sigma_base": 5.0,
    "sigma_bounds": (0.01, 100.0), "record_every": 1, "evaluation_episodes": 2, "snapshots": (1,),
}  # fmt: skip
PRICED = {"cost_weight": 0.1, "cost": "kl"}
CLIMB = {"sigma_base": 5.0, "gamma_q": 0.8, "cost": "kl", "sigma_bounds": (0.01, 100.0),
         "starts": [2.0], "rng": 0, "progress": False}  # fmt: skip
ROW = {"q": [0.0, 1.0], "sigma": [1.0, 1.0], "beta": 2.0}
THERE = {"available": [True, True]}
COSTED = {"sigma": [1.0], "sigma_base": 5.0}
SEARCH = {
    "task": HUYS, "budget": 2, "cost_weight": 1.0, "cost": "kl", "sigma_base": 100.0,
    "sigma_bounds": (1.0, 100.0), "samples": 2, "evaluations": 2, "progress": False,
}  # fmt: skip


BOUND = {"beta": 2.0, "gamma": 0.9, "cost_weight": 0.1, "bonus_weight": 0.1, "paid": "visit",
         "cost": "kl"}  # fmt: skip


def pole():
    """Return a fresh environment."""
    return gymnasium.make("CartPole-v1")


def leaning(observation):
    """See to which side the pole leans."""
    return int(observation[2] > 0)


def rng():
    """Return a fresh stream."""
    return np.random.default_rng(0)


def saved(value, folder):
    """Return the path of a file that holds a run or a memory."""
    value.save(folder / "saved.npz")
    return folder / "saved.npz"


def plan():
    """Return the arguments of planning, afresh."""
    return {"task": HUYS, "memory": memory_of(HUYS), "budget": 2}


def agent():
    """Return the arguments of what looks at an agent, afresh."""
    return {"task": MAZE, "memory": memory_of(MAZE)}


def parts(task):
    """Return the fields of a task by name."""
    return {f.name: getattr(task, f.name) for f in dataclasses.fields(task)}


def fixed():
    """Return the memory at the fixed point of the maze's parameters."""
    return FIXED.copy()


def wary(parameters, rows):
    """The probabilities of two options of one's own model."""
    p = np.full(len(rows["d"]), parameters["x"])
    return np.stack([p, 1 - p], axis=1)


def draw(parameters, rows, rng):
    """Choices of one's own model."""
    return rng.integers(0, 2, size=len(rows["d"]))


def share(table):
    """A statistic of choices."""
    return table.groupby("machine").accept.mean()


def halved(function, start, bounds, rng):
    """An optimiser of one's own."""
    return bounds.mean(axis=1)


OFFERED = pd.DataFrame({"machine": list("abab"), "d": [1.0, -1.0, -2.0, 2.0]})
CHOSEN = OFFERED.assign(accept=[1, 1, 0, 1], person=[1, 1, 2, 2])
SEARCHED = {"clip": 0.01, "starts": 1, "optimiser": halved, "progress": False}
FREED = {"fixed": {"lapse": None}, "bounds": {"sigma": (0.5, 9.0)}}
PATH = {"machine": ["a", "b"], "d": [1.0, -1.0]}


def found():
    """Return a fit, afresh."""
    return fitting.fit("equal", CHOSEN, rng=0, intervals="wald", starts=1, progress=False)


FIXED = exact.fixed_point(MAZE, tolerance=1e-8, progress=False, **PARAMETERS).memory

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
    "dra.baselines.max_entropy": lambda here: (
        baselines.max_entropy, {"task": MAZE, "alpha": 0.5, "gamma": 0.9}
    ),
    "dra.baselines.learn_max_entropy": lambda here: (
        baselines.learn_max_entropy,
        {"task": MAZE, "episodes": 2, "alpha": 0.5, "gamma": 0.9, "learning_rate": 0.1,
         "q_init": 0.0, "rng": rng()},
    ),
    "dra.baselines.policy_compression": lambda here: (
        baselines.policy_compression,
        {"q": [[1.0, 0.0], [0.0, 1.0]], "probability": [0.5, 0.5], "beta": 2.0},
    ),
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
    "dra.tasks.from_gymnasium": lambda here: (
        tasks.from_gymnasium,
        {"env": pole(), "observe": leaning, "n_states": 2, "live": True, "step_limit": 9,
         "name": "pole", **KEYWORDS},
    ),
    "dra.tasks.to_gymnasium": lambda here: (tasks.to_gymnasium, {"task": MAZE}),
    "dra.tasks.random": lambda here: (
        tasks.random,
        {"n_states": 4, "n_actions": 2, "branching": 2, "rng": rng(), "ending": 0.2,
         "step_limit": 9},
    ),
    "dra.tasks.gridworld": lambda here: (
        tasks.gridworld,
        {**GRID, "goal_reward": 10.0, "step_reward": -1.0, "slip": 0.1, "step_limit": 50},
    ),
    "dra.tasks.gridworld_changed": lambda here: (
        tasks.gridworld_changed, {"goal": (0, 6), "slip": 0.1}
    ),
    "dra.tasks.huys": lambda here: (tasks.huys, {"depth": 2}),
    "dra.tasks.mountain_car": lambda here: (tasks.mountain_car, {"step_limit": 20}),
    "dra.tasks.tabular": lambda here: (
        tasks.tabular,
        {"transition": np.full((2, 2, 2), 0.5), "reward": [[0.0, 1.0], [0.0, 0.0]],
         "terminal": [1], "start": 0, "reward_noise": 0.5, "step_limit": 9, "name": "mine",
         **KEYWORDS},
    ),
    "dra.tasks.assemble": lambda here: (
        tasks.assemble,
        {"name": "mine", **SUCCESSORS, "terminal": [1], "start": 0, "reward_noise": 0.5,
         "step_limit": 9, **KEYWORDS},
    ),
    "dra.tasks.Tabular": lambda here: (tasks.Tabular, parts(MAZE)),
    "dra.tasks.simulated": lambda here: (
        tasks.simulated,
        {**RING, "n_states": 2, "n_actions": 2, "step_limit": 9, "constants": 10, "name": "ring",
         **KEYWORDS},
    ),
    "dra.tasks.Simulated": lambda here: (tasks.Simulated, parts(CAR)),
    "dra.tasks.Task.pack": lambda here: (MAZE.pack, {}),
    "dra.tasks.Tabular.pack": lambda here: (MAZE.pack, {}),
    "dra.tasks.Simulated.pack": lambda here: (CAR.pack, {}),
    "dra.exact.evaluate": lambda here: (
        exact.evaluate,
        {"task": MAZE, "choice_probabilities": np.full((3, 4), 0.25), "gamma": 0.9},
    ),
    "dra.exact.objective": lambda here: (exact.objective, {**agent(), **TIMES, **PRICED}),
    "dra.exact.objective_gradient": lambda here: (
        exact.objective_gradient, {**agent(), **TIMES, **PRICED}
    ),
    "dra.exact.expected_gradient": lambda here: (
        exact.expected_gradient, {**agent(), **TIMES, "credit": "q"}
    ),
    "dra.exact.expected_step": lambda here: (exact.expected_step, {**agent(), **PARAMETERS}),
    "dra.exact.fixed_point": lambda here: (
        exact.fixed_point,
        {"task": MAZE, "start": memory_of(MAZE), "tolerance": 1e-6, "max_steps": 1,
         "progress": False, **PARAMETERS},
    ),
    "dra.exact.stability": lambda here: (
        exact.stability, {"task": MAZE, "memory": fixed(), "tolerance": 1e-5, **PARAMETERS}
    ),
    "dra.exact.tied_values": lambda here: (
        exact.tied_values,
        {**agent(), "beta": 2.0, "gamma_q": 0.9},
    ),
    "dra.exact.optimal_allocation": lambda here: (
        exact.optimal_allocation, {"task": MAZE, **TIMES, "cost_weight": 0.1, **CLIMB, "rng": rng()}
    ),
    "dra.exact.frontier": lambda here: (
        exact.frontier, {"task": MAZE, "cost_weights": [0.1], **TIMES, **CLIMB, "rng": rng()}
    ),
    "dra.exact.best_reward": lambda here: (
        exact.best_reward, {"task": MAZE, "budget_nats": 2.0, **TIMES, **CLIMB, "rng": rng()}
    ),
    "dra.baselines.equal": lambda here: (
        baselines.equal, {"memory": memory_of(MAZE), "budget_nats": 2.0}
    ),
    "dra.baselines.by_frequency": lambda here: (
        baselines.by_frequency,
        {"memory": memory_of(MAZE), "budget_nats": 2.0, "visits": [1.0, 2.0, 3.0, 0.0]},
    ),
    "dra.baselines.by_stakes": lambda here: (
        baselines.by_stakes,
        {"memory": memory_of(MAZE), "budget_nats": 2.0, "stakes": [1.0, 2.0, 3.0, 0.0]},
    ),
    "dra.baselines.memory_visits": lambda here: (baselines.memory_visits, {**agent(), **TIMES}),
    "dra.baselines.memory_stakes": lambda here: (baselines.memory_stakes, {**agent(), **TIMES}),
    "dra.fitting.fit": lambda here: (
        fitting.fit,
        {"model": "equal", "data": CHOSEN, "rng": rng(), **FREED, **SEARCHED,
         "intervals": "wald", "confidence": 0.9, "folder": here / "kept"},
    ),
    "dra.fitting.cross_validate": lambda here: (
        fitting.cross_validate,
        {"model": "equal", "data": CHOSEN, "rng": rng(), "folds": 1, **FREED, **SEARCHED},
    ),
    "dra.fitting.compare": lambda here: (
        fitting.compare,
        {"models": ["equal", "stakes"], "data": CHOSEN, "rng": rng(), "folds": 1, **SEARCHED},
    ),
    "dra.fitting.log_likelihood": lambda here: (
        fitting.log_likelihood,
        {"model": "equal", "parameters": {"sigma": 1.0}, "data": CHOSEN, "clip": 0.01},
    ),
    "dra.fitting.simulate": lambda here: (
        fitting.simulate,
        {"model": "equal", "parameters": {"sigma": 1.0}, "data": OFFERED, "rng": rng()},
    ),
    "dra.fitting.ChoiceModel": lambda here: (
        fitting.ChoiceModel,
        {"name": "wary", "bounds": {"x": (0.1, 0.9)}, "probabilities": wary, "columns": ("d",),
         "labels": ("machine",), "choice": "accept", "fixed": {}, "simulate": draw},
    ),
    "dra.fitting.soft_thompson": lambda here: (
        fitting.soft_thompson, {"q": ["a", "b"], "sigma": ["c", "d"]}
    ),
    "dra.fitting.slot_machines": lambda here: (
        fitting.slot_machines, {"trials": 3, "step": 0.75, "rng": rng()}
    ),
    "dra.fitting.dra_path": lambda here: (
        fitting.dra_path,
        {**PATH, "cost_weight": 0.1, "learning_rate_sigma": 0.1, "sigma_init": 2.0,
         "sigma_base": 5.0},
    ),
    "dra.fitting.frequency_path": lambda here: (
        fitting.frequency_path, {"machine": ["a", "b"], "sigma": 1.0, "power": 0.5}
    ),
    "dra.fitting.stakes_path": lambda here: (
        fitting.stakes_path, {**PATH, "sigma": 1.0, "power": 0.5}
    ),
    "dra.fitting.logistic_slope": lambda here: (
        fitting.logistic_slope, {"d": [1.0, -1.0, 2.0], "accept": [1.0, 1.0, 0.0]}
    ),
    "dra.fitting.Fit.parameters": lambda here: (found().parameters, {"person": 1}),
    "dra.fitting.Fit.simulate": lambda here: (found().simulate, {"rng": rng()}),
    "dra.fitting.Fit.profile": lambda here: (
        found().profile, {"parameter": "sigma", "person": 1, "points": 3}
    ),
    "dra.fitting.Fit.check": lambda here: (
        found().check, {"statistic": share, "rng": rng(), "draws": 2, "confidence": 0.9}
    ),
    "dra.planning.optimal_values": lambda here: (planning.optimal_values, {"task": HUYS}),
    "dra.planning.plan_reward": lambda here: (
        planning.plan_reward, {**plan(), "method": "sampled", "samples": 2, "rng": rng()}
    ),
    "dra.planning.plan_samples": lambda here: (
        planning.plan_samples, {**plan(), "samples": 2, "rng": rng()}
    ),
    "dra.planning.plan_reward_gradient": lambda here: (planning.plan_reward_gradient, plan()),
    "dra.planning.plan_objective": lambda here: (
        planning.plan_objective, {**plan(), "cost_weight": 1.0, "cost": "kl"}
    ),
    "dra.planning.allocate_flexible": lambda here: (
        planning.allocate_flexible, {**SEARCH, "method": "cma", "starts": 1, "rng": rng()}
    ),
    "dra.planning.allocate_equal": lambda here: (
        planning.allocate_equal, {**SEARCH, "method": "sampled", "rng": rng()}
    ),
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
