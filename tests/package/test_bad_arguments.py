"""Every argument of every public function, given what it is not: an error that names it.

The calls are made from the signatures, so a new function or argument is tried as soon as it exists.
Drawing has tables of its own (test_plots_refused, test_widgets and those beside it).
"""

import re

import numpy as np
import pytest
from legal_calls import CALLS, arguments, public, same
from legal_values import CAR, GRID, MAZE, memory_of

import dra

HOUSE = dra.tasks.gridworld(**GRID | {"columns": 2, "goal": (0, 1)})  # of another size


class Unspeakable:
    """An object that cannot even be shown."""

    def __repr__(self):
        raise RuntimeError

    def __bool__(self):
        raise RuntimeError


def broken():
    """A memory that was legal once."""
    memory = memory_of(MAZE)
    memory.sigma[0, 0] = -1.0
    return memory


BAD = {
    "None": None, "text": "abc", "no text": "", "bytes": b"x", "nan": np.nan, "inf": np.inf,
    "-inf": -np.inf, "-1": -1, "0": 0, "1.5": 1.5, "tiny": 1e-300, "huge": 1e300, "True": True,
    "False": False, "np.True": np.True_, "10**400": 10**400, "1j": 1j, "[]": [], "[[]]": [[]],
    "tuple": (1, 2, 3), "ragged": [[1.0], [2.0, 3.0]], "4 axes": np.ones((1, 2, 3, 4)),
    "0 axes": np.array(2.0), "array with nan": np.array([[1.0, np.nan]]),
    "masked": np.ma.masked_array([[1.0, 2.0]], [[True, False]]), "texts": np.array(["x", "y"]),
    "[None]": [None], "date": np.datetime64("2020"), "set": {1}, "mapping": {"a": 1},
    "pairs": {(0, 1): (1.0, 2.0)}, "{5: None}": {5: None}, "{1: None}": {1: None},
    "object": object(), "unspeakable": Unspeakable(), "function": len, "class": dict,
    "module": dra, "legacy rng": np.random.RandomState(0), "maker": dra.tasks.gridworld,
    "Task": dra.tasks.Task, "car": CAR, "house": HOUSE, "other memory": memory_of(HOUSE),
    "broken memory": broken(),
}  # fmt: skip

ABOVE_0 = "1.5, tiny, huge, 0 axes"
AT_LEAST_0 = f"0, {ABOVE_0}"
NUMBER = f"-1, {AT_LEAST_0}"
FRACTION = "0, tiny"
TRUTH = "True, False, np.True"
CALLABLE = "function, class, maker, Task"
COUNT = "0 axes"  # a whole number
FREE = ", ".join(BAD)

ALSO = {
    "action": "0",
    "action_names": "None, texts",
    "alpha": ABOVE_0,
    "available": f"None, {TRUTH}",
    "base": "None, 1.5, huge, 0 axes",
    "beta": f"inf, {ABOVE_0}",
    "bonus_weight": AT_LEAST_0,
    "branching": COUNT, "ending": FRACTION, "live": TRUTH,
    "budget": COUNT, "budget_nats": ABOVE_0,
    "callback": f"None, {CALLABLE}",
    "changes": "None", "cost": "None", "credit": "None",
    "checkpoint": "None", "checkpoint_every": COUNT,
    "code": "0",
    "columns": COUNT, "rows": COUNT, "depth": COUNT,
    "compiled": TRUTH, "progress": f"None, {TRUTH}",
    "constants": FREE,
    "choice": "text, no text", "clip": FRACTION, "confidence": "tiny", "draws": COUNT,
    "folder": "None, text", "optimiser": "None", "power": AT_LEAST_0,
    "probabilities": CALLABLE, "simulate": f"None, {CALLABLE}", "statistic": CALLABLE,
    "step": ABOVE_0,
    "cost_weight": AT_LEAST_0, "cost_weights": "tuple",
    "episodes": COUNT, "evaluation_episodes": COUNT, "evaluations": COUNT,
    "expected": f"None, {CALLABLE}", "psi": CALLABLE, "value": CALLABLE, "grad": CALLABLE,
    "begin": CALLABLE, "observe": CALLABLE, "move": CALLABLE,
    "gamma": FRACTION, "gamma_q": f"None, {FRACTION}",
    "goal_reward": NUMBER, "step_reward": NUMBER, "slip": FRACTION,
    "known": "None", "known_q": NUMBER, "known_sigma": ABOVE_0,
    "layout": "None", "slot": "None",
    "measure": f"None, {CALLABLE}", "n_jobs": f"None, -1, {COUNT}",
    "seeds": f"{COUNT}, tuple, set",
    "learning_rate": FRACTION, "learning_rate_q": FRACTION, "learning_rate_sigma": AT_LEAST_0,
    "max_steps": f"0, {COUNT}", "n_states": COUNT, "n_actions": COUNT, "n_trajectories": COUNT,
    "name": "text, no text",
    "path": "text",
    "preset": "None, mapping, pairs, {5: None}, {1: None}",
    "q": NUMBER, "q_init": NUMBER, "q_init_spread": AT_LEAST_0,
    "record_every": f"None, {COUNT}",
    "reward": NUMBER, "reward_noise": AT_LEAST_0,
    "rng": "0, 10**400, [], [[]], tuple",
    "samples": COUNT, "scale": ABOVE_0,
    "sigma": ABOVE_0, "sigma_base": ABOVE_0, "sigma_init": f"None, {ABOVE_0}",
    "snapshots": "[], set",
    "start": "None, 0", "starts": "None, tuple, set, 0 axes",
    "step_limit": COUNT,
    "stakes": AT_LEAST_0, "visits": AT_LEAST_0,
    "terminal": "False, []", "walls": "[]",
    "tolerance": AT_LEAST_0,
    "trial": f"0, {COUNT}", "trials": f"None, {COUNT}",
    "weights": f"{AT_LEAST_0}, tuple, 4 axes",
    "x": "4 axes, tuple",
}  # fmt: skip
"""What is legal all the same, by argument; what a function does not take, it refuses by name."""
SMALLER = {
    "dra.Memory.known": f"None, {TRUTH}",
    "dra.costs.Cost.name": "text, no text",
    **{f"dra.costs.{c}_{w}.sigma": f"{ABOVE_0}, [], [[]], tuple, 4 axes"
       for c in dra.costs.BUILT_IN for w in ("value", "grad")},
    "dra.gradient.score.sigma": AT_LEAST_0,
    **{f"dra.{f}.beta": ABOVE_0 for f in ("rollout", "returns", "gradient.estimate",
       "gradient.score", "exact.expected_step", "exact.fixed_point", "exact.stability")},
    "dra.train.beta": f"{ABOVE_0}, tuple", "dra.sweep.beta": f"{ABOVE_0}, tuple",
    "dra.sweep.task": "None, car, house", "dra.sweep.trials": COUNT,
    **{f"dra.evidence.{f}.beta": ABOVE_0 for f in ("bound", "bound_gradient", "estimate",
       "recall_entropy", "sample")},
    "dra.baselines.policy_compression.beta": ABOVE_0,
    "dra.baselines.policy_compression.q": "",
    "dra.baselines.learn_max_entropy.task": "car, house",
    "dra.baselines.max_entropy.task": "house",
    **{f"dra.baselines.{f}.memory": "other memory" for f in ("equal", "by_frequency",
       "by_stakes")},
    "dra.train.trials": COUNT,
    "dra.Memory.initial.task": "car, house",
    **{f"dra.exact.{f}.task": "house" for f in ("best_reward", "frontier", "optimal_allocation")},
    "dra.Run.load.task": "None", "dra.resume.task": "None",
    "dra.exact.tied_values.gamma_q": FRACTION,
    "dra.tasks.Simulated.available": f"None, {TRUTH}",
    "dra.tasks.Simulated.recipe": FREE,
    "dra.tasks.Simulated.known": "", "dra.tasks.Tabular.known": "",
    "dra.tasks.Tabular.terminal": "False",
    "dra.tasks.Tabular.slot": "", "dra.tasks.Simulated.slot": "",
    "dra.tasks.to_gymnasium.task": "car, house",
    "dra.tasks.from_gymnasium.step_limit": f"None, {COUNT}",
    "dra.tasks.from_gymnasium.name": "None, text, no text",
    "dra.tasks.gridworld.start": "",
    "dra.tasks.assemble.start": "0", "dra.tasks.tabular.start": "0",
    "dra.exact.fixed_point.start": "None",
    **{f"dra.exact.{f}.starts": "tuple, set, 0 axes" for f in ("best_reward", "frontier",
       "optimal_allocation")},
    "dra.planning.allocate_flexible.starts": "None, 0 axes",
    **{f"dra.policy.{f}.q": "" for f in ("choice_probabilities", "choice_entropy", "dprime",
       "choice_probability_derivatives")},
    **{f"dra.policy.{f}.sigma": "" for f in ("choice_probabilities", "choice_entropy", "dprime",
       "choice_probability_derivatives")},
    **{f"dra.fitting.ChoiceModel.{f}": "[], texts" for f in ("columns", "labels")},
    **{f"dra.fitting.{f}.{a}": "None" for f in ("fit", "cross_validate") for a in ("fixed",
       "bounds")},
    **{f"dra.fitting.{f}.machine": "texts" for f in ("dra_path", "stakes_path")},
    "dra.fitting.frequency_path.machine": "texts, tuple",
    "dra.fitting.logistic_slope.d": "tuple",
    "dra.fitting.compare.folds": "None", "dra.fitting.cross_validate.folds": "",
    "dra.fitting.soft_thompson.q": "texts", "dra.fitting.soft_thompson.sigma": "None, texts",
    "dra.Memory.q": "tuple", "dra.gradient.score.noise": "tuple",
    "dra.exact.evaluate.task": "house",
    **{f"dra.exact.{f}.snapshots": "[], set, tuple" for f in ("expected_step", "fixed_point",
       "stability")},
}  # fmt: skip
"""The same for an argument of one function."""

LIGHT = {"dra.exact.best_reward": {"budget_nats": 30.0, "sigma_bounds": (0.5, 8.0)}}
"""Arguments with which a legal call, made dozens of times here, has less to compute."""


def legal_too(function, argument):
    """Return the kinds that are legal for an argument."""
    listed = SMALLER.get(f"{function}.{argument}", ALSO.get(argument, ""))
    return {kind.strip() for kind in listed.split(", ")} if listed else set()


def table():
    """Return (function, argument) for all there are."""
    return [(name, argument) for name in public() for argument in arguments(public()[name])]


def outcome(call, here):
    """Return the error that a call raises, and whether it left its other arguments alone."""
    function, given, argument = call
    stream = given.get("rng") if argument != "rng" else None
    state = stream and (
        stream.bit_generator.state,
        stream.bit_generator.seed_seq.n_children_spawned,
    )
    files = sorted(here.iterdir())
    try:
        function(**given)
    except Exception as error:
        after = stream and (
            stream.bit_generator.state, stream.bit_generator.seed_seq.n_children_spawned
        )  # fmt: skip
        return error, same(after, state) and sorted(here.iterdir()) == files
    return None, True


def names_one_of(error, names):
    """Whether an error names an argument: a ValueError does, and an OSError names its file."""
    if isinstance(error, OSError) and error.filename is not None:
        return True
    words = re.compile(rf"\b({'|'.join(map(re.escape, names))})\b")
    return isinstance(error, ValueError | OSError) and bool(words.search(str(error)))


@pytest.mark.parametrize(
    ("function", "argument"), [pytest.param(*both, id=".".join(both)) for both in table()]
)
def test_what_an_argument_is_not_is_refused_by_name(function, argument, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    fine, wrong = legal_too(function, argument), {}
    for number, (kind, value) in enumerate(BAD.items()):
        here = tmp_path / str(number)
        here.mkdir()
        call, given = CALLS[function](here)
        given |= LIGHT.get(function, {})
        error, untouched = outcome((call, given | {argument: value}, argument), here)
        if kind in fine:
            told = isinstance(error, RuntimeError) or hasattr(error, "run")
            ok = error is None or told or names_one_of(error, given)
        else:
            ok = names_one_of(error, [argument]) and untouched
        if not ok:
            wrong[kind] = "accepted" if error is None else f"{type(error).__name__}: {error}"[:90]
    assert wrong == {}


def test_every_public_function_has_a_legal_call(tmp_path):
    assert set(CALLS) == set(public())
    for name, call in CALLS.items():
        here = tmp_path / name
        here.mkdir()
        function, given = call(here)
        assert set(given) == set(arguments(function)) or name == "dra.tasks.gridworld_changed"
        function(**given)
