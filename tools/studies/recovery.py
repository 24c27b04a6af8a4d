"""Who recovers from the moved goal, what holds the habit, and who survives the shut door."""

import sys
from pathlib import Path

import numpy as np
from scipy.optimize import brentq
from tqdm import tqdm

import dra

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from maze_mice import (
    CHANGE,
    LEFT,
    NEW,
    OLD,
    OLD_WAY,
    START,
    TOP_WAY,
    TRIALS,
    through_the_top,
    train,
)
from study import store

FROZEN = {"learning_rate_sigma": 0.0, "n_trajectories": 1}
SHUT = dra.tasks.gridworld(walls=(*OLD.layout.walls, (4, 2), (5, 2)))
AFTER = TRIALS - CHANGE
NAMES = ("allocator", "frozen", "equal", "newborn")
NEAR = np.isin(np.arange(54), LEFT)  # the two columns of the start, before the openings


def one_sigma(memory):
    """The sigma that, given to all memories, costs as many nats as ``memory``."""
    each = memory.cost() / memory.sigma.size
    return brentq(lambda s: dra.costs.kl_value(s, 5.0) - each, 0.01, 5.0)


def go_on(seed, q, sigma, task=NEW, trials=AFTER, **options):
    """The run of a mouse that begins with these means and these sigma."""
    return train(task, trials, seed, q_init=q, sigma_init=sigma, **options)


def crew(seed):
    """The old-maze run, and the four mice in the new maze."""
    old = train(OLD, CHANGE, [*seed, 0])
    m, same = old.memory, one_sigma(old.memory)
    raised = train(OLD, CHANGE, [*seed, 1], sigma_init=same, **FROZEN).memory
    runs = {
        "allocator": go_on([*seed, 2], m.q, m.sigma),
        "frozen": go_on([*seed, 3], m.q, m.sigma, **FROZEN),
        "equal": go_on([*seed, 4], raised.q, raised.sigma, **FROZEN),
        "newborn": train(NEW, AFTER, [*seed, 5]),
    }
    return old, runs, raised


def first(h, reached):
    """Trials, and moves, to the first record that meets a bar; inf if none does."""
    i = reached.argmax()
    return (float(h.trial[i]), float(h.env_steps[i])) if reached.any() else (np.inf, np.inf)


def times(old, run):
    """Back, as good, settled, and where the mouse ends."""
    h, level = run.history, old.history.reward[old.history.trial >= CHANGE - 1000].mean()
    end = h.reward[-25:].mean()
    back, moves = first(h, h.reward >= level)
    return {
        "back": back,
        "moves": moves,
        "as good": first(h, h.reward >= level + 6)[0],
        "settled": first(h, abs(h.reward - end) < 1)[0],
        "reward": end,
        "cost": h.cost[-25:].mean(),
        "objective": h.objective[-25:].mean(),
        "top": float(through_the_top(run.memory) > 0.5),
    }


def habits(m):
    """Means and sigma at the change, altered in one respect each."""

    def put(array, where, value):
        changed = array.copy()
        changed[where] = value
        return changed

    return {
        "as it is": (m.q, m.sigma),
        "sigma 3 everywhere": (m.q, np.full((54, 4), 3.0)),
        "sigma 3 on the old way": (m.q, put(m.sigma, OLD_WAY, 3.0)),
        "sigma 3 off the old way": (m.q, put(m.sigma, ~OLD_WAY, 3.0)),
        "sigma 1 off the old way": (m.q, put(m.sigma, ~OLD_WAY, 1.0)),
        "means 0 on the top way": (put(m.q, TOP_WAY, 0.0), m.sigma),
        "means 0 everywhere": (np.zeros((54, 4)), m.sigma),
        "sigma 3 on its first 6 cells": (m.q, put(m.sigma, OLD_WAY & NEAR, 3.0)),
        "sigma 3 on its other 11": (m.q, put(m.sigma, OLD_WAY & ~NEAR, 3.0)),
    }


def louder(seed, m):
    """On the top way in the end or not, with other noise in the gradient from the change on."""
    runs = {str(many): go_on([*seed, 30 + i], m.q, m.sigma, n_trajectories=many)
            for i, many in enumerate((1, 3, 30, 100))}  # fmt: skip
    return {many: float(through_the_top(run.memory) > 0.5) for many, run in runs.items()}


def shut_door(seed, m):
    """First trial with a reward of at least -20 behind the shut door, and the last reward."""
    runs = {
        "allocator": go_on([*seed, 20], m.q, m.sigma, SHUT, 3000),
        "frozen": go_on([*seed, 21], m.q, m.sigma, SHUT, 3000, **FROZEN),
        "newborn": train(SHUT, 3000, [*seed, 22]),
        "sigma 3 everywhere": go_on([*seed, 23], m.q, np.full((54, 4), 3.0), SHUT, 3000),
        "means 0 everywhere": go_on([*seed, 24], np.zeros((54, 4)), m.sigma, SHUT, 3000),
    }
    return {name: [first(run.history, run.history.reward >= -20)[0],
                   run.history.reward[-10:].mean()] for name, run in runs.items()}  # fmt: skip


def mouse(seed):
    """All that is asked of one mouse."""
    old, runs, raised = crew(seed)
    m = old.memory
    woken = {name: go_on([*seed, 10 + i], q, sigma, trials=2000)
             for i, (name, (q, sigma)) in enumerate(habits(m).items())}  # fmt: skip
    return {
        "crew": {name: times(old, run) for name, run in runs.items()},
        "habit": {name: times(old, run) for name, run in woken.items()},
        "shut": shut_door(seed, m),
        "trajectories": louder(seed, m),
        "strays": [through_the_top(raised), through_the_top(m)],
        "in the old maze": [old.history.reward[-10:].mean(),
                            float(dra.returns(OLD, raised, beta=10.0, episodes=100,
                                              rng=[*seed, 9]).mean())],
        "worth of up and down": worth(m),
    }  # fmt: skip


def worth(memory):
    """Undiscounted worth, in the new maze, of the first moves up and down of this mouse."""
    P = memory.choice_probabilities(10.0)
    return dra.exact.evaluate(NEW, P, 1.0).action_values[START][:2].tolist()


def finite(x):
    """Quartiles, where what never comes counts as the end of the run; the share that comes."""
    x = np.asarray(x, dtype=float)
    q = np.quantile(np.where(np.isfinite(x), x, AFTER), (0.25, 0.5, 0.75))
    return [*q.tolist(), float(np.isfinite(x).mean())]


def spread(x):
    """Mean and standard error."""
    return [float(np.mean(x)), float(np.std(x, ddof=1) / np.sqrt(len(x)))]


def table(rows):
    """Quartiles and share for times, mean and standard error for the rest."""
    counted = ("back", "moves", "as good", "settled")
    return {key: (finite if key in counted else spread)([r[key] for r in rows]) for key in rows[0]}


def study(n, seed):
    """The tables of ``n`` mice."""
    mice = [mouse([seed, k]) for k in tqdm(range(n))]
    shut = {name: {"-20": finite([m["shut"][name][0] for m in mice]),
                   "end": spread([m["shut"][name][1] for m in mice])}
            for name in mice[0]["shut"]}  # fmt: skip
    pairs = {key: [spread([m[key][i] for m in mice]) for i in (0, 1)]
             for key in ("strays", "in the old maze", "worth of up and down")}  # fmt: skip
    return pairs | {
        "n": n,
        "crew": {name: table([m["crew"][name] for m in mice]) for name in NAMES},
        "habit": {name: table([m["habit"][name] for m in mice]) for name in mice[0]["habit"]},
        "shut": shut,
        "top with other trajectories": {many: spread([m["trajectories"][many] for m in mice])
                                        for many in mice[0]["trajectories"]},
    }  # fmt: skip


if __name__ == "__main__":
    store(__file__, study, n=100, seed=4800)
