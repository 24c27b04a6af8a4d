"""How the answers of chapter 12 are judged: as many nats by a rule, and a person's likelihood."""

import math

from dra_exercises.chapter_12 import experiment_checks, others, solutions
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
                lambda: [
                    solutions.one_offer(1.5 / (4 * math.sqrt(2)))[0],
                    solutions.one_offer()[1],
                ],
                "blurs the price as well, in the probability",
                "The slope is right. Your probability is that of a choice between two memories of "
                "the same blur; here the price is seen.",
            ),
            Wrong(
                lambda: [solutions.one_offer()[0], solutions.one_offer(steps=1.5)[1]],
                "gives the slope per dollar",
                "The probability is right. Your slope is that per dollar, and a step is 0.75.",
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
        rtol=0.02,
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
                "The nats are right. The ratio is upside down: that of the rare memory to the "
                "frequent one is asked for.",
            ),
            Wrong(
                [3.0, math.log(9)],
                "forgets the root in the nats",
                "The ratio is right. The nats follow from the ratio of the blurs, not from that of "
                "the visits.",
            ),
            Wrong(
                [1 / 3, math.log(9)],
                "forgets the root in the nats, and inverts the ratio",
                "Is the rare memory three times as blurred, or a third? And nats follow from the "
                "ratio of the blurs, not from that of the visits.",
            ),
            Wrong(
                [1 / 9, math.log(9)],
                "forgets the root, and inverts the ratio",
                "The rule takes one over the *root* of the weight, and the rare memory is the "
                "blurrier one.",
            ),
        ),
    ),
    "12.3": Function(
        solutions.allocate,
        solutions.budgets,
        right=(others.allocate_by_package, others.allocate_by_halving),
        near=(others.allocate_without_half,),
        rtol=1e-5,  # the budget is asked for to a millionth of a nat
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
            Wrong(
                others.allocate_without_cap,
                "does not cut off at the base",
                "Some of your memories are blurrier than the base, and are paid for that. Where "
                "c over the root is more than the base, the memory stays at the base, for nothing.",
            ),
            Wrong(
                others.allocate_with_a_cap_on_the_bill_only,
                "cuts off at the base in the bill only",
                "The right c. But some memories that you return are blurrier than the base; you "
                "cut them off in the bill only.",
            ),
            Wrong(
                others.allocate_in_entropy,
                "counts the logarithm alone as the cost",
                "Your budget is one of entropy, the logarithm of the ratio. The Kullback-Leibler "
                "cost has two more terms.",
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
            Wrong(
                others.likelihood_without_lapses,
                "ignores the lapses",
                "Right for a person who never lapses. Some choices are made by coin, whatever is "
                "remembered.",
            ),
            Wrong(
                others.likelihood_of_the_accepted,
                "counts accepted offers only",
                "You add up the accepted offers. A refused one is a choice too, with one minus "
                "that probability.",
            ),
        ),
    ),
    "12.5": experiment_checks.POWER,
    "12.6": experiment_checks.LEAP,
    "12.7": Function(
        solutions.best_sigma,
        solutions.weights,
        formula=True,
        right=(others.best_sigma_by_fractions, others.best_sigma_by_search),
        near=(others.best_sigma_at_a_dearer_price,),
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
            Wrong(
                others.best_variance,
                "gives the variance instead of sigma",
                "That is the variance. The question is for the standard deviation, its root.",
            ),
            Wrong(
                others.best_sigma_cut_off,
                "cuts off at the base",
                "That is the rule of the chapter, with its sharp corner at the base. The cost in "
                "this sum has a term that is quadratic in sigma: what does it do near the base?",
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
