"""How the answers of chapter 6 are judged: what a memory is worth, and which way is taken."""

import math

from dra_exercises.chapter_06 import others, solutions
from dra_exercises.spec import Function, Open, Value, Wrong

EXERCISES = {
    "6.1": Value(
        solutions.bumps,
        wrong=(
            Wrong(
                [0.1, 0.4, 0.3],
                "counts at most one bump",
                "Those are probabilities to bump once. After a bump the agent is in the same cell "
                "and may bump again.",
            ),
            Wrong(
                lambda: [1 / 0.9, 1 / 0.6, 1 / 0.6 - 1 / 0.9],
                "counts tries instead of bumps",
                "The last is right. The first two count the good move as well.",
            ),
            Wrong(
                lambda: [0.1 / 0.9, 0.4 / 0.6, 0.3 / 0.9],
                "takes the visits of the agent before it forgets",
                "Both numbers of bumps are right. The loss at one visit is multiplied by the "
                "visits of the *forgetful* agent.",
            ),
        ),
    ),
    "6.2": Value(
        solutions.nats_of_a_way,
        wrong=(
            Wrong(
                lambda: [math.log(10), 17 * math.log(10), 1.7 * math.log(10)],
                "leaves out the terms that are small in sigma",
                "The minus one half of the price never goes away.",
            ),
            Wrong(
                lambda: [x / math.log(2) for x in solutions.nats_of_a_way()],
                "counts in bits",
                "Bits. The price of the paper is for nats.",
            ),
            Wrong(
                lambda: [
                    solutions.nats_of_a_way()[0],
                    solutions.nats_of_a_way()[1],
                    solutions.nats_of_a_way()[1],
                ],
                "gives nats where reward is asked for",
                "The nats are right. What do they cost, in reward?",
            ),
        ),
    ),
    "6.3": Function(
        solutions.impact,
        solutions.mazes,
        right=(others.impact_by_row, others.impact_by_power_series),
        near=(others.impact_two_percent,),
        rtol=1e-5,
        atol=1e-8,
        wrong=(
            Wrong(
                others.impact_at_one_visit,
                "is forgetful at one visit only",
                "That is what one forgetful visit costs. The memory stays forgotten at all later "
                "visits of the episode.",
            ),
            Wrong(
                others.impact_from_there,
                "starts in the state of the memory",
                "You compare values of the state itself. An episode begins in state 0, and may "
                "come by often, or never.",
            ),
            Wrong(
                others.impact_by_its_means,
                "believes the agent's own means",
                "What the agent believes about its actions is not what they earn: evaluate the "
                "policy.",
            ),
            Wrong(
                others.gain,
                "gives what would be gained",
                "Right size, wrong sign: impact is a loss, with minus without.",
            ),
            Wrong(
                others.impact_of_the_state,
                "forgets all memories of the state",
                "You forget the whole row. One memory is to be forgotten.",
            ),
            Wrong(
                others.impact_with_the_old_visits,
                "counts the old visits",
                "You multiply the loss at a visit by how often the sound agent comes by. The "
                "forgetful one comes by another number of times.",
            ),
            Wrong(
                others.impact_discounted,
                "discounts",
                "Your returns are discounted. Those of an impact are not.",
            ),
            Wrong(
                others.impact_of_nothing,
                "compares a table with itself",
                "You get 0 everywhere. Are both tables the same array? An array has to be copied "
                "before one entry is changed.",
            ),
        ),
    ),
    "6.4": Function(
        solutions.first_gate,
        solutions.rooms,
        right=(others.first_gate_by_walking, others.first_gate_by_visits),
        near=(others.gate_while_walking_long,),
        wrong=(
            Wrong(
                others.gate_in_one_move,
                "looks at the first move only",
                "Those are the odds of leaving at once. Before it leaves, an agent may walk about.",
            ),
            Wrong(
                others.gate_by_columns,
                "turns the matrix of moves around",
                "Your sum runs over the cells that lead here. It must run over where a move leads.",
            ),
            Wrong(
                others.gate_at_the_next_move,
                "stops after two moves",
                "Two terms of the series are there. It goes on.",
            ),
            Wrong(
                others.gate_from_anywhere,
                "averages over the places to begin",
                "The episode begins in one cell, not in any.",
            ),
            Wrong(
                others.gate_with_the_wrong_sign,
                "adds the moves instead of subtracting",
                "The equation is h = out + inside h. Bring the unknown to one side: which sign "
                "does the matrix get?",
            ),
        ),
    ),
    "6.5": Open(
        (
            "Keeps the means and sets all sigma to 3; ten mice, 1000 trials.",
            "Gives how many are as good and how soon they are back, beside those of the chapter.",
        )
    ),
    "6.6": Open(
        (
            "Five mice for each cost; return, nats in KL, share on the old way, sharpest memories.",
            "Explains the memories at the base by the slope of the entropy cost there.",
            "Explains the spread under the precision cost by what a sharp memory costs.",
        )
    ),
    "6.7": Function(
        solutions.slope_of_impact,
        solutions.slight,
        right=(others.slope_in_loops, others.slope_by_einsum),
        near=(others.slope_averaged,),
        wrong=(
            Wrong(
                others.slope_of_return,
                "gives the slope of the return",
                "Right size, wrong sign: impact is what is lost.",
            ),
            Wrong(
                others.slope_without_visits,
                "forgets the visits",
                "That is for one visit. The denominator of the visits tends to one; the visits "
                "themselves stay.",
            ),
            Wrong(
                others.slope_of_the_best,
                "follows the best action only",
                "What is taken from one action goes to the others: sum over all of them.",
            ),
        ),
    ),
    "6.8": Open(
        (
            "A rule from quantities that the agent has, stated so that it could be programmed.",
            "Says what the rule does early in life, and what it costs when nothing changes.",
        )
    ),
}
