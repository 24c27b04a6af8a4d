"""How the answers of chapter 1 are judged: bills, what an agent is worth, where it spends."""

import math

import numpy as np

import dra
from dra_exercises.chapter_01 import others, solutions
from dra_exercises.spec import Function, Open, Value, Wrong

EXERCISES = {
    "1.1": Value(
        solutions.halvings,
        wrong=(
            Wrong(
                lambda: np.array([math.log(2), math.log(2)]),
                "every halving is a bit",
                "Both of yours are one bit, the price in the guessing game. C has two more terms; "
                "what does the one with the square do when sigma is halved?",
            ),
            Wrong(
                lambda: solutions.halvings() / math.log(2),
                "counts bits",
                "These are bits. A bit is ln 2 nats.",
            ),
            Wrong(
                lambda: dra.costs.kl.value(np.array([2.5, 0.625]), 5.0),
                "the whole bill instead of the rise",
                "The second number is what a memory of 0.625 costs in all. By how much did its "
                "bill rise?",
            ),
            Wrong(
                lambda: -solutions.halvings(),
                "the price falls",
                "Your signs are turned round: a sharper memory costs more.",
            ),
        ),
    ),
    "1.2": Value(
        solutions.before_and_after,
        unit="reward",
        wrong=(
            Wrong(
                lambda: np.array([11 - 30 + 5.0, 11 - 31.5 + 3.0]),
                "adds the bill",
                "You added the bill. What an agent pays for its memory lowers F.",
            ),
            Wrong(
                lambda: np.array([11 - 30 - 50.0, 11 - 31.5 - 30.0]),
                "takes a nat for a unit of reward",
                "You subtracted the nats themselves. What is a nat worth in reward?",
            ),
            Wrong(
                lambda: np.array([-30 - 5.0, -31.5 - 3.0]),
                "forgets the goal",
                "You counted every step as a loss. The last one enters the goal and earns 10.",
            ),
            Wrong(
                lambda: np.array([10 - 30 - 5.0, 10 - 31.5 - 3.0]),
                "the last step costs too",
                "A walk of T steps loses 1 in all of them but the last, which earns 10.",
            ),
            Wrong(
                lambda: np.array([11 - 30 - 5.0, 11 - 31.5 - 2.0]),
                "pays for what it forgot",
                "The first number is right. The agent forgot 20 of its 50 nats: for how many does "
                "it pay now?",
            ),
        ),
    ),
    "1.3": Function(
        solutions.net_worth,
        solutions.agents,
        wrong=(
            Wrong(
                others.per_step,
                "the mean reward of a step",
                "You averaged over steps. F counts what a whole walk earns: a long walk with many "
                "small losses is not the same as a short one with few.",
            ),
            Wrong(
                others.all_walks,
                "the sum of all walks",
                "Your reward grows with the number of walks. F is what one walk earns on average.",
            ),
            Wrong(
                others.paid_out,
                "adds the bill",
                "Your F rises with the bill. Memory is paid for.",
            ),
            Wrong(
                others.mean_bill,
                "the mean price of a memory",
                "You charge for one memory of average price. The bill is the sum over all.",
            ),
            Wrong(
                others.in_bits,
                "counts bits",
                "Your bill is in bits. cost_weight is the price of a nat.",
            ),
            Wrong(
                others.a_nat_is_a_reward,
                "takes a nat for a unit of reward",
                "Your F does not depend on cost_weight. It is what turns nats into reward.",
            ),
            Wrong(
                others.per_look,
                "pays at every step",
                "You charge the bill once for each step. The price is for *holding* the memories, "
                "not for looking at them.",
            ),
            Wrong(
                others.questions,
                "charges for the guessing game",
                "Your price of a memory is the number of questions in the guessing game, in nats. "
                "The exact price has two more terms.",
            ),
            Wrong(
                others.free_above,
                "no price above the base",
                "You charge nothing for a sigma above sigma_base. C is a divergence from the base: "
                "it is 0 there and rises on both sides.",
            ),
            Wrong(
                others.discounted,
                "discounts later rewards",
                "You count later rewards for less. The returns of this chapter have no discount.",
            ),
            Wrong(
                others.median_walk,
                "the median walk",
                "You took the median walk. An expectation is a mean: rare long walks count.",
            ),
        ),
        right=(others.by_package, others.one_walk_at_a_time),
        near=(others.two_percent, others.without_last_step),
    ),
    "1.4": Function(
        solutions.spend_by_visits,
        solutions.visited,
        wrong=(
            Wrong(
                others.each_action_in_full,
                "pays each action the share of its state",
                "Your table costs four times as much as it may: a state has four memories, which "
                "share what the state gets.",
            ),
            Wrong(
                others.share_of_the_busiest,
                "shares relative to the busiest state",
                "Your shares do not sum to 1, so the bill is too high. Relative to what is a "
                "share of all visits measured?",
            ),
            Wrong(
                others.evenly,
                "spends evenly where it walked",
                "Each visited state of yours gets the same. In proportion means: twice the visits, "
                "twice the nats.",
            ),
            Wrong(
                others.by_questions,
                "spends in the guessing game",
                "You turned nats into sigma as in the guessing game. The price has two more terms, "
                "so that your memories are cheaper than they should be.",
            ),
            Wrong(
                others.by_bits,
                "spends bits",
                "Your memories cost as many *bits* as they should cost nats.",
            ),
            Wrong(
                others.blur_by_visits,
                "shares out blur instead of nats",
                "You lowered sigma in proportion to the visits. Nats are to be shared out, and "
                "their number is not proportional to sigma. Does your table cost `nats`?",
            ),
            Wrong(
                others.where_nobody_walks,
                "spends where nobody walks",
                "Your sharpest memories belong to the states visited least.",
            ),
            Wrong(
                others.ratios,
                "returns the ratio to sigma_base",
                "Those are ratios to sigma_base. The sigma themselves are asked for.",
            ),
            Wrong(
                others.by_root_of_visits,
                "shares by the root of the visits",
                "Twice the visits get less than twice the nats in your table. In proportion is "
                "asked for.",
            ),
        ),
        right=(others.by_lambert, others.by_brentq),
        near=(others.a_little_everywhere, others.two_percent_more),
        rtol=1e-5,
    ),
    "1.5": Function(
        solutions.first_price,
        solutions.fractions,
        wrong=(
            Wrong(
                lambda epsilon: epsilon,
                "stops at the first order",
                "That is what the logarithm alone would cost. The square in C has a term of first "
                "order too. What is left of the two together?",
            ),
            Wrong(
                lambda epsilon: epsilon**2 / 2,
                "one of two halves",
                "The power is right. Two terms of second order are left, one from the logarithm "
                "and one from the square.",
            ),
            Wrong(
                lambda epsilon: 2 * epsilon**2,
                "the curvature instead of half of it",
                "The power is right. In an expansion the second derivative comes with a half.",
            ),
            Wrong(
                others.exact_price,
                "the exact price",
                "This is the exact price. Expand it in epsilon, and keep the first term that does "
                "not vanish.",
            ),
            Wrong(
                lambda epsilon: epsilon + epsilon**2 / 2,
                "expands the logarithm only",
                "You expanded the logarithm. The term with the square changes as well.",
            ),
        ),
        right=(lambda epsilon: epsilon * epsilon, lambda epsilon: math.exp(2 * math.log(epsilon))),
        near=(lambda epsilon: -(epsilon**2), lambda epsilon: 1.02 * epsilon**2),
        formula=True,
        atol=1e-15,
    ),
    "1.6": Open(
        (
            "States an expectation before counting, with a reason.",
            "Counts the cells from which the selective agent is faster, in its own run, and "
            "compares the count with the expectation.",
            "Finds the reason in the walks: an agent put down beside the path soon touches it, "
            "and is led to the goal from there.",
            "Says when this should fail, for instance with several goals or two halves joined by "
            "a door, or proposes such a maze.",
        )
    ),
}
