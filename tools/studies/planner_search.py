"""What searches on sampled trials find for the planner, and what they believe they found.

n runs of CMA-ES (at most 1500 evaluations) and n equal searches (best of 50) for each budget, with
1000 trials an evaluation; for the largest budget also with 100 and with 10 000.
"""

import sys
from pathlib import Path

from tqdm import tqdm

import dra
from dra import planning

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

BUDGETS = range(3, 25, 3)


def searches(task, budget, samples, n, seed):
    """Exact and believed objectives of n flexible and n equal searches."""
    found = {"flexible": [], "equal": []}
    for k in range(n):
        options = {"samples": samples, "rng": [*seed, k]}
        evaluations = 1500 if n > 2 else 60
        wide = planning.allocate_flexible(
            task, budget, method="cma", evaluations=evaluations, **options
        )
        narrow = planning.allocate_equal(task, budget, method="sampled", **options)
        found["flexible"].append([round(wide.objective, 3), round(wide.estimate, 3)])
        found["equal"].append([round(narrow.objective, 3), round(narrow.estimate, 3)])
    return found


def study(n, seed):
    """Pairs (exact, believed) by budget, and by trials an evaluation at the largest budget."""
    task = dra.tasks.huys(3)
    by_budget = {str(b): searches(task, b, 1000, n, [seed, b]) for b in tqdm(BUDGETS)}
    by_samples = {str(m): searches(task, 24, m, n, [seed, 100, m]) for m in tqdm((100, 10_000))}
    return {"by_budget": by_budget, "by_samples": by_samples}


if __name__ == "__main__":
    store(__file__, study, n=12, seed=0)
