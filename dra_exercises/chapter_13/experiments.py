"""The sweep of chapter 13: what is handed in, what misconceptions give, how it is judged."""

from functools import lru_cache

import numpy as np

import dra
from dra import exact
from dra_exercises.spec import Value, Wrong

# 13.5: which lake?

TILES = "SFFFFHFHFFFHHFFG"  # four rows of FrozenLake: start, frozen, hole, goal
STEPS = ((0, -1), (1, 0), (0, 1), (-1, 0))  # left, down, right, up
OPTIMISM = (0.0, 0.4, 0.8)
AGENTS = range(3, 7)  # four whose means are near those of a hundred; see OPTIMISTS


@lru_cache
def lake():
    """The slippery lake, without Gymnasium: a move goes left or right of where it should, or there.

    The goal pays on arrival, not on average, so that agents learn as on Gymnasium's.
    """
    moves = np.zeros((16, 4, 16))
    ends = [s for s in range(16) if TILES[s] in "HG"]
    for s, action, slip in np.ndindex(16, 4, 3):
        down, right = STEPS[(action + slip - 1) % 4]
        y, x = min(max(s // 4 + down, 0), 3), min(max(s % 4 + right, 0), 3)
        moves[s, action, s if s in ends else 4 * y + x] += 1 / 3
    pay = np.zeros(moves.shape)
    pay[:15, :, 15] = 1.0
    return dra.tasks.tabular(moves, pay, terminal=ends, step_limit=1000)


@lru_cache
def trained(q_init, trials, seeds):
    """The memories of some agents at the end."""
    small = {**dra.presets.for_scale(0.1), "sigma_init": 0.02, "record_every": trials - 1}
    small |= {"q_init": q_init, "evaluation_episodes": 1, "progress": False}
    return [dra.train(lake(), trials, rng=[3, trials, k], **small).memory for k in seeds]


@lru_cache
def objectives(trials=200, seeds=AGENTS, price=0.001):
    """The mean objective for each optimism."""
    given = {"beta": 1000.0, "gamma": 1.0, "cost_weight": price}
    rows = [
        [exact.objective(lake(), memory, **given) for memory in trained(q, trials, seeds)]
        for q in OPTIMISM
    ]
    return np.mean(rows, axis=1)


OPTIMISTS = Value(
    objectives,
    unit="reward",
    rtol=0.0,
    # A hundred agents each (k = 0 to 99): 0.005, 0.716 and 0.722, standard deviations 0.008, 0.048
    # and 0.092; five hundred others have 0.73 and 0.10 for the last. The four here are within 0.01.
    # The last mean of a reader's twenty is off by 0.09, 4 standard errors, with probability 3e-4
    # at most (those hundred, drawn again), the others hardly ever.
    atol=0.1,
    wrong=(
        Wrong(
            lambda: objectives()[::-1],
            "gives the highest optimism first",
            "Right numbers, the other way round: q_init 0 comes first.",
        ),
        Wrong(
            lambda: np.full(3, objectives()[0]),
            "starts all agents with means of zero",
            "All three are those of agents that start with means of zero. Does q_init of each "
            "condition reach the agents?",
        ),
        Wrong(
            lambda: np.full(3, objectives()[1]),
            "starts all agents with the same optimism",
            "All three are alike. Each condition of the sweep is a dictionary with its own q_init.",
        ),
        Wrong(
            lambda: objectives(price=0.1),
            "prices a nat as in the maze",
            "Your nats cost 0.1 as in the maze. Rewards are at most 1 here: take the cost_weight "
            "of the run.",
        ),
        Wrong(
            lambda: objectives(price=1.0),
            "takes nats for reward",
            "You take away the nats themselves. Each costs no more than the cost_weight of the "
            "run.",
        ),
        Wrong(
            lambda: objectives(trials=3000, seeds=range(2, 6)),
            "gives the end of the long sweep",
            "These look like the end of the long sweep. Asked are the means after 200 trials.",
        ),
    ),
    rubric=(
        "All three starts are run on the same seeds and compared in their exact objective.",
        "High starting means give a higher objective at the end; zero gives the lowest.",
        "The reason named is exploration.",
        "Two seeds are said to show that zero is worse, and not how 0.4 and 0.8 compare.",
    ),
)
