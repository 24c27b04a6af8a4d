"""Draw what stands in place of each explorable on paper and where no script runs.

    python tools/explorable_pictures.py            writes book/_explorables/pictures

Each picture shows its figure as it is at first, the maze after a thousand trials. The SVG is for
the site, the PDF for the printed book. The same versions give the same bytes.
"""

import json
from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np
from scipy.stats import norm

import dra
from dra import baselines, costs, exact, plots, policy, widgets

FOLDER = Path(__file__).resolve().parents[1] / "book" / "_explorables"
GAP, PRICE, BASE = 0.5, 0.0861, 5.0  # of the second figure at first: just below the threshold
UNDATED = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}


def memories():
    """Two memories, as dra.plots draws them."""
    figure = plt.figure(figsize=(7, 3))
    plots.two_memories(2, 3, -1, 3, sigma_base=5, beta=10, figure=figure)
    return figure


def price():
    """The objective of one memory, and its best sigma at every price."""
    sigma = np.geomspace(0.02, BASE, 4000)
    prices = np.geomspace(0.005, 2, 800)
    worth, nats = GAP * norm.cdf(GAP / sigma), costs.kl.value(sigma, BASE)
    best = sigma[np.argmax(worth - prices[:, None] * nats, axis=1)]
    leap = np.argmax(np.diff(np.log(best)))
    figure, (left, right) = plt.subplots(1, 2, figsize=(7, 3.2))
    objective = worth - PRICE * nats
    top = np.argmax(objective)
    left.semilogx(sigma, objective)
    left.semilogx(sigma[top], objective[top], "^C1")
    left.axvline(BASE, color="C6", linestyle=":")
    left.set(ylim=(objective.max() - 0.36 * GAP, objective.max() + 0.04 * GAP))
    left.set(xlabel="σ [reward]", ylabel="objective F [reward]", title=f"at λ = {PRICE}")
    for part in (slice(leap + 1), slice(leap + 1, None)):
        right.semilogx(prices[part], best[part], "C0")
    right.semilogx(PRICE, sigma[top], "^C1")
    right.axvline(prices[leap], color="C6", linestyle=":")
    right.set(xlabel="price λ [reward / nat]", ylabel="best σ [reward]", title="at every price")
    return figure


def maze():
    """What an agent remembers near the end of a thousand trials."""
    figure = plt.figure(figsize=(7, 5.4))
    plots.snapshot(widgets.train_living_maze(trials=1000), 980, figure=figure)
    return figure


def frontier():
    """The stored frontier, and the memories kept at the paper's price."""
    text = (FOLDER / "frontier-data.js").read_text(encoding="utf-8")
    data = json.loads(text[text.index("{") : text.rindex("}") + 1])
    points = data["points"]
    found = exact.Frontier(
        np.array(data["cost_weights"]),
        tuple(dra.Memory(point["q"], point["sigma"], data["sigma_base"]) for point in points),
        *(np.array([point[name] for point in points]) for name in ("reward", "nats")),
        np.zeros(len(points)),
    )
    figure = plt.figure(figsize=(9, 3.6))
    index = data["cost_weights"].index(0.1)
    plots.frontier(found, index, dra.tasks.gridworld(), figure=figure)
    return figure


def rules():
    """The reward of all ways to share the nats of the best, and what is right in each."""
    often, stake, price = np.array([0.8, 0.2]), np.array([1.0, 4.0]), 0.1
    sigma = np.geomspace(0.05, BASE, 4000)
    right, nats = norm.cdf(stake[:, None] / np.sqrt(2) / sigma), 2 * costs.kl.value(sigma, BASE)
    best = nats[np.argmax((often * stake)[:, None] * right - price * nats, axis=1)]
    by = {"best": best, "equal": np.full(2, best.sum() / 2)}
    for name, weight in (("frequency", often), ("stakes", stake)):
        memory = baselines.by_frequency(dra.Memory([[0, 0]], BASE, BASE), best.sum() / 2, [weight])
        by[name] = 2 * costs.kl.value(memory.sigma[0], BASE)
    coffee = best.sum() * np.sin(np.linspace(0, np.pi / 2, 300)) ** 2
    figure, (left, other) = plt.subplots(1, 2, figsize=(8, 3.2))

    def chances(spent):
        return [np.interp(x, nats[::-1], p[::-1]) for x, p in zip(spent, right, strict=True)]

    def points(spent):
        p = chances(spent)
        return (100 * spent[0] / best.sum(), (often * stake) @ p), p

    for ax, x in zip((left, other), points([coffee, best.sum() - coffee]), strict=True):
        ax.plot(*x, "C0")
    for (name, spent), mark in zip(by.items(), "^osD", strict=True):
        for ax, x in zip((left, other), points(spent), strict=True):
            face = "C1" if name == "best" else "white"
            ax.plot(*x, mark + "C1", markerfacecolor=face, label=name, zorder=3)
    left.set(xlabel="share of the nats for coffee [%]", ylabel="reward per choice")
    left.set_title(f"{best.sum():.2f} nats")
    other.set(xlabel="coffee right", ylabel="holiday right", xlim=(0.5, 1), ylim=(0.5, 1.03))
    other.legend(loc="lower right")
    return figure


def scale():
    """What the best memories of one choice are worth at every size of its rewards."""
    sizes, n = np.geomspace(0.01, 100, 101), 300
    figure, (left, other) = plt.subplots(1, 2, figsize=(8, 3.2))
    rows = []
    for gap in sizes:
        sigma = np.geomspace(min(gap, BASE) / 80, BASE, n)
        means, pairs = np.tile([gap, 0.0], (n, 1)), np.stack([sigma, sigma], axis=1)
        right = policy.choice_probabilities(means, pairs, 10.0)[:, 0]
        nats = 2 * costs.kl.value(sigma, BASE)
        best = np.argmax(gap * right - 0.08 * nats)
        rows.append((right[best], nats[best]))
    for ax, y in zip((left, other), np.transpose(rows), strict=True):
        ax.semilogx(sizes, y, "C0", label="nothing scaled")
        ax.axhline(y[50], color="C1", linestyle="--", label="all scaled")  # as at a size of 1
        ax.semilogx(0.1, y[25], "^C0")
    left.set(xlabel="size of the rewards", ylabel="chooses right", ylim=(0.48, 1.02))
    other.set(xlabel="size of the rewards", ylabel="nats kept")
    left.legend(loc="lower right")
    return figure


def theories():
    """How often four agents choose right at a common and at a rare light, at every price."""
    prices, sigma = np.geomspace(0.01, np.sqrt(10), 120), np.geomspace(0.03, BASE, 4000)
    worth, nats = norm.cdf(1 / np.sqrt(2) / sigma), 2 * costs.kl.value(sigma, BASE)
    figure, axes = plt.subplots(1, 2, figsize=(8, 3.2), sharey=True)
    squeezed = [baselines.policy_compression(np.eye(2), [0.8, 0.2], beta=1 / x) for x in prices]
    for light, (ax, often) in enumerate(zip(axes, (0.8, 0.2), strict=True)):
        best = [[np.argmax(p * worth - x * nats) for x in prices] for p in (often, 1.0)]
        ax.semilogx(prices, worth[best[0]], "C0", label="DRA, once")
        ax.semilogx(prices, worth[best[1]], "--C0", label="DRA, per visit")
        right = [found.choice_probabilities[light, light] for found in squeezed]
        ax.semilogx(prices, right, "C1", label="compression")
        ax.semilogx(prices, 1 / (1 + np.exp(-1 / prices)), ":C1", label="max. entropy")
        ax.axvline(0.1, color="C6", linestyle=":")
        ax.set(xlabel="price λ [reward / nat]", title=("green light", "red light")[light])
    axes[0].set(ylabel="chooses right", ylim=(-0.03, 1.03))
    axes[0].legend(loc="lower left")
    return figure


PICTURES = {"memories": memories, "price": price, "maze": maze, "frontier": frontier}
PICTURES |= {"rules": rules, "scale": scale, "theories": theories}


def main(folder=FOLDER / "pictures"):
    folder.mkdir(exist_ok=True)
    plt.style.use("dra.figures")
    plt.rcParams["svg.hashsalt"] = "dra"
    for name, draw in PICTURES.items():
        figure = draw()
        for kind, metadata in UNDATED.items():
            figure.savefig(folder / f"{name}.{kind}", metadata=metadata)
        plt.close(figure)


if __name__ == "__main__":
    main()
