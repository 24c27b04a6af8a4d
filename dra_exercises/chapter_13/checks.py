"""Chapter 13, your own task: tables from an environment, prices that mind the visits."""

import math

import numpy as np

import dra
from dra_exercises.spec import Function, Open, Value, Wrong

# 13.1 ---------------------------------------------------------------------------------------------


def in_cents(scale):
    p = dra.presets.for_scale(scale)
    return [p["sigma_base"], p["beta"], p["cost_weight"]]


# 13.2 ---------------------------------------------------------------------------------------------


def lengths():
    return [1 / 0.1, math.log(1e-6) / math.log(1 - 0.1)]


# 13.3 ---------------------------------------------------------------------------------------------


def environments(rng):
    """Tables as Gymnasium keeps them: with outcomes listed twice, and with sure ones."""
    made = []
    for n_states, n_actions, n_outcomes in ((2, 2, 2), (4, 3, 3), (5, 2, 4), (3, 1, 1)):
        table = {}
        for s in range(n_states):
            table[s] = {}
            for a in range(n_actions):
                chances = rng.dirichlet(np.ones(n_outcomes))
                ends = rng.integers(0, n_states, n_outcomes)
                if n_outcomes > 1:
                    ends[1] = ends[0]  # listed twice, with another reward
                table[s][a] = [
                    (float(chance), int(to), float(rng.normal(0, 3)), bool(rng.random() < 0.3))
                    for chance, to in zip(chances, ends, strict=True)
                ]
        made.append((table,))
    return made


def both(answer, table):
    """Transition and reward of an answer as one array, so that they can be compared."""
    transition, reward = answer(table)
    return np.concatenate([np.ravel(transition), np.ravel(reward)])


def tables(P):
    """The arrays of an environment that lists its outcomes.

    P : dict; P[s][a] is a list of (probability, next state, reward, terminated)

    Returns the transition, shape (S, A, S): the probability of each next state; and the reward,
    shape (S, A): the expected reward of action a in state s.
    """
    S, A = len(P), len(P[0])
    transition, reward = np.zeros((S, A, S)), np.zeros((S, A))
    for s in range(S):
        for a in range(A):
            for chance, to, paid, _ in P[s][a]:
                transition[s, a, to] += chance
                reward[s, a] += chance * paid
    return transition, reward


def tables_with_add_at(P):
    rows = [(s, a, to, p, r) for s in P for a in P[s] for p, to, r, _ in P[s][a]]
    s, a, to, p, r = (np.array(column) for column in zip(*rows, strict=True))
    transition = np.zeros((len(P), len(P[0]), len(P)))
    np.add.at(transition, (s.astype(int), a.astype(int), to.astype(int)), p)
    reward = np.zeros((len(P), len(P[0])))
    np.add.at(reward, (s.astype(int), a.astype(int)), p * r)
    return transition, reward


def tables_by_sums(P):
    def chance_of(s, a, goal):
        return sum(p for p, to, _, _ in P[s][a] if to == goal)

    transition = [[[chance_of(s, a, k) for k in P] for a in P[s]] for s in P]
    return transition, [[sum(p * r for p, _, r, _ in P[s][a]) for a in P[s]] for s in P]


def tables_that_overwrite(P):
    transition, reward = np.zeros((len(P), len(P[0]), len(P))), np.zeros((len(P), len(P[0])))
    for s in P:
        for a in P[s]:
            for chance, to, paid, _ in P[s][a]:
                transition[s, a, to] = chance
                reward[s, a] += chance * paid
    return transition, reward


def tables_with_the_last_reward(P):
    transition, reward = tables(P)
    for s in P:
        for a in P[s]:
            reward[s, a] = P[s][a][-1][2]
    return transition, reward


def tables_with_summed_rewards(P):
    transition, _ = tables(P)
    return transition, [[sum(r for _, _, r, _ in P[s][a]) for a in P[s]] for s in P]


def tables_without_ends(P):
    transition, reward = tables(P)
    for s in P:
        for a in P[s]:
            for chance, to, _, terminated in P[s][a]:
                transition[s, a, to] -= chance * terminated
    return transition, reward


def tables_with_plain_means(P):
    transition, _ = tables(P)
    return transition, [[np.mean([r for _, _, r, _ in P[s][a]]) for a in P[s]] for s in P]


# 13.4 ---------------------------------------------------------------------------------------------


def walks(rng):
    """Chains in which every move ends the episode with some probability."""
    made = []
    for n in (2, 3, 5):
        matrix = rng.dirichlet(np.ones(n + 1), size=n)[:, :n]  # the rest ends
        made.append((matrix, rng.dirichlet(np.ones(n)), float(rng.uniform(0.2, 5))))
    return made


def prices(moves, start, gap):
    """What a nat should cost in each state: 0.1 times the gap times the visits of an episode.

    moves : (S, S); moves[s, k] is the probability that the agent goes from s to k. What is
        missing to 1 in a row is the probability that the episode ends.
    start : (S,) probability of each state to be the first
    gap : typical difference between a good and a bad action [reward]

    Returns the prices, shape (S,) [reward per nat].
    """
    visits = np.linalg.solve(np.eye(len(start)) - moves.T, start)
    return 0.1 * gap * visits


def prices_by_walking(moves, start, gap):
    visits, here = np.zeros(len(start)), np.array(start, float)
    while here.sum() > 1e-14:
        visits = visits + here
        here = here @ moves
    return gap * visits / 10


def prices_by_inverse(moves, start, gap):
    return 0.1 * gap * (start @ np.linalg.inv(np.eye(len(start)) - moves))


def prices_by_values(moves, start, gap):
    return 0.1 * gap * np.linalg.solve(np.eye(len(start)) - moves, start)


def prices_by_shares(moves, start, gap):
    visits = np.linalg.solve(np.eye(len(start)) - moves.T, start)
    return 0.1 * gap * visits / visits.sum()


def prices_after_the_start(moves, start, gap):
    visits = np.linalg.solve(np.eye(len(start)) - moves.T, start)
    return 0.1 * gap * (visits - start)


def prices_upside_down(moves, start, gap):
    return 0.1 * gap / np.linalg.solve(np.eye(len(start)) - moves.T, start)


def prices_with_a_discount(moves, start, gap):
    return 0.1 * gap * np.linalg.solve(np.eye(len(start)) - 0.98 * moves.T, start)


# 13.6 ---------------------------------------------------------------------------------------------


def sizes(rng):
    return [
        (int(n), float(ratio * base), float(base))
        for n, ratio, base in zip(
            (1, 2, 4, 8), rng.uniform(0.02, 0.9, 4), rng.uniform(0.5, 9, 4), strict=True
        )
    ]


def cost_in_weights(n, sigma, sigma_base):
    """What a value with standard deviation sigma costs if it is the sum of n equally sharp weights.

    n : number of tilings
    sigma, sigma_base : standard deviation of the value, and of a value that costs nothing [reward]

    Returns the cost in nats, by the Kullback-Leibler price, exactly.
    """
    return n * (math.log(sigma_base / sigma) + sigma**2 / (2 * sigma_base**2) - 0.5)


def cost_weight_by_weight(n, sigma, sigma_base):
    each, base = sigma / math.sqrt(n), sigma_base / math.sqrt(n)
    return sum(float(dra.costs.kl.value(np.array(each), base)) for _ in range(n))


def cost_from_squares(n, sigma, sigma_base):
    x = (sigma / sigma_base) ** 2
    return n / 2 * (x - 1 - math.log(x))


def cost_of_one(n, sigma, sigma_base):
    return cost_in_weights(1, sigma, sigma_base)


def cost_with_the_whole_base(n, sigma, sigma_base):
    each = sigma / math.sqrt(n)
    return n * (math.log(sigma_base / each) + each**2 / (2 * sigma_base**2) - 0.5)


def cost_of_blurrier_weights(n, sigma, sigma_base):
    each = sigma * math.sqrt(n)
    return n * (math.log(sigma_base / each) + each**2 / (2 * sigma_base**2) - 0.5)


def cost_approximate(n, sigma, sigma_base):
    return n * (math.log(sigma_base / sigma) - 0.5)


EXERCISES = {
    "13.1": Value(
        lambda: in_cents(200),
        wrong=(
            Wrong(
                lambda: in_cents(20),
                "takes the gap for the scale",
                "These belong to a gap of 2. The scale is ten times what one choice typically "
                "matters, and here that gap is about 20.",
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
        lengths,
        unit="moves",
        rtol=0.01,
        wrong=(
            Wrong(
                lambda: [9.0, lengths()[1]],
                "forgets the last move",
                "The second is right. In the first the move that ends the episode is missing.",
            ),
            Wrong(
                lambda: [10.0, 6.0],
                "takes the chance to end for the chance to go on",
                "After t moves an episode still runs with probability 0.9 to the power t, not 0.1.",
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
        tables,
        environments,
        probe=both,
        right=(tables_with_add_at, tables_by_sums),
        near=(tables_with_plain_means,),
        wrong=(
            Wrong(
                tables_that_overwrite,
                "overwrites an outcome that is listed twice",
                "The rewards are right. Some probabilities are lost: a next state may be listed "
                "twice for the same action, as on the slippery lake. What happens to the first?",
            ),
            Wrong(
                tables_with_the_last_reward,
                "keeps the reward of the last outcome only",
                "The transition is right. The reward of a choice is that of its last outcome. What "
                "should stand there if the outcomes pay differently?",
            ),
            Wrong(
                tables_with_summed_rewards,
                "adds up rewards without their probabilities",
                "The transition is right. The rewards are added as if all outcomes happened "
                "together: an expectation weights them.",
            ),
            Wrong(
                tables_without_ends,
                "drops the outcomes that end the episode",
                "The rewards are right. Some rows of the transition do not sum to one. A move that "
                "ends the episode leads somewhere too.",
            ),
        ),
    ),
    "13.4": Function(
        prices,
        walks,
        right=(prices_by_walking, prices_by_inverse),
        near=(prices_with_a_discount,),
        wrong=(
            Wrong(
                prices_by_values,
                "solves for values instead of visits",
                "You solved the equation that values obey: it looks ahead. Visits look back: how "
                "often a state is entered is a sum over the states that lead to it.",
            ),
            Wrong(
                prices_by_shares,
                "takes visits as a share of all moves",
                "Your visits sum to one. In the chapter d(s) counts visits of a whole episode; a "
                "long episode visits more.",
            ),
            Wrong(
                prices_after_the_start,
                "leaves out the visit at the start",
                "Each state misses exactly its probability to be the first. Does an episode not "
                "visit the state in which it begins?",
            ),
            Wrong(
                prices_upside_down,
                "divides by the visits",
                "Upside down. A state that is visited often serves often, so a nat there may cost "
                "more for the same ratio of price to visits.",
            ),
        ),
    ),
    "13.5": Open(
        (
            "All three starts are run on the same seeds and compared in their exact objective.",
            "High starting means give a higher objective at the end; zero gives the lowest.",
            "The reason named is exploration, and it is said that two seeds show little.",
        )
    ),
    "13.6": Function(
        cost_in_weights,
        sizes,
        right=(cost_weight_by_weight, cost_from_squares),
        near=(cost_approximate,),
        formula=True,
        wrong=(
            Wrong(
                cost_of_one,
                "pays for one memory",
                "That is the price in a table. Each of the n weights is paid for.",
            ),
            Wrong(
                cost_with_the_whole_base,
                "keeps the base memory of the table",
                "The blur of each weight is right. But n unpaid weights of your base would blur an "
                "unpaid value by more than the table does.",
            ),
            Wrong(
                cost_of_blurrier_weights,
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
