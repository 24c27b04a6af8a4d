"""DRA on the planning task: four credits, three prices, four depths, n agents each.

The credit G_t, the reward still to come, needs the rest of the trajectory, which a credit of
dra.credits does not see: so that agent is a loop of its own here. Beside them stands the ascent
without noise, in steps worth 20 trials.
"""

import sys
from pathlib import Path

import numpy as np
from numba import njit
from scipy.special import ndtr
from tqdm import tqdm

import dra

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

PRICES, DEPTHS = (0.15, 0.3, 1.0), (3, 4, 5, 10)
CREDITS = ("return", "q", "advantage")


@njit
def recall(q, sigma, s, rng):
    """Two draws of noise, and the probability of left that they make at beta = 10."""
    zeta = (rng.standard_normal(), rng.standard_normal())
    gap = q[s, 0] - q[s, 1] + sigma[s, 0] * zeta[0] - sigma[s, 1] * zeta[1]
    return zeta[0], zeta[1], 1 / (1 + np.exp(-10 * gap))


@njit
def agent(to, r, q, sigma, depth, price, trials, to_go, rng):
    """DRA by hand; the credit is G_t with ``to_go``, else R. Changes q and sigma."""
    n = len(q)
    where, earned, score = np.zeros(depth, np.int64), np.zeros(depth), np.zeros((depth, 2))
    for _ in range(trials):
        s = n - 7 + rng.integers(0, 6)
        for _ in range(depth - 1):  # the last level is known
            a = int(rng.random() >= recall(q, sigma, s, rng)[2])
            ahead = to[s, a]
            p = recall(q, sigma, ahead, rng)[2]
            q[s, a] += 0.1 * (r[s, a] + p * q[ahead, 0] + (1 - p) * q[ahead, 1] - q[s, a])
            s = ahead
        gradient = np.zeros((n, 2))
        for _ in range(10):
            s = n - 7 + rng.integers(0, 6)
            for t in range(depth):
                left, right, p = recall(q, sigma, s, rng)
                a = int(rng.random() >= p)
                score[t] = 10 * left * (1 - a - p), 10 * right * (a - (1 - p))
                where[t], earned[t], s = s, r[s, a], to[s, a]
            for t in range(depth):
                credit = earned[t:].sum() if to_go else earned.sum()
                gradient[where[t]] += credit * score[t] / 10
        paid = sigma[6:-1]
        step = gradient[6:-1] - price * (paid / 1e4 - 1 / paid)
        paid[:] = np.minimum(np.maximum(paid + 0.1 * step, 1.0), 100.0)


def by_hand(task, depth, price, trials, to_go, seed):
    """The memory of an agent of this file."""
    start = dra.Memory.initial(task, sigma=100.0, sigma_base=100.0)
    to, r = task.next_state[:, :, 0], task.reward[:, :, 0]
    q, sigma = start.q.copy(), start.sigma.copy()
    rng = np.random.default_rng(seed)
    agent(to, r, q, sigma, depth, price, trials, to_go, rng)
    return dra.Memory(q, sigma, 100.0, start.known)


def on_policy(task, left):
    """Action-values of an agent that goes left with these probabilities, and its mean reward."""
    to, r = task.next_state[:, :, 0], task.reward[:, :, 0]
    q, v = np.zeros_like(r), np.zeros(len(r))
    for level in np.arange(len(r) - 1).reshape(-1, 6):
        q[level] = r[level] + v[to[level]]
        v[level] = left[level] * q[level, 0] + (1 - left[level]) * q[level, 1]
    return q, v[task.start_state].mean()


def objective(task, memory, price):
    """Exact F of an agent that recalls and moves."""
    left = memory.choice_probabilities(10.0)[:, 0]
    return on_policy(task, left)[1] - float(memory.cost(price))


def without_noise(task, price, trials):
    """F of the ascent along the exact slope; the means are the on-policy values."""
    to, roots = task.next_state[:, :, 0], task.start_state
    memory = dra.Memory.initial(task, sigma=100.0, sigma_base=100.0)
    q, sigma, paid = memory.q.copy(), memory.sigma.copy(), ~memory.known
    for _ in range(trials // 20 + 1):
        delta, spread = q[:, 0] - q[:, 1], np.hypot(sigma[:, 0], sigma[:, 1])
        left = ndtr(delta / spread)
        values = on_policy(task, left)[0]
        visits = np.isin(np.arange(len(q)), roots) / 6
        for s in range(len(q) - 2, 5, -1):
            np.add.at(visits, to[s], visits[s] * np.array([left[s], 1 - left[s]]))
        bell = np.exp(-((delta / spread) ** 2) / 2) / np.sqrt(2 * np.pi)
        stake = visits * (values[:, 0] - values[:, 1])
        slope = (-stake * bell * delta / spread**3)[:, None] * sigma
        step = 2.0 * (slope - price * dra.costs.kl_grad(sigma, 100.0))
        sigma = np.where(paid, np.clip(sigma + step, 1.0, 100.0), sigma)
        q = np.where(paid, values, q)
    return objective(task, dra.Memory(q, sigma, 100.0, memory.known), price)


def study(n, seed):
    """{price: {depth: {credit: exact F of n agents}}}; 60 000 trials from n = 10 on."""
    trials, found = 60_000 if n >= 10 else 2_000, {}
    cases = [(price, depth) for price in PRICES for depth in DEPTHS]
    for i, (price, depth) in enumerate(tqdm(cases)):
        task, here = dra.tasks.huys(depth), {}
        options = {"cost_weight": price, "record_every": trials, "progress": False}
        for j, credit in enumerate(CREDITS):
            seeds = [[seed, i, j, k] for k in range(n)]
            runs = [dra.train(task, trials, rng=s, credit=credit, **options) for s in seeds]
            here[credit] = [round(objective(task, run.memory, price), 3) for run in runs]
        for j, (name, to_go) in enumerate((("return by hand", False), ("to go", True))):
            seeds = [[seed, i, 3 + j, k] for k in range(n)]
            ends = [by_hand(task, depth, price, trials, to_go, s) for s in seeds]
            here[name] = [round(objective(task, memory, price), 3) for memory in ends]
        here["no noise"] = round(float(without_noise(task, price, trials)), 3)
        found.setdefault(str(price), {})[str(depth)] = here
    options |= {"n_trajectories": 100, "credit": "return"}  # of the last case
    runs = [dra.train(task, trials, rng=[seed, 99, k], **options) for k in tqdm(range(n))]
    quiet = [round(objective(task, run.memory, price), 3) for run in runs]
    return {"trials": trials, "objective": found, "return, 100 trajectories": quiet}


if __name__ == "__main__":
    store(__file__, study, n=10, seed=0)
