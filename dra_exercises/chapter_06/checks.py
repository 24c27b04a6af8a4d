"""How the answers of chapter 6 are judged: what a memory is worth, and which way is taken."""

import math

from dra_exercises.chapter_06 import experiments, others, solutions
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
    "6.5": Value(
        experiments.woken,
        unit="reward",
        # 20 mice of a reader against 8 here: standard errors of the difference 1.2 and 0.8 (from
        # 100 mice), tolerances 4.5 and 3.0: false alarm 5e-4
        rtol=0.03,
        atol=3.0,
        wrong=(
            Wrong(
                experiments.left_alone,
                "does not wake them up",
                "Those are mice that keep their sigma. Do they go on from a memory in which every "
                "sigma is 3?",
            ),
            Wrong(
                experiments.born_again,
                "forgets the means as well",
                "Your mice begin anew, with means 0. The means are to be kept.",
            ),
            Wrong(
                experiments.at_the_base,
                "forgets all precision",
                "You set sigma to that of the base memory. It is to be 3.",
            ),
            Wrong(
                experiments.woken_in_the_old_maze,
                "stays in the old maze",
                "In your maze the goal has not moved.",
            ),
            Wrong(
                experiments.woken_for_good,
                "lets sigma rest at 3",
                "The first is right. The second is as low as if every sigma stayed at 3. Do your "
                "mice allocate again after they are woken? And is it the mean of the last ten "
                "records?",
            ),
        ),
        rubric=(
            "Gives how many are as good and how soon they are back, beside those of the chapter.",
            "Says what waking up costs at first, and why it pays later.",
        ),
    ),
    "6.6": Value(
        experiments.currencies,
        # five mice of a reader against three here: standard errors of the difference up to 1.6
        # nats and 2.8 memories (from 25 mice); the tightest are 121 +- 10.8 and 10.9 +- 6.4
        # memories, 3.9 and 4.1 standard errors: false alarm 2e-4
        rtol=0.04,
        atol=6.0,
        wrong=(
            Wrong(
                experiments.as_paid,
                "counts in the currency that is paid",
                "The second list is right. The first is what each cost itself says of the "
                "memories; count the nats by the KL cost, so that they compare.",
            ),
            Wrong(
                experiments.currencies_in_bits,
                "counts in bits",
                "The second list is right. The first is in bits: nats are asked for.",
            ),
            Wrong(
                experiments.beyond_the_base,
                "lets sigma grow beyond the base",
                "Your sigma may exceed that of the base, and these two costs pay for it. Bound it.",
            ),
            Wrong(
                experiments.at_one_price,
                "takes one price for both",
                "The last pair is the one before it again. The second price of the precision cost "
                "is 0.01.",
            ),
            Wrong(
                experiments.under_kl,
                "pays the KL cost under every name",
                "All your mice pay the KL cost. Does the option `cost` reach `dra.train`?",
            ),
            Wrong(
                experiments.in_per_cent_of_memories,
                "gives per cent of the memories",
                "The first list is right. The second is in per cent: how many of the 216 are they?",
            ),
        ),
        rubric=(
            "Compares return, share on the old way and sharpest memories with the KL cost, too.",
            "Explains the memories at the base by the slope of the entropy cost there.",
            "Explains the spread under the precision cost by what a sharp memory costs.",
        ),
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
