"""The fit of many people: one after the other, each by themselves."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from dra import _check, _contents, _files, _interrupt, _progress
from dra._check import Seed
from dra.fitting import _data, _settings
from dra.fitting.model import ChoiceModel
from dra.fitting.result import Fit, Interrupted

if TYPE_CHECKING:
    import pandas as pd

KIND = "dra fit of a person"


def fit(
    model: str | ChoiceModel,
    data: pd.DataFrame | str | os.PathLike,
    *,
    rng: Seed,
    fixed: Mapping[str, float | None] | None = None,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    clip: float = 0.001,
    starts: int = 5,
    optimiser: Callable | None = None,
    intervals: str = "profile",
    confidence: float = 0.95,
    folder: str | os.PathLike | None = None,
    progress: bool | None = None,
) -> Fit:
    """Fit a model to each person's choices by maximum likelihood.

    Parameters
    ----------
    model : {"dra", "equal", "frequency", "stakes"} or ChoiceModel
    data : DataFrame, or path of a CSV file
        One row a choice, in order. The four models of the slot machines read the columns

        - machine: the name of the machine offered;
        - d: its mean payoff minus the price, in the unit of reward;
        - accept: 1 or 0;

        other models those that they name. A column person, if there is one, tells people apart;
        theirs need not stand together. Other columns do not matter.
    rng : seed or Generator
        Of the starting points. What is found of a person depends on this and on the person's own
        rows, not on who else is there.
    fixed : mapping of parameter name to float or None, optional
        Parameters to keep at a value; None sets one free that the model keeps fixed. "dra" keeps
        sigma_base at 5, "frequency" and "stakes" keep power at 0.5, all four keep lapse at 0.
    bounds : mapping of parameter name to (low, high), optional
        In place of the model's own. One with low > 0 is searched by its logarithm.
    clip : float
        No probability counts as smaller than this, or larger than one minus this.
    starts : int
        How many searches for each person, from the best of 20 times as many random points.
    optimiser : callable (function, start, bounds, rng) -> point, optional
        Searches for a minimum of ``function``. ``start`` has shape (k,), for k free parameters,
        and ``bounds`` (k, 2), on the scale of the search; ``rng`` is a Generator. Default: SLSQP
        of SciPy. Standard errors and profiles use that one all the same.
    intervals : {"profile", "wald", "none"}
        How low and high of the table are found: where the profile likelihood falls by the bound of
        chi-square; or from the standard error on the scale of the search, which is faster.
    confidence : float
        Of the intervals, between 0 and 1.
    folder : path, optional
        Where what is found is kept, a file for each person. Who has one there is not fitted again.
        The data, the search and the model must be the same, its own code and all that it reaches.
    progress : bool, optional
        Show a progress bar, as :func:`dra.train` does.

    Returns
    -------
    Fit
        Standard errors come from the observed information, by the delta method; a parameter at one
        of its bounds has none (NaN).

    Raises
    ------
    ValueError
        If an argument is not legal; of the data it names column and row. If `folder` holds a person
        fitted to other data or in another way.
    Interrupted
        On Ctrl-C, with those done so far as its attribute ``fit``. Any other error on the way, in a
        model or an optimiser of your own, has that attribute as well, once somebody is done.

    Examples
    --------
    >>> import dra
    >>> offers = dra.fitting.slot_machines(768, rng=0)
    >>> people = dra.fitting.simulate("equal", {"sigma": 2.0}, offers, rng=1)
    >>> found = fit("equal", people, rng=0)
    >>> bool(found.table.low[0] < 2.0 < found.table.high[0])
    True

    PyBADS, an optimiser for costly and for noisy likelihoods, which the authors of the experiment
    use, finds the same maxima here in thirty times the time (version 1.5.1). It goes in as

    >>> def bads(function, start, bounds, rng):
    ...     from pybads import BADS
    ...     options = {"display": "off", "random_seed": int(rng.integers(2**31))}
    ...     return BADS(function, start, *bounds.T, options=options).optimize().x
    """
    wanted = _settings.settings(
        model, fixed, bounds, clip, starts, optimiser, intervals, confidence
    )
    rng, progress = _check.generator("rng", rng), _check.option("progress", progress)
    table = _data.table_from(data).copy()
    people = _data.people_of(wanted.model, table)
    folder = _folder(folder)
    entropy = _data.entropy_of(rng)
    found: list = []
    keep = _kept(folder, wanted, entropy) if folder else {}
    known = {p.name: keep["read"](p) for p in people} if folder else {}
    with _progress.bar(len(people), "person", progress) as bar, _interrupt.deferred() as seen:
        for person in people:
            one = known.get(person.name)
            if one is None:
                with _carrying(
                    found, lambda: collected(people[: len(found)], found, wanted, table)
                ):
                    one = _settings.fit_person(person, wanted, entropy)
                if folder:
                    keep["write"](person, one)
            found.append(one)
            bar.update()
            if seen and len(found) < len(people):
                done = collected(people[: len(found)], found, wanted, table)
                raise Interrupted(done, len(people))
    return collected(people, found, wanted, table)


@contextlib.contextmanager
def _carrying(found, done):
    """Let an error on the way carry what was found of the people before, if there are any."""
    try:
        yield
    except Exception as error:
        if found:
            error.fit = done()
            error.add_note(f"The fit of {len(found)} before is the attribute fit of this error.")
        raise


def collected(people, found, wanted, data):
    """Return the :class:`Fit` of people and of what was found of each."""
    import pandas as pd

    k, columns = len(wanted.free), ("estimate", "standard_error", "low", "high")
    names = [p.name for p in people]
    table = pd.DataFrame(
        {"person": [name for name in names for _ in range(k)],
         "parameter": list(wanted.free) * len(names)}
        | {c: np.concatenate([f[c] for f in found]) for c in columns}
    )  # fmt: skip
    n = np.array([len(p.place) for p in people])
    log = -np.array([float(f["loss"]) for f in found])
    summary = pd.DataFrame(
        {"person": names, "choices": n, "log_likelihood": log, "aic": 2 * k - 2 * log,
         "bic": k * np.log(n) - 2 * log}
    )  # fmt: skip
    return Fit(table, summary, wanted.model, data, wanted)


def _folder(folder):
    """Return the path of a folder that is there, made if need be; None stays None."""
    if folder is None:
        return None
    if not isinstance(folder, str | os.PathLike) or not str(folder):
        raise ValueError(f"folder is {_check.shown(folder)}; it must be the path of a folder")
    path = Path(folder)
    try:
        path.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise ValueError(f"folder is {str(folder)!r}, which is a file") from None
    return path


def _kept(folder, wanted, entropy):
    """Return how a person is read from the folder (None if not there) and written to it."""

    def place(person):
        return folder / f"{hashlib.sha256(str(person.name).encode()).hexdigest()[:20]}.npz"

    def read(person):
        if not place(person).exists():
            return None
        arrays = _files.read_npz(place(person), KIND)
        if str(arrays["digest"]) != _digest(person, wanted, entropy):
            raise ValueError(
                f"folder has a file of person {person.name!r} fitted to other data, with another "
                f"rng or in another way ({place(person).name}); give another folder"
            )
        return {k: v for k, v in arrays.items() if k not in ("kind", "digest", "person")}

    def write(person, one):
        named = {
            "kind": KIND,
            "digest": _digest(person, wanted, entropy),
            "person": str(person.name),
        }
        _files.write_npz(place(person), {k: np.array(v) for k, v in named.items()} | one)

    return {"read": read, "write": write}


def _digest(person, wanted, entropy):
    """Return a digest of all that the fit of one person depends on, code of the caller's too."""
    return _contents.digest(wanted, entropy, person.rows)
