"""Tasks: the paper's maze cell by cell, and clear errors for impossible ones."""

import dataclasses
import pickle

import numpy as np
import pytest

import dra
from dra.tasks import gridworld, gridworld_changed, tabular

PICTURE = """\
. . . . . . . # G
. . # . . . . # .
S . # . . . . # .
. . # . . . . . .
. . . . . # . . .
. . . . . . . . ."""


def shortest_path(task):
    """Return the number of steps from start to a terminal state, by breadth-first search."""
    frontier, distance = set(task.start_state.tolist()), 0
    while not any(task.terminal[s] for s in frontier):
        frontier |= {int(s) for f in frontier for s in task.next_state[f].ravel()}
        distance += 1
    return distance


def test_the_paper_maze_is_drawn_as_described_and_takes_14_steps():
    task = gridworld()
    assert str(task) == PICTURE
    assert (task.n_states, task.n_actions, task.next_state.shape) == (54, 4, (54, 4, 1))
    assert shortest_path(task) == 14


def test_every_move_of_the_maze_against_a_rule_of_its_own():
    task = gridworld()
    rows = PICTURE.replace(" ", "").split("\n")
    for r in range(6):
        for c in range(9):
            if (r, c) == (0, 8):
                continue  # the goal ends the episode
            for a, (dr, dc) in enumerate([(-1, 0), (1, 0), (0, -1), (0, 1)]):
                to = (r + dr, c + dc)
                free = 0 <= to[0] < 6 and 0 <= to[1] < 9 and rows[to[0]][to[1]] != "#"
                to = to if free else (r, c)
                assert task.layout.cell(task.next_state[9 * r + c, a, 0]) == to
                assert task.reward[9 * r + c, a, 0] == (10.0 if to == (0, 8) else -1.0)


def test_the_change_opens_one_wall_and_moves_the_goal():
    before, after = gridworld().layout, gridworld_changed().layout
    assert set(before.walls) - set(after.walls) == {(0, 7)}
    assert set(after.walls) < set(before.walls)
    assert (before.goal, after.goal) == ((0, 8), (0, 6))
    assert shortest_path(gridworld_changed()) == 8


def test_slip_mixes_the_four_moves():
    task, slippery = gridworld(), gridworld(slip=0.2)
    matrix = np.zeros((54, 4, 54))
    for s in range(54):
        for a in range(4):
            for k in range(4):
                matrix[s, a, slippery.next_state[s, a, k]] += slippery.probability[s, a, k]
    np.testing.assert_allclose(matrix.sum(axis=2), 1.0)
    assert matrix[18, 0, task.next_state[18, 0, 0]] >= 0.8


def test_tabular_keeps_every_transition():
    rng = np.random.default_rng(0)
    transition = rng.dirichlet([0.3] * 5, size=(5, 3))
    transition[transition < 0.05] = 0
    transition /= transition.sum(axis=2, keepdims=True)
    reward = rng.normal(size=(5, 3, 5))
    task = tabular(transition, reward, terminal=[4])
    again, earned = np.zeros((5, 3, 5)), np.zeros((5, 3, 5))
    for s, a, k in np.ndindex(task.next_state.shape):
        again[s, a, task.next_state[s, a, k]] += task.probability[s, a, k]
        earned[s, a, task.next_state[s, a, k]] += task.probability[s, a, k] * task.reward[s, a, k]
    np.testing.assert_allclose(again, transition, atol=1e-15)
    np.testing.assert_allclose(earned, transition * reward, atol=1e-15)


def test_tasks_are_immutable():
    task = gridworld()
    with pytest.raises(ValueError, match="read-only"):
        task.reward[0, 0, 0] = 1.0
    with pytest.raises(AttributeError):
        task.name = "other"


def test_a_large_grid_needs_no_dense_matrix():
    task = gridworld(320, 320, start=(0, 0), goal=(319, 319), walls=())
    arrays = [v for v in vars(task).values() if isinstance(v, np.ndarray)]
    assert sum(a.nbytes for a in arrays) < 256 * task.n_states


STAY = np.ones((1, 1, 1))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: gridworld(goal=(0, 7)), "goal is .*wall"),
        (lambda: gridworld(start=(6, 0)), "start is"),
        (lambda: gridworld(start=(0, 8)), "must differ"),
        (lambda: gridworld(4, 4), "row < 4"),
        (lambda: gridworld(rows=0), "rows is 0"),
        (lambda: gridworld(slip=1.5), "slip is 1.5"),
        (lambda: gridworld(goal_reward=np.nan), "goal_reward is nan"),
        (lambda: gridworld(step_limit=0), "step_limit is 0"),
        (lambda: gridworld(walls=[(0, 7), (1, 8)]), "cannot be reached"),
        (lambda: tabular(0.5 * STAY, [[1.0]]), "sums to 0.5"),
        (lambda: tabular(-STAY, [[1.0]]), "transition.*at least 0"),
        (lambda: tabular(np.ones((1, 2)) / 2, [[1.0]]), "transition has shape"),
        (lambda: tabular(STAY, [1.0]), "reward has shape"),
        (lambda: tabular(STAY, [[np.nan]]), "reward"),
        (
            lambda: tabular(STAY, [[1.0]], terminal=[1]),
            "terminal has the entry 1; ",
        ),
        (lambda: tabular(STAY, [[1.0]], terminal=[0]), "start includes the terminal"),
        (lambda: tabular(STAY, [[1.0]], start=[0.5]), "start sums to 0.5"),
        (lambda: tabular(STAY, [[1.0]], slot=[[1]]), "without gaps"),
        (lambda: tabular(STAY, [[1.0]], known={3: (0, 1)}), "a memory in known is 3; "),
        (lambda: tabular(STAY, [[1.0]], known={0: (0, -1)}), "sigma is -1"),
        (
            lambda: tabular(STAY, [[1.0]], action_names=["a", "b"]),
            "one text for each action, 1 in all",
        ),
    ],
)
def test_impossible_tasks_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_shared_memories_have_one_entry_per_slot():
    task = tabular(np.ones((2, 2, 2)) / 2, np.zeros((2, 2)), slot=[[0, 1], [1, 2]])
    memory = dra.Memory.initial(task, q=[1.0, 2.0, 3.0], sigma=1.0, sigma_base=5.0)
    assert memory.q.shape == (3,)
    np.testing.assert_array_equal(memory.rows(task).q, [[1, 2], [2, 3]])
    with pytest.raises(ValueError, match=r"memory.rows\(task\)"):
        memory.dprime()


def test_probabilities_are_normalised_once():
    """To divide by the sum again, at every copy, pickle or load, would move the last bits."""
    sixths = np.full(6, 1 / 6)
    task = tabular(np.tile(sixths, (6, 1, 1)), np.zeros((6, 1)), start=sixths)
    once = sixths / sixths.sum()
    assert (once / once.sum() != once).any()  # the twin
    for same in (task, dataclasses.replace(task), pickle.loads(pickle.dumps(task))):
        np.testing.assert_array_equal(same.start_probability, once)
        np.testing.assert_array_equal(same.probability, task.probability)
