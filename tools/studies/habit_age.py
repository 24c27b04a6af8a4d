"""How old must a habit be? The maze changes early, and mice on the top way are counted."""

import sys
from pathlib import Path

from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from maze_mice import NEW, OLD, through_the_top, train
from study import store

AGES = (100, 200, 300, 400, 500, 1000, 3000)  # trials in the old maze
WAITS = (2000, 7000)  # trials after the change


def mouse(seed, age):
    """Whether a mouse is on the top way after each of the waits."""
    after = [age + wait - 1 for wait in WAITS]
    options = {"changes": {age: NEW}, "snapshots": after, "record_every": 10_000}
    run = train(OLD, age + max(WAITS), seed, **options)
    return [bool(through_the_top(run.snapshots[t]) > 0.5) for t in after]


def study(n, seed):
    """For each age the number of ``n`` mice on the top way after each of the waits."""
    data = {"n": n, "waits": WAITS, "on the top way": {}}
    for age in tqdm(AGES):
        mice = [mouse([seed, age, k], age) for k in range(n)]
        data["on the top way"][str(age)] = [sum(m) for m in zip(*mice, strict=True)]
    return data


if __name__ == "__main__":
    store(__file__, study, n=60, seed=5300)
