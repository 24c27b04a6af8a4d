"""A memory as text."""

from __future__ import annotations

import numpy as np

from dra import costs

MOST = 20
"""Memories that are listed."""


def table(memory, cost):
    """Return the memories of choices that exist, one a line, priced by ``cost``."""
    cost = costs.named(cost)
    each = costs.evaluated(cost, memory.sigma, memory.sigma_base)
    header = f"{getattr(cost, 'name', type(cost).__name__)} (nats)"
    lines = [f"{'memory':>12} {'q':>10} {'sigma':>10} {header:>10}"]
    places = np.argwhere(memory.available)
    for place in map(tuple, places[:MOST].tolist()):
        name = ", ".join(map(str, place)) + (" known" if memory.known[place] else "")
        lines.append(
            f"{name:>12} {memory.q[place]:10.4g} {memory.sigma[place]:10.4g} "
            f"{each[place]:{max(len(header), 10)}.4g}"
        )
    if len(places) > MOST:
        lines.append(f"... {len(places)} memories in all")
    return "\n".join(lines)


def line(memory):
    """Return the size and the KL cost; of numbers that are not legal as well, for a debugger."""
    with np.errstate(all="ignore"):
        each = costs.trusted(costs.kl).value(memory.sigma, memory.sigma_base)
    nats = np.sum(each, where=~memory.known & memory.available)
    return (
        f"<Memory of {np.count_nonzero(memory.available)} action-values, KL cost {nats:.4g} nats, "
        f"sigma_base {memory.sigma_base:g}>"
    )
