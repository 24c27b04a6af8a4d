"""A run: everything that training has produced and everything needed to go on with it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields, replace

import numpy as np

from dra import _files, costs, tasks
from dra.memory import Memory
from dra.parameters import Parameters
from dra.tasks.grid import Layout
from dra.tasks.table import Tabular

HISTORY = ("trial", "reward", "cost", "objective", "env_steps")
"""Columns of :attr:`Run.history`."""


@dataclass(eq=False)
class Run:
    """The state of a training run between two trials.

    Attributes
    ----------
    task : Task
        The task of the first trial.
    changes : dict of int to Task
        Tasks that take over at the start of the given trials.
    parameters : Parameters
    trials : int
        Number of trials asked for.
    trial : int
        Number of trials done.
    memory : Memory
    env_steps : int
        Moves made in learning episodes and sampled trajectories; evaluation does not count.
    rng, evaluation_rng : Generator
        Streams of training and of evaluation.
    records : list of tuples
        Rows of :attr:`history`.
    snapshots : dict of int to Memory
        Copies of the memory after the given trials.
    """

    task: tasks.Task
    changes: dict
    parameters: Parameters
    trials: int
    memory: Memory
    rng: np.random.Generator
    evaluation_rng: np.random.Generator
    trial: int = 0
    env_steps: int = 0
    records: list = field(default_factory=list)
    snapshots: dict = field(default_factory=dict)

    @property
    def history(self):
        """Records as arrays: ``trial``, ``reward``, ``cost``, ``objective``, ``env_steps``.

        ``reward`` is the mean undiscounted return of the evaluation episodes after the trial's
        update, ``cost`` is weighted, and ``objective`` is their difference.
        """
        dtype = [(n, np.int64 if n in ("trial", "env_steps") else float) for n in HISTORY]
        return np.array(self.records, dtype=dtype).view(np.recarray)

    @property
    def finished(self):
        """Whether all trials are done."""
        return self.trial >= self.trials

    def task_at(self, trial):
        """Return the task in force in ``trial``."""
        begun = [t for t in self.changes if t <= trial]
        return self.changes[max(begun)] if begun else self.task

    @property
    def cost(self):
        """The weighted cost of the memory as it is now."""
        return self.memory.cost(self.parameters.cost_weight, self.parameters.cost)

    def save(self, path):
        """Write the run to an .npz file, all of it or nothing; :func:`dra.resume` goes on with it.

        Everything is kept, random streams included. A cost of your own is kept by name only.
        """
        arrays, plain = _pack_parameters(self.parameters)
        arrays.update({f"memory.{k}": v for k, v in self.memory.arrays().items()})
        for name, task in (("task", self.task), *_numbered(self.changes)):
            fields_of_task, plain[name] = _pack_task(task)
            arrays.update({f"{name}.{k}": v for k, v in fields_of_task.items()})
        if self.snapshots:
            arrays["snapshots.q"] = np.array([m.q for m in self.snapshots.values()])
            arrays["snapshots.sigma"] = np.array([m.sigma for m in self.snapshots.values()])
        plain |= {
            "changes": list(self.changes),
            "snapshots": list(self.snapshots),
            "trials": self.trials,
            "trial": self.trial,
            "env_steps": self.env_steps,
            "rng": self.rng.bit_generator.state,
            "evaluation_rng": self.evaluation_rng.bit_generator.state,
        }
        arrays["history"] = np.array(self.records, dtype=float).reshape(-1, len(HISTORY))
        text = json.dumps(plain, default=lambda x: np.asarray(x).tolist())
        _files.write_npz(path, {"kind": "dra.Run", "plain": text, **arrays})

    @classmethod
    def load(cls, path, cost=None):
        """Read a run that :meth:`save` wrote; ``cost`` is needed where it was your own.

        Raises
        ------
        ValueError
            If the file is truncated or holds something else, or ``cost`` is missing.
        """
        arrays = _files.read_npz(path, "dra.Run")
        plain = json.loads(str(arrays["plain"]))
        parameters = _unpack_parameters(arrays, plain, cost)
        memory = Memory.from_arrays(
            {k.removeprefix("memory."): v for k, v in arrays.items() if k.startswith("memory.")}
        )
        changes = {
            int(trial): _unpack_task(arrays, plain, f"change{i}")
            for i, trial in enumerate(plain["changes"])
        }
        snapshots = {
            int(t): replace(memory, q=q, sigma=sigma)
            for t, q, sigma in zip(
                plain["snapshots"],
                arrays.get("snapshots.q", ()),
                arrays.get("snapshots.sigma", ()),
                strict=True,
            )
        }
        records = [(int(r[0]), r[1], r[2], r[3], int(r[4])) for r in arrays["history"].tolist()]
        return cls(
            _unpack_task(arrays, plain, "task"), changes, parameters, plain["trials"], memory,
            _generator(plain["rng"]), _generator(plain["evaluation_rng"]),
            plain["trial"], plain["env_steps"], records, snapshots,
        )  # fmt: skip

    def __repr__(self):
        """Name the task, how far the run is, and its last record."""
        last = f", objective {self.records[-1][3]:.4g}" if self.records else ""
        return f"<Run on {self.task.name}: {self.trial} of {self.trials} trials{last}>"


def _numbered(changes):
    """Return (name in the file, task) of each change."""
    return [(f"change{i}", task) for i, task in enumerate(changes.values())]


def _pack_task(task):
    """Return (arrays, plain values) of a task; of a simulated one, how to make it again."""
    if not isinstance(task, Tabular):
        return {}, {"recipe": dict(task.recipe)}
    values = {f.name: getattr(task, f.name) for f in fields(Tabular)}
    arrays = {k: v for k, v in values.items() if isinstance(v, np.ndarray)}
    plain = {k: v for k, v in values.items() if k not in arrays}
    plain["preset"] = {k: v for k, v in plain["preset"].items() if k != "cost"}
    plain["layout"] = None if task.layout is None else dict(vars(task.layout))
    return arrays, plain


def _unpack_task(arrays, plain, name):
    """Rebuild the task stored under ``name``."""
    own = {k.removeprefix(f"{name}."): v for k, v in arrays.items() if k.startswith(f"{name}.")}
    rest = dict(plain[name])
    if "recipe" in rest:
        recipe = dict(rest["recipe"])
        return getattr(tasks, recipe.pop("maker"))(**recipe)
    rest["action_names"] = tuple(rest["action_names"])
    if rest["layout"] is not None:
        layout = {k: _tuples(v) for k, v in rest["layout"].items()}
        rest["layout"] = Layout(**layout)
    return Tabular(**own, **rest)


def _tuples(value):
    """Return JSON lists as tuples, all the way down."""
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


def _pack_parameters(parameters):
    """Return (arrays, plain values) of the parameters; the cost by its name."""
    values = {f.name: getattr(parameters, f.name) for f in fields(Parameters)}
    values["cost"] = getattr(values["cost"], "name", "of your own")
    arrays = {f"parameters.{k}": v for k, v in values.items() if isinstance(v, np.ndarray)}
    plain = {k: v for k, v in values.items() if not isinstance(v, np.ndarray)}
    return arrays, {"parameters": plain}


def _unpack_parameters(arrays, plain, cost):
    """Rebuild the parameters, with ``cost`` where the stored one is not built in."""
    prefix = "parameters."
    values = {k.removeprefix(prefix): v for k, v in arrays.items() if k.startswith(prefix)}
    values |= plain["parameters"]
    if cost is not None:
        values["cost"] = cost
    elif values["cost"] not in costs.BUILT_IN:
        raise ValueError(
            f"the run was trained with the cost {values['cost']!r}, which is not built in; "
            "pass it again as cost=..."
        )
    return Parameters(**values)


def _generator(state):
    """Return a Generator in the given state, as JSON keeps it."""
    bit_generator = getattr(np.random, state["bit_generator"])()
    bit_generator.state = _words(state)
    return np.random.Generator(bit_generator)


def _words(value):
    """Return JSON lists, all the way down, as the arrays of machine words that they were."""
    if isinstance(value, dict):
        return {k: _words(v) for k, v in value.items()}
    return np.array(value, dtype=np.uint64) if isinstance(value, list) else value
