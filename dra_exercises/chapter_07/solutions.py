"""The reference answers of chapter 7, and the cases that answers are tried on."""

import math

import numpy as np

# 7.1 and 7.2: the two clocks


def sold_out(price=0.1, rate=0.1, base=5.0, sigma=3.0):
    """Trials after which a perfectly sharp, idle memory has this sigma."""
    tau = base**2 / (2 * rate * price)
    return -tau * math.log(1 - sigma**2 / base**2)


def clocks(rate=0.1, price=0.1, base=5.0, start=5.0, gap=1.2):
    """(tau, n_buy) down to sigma = 0."""
    tau = base**2 / (2 * rate * price)
    return np.array([tau, 4 * math.sqrt(math.pi) * start**3 / (3 * rate * gap**2)])


def slowed():
    """The factors of both clocks: half the rate; all rewards times ten."""
    halved = clocks(rate=0.05)
    in_cents = clocks(price=1.0, base=50.0, start=50.0, gap=12.0)
    return np.concatenate([halved / clocks(), in_cents / clocks()])


# 7.3: an idle memory


def idle_memories(rng):
    """Memories at random; one that starts nearly sharp, one at the base, one without a trial."""
    made = [
        (
            float(rng.uniform(0.5, 4)),
            trials,
            float(rng.uniform(0.05, 0.3)),
            float(rng.uniform(0.05, 0.3)),
            float(rng.uniform(4, 6)),
        )
        for trials in (1, 2, 30, 300)
    ]
    return [*made, (0.05, 20, 0.1, 0.1, 5.0), (5.0, 50, 0.1, 0.1, 5.0), (2.0, 0, 0.1, 0.1, 5.0)]


def idle_sigma(sigma, trials, rate, price, sigma_base):
    """The sigma of a memory that no choice uses, after some trials of Algorithm 1.

    sigma : at the start [reward]
    trials : int, how many steps are taken, one a trial; may be 0
    rate : the step size, alpha_sigma
    price : lambda, in reward per nat
    sigma_base : standard deviation of the base memory [reward]

    Returns sigma after the last step. Each step follows the gradient of minus price times the KL
    cost, taken at the sigma of that moment; nothing is clipped.
    """
    for _ in range(trials):
        slope = sigma / sigma_base**2 - 1 / sigma
        sigma = sigma - rate * price * slope
    return sigma


# 7.4: a fair clock


def learners(rng):
    """Groups that learn, one that never does, one that knows from the start, two just in time."""
    made = []
    for count, records in ((1, 5), (4, 30), (6, 60), (5, 40)):
        level, tolerance = rng.uniform(-40, 40), rng.uniform(1, 3)
        rise = level - 70 * np.exp(-np.arange(records) / (records / 5))
        objective = rise + rng.normal(0, 3, (count, records))
        moves = rng.integers(200, 900, (count, records)).astype(float)
        made.append((objective, moves, float(level), float(tolerance)))
    made.append((np.full((2, 3), -50.0), np.ones((2, 3)), -14.0, 1.4))
    made.append((np.full((2, 3), -13.0), rng.uniform(200, 900, (2, 3)), -14.0, 1.4))
    for middle in (-8.0, -15.5):  # leaps over the level; is at its edge, exactly
        objective = np.array([[-60.0, -40.0, middle, -14.0], [-50.0, -30.0, middle, -14.0]])
        made.append((objective, rng.uniform(200, 900, (2, 4)), -14.0, 1.5))
    return made


def fair_time(objective, moves, level, tolerance):
    """How long a group of agents takes to learn, on the fair axis.

    objective : (agents, records) objective of each agent at each record [reward]
    moves : (agents, records) moves of each agent in the trials since the record before
    level : where all agents end [reward]
    tolerance : how far below the level counts as learned [reward]

    The group has learned at the first record at which the objective, averaged over agents, is at
    least level - tolerance. Returns how many moves an agent has made by then, on average over
    agents, those of that record included; 1e9 if the group never learns.
    """
    reached = objective.mean(axis=0) >= level - tolerance
    if not reached.any():
        return 1e9
    return moves.mean(axis=0)[: reached.argmax() + 1].sum()


# 7.7: too small to buy


def poor_starts(rng):
    """(price, sigma_base, visits)"""
    made = [(0.1, 5.0, 1.0)]
    for _ in range(6):
        made.append(
            (float(rng.uniform(0.02, 1)), float(rng.uniform(1, 50)), float(rng.uniform(0.2, 8)))
        )
    return made


def critical_gap(price, sigma_base, visits):
    """The gap below which an agent that starts at sigma_base gets stuck on its way down.

    price : lambda, in reward per nat
    sigma_base : standard deviation of the base memory, where the agent starts [reward]
    visits : in how many choices a trial the memory is used

    Returns the gap in reward. The exponential in the pull is neglected.
    """
    barrier = sigma_base / math.sqrt(3)
    push = price * barrier * (1 - barrier**2 / sigma_base**2)
    return math.sqrt(4 * math.sqrt(math.pi) * push / visits)
