"""Chapter 7, start rich: a memory that nobody uses, and a clock that counts moves."""

import math

import numpy as np

import dra
from dra_exercises.spec import Function, Open, Value, Wrong

# 7.1 ----------------------------------------------------------------------------------------------


def sold_out(price=0.1, rate=0.1, base=5.0, sigma=3.0):
    tau = base**2 / (2 * rate * price)
    return -tau * math.log(1 - sigma**2 / base**2)


# 7.3 ----------------------------------------------------------------------------------------------


def idle_memories(rng):
    made = []
    for trials in (1, 2, 30, 300):
        made.append(
            (
                float(rng.uniform(0.5, 4)),
                trials,
                float(rng.uniform(0.05, 0.3)),
                float(rng.uniform(0.05, 0.3)),
                float(rng.uniform(4, 6)),
            )
        )
    return made


def fade(sigma, trials, rate, price, sigma_base):
    """The blur of a memory that no choice uses, after some trials of Algorithm 1.

    sigma : at the start [reward]
    trials : how many steps are taken
    rate : step size of sigma
    price : reward per nat
    sigma_base : standard deviation of the base memory [reward]

    Returns sigma after the last step, step by step; the Kullback-Leibler cost is paid.
    """
    for _ in range(trials):
        slope = sigma / sigma_base**2 - 1 / sigma
        sigma = sigma - rate * price * slope
    return sigma


def fade_by_package(sigma, trials, rate, price, sigma_base):
    for _ in range(trials):
        sigma -= rate * price * float(dra.costs.kl.grad(np.array(sigma), sigma_base))
    return sigma


def fade_by_recursion(sigma, trials, rate, price, sigma_base):
    step = rate * price
    for _ in range(trials):
        sigma = sigma * (1 - step / sigma_base**2) + step / sigma
    return sigma


def fade_uphill(sigma, trials, rate, price, sigma_base):
    for _ in range(trials):
        sigma = max(sigma + rate * price * (sigma / sigma_base**2 - 1 / sigma), 0.01)
    return sigma


def fade_without_base(sigma, trials, rate, price, sigma_base):
    for _ in range(trials):
        sigma = sigma + rate * price / sigma
    return sigma


def fade_without_price(sigma, trials, rate, price, sigma_base):
    return fade(sigma, trials, rate, 1.0, sigma_base)


def fade_in_one_step(sigma, trials, rate, price, sigma_base):
    return sigma - trials * rate * price * (sigma / sigma_base**2 - 1 / sigma)


def fade_in_closed_form(sigma, trials, rate, price, sigma_base):
    decay = math.exp(-2 * rate * price * trials / sigma_base**2)
    return sigma_base * math.sqrt(1 - (1 - sigma**2 / sigma_base**2) * decay)


# 7.4 ----------------------------------------------------------------------------------------------


def learners(rng):
    made = []
    for agents, records in ((1, 5), (4, 30), (6, 60), (5, 40)):
        rise = -70 * np.exp(-np.arange(records) / (records / 5)) - 14
        objective = rise + rng.normal(0, 3, (agents, records))
        moves = rng.integers(200, 900, (agents, records)).astype(float)
        made.append((objective, moves, -14.0, 1.4))
    made.append((np.full((2, 3), -50.0), np.ones((2, 3)), -14.0, 1.4))  # never gets there
    return made


def moves_to_learn(objective, moves, level, tolerance):
    """The time to learn of a group of agents, on the fair axis.

    objective : (agents, records) of each agent at each record [reward]
    moves : (agents, records) moves that the agent made in the trials from the record before
    level : where all agents end [reward]
    tolerance : how far below the level still counts [reward], above 0

    Returns how many moves an agent has made, on average over agents, up to and with the first
    record at which the objective, averaged over agents, is at least level - tolerance. 1e9 if it
    never is.
    """
    reached = objective.mean(axis=0) >= level - tolerance
    if not reached.any():
        return 1e9
    return moves.mean(axis=0)[: reached.argmax() + 1].sum()


def moves_in_loops(objective, moves, level, tolerance):
    made = 0.0
    for column, walked in zip(objective.T, moves.T, strict=True):
        made += sum(walked) / len(walked)
        if sum(column) / len(column) >= level - tolerance:
            return made
    return 1e9


def moves_by_cumulation(objective, moves, level, tolerance):
    far = np.flatnonzero(objective.mean(axis=0) - level >= -tolerance)
    return np.cumsum(moves, axis=1)[:, far[0]].mean() if len(far) else 1e9


def trials_to_learn(objective, moves, level, tolerance):
    reached = objective.mean(axis=0) >= level - tolerance
    return float(reached.argmax()) if reached.any() else 1e9


def moves_of_one_record(objective, moves, level, tolerance):
    reached = objective.mean(axis=0) >= level - tolerance
    return moves.mean(axis=0)[reached.argmax()] if reached.any() else 1e9


def moves_of_the_fastest(objective, moves, level, tolerance):
    reached = objective.max(axis=0) >= level - tolerance
    return moves.mean(axis=0)[: reached.argmax() + 1].sum() if reached.any() else 1e9


def moves_until_settled(objective, moves, level, tolerance):
    below = objective.mean(axis=0) < level - tolerance
    if below[-1]:
        return 1e9
    last = np.flatnonzero(below)
    return moves.mean(axis=0)[: (last[-1] + 2 if len(last) else 1)].sum()


def moves_of_all_agents(objective, moves, level, tolerance):
    found = moves_to_learn(objective, moves, level, tolerance)
    return found * len(moves) if found < 1e9 else found


def moves_up_to_the_record(objective, moves, level, tolerance):
    reached = objective.mean(axis=0) >= level - tolerance
    return moves.mean(axis=0)[: reached.argmax()].sum() if reached.any() else 1e9


# 7.7 ----------------------------------------------------------------------------------------------


def barrier(price=0.1, base=5.0):
    critical = math.sqrt(8 * math.sqrt(math.pi) / (3 * math.sqrt(3)) * price * base)
    return [critical, base / math.sqrt(3)]


EXERCISES = {
    "7.1": Value(
        lambda: [sold_out(), sold_out(price=0.2)],
        unit="trials",
        wrong=(
            Wrong(
                lambda: [-1250 * math.log(1 - 3 / 5), -625 * math.log(1 - 3 / 5)],
                "lets sigma fade instead of its square",
                "What relaxes exponentially is the share of the variance, sigma squared over "
                "sigma_base squared.",
            ),
            Wrong(
                lambda: [-1250 * math.log(9 / 25), -625 * math.log(9 / 25)],
                "takes the share that is left for the share that is lost",
                "The share of variance grows as 1 minus an exponential. Which of the two is 0.36?",
            ),
            Wrong(
                lambda: [sold_out(), 2 * sold_out()],
                "makes fading slower at a higher price",
                "The first is right. A higher price sells faster.",
            ),
        ),
    ),
    "7.2": Value(
        lambda: [2.0, 2.0, 10.0, 10.0],
        wrong=(
            Wrong(
                [0.5, 0.5, 10.0, 10.0],
                "makes smaller steps faster",
                "The last two are right. Both clocks have the step size below the line.",
            ),
            Wrong(
                [2.0, 2.0, 1.0, 1.0],
                "believes that a change of currency changes nothing",
                "It changes nothing if the step size is changed too. Here it is not: count the "
                "powers of ten in both formulas.",
            ),
            Wrong(
                [2.0, 2.0, 100.0, 1000.0],
                "multiplies what is above the line only",
                "Above the line the second clock has 1000. What has grown below it?",
            ),
        ),
    ),
    "7.3": Function(
        fade,
        idle_memories,
        rtol=1e-8,
        right=(fade_by_package, fade_by_recursion),
        near=(fade_in_closed_form,),
        wrong=(
            Wrong(
                fade_uphill,
                "ascends the cost",
                "Your memory becomes sharper without being used. The price is to be lowered: in "
                "which direction does its slope point?",
            ),
            Wrong(
                fade_without_base,
                "leaves out the pull of the base",
                "Right at the start, too blurred later: sigma does not stop at sigma_base. The "
                "cost has a quadratic term.",
            ),
            Wrong(
                fade_without_price,
                "forgets the price of a nat",
                "The slope is in nats. What turns nats into reward?",
            ),
            Wrong(
                fade_in_one_step,
                "takes all steps at once",
                "You took one long step. The slope changes with sigma at every trial.",
            ),
        ),
    ),
    "7.4": Function(
        moves_to_learn,
        learners,
        right=(moves_in_loops, moves_by_cumulation),
        near=(moves_up_to_the_record,),
        wrong=(
            Wrong(
                trials_to_learn,
                "counts records instead of moves",
                "That is a number of records. A poor starter makes more moves in each of them, and "
                "this is what the fair axis is about.",
            ),
            Wrong(
                moves_of_one_record,
                "forgets the moves of the records before",
                "Those are the moves of the last stretch only. Time is what has been spent so far.",
            ),
            Wrong(
                moves_of_the_fastest,
                "stops when the luckiest agent arrives",
                "You stop when any agent is there. The average over agents is to be there.",
            ),
            Wrong(
                moves_until_settled,
                "waits until the curve never leaves again",
                "That is the time of the last record below the line, another definition of the "
                "chapter. Here it is the first one above.",
            ),
            Wrong(
                moves_of_all_agents,
                "adds up the moves of all agents",
                "You count the moves of the whole group. The answer is per agent.",
            ),
        ),
    ),
    "7.5": Open(
        (
            "Starts agents at the border, and uses the same definition of time for all.",
            "States the gain with the scatter over seeds.",
            "Concludes that a start above the end gains little over a start at the end.",
        )
    ),
    "7.6": Open(
        (
            "Says what part of the way larger steps go, and what they cost in the end.",
            "Names the noise of the gradient, with the control of more trajectories.",
        )
    ),
    "7.7": Value(
        barrier,
        unit="reward",
        wrong=(
            Wrong(
                lambda: [barrier()[0] ** 2, barrier()[1]],
                "gives the square of the gap",
                "Where it gets stuck is right. The condition is for the gap squared: take a root.",
            ),
            Wrong(
                lambda: [barrier()[0], 5.0],
                "looks for the barrier at the base",
                "The gap is right. At the base the price has no slope; where is sigma times "
                "(1 - sigma squared over base squared) largest?",
            ),
            Wrong(
                lambda: [barrier()[0], 2.5],
                "looks for the barrier half-way",
                "The gap is right. Differentiate sigma - sigma cubed over base squared.",
            ),
        ),
    ),
    "7.8": Open(
        (
            "Says what the chooser maximises, over which time, and what it must know.",
            "Argues that not all memories should start alike.",
            "Proposes an experiment whose outcome differs between the two readings.",
        )
    ),
}
