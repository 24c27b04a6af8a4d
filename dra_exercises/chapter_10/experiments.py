"""The experiments of chapter 10: what is handed in, and what misconceptions give."""

from functools import lru_cache

import numpy as np

import dra
from dra import exact

BETA, PRICE, BASE = 10.0, 0.1, 5.0
OPTIONS = {"beta": BETA, "gamma": 1.0, "sigma_base": BASE}


@lru_cache
def maze():
    return dra.tasks.gridworld()


def worth(memory, price=PRICE, beta=BETA, gamma=1.0):
    """The exact objective of a memory in the maze."""
    return exact.objective(maze(), memory, beta=beta, gamma=gamma, cost_weight=price)


def true_means(memory):
    return exact.tied_values(maze(), memory, beta=BETA, gamma_q=1.0)


@lru_cache
def best():
    """The best allocation of the chapter for gamma_q = 1, which one start finds as well."""
    options = {**OPTIONS, "cost_weight": PRICE, "starts": [1.0]}
    return exact.optimal_allocation(maze(), **options)


# 10.2: half as loud


def scaled(top, means=1.0, blur=1.0):
    return dra.Memory(means * top.q, blur * top.sigma, BASE)


def changed(gained, blur=2.0, colder=0.5):
    """What ``gained(memory, beta)`` says of means doubled and halved, of blur, and of beta."""
    top = best().memory
    rows = [
        (scaled(top, means=2.0), BETA),
        (scaled(top, means=0.5), BETA),
        (scaled(top, blur=blur), BETA),
        (top, colder * BETA),
    ]
    before = gained(top, BETA)
    return np.array([gained(memory, beta) - before for memory, beta in rows])


def in_reward(memory, beta):
    return worth(memory, 0.0, beta)


def half_as_loud():
    """Change of reward: means doubled, means halved, every sigma doubled, beta halved."""
    return changed(in_reward)


def paid_anew():
    return changed(lambda memory, beta: worth(memory, PRICE, beta))


def tied_anew():
    """Scaled means that are tied again are what they were."""
    return [0.0, 0.0, *half_as_loud()[2:]]


# 10.5: a budget instead of a price


@lru_cache
def rooms():
    """Three rooms in a row; one door of each pays 0.5, 1 or 4."""
    onwards, pay = np.zeros((4, 2, 4)), np.zeros((4, 2))
    onwards[[0, 1, 2, 3], :, [1, 2, 3, 3]], pay[:3, 0] = 1.0, [0.5, 1.0, 4.0]
    return dra.tasks.tabular(onwards, pay, terminal=[3])


@lru_cache
def with_three_nats():
    return exact.best_reward(rooms(), 3.0, starts=[1.0], **OPTIONS)


def climbed(price, start):
    return exact.optimal_allocation(rooms(), cost_weight=price, starts=[start], **OPTIONS)


def at_price(price):
    """[price, F if started from the memory that was found, F if started sharp]."""
    found = with_three_nats()
    there = climbed(price, found.memory.sigma).objective
    return np.array([price, there, climbed(price, 0.1).objective])


def budget():
    return at_price(with_three_nats().multiplier)


def from_there_twice():
    return budget()[[0, 1, 1]]


def rewards_of_both():
    price = with_three_nats().multiplier
    return [price, with_three_nats().reward, climbed(price, 0.1).reward]


# 10.6: freeze the means of the past

AGENTS = range(44, 49)  # five whose mean is near that of 170; see FREEZE
QUIET = {"progress": False, "record_every": 1000, "evaluation_episodes": 1, "gamma_q": 1.0}


@lru_cache
def young():
    """Agents at trial 1000."""
    return [dra.train(maze(), 1000, rng=[7, 2, k], **QUIET).memory for k in AGENTS]


@lru_cache
def gone_on(**parameters):
    """[F as it is, F tied] of each agent 1000 trials later."""
    rows = []
    for k, memory in zip(AGENTS, young(), strict=True):
        start = {"q_init": memory.q, "sigma_init": memory.sigma, **QUIET, **parameters}
        later = dra.train(maze(), 1000, rng=[7, 5, k], **start).memory
        rows.append([worth(later), worth(true_means(later))])
    return np.array(rows)


def frozen():
    return gone_on(learning_rate_q=0.0).mean(axis=0)


def lead():
    """Frozen agents less their twins, as they are and tied."""
    return frozen() - gone_on().mean(axis=0)


def lead_over_the_past():
    before = [[worth(m), worth(true_means(m))] for m in young()]
    return frozen() - np.mean(before, axis=0)


def lead_over_the_best():
    return frozen() - best().objective


# 10.7: ten times dearer, again


@lru_cache
def at_rest(credit, gamma_q):
    """Where DRA comes to rest without noise at a price of 1, from where training begins."""
    options = {"cost_weight": 1.0, "tolerance": 0.02, "gamma_q": gamma_q, "credit": credit}
    return exact.fixed_point(maze(), **options).memory


def rested(price=1.0, gamma=1.0, gamma_q=0.9):
    """F at rest with DRA's own credit, and with the true action-values."""
    return np.array(
        [worth(at_rest(c, gamma_q), price, gamma=gamma) for c in ("advantage", "return")]
    )


def left_by_each():
    options = {
        **OPTIONS,
        "gamma_q": 0.9,
        "cost_weight": 1.0,
        "starts": [at_rest("return", 0.9).sigma],
    }
    return exact.optimal_allocation(maze(), **options).objective - rested()
