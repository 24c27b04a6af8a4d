"""The share of the best objective on two more maps of Gymnasium, with own and with tied means."""

import functools
import sys
from pathlib import Path

import gymnasium
from tqdm import tqdm

import dra
from dra import exact

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parent))
from gymnasium_agents import CLIFF, LAKE
from study import store

MAPS = {  # how the environment is made, moves at most, parameters, trials
    "FrozenLake-v1, 8x8": (("FrozenLake-v1", {"map_name": "8x8"}), 1000, LAKE, 20_000),
    "CliffWalking-v1, slippery": (("CliffWalking-v1", {"is_slippery": True}), None, CLIFF, 8000),
}


def made(name):
    """The task of a map."""
    (environment, options), limit, *_ = MAPS[name]
    env = gymnasium.make(environment, **options)
    return dra.tasks.from_gymnasium(env, **({"step_limit": limit} if limit else {}))


def study(n, seed):
    """For each map the best objective found from three starts, that of nothing, and the agents'."""
    found = {}
    for name, (_, _, parameters, trials) in tqdm(MAPS.items()):
        task, base = made(name), parameters["sigma_base"]
        priced = {k: parameters[k] for k in ("beta", "cost_weight")}
        tied = functools.partial(exact.tied_values, task, beta=priced["beta"], gamma_q=1.0)
        F = functools.partial(exact.objective, task, gamma=1.0, **priced)
        best = exact.optimal_allocation(
            task, gamma=1.0, sigma_base=base, sigma_bounds=parameters["sigma_bounds"],
            starts=3 if n > 2 else 1, progress=False, **priced,
        )  # fmt: skip
        agents = [
            dra.train(
                task, trials if n > 2 else trials // 10, rng=[seed, k], progress=False,
                evaluation_episodes=1, **parameters,
            ).memory
            for k in range(n)
        ]  # fmt: skip
        found[name] = {
            "best": best.objective, "best_reward": best.reward, "best_nats": best.memory.cost(),
            "nothing": F(tied(dra.Memory.initial(task, sigma=base, sigma_base=base))),
            "agents": [F(m) for m in agents], "tied": [F(tied(m)) for m in agents],
            "nats": [m.cost() for m in agents], "spread": best.spread,
        }  # fmt: skip
    return found


if __name__ == "__main__":
    store(__file__, study, n=10, seed=0)
