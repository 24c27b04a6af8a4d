"""Small tasks, runs and frontiers to draw, and what a drawing looks like."""

import functools
import io

import numpy as np

import dra
from dra import exact

MAZE = dra.tasks.gridworld()
CAR = dra.tasks.mountain_car()
TWO = (2.0, 3.0, -1.0, 1.0, 5.0, 10.0)  # the arguments of two_memories
ROOM = dra.tasks.gridworld(2, 3, start=(1, 0), goal=(0, 2), walls=[(1, 1)])
OPTIONS = {"beta": 10.0, "gamma": 1.0, "sigma_base": 5.0, "starts": 2}  # of its frontier


def two_ways():
    """Four states in a row: on, or back to the first; the last state ends the episode."""
    transition = np.zeros((4, 2, 4))
    transition[range(4), 0, (1, 2, 3, 3)] = 1.0
    transition[range(4), 1, 0] = 1.0
    reward = np.array([(0.0, 0.0), (0.0, -3.0), (3.0, -3.0), (0.0, 0.0)])
    return dra.tasks.tabular(transition, reward, terminal=[3], action_names=("on", "off"))


def shared():
    """The same with three memories for its eight choices, the first of them known."""
    task = two_ways()
    transition = np.zeros((4, 2, 4))
    np.put_along_axis(transition, task.next_state, task.probability, axis=2)
    slot = [(0, 1), (1, 2), (2, 1), (0, 0)]
    return dra.tasks.tabular(
        transition, task.reward[:, :, 0], terminal=[3], slot=slot, known={0: (0.4, 0.7)}
    )


@functools.cache
def frontier_of(cost):
    """The frontier of :func:`two_ways` at two prices."""
    return exact.frontier(
        two_ways(), [0.01, 0.2], beta=2.0, gamma=0.9, sigma_base=5.0, starts=1, cost=cost,
        sigma_bounds=(0.01, 5.0),
    )  # fmt: skip


@functools.cache
def frontier_of_room():
    """The frontier of ``ROOM`` at four prices."""
    return exact.frontier(ROOM, [0.01, 0.1, 1.0, 3.0], **OPTIONS)


@functools.cache
def run_of_maze():
    """A run on the maze with two snapshots."""
    return dra.train(MAZE, 60, rng=0, snapshots=[20, 59], record_every=1, progress=False)


def pixels(ax):
    """The drawing as an array of colours."""
    buffer = io.BytesIO()
    ax.figure.savefig(buffer, format="rgba", dpi=40)
    return np.frombuffer(buffer.getvalue(), np.uint8)
