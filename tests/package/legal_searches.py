"""A legal call of every public function that solves, plans, allocates or fits."""

import numpy as np
import pandas as pd
from legal_values import HUYS, MAZE, PARAMETERS, PRICED, TIMES, agent, memory_of, plan, rng

from dra import baselines, exact, fitting, planning

CLIMB = {"sigma_base": 5.0, "gamma_q": 0.8, "cost": "kl", "sigma_bounds": (0.01, 100.0),
         "starts": [2.0], "rng": 0, "progress": False}  # fmt: skip
SEARCH = {
    "task": HUYS, "budget": 2, "cost_weight": 1.0, "cost": "kl", "sigma_base": 100.0,
    "sigma_bounds": (1.0, 100.0), "samples": 2, "evaluations": 2, "progress": False,
}  # fmt: skip


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

SEARCHES = {
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
"""As in :data:`legal_calls.CALLS`."""
