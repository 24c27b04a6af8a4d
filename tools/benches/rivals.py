"""What a user would write instead: the same algorithm as a plain loop over NumPy arrays.

Vectorised over the actions of a state, as one does; with the package's own tables of the task, so
that nothing but the loop differs. Given the same random numbers it does the same, up to rounding.
"""

import subprocess
from functools import partial

import numpy as np

import dra
from benches.timing import QUIET, best

RLBERRY_PYTHON: str | None = None
"""A Python of another environment that has rlberry and rlberry-scool; set by ``--rlberry``."""


def softmax(x):
    """Return the softmax of a row."""
    weight = np.exp(x - x.max())
    return weight / weight.sum()


class Agent:
    """The Dynamic Resource Allocator on a deterministic table with one start."""

    def __init__(self, task, rng, sigma_init, sigma_base=5.0):
        shape = task.slot.shape
        self.task, self.rng, self.sigma_base = task, np.random.default_rng(rng), sigma_base
        self.q, self.sigma = np.zeros(shape), np.full(shape, float(sigma_init))
        self.to, self.reward = task.next_state[:, :, 0], task.reward[:, :, 0]
        self.steps = 0

    def recall(self, s, beta=10.0):
        """Draw the memories of a state; return the noise and the policy."""
        zeta = self.rng.standard_normal(self.q.shape[1])
        return zeta, softmax(beta * (self.q[s] + self.sigma[s] * zeta))

    def walk(self):
        """Yield (state, noise, policy, action, reward, next state, terminated) of an episode."""
        s = int(self.task.start_state[0])
        for _ in range(self.task.step_limit):
            zeta, policy = self.recall(s)
            a = self.rng.choice(policy.size, p=policy)
            after = self.to[s, a]
            self.steps += 1
            yield s, zeta, policy, a, self.reward[s, a], after, self.task.terminal[after]
            if self.task.terminal[after]:
                return
            s = after

    def learn(self, alpha=0.1, gamma=0.9):
        """Learn the means from one episode."""
        for s, _, _, a, reward, after, terminated in self.walk():
            value = 0.0 if terminated else self.recall(after)[1] @ self.q[after]
            self.q[s, a] += alpha * (reward + gamma * value - self.q[s, a])

    def gradient(self, n, beta=10.0):
        """Return the mean score-function gradient of ``n`` trajectories."""
        total = np.zeros_like(self.sigma)
        for _ in range(n):
            for s, zeta, policy, a, *_ in self.walk():
                advantage = self.q[s, a] - self.q[s].mean()
                hit = np.arange(policy.size) == a
                total[s] += advantage * beta * zeta * (hit - policy)
        return total / n

    def train(self, trials, n=10, alpha=0.1, price=0.1):
        """Learn and allocate."""
        for _ in range(trials):
            self.learn()
            slope = self.sigma / self.sigma_base**2 - 1 / self.sigma
            self.sigma += alpha * (self.gradient(n) - price * slope)
            np.clip(self.sigma, 0.01, 100.0, out=self.sigma)
        return self


def numpy_loop(turns, scale):
    """The maze, trained by the NumPy loop and by the package: us a step, and how often as fast."""
    task = dra.tasks.gridworld()
    few = max(int(20 * scale), 1)
    steps = Agent(task, 0, 1.0).train(few).steps
    trials = max(int(3000 * scale), 2)
    train = partial(dra.train, task, trials, rng=0, sigma_init=1.0, progress=False, **QUIET)
    own_steps = train().env_steps
    ours, theirs = best(train, lambda: Agent(task, 0, 1.0).train(few), turns=turns)
    return {
        "us a step, NumPy": 1e6 * theirs / steps,
        "us a step, dra": 1e6 * ours / own_steps,
        "times as fast": theirs / steps / (ours / own_steps),
    }


RLBERRY = """
import time
from importlib.metadata import version
from rlberry_scool.envs import GridWorld
from rlberry_scool.agents.tabular_rl import QLAgent
walls = ((1, 2), (2, 2), (3, 2), (0, 7), (1, 7), (2, 7), (4, 5))
env = GridWorld(nrows=6, ncols=9, start_coord=(2, 0), terminal_states=((0, 8),), walls=walls,
                reward_at={{(0, 8): 10.0}}, default_reward=-1.0, success_probability=1.0)
agent = QLAgent(env, gamma=0.9, exploration_type="boltzmann", exploration_rate=10.0)
agent.fit(budget=100)
best = float("inf")
for _ in range({turns}):
    begun = time.process_time()
    agent.fit(budget={steps})
    best = min(best, time.process_time() - begun)
print(version("rlberry"), 1e6 * best / {steps})
"""


def rlberry(turns, scale):
    """Softmax Q-learning of rlberry in its own grid-world, the same maze: us a step."""
    if RLBERRY_PYTHON is None:
        return None
    code = RLBERRY.format(turns=turns, steps=max(int(20_000 * scale), 100))
    said = subprocess.run([RLBERRY_PYTHON, "-c", code], capture_output=True, text=True, check=True)
    found, us = said.stdout.split()[-2:]
    return {"version": found, "us a step": float(us)}
