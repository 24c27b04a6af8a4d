"""Other answers to the exercises of chapter 1: right ones, wrong ones and near misses."""

import math

import numpy as np
from scipy.optimize import brentq
from scipy.special import lambertw

import dra
from dra_exercises.chapter_01.solutions import net_worth, spend_by_visits

# 1.3: what an agent is worth


def bill(sigma, sigma_base):
    return float(dra.costs.kl.value(sigma, sigma_base).sum())


def by_package(walks, sigma, sigma_base, cost_weight):
    total = 0.0
    for rewards in walks:
        for reward in rewards:
            total += reward
    memory = dra.Memory(np.zeros(np.shape(sigma)), sigma, sigma_base)
    return total / len(walks) - memory.cost(cost_weight)


def one_walk_at_a_time(walks, sigma, sigma_base, cost_weight):
    price = 0.0
    for s in np.ravel(sigma):
        price += math.log(sigma_base / s) + (s / sigma_base) ** 2 / 2 - 0.5
    return sum(float(np.sum(rewards)) - cost_weight * price for rewards in walks) / len(walks)


def per_step(walks, sigma, sigma_base, cost_weight):
    return np.mean(np.concatenate(walks)) - cost_weight * bill(sigma, sigma_base)


def all_walks(walks, sigma, sigma_base, cost_weight):
    return np.sum(np.concatenate(walks)) - cost_weight * bill(sigma, sigma_base)


def paid_out(walks, sigma, sigma_base, cost_weight):
    return net_worth(walks, sigma, sigma_base, -cost_weight)


def mean_bill(walks, sigma, sigma_base, cost_weight):
    return net_worth(walks, sigma, sigma_base, cost_weight / np.size(sigma))


def in_bits(walks, sigma, sigma_base, cost_weight):
    return net_worth(walks, sigma, sigma_base, cost_weight / math.log(2))


def a_nat_is_a_reward(walks, sigma, sigma_base, cost_weight):
    return net_worth(walks, sigma, sigma_base, 1.0)


def per_look(walks, sigma, sigma_base, cost_weight):
    steps = np.mean([len(rewards) for rewards in walks])
    return net_worth(walks, sigma, sigma_base, cost_weight * steps)


def questions(walks, sigma, sigma_base, cost_weight):
    earned = np.mean([np.sum(rewards) for rewards in walks])
    return earned - cost_weight * np.log(sigma_base / sigma).sum()


def free_above(walks, sigma, sigma_base, cost_weight):
    return net_worth(walks, np.minimum(sigma, sigma_base), sigma_base, cost_weight)


def median_walk(walks, sigma, sigma_base, cost_weight):
    earned = np.median([np.sum(rewards) for rewards in walks])
    return earned - cost_weight * bill(sigma, sigma_base)


def discounted(walks, sigma, sigma_base, cost_weight):
    later = [np.sum(rewards * 0.9 ** np.arange(len(rewards))) for rewards in walks]
    return np.mean(later) - cost_weight * bill(sigma, sigma_base)


def two_percent(walks, sigma, sigma_base, cost_weight):
    return net_worth(walks, sigma, sigma_base, 1.02 * cost_weight)


def without_last_step(walks, sigma, sigma_base, cost_weight):
    return net_worth([rewards[:-1] for rewards in walks], sigma, sigma_base, cost_weight)


# 1.4: spend where you walk


def every_action(sigma):
    return np.tile(np.reshape(sigma, (-1, 1)), (1, 4))


def by_lambert(visits, nats, sigma_base):
    """With y = (sigma / sigma_base)^2: y - ln y = 2 C + 1."""
    cost = visits / np.sum(visits) * nats / 4
    y = -lambertw(-np.exp(-2 * cost - 1)).real
    return every_action(sigma_base * np.sqrt(np.where(cost > 0, y, 1.0)))


def by_brentq(visits, nats, sigma_base):
    sigma = np.full((len(visits), 4), float(sigma_base))
    for s, n in enumerate(visits):
        cost = n / sum(visits) * nats / 4
        if cost > 0:
            x = brentq(lambda x, c: -x + math.exp(2 * x) / 2 - 0.5 - c, -cost - 1, 0, args=(cost,))
            sigma[s] = sigma_base * math.exp(x)
    return sigma


def each_action_in_full(visits, nats, sigma_base):
    return spend_by_visits(visits, 4 * nats, sigma_base)


def share_of_the_busiest(visits, nats, sigma_base):
    return spend_by_visits(visits, nats * visits.sum() / visits.max(), sigma_base)


def evenly(visits, nats, sigma_base):
    return spend_by_visits((visits > 0).astype(float), nats, sigma_base)


def by_questions(visits, nats, sigma_base):
    return every_action(sigma_base * np.exp(-visits / visits.sum() * nats / 4))


def by_bits(visits, nats, sigma_base):
    return spend_by_visits(visits, nats * math.log(2), sigma_base)


def blur_by_visits(visits, nats, sigma_base):
    return every_action(sigma_base * (1 - visits / visits.sum()))


def ratios(visits, nats, sigma_base):
    return spend_by_visits(visits, nats, sigma_base) / sigma_base


def by_root_of_visits(visits, nats, sigma_base):
    return spend_by_visits(np.sqrt(visits), nats, sigma_base)


def where_nobody_walks(visits, nats, sigma_base):
    rare = visits.max() - visits
    if rare.sum() == 0:
        rare = np.ones(len(visits))
    return spend_by_visits(rare, nats, sigma_base)


def a_little_everywhere(visits, nats, sigma_base):
    """Right but for states without visits, which keep a little sharpness."""
    sigma = spend_by_visits(visits, nats, sigma_base)
    return np.where(sigma < sigma_base * (1 - 1e-7), sigma, 0.98 * sigma_base)


def two_percent_more(visits, nats, sigma_base):
    return spend_by_visits(visits, 1.02 * nats, sigma_base)


# 1.5: the first nat


def exact_price(epsilon):
    return -math.log(1 - epsilon) + (1 - epsilon) ** 2 / 2 - 1 / 2
