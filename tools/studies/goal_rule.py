"""Mountain cars of credit A under two rules for the value of the move that reaches the goal.

The authors' script sets it to the reward; the book takes a step towards it. Algorithm 1 stands here
a second time, written for this car alone, so that the rule can be changed.
"""

import math
import sys
from pathlib import Path

import numpy as np
from numba import njit
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

TRIALS, LIMIT, N_TRAJ, BASE = 5000, 200, 10, 5.0
BETA = np.array([min(1.5 ** (n / 1000), 10.0) for n in range(TRIALS)])


@njit
def drive(x, v, a):
    """One move of Gymnasium's car."""
    v = min(max(v + (a - 1) * 0.001 - 0.0025 * math.cos(3 * x), -0.07), 0.07)
    x = min(max(x + v, -1.2), 0.6)
    if x == -1.2 and v < 0:
        v = 0.0
    return x, v, x >= 0.5 and v >= 0


@njit
def cell(x, v):
    """The row of the memory."""
    return round((x + 1.2) * 10) * 15 + round((v + 0.07) * 100)


@njit
def recall(q, sigma, beta, zeta, p, rng):
    """Fill noise ``zeta`` and probabilities ``p`` of one visit."""
    for k in range(3):
        zeta[k] = rng.standard_normal()
        p[k] = beta * (q[k] + sigma[k] * zeta[k])
    best = max(p[0], p[1], p[2])
    total = 0.0
    for k in range(3):
        p[k] = math.exp(p[k] - best)
        total += p[k]
    for k in range(3):
        p[k] /= total


@njit
def pick(p, rng):
    """An action drawn with probabilities ``p``."""
    u = rng.random()
    return 0 if u < p[0] else (1 if u < p[0] + p[1] else 2)


@njit
def episode(q, sigma, beta, learn, set_at_goal, gradient, rng):
    """Drive once; learn q, or add the scores times the advantage to ``gradient``. Moves."""
    zeta, p, other = np.empty(3), np.empty(3), np.empty(3)
    x, v = -0.6 + 0.2 * rng.random(), 0.0
    for t in range(LIMIT):
        s = cell(x, v)
        recall(q[s], sigma[s], beta, zeta, p, rng)
        a = pick(p, rng)
        x, v, done = drive(x, v, a)
        if not learn:
            advantage = q[s, a] - (q[s, 0] + q[s, 1] + q[s, 2]) / 3
            for k in range(3):
                gradient[s, k] += advantage * beta * zeta[k] * ((k == a) - p[k])
        elif done and set_at_goal:
            q[s, a] = -1.0
        else:
            target = -1.0
            if not done:
                to = cell(x, v)
                recall(q[to], sigma[to], beta, zeta, other, rng)
                target += other[0] * q[to, 0] + other[1] * q[to, 1] + other[2] * q[to, 2]
            q[s, a] += 0.2 * (target - q[s, a])
        if done:
            return t + 1
    return LIMIT


@njit
def agent(rng, beta, set_at_goal):
    """Mean return of each trial."""
    q, sigma = 2.0 * rng.random((285, 3)) - 1.0, np.ones((285, 3))
    reward = np.empty(beta.size)
    for n in range(beta.size):
        gradient = np.zeros((285, 3))
        moves = episode(q, sigma, beta[n], True, set_at_goal, gradient, rng)
        for _ in range(N_TRAJ):
            moves += episode(q, sigma, beta[n], False, set_at_goal, gradient, rng)
        step = gradient / N_TRAJ - 0.1 * (sigma / BASE**2 - 1 / sigma)
        sigma = np.minimum(np.maximum(sigma + 0.1 * step, 0.01), 10.0)
        reward[n] = -moves / (1 + N_TRAJ)
    return reward


def study(n, seed):
    """Means and standard deviations over ``n`` agents of each rule."""
    data = {"n": n}
    for rule, flag in (("step", False), ("set", True)):
        streams = [np.random.default_rng([seed, flag, k]) for k in range(n)]
        y = np.array([agent(rng, BETA, flag) for rng in tqdm(streams, desc=rule)])
        parts = {"half-time": y[:, 2000:3000], "last thousand": y[:, 4000:]}
        data[rule] = {name: [x.mean(), x.mean(axis=1).std(ddof=1)] for name, x in parts.items()}
    return data


if __name__ == "__main__":
    store(__file__, study, n=120, seed=5000)
