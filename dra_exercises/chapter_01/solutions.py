"""The reference answers of chapter 1, and the cases that answers are tried on."""

import numpy as np

import dra

# 1.1 and 1.2: bills and steps


def halvings():
    """The rise of C in nats by a halving from 5 to 2.5, and from 1.25 to 0.625."""
    nats = dra.costs.kl.value(np.array([5.0, 2.5, 1.25, 0.625]), 5.0)
    return np.array([nats[1] - nats[0], nats[3] - nats[2]])


def before_and_after():
    """F before and after forgetting."""
    steps, nats, cost_weight = np.array([30.0, 31.5]), np.array([50.0, 30.0]), 0.1
    return 11 - steps - cost_weight * nats


# 1.3: what an agent is worth


def net_worth(walks, sigma, sigma_base, cost_weight):
    """Return the objective F of an agent, a float, in units of reward.

    walks : list of arrays, one for each walk, with the rewards of its steps. The
        walks may be of different lengths.
    sigma : array of any shape, the positive standard deviations of all memories;
        some may be above sigma_base.
    sigma_base : positive float, the sigma that is free.
    cost_weight : float >= 0, the price of a nat, lambda, in units of reward.
    """
    earned = np.mean([np.sum(rewards) for rewards in walks])
    ratio = sigma / sigma_base
    bill = np.sum(-np.log(ratio) + ratio**2 / 2 - 1 / 2)
    return float(earned - cost_weight * bill)


def agents(rng):
    """Agents with one walk or many, sharp, blurred or free."""

    def maze_walk(steps):
        return np.append(-np.ones(steps - 1), 10.0)

    cases = [
        ([np.array([10.0])], np.array([5.0]), 5.0, 0.1),
        ([maze_walk(14), maze_walk(60)], np.full((54, 4), 5.0), 5.0, 0.1),
        ([maze_walk(14), maze_walk(15), maze_walk(40)], np.full((54, 4), 0.05), 5.0, 0.1),
        ([maze_walk(20), maze_walk(30)], np.full((54, 4), 1.0), 5.0, 0.0),
    ]
    for _ in range(3):
        walks = [rng.normal(0, 3, n) for n in rng.integers(1, 30, 6)]
        base = rng.uniform(1, 9)
        sigma = base * rng.uniform(0.02, 1.4, (7, 3))
        cases.append((walks, sigma, base, rng.uniform(0.05, 1)))
    return cases


# 1.4: spend where you walk


def spend_by_visits(visits, nats, sigma_base):
    """Return the sigma of every memory, shape (n_states, 4), in reward.

    visits : array (n_states,), how often each state was visited; not all are 0.
    nats : float >= 0, the bill of the whole table. Each state gets a share of it
        in proportion to its visits, spent evenly on its 4 memories.
    sigma_base : positive float; a memory with sigma_base is free, and no sigma is
        above it.
    """
    bill = visits / visits.sum() * nats / 4  # of one memory of each state
    low, high = -(bill + 1), np.zeros(bill.shape)  # of ln(sigma / sigma_base)
    for _ in range(80):
        middle = (low + high) / 2
        dearer = -middle + np.exp(2 * middle) / 2 - 1 / 2 > bill
        low, high = np.where(dearer, middle, low), np.where(dearer, high, middle)
    sigma = sigma_base * np.exp(high)
    return np.repeat(sigma[:, None], 4, axis=1)


def visited(rng):
    """States never visited, a single state, large and small bills."""
    cases = [
        (np.array([3.0]), 8.0, 5.0),
        (np.array([0.0, 2.0, 0.0, 6.0]), 20.0, 5.0),
        (np.ones(54), 65.0, 5.0),
        (np.array([1.0, 1e4]), 60.0, 2.0),
        (np.array([4.0, 5.0]), 0.0, 3.0),
    ]
    for n in (5, 20):
        visits = rng.integers(0, 50, n) + (np.arange(n) == 0)
        cases.append((visits.astype(float), rng.uniform(5, 90), rng.uniform(1, 9)))
    return cases


# 1.5: the first nat


def first_price(epsilon):
    """Return the price of (1 - epsilon) sigma_base to leading order.

    epsilon : positive float, much smaller than 1.
    """
    return epsilon**2


def fractions(rng):
    return [(1e-4,), (0.001,), (0.01,), *((float(e),) for e in rng.uniform(0.001, 0.05, 4))]
