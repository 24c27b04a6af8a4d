"""How the answers of chapter 9 are judged: a tidy search, and an average without samples."""

import math

from dra_exercises.chapter_09 import others, solutions
from dra_exercises.spec import Function, Open, Value, Wrong

EXERCISES = {
    "9.1": Value(
        solutions.quarter_of_the_time,
        wrong=(
            Wrong(
                lambda: [2**4 / 4, 2**4 / 16],
                "takes the number of paths for the number of accesses",
                "The tree has sixteen paths, and each takes an access per move.",
            ),
            Wrong(
                lambda: [4 * 2**4 / 4, 4 * 2**4 / 4],
                "counts each access as a path",
                "Sixteen accesses it is. But a path is complete only after all of its moves.",
            ),
            Wrong(
                lambda: [(2**5 - 2) / 4, (2**5 - 2) / 16],
                "counts each node of the tree once",
                "The search returns to the start after each path, so nodes near the root are "
                "accessed many times.",
            ),
            Wrong(
                lambda: [3 * 2**3 / 4, 2**3 / 4],
                "keeps the three moves of the chapter",
                "That is a quarter of the time for three moves. Here a path has four.",
            ),
        ),
    ),
    "9.2": Value(
        solutions.gain_and_price,
        rtol=0.02,
        wrong=(
            Wrong(
                lambda: [6 * solutions.gain_and_price()[0], solutions.gain_and_price()[1]],
                "forgets how often the state is the start",
                "The price is right. The gain is that of a trial that starts there. How many do?",
            ),
            Wrong(
                lambda: [solutions.gain_and_price()[0], solutions.gain_and_price()[1] / 2],
                "pays for one of the two memories",
                "The gain is right. To know a difference well takes two sharp memories.",
            ),
            Wrong(
                lambda: [solutions.normal_cdf(1.0) * 20 / 6, solutions.gain_and_price()[1]],
                "forgets that a blurred choice is often right as well",
                "The price is right. What is gained is what comes on top of the blurred choice.",
            ),
            Wrong(
                lambda: [solutions.gain_and_price()[0], others.nats_of_two(20.0)],
                "takes the noise of the difference for that of one memory",
                "The gain is right. S is the noise of a difference of two memories: how blurred is "
                "each of them?",
            ),
            Wrong(
                lambda: others.gain_between(blurred=0.0),
                "takes a blurred choice for a coin",
                "The price is right. A choice with a sigma of 90 is nearly a coin, and not quite: "
                "how often is it right?",
            ),
            Wrong(
                lambda: others.gain_between(sharp=math.inf),
                "takes a sharp choice for certain",
                "The price is right. With a stake as large as its noise a choice is wrong now and "
                "then: how often?",
            ),
            Wrong(
                lambda: others.gain_between(blurred=20 / 90),
                "takes the noise of one memory for that of the difference",
                "The price is right. Both memories of the state have a sigma of 90: how large is "
                "the noise of their difference?",
            ),
        ),
    ),
    "9.3": Function(
        solutions.tidy_search,
        solutions.graphs,
        right=(others.tidy_by_order, others.tidy_by_counting),
        near=(others.one_path_too_few,),
        wrong=(
            Wrong(
                others.stubborn,
                "walks the preferred path again and again",
                "Your search finds what its first walk finds, however long it searches. What does "
                "the rule say when everything below the better branch is explored?",
            ),
            Wrong(
                others.turned_at_the_root,
                "turns at the root first",
                "You vary the first move first. A tidy search stays in the branch it prefers until "
                "that is explored: where do the first and the second path part?",
            ),
            Wrong(
                others.last_path,
                "returns the last path instead of the best",
                "The paths are walked in the right order. Which of them is executed in the end?",
            ),
            Wrong(
                others.whole_tree,
                "searches the whole tree",
                "You found the best of all paths. The search may walk only as many as it is given.",
            ),
            Wrong(
                others.accesses_for_paths,
                "takes paths for accesses",
                "You stop too early: the budget is given in complete paths, not in accesses.",
            ),
            Wrong(
                others.moves_made,
                "counts the moves made instead of those left",
                "Your walks read the preferences of the wrong level: the first index is the number "
                "of moves that are left, largest at the start.",
            ),
            Wrong(
                others.moves_left_after,
                "counts the moves left after the choice",
                "Your walks read the preferences one row too early: better[k] is for a choice with "
                "k moves left, its own included, so row 0 is never read.",
            ),
            Wrong(
                others.states_for_nodes,
                "takes states for nodes",
                "You take a state for explored wherever it comes up. The same state, reached in "
                "another way, is another node: name nodes by the actions that lead there.",
            ),
        ),
    ),
    "9.4": Function(
        solutions.expected_reward,
        solutions.preferences,
        right=(others.expected_axis_by_axis, others.expected_by_outer_product),
        near=(others.expected_with_rounded_chances,),
        wrong=(
            Wrong(
                others.reward_of_the_likeliest,
                "plans for the likeliest preferences only",
                "That is the reward of one combination, the likeliest. The mean is over all.",
            ),
            Wrong(
                others.expected_turned_around,
                "takes the chance of left for that of right",
                "Your weights are those of the opposite preferences: which index belongs to left?",
            ),
            Wrong(
                others.expected_of_all_alike,
                "averages the probabilities first",
                "All preferences have the same probability in your sum. Each node has its own.",
            ),
            Wrong(
                others.plain_mean,
                "counts all combinations as equally likely",
                "That is the mean for blind choices, where each preference is a fair coin.",
            ),
            Wrong(
                others.expected_in_reverse,
                "pairs the probabilities with the axes in reverse",
                "The first axis of the table belongs to the first probability.",
            ),
            Wrong(
                others.sum_of_weights_of_left,
                "leaves out the factors of right",
                "Your weights do not add up to 1: a preference for right has a probability too.",
            ),
        ),
    ),
    "9.5": Value(
        solutions.without_the_rule,
        unit="reward",
        wrong=(
            Wrong(
                others.with_the_rule,
                "keeps the rule",
                "Those are the advantages of the tidy planner. Without the rule, what does the "
                "second walk look like, if nothing is recalled afresh?",
            ),
            Wrong(
                lambda: [0.0, 0.0, 0.0],
                "takes worthless time for worthless memory",
                "Time buys nothing, true. But at one path a flexible memory is worth something, "
                "and here every budget is like one path.",
            ),
            Wrong(
                others.over_no_memory,
                "compares with an agent that has forgotten everything",
                "You compare with a blank memory. The rival is the best agent with one sigma.",
            ),
            Wrong(
                others.in_reward_only,
                "compares rewards without the price of memory",
                "That is a difference of rewards. Both agents pay for their memories.",
            ),
        ),
    ),
    "9.6": Value(
        solutions.budgets_chosen,
        unit="accesses",
        wrong=(
            Wrong(
                others.a_price_per_path,
                "charges for paths instead of accesses",
                "Your agents plan too long: the price is per access, and a path takes several.",
            ),
            Wrong(
                others.memory_for_nothing,
                "forgets the price of memory",
                "You weighed the reward against the time. Memories are paid for as well.",
            ),
            Wrong(
                others.both_alike,
                "lets the equal agent choose what the flexible one chooses",
                "The flexible agent is right. The equal one has other objectives: at one of the "
                "prices it chooses another budget.",
            ),
        ),
    ),
    "9.7": Function(
        solutions.stationary_price,
        solutions.states,
        formula=True,
        right=(others.price_by_density, others.price_by_differences),
        near=(others.price_with_the_base_unsquared,),
        wrong=(
            Wrong(
                others.price_of_one_memory,
                "pays for one memory",
                "Twice the right price: both memories of the state have this sigma, and both cost.",
            ),
            Wrong(
                others.price_against_a_known_rival,
                "blurs one memory only",
                "In your choice one of the two memories is known. How large is the noise of a "
                "difference of two?",
            ),
            Wrong(
                others.price_without_the_base,
                "leaves out the pull of the base",
                "Right for small sigma only. The KL cost has a quadratic term as well.",
            ),
            Wrong(
                others.price_turned_around,
                "turns the sign around",
                "Right size, wrong sign: with rising sigma the reward falls, and the cost too.",
            ),
            Wrong(
                others.price_of_values,
                "divides the reward by the nats",
                "You divided values. At an optimum it is the slopes that balance.",
            ),
        ),
    ),
    "9.8": Open(
        (
            "Looks at first visits, since planning repairs the final choice.",
            "Says what flexible and equal precision predict at the roots and one move on.",
            "Says what changes if the clock is announced after the start.",
        )
    ),
}
