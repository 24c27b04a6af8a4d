"""Other answers to chapter 12: right ones, typical wrong ones, and near misses."""

import math

import numpy as np

import dra
from dra_exercises.chapter_12 import solutions

# 12.3: as many nats, by a rule


def allocate_by_package(weight, budget, sigma_base):
    q = np.zeros((1, len(weight)))
    memory = dra.Memory(q, sigma_base, sigma_base)
    return dra.baselines.by_frequency(memory, budget, weight[None]).sigma[0]


def bisected(weight, budget, sigma_base, power=0.5, cost=None, cap=True, top=None):
    """An allocation of some rule, by halving the interval of c."""

    def blur(c):
        sigma = c / weight**power
        return np.minimum(sigma, sigma_base) if cap else sigma

    def nats(sigma):
        if cost:
            return cost(sigma)
        return float(dra.costs.kl.value(sigma, sigma_base).sum())

    low, high = 1e-20, top or sigma_base * max(weight.max(), 1) ** max(power, 0.5) * 10
    for _ in range(100):
        middle = math.sqrt(low * high)
        low, high = (middle, high) if nats(blur(middle)) > budget else (low, middle)
    return blur(math.sqrt(low * high))


def allocate_by_halving(weight, budget, sigma_base):
    return bisected(weight, budget, sigma_base)


def allocate_without_root(weight, budget, sigma_base):
    return bisected(weight, budget, sigma_base, power=1.0)


def allocate_upside_down(weight, budget, sigma_base):
    return bisected(1 / weight, budget, sigma_base)


def allocate_per_memory(weight, budget, sigma_base):
    return bisected(weight, budget * len(weight), sigma_base)


def allocate_equally(weight, budget, sigma_base):
    return bisected(np.ones(len(weight)), budget, sigma_base)


def allocate_without_cap(weight, budget, sigma_base):
    top = sigma_base * math.sqrt(weight.max())
    return bisected(weight, budget, sigma_base, cap=False, top=top)


def allocate_with_a_cap_on_the_bill_only(weight, budget, sigma_base):
    i = weight.argmax()
    return allocate_by_package(weight, budget, sigma_base)[i] * np.sqrt(weight[i] / weight)


def allocate_without_half(weight, budget, sigma_base):
    def nats(sigma):
        x = sigma / sigma_base
        return float(np.sum(-np.log(x) + x**2 / 2))

    return bisected(weight, budget, sigma_base, cost=nats)


def allocate_in_entropy(weight, budget, sigma_base):
    return bisected(
        weight, budget, sigma_base, cost=lambda sigma: -np.log(sigma / sigma_base).sum()
    )


# 12.4: how likely is a person?


def likelihood_by_arrays(delta, sigma, accepted, lapse):
    p = np.array([solutions.normal_cdf(z) for z in delta / sigma])
    p = lapse / 2 + (1 - lapse) * p
    return float(np.sum(accepted * np.log(p) + (1 - accepted) * np.log1p(-p)))


def likelihood_by_symmetry(delta, sigma, accepted, lapse):
    sign = 2 * accepted - 1
    chances = [solutions.normal_cdf(s * d / b) for s, d, b in zip(sign, delta, sigma, strict=True)]
    return sum(math.log((1 - lapse) * p + 0.5 * lapse) for p in chances)


def summed(delta, sigma, accepted, of):
    rows = zip(delta, sigma, accepted, strict=True)
    return sum(math.log(of(d, b) if yes else 1 - of(d, b)) for d, b, yes in rows)


def likelihood_with_whole_lapses(delta, sigma, accepted, lapse):
    def chance(d, b):
        return min(lapse + (1 - lapse) * solutions.normal_cdf(d / b), 1 - 1e-12)

    return summed(delta, sigma, accepted, chance)


def likelihood_of_two_memories(delta, sigma, accepted, lapse):
    return solutions.log_likelihood(delta, sigma * math.sqrt(2), accepted, lapse)


def likelihood_of_accepting(delta, sigma, accepted, lapse):
    return solutions.log_likelihood(delta, sigma, np.ones(len(delta)), lapse)


def likelihood_turned_around(delta, sigma, accepted, lapse):
    return solutions.log_likelihood(-delta, sigma, accepted, lapse)


def likelihood_without_lapses(delta, sigma, accepted, lapse):
    return solutions.log_likelihood(delta, sigma, accepted, 0.0)


def likelihood_of_the_accepted(delta, sigma, accepted, lapse):
    yes = np.asarray(accepted) > 0
    return solutions.log_likelihood(delta[yes], sigma[yes], accepted[yes], lapse)


def likelihood_by_a_logistic(delta, sigma, accepted, lapse):
    def chance(d, b):
        return lapse / 2 + (1 - lapse) / (1 + math.exp(-1.702 * d / b))

    return summed(delta, sigma, accepted, chance)


# 12.7: the rule with the right price


def best_sigma_by_fractions(w, price, sigma_base):
    return sigma_base * math.sqrt(price / (price + 2 * w * sigma_base**2))


def best_sigma_by_search(w, price, sigma_base):
    def slope(x):
        return 2 * w * x + price * (x / sigma_base**2 - 1 / x)

    low, high = 0.0, sigma_base
    for _ in range(200):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if slope(middle) < 0 else (low, middle)
    return high


def best_sigma_without_base(w, price, sigma_base):
    return math.sqrt(price / (2 * w))


def best_sigma_without_two(w, price, sigma_base):
    return 1 / math.sqrt(1 / sigma_base**2 + w / price)


def best_precision(w, price, sigma_base):
    return 1 / sigma_base**2 + 2 * w / price


def best_variance(w, price, sigma_base):
    return 1 / best_precision(w, price, sigma_base)


def best_sigma_at_a_dearer_price(w, price, sigma_base):
    return solutions.best_sigma(w, 1.03 * price, sigma_base)


def best_sigma_cut_off(w, price, sigma_base):
    return min(math.sqrt(price / (2 * w)), sigma_base)
