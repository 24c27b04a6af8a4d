"""Actions that do not exist are as if they had never been."""

import numpy as np
import pytest
from doors import QUIET, three_doors, two_doors

import dra

OPTIONS = {"beta": 2.0, "sigma_base": 3.0, "sigma_init": 1.0, "cost_weight": 0.1, **QUIET}


@pytest.mark.parametrize("credit", ["return", "q", "advantage"])
def test_an_action_that_does_not_exist_is_as_if_it_had_never_been(credit):
    with_three = dra.train(three_doors(False), 40, rng=3, credit=credit, **OPTIONS)
    with_two = dra.train(two_doors(), 40, rng=3, credit=credit, **OPTIONS)
    np.testing.assert_array_equal(with_three.memory.q[:2, :2], with_two.memory.q[:2])
    np.testing.assert_array_equal(with_three.memory.sigma[:2, :2], with_two.memory.sigma[:2])
    np.testing.assert_array_equal(with_three.history.reward, with_two.history.reward)
    assert with_three.memory.choice_probabilities(2.0)[0, 2] == 0.0
    other = dra.train(three_doors(True), 40, rng=3, credit=credit, **OPTIONS)
    assert not np.array_equal(other.memory.q[:2, :2], with_two.memory.q[:2])
    episode = dra.rollout(three_doors(False), with_three.memory, beta=2.0, rng=0)
    assert np.isnan(episode.noise[:, 2]).all() and np.isfinite(episode.noise[:, :2]).all()


def test_every_row_of_a_simulated_task_needs_an_action():
    available = np.ones((5, 2), bool)
    available[3] = False  # a row in the middle of the way, in which the loops would find nothing
    functions = (
        lambda c, rng: 0, lambda c, place: min(place, 4),
        lambda c, place, action, rng: (place + 1, -1.0, place > 5),
    )  # fmt: skip
    sizes = {"n_states": 5, "n_actions": 2, "step_limit": 20}
    with pytest.raises(ValueError, match="available leaves no action in row 3"):
        dra.tasks.simulated(*functions, **sizes, available=available)
    available[3, 1] = True
    task = dra.tasks.simulated(*functions, **sizes, available=available)
    assert (
        0
        not in dra.rollout(
            task, dra.Memory.initial(task, sigma=1.0, sigma_base=5.0), beta=1.0, rng=0
        ).actions[3:4]
    )
