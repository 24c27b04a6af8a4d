"""Chapter 6, a change of plan: what a memory is worth, and when an agent is back."""

import math

import numpy as np

import dra
from dra_exercises.spec import Function, Open, Value, Wrong

# 6.1 ----------------------------------------------------------------------------------------------


def bumps(before=0.9, after=0.6):
    return [(1 - before) / before, (1 - after) / after, 1 / after - 1 / before]


# 6.2 ----------------------------------------------------------------------------------------------


def nats_of_a_way(cells=17, sigma=0.5, base=5.0):
    x = sigma / base
    one = -math.log(x) + x**2 / 2 - 0.5
    return [one, cells * one, cells * one * 0.1]


# 6.3: impact --------------------------------------------------------------------------------------


def mazes(rng):
    """Small tasks without chance; each action leads to a state, or (S) to the end."""
    made = []
    for S, A in ((1, 2), (3, 2), (5, 3)):
        there = rng.integers(0, S, (S, A))
        there[:, 0] = np.minimum(np.arange(S) + 1, S)  # one action always leads on
        paid = np.where(there == S, 10.0, -1.0) + rng.normal(0, 0.2, (S, A))
        q = paid + rng.normal(0, 0.5, (S, A))
        q[:, 0] += 1.0
        sigma = rng.uniform(0.3, 1.0, (S, A))
        for _ in range(2):
            s, a = int(rng.integers(S)), int(rng.integers(A))
            made.append((there, paid, q, sigma, 5.0, s, a))
    return made


def impact(there, paid, q, sigma, sigma_base, s, a):
    """What the agent would lose by forgetting one memory.

    there : (S, A) int, the state after each action; S stands for the end
    paid : (S, A) reward of each action
    q, sigma : (S, A) means and blur of the memories
    sigma_base : blur of a forgotten memory
    s, a : the memory

    Episodes begin in state 0, and beta is 2: in state k the agent chooses by
    `dra.policy.choice_probabilities(q[k], sigma[k], 2.0)`.

    Returns the expected undiscounted return with all memories, minus the one after
    sigma[s, a] has become sigma_base.
    """
    S, A = paid.shape

    def expected_return(blur):
        moves, earned = np.zeros((S, S + 1)), np.zeros(S)
        for k in range(S):
            pi = dra.policy.choice_probabilities(q[k], blur[k], 2.0)
            earned[k] = pi @ paid[k]
            for b in range(A):
                moves[k, there[k, b]] += pi[b]
        return np.linalg.solve(np.eye(S) - moves[:, :S], earned)[0]

    forgotten = np.array(sigma)
    forgotten[s, a] = sigma_base
    return expected_return(sigma) - expected_return(forgotten)


def chances(q, sigma):
    return np.array(
        [dra.policy.choice_probabilities(m, b, 2.0) for m, b in zip(q, sigma, strict=True)]
    )


def visits_and_values(there, paid, pi):
    S = len(paid)
    moves = np.zeros((S, S + 1))
    for k, b in np.ndindex(paid.shape):
        moves[k, there[k, b]] += pi[k, b]
    often = np.linalg.inv(np.eye(S) - moves[:, :S])
    values = np.append(often @ (pi * paid).sum(axis=1), 0.0)
    return often, values, paid + values[there]


def forgetful(q, sigma, sigma_base, s, a):
    changed = sigma.copy()
    changed[s, a] = sigma_base
    return chances(q, changed)


def impact_by_row(there, paid, q, sigma, sigma_base, s, a):
    """By the equation of the chapter, from quantities of the agent before it forgets."""
    pi, new = chances(q, sigma), forgetful(q, sigma, sigma_base, s, a)
    often, _, worth = visits_and_values(there, paid, pi)
    lost = pi[s] - new[s]
    back = np.append(often[:, s], 0.0)[there[s]]
    return often[0, s] / (1 + lost @ back) * (lost @ worth[s])


def impact_by_power_series(there, paid, q, sigma, sigma_base, s, a):
    def worth(pi):
        here, total = np.eye(len(paid) + 1)[0], 0.0
        while here[:-1].sum() > 1e-15:
            total += (here[:-1, None] * pi * paid).sum()
            ahead = np.zeros(len(here))
            np.add.at(ahead, there, here[:-1, None] * pi)
            here = ahead
        return total

    return worth(chances(q, sigma)) - worth(forgetful(q, sigma, sigma_base, s, a))


def impact_at_one_visit(there, paid, q, sigma, sigma_base, s, a):
    pi, new = chances(q, sigma), forgetful(q, sigma, sigma_base, s, a)
    _, _, worth = visits_and_values(there, paid, pi)
    return (pi[s] - new[s]) @ worth[s]


def impact_with_the_old_visits(there, paid, q, sigma, sigma_base, s, a):
    often = visits_and_values(there, paid, chances(q, sigma))[0]
    return often[0, s] * impact_at_one_visit(there, paid, q, sigma, sigma_base, s, a)


def impact_from_there(there, paid, q, sigma, sigma_base, s, a):
    old = visits_and_values(there, paid, chances(q, sigma))[1]
    new = visits_and_values(there, paid, forgetful(q, sigma, sigma_base, s, a))[1]
    return old[s] - new[s]


def impact_by_its_means(there, paid, q, sigma, sigma_base, s, a):
    pi, new = chances(q, sigma), forgetful(q, sigma, sigma_base, s, a)
    often = visits_and_values(there, paid, new)[0]
    return often[0, s] * ((pi[s] - new[s]) @ q[s])


def gain(there, paid, q, sigma, sigma_base, s, a):
    return -impact(there, paid, q, sigma, sigma_base, s, a)


def impact_of_the_state(there, paid, q, sigma, sigma_base, s, a):
    new = sigma.copy()
    new[s] = sigma_base
    return (
        visits_and_values(there, paid, chances(q, sigma))[1][0]
        - visits_and_values(there, paid, chances(q, new))[1][0]
    )


# 6.4: a switch ------------------------------------------------------------------------------------


def rooms(rng):
    made = []
    for n, gates in ((1, 2), (3, 2), (6, 3)):
        chance = rng.dirichlet(np.ones(n + gates), size=n)
        made.append((chance[:, :n], chance[:, n:], int(rng.integers(n))))
    return made


def first_gate(inside, out, start):
    """Through which gate an agent leaves a set of cells.

    inside : (n, n) probability of each move from cell to cell
    out : (n, g) probability of each move from a cell into a gate; the rows of inside and
        out together sum to one
    start : the cell in which it begins

    Returns the probability of each gate to be the one that is reached first, shape (g,).
    """
    return np.linalg.solve(np.eye(len(inside)) - inside, out)[start]


def first_gate_by_walking(inside, out, start):
    here, left = np.eye(len(inside))[start], np.zeros(out.shape[1])
    while here.sum() > 1e-15:
        left, here = left + here @ out, here @ inside
    return left


def first_gate_by_visits(inside, out, start):
    visits = np.linalg.inv(np.eye(len(inside)) - inside)[start]
    return (visits[:, None] * out).sum(axis=0)


def gate_in_one_move(inside, out, start):
    return out[start] / out[start].sum() if out[start].sum() else out[start]


def gate_by_columns(inside, out, start):
    return np.linalg.solve(np.eye(len(inside)) - inside.T, out)[start]


def gate_at_the_next_move(inside, out, start):
    return out[start] + inside[start] @ out


def gate_from_anywhere(inside, out, start):
    return np.linalg.solve(np.eye(len(inside)) - inside, out).mean(axis=0)


def gate_while_walking_long(inside, out, start):
    here, left = np.eye(len(inside))[start], np.zeros(out.shape[1])
    for _ in range(4):
        left, here = left + here @ out, here @ inside
    return left


# 6.7 ----------------------------------------------------------------------------------------------


def slight(rng):
    return [
        (float(rng.uniform(0.2, 3)), rng.normal(0, 3, A), rng.normal(0, 0.2, A)) for A in (2, 3, 4)
    ]


def slope_of_impact(visits, action_values, derivatives):
    """The impact of a memory per unit of blur, if it is forgotten only slightly.

    visits : how often an episode visits the state
    action_values : (A,) expected return after each action there
    derivatives : (A,) of the choice probabilities in the sigma of the memory

    Returns the limit of the impact divided by the growth of sigma.
    """
    return -visits * np.dot(action_values, derivatives)


def slope_in_loops(visits, action_values, derivatives):
    return sum(-visits * x * d for x, d in zip(action_values, derivatives, strict=True))


def slope_by_einsum(visits, action_values, derivatives):
    return float(np.einsum("a,a->", -derivatives, action_values)) * visits


def slope_of_return(visits, action_values, derivatives):
    return visits * np.dot(action_values, derivatives)


def slope_without_visits(visits, action_values, derivatives):
    return -np.dot(action_values, derivatives)


def slope_of_the_best(visits, action_values, derivatives):
    return -visits * action_values.max() * derivatives[action_values.argmax()]


def slope_averaged(visits, action_values, derivatives):
    return -visits * np.mean(action_values * derivatives)


EXERCISES = {
    "6.1": Value(
        bumps,
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
        nats_of_a_way,
        wrong=(
            Wrong(
                lambda: [math.log(10), 17 * math.log(10), 1.7 * math.log(10)],
                "leaves out the terms that are small in sigma",
                "The minus one half of the price never goes away.",
            ),
            Wrong(
                lambda: [x / math.log(2) for x in nats_of_a_way()],
                "counts in bits",
                "Bits. The price of the paper is for nats.",
            ),
            Wrong(
                lambda: [nats_of_a_way()[0], nats_of_a_way()[1], nats_of_a_way()[1]],
                "gives nats where reward is asked for",
                "The nats are right. What do they cost, in reward?",
            ),
        ),
    ),
    "6.3": Function(
        impact,
        mazes,
        right=(impact_by_row, impact_by_power_series),
        near=(impact_with_the_old_visits,),
        rtol=1e-5,
        atol=1e-8,
        wrong=(
            Wrong(
                impact_at_one_visit,
                "is forgetful at one visit only",
                "That is what one forgetful visit costs. The memory stays forgotten at all later "
                "visits of the episode.",
            ),
            Wrong(
                impact_from_there,
                "starts in the state of the memory",
                "You compare values of the state itself. An episode begins in state 0, and may "
                "come by often, or never.",
            ),
            Wrong(
                impact_by_its_means,
                "believes the agent's own means",
                "What the agent believes about its actions is not what they earn: evaluate the "
                "policy.",
            ),
            Wrong(
                gain,
                "gives what would be gained",
                "Right size, wrong sign: impact is a loss, with minus without.",
            ),
            Wrong(
                impact_of_the_state,
                "forgets all memories of the state",
                "You forget the whole row. One memory is to be forgotten.",
            ),
        ),
    ),
    "6.4": Function(
        first_gate,
        rooms,
        right=(first_gate_by_walking, first_gate_by_visits),
        near=(gate_while_walking_long,),
        wrong=(
            Wrong(
                gate_in_one_move,
                "looks at the first move only",
                "Those are the odds of leaving at once. Before it leaves, an agent may walk about.",
            ),
            Wrong(
                gate_by_columns,
                "turns the matrix of moves around",
                "Your sum runs over the cells that lead here. It must run over where a move leads.",
            ),
            Wrong(
                gate_at_the_next_move,
                "stops after two moves",
                "Two terms of the series are there. It goes on.",
            ),
            Wrong(
                gate_from_anywhere,
                "averages over the places to begin",
                "The episode begins in one cell, not in any.",
            ),
        ),
    ),
    "6.5": Open(
        (
            "Keeps the means and sets all sigma to 3; ten mice, 1000 trials.",
            "Gives both shares, as good and back, with what the stored study says.",
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
        slope_of_impact,
        slight,
        right=(slope_in_loops, slope_by_einsum),
        near=(slope_averaged,),
        wrong=(
            Wrong(
                slope_of_return,
                "gives the slope of the return",
                "Right size, wrong sign: impact is what is lost.",
            ),
            Wrong(
                slope_without_visits,
                "forgets the visits",
                "That is for one visit. The denominator of the visits tends to one; the visits "
                "themselves stay.",
            ),
            Wrong(
                slope_of_the_best,
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
