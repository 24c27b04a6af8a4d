"""How the answers of chapter 3 are judged: prices, slopes, and the best sigma of one memory."""

import math

import numpy as np

from dra_exercises.chapter_03 import others, solutions
from dra_exercises.spec import Choice, Function, Open, Several, Value, Wrong

nats = others.nats

EXERCISES = {
    "3.1": Choice(
        "B",
        (
            Wrong(
                "A",
                "what one leaves needs no memory",
                "To leave it, the agent must know that it is worth less than its tag. At "
                "sigma_base its draw is above 0 nearly half the time, and each time it loses |q|.",
            ),
            Wrong(
                "C",
                "leaving earns nothing, so knowing it earns nothing",
                "Leaving earns 0, but taking would lose |q|. What does the memory save, compared "
                "with no memory?",
            ),
            Wrong(
                "D",
                "a loss counts more than a gain",
                "Nothing in F weighs losses more than gains. Write F for q and for |q|, and look "
                "at their difference.",
            ),
        ),
    ),
    "3.2": Value(
        solutions.both_sides,
        wrong=(
            Wrong(
                lambda: others.pair_with(2.0, 2 * nats(1.0), nats(2.0)),
                "adds the standard deviations",
                "You added the two sigmas. What adds in a difference of independent draws?",
            ),
            Wrong(
                lambda: others.pair_with(math.sqrt(2), nats(1.0), nats(math.sqrt(2))),
                "pays for one of the two",
                "The spread and the last number are right. But both memories are paid for.",
            ),
            Wrong(
                lambda: others.pair_with(math.sqrt(2), 20 * nats(1.0), 10 * nats(math.sqrt(2))),
                "answers in nats",
                "Your prices are in nats. What is a nat worth in reward here?",
            ),
            Wrong(
                lambda: others.pair_with(math.sqrt(2), 2 * nats(1.0), 2 * nats(math.sqrt(2))),
                "pays twice for the single memory",
                "The last number is the price of one memory beside a known tag: count it once.",
            ),
            Wrong(
                lambda: others.pair_with(
                    math.sqrt(2), 2 * nats(1.0) / math.log(2), nats(math.sqrt(2)) / math.log(2)
                ),
                "counts bits",
                "You counted bits. lambda is the price of a nat.",
            ),
        ),
    ),
    "3.3": Function(
        solutions.table_price,
        solutions.tables,
        wrong=(
            Wrong(
                others.by_product,
                "takes the logarithm of a product",
                "Right for a few memories. For hundreds the product leaves the range of a "
                "computer's numbers, as in the dense formula of the chapter. What becomes of a "
                "product under a logarithm?",
            ),
            Wrong(
                others.by_product_of_variances,
                "takes the logarithm of a determinant",
                "This is the dense formula of the chapter: its product of variances leaves the "
                "range of a computer's numbers when there are hundreds of memories.",
            ),
            Wrong(
                others.without_half,
                "a free memory is not free",
                "At sigma = sigma_base each memory should cost 0; yours costs half a nat there.",
            ),
            Wrong(
                others.downhill,
                "the slope points the other way",
                "The price is right and every slope has the wrong sign. Below sigma_base the price "
                "falls as sigma rises. The slope is asked for, not the step that saves.",
            ),
            Wrong(
                others.in_bits,
                "counts bits",
                "You used the logarithm to base 2. lambda is the price of a nat.",
            ),
            Wrong(
                others.price_in_bits,
                "counts bits in the price",
                "The slope is right. Your price counts bits; lambda is the price of a nat.",
            ),
            Wrong(
                others.as_a_mean,
                "averages over the table",
                "The price is a sum: two memories cost twice as much as one. Yours is a mean.",
            ),
            Wrong(
                others.entropy_lost,
                "charges the entropy that was lost",
                "This is the entropy cost. It has a slope at sigma_base, and pays for forgetting "
                "beyond it. Which term of the KL cost is missing?",
            ),
            Wrong(
                others.per_fraction,
                "the slope per fraction",
                "Your slope is sigma times the one asked for: what a small *fraction* of sigma "
                "costs, as in the market of one memory. Here it is per unit of sigma.",
            ),
            Wrong(
                others.slope_in_nats,
                "the slope is not in reward",
                "The price is right. Your slope is in nats; the price is lambda times the nats.",
            ),
            Wrong(
                others.free_beyond_base,
                "free beyond the base",
                "Beyond sigma_base you charge nothing. The KL cost is a distance from the base "
                "memory, in both directions.",
            ),
        ),
        right=(others.by_package, others.by_logarithms),
        near=(others.slope_falls_beyond_base, others.two_percent),
        probe=Several("price", "slope"),
    ),
    "3.4": Function(
        solutions.best_soft_sigma,
        solutions.stalls,
        wrong=(
            Wrong(
                others.greedy,
                "chooses greedily",
                "Your answer does not depend on beta. The choice here is soft: a draw below 0 is "
                "sometimes taken.",
            ),
            Wrong(
                others.softmax_of_the_mean,
                "nothing to gain from precision",
                "You always answer sigma_base. Did sigma enter the probability of taking? The "
                "softmax of the mean does not contain it.",
            ),
            Wrong(
                others.climb_from_base,
                "climbs from the base",
                "You stop at the first maximum below sigma_base. With a small stake there are "
                "two, and the sharp one may be higher.",
            ),
            Wrong(
                others.climb_from_sharp,
                "climbs from the sharp end",
                "You stop at the first maximum from the sharp end. When the nat is dear the "
                "blurred one may be higher.",
            ),
            Wrong(
                others.no_stake,
                "a right choice is worth 1",
                "You weigh the probability of taking against the price. What does taking earn?",
            ),
            Wrong(
                others.leaves_for_nothing,
                "what one leaves needs no memory",
                "For q < 0 you answer sigma_base. A blurred memory takes the thing nearly half the "
                "time, and then loses |q|: see the first exercise.",
            ),
            Wrong(
                others.entropy_price,
                "charges the entropy cost",
                "Your cost is the entropy cost. Near sigma_base it charges more than the KL cost.",
            ),
        ),
        right=(others.by_quadrature, others.coarse_then_fine),
        near=(others.three_percent, others.dearer_below_the_tag),
        expected=others.by_quadrature,
        rtol=0.015,
        seconds=30.0,
    ),
    "3.5": Function(
        solutions.fold_point,
        solutions.powers,
        wrong=(
            Wrong(
                lambda p: 1 - p,
                "u instead of its square",
                "The condition is for the square of u.",
            ),
            Wrong(
                lambda p: math.sqrt(1 + p),
                "multiplies by the price",
                "You multiplied worth and price. Where they are equal, lambda / q is the worth "
                "*divided* by the price of a unit of lambda / q.",
            ),
            Wrong(
                lambda p: 1.0,
                "the top of the bell",
                "At u = 1 the worth is largest. But the price per factor changes with u as well.",
            ),
            Wrong(
                lambda p: math.sqrt(p),
                "p for 1 - p",
                "Check it with p = 0: the entropy cost folds at the top of the bell, u = 1.",
            ),
            Wrong(
                lambda p: math.sqrt(2 * (1 - p)),
                "loses the half of the exponent",
                "The exponent of the normal density is half the square of u. Differentiate it.",
            ),
        ),
        right=(lambda p: (1 - p) ** 0.5, lambda p: math.exp(np.log1p(-p) / 2)),
        near=(lambda p: -math.sqrt(1 - p), lambda p: 1.02 * math.sqrt(1 - p)),
        formula=True,
    ),
    "3.6": Open(
        (
            "Names what is varied: the stake |q| of the machines, from tiny to large, or the "
            "price of precision, up and down.",
            "Names what is measured: how sharp each memory is, estimated from choices at several "
            "tags (d' for each machine), not only how often people are right.",
            "States the prediction of each cost: KL with a greedy choice leaves a gap in d' as the "
            "stake shrinks, or two stable states; the precision cost does neither.",
            "Says which result refutes which cost, and names at least one reason why a missing gap "
            "does not quite refute KL, such as soft choice, changing prices or little learning.",
        )
    ),
}
