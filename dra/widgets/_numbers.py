"""The numbers that go with a figure."""

from __future__ import annotations

from typing import Any

import numpy as np
from scipy.stats import norm

from dra import costs, policy
from dra.exact.prices import Frontier
from dra.plots import _arguments, _frontier, _memories, _one_memory, _snapshot
from dra.run import Run
from dra.tasks.task import Task


@np.errstate(all="ignore")
def one_memory_numbers(
    gap: float, cost_weight: float, sigma_base: float, *, cost: Any = costs.kl
) -> dict[str, float]:
    """Return what the best memory of one option is, earns and costs.

    Parameters
    ----------
    gap : float > 0
        What the option is worth more than another whose value is known for certain.
    cost_weight : float >= 0
    sigma_base : float > 0
    cost : str or cost
        What the memory is paid by (:mod:`dra.costs`).

    Returns
    -------
    dict of str to float
        At the sigma, up to ``sigma_base``, with the highest objective (eq-one-memory).

    Raises
    ------
    ValueError
        If an argument is not legal.
    """
    gap, weight, base, cost = _one_memory.checked(gap, cost_weight, sigma_base, cost)
    sigma, value = _one_memory.best(gap, weight, base, cost)
    return {
        "best σ": sigma,
        "memory [" + _arguments.nats(cost) + "]": float(cost.value(sigma, base)),
        "probability of the better option": float(norm.cdf(gap / sigma)),
        "objective": value,
    }


@np.errstate(all="ignore")
def two_memories_numbers(
    q_a: float, sigma_a: float, q_b: float, sigma_b: float, sigma_base: float, beta: float,
    *, cost: Any = costs.kl,
) -> dict[str, float]:  # fmt: skip
    """Return what two memories do and cost.

    Parameters
    ----------
    q_a, sigma_a, q_b, sigma_b, sigma_base : float
        Means and standard deviations, in units of reward.
    beta : float > 0
        Inverse temperature; inf is Thompson sampling.
    cost : str or cost
        What the memories are paid by (:mod:`dra.costs`).

    Returns
    -------
    dict of str to float
        Exact choice probabilities, d' and prices.

    Raises
    ------
    ValueError
        If an argument is not legal.
    """
    q, sigma, base, beta = _memories.checked(q_a, sigma_a, q_b, sigma_b, sigma_base, beta)
    chance, unit = policy.choice_probabilities(q, sigma, beta), _arguments.nats(cost)
    price = costs.evaluated(cost, sigma, base)
    return {
        "probability of A": float(chance[0]),
        "probability of B": float(chance[1]),
        "d′": float(policy.dprime(q, sigma)),
        f"price of A [{unit}]": float(price[0]),
        f"price of B [{unit}]": float(price[1]),
        f"price of both [{unit}]": float(price.sum()),
    }


def living_maze_numbers(run: Run, trial: int) -> dict[str, float | str]:
    """Return the numbers of a run at its last snapshot up to a trial.

    Parameters
    ----------
    run : Run
        With snapshots and records at the same trials.
    trial : int

    Returns
    -------
    dict of str to number or str
        ``reward`` is the mean of the evaluation episodes, ``cost`` is weighted. The shortest way
        of the paper's maze has 14 steps, and 8 after its change.

    Raises
    ------
    ValueError
        If the run has no such snapshot.
    """
    at, memory, row = _snapshot.moment(run, trial)
    cost, unit = run.parameters.cost, _arguments.nats(run.parameters.cost)
    return {
        "trial": at,
        "trials in all": run.trial,
        "reward": float(row.reward),
        f"cost λ × {unit}": float(row.cost),
        "objective": float(row.objective),
        f"memory [{unit}]": float(memory.cost(1.0, cost)),
        "steps of the walk shown": len(_snapshot.walk_at(run, at, memory).actions),
        "the maze changes at trial": ", ".join(map(str, run.changes)) or "never",
    }


def frontier_numbers(
    found: Frontier, index: int, task: Task | None = None
) -> dict[str, float | str]:
    """Return the numbers of one point of a frontier.

    Parameters
    ----------
    found : Frontier
    index : int
        Number of the cost weight.
    task : Tabular, optional
        A grid-world, to name the cells whose memories are kept.

    Returns
    -------
    dict of str to number or str

    Raises
    ------
    ValueError
        If there is no such point, or ``found`` is of another task.
    """
    index = _frontier.point(found, index, task)
    kept, before = found.kept[index], found.kept[max(index - 1, 0)]
    unit = _arguments.nats(found.cost_function)
    numbers: dict[str, float | str] = {
        "price of a nat λ": float(found.cost_weights[index]),
        "reward": float(found.reward[index]),
        f"memory [{unit}]": float(found.nats[index]),
        f"cost λ × {unit}": float(found.cost[index]),
        "objective": float(found.objective[index]),
        "memories kept (σ below σ_base / 2)": int(kept.sum()),
        "kept at the price before, dropped here": int((before & ~kept).sum()),
    }
    if task is not None and hasattr(task.layout, "cell") and kept.ndim == 2:
        cells = (f"{task.layout.cell(s)}: {kept[s].sum()}" for s in np.flatnonzero(kept.any(1)))
        numbers["kept by cell (row, column)"] = "; ".join(cells) or "none"
    return numbers
