"""How the experiments of chapter 8 are judged, with other answers: a baseline, one trajectory."""

import copy

import numpy as np

import dra
from dra_exercises.chapter_08 import others, solutions
from dra_exercises.spec import Function, Several, Wrong

# 8.5: a baseline


def raised(memory, up):
    return dra.Memory(memory.q + up, memory.sigma, memory.sigma_base)


def credited(task, memory, beta, seed, credit="return"):
    return dra.gradient.estimate(task, memory, beta=beta, rng=seed, credit=credit)


def score(task, memory, beta, seed):
    """The scores of a trajectory, added up; the mean over ten."""
    low, high = (
        credited(task, raised(memory, up), beta, copy.deepcopy(seed), "q") for up in (0, 1)
    )
    return high - low


def baseline_by_credit(task, memory, beta, seed, baseline):
    one = dra.credits.Credit("one", lambda values, chosen, reward, next_values, terminated: 1.0)
    return credited(task, memory, beta, seed) - baseline * credited(task, memory, beta, seed, one)


def baseline_at_once(task, memory, beta, seed, baseline):
    """What means that are higher by minus the baseline add to the estimate is all it takes."""
    high = credited(task, raised(memory, -baseline), beta, seed, "q")
    low = credited(task, memory, beta, seed, "q")
    return credited(task, memory, beta, seed) + high - low


def baseline_added(task, memory, beta, seed, baseline):
    return solutions.gradient_with_baseline(task, memory, beta, seed, -baseline)


def baseline_without_score(task, memory, beta, seed, baseline):
    return credited(task, memory, beta, seed) - baseline


def no_baseline(task, memory, beta, seed, baseline):
    return credited(task, memory, beta, seed)


def baseline_for_values(task, memory, beta, seed, baseline):
    g = credited(task, memory, beta, seed, "q")
    return g - baseline * score(task, memory, beta, seed)


def baseline_of_other_trajectories(task, memory, beta, seed, baseline):
    """One generator for both estimates: the second goes on where the first has ended."""
    rng = np.random.default_rng(seed)
    g = credited(task, memory, beta, rng)
    return g - baseline * score(task, memory, beta, rng)


def baseline_of_three_draws(task, memory, beta, seed, baseline):
    rng = np.random.default_rng(seed)
    g, high, low = (
        credited(task, raised(memory, up), beta, rng, credit)
        for up, credit in ((0, "return"), (1, "q"), (0, "q"))
    )
    return g - baseline * (high - low)


def baseline_for_advantages(task, memory, beta, seed, baseline):
    g = credited(task, memory, beta, seed, "advantage")
    return g - baseline * score(task, memory, beta, seed)


def minus_200_for_all(task, memory, beta, seed, baseline):
    return solutions.gradient_with_baseline(task, memory, beta, seed, -200.0)


def baseline_only(task, memory, beta, seed, baseline):
    return -baseline * score(task, memory, beta, seed)


def baseline_in_whole_units(task, memory, beta, seed, baseline):
    return solutions.gradient_with_baseline(task, memory, beta, seed, round(baseline))


WITH_BASELINE = Function(
    solutions.gradient_with_baseline,
    solutions.cars,
    atol=1e-7,  # where no flag is found, two numbers near 300 cancel
    seconds=60.0,  # a credit of one's own is compiled, the first time
    right=(baseline_by_credit, baseline_at_once),
    near=(baseline_in_whole_units,),
    wrong=(
        Wrong(
            baseline_added,
            "adds the baseline",
            "You added the baseline to the return. It is subtracted: with -200, R + 200 is left.",
        ),
        Wrong(
            baseline_without_score,
            "subtracts the baseline from the gradient",
            "You subtracted the baseline from each entry of the gradient. It belongs to the "
            "return: by what is a return multiplied, before it is a gradient?",
        ),
        Wrong(
            no_baseline,
            "leaves the return as it is",
            "That is the estimate with R itself. Where is the baseline?",
        ),
        Wrong(
            baseline_for_values,
            "gives credit for values",
            "Your baseline is subtracted from Q. Asked is what becomes of R, the return.",
        ),
        Wrong(
            baseline_of_other_trajectories,
            "draws other trajectories for the baseline",
            "Your return and your baseline come from different trajectories, so that their noise "
            "adds up instead of cancelling. What does a generator do between two estimates?",
        ),
        Wrong(
            baseline_of_three_draws,
            "draws other trajectories for each estimate",
            "Each of your estimates comes from trajectories of its own. A generator goes on where "
            "it has stopped: begin each estimate from the seed.",
        ),
        Wrong(
            baseline_for_advantages,
            "gives credit for advantages",
            "Your baseline is subtracted from A. Asked is what becomes of R, the return.",
        ),
        Wrong(
            minus_200_for_all,
            "takes -200 for every baseline",
            "Right for a baseline of -200 only. Use the one that is given.",
        ),
        Wrong(
            baseline_only,
            "takes the baseline for the credit",
            "That is the estimate with the credit -baseline for every choice. The return is "
            "missing.",
        ),
    ),
    rubric=(
        "Predicts both cost and reward before training.",
        "Finds that the cost collapses, from 27 to about 4, and that the reward does not rise.",
        "Says why: the baseline takes the noise away and has no signal to add.",
    ),
)

# 8.6: one trajectory


WITH_FEWER = Function(
    solutions.with_fewer,
    solutions.bargains,
    probe=Several("loudness", "kick", "moves"),
    right=(others.fewer_by_lengths, others.fewer_by_ratios),
    near=(others.fewer_by_all_episodes,),
    wrong=(
        Wrong(
            others.fewer_without_root,
            "lets a deviation grow like a variance",
            "The moves are right. It is the variance that goes with one over the number of "
            "trajectories. The noise given is its root.",
        ),
        Wrong(
            others.fewer_is_quieter,
            "makes fewer trajectories quieter",
            "The moves are right. Your noise falls: a mean over fewer trajectories is noisier.",
        ),
        Wrong(
            others.noise_of_a_single_one,
            "takes the noise for that of a single trajectory",
            "The moves are right. The noise given is that of an estimate from all of the many "
            "trajectories, not of one of them.",
        ),
        Wrong(
            others.fewer_without_acting,
            "forgets the trial in which the agent acts",
            "Loudness and kick are right. A trial holds one episode besides its trajectories: the "
            "one in which the agent acts.",
        ),
        Wrong(
            others.kick_of_noise,
            "leaves the signal out of the kick",
            "Loudness and moves are right. A kick holds the signal too, and that does not grow.",
        ),
        Wrong(
            others.kick_of_lengths,
            "adds lengths in place of squares",
            "Loudness and moves are right. In a kick the squares of signal and noise add up.",
        ),
        Wrong(
            others.kick_itself,
            "gives the length of the step itself",
            "Loudness and moves are right. The kick is asked for as a multiple of what it was.",
        ),
        Wrong(
            others.kick_squared,
            "gives the square of the kick",
            "Loudness and moves are right. Squares of signal and noise add up to the square of a "
            "kick.",
        ),
        Wrong(
            others.signal_over_noise,
            "gives signal over noise",
            "Kick and moves are right. Loudness is noise over signal here, not one over it.",
        ),
        Wrong(
            others.noise_alone,
            "gives the noise as it is",
            "Kick and moves are right. Loudness is the noise that is left, over the signal.",
        ),
        Wrong(
            others.factor_of_noise,
            "gives how much the noise grows",
            "Kick and moves are right. By that factor the noise grows. How loud is it then, next "
            "to the signal?",
        ),
        Wrong(
            others.moves_saved,
            "gives the moves that are saved",
            "Loudness and kick are right. That share of the moves is saved. How much is left?",
        ),
    ),
    rubric=(
        "Predicts from signal and noise, not from the verdict of another chapter.",
        "Compares A with one trajectory with Q with ten, by noise over signal.",
        "States what one trajectory loses in reward and saves in moves, with an error.",
    ),
)
