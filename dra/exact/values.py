"""The means that belong to given standard deviations."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from dra import _check
from dra.exact import tied
from dra.exact.objectives import fitted, remembered
from dra.memory import Memory
from dra.tasks.table import Tabular


@np.errstate(all="ignore")
def tied_values(task: Tabular, memory: Memory, *, beta: float, gamma_q: float) -> Memory:
    """Return the memory whose means are the values of its own policy, sigma being that given.

    These are the means that learning settles on while sigma stays as it is (eq-tied). There may be
    several such memories; the means of ``memory`` decide which one is found.

    Parameters
    ----------
    task : Tabular
    memory : Memory
    beta : float
        Inverse temperature; may be inf.
    gamma_q : float in [0, 1]
        Discount at which q is learned.

    Returns
    -------
    Memory
        Known memories, and those of choices that cannot occur, keep their means.

    Raises
    ------
    ValueError
        If an argument is not legal, or the task cannot be solved at this discount.
    RuntimeError
        If the values do not settle.

    Examples
    --------
    >>> import dra
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> blurred = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
    >>> tied_values(task, blurred, beta=10.0, gamma_q=1.0).q.round(1)[1]  # next to the goal
    array([ 8.6,  8.6,  7.2, 10. ])
    """
    beta = _check.number("beta", beta, above=0, finite=False)
    gamma_q = _check.number("gamma_q", gamma_q, least=0, most=1)
    states, memory = fitted(task, memory)
    ties = tied.ties(task, states, memory, beta, gamma_q)
    q, sigma = remembered(task, memory, states)
    point = tied.settled(ties, sigma, tied.values(ties, sigma, q))
    means = memory.q.copy()
    means.reshape(-1)[ties.slot] = point.made.q
    return replace(memory, q=means)
