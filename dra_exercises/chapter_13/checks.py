"""How the answers of chapter 13 are judged: tables from an environment, prices by visits."""

from dra_exercises.chapter_13 import experiments, others, solutions
from dra_exercises.spec import Function, Open, Several, Value, Wrong

EXERCISES = {
    "13.1": Value(
        lambda: solutions.by_the_table(20),
        rtol=0.25,
        wrong=(
            Wrong(
                lambda: solutions.in_cents(20),
                "takes the gap for the scale",
                "These belong to a gap of 2. The scale is ten times what one choice typically "
                "matters, and here that gap is 20.",
            ),
            Wrong(
                lambda: solutions.in_cents(500),
                "takes the largest payment for the scale",
                "These belong to a scale of 500, the largest payment. The scale is ten times what "
                "one choice typically matters.",
            ),
            Wrong(
                [500.0, 0.1, 10.0],
                "changes the currency of the maze",
                "You changed the currency, a hundred to one, of parameters that were for gaps of "
                "1. Her gaps are 20 cents, not 100.",
            ),
            Wrong(
                [100.0, 200.0, 2.0],
                "multiplies beta by the currency",
                "Two of the three are right. The inverse temperature is measured in one over "
                "reward: in which direction does it go when rewards grow?",
            ),
            Wrong(
                [5.0, 10.0, 0.1],
                "keeps the parameters of the maze",
                "Those are the numbers that she has now. Compare the blur of 5 with gaps of 20.",
            ),
            Wrong(
                [100.0, 0.5, 0.1],
                "believes that the price has no unit",
                "The price is reward per nat. Nats stay nats when the currency changes, rewards "
                "do not.",
            ),
        ),
    ),
    "13.2": Value(
        solutions.lengths,
        unit="moves",
        rtol=0.01,
        wrong=(
            Wrong(
                lambda: [9.0, solutions.lengths()[1]],
                "forgets the last move",
                "The second is right. In the first the move that ends the episode is missing.",
            ),
            Wrong(
                lambda: [10.0, 6.0],
                "takes the chance to end for the chance to go on",
                "After t moves an episode still runs with probability 0.9 to the power t, not 0.1.",
            ),
            Wrong(
                lambda: [10.0, solutions.longest()[0]],
                "gives the median of the longest",
                "The first is right. The second is the median of the longest. Asked is a length "
                "that one of a million exceeds on average: its chance is one in a million.",
            ),
            Wrong(
                lambda: [10.0, solutions.longest()[1]],
                "gives the mean of the longest",
                "The first is right. The second is the mean of the longest. Asked is a length "
                "that one of a million exceeds on average: its chance is one in a million.",
            ),
            Wrong(
                lambda: [10.0, 1e7],
                "multiplies mean and number",
                "The longest of a million is not a million times the mean: the chance of more than "
                "t moves falls exponentially in t.",
            ),
        ),
    ),
    "13.3": Function(
        solutions.tables,
        solutions.environments,
        probe=Several("transition", "reward"),
        right=(others.tables_with_add_at, others.tables_by_sums),
        near=(others.tables_with_plain_means,),
        wrong=(
            Wrong(
                others.tables_that_overwrite,
                "overwrites an outcome that is listed twice",
                "The rewards are right. Some probabilities are lost: a next state may be listed "
                "twice for the same action, as on the slippery lake. What happens to the first?",
            ),
            Wrong(
                others.tables_with_the_last_reward,
                "keeps the reward of the last outcome only",
                "The transition is right. The reward of a choice is that of its last outcome. What "
                "should stand there if the outcomes pay differently?",
            ),
            Wrong(
                others.tables_with_summed_rewards,
                "adds up rewards without their probabilities",
                "The transition is right. The rewards are added as if all outcomes happened "
                "together: an expectation weights them.",
            ),
            Wrong(
                others.tables_like_the_chapter,
                "keeps one reward for each next state, the last",
                "The transition is right. With one reward for each next state, as in the chapter, "
                "the last wins where two outcomes lead to one state and pay differently.",
            ),
            Wrong(
                others.tables_with_rewards_of_next_states,
                "adds up rewards of one next state",
                "The transition is right. Where two outcomes lead to one state, you add up their "
                "rewards and weight the sum by both probabilities. Weight each by its own.",
            ),
            Wrong(
                others.tables_without_ends,
                "drops the outcomes that end the episode",
                "The rewards are right. Some rows of the transition do not sum to one. A move that "
                "ends the episode leads somewhere too.",
            ),
        ),
    ),
    "13.4": Function(
        solutions.prices,
        solutions.walks,
        right=(others.prices_by_walking, others.prices_by_inverse),
        near=(others.prices_with_a_discount,),
        wrong=(
            Wrong(
                others.prices_by_values,
                "solves for values instead of visits",
                "You solved the equation that values obey: it looks ahead. Visits look back: how "
                "often a state is entered is a sum over the states that lead to it.",
            ),
            Wrong(
                others.prices_by_shares,
                "takes visits as a share of all moves",
                "Your visits sum to one. In the chapter d(s) counts visits of a whole episode; a "
                "long episode visits more.",
            ),
            Wrong(
                others.prices_after_the_start,
                "leaves out the visit at the start",
                "Each state misses exactly its probability to be the first. Does an episode not "
                "visit the state in which it begins?",
            ),
            Wrong(
                others.prices_upside_down,
                "divides by the visits",
                "Upside down. A state that is visited often serves often, so a nat there may cost "
                "more for the same ratio of price to visits.",
            ),
            Wrong(
                others.prices_of_one,
                "gives the visits",
                "These are the visits, and rightly counted. A price is 0.1 times the gap times "
                "the visits.",
            ),
        ),
    ),
    "13.5": experiments.OPTIMISTS,
    "13.6": Function(
        solutions.cost_in_weights,
        solutions.sizes,
        right=(others.cost_weight_by_weight, others.cost_from_squares),
        near=(others.cost_without_half,),
        formula=True,
        wrong=(
            Wrong(
                others.cost_of_one,
                "pays for one memory",
                "That is the price in a table. Each of the n weights is paid for.",
            ),
            Wrong(
                others.cost_approximate,
                "keeps the approximation for sharp memories",
                "Right for sigma far below the base. Exactly, the cost has one more term, which "
                "is quadratic in sigma.",
            ),
            Wrong(
                others.cost_with_the_whole_base,
                "keeps the base memory of the table",
                "The blur of each weight is right. But n unpaid weights of your base would blur an "
                "unpaid value by more than the table does.",
            ),
            Wrong(
                others.cost_of_blurrier_weights,
                "gives each weight more blur than the sum",
                "A sum of independent weights is blurrier than each of them. Your weights are "
                "blurrier than their sum.",
            ),
        ),
    ),
    "13.7": Open(
        (
            "Says what each price stands for: capacity, paid once, or effort, paid at each recall.",
            "Connects the two by the visits, as the equation of the price's second scale does.",
            "Tries one on the hill and reports return and nats with an error over seeds.",
        )
    ),
}
