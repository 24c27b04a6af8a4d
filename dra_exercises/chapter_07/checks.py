"""How the answers of chapter 7 are judged: an idle memory, and a clock that counts moves."""

from dra_exercises.chapter_07 import experiments, others, solutions
from dra_exercises.spec import Function, Open, Value, Wrong

EXERCISES = {
    "7.1": Value(
        lambda: [solutions.sold_out(), solutions.sold_out(price=0.2)],
        unit="trials",
        wrong=(
            Wrong(
                lambda: others.faded(1 - 3 / 5),
                "lets sigma fade instead of its square",
                "What relaxes exponentially is the share of the variance, sigma squared over "
                "sigma_base squared.",
            ),
            Wrong(
                lambda: others.faded(9 / 25),
                "takes the share that is left for the share that is lost",
                "The share of variance grows as 1 minus an exponential. Which of the two is 0.36?",
            ),
            Wrong(
                lambda: [solutions.sold_out(), 2 * solutions.sold_out()],
                "makes fading slower at a higher price",
                "The first is right. A higher price sells faster.",
            ),
            Wrong(
                lambda: [2 * solutions.sold_out(), solutions.sold_out()],
                "leaves out the 2 in tau",
                "Twice the right times. The variance falls twice as fast as its root: see tau.",
            ),
        ),
    ),
    "7.2": Value(
        solutions.slowed,
        wrong=(
            Wrong(
                lambda: [1 / 2, 1 / 2, *solutions.slowed()[2:]],
                "makes smaller steps faster",
                "The last two are right. Smaller steps take more trials: where does the step size "
                "stand in both clocks?",
            ),
            Wrong(
                lambda: [*solutions.slowed()[:2], 1.0, 1.0],
                "believes that a change of currency changes nothing",
                "The first two are right. A change of currency changes nothing if the step size is "
                "changed too. Here it is not: count the powers of ten in both formulas.",
            ),
            Wrong(
                lambda: [*solutions.slowed()[:2], 10.0**2, 10.0**3],
                "multiplies what is above the line only",
                "The first two are right. What has grown below the line?",
            ),
            Wrong(
                lambda: [*solutions.slowed()[:2], 10.0, 10.0**3],
                "leaves the gap as it was",
                "Three are right. With all rewards, the gap has grown as well.",
            ),
        ),
    ),
    "7.3": Function(
        solutions.idle_sigma,
        solutions.idle_memories,
        rtol=1e-8,
        right=(others.fade_by_package, others.fade_by_recursion),
        near=(others.fade_by_big_steps, others.fade_uphill_with_a_stop),
        wrong=(
            Wrong(
                others.fade_uphill,
                "ascends the cost",
                "Your memory becomes sharper without being used. The cost is to be lowered: in "
                "which direction does its slope point?",
            ),
            Wrong(
                others.fade_without_base,
                "leaves out the pull of the base",
                "Right while sigma is small, too blurred later: yours does not stop at sigma_base. "
                "The cost has a quadratic term.",
            ),
            Wrong(
                others.fade_without_price,
                "forgets the price of a nat",
                "The slope is in nats. What turns nats into reward?",
            ),
            Wrong(
                others.fade_in_one_step,
                "takes all steps at once",
                "You took one long step. The slope changes with sigma at every trial.",
            ),
            Wrong(
                others.fade_to_the_base,
                "relaxes towards the base in proportion to the distance",
                "Your sigma approaches the base exponentially. The slope of the cost is not the "
                "distance: how steep is it where the memory is sharp?",
            ),
            Wrong(
                others.fade_in_closed_form,
                "takes the closed form for the steps",
                "That is the closed form, the limit of small steps. Algorithm 1 takes steps of "
                "finite size, and the first ones of a sharp memory are long.",
            ),
            Wrong(
                others.fade_a_step_too_long,
                "takes one step too many",
                "You take one step too many: without a trial sigma is as it was.",
            ),
            Wrong(
                others.fade_a_step_too_short,
                "takes one step too few",
                "You take one step too few: each trial has a step, the last one too.",
            ),
            Wrong(
                others.fade_by_the_variance,
                "takes the slope in the variance",
                "Your slope is that of the cost in sigma squared. The step is taken in sigma.",
            ),
        ),
    ),
    "7.4": Function(
        solutions.fair_time,
        solutions.learners,
        right=(others.moves_in_loops, others.moves_by_cumulation),
        near=(others.moves_to_the_level_of_the_chapter,),
        wrong=(
            Wrong(
                others.records_to_learn,
                "counts records instead of moves",
                "That is a number of records. On the fair axis a trial in which an agent got lost "
                "counts for more than one in which it knew its way.",
            ),
            Wrong(
                others.moves_of_one_record,
                "forgets the moves of the records before",
                "Those are the moves of the last stretch only. Time is what has been spent so far.",
            ),
            Wrong(
                others.moves_of_the_fastest,
                "stops when the luckiest agent arrives",
                "You stop when any agent is there. The average over agents is to be there.",
            ),
            Wrong(
                others.moves_of_each_agent,
                "averages last instead of first",
                "You took the time of each agent, then the mean: a single record is noisy, and now "
                "and then lucky. The question is for the mean curve.",
            ),
            Wrong(
                others.moves_until_settled,
                "takes what is better than the level for not yet learned",
                "Your time waits until the curve stays in a band around the level. That is the "
                "settling time, which punishes an overshoot. Here it is the first time near it.",
            ),
            Wrong(
                others.moves_to_nine_tenths,
                "makes the tolerance a share of the way",
                "You allow a tenth of the way from the start, by which all have learned at once. "
                "The tolerance is given.",
            ),
            Wrong(
                others.moves_of_all_agents,
                "adds up the moves of all agents",
                "You count the moves of the whole group. The answer is per agent.",
            ),
            Wrong(
                others.moves_up_to_the_record,
                "leaves out the moves of the last record",
                "You stop one record early: the moves of the record at which the group has learned "
                "count too.",
            ),
            Wrong(
                others.moves_in_a_band,
                "takes a curve above the band for not yet learned",
                "A curve that leaps over the band around the level has learned: far above the "
                "level is good enough. How far *below* may it be?",
            ),
            Wrong(
                others.moves_beyond_the_edge,
                "asks for more than the edge",
                "Right but for a group that is at level - tolerance exactly: at least that much "
                "is asked for.",
            ),
            Wrong(
                others.moves_to_the_level,
                "forgets the tolerance",
                "You wait for the level itself. A mean that is below it by the tolerance will do.",
            ),
            Wrong(
                others.moves_to_a_tenth_of_the_level,
                "makes the tolerance a tenth of the level",
                "The tolerance is given, in reward. A tenth of the level is that of the chapter; "
                "above a level of zero it even asks for more than the level.",
            ),
        ),
    ),
    "7.5": experiments.EVEN,
    "7.6": experiments.STEPS,
    "7.7": Function(
        solutions.critical_gap,
        solutions.poor_starts,
        formula=True,
        right=(others.gap_by_search, others.gap_by_formula),
        near=(others.gap_at_six_tenths,),
        wrong=(
            Wrong(
                others.gap_squared,
                "gives the square of the gap",
                "The pull goes with the square of the gap: one more step.",
            ),
            Wrong(
                others.gap_without_visits,
                "forgets how often the memory is used",
                "Right for one choice a trial. Each further choice pulls again.",
            ),
            Wrong(
                others.gap_of_visits,
                "lets the pull grow with the square of the visits",
                "It is the gap whose square stands in the pull. How do the visits enter?",
            ),
            Wrong(
                others.gap_of_pulling_visits,
                "lets visits raise the critical gap",
                "Each visit pulls once more, so with more of them a smaller gap will do. On which "
                "side of the condition do the visits stand?",
            ),
            Wrong(
                others.gap_at_half_way,
                "looks for the barrier half-way",
                "Close. The push of the price is not largest half-way: where is the slope of "
                "sigma (1 - sigma squared over base squared) zero?",
            ),
            Wrong(
                others.gap_without_the_base,
                "leaves out the pull of the base",
                "Too large. At the base the cost has no slope, since its two terms cancel there.",
            ),
        ),
    ),
    "7.8": Open(
        (
            "Says what the chooser maximises, over which time, and what it must know.",
            "Argues that not all memories should start alike.",
            "Proposes an experiment whose outcome differs between the two readings.",
        )
    ),
}
