"""How the answers of chapter 5 are judged: Algorithm 1 whole, and the target it learns from."""

import math

from dra_exercises.chapter_05 import experiments, others, solutions
from dra_exercises.spec import Function, Open, Value, Wrong

EXERCISES = {
    "5.1": Value(
        lambda: [11 * 18, 31 * 18],
        unit="moves",
        rtol=0.02,
        wrong=(
            Wrong(
                [180.0, 540.0],
                "forgets the learning episode",
                "Those are the trajectories. A trial begins with an episode of learning.",
            ),
            Wrong(
                [198.0, 594.0],
                "multiplies the learning episode too",
                "The first is right. There is one learning episode, however many trajectories.",
            ),
            Wrong(
                [18.0, 18.0],
                "counts the learning episode only",
                "The trajectories for the gradient are walked as well.",
            ),
        ),
    ),
    "5.2": Value(
        lambda: math.sqrt(0.1 * 0.1),
        unit="reward",
        wrong=(
            Wrong(
                0.01,
                "forgets the root",
                "With that floor the rebound is to 0.01 + 1: a hundredfold, not twofold.",
            ),
            Wrong(
                lambda: math.sqrt(0.005),
                "rebounds to three times the floor",
                "The rebound is what is added. Twice the floor means: as much again.",
            ),
            Wrong(
                0.05,
                "halves where a condition is to be solved",
                "Set the step, alpha times lambda over sigma, equal to the floor.",
            ),
        ),
    ),
    "5.3": Function(
        solutions.target,
        solutions.targets,
        right=(others.target_in_loops, others.target_by_logarithms),
        near=(others.target_at_another_temperature,),
        wrong=(
            Wrong(
                others.target_beyond_the_end,
                "looks beyond the end",
                "Right while the episode goes on. After its end there is nothing to come.",
            ),
            Wrong(
                others.target_of_draws,
                "averages the draws instead of the means",
                "The weights are right. They average the draws: on average that is too high. The "
                "means are to be averaged.",
            ),
            Wrong(
                others.target_of_the_best,
                "learns as if the best action followed",
                "That is Q-learning. This agent will not always choose its best action.",
            ),
            Wrong(
                others.target_without_recall,
                "forgets the noise of the recall",
                "Your weights are a softmax of the means. The agent chooses by draws.",
            ),
            Wrong(
                others.target_of_the_greedy_draw,
                "takes the largest draw",
                "You take the mean of the action with the largest draw. A softmax weights all.",
            ),
            Wrong(
                others.target_undiscounted,
                "forgets the discount",
                "What follows is multiplied by gamma_q.",
            ),
            Wrong(
                others.target_of_all_alike,
                "averages over actions as if all were alike",
                "You take the plain mean of the next means. They are weighted with the chances of "
                "being chosen.",
            ),
            Wrong(
                others.target_with_the_reward_discounted,
                "discounts the reward too",
                "The reward of the move comes at once. Only what follows is discounted.",
            ),
            Wrong(
                others.target_without_beta,
                "leaves out beta",
                "Your softmax has no beta, so it is too soft or too sharp.",
            ),
        ),
    ),
    "5.4": Function(
        solutions.allocator,
        solutions.corridors,
        right=(others.allocator_of_lists, others.allocator_in_one_function),
        near=(others.allocator_with_a_slow_start,),
        seconds=20.0,
        wrong=(
            Wrong(
                others.twisted("reuse"),
                "uses the draw that chose again for the target",
                "The target needs a fresh recall at the next state. You used the weights of the "
                "draw that made the choice.",
            ),
            Wrong(
                others.twisted("greedy"),
                "learns from the best next action",
                "Your means learn from the maximum of the next state. The target averages over the "
                "policy of one fresh recall.",
            ),
            Wrong(
                others.twisted("sum"),
                "adds the trajectories up without dividing",
                "Your steps of sigma are too long by the number of trajectories: g is a mean.",
            ),
            Wrong(
                others.twisted("sign"),
                "ascends the cost",
                "Right size, wrong sign: did you ascend the cost? The price pulls towards more "
                "blur.",
            ),
            Wrong(
                others.twisted("gratis"),
                "forgets the price",
                "Your sigma follow the reward alone. Every nat has its price, and its slope is "
                "part of each step.",
            ),
            Wrong(
                others.twisted("first"),
                "allocates before it learns",
                "In your first trial sigma moves before anything is learned. Learning comes first.",
            ),
            Wrong(
                others.twisted("always"),
                "learns during the trajectories too",
                "Your means move while the gradient is estimated. Trajectories only read.",
            ),
            Wrong(
                others.twisted("credit"),
                "credits the bare value",
                "The credit is the mean of the action taken. The advantage is asked for: subtract "
                "the plain mean over actions.",
            ),
            Wrong(
                others.twisted("value"),
                "subtracts the mean over the policy",
                "You subtract the mean that the policy weights. The paper, and this exercise, "
                "take the plain mean over actions.",
            ),
            Wrong(
                others.twisted("swapped"),
                "swaps means and sigma",
                "Both tables are right, in the other order: first the means, then sigma.",
            ),
            Wrong(
                others.twisted("visited"),
                "lets memories rest that no trajectory met",
                "Your sigma moves only where a trajectory came by. Every memory is paid for, also "
                "one that is never read: its gradient is 0, its price is not.",
            ),
            Wrong(
                others.twisted("free"),
                "forgets the bounds",
                "Right until a sigma reaches one of its bounds, low and high.",
            ),
        ),
    ),
    "5.5": experiments.HALF_PRICE,
    "5.6": experiments.SMALL_STEPS,
    "5.7": Function(
        solutions.target_excess,
        solutions.recalls,
        right=(others.excess_in_loops, others.excess_by_products),
        near=(others.excess_undiscounted,),
        wrong=(
            Wrong(
                others.excess_linear,
                "loses one of two factors of sigma",
                "Sigma enters twice: as the size of the noise, and through how strongly the noise "
                "moves the softmax.",
            ),
            Wrong(
                others.excess_without_beta,
                "loses beta in the derivative of the softmax",
                "The softmax is one of beta times the draws. Its derivative has a factor beta.",
            ),
            Wrong(
                others.excess_averaged,
                "averages over actions",
                "Each action's term is weighted by its own probability already: add them up.",
            ),
            Wrong(
                others.shortfall,
                "finds that the target is too low",
                "Right size, wrong sign: a lucky draw gets more weight.",
            ),
        ),
    ),
    "5.8": Open(
        (
            "A schedule that is stated exactly, with the trial at which it changes.",
            "Says what it keeps of the peak, with an error over agents.",
            "Says what it costs after a change of the maze.",
        )
    ),
}
