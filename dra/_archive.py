"""Runs in files: what is kept of each part, and how the parts are made again."""

from __future__ import annotations

import json
from dataclasses import fields

import numpy as np

from dra import _check, _files, costs, credits
from dra.memory import Memory
from dra.parameters import Parameters
from dra.tasks import stored

FORMAT = 2
OWN = "of your own"


def pack(run):
    """Return a run as arrays, all but the numbers in one text.

    Raises
    ------
    ValueError
        If a random stream is of a kind that a file cannot hold.
    """
    parameters = {f.name: getattr(run.parameters, f.name) for f in fields(Parameters)}
    parameters |= {name: _name(parameters[name]) for name in ("cost", "credit")}
    arrays, plain = _split("parameters", parameters)
    arrays |= {f"memory.{k}": v for k, v in run.memory.arrays().items()}
    for name, task in {"task": run.task, **run.changes}.items():
        more, kept = _split(_key(name), {**task.pack(), "fit": stored.fit(task)})
        arrays, plain = arrays | more, plain | kept
    if run.snapshots:
        arrays["snapshots.q"] = np.array([m.q for m in run.snapshots.values()])
        arrays["snapshots.sigma"] = np.array([m.sigma for m in run.snapshots.values()])
    plain |= {
        "format": FORMAT,
        "changes": list(run.changes),
        "snapshots": list(run.snapshots),
        "nats": float(run.memory.cost(1.0, run.parameters.cost)),
        **{name: getattr(run, name) for name in ("trials", "trial", "env_steps")},
        **{name: state(name, getattr(run, name)) for name in ("rng", "evaluation_rng")},
    }
    arrays["history"] = np.array(run.records, dtype=float).reshape(-1, 5)
    text = json.dumps(plain, default=lambda x: np.asarray(x).tolist())
    return {"kind": "dra.Run", "plain": text, **arrays}


def unpack(path, arrays, given):
    """Return the fields of the run in ``arrays``; ``given`` holds what is passed again.

    Raises
    ------
    ValueError
        If something is missing or not legal.
    """
    try:
        plain = json.loads(str(arrays["plain"]))
        found = plain.get("format")
        if found != FORMAT:
            raise ValueError(f"its format is {found}; this version reads format {FORMAT}")
        return _fields(arrays, plain, given)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError, OverflowError) as error:
        missing = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise ValueError(f"{path} does not hold a run that can go on: {missing}") from error


def _fields(arrays, plain, given):
    """Return the fields of a run."""
    memory = Memory.from_arrays(_joined("memory", arrays, {}))
    unknown = sorted(set(given["changes"]) - set(plain["changes"]))
    if unknown:
        raise ValueError(f"changes names trial {unknown[0]}; the run has {plain['changes']}")
    changes = {
        t: stored.unpack(
            f"changes[{t}]", _joined(_key(t), arrays, plain), given["changes"].get(t)
        )
        for t in plain["changes"]
    }  # fmt: skip
    parameters = _parameters(_joined("parameters", arrays, plain), given)
    if not np.isclose(memory.cost(1.0, parameters.cost), plain["nats"], rtol=1e-9, atol=1e-12):
        raise ValueError("cost has other values than the one that the run was trained with")
    for name in ("trials", "trial", "env_steps"):
        _check.integer(name, plain[name])
    if not 0 <= plain["trial"] <= plain["trials"]:
        raise ValueError(f"it has done {plain['trial']} of {plain['trials']} trials")
    kept = zip(arrays.get("snapshots.q", ()), arrays.get("snapshots.sigma", ()), strict=True)
    return {
        "task": stored.unpack("task", _joined("task", arrays, plain), given["task"]),
        "changes": changes,
        "parameters": parameters,
        "memory": memory,
        "rng": _generator(plain["rng"]),
        "evaluation_rng": _generator(plain["evaluation_rng"]),
        "records": [(int(r[0]), *r[1:4], int(r[4])) for r in arrays["history"].tolist()],
        "snapshots": {
            t: Memory(q, sigma, memory.sigma_base, memory.known, memory.available)
            for t, (q, sigma) in zip(plain["snapshots"], kept, strict=True)
        },
        **{name: plain[name] for name in ("trials", "trial", "env_steps")},
    }


def _key(name):
    """Return the name in the file of a task: the first one's, or that of a change."""
    return name if isinstance(name, str) else f"change{name}"


def _split(name, values):
    """Return (arrays, plain values) of a part of the run, ready for the file."""
    arrays = {f"{name}.{k}": v for k, v in values.items() if isinstance(v, np.ndarray)}
    return arrays, {name: {k: v for k, v in values.items() if not isinstance(v, np.ndarray)}}


def _joined(name, arrays, plain):
    """Return what :func:`_split` took apart."""
    own = {k.removeprefix(f"{name}."): v for k, v in arrays.items() if k.startswith(f"{name}.")}
    return own | plain.get(name, {})


def _name(member):
    """Return the name of a cost or a credit."""
    return str(getattr(member, "name", OWN))


def _parameters(values, given):
    """Return the :class:`Parameters`, with what is passed again in place."""
    for name, family in (("cost", costs.BUILT_IN), ("credit", credits.BUILT_IN)):
        kept, again = values[name], given[name]
        if again is None and kept not in family:
            raise ValueError(f"its {name} {kept!r} is not built in; pass it again as {name}=...")
        if again is not None:
            if _name(again) != kept:
                raise ValueError(f"{name} is {_name(again)!r}; the run was trained with {kept!r}")
            values[name] = again
    missing = {f.name for f in fields(Parameters)} ^ set(values)
    if missing:
        raise ValueError(f"the parameters do not agree with those known here: {sorted(missing)}")
    return Parameters(**values)


def state(name, rng):
    """Return the state of a Generator as plain values."""
    kind = type(rng.bit_generator).__name__
    if getattr(np.random, kind, None) is not type(rng.bit_generator):
        raise ValueError(
            f"{name} has the bit generator {kind}, which a file cannot hold; it must be one of "
            "numpy.random's"
        )
    return rng.bit_generator.state


def _generator(state):
    """Return a Generator in the given state, as JSON keeps it."""
    kind = getattr(np.random, str(state["bit_generator"]), None)
    if not (isinstance(kind, type) and issubclass(kind, np.random.BitGenerator)):
        raise ValueError(f"the bit generator {state['bit_generator']!r} is not known")
    bit_generator = kind()
    bit_generator.state = _words(state)
    return np.random.Generator(bit_generator)


def _words(value):
    """Return JSON lists, all the way down, as the arrays of machine words that they were."""
    if isinstance(value, dict):
        return {k: _words(v) for k, v in value.items()}
    return np.array(value, dtype=np.uint64) if isinstance(value, list) else value


def trials_done(path):
    """Return how many trials the run in a file has done.

    Raises
    ------
    ValueError
        If the file does not hold a run.
    """
    try:
        return int(json.loads(str(_files.read_npz(path, "dra.Run")["plain"]))["trial"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"{path} does not hold a run that can go on: {error}") from error
