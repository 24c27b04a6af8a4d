"""Draw the picture that stands for the book where its address is shared: book/_static/card.png.

python tools/card.py
"""

import textwrap
from pathlib import Path

import matplotlib.pyplot as plt
from rename import title_of

import dra

TARGET = Path(__file__).resolve().parents[1] / "book" / "_static" / "card.png"


def draw():
    """Return the figure: 1200 by 630 pixels, as the services ask for."""
    task = dra.tasks.gridworld()
    memory = dra.train(task, 5000, rng=0).memory
    plt.style.use("dra.figures")
    figure = plt.figure(figsize=(12, 6.3), dpi=100, layout="none")
    title = "\n".join(textwrap.wrap(title_of(), 12))
    figure.text(0.05, 0.60, title, fontsize=50, weight="bold", va="center")
    words = "How a limited memory learns\nwhat to keep precise"
    figure.text(0.05, 0.30, words, fontsize=24, va="center", color="#444444")
    ax = figure.add_axes((0.52, 0.06, 0.45, 0.88))
    nats = dra.costs.kl.value(memory.sigma, memory.sigma_base).sum(axis=1)
    dra.plots.maze(task, nats, ax=ax, label="precision (nats)")
    return figure


if __name__ == "__main__":
    draw().savefig(TARGET, dpi=100, metadata={"Software": None})
    print(f"wrote {TARGET}")
