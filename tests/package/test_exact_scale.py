"""Rewards of another size: the exact functions scale with them, however small they are.

All rewards, sigmas and prices times k and beta over k are the same problem. From a largest reward
of 1 down, tolerances count in that reward, so k = 0.1 is compared with smaller ones.
"""

import numpy as np
import pytest

import dra
from dra import exact

SMALL = (1e-3, 1e-6, 1e-12)


def maze(k):
    """A small maze with rewards of size k."""
    return dra.tasks.gridworld(
        3, 4, start=(2, 0), goal=(0, 3), walls=[(1, 1)], goal_reward=10 * k, step_reward=-k
    )


def agent(k):
    """An agent to match."""
    return {"beta": 3 / k, "gamma": 0.9, "sigma_base": 5 * k, "sigma_bounds": (0.01 * k, 100 * k)}


def optimum(k):
    """What the best allocation earns, and its sigma and q."""
    best = exact.optimal_allocation(maze(k), cost_weight=0.1 * k, starts=2, **agent(k))
    return [best.objective, best.optima, best.memory.sigma, best.memory.q]


def budgeted(k):
    """What the best memory of 4 nats earns, the price of a nat, and its sigma."""
    best = exact.best_reward(maze(k), 4.0, starts=2, **agent(k))
    return [best.reward, best.multiplier, best.memory.sigma]


def prices(k):
    """What is best at two prices."""
    found = exact.frontier(maze(k), [0.1 * k, 0.2 * k], starts=2, **agent(k))
    return [found.reward, found.cost, *(m.sigma for m in found.memories)]


def values(k):
    """The means that a memory settles on."""
    memory = dra.Memory.initial(maze(k), sigma=k, sigma_base=5 * k)
    return [exact.tied_values(maze(k), memory, beta=3 / k, gamma_q=0.9).q]


@pytest.mark.parametrize("found", [optimum, budgeted, prices, values])
def test_small_rewards_are_no_other_problem(found):
    whole = found(0.1)
    for k in SMALL:
        for small, large in zip(found(k), whole, strict=True):
            scaled = np.asarray(large) / 0.1
            atol = 1e-8 * np.abs(scaled).max()
            np.testing.assert_allclose(np.asarray(small) / k, scaled, rtol=1e-6, atol=atol)
    worth = np.asarray(found(1.0)[0]) / 10  # found with tolerances that are finer by 10
    np.testing.assert_allclose(worth, whole[0], rtol=1e-3)


def rest(k, **options):
    """The fixed point that the dynamics leads to, and the parameters."""
    start = dra.Memory.initial(maze(k), sigma=k, sigma_base=5 * k)
    parameters = agent(k) | {
        "gamma_q": 0.9, "cost_weight": 0.1 * k, "sigma_init": k, "learning_rate_sigma": 0.1 * k,
    }  # fmt: skip
    return exact.fixed_point(maze(k), start=start, **options, **parameters), parameters


def test_small_rewards_rest_at_the_same_point():
    whole, parameters = rest(0.1)
    speed = exact.stability(maze(0.1), whole.memory, **parameters)
    assert whole.converged and whole.steps > 10
    for k in SMALL:
        found, parameters = rest(k)
        assert (found.converged, found.steps) == (True, whole.steps)
        np.testing.assert_allclose(found.memory.sigma / k, whole.memory.sigma / 0.1, rtol=1e-6)
        assert found.residual < 1e-5 * k  # the default tolerance, of the largest reward 10 k
        here = exact.stability(maze(k), found.memory, **parameters)
        assert here == pytest.approx(speed, rel=1e-6)


@pytest.mark.parametrize("k", [1e-6, 1e-12])
def test_where_small_rewards_begin_is_no_fixed_point(k):
    begun, parameters = rest(k, max_steps=0)
    assert not begun.converged and begun.residual > 0.01 * k
    with pytest.raises(ValueError, match="away from a fixed point"):
        exact.stability(maze(k), begun.memory, **parameters)


def test_the_unit_of_tolerances():
    """Rewards of at least 1 leave it at 1, so that nothing changes for them; so do none at all."""
    sizes = {1e3: 1.0, 1.0: 1.0, 0.1: 1.0, 0.03: 0.3, 1e-300: 1e-299}
    for k, unit in sizes.items():
        assert exact.chain.states(maze(k)).unit == pytest.approx(unit, rel=1e-12)
    nothing = dra.tasks.gridworld(
        1, 3, start=(0, 0), goal=(0, 2), walls=(), goal_reward=0, step_reward=0
    )
    assert exact.chain.states(nothing).unit == 1.0
