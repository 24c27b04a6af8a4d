"""Other answers to the exercises of chapter 6: right ones, wrong ones and near misses."""

import numpy as np

import dra
from dra_exercises.chapter_06.solutions import impact

# 6.3: impact


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


def impact_two_percent(there, paid, q, sigma, sigma_base, s, a):
    return 1.02 * impact(there, paid, q, sigma, sigma_base, s, a)


def impact_discounted(there, paid, q, sigma, sigma_base, s, a):
    def worth(pi):
        moves = np.zeros((len(paid), len(paid) + 1))
        np.add.at(moves, (np.arange(len(paid))[:, None], there), pi)
        earned = (pi * paid).sum(axis=1)
        return np.linalg.solve(np.eye(len(paid)) - 0.9 * moves[:, :-1], earned)[0]

    return worth(chances(q, sigma)) - worth(forgetful(q, sigma, sigma_base, s, a))


def impact_of_nothing(there, paid, q, sigma, sigma_base, s, a):
    return 0.0


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


# 6.4: which way


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


def gate_with_the_wrong_sign(inside, out, start):
    return np.linalg.solve(np.eye(len(inside)) + inside, out)[start]


def gate_from_anywhere(inside, out, start):
    return np.linalg.solve(np.eye(len(inside)) - inside, out).mean(axis=0)


def gate_while_walking_long(inside, out, start):
    here, left = np.eye(len(inside))[start], np.zeros(out.shape[1])
    for _ in range(4):
        left, here = left + here @ out, here @ inside
    return left


# 6.7: from impact to gradient


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
