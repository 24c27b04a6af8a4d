"""CartPole moved through live, and tile coding on the hill: memories of weights, not of values."""

import math
import sys
from pathlib import Path

import numpy as np
from numba import njit
from tqdm import tqdm

import dra
from dra.tasks import hill

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

VALLEY = hill.Valley()
EDGES = (
    (-0.8, 0.8), (-0.5, 0.5), (-0.105, -0.0175, 0.0, 0.0175, 0.105), (-0.87, 0.87)
)  # fmt: skip
POLE = {"gamma_q": 0.99, "n_trajectories": 2, "cost_weight": 0.01}
TILINGS = {"1 x 9": (1, 9), "1 x 17": (1, 17), "4 x 9": (4, 9), "8 x 6": (8, 6)}
begin, move = njit(hill.begin), njit(hill.move)


def boxes(observation):
    """The row of one of 162 boxes (Barto, Sutton & Anderson, 1983)."""
    row = 0
    for x, edges in zip(observation, EDGES, strict=True):
        row = row * (len(edges) + 1) + sum(x >= edge for edge in edges)
    return row


def poles(n, trials):
    """History of ``n`` agents on CartPole, and what a memory that knows nothing earns."""
    task = dra.tasks.from_gymnasium("CartPole-v1", observe=boxes, n_states=162)
    options = {**dra.presets.for_scale(10.0), **POLE, "evaluation_episodes": 20}
    runs = [
        dra.train(
            task, trials, rng=[k], record_every=max(1, trials // 8), progress=False, **options
        )
        for k in tqdm(range(n))
    ]
    nothing = dra.Memory.initial(task, sigma=5.0, sigma_base=5.0)
    random = dra.returns(task, nothing, beta=options["beta"], episodes=200, rng=0)
    last = [dra.returns(task, r.memory, beta=10.0, episodes=50, rng=1).mean() for r in runs]
    return {
        "trial": runs[0].history.trial.tolist(),
        "reward": [r.history.reward.tolist() for r in runs],
        "last": [float(x) for x in last], "nats": [r.memory.cost() for r in runs],
        "random": [float(random.mean()), float(random.std() / np.sqrt(200))],
    }  # fmt: skip


@njit
def tiles(state, n, size):
    """The weights that a state reads, one of each tiling of size x size tiles."""
    at = np.empty(n, np.int64)
    x, y = (state[0] + 1.2) / 1.8 * (size - 1), (state[1] + 0.07) / 0.14 * (size - 1)
    for i in range(n):
        at[i] = (i * size + int(x + i / n)) * size + int(y + (3 * i % n) / n)
    return at


@njit
def recall(w, sigma, at, beta, zeta, weight, rng):
    """Draw the values of the actions from their weights; return the total of `weight`."""
    for a in range(3):
        x = 0.0
        for i in range(at.size):
            zeta[a, i] = rng.standard_normal()
            x += w[at[i], a] + sigma[at[i], a] * zeta[a, i]
        weight[a] = beta * x
    weight[:] = np.exp(weight - weight.max())
    return weight.sum()


@njit
def episode(valley, w, sigma, beta, form, step_size, gradient, rng):
    """One episode: learn if step_size > 0, else add scores to the gradient. Returns R."""
    n, size = form
    zeta, weight, q = np.empty((3, n)), np.empty(3), np.empty(3)
    state, R = begin(valley, rng), 0.0
    at = tiles(state, n, size)
    for _ in range(200):
        total = recall(w, sigma, at, beta, zeta, weight, rng)
        threshold = rng.random() * total
        a = 0
        while a < 2 and threshold >= weight[: a + 1].sum():
            a += 1
        state, r, ended = move(valley, state, a, rng)
        here, at, R = at, tiles(state, n, size), R + r
        for b in range(3):
            q[b] = w[here, b].sum()
        if step_size > 0:
            value = 0.0
            if not ended:
                total = recall(w, sigma, at, beta, zeta, weight, rng)
                for b in range(3):
                    value += weight[b] / total * w[at, b].sum()
            w[here, a] += step_size / n * (r + value - q[a])
        else:
            psi = q[a] - q.mean()
            for b in range(3):
                score = beta * zeta[b] * ((b == a) - weight[b] / total)
                gradient[here, b] += psi * score
        if ended:
            break
    return R


def drive(form, trials, seed, every):
    """[trial, reward, nats] of an agent of ``form`` (tilings, tiles across)."""
    n, size = form
    rng, base = np.random.default_rng(seed), 5.0 / math.sqrt(n)
    w = rng.uniform(-1, 1, (n * size * size, 3)) / n
    sigma, found = np.full(w.shape, 1.0 / math.sqrt(n)), []
    for trial in range(trials):
        beta, gradient = min(1.5 ** (trial / 1000), 10.0), np.zeros(w.shape)
        episode(VALLEY, w, sigma, beta, form, 0.2, gradient, rng)
        for _ in range(10):
            episode(VALLEY, w, sigma, beta, form, 0.0, gradient, rng)
        slope = dra.costs.kl.grad(sigma, base)
        sigma = np.clip(sigma + 0.1 / n * (gradient / 10 - 0.1 * slope), 0.002 * base, 2 * base)
        if (trial + 1) % every == 0:
            z = np.zeros(w.shape)
            R = [episode(VALLEY, w, sigma, beta, form, 0.0, z, rng) for _ in range(50)]
            found.append(
                [trial + 1, float(np.mean(R)), float(dra.costs.kl.value(sigma, base).sum())]
            )
    return found


def study(n, seed):
    """``n`` poles and ``n`` drivers of each form."""
    few = n <= 2
    trials, every = (20, 10) if few else (3000, 250)
    hills = {
        name: [drive(form, trials, [seed, k], every) for k in range(n)]
        for name, form in tqdm(TILINGS.items())
    }
    return {"hill": hills, "pole": poles(n, 10 if few else 800)}


if __name__ == "__main__":
    store(__file__, study, n=5, seed=0)
