"""Sweeps: many conditions, many seeds, all cores of a machine or a cluster (chapter 13)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from dra import _cells, _check, _conditions, _contents, _files, _parallel, _progress, _start
from dra.run import HISTORY, Run
from dra.tasks import Task, advice

if TYPE_CHECKING:
    import pandas

__all__ = ["CellsFailed", "sweep"]


class CellsFailed(RuntimeError):
    """Some cells of a sweep raised an error. All others were finished first.

    Attributes
    ----------
    failures : list of (condition, seed, traceback as text)
    table : pandas.DataFrame
        What :func:`sweep` returns, of the other cells.
    """

    def __init__(self, message: str, failures: list[tuple[Any, int, str]], table: Any):
        super().__init__(message)
        self.failures, self.table = failures, table

    def __reduce__(self) -> tuple[Any, ...]:
        """Copy and pickle with everything it holds."""
        return type(self), (str(self), self.failures, self.table)


class Cell(NamedTuple):
    """A condition with a seed."""

    condition: _conditions.Condition
    seed: int
    words: tuple[int, ...]  # the seed of its run
    path: Path | None  # its file


def sweep(
    task: Task | None,
    conditions: Mapping[Any, Mapping[str, Any]] | Sequence[Mapping[str, Any]], *,
    seeds: int | Sequence[int], trials: int, rng: Any, folder: str | PathLike[str] | None = None,
    measure: Callable[[Run], Mapping[str, Any]] | None = None, n_jobs: int | None = None,
    progress: bool | None = None, **parameters: Any,
) -> pandas.DataFrame:  # fmt: skip
    """Train an agent for every condition and every seed, in parallel.

    Parameters
    ----------
    task : Task or None
        None where every condition names its own.
    conditions : mapping from names to mappings, or list of mappings
        Parameters of :func:`train`, by condition. A condition may also name a ``task`` and
        ``changes``, and an ``rng`` (a seed): its agents are then trained with ``rng=[*rng, seed]``,
        so that conditions with the same ``rng`` share their random numbers. A list is named by
        what its entries say.
    seeds : int, or sequence of int
        Number of agents for each condition, or their seeds. An int stands for 0, 1, ...
    trials : int
    rng : seed or Generator
        The stream of each agent follows from this, the name of its condition and its seed, and from
        nothing else: not from the other conditions, the order, or the number of processes.
    folder : path, optional
        Where each finished cell (a condition with a seed) is kept, in a file of its own. Called
        again, the sweep goes on with what is not there yet. The name of a file is a digest of the
        task, all parameters, the stream, ``trials``, ``measure`` and the source of this package;
        what changes in one of them is computed anew. A damaged file is, too, with a warning.
    measure : callable, optional
        ``measure(run)`` returns a mapping with further columns, numbers or texts.
    n_jobs : int, optional
        Number of processes; 1 computes in this one. Default: that of ``joblib.parallel_config``, or
        one for each core.
    progress : bool, optional
        Show a progress bar; as for :func:`train`.
    **parameters
        For all conditions that do not name them.

    Returns
    -------
    pandas.DataFrame
        A row for each record of each agent, in the order of the conditions, the seeds and the
        trials. Columns: ``condition``, ``seed``; every parameter that some condition names, where
        it is a number or a text in all; ``trial``, ``reward``, ``cost``, ``objective`` and
        ``env_steps`` as in :attr:`Run.history`; and what ``measure`` adds. The numbers are the
        same, whether computed or read from ``folder``.

    Raises
    ------
    ValueError
        If an argument is not legal; nothing has been done then.
    CellsFailed
        After all others are finished, if some cells raised an error.
    ImportError
        If joblib or pandas is not installed.

    Notes
    -----
    Another way to compute in parallel is the caller's line: with
    ``joblib.parallel_config(backend="dask")`` around the call, or any other backend of joblib, its
    workers train. Processes of this machine are held to one thread each.

    Tasks, credits and costs are sent by pickle; functions of a notebook or a script travel with
    their code. Refused is what cannot be pickled, such as a simulator with an open window. Make it
    in a module, inside ``begin``; or compute with ``n_jobs=1``.

    Any error on the way, Ctrl-C among them, has an attribute ``table``: the finished cells.
    What is in ``folder`` also survives the death of the process. A worker that dies ends a sweep
    on joblib's own processes; dask gives its cell to another.

    Examples
    --------
    >>> import dra
    >>> rich_or_poor = {"rich": {"sigma_init": 1.0}, "poor": {"sigma_init": 5.0}}
    >>> task = dra.tasks.gridworld()
    >>> table = dra.sweep(task, rich_or_poor, seeds=3, trials=300, rng=0, n_jobs=1)
    >>> last = table[table.trial == table.trial.max()]
    >>> reward = last.groupby("condition").reward.mean()
    >>> bool(reward["rich"] > reward["poor"])
    True
    """
    trials = _check.integer("trials", trials, least=1)
    found = _conditions.checked(task, conditions, trials, parameters)
    numbered = _seeds(seeds)
    _check.option("progress", progress)
    if measure is not None:
        _check.function("measure", measure)
    rng = _check.generator("rng", rng)
    _libraries()
    n_jobs = _parallel.jobs(n_jobs)
    shared = _parallel.shared([measure, *(x for c in found for x in (c.task, c.changes, c.given))])
    if n_jobs != 1:
        _parallel.check_sent(shared.values())
    kept = None if folder is None else _folder(folder)
    for c in found:
        advice.give(c.task, c.parameters, c.given)
    root = _start.spawned(rng).integers(2**32, size=4).tolist()
    cells = _cells_of(found, numbered, root, kept, trials, measure)
    results = _read(cells)
    calls = _calls(cells, results, shared, measure, trials)
    try:
        _fill(results, cells, calls, n_jobs, progress)
    except BaseException as error:
        error.table = _table(cells, results, found)  # type: ignore[attr-defined]
        error.add_note("The finished cells are kept as the attribute table of this error.")
        raise
    return _whole(cells, results, found)


def _seeds(seeds):
    """Return the seeds as a list of different integers."""
    if not hasattr(seeds, "__len__") or getattr(seeds, "ndim", 1) == 0:
        return list(range(_check.integer("seeds", seeds, least=1, most=2**31)))
    given = _check.listed("seeds", seeds, "a number of seeds, or a sequence of integers")
    numbered = [_check.integer("an entry of seeds", s) for s in given]
    if not numbered or len(set(numbered)) < len(numbered):
        raise ValueError(f"seeds is {_check.shown(given)}; there must be some, none of them twice")
    return numbered


def _folder(folder):
    """Return the folder, made if it is missing, once it is sure that files can be kept there."""
    path = _files.path_of(folder, "folder", "the path of a folder").absolute()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise type(error)(
            error.errno,
            f"folder is {str(folder)!r}, and cannot be made: {error.strerror}",
            str(path),
        ) from None
    _files.check_writable(path / "cell.npz", "folder")
    return path


def _libraries():
    """Raise unless the libraries are there that a sweep needs, and the package alone does not."""
    try:
        import cloudpickle  # noqa: F401
        import joblib  # noqa: F401
        import pandas  # noqa: F401
    except ImportError as error:
        raise ImportError(
            f"{error.name} is not installed; pip install 'dra[research]' has it"
        ) from error


def _cells_of(found, seeds, root, folder, trials, measure):
    """Return all cells, in order of the conditions."""
    cells = []
    for condition in found:
        prefix = folder and (condition.digest(trials), _contents.described(measure))
        for seed in seeds:
            words = condition.stream(root, seed)
            path = folder and folder / f"{_contents.digest(prefix, words)}.npz"
            cells.append(Cell(condition, seed, words, path))
    return cells


def _read(cells):
    """Return what was computed before, by the number of the cell."""
    found = {k: _cells.load(cell.path) for k, cell in enumerate(cells) if cell.path is not None}
    return {k: done for k, done in found.items() if done is not None}


def _calls(cells, results, shared, measure, trials):
    """Return (function, arguments) for every cell that is not among ``results``."""
    calls = []
    for k, (c, _, words, _) in enumerate(cells):
        if k not in results:
            parts = [shared[id(x)] for x in (c.task, c.changes, c.given, measure)]
            calls.append((_numbered, (k, *parts, trials, words)))
    return calls


def _fill(results, cells, calls, n_jobs, progress):
    """Compute cells in parallel; put each into ``results``, and into its file."""
    bar = _progress.bar(len(cells), "cell", progress, initial=len(results))
    with bar, closing(_parallel.results(calls, n_jobs)) as found:
        for k, result in found if calls else ():
            results[k] = result
            condition, seed, words, path = cells[k]
            if path is not None and isinstance(result, _cells.Done):
                what = {"condition": str(condition.name), "seed": seed, "rng": words}
                _cells.save(path, what, result)
            bar.update()


def _numbered(k, *arguments):
    """Return a cell's number and its result."""
    return k, _cells.compute(*arguments)


def _table(cells, results, found):
    """Return the finished cells as a table."""
    import pandas

    done = {k: cells[k] for k in sorted(results) if isinstance(results[k], _cells.Done)}
    measured = dict.fromkeys(name for k in done for name in results[k].measured)
    named = [
        name for name in dict.fromkeys(name for c in found for name in c.names)
        if name not in (*HISTORY, *measured) and all(name in c.columns for c in found)
    ]  # fmt: skip
    rows = []
    for k, (condition, seed, _, _) in done.items():
        own = {name: condition.columns[name] for name in named}
        head = {"condition": condition.name, "seed": seed, **own}
        for record in results[k].records:
            rows.append(head | dict(zip(HISTORY, record, strict=True)) | results[k].measured)
    return pandas.DataFrame(rows, columns=["condition", "seed", *named, *HISTORY, *measured])


def _whole(cells, results, found):
    """Return the table, or raise where cells failed."""
    table = _table(cells, results, found)
    failed = [k for k in sorted(results) if isinstance(results[k], _cells.Failed)]
    if not failed:
        return table
    listed = [
        f"condition {cells[k].condition.name!r}, seed {cells[k].seed}: {results[k].error}"
        for k in failed[:5]
    ]
    more = "" if len(failed) == len(listed) else " ..."
    raise CellsFailed(
        f"{len(failed)} of {len(cells)} cells failed; the others are in the table of this error. "
        f"{'; '.join(listed)}{more}",
        [(cells[k].condition.name, cells[k].seed, results[k].traceback) for k in failed],
        table,
    )
