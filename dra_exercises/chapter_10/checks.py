"""How the answers of chapter 10 are judged: the exact gradient, and means that are tied."""

import numpy as np

from dra_exercises.chapter_10 import experiment_checks, others, solutions
from dra_exercises.spec import Function, Open, Value, Wrong

EXERCISES = {
    "10.1": Value(
        solutions.return_of_two_states,
        unit="reward",
        wrong=(
            Wrong(
                lambda: float(np.linalg.solve(np.eye(2) - solutions.MOVES.T, solutions.PAID)[0]),
                "solves the equation of visits for values",
                "That comes from the transposed matrix with the rewards on the right. Which of the "
                "two systems has the rewards, and which the start?",
            ),
            Wrong(
                -1.0,
                "pays for the first move only",
                "That is what the first move earns. The agent goes on.",
            ),
            Wrong(
                lambda: float(np.linalg.solve(np.eye(2) - solutions.MOVES, solutions.PAID)[1]),
                "starts in the other state",
                "That is the return from the second state. Where does the episode begin?",
            ),
        ),
    ),
    "10.2": experiment_checks.HALF,
    "10.3": Function(
        solutions.exact_gradient,
        solutions.tables,
        right=(others.gradient_in_loops, others.gradient_by_differences),
        near=(others.gradient_of_the_start,),
        rtol=1e-5,
        atol=1e-7,
        wrong=(
            Wrong(
                others.gradient_without_visits,
                "forgets the visits",
                "Each row has the right direction. Its size is missing: how often does an episode "
                "use the memories of that state?",
            ),
            Wrong(
                others.gradient_with_visits_ahead,
                "looks ahead for visits as well",
                "Both of your linear systems have the same matrix. Values look ahead, visits look "
                "back: how often a state is entered is a sum over the states that lead to it.",
            ),
            Wrong(
                others.gradient_of_the_next_reward,
                "credits a choice with its own reward only",
                "The credit of a choice is all that follows it, its action-value. Yours knows the "
                "next reward only.",
            ),
            Wrong(
                others.gradient_with_undiscounted_visits,
                "does not discount the visits",
                "Right values, but visits that count late moves in full. The objective discounts "
                "them: both linear systems have the factor gamma.",
            ),
            Wrong(
                others.gradient_of_the_other_index,
                "sums over the wrong index of the derivatives",
                "The derivatives are read the other way round: sum over the choice whose "
                "probability changes, not over the memory that causes it.",
            ),
            Wrong(
                others.gradient_with_weighted_values,
                "weights by the policy a second time",
                "Each action-value is multiplied by the probability of its choice. The derivative "
                "of a probability stands in its place already.",
            ),
        ),
    ),
    "10.4": Function(
        solutions.tied,
        solutions.houses,
        right=(others.tied_by_evaluation, others.tied_state_by_state),
        near=(others.values_in_a_hurry,),
        atol=1e-7,
        wrong=(
            Wrong(
                others.values_of_the_best,
                "ties the means to the best policy",
                "These are the values of an agent that always chooses best. The means shall be "
                "true for the agent that holds them, mistakes included.",
            ),
            Wrong(
                others.values_without_blur,
                "leaves out the blur",
                "These are true for sharp memories with the same softmax. The agent draws from "
                "N(q, sigma^2) before it chooses.",
            ),
            Wrong(
                others.values_of_blind_choices,
                "averages over choices as if they were made blindly",
                "Weight the means of the next state by how likely each choice is, not equally.",
            ),
            Wrong(
                others.values_after_one_look,
                "evaluates a fixed policy",
                "You evaluated the policy of other means. When the means change, so do the "
                "choices: repeat until both agree.",
            ),
            Wrong(
                others.values_of_empty_means,
                "evaluates the choices of empty means, once",
                "These are true for an agent whose means are all 0. One that holds *your* means "
                "chooses otherwise: look at its choices again, and repeat.",
            ),
            Wrong(
                others.values_of_next_rewards,
                "evaluates the choices of one look ahead, once",
                "You evaluated the agent whose means are the next rewards. Those that came out "
                "lead to other choices: repeat until nothing changes.",
            ),
            Wrong(
                others.values_without_discount,
                "forgets the discount",
                "Tied, but undiscounted. What follows a move is worth gamma_q times as much.",
            ),
        ),
    ),
    "10.5": experiment_checks.BUDGET,
    "10.6": experiment_checks.FREEZE,
    "10.7": experiment_checks.DEAR,
    "10.8": Function(
        solutions.difference,
        solutions.chances,
        formula=True,
        right=(others.difference_in_one_fraction, others.difference_by_sum),
        near=(others.difference_undiscounted_ahead,),
        wrong=(
            Wrong(
                others.difference_of_the_best,
                "lets the agent choose right next time",
                "That is the case P = 1. An agent that comes back may err again.",
            ),
            Wrong(
                others.difference_without_return,
                "stops after one return",
                "After a second mistake the agent comes back once more: v appears on both sides.",
            ),
            Wrong(
                others.difference_with_swapped_chances,
                "takes P for the probability of coming back",
                "P belongs to the action that ends the episode.",
            ),
        ),
    ),
    "10.9": Open(
        (
            "Predicts that mistakes or forgetting grow as values become true, in a task unchanged.",
            "Separates that from a lower price by what happens over time, or by measured values.",
            "Says what would have to be measured in an animal.",
        )
    ),
}
