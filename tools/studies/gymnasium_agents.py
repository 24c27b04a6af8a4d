"""DRA and the best allocation on four tabular environments of Gymnasium."""

import functools
import sys
from pathlib import Path

import numpy as np
from tqdm import tqdm

import dra
from dra import exact

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from study import store

CHANCE = dict(zip(range(1, 11), [1 / 13] * 9 + [4 / 13], strict=True))


def drawn(total, ace, card):
    """A hand (sum, usable ace) after another card, an infinite deck."""
    low = total - 10 * ace + card
    usable = int((ace or card == 1) and low <= 11)
    return low + 10 * usable, usable


@functools.cache
def dealt(total, ace):
    """Chances of the dealer's final sum; 0 stands for a bust."""
    if total >= 17:
        return np.eye(22)[total if total <= 21 else 0]
    return sum(p * dealt(*drawn(total, ace, card)) for card, p in CHANCE.items())


def row(total, dealer, ace):
    """The row that `from_gymnasium` gives an observation of Blackjack."""
    return (total * 11 + dealer) * 2 + ace


def blackjack():
    """Blackjack-v1 as a table; a natural, which pays differently, shares the memory of soft 21."""
    n = 704
    p, start = np.zeros((n + 11, 2, n + 11)), np.zeros(n + 11)
    slot = np.arange(2 * n + 22).reshape(-1, 2)
    slot[n:] = 0
    for dealer, seen in CHANCE.items():
        final = dealt(*drawn(0, 0, dealer))
        for ace, total in [(0, t) for t in range(4, 22)] + [(1, t) for t in range(12, 22)]:
            here = row(total, dealer, ace)
            p[here, 0, :3] = final[total + 1 :].sum(), final[total], final[:total].sum()
            for card, chance in CHANCE.items():
                new, usable = drawn(total, ace, card)
                p[here, 1, 0 if new > 21 else row(new, dealer, usable)] += chance
        both = {1: CHANCE[10], 10: CHANCE[1]}.get(dealer, 0.0)  # the dealer has a natural, too
        p[n + dealer, 0, 1:3] = both, 1 - both
        p[n + dealer, 1], slot[n + dealer] = p[row(21, dealer, 1), 1], slot[row(21, dealer, 1)]
        for first, chance in CHANCE.items():
            for second, other in CHANCE.items():
                total, ace = drawn(*drawn(0, 0, first), second)
                at = n + dealer if total == 21 else row(total, dealer, ace)
                start[at] += seen * chance * other
    terminal = p.sum(axis=(1, 2)) == 0
    p[terminal] = np.eye(n + 11)[terminal][:, None]
    reward = np.zeros(p.shape)
    reward[:, :, 0], reward[:, :, 2] = -1.0, 1.0
    return dra.tasks.tabular(
        p, reward, terminal=terminal, start=start, slot=slot, step_limit=100, name="Blackjack-v1"
    )


def setting(scale, **others):
    """Parameters for a scale."""
    return {**dra.presets.for_scale(scale), **others}


CLIFF = setting(10.0, learning_rate_sigma=0.03, n_trajectories=30)
LAKE = setting(0.1, learning_rate_q=0.05, n_trajectories=30, sigma_init=0.02, q_init=0.8)
TAXI = setting(10.0, cost_weight=0.003)
CARDS = setting(1.0, cost_weight=2e-5, sigma_init=0.1)
TASKS = {  # how the task is made, parameters, stages (trials, what is different in them)
    "FrozenLake-v1": (
        lambda: dra.tasks.from_gymnasium("FrozenLake-v1", step_limit=1000), LAKE, [(20_000, {})], 7
    ),
    "CliffWalking-v1": (
        lambda: dra.tasks.from_gymnasium("CliffWalking-v1"), CLIFF, [(20_000, {})], 7
    ),
    "Taxi-v4": (lambda: dra.tasks.from_gymnasium("Taxi-v4"), TAXI, [(20_000, {})], 3),
    "Blackjack-v1": (blackjack, CARDS, [
        (300_000, {"learning_rate_q": 0.03, "learning_rate_sigma": 0.0, "n_trajectories": 1}),
        (300_000, {"learning_rate_q": 0.005, "learning_rate_sigma": 0.02, "sigma_init": 0.2}),
        (300_000, {"learning_rate_q": 0.001, "learning_rate_sigma": 0.005}),
    ], 2),
}  # fmt: skip


def trained(task, parameters, stages, seed, n):
    """The memory after all stages; with few agents, a tenth of the trials."""
    memory = None
    for k, (trials, changed) in enumerate(stages):
        options = {**parameters, "evaluation_episodes": 1, "progress": False}
        if memory is not None:
            low, high = options["sigma_bounds"]
            options |= {"q_init": memory.q, "sigma_init": np.clip(memory.sigma, low, high)}
        options |= changed
        trials = trials if n > 2 else trials // 10
        memory = dra.train(task, trials, rng=[*seed, k], **options).memory
    return memory


def study(n, seed):
    """For each task the best objective, that of a memory that knows nothing, and ``n`` agents'."""
    found = {}
    for name, (make, parameters, stages, starts) in tqdm(TASKS.items()):
        task, base = make(), parameters["sigma_base"]
        priced = {k: parameters[k] for k in ("beta", "cost_weight")}
        tied = functools.partial(exact.tied_values, task, beta=priced["beta"], gamma_q=1.0)
        F = functools.partial(exact.objective, task, gamma=1.0, **priced)
        best = exact.optimal_allocation(
            task, gamma=1.0, sigma_base=base, sigma_bounds=parameters["sigma_bounds"],
            starts=starts if n > 2 else 1, progress=False, **priced,
        )  # fmt: skip
        agents = [trained(task, parameters, stages, [seed, k], n) for k in range(n)]
        found[name] = {
            "best": best.objective, "best_reward": best.reward, "best_nats": best.memory.cost(),
            "nothing": F(tied(dra.Memory.initial(task, sigma=base, sigma_base=base))),
            "agents": [F(m) for m in agents], "tied": [F(tied(m)) for m in agents],
            "nats": [m.cost() for m in agents],
            "spread": best.spread,
        }  # fmt: skip
    return found


if __name__ == "__main__":
    store(__file__, study, n=5, seed=0)
