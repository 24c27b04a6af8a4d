"""Rooms with doors, some of which do not exist, and how to train quietly."""

import numpy as np

import dra

QUIET = {"record_every": 100, "evaluation_episodes": 3}


def three_doors(all_exist):
    """A room with three doors, or two: the third is then said not to exist."""
    transition = np.zeros((3, 3, 3))
    transition[0, [0, 1], 1] = transition[0, 2, 2] = 1.0
    transition[1:, :, 2] = 1.0
    reward = [[1.0, 0.0, 5.0], [0.5, 1.5, 5.0], [0, 0, 0]]
    available = np.array([[1, 1, all_exist], [1, 1, all_exist], [1, 1, 1]], bool)
    return dra.tasks.tabular(transition, reward, terminal=[2], available=available)


def two_doors():
    transition = np.zeros((3, 2, 3))
    transition[0, :, 1] = 1.0
    transition[1:, :, 2] = 1.0
    return dra.tasks.tabular(transition, [[1.0, 0.0], [0.5, 1.5], [0, 0]], terminal=[2])
