"""Compute the frontier of the paper's maze for the page of explorables.

    python tools/precompute_frontier.py            writes book/_explorables/frontier-data.js

The best allocation for 35 prices of a nat, the paper's 0.1 among them; takes about two minutes.
"""

import json
import sys
from pathlib import Path

import numpy as np

import dra
from dra import exact

TARGET = Path(__file__).resolve().parents[1] / "book" / "_explorables" / "frontier-data.js"
COMMENT = "// Made by tools/precompute_frontier.py: the best allocations of the maze, exactly."
WEIGHTS = [float(f"{0.01 * 10 ** (j / 14):.3g}") for j in range(35)]  # 0.01, 0.0118, ... 2.68
BETA, SIGMA_BASE, GAMMA, GAMMA_Q = 10.0, 5.0, 1.0, 0.9


def layout_of(task):
    """The maze in state numbers, as the explorables write it."""
    layout = task.layout
    return {
        "rows": layout.rows,
        "columns": layout.columns,
        "walls": sorted(layout.state(cell) for cell in layout.walls),
        "start": layout.state(layout.start),
        "goal": layout.state(layout.goal),
    }


def rounded(values, form):
    """Numbers of any nesting, shortened by a format."""
    if np.ndim(values):
        return [rounded(value, form) for value in values]
    short = float(format(float(values), form))
    return int(short) if short.is_integer() else short


def point(found, i):
    """What is stored of one price: with as many digits as anyone will want to see."""
    memory = found.memories[i]
    numbers = {name: getattr(found, name)[i] for name in ("reward", "nats", "objective")}
    return {
        "cost_weight": float(found.cost_weights[i]),
        **{name: rounded(value, ".7g") for name, value in numbers.items()},
        "sigma": rounded(memory.sigma, ".4g"),
        "q": rounded(memory.q, ".3f"),
    }


def script(task, found):
    """The text of the script: one line per price."""
    head = {
        "beta": BETA,
        "sigma_base": SIGMA_BASE,
        "gamma": GAMMA,
        "gamma_q": GAMMA_Q,
        "layout": layout_of(task),
        "cost_weights": found.cost_weights.tolist(),
    }
    points = [json.dumps(point(found, i), separators=(",", ":")) for i in range(len(WEIGHTS))]
    body = json.dumps(head)[:-1] + ', "points": [\n' + ",\n".join(points) + "\n]}"
    return f"{COMMENT}\nconst FRONTIER = {body};\n"


def main():
    task = dra.tasks.gridworld()
    options = {"beta": BETA, "sigma_base": SIGMA_BASE, "gamma": GAMMA, "gamma_q": GAMMA_Q}
    found = exact.frontier(task, WEIGHTS, **options, progress=sys.stderr.isatty())
    TARGET.write_text(script(task, found), encoding="utf-8", newline="\n")
    print(f"{TARGET.name}: {TARGET.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
