"""Chapter 12, often or important: an allocation at matched cost, and a person's likelihood."""

import math

import numpy as np

import dra
from dra_exercises.spec import Function, Open, Value, Wrong


def normal_cdf(z):
    return 0.5 * math.erfc(-z / math.sqrt(2))


# 12.1 ---------------------------------------------------------------------------------------------


def one_offer(z=1.5 / 4, steps=2):
    p = normal_cdf(z)
    return [p, math.log(p / (1 - p)) / steps]


# 12.3 ---------------------------------------------------------------------------------------------


def budgets(rng):
    made = []
    for n in (1, 2, 4, 6):
        weight = rng.lognormal(0, 1.5, n)
        made.append((weight, float(rng.uniform(0.5, 2.0) * n), float(rng.uniform(1, 6))))
    weight = np.array([1.0, 1e-4])  # the second stays at the base
    return [*made, (weight, 1.0, 5.0)]


def allocate(weight, budget, sigma_base):
    """The allocation of a rule: sigma proportional to one over the root of the weight.

    weight : (n,) of the memories: how often each is read, say; positive
    budget : total Kullback-Leibler cost of all memories [nats], positive
    sigma_base : standard deviation of a memory that costs nothing [reward]

    Returns sigma, shape (n,): min(c / sqrt(weight), sigma_base), with the c that makes the total
    cost the budget, to a millionth of a nat.
    """
    low, high = -60.0, math.log(sigma_base * math.sqrt(weight.max()))
    for _ in range(200):
        middle = 0.5 * (low + high)
        sigma = np.minimum(np.exp(middle) / np.sqrt(weight), sigma_base)
        x = sigma / sigma_base
        nats = np.sum(-np.log(x) + (x**2 - 1) / 2)
        low, high = (middle, high) if nats > budget else (low, middle)
    return sigma


def allocate_by_package(weight, budget, sigma_base):
    q = np.zeros((1, len(weight)))
    memory = dra.Memory(q, sigma_base, sigma_base)
    return dra.baselines.by_frequency(memory, budget, weight[None]).sigma[0]


def bisected(weight, budget, sigma_base, power=0.5, cost=None, cap=True):
    """An allocation of some rule, by halving the interval of c."""

    def blur(c):
        sigma = c / weight**power
        return np.minimum(sigma, sigma_base) if cap else sigma

    def nats(sigma):
        if cost:
            return cost(sigma)
        return float(dra.costs.kl.value(sigma, sigma_base).sum())

    low, high = 1e-20, sigma_base * max(weight.max(), 1) ** max(power, 0.5) * 10
    for _ in range(300):
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


def allocate_in_entropy(weight, budget, sigma_base):
    return bisected(
        weight, budget, sigma_base, cost=lambda sigma: -np.log(sigma / sigma_base).sum()
    )


# 12.4 ---------------------------------------------------------------------------------------------


def sessions(rng):
    made = []
    for n in (1, 20, 100):
        delta = rng.choice([-1.5, -0.75, 0.75, 1.5], n)
        sigma = rng.uniform(0.3, 5, n)
        lapse = float(rng.uniform(0.01, 0.2))
        accepted = rng.random(n) < 0.5
        made.append((delta, sigma, accepted.astype(float), lapse))
    return made


def log_likelihood(delta, sigma, accepted, lapse):
    """The logarithm of the probability of a person's choices.

    delta : (n,) what each offer earns on average, the machine's mean minus the price [reward]
    sigma : (n,) blur of the memory of the machine that was shown [reward]
    accepted : (n,) 1.0 if the offer was accepted, else 0.0
    lapse : share of choices that are made by coin

    Returns the sum over all choices, a number below 0.
    """
    total = 0.0
    for d, blur, yes in zip(delta, sigma, accepted, strict=True):
        p = lapse / 2 + (1 - lapse) * 0.5 * math.erfc(-d / blur / math.sqrt(2))
        total += math.log(p if yes else 1 - p)
    return total


def likelihood_by_arrays(delta, sigma, accepted, lapse):
    p = np.array([normal_cdf(z) for z in delta / sigma])
    p = lapse / 2 + (1 - lapse) * p
    return float(np.sum(accepted * np.log(p) + (1 - accepted) * np.log1p(-p)))


def likelihood_by_symmetry(delta, sigma, accepted, lapse):
    sign = 2 * accepted - 1
    chances = [normal_cdf(s * d / b) for s, d, b in zip(sign, delta, sigma, strict=True)]
    return sum(math.log((1 - lapse) * p + 0.5 * lapse) for p in chances)


def summed(delta, sigma, accepted, of):
    rows = zip(delta, sigma, accepted, strict=True)
    return sum(math.log(of(d, b) if yes else 1 - of(d, b)) for d, b, yes in rows)


def likelihood_with_whole_lapses(delta, sigma, accepted, lapse):
    def chance(d, b):
        return min(lapse + (1 - lapse) * normal_cdf(d / b), 1 - 1e-12)

    return summed(delta, sigma, accepted, chance)


def likelihood_of_two_memories(delta, sigma, accepted, lapse):
    return log_likelihood(delta, sigma * math.sqrt(2), accepted, lapse)


def likelihood_of_accepting(delta, sigma, accepted, lapse):
    return log_likelihood(delta, sigma, np.ones(len(delta)), lapse)


def likelihood_turned_around(delta, sigma, accepted, lapse):
    return log_likelihood(-delta, sigma, accepted, lapse)


def likelihood_as_a_mean(delta, sigma, accepted, lapse):
    return log_likelihood(delta, sigma, accepted, lapse) / max(len(delta), 2)


def likelihood_by_a_logistic(delta, sigma, accepted, lapse):
    def chance(d, b):
        return lapse / 2 + (1 - lapse) / (1 + math.exp(-1.702 * d / b))

    return summed(delta, sigma, accepted, chance)


# 12.7 ---------------------------------------------------------------------------------------------


def weights(rng):
    return [tuple(float(x) for x in rng.lognormal(0, 1, 3)) for _ in range(6)]


def best_sigma(w, price, sigma_base):
    """The sigma that makes w sigma**2 + price C(sigma) least, with the Kullback-Leibler cost C.

    w : weight of the squared error, positive
    price : reward per nat, positive
    sigma_base : standard deviation of the base memory

    Returns sigma.
    """
    return 1 / math.sqrt(1 / sigma_base**2 + 2 * w / price)


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


def best_sigma_cut_off(w, price, sigma_base):
    return min(math.sqrt(price / (2 * w)), sigma_base)


EXERCISES = {
    "12.1": Value(
        one_offer,
        wrong=(
            Wrong(
                lambda: one_offer(1.5 / (4 * math.sqrt(2))),
                "blurs the price as well",
                "That is the choice between two memories of the same blur. The price is seen, not "
                "remembered: only the machine's memory is noisy.",
            ),
            Wrong(
                lambda: one_offer(steps=1),
                "gives the slope for both steps together",
                "The probability is right, and the logit too. How many steps of 0.75 does it span?",
            ),
            Wrong(
                lambda: [one_offer()[0], 1.5 / 4 / 2],
                "takes the slope of the probit for that of the logistic",
                "The probability is right. The slope is that of Phi's argument; ask the logistic "
                "curve for its own.",
            ),
        ),
    ),
    "12.2": Value(
        lambda: [3.0, math.log(3)],
        wrong=(
            Wrong(
                lambda: [9.0, math.log(9)],
                "forgets the root in the rule",
                "The rule takes one over the root of the weight.",
            ),
            Wrong(
                lambda: [3.0, math.log2(3)],
                "counts in bits",
                "The ratio is right. The difference is in bits: nats use the natural logarithm.",
            ),
            Wrong(
                lambda: [1 / 3, math.log(3)],
                "gives the frequent memory more blur",
                "The nats are right. The ratio is upside down: of the rare to the frequent.",
            ),
        ),
    ),
    "12.3": Function(
        allocate,
        budgets,
        right=(allocate_by_package, allocate_by_halving),
        near=(allocate_in_entropy,),
        rtol=1e-4,
        wrong=(
            Wrong(
                allocate_without_root,
                "makes sigma inverse to the weight, without the root",
                "Budget kept, but blur falls with the weight itself. The rule that makes the "
                "weighted squared error least takes the root.",
            ),
            Wrong(
                allocate_upside_down,
                "gives the heaviest memory the most blur",
                "Upside down: a memory with a large weight should be sharp.",
            ),
            Wrong(
                allocate_per_memory,
                "spends the budget on each memory",
                "You spend the budget once for each memory. It is the total that is matched.",
            ),
            Wrong(
                allocate_equally,
                "ignores the weights",
                "All memories are equally sharp. That is the rule called equal.",
            ),
        ),
    ),
    "12.4": Function(
        log_likelihood,
        sessions,
        right=(likelihood_by_arrays, likelihood_by_symmetry),
        near=(likelihood_by_a_logistic,),
        wrong=(
            Wrong(
                likelihood_with_whole_lapses,
                "lets every lapse accept",
                "A lapse is a coin, not a yes: half of the lapses refuse.",
            ),
            Wrong(
                likelihood_of_two_memories,
                "blurs the price as well",
                "Your blur is that of a difference of two memories. The price is on the screen.",
            ),
            Wrong(
                likelihood_of_accepting,
                "counts refused offers as accepted",
                "Each offer contributes the probability of accepting it. What does a refusal "
                "contribute?",
            ),
            Wrong(
                likelihood_turned_around,
                "turns every choice around",
                "Offers that earn more are refused more often in your likelihood. This is the slip "
                "that one of the sources makes between its first and last page.",
            ),
        ),
    ),
    "12.5": Open(
        (
            "Gives the rules the square of the weight and matches the total cost again.",
            "Finds that neither winner changes, with the numbers.",
        )
    ),
    "12.6": Open(
        (
            "Halves an interval of prices until the leap is found.",
            "Compares it with the price up to which a sharp local maximum exists, and says why the "
            "leap comes first.",
        )
    ),
    "12.7": Function(
        best_sigma,
        weights,
        formula=True,
        right=(best_sigma_by_fractions, best_sigma_by_search),
        near=(best_sigma_cut_off,),
        wrong=(
            Wrong(
                best_sigma_without_base,
                "leaves out the term that is quadratic in sigma",
                "Your memories may be blurrier than the base. The cost has two terms in sigma.",
            ),
            Wrong(
                best_sigma_without_two,
                "loses a factor of two in a derivative",
                "Right form. The share of the weight is half of what it should be: differentiate "
                "the squared error again.",
            ),
            Wrong(
                best_precision,
                "gives the precision instead of sigma",
                "That is one over the variance. The question is for the standard deviation.",
            ),
        ),
    ),
    "12.8": Open(
        (
            "Changes pay, number of machines or time, and holds frequencies fixed.",
            "Says that the contrast of high and low rises first, then falls and changes its sign.",
            "Names a result that refutes DRA, and the way out through a price that changes.",
        )
    ),
}
