"""What the studies of the changing maze share: its parts, the way taken, the impacts."""

import numpy as np

import dra

OLD, NEW = dra.tasks.gridworld(), dra.tasks.gridworld_changed()
CHANGE, TRIALS = 3000, 10_000
PRESET = dict(dra.presets.GRIDWORLD_CHANGE)
STATE = OLD.layout.state
START = STATE(OLD.layout.start)
LEFT = [STATE((row, column)) for row in range(6) for column in (0, 1)]
GATES = [STATE((0, 2)), STATE((4, 2)), STATE((5, 2))]
LOWER = [STATE((4, 1)), STATE((4, 2))]  # on every shortest way through the bottom
UPPER = [STATE((0, 2)), STATE((0, 3))]  # on every shortest way along the top


def distances(task, source):
    """Least number of moves to every cell from ``source``; 99 from inside a wall."""
    after = task.next_state[:, :, 0]
    distance = np.where(np.arange(54) == source, 0, 99)
    for _ in range(54):
        distance = np.minimum(distance, 1 + distance[after].min(axis=1))
    distance[[STATE(cell) for cell in task.layout.walls]] = 99
    return distance


def on_shortest(task, a, b):
    """Mask of the cells on shortest ways from ``a`` to ``b``, without ``b``."""
    total = distances(task, a) + distances(task, b)
    return (total == total.min()) & (np.arange(54) != b)


OLD_WAY = on_shortest(OLD, START, STATE(OLD.layout.goal))
TOP_WAY = on_shortest(NEW, START, STATE(NEW.layout.goal)) & ~OLD_WAY


def through_the_top(memory, beta=10.0):
    """Probability that an episode in the new maze first reaches column 2 at the top."""
    P = dra.policy.choice_probabilities(memory.q[LEFT], memory.sigma[LEFT], beta)
    move = np.zeros((12, 54))
    for a in range(4):
        move[np.arange(12), NEW.next_state[LEFT, a, 0]] += P[:, a]
    into = np.linalg.solve(np.eye(12) - move[:, LEFT], move[:, GATES])
    return into[LEFT.index(START), 0]


def impacts(task, memory, beta=10.0):
    """Impacts of the memories (54, 4) and of the cells (54,); visits to the cells (54,)."""
    here, after, ends = np.arange(54), task.next_state[:, :, 0], task.terminal[:, None]
    r = np.where(ends, 0.0, task.reward[:, :, 0])
    pi = memory.choice_probabilities(beta)
    M = np.zeros((54, 54))
    for b in range(4):
        M[here, after[:, b]] += pi[:, b]
    M[task.terminal] = 0.0
    N = np.linalg.inv(np.eye(54) - M)
    Q = np.where(ends, 0.0, r + (N @ (pi * r).sum(axis=1))[after])
    q, sigma = (np.repeat(x[:, None, :], 5, axis=1) for x in (memory.q, memory.sigma))
    sigma[:, range(4), range(4)] = sigma[:, 4] = memory.sigma_base
    change = pi[:, None, :] - dra.policy.choice_probabilities(q, sigma, beta)
    delta = np.einsum("sab,sb->sa", change, Q)
    returns = np.einsum("sab,sb->sa", change, N[after, here[:, None]])
    loss = N[START][:, None] / (1 + returns) * delta
    return loss[:, :4], loss[:, 4], N[START]


def train(task, trials, seed, **options):
    """A mouse with the settings of figure 1B, recorded every 20 trials."""
    options = {**PRESET, "record_every": 20, "progress": False, **options}
    return dra.train(task, trials, rng=seed, **options)
