"""DRA in the maze for 40 000 trials, n agents for each discount of the critic."""

import sys
from pathlib import Path

from tqdm import tqdm

import dra
from dra import exact

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

MARKS = (1000, 2000, 3000, 5000, 10_000, 20_000, 40_000)


def study(n, seed):
    """Exact F of the agents at each mark, with their own means and with tied ones."""
    task, last = dra.tasks.gridworld(), MARKS[-1]
    marks = [trial for trial in MARKS if n > 2 or trial <= 3000]
    options = {"progress": False, "record_every": last, "snapshots": tuple(marks[:-1])}
    found = {"trials": marks}
    for gamma_q in (0.9, 1.0):
        own, tied = [], []
        for k in tqdm(range(n)):
            rng = [seed, round(10 * gamma_q), k]
            run = dra.train(task, marks[-1], rng=rng, gamma_q=gamma_q, **options)
            memories = [*(run.snapshots[t] for t in marks[:-1]), run.memory]
            own.append([value(task, m) for m in memories])
            true = (exact.tied_values(task, m, beta=10.0, gamma_q=gamma_q) for m in memories)
            tied.append([value(task, m) for m in true])
        found[str(gamma_q)] = {"own": own, "tied": tied}
    return found


def value(task, memory):
    """F at the parameters of the paper, undiscounted."""
    return round(exact.objective(task, memory, beta=10.0, gamma=1.0, cost_weight=0.1), 3)


if __name__ == "__main__":
    store(__file__, study, n=20, seed=0)
