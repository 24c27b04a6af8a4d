"""How 5.5 and 5.6 are judged: what their agents find, and what typical mistakes find."""

from functools import lru_cache

import numpy as np

import dra
from dra_exercises.spec import Value, Wrong

# 5.5: half the price


@lru_cache
def bought(price, seed=55, n=12):
    """(expected return, nats) after 1500 trials at a price, the mean over agents."""
    task, found = dra.tasks.gridworld(), []
    for k in range(n):
        options = {"cost_weight": price, "record_every": 1500, "progress": False}
        memory = dra.train(task, 1500, rng=[seed, k], **options).memory
        episodes = dra.returns(task, memory, beta=10.0, rng=k, episodes=2000)
        found.append((episodes.mean(), float(memory.cost())))
    return np.mean(found, axis=0)


def at_half_price():
    """[rise of the objective, the price of the old nats alone, cost of the new nats]."""
    (walked, nats), (walks, more) = bought(0.1), bought(0.05)
    rise = (walks - 0.05 * more) - (walked - 0.1 * nats)
    return np.array([rise, 0.05 * nats, 0.05 * (more - nats)])


def at_the_old_price():
    """Both agents are charged 0.1."""
    rise, price, cost = at_half_price()
    return np.array([rise - price - cost, price, cost])


def of_the_returns():
    rise, price, cost = at_half_price()
    return np.array([rise - price + cost, price, cost])


def by_the_new_nats():
    """The fall of the price for what is bought after it, and the rest at the old price."""
    rise, price, cost = at_half_price()
    return np.array([rise, price + cost, 2 * cost])


def new_nats_twice():
    rise, price, cost = at_half_price()
    return np.array([rise, price + cost, cost])


def better_walking():
    rise, price, cost = at_half_price()
    return np.array([rise, price, rise - price + cost])


def at_full_price():
    rise, price, cost = at_half_price()
    return np.array([rise, 2 * price, 2 * cost])


def in_nats():
    return at_half_price() * [1, 20, 20]


HALF_PRICE = Value(
    at_half_price,
    unit="reward",
    # 40 agents of a reader against 12 here: standard errors of the difference 0.22, 0.04 and
    # 0.07 (from 100 agents), tolerances 0.75, 0.56 and 0.37: false alarm 5e-4
    rtol=0.1,
    atol=0.3,
    wrong=(
        Wrong(
            at_the_old_price,
            "charges the old price to both",
            "The parts are right. The agents at half the price are charged half the price: "
            "your rise is what they would get at 0.1.",
        ),
        Wrong(
            of_the_returns,
            "takes the return for the objective",
            "Your first number is one part of the rise, such as the better return. An "
            "objective is the return minus what the memories cost.",
        ),
        Wrong(
            by_the_new_nats,
            "changes the nats first and the price then",
            "Your parts add up, in another order: new nats at the old price, then the new "
            "price. What does the price alone do to agents that stay as they are?",
        ),
        Wrong(
            new_nats_twice,
            "counts the new nats twice",
            "The second number includes nats that are bought only after the price has fallen.",
        ),
        Wrong(
            better_walking,
            "hands in the rest of the rise",
            "The first two are right. The third is how much better they walk: what do the nats "
            "cost with which they do it?",
        ),
        Wrong(
            at_full_price,
            "multiplies by the old price",
            "The rise is right. What is a nat charged at the new price, and how much less is "
            "that than before?",
        ),
        Wrong(
            in_nats,
            "counts nats where their price is asked for",
            "The rise is right. The other two are numbers of nats: what are they worth, in reward?",
        ),
    ),
    rubric=(
        "A prediction of the objective and of the nats is written down first.",
        "Separates the price of what was bought before from what changes in walking.",
        "Names the control that restores the time constant, and what it says.",
    ),
)


# 5.6: one trajectory


@lru_cache
def histories(rate_sigma, rate_q, n=6, seed=56):
    """Histories of agents with one trajectory, over a million moves."""
    rates = {"learning_rate_sigma": rate_sigma, "learning_rate_q": rate_q}
    rates |= {"n_trajectories": 1, "record_every": 250, "progress": False}
    task = dra.tasks.gridworld()
    return [dra.train(task, 25_000, rng=[seed, k], **rates).history for k in range(n)]


def between(low, high, made, column="objective"):
    """Mean over agents and their records between so many million moves."""
    inside = [(h.env_steps > low * 1e6) & (h.env_steps <= high * 1e6) for h in made]
    return np.mean([h[column][i].mean() for h, i in zip(made, inside, strict=True)])


def small_steps(one=(0.01, 0.1), both=(0.01, 0.01), column="objective"):
    """[late, with one small step; late, with both; early, with both]."""
    some, slow = histories(*one, n=3), histories(*both)
    found = [between(0.8, 1.0, made, column) for made in (some, slow)]
    return np.array([*found, between(0.4, 0.6, slow, column)])


def with_the_other_step_small():
    return small_steps(one=(0.1, 0.01))


def with_the_best_of_the_middle():
    return small_steps(both=(0.03, 0.01))


def small_steps_by_return():
    return small_steps(column="reward")


def windows_exchanged():
    return small_steps()[[0, 2, 1]]


def by_trials():
    """After so many trials as ten trajectories take for a million moves, and for half of them."""
    some, slow = histories(0.01, 0.1, n=3), histories(0.01, 0.01)
    found = [[h.objective[16:20].mean() for h in made] for made in (some, slow)]
    early = [h.objective[8:12].mean() for h in slow]
    return np.array([np.mean(each) for each in (*found, early)])


SMALL_STEPS = Value(
    small_steps,
    unit="reward",
    # ten agents of a reader against three and six here: standard errors of the difference 0.15,
    # 0.17 and 1.1 (from 50 agents), tolerances 1.9, 1.5 and 4.0: false alarm 3e-4
    rtol=0.12,
    wrong=(
        Wrong(
            with_the_other_step_small,
            "exchanges the two step sizes",
            "The first is for a small step of the means. It is sigma that is to take small "
            "steps there, with means as fast as before.",
        ),
        Wrong(
            with_the_best_of_the_middle,
            "takes another pair",
            "The last two are of agents whose sigma takes steps of 0.03.",
        ),
        Wrong(
            small_steps_by_return,
            "takes the return for the objective",
            "Those are returns. The objective also counts what the memories cost.",
        ),
        Wrong(
            windows_exchanged,
            "exchanges early and late",
            "The last two are exchanged: first late, then early.",
        ),
        Wrong(
            by_trials,
            "compares at equal numbers of trials",
            "You look at the trials in which agents with ten trajectories make half a million "
            "and a million moves. With one trajectory it takes about five times as many.",
        ),
    ),
    rubric=(
        "Compares at equal numbers of moves, not of trials.",
        "Finds that both step sizes must shrink, and what that costs at the beginning.",
    ),
)
