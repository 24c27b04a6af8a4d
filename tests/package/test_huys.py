"""The planning task of Huys et al. (2015), entry by entry."""

import numpy as np
import pytest

import dra
from dra.tasks import huys

# from: left to, reward; right to, reward
TABLE = {
    1: [(2, 140), (4, 20)],
    2: [(3, -20), (5, -70)],
    3: [(4, -20), (6, -70)],
    4: [(2, 20), (5, -20)],
    5: [(1, -70), (6, -20)],
    6: [(1, -20), (3, 20)],
}


@pytest.mark.parametrize("depth", range(1, 11))
def test_every_move_against_the_table(depth):
    task = huys(depth)
    end = 6 * depth
    assert (task.n_states, task.n_actions, task.next_state.shape[2]) == (end + 1, 2, 1)
    assert task.action_names == ("left", "right")
    np.testing.assert_array_equal(task.probability, 1.0)
    np.testing.assert_array_equal(np.flatnonzero(task.terminal), [end])
    checked = 0
    for left in range(1, depth + 1):
        for state, moves in TABLE.items():
            for action, (to, reward) in enumerate(moves):
                number = 6 * (left - 1) + state - 1
                after = 6 * (left - 2) + to - 1 if left > 1 else end
                assert task.next_state[number, action, 0] == after
                assert task.reward[number, action, 0] == reward
                checked += 1
    assert checked == 12 * depth


def test_the_table_notices_a_wrong_entry():
    """Twin of the test above: left and right exchanged in one state."""
    swapped = [move for _, move in sorted(TABLE.items())]
    swapped[3] = swapped[3][::-1]
    assert huys(1).reward[:6, :, 0].tolist() != [[r for _, r in moves] for moves in swapped]


@pytest.mark.parametrize("depth", [1, 3, 10])
def test_the_start_is_uniform_with_all_moves_left(depth):
    task = huys(depth)
    np.testing.assert_array_equal(task.start_state, 6 * (depth - 1) + np.arange(6))
    np.testing.assert_allclose(task.start_probability, 1 / 6)


@pytest.mark.parametrize("depth", [1, 3, 5])
def test_only_the_memories_above_the_last_level_are_paid_for(depth):
    task = huys(depth)
    memory = dra.Memory.initial(task, sigma=30.0, sigma_base=100.0)
    assert (~memory.known).sum() == 12 * (depth - 1)
    last = [[r for _, r in TABLE[state]] for state in range(1, 7)]
    np.testing.assert_array_equal(memory.q[:6], last)
    np.testing.assert_array_equal(memory.sigma[:6], 1.0)
    each = np.log(100 / 30) + 30**2 / (2 * 100**2) - 0.5
    np.testing.assert_allclose(memory.cost(), 12 * (depth - 1) * each)


def test_an_episode_makes_exactly_depth_moves_and_terminates():
    for depth in range(1, 11):
        task = huys(depth)
        memory = dra.Memory.initial(task, sigma=100.0, sigma_base=100.0)
        episode = dra.rollout(task, memory, beta=10.0, rng=depth)
        assert episode.actions.size == depth
        assert episode.terminated
        state = episode.states[0] - 6 * (depth - 1) + 1
        for action, reward in zip(episode.actions, episode.rewards, strict=True):
            state, expected = TABLE[state][action]
            assert reward == expected


def test_training_leaves_the_known_memories_alone():
    task = huys(3)
    run = dra.train(
        task, 300, rng=0, beta=10.0, gamma_q=1.0, credit="return", cost_weight=1.0,
        sigma_init=50.0, sigma_base=100.0, sigma_bounds=(1.0, 100.0),
    )  # fmt: skip
    known = run.memory.known
    np.testing.assert_array_equal(run.memory.q.ravel()[known.ravel()], task.known_q[task.known])
    np.testing.assert_array_equal(run.memory.sigma[known], 1.0)
    assert np.count_nonzero(run.memory.q[~known]) > 12
    assert (run.memory.sigma[~known] != 50.0).all()


@pytest.mark.parametrize("depth", [0, -1, 11, 2.5, "3", True, None])
def test_an_impossible_depth_is_named(depth):
    with pytest.raises(ValueError, match="depth is"):
        huys(depth)
