"""A small environment, and what tests of environments share."""

import gymnasium
import numpy as np
from gymnasium import spaces as kinds

import dra

TAXI = max(name for name in gymnasium.registry if name.startswith("Taxi-v"))
TABLES = (
    "FrozenLake-v1",
    "FrozenLake8x8-v1",
    "CliffWalking-v1",
    "CliffWalkingSlippery-v1",
    TAXI,
)
QUIET = {"progress": False, "evaluation_episodes": 3}
BANDIT = np.array([[0.0, 1.0, 0.5], [1.0, 0.0, 0.2]])


class Small(gymnasium.Env):
    """An environment with whatever tables and spaces a test needs."""

    def __init__(self, P=None, n=3, actions=2, start=(1.0, 0.0, 0.0), truncates=0):
        self.P, self.initial_state_distrib = P, np.array(start)
        self.observation_space = kinds.Discrete(n)
        self.action_space = kinds.Discrete(actions)
        self.truncates, self.moves, self.seeds = truncates, 0, []

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.state, self.moves = int(self.np_random.choice(3, p=self.initial_state_distrib)), 0
        self.seeds.append(seed)
        return self.state, {}

    def step(self, action):
        self.moves += 1
        if self.P is None:
            over = self.truncates and self.moves >= self.truncates
            return self.state, -1.0, False, bool(over), {}
        outcomes = self.P[self.state][action]
        k = int(self.np_random.choice(len(outcomes), p=[o[0] for o in outcomes]))
        _, self.state, reward, done = outcomes[k]
        return self.state, reward, done, False, {}


def arrays(task):
    """Dense transition and reward of a table, and what ends."""
    p, r = np.zeros((2, task.n_states, task.n_actions, task.n_states))
    s, a, _ = np.indices(task.next_state.shape)
    np.add.at(p, (s, a, task.next_state), task.probability)
    np.add.at(r, (s, a, task.next_state), task.probability * task.reward)
    return p, r


def memory(task, sigma=2.0):
    return dra.Memory.initial(task, sigma=sigma, sigma_base=5.0)
