"""How the answers of chapter 12 are judged: as many nats by a rule, and a person's likelihood."""

import math

from dra_exercises.chapter_12 import others, solutions
from dra_exercises.spec import Function, Open, Value, Wrong

EXERCISES = {
    "12.1": Value(
        solutions.one_offer,
        wrong=(
            Wrong(
                lambda: solutions.one_offer(1.5 / (4 * math.sqrt(2))),
                "blurs the price as well",
                "That is the choice between two memories of the same blur. The price is seen, not "
                "remembered: only the machine's memory is noisy.",
            ),
            Wrong(
                lambda: solutions.one_offer(steps=1),
                "gives the slope for both steps together",
                "The probability is right, and the logit too. How many steps of 0.75 does it span?",
            ),
            Wrong(
                lambda: [solutions.one_offer()[0], 1.5 / 4 / 2],
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
        solutions.allocate,
        solutions.budgets,
        right=(others.allocate_by_package, others.allocate_by_halving),
        near=(others.allocate_in_entropy,),
        rtol=1e-4,
        wrong=(
            Wrong(
                others.allocate_without_root,
                "makes sigma inverse to the weight, without the root",
                "Budget kept, but blur falls with the weight itself. The rule that makes the "
                "weighted squared error least takes the root.",
            ),
            Wrong(
                others.allocate_upside_down,
                "gives the heaviest memory the most blur",
                "Upside down: a memory with a large weight should be sharp.",
            ),
            Wrong(
                others.allocate_per_memory,
                "spends the budget on each memory",
                "You spend the budget once for each memory. It is the total that is matched.",
            ),
            Wrong(
                others.allocate_equally,
                "ignores the weights",
                "All memories are equally sharp. That is the rule called equal.",
            ),
        ),
    ),
    "12.4": Function(
        solutions.log_likelihood,
        solutions.sessions,
        right=(others.likelihood_by_arrays, others.likelihood_by_symmetry),
        near=(others.likelihood_by_a_logistic,),
        wrong=(
            Wrong(
                others.likelihood_with_whole_lapses,
                "lets every lapse accept",
                "A lapse is a coin, not a yes: half of the lapses refuse.",
            ),
            Wrong(
                others.likelihood_of_two_memories,
                "blurs the price as well",
                "Your blur is that of a difference of two memories. The price is on the screen.",
            ),
            Wrong(
                others.likelihood_of_accepting,
                "counts refused offers as accepted",
                "Each offer contributes the probability of accepting it. What does a refusal "
                "contribute?",
            ),
            Wrong(
                others.likelihood_turned_around,
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
        solutions.best_sigma,
        solutions.weights,
        formula=True,
        right=(others.best_sigma_by_fractions, others.best_sigma_by_search),
        near=(others.best_sigma_cut_off,),
        wrong=(
            Wrong(
                others.best_sigma_without_base,
                "leaves out the term that is quadratic in sigma",
                "Your memories may be blurrier than the base. The cost has two terms in sigma.",
            ),
            Wrong(
                others.best_sigma_without_two,
                "loses a factor of two in a derivative",
                "Right form. The share of the weight is half of what it should be: differentiate "
                "the squared error again.",
            ),
            Wrong(
                others.best_precision,
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
