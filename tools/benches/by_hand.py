"""The planning task by hand: its training written for it alone, compiled, and nothing else.

No tables of moves that may be random, no actions that may be missing, no credit or cost to choose,
no records, no end before the last move. What it takes above the floor no more general loop can
spare. Given the same random numbers it makes the same memory, to the bit.
"""

import math
from functools import partial

import numpy as np

import dra
from benches.floor import floor_of
from benches.timing import QUIET, paired, ratio
from dra._compile import compiled, inlined

BETA, RATE, N_TRAJECTORIES, BASE, LOW, HIGH = 10.0, 0.1, 10, 100.0, 1.0, 100.0
N_STARTS = 6


@inlined
def recalled(q, sigma, s, beta, rng):
    """Return the draws for left and right, their softmax weights, and the sum of these."""
    left, right = rng.standard_normal(), rng.standard_normal()
    x, y = beta * (q[s, 0] + sigma[s, 0] * left), beta * (q[s, 1] + sigma[s, 1] * right)
    below = min(x, y) - max(x, y)
    gap = 0.0 if below < -746.0 else math.exp(below)
    a, b = (1.0, gap) if x > y else (gap, 1.0)
    return left, right, a, b, a + b


@compiled
def plan_by_hand(q, sigma, to, reward, first, moves, trials, rng):
    """Train ``q`` and ``sigma``, both (n_states, 2), in place; ``first`` is the first start."""
    seen, scores = np.empty(moves, np.int64), np.empty((moves, 2))
    gradient = np.empty(q.shape)
    for _ in range(trials):
        s = first + int(rng.random() * N_STARTS)
        for t in range(moves):
            _, _, a, _, total = recalled(q, sigma, s, BETA, rng)
            k = 0 if rng.random() * total < a else 1
            target, after = reward[s, k], to[s, k]
            if t < moves - 1:
                _, _, a, b, total = recalled(q, sigma, after, BETA, rng)
                target += 0.0 + a / total * q[after, 0] + b / total * q[after, 1]
            q[s, k] += RATE * (target - q[s, k])
            s = after
        gradient[:] = 0.0
        for _ in range(N_TRAJECTORIES):
            s, earned = first + int(rng.random() * N_STARTS), 0.0
            for t in range(moves):
                left, right, a, b, total = recalled(q, sigma, s, BETA, rng)
                k = 0 if rng.random() * total < a else 1
                seen[t] = s
                scores[t, 0] = BETA * left * ((1.0 if k == 0 else 0.0) - a / total)
                scores[t, 1] = BETA * right * ((1.0 if k == 1 else 0.0) - b / total)
                earned += reward[s, k]
                s = to[s, k]
            for t in range(moves):
                gradient[seen[t], 0] += earned * scores[t, 0]
                gradient[seen[t], 1] += earned * scores[t, 1]
        for s in range(N_STARTS, N_STARTS * moves):  # the last move is known and free
            for k in range(2):
                slope = sigma[s, k] * (1.0 / (BASE * BASE)) - 1.0 / sigma[s, k]
                step = RATE * (gradient[s, k] / N_TRAJECTORIES - slope)
                sigma[s, k] = min(max(sigma[s, k] + step, LOW), HIGH)


def trained(moves, trials, rng):
    """Return (q, sigma) of the planning task after ``trials``, as ``dra.train`` makes them."""
    task = dra.tasks.huys(moves)
    memory = dra.Memory.initial(task, sigma=HIGH, sigma_base=BASE)
    to, reward = (np.ascontiguousarray(x[:, :, 0]) for x in (task.next_state, task.reward))
    first, rng = int(task.start_state[0]), np.random.default_rng(rng)
    q, sigma = memory.q.reshape(-1, 2), memory.sigma.reshape(-1, 2)
    plan_by_hand(q, sigma, to, reward, first, moves, trials, rng)
    return q, sigma


def planning_by_hand(turns, scale):
    """Training on the planning task: by hand over the floor, and the package over by hand."""
    found = {}
    for moves, trials in ((3, 20_000), (10, 10_000)):
        trials = max(int(trials * scale), 2)
        train = partial(dra.train, dra.tasks.huys(moves), rng=0, progress=False, **QUIET)
        run, by_hand = train(trials), partial(trained, moves, trials, 0)
        times = paired(partial(train, trials), by_hand, floor_of(run), turns=turns)
        found[f"{moves} moves"] = {
            "ns a step, by hand": 1e9 * times[:, 1].min() / run.env_steps,
            "by hand over the floor": ratio(times[:, 1:])["ratio"],
            "dra over by hand": ratio(times[:, :2])["ratio"],
        }
    return found
