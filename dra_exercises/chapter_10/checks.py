"""Chapter 10, the best possible allocation: the exact gradient, and means that are tied."""

import numpy as np

import dra
from dra_exercises.spec import Function, Open, Value, Wrong

# 10.1 ---------------------------------------------------------------------------------------------

MOVES = np.array([[0.5, 0.5], [0.25, 0.5]])  # to state 1 and 2; the rest ends
PAID = np.array([-1.0, -2.0])


def return_of_two_states():
    return float(np.linalg.solve(np.eye(2) - MOVES, PAID)[0])


# 10.3 ---------------------------------------------------------------------------------------------


def tables(rng, same_state=True):
    """Small tasks with a policy and its derivatives; every move may end the episode."""
    made = []
    for S, A in ((1, 2), (2, 2), (4, 3)):
        transition = rng.dirichlet(np.ones(S + 1), size=(S, A))[:, :, :S]
        q, sigma = rng.normal(size=(S, A)), rng.uniform(0.5, 2, (S, A))
        found = [dra.policy.choice_probability_derivatives(q[s], sigma[s], 2.0) for s in range(S)]
        policy, slopes = np.array([f[0] for f in found]), np.array([f[2] for f in found])
        start = rng.dirichlet(np.ones(S))
        reward = rng.normal(0, 2, (S, A))
        made.append((transition, reward, start, policy, slopes, float(rng.uniform(0.5, 1))))
    return made


def parts(transition, reward, start, policy, gamma):
    """Visits, shape (S,), and action-values, shape (S, A), of a policy."""
    moves = np.einsum("sa,sak->sk", policy, transition)
    values = np.linalg.solve(np.eye(len(start)) - gamma * moves, (policy * reward).sum(axis=1))
    visits = np.linalg.solve(np.eye(len(start)) - gamma * moves.T, start)
    return visits, reward + gamma * transition @ values


def exact_gradient(transition, reward, start, policy, slopes, gamma):
    """The derivative of the expected discounted return in every sigma.

    transition : (S, A, S) probability of each next state; what is missing to 1 ends the episode
    reward : (S, A) expected reward
    start : (S,) probability of each state to be the first
    policy : (S, A) probability of each choice
    slopes : (S, A, A); slopes[s, a, b] is the derivative of policy[s, a] in sigma[s, b]
    gamma : discount

    Returns the gradient, shape (S, A): its entry [s, b] belongs to sigma[s, b].
    """
    S = len(start)
    moves = np.einsum("sa,sak->sk", policy, transition)
    values = np.linalg.solve(np.eye(S) - gamma * moves, (policy * reward).sum(axis=1))
    visits = np.linalg.solve(np.eye(S) - gamma * moves.T, start)
    action_values = reward + gamma * transition @ values
    return visits[:, None] * np.einsum("sa,sab->sb", action_values, slopes)


def gradient_in_loops(transition, reward, start, policy, slopes, gamma):
    visits, q = parts(transition, reward, start, policy, gamma)
    S, A = policy.shape
    made = np.zeros((S, A))
    for s in range(S):
        for b in range(A):
            made[s, b] = visits[s] * sum(q[s, a] * slopes[s, a, b] for a in range(A))
    return made


def gradient_by_differences(transition, reward, start, policy, slopes, gamma):
    def worth(changed):
        visits, _ = parts(transition, reward, start, changed, gamma)
        return visits @ (changed * reward).sum(axis=1)

    made, h = np.zeros(policy.shape), 1e-5
    for s, b in np.ndindex(policy.shape):
        step = np.zeros(policy.shape)
        step[s] = h * slopes[s, :, b]
        made[s, b] = (worth(policy + step) - worth(policy - step)) / (2 * h)
    return made


def gradient_without_visits(transition, reward, start, policy, slopes, gamma):
    _, q = parts(transition, reward, start, policy, gamma)
    return np.einsum("sa,sab->sb", q, slopes)


def gradient_of_the_next_reward(transition, reward, start, policy, slopes, gamma):
    visits, _ = parts(transition, reward, start, policy, gamma)
    return visits[:, None] * np.einsum("sa,sab->sb", reward, slopes)


def gradient_with_undiscounted_visits(transition, reward, start, policy, slopes, gamma):
    _, q = parts(transition, reward, start, policy, gamma)
    visits, _ = parts(transition, reward, start, policy, 1.0)
    return visits[:, None] * np.einsum("sa,sab->sb", q, slopes)


def gradient_of_the_other_index(transition, reward, start, policy, slopes, gamma):
    visits, q = parts(transition, reward, start, policy, gamma)
    return visits[:, None] * np.einsum("sa,sba->sb", q, slopes)


def gradient_with_weighted_values(transition, reward, start, policy, slopes, gamma):
    visits, q = parts(transition, reward, start, policy, gamma)
    return visits[:, None] * np.einsum("sa,sab->sb", policy * q, slopes)


def gradient_of_the_start(transition, reward, start, policy, slopes, gamma):
    _, q = parts(transition, reward, start, policy, gamma)
    return start[:, None] * np.einsum("sa,sab->sb", q, slopes)


# 10.4 ---------------------------------------------------------------------------------------------


def houses(rng):
    made = []
    for S, A in ((1, 2), (2, 2), (3, 3)):
        transition = rng.dirichlet(np.ones(S + 1), size=(S, A))[:, :, :S]
        reward, sigma = rng.normal(0, 1, (S, A)), rng.uniform(0.5, 2, (S, A))
        made.append((transition, reward, sigma, float(rng.uniform(0.5, 2)), 0.7))
    return made


def tied(transition, reward, sigma, beta, gamma_q):
    """The means that are true for the agent that holds them.

    transition : (S, A, S) probability of each next state; what is missing to 1 ends the episode
    reward : (S, A) expected reward
    sigma : (S, A) blur of the memories [reward]
    beta : inverse temperature [1 / reward]
    gamma_q : discount of the means, below 1

    Returns q, shape (S, A), to eight decimals: the action-values, discounted by gamma_q, of the
    agent that remembers N(q, sigma**2). `dra.policy.choice_probabilities(q[s], sigma[s], beta)`
    says how it chooses in state s.
    """
    q = np.zeros(reward.shape)
    for _ in range(500):
        policy = [
            dra.policy.choice_probabilities(row, blur, beta)
            for row, blur in zip(q, sigma, strict=True)
        ]
        new = reward + gamma_q * transition @ (np.array(policy) * q).sum(axis=1)
        if np.abs(new - q).max() < 1e-11:
            return new
        q = new
    return q


def chosen(q, sigma, beta):
    pairs = zip(q, sigma, strict=True)
    return np.array([dra.policy.choice_probabilities(m, blur, beta) for m, blur in pairs])


def tied_by_evaluation(transition, reward, sigma, beta, gamma_q):
    q = np.zeros(reward.shape)
    for _ in range(200):  # evaluate the whole policy, then look at the choices again
        old, policy = q, chosen(q, sigma, beta)
        moves = np.einsum("sa,sak->sk", policy, transition)
        paid = (policy * reward).sum(axis=1)
        values = np.linalg.solve(np.eye(len(paid)) - gamma_q * moves, paid)
        q = 0.5 * old + 0.5 * (reward + gamma_q * transition @ values)
        if np.abs(q - old).max() < 1e-12:
            break
    return q


def tied_state_by_state(transition, reward, sigma, beta, gamma_q):
    q = np.array(reward)
    for _ in range(200):
        for s in range(len(q)):
            value = (chosen(q, sigma, beta) * q).sum(axis=1)
            q[s] = reward[s] + gamma_q * transition[s] @ value
        if np.abs(q - reward - gamma_q * transition @ (chosen(q, sigma, beta) * q).sum(1)).max() < (
            1e-12
        ):
            break
    return q


def iterated(transition, reward, gamma_q, value, rounds=70):
    q = np.zeros(reward.shape)
    for _ in range(rounds):
        q = reward + gamma_q * transition @ value(q)
    return q


def values_of_the_best(transition, reward, sigma, beta, gamma_q):
    return iterated(transition, reward, gamma_q, lambda q: q.max(axis=1))


def values_without_blur(transition, reward, sigma, beta, gamma_q):
    def value(q):
        return (dra.policy.softmax(q, beta) * q).sum(axis=1)

    return iterated(transition, reward, gamma_q, value)


def values_of_blind_choices(transition, reward, sigma, beta, gamma_q):
    return iterated(transition, reward, gamma_q, lambda q: q.mean(axis=1))


def values_after_one_look(transition, reward, sigma, beta, gamma_q):
    policy = chosen(iterated(transition, reward, gamma_q, lambda q: q.max(axis=1)), sigma, beta)
    return iterated(transition, reward, gamma_q, lambda q: (policy * q).sum(axis=1))


def values_in_a_hurry(transition, reward, sigma, beta, gamma_q):
    def value(q):
        return (chosen(q, sigma, beta) * q).sum(axis=1)

    return iterated(transition, reward, gamma_q, value, rounds=8)


# 10.8 ---------------------------------------------------------------------------------------------


def chances(rng):
    return [(float(P), float(g)) for P, g in rng.uniform(0.05, 0.95, (5, 2))]


def difference(P, gamma_q):
    """The difference of the two tied means, of the action that ends and of the one that comes back.

    P : probability of the action that ends
    gamma_q : discount of the means

    Returns q_1 - q_2 [reward].
    """
    return 1 - gamma_q * P / (1 - gamma_q * (1 - P))


def difference_in_one_fraction(P, gamma_q):
    return (1 - gamma_q) / (1 - gamma_q + gamma_q * P)


def difference_by_sum(P, gamma_q):
    terms = ((1 - P) ** k * gamma_q ** (k + 1) for k in range(2000))
    return 1 - P * sum(terms)


def difference_of_the_best(P, gamma_q):
    return 1 - gamma_q


def difference_without_return(P, gamma_q):
    return 1 - gamma_q * P


def difference_undiscounted_ahead(P, gamma_q):
    return 1 - P / (1 - gamma_q * (1 - P))


def difference_with_swapped_chances(P, gamma_q):
    return 1 - gamma_q * (1 - P) / (1 - gamma_q * P)


EXERCISES = {
    "10.1": Value(
        return_of_two_states,
        unit="reward",
        wrong=(
            Wrong(
                lambda: float(np.linalg.solve(np.eye(2) - MOVES.T, PAID)[0]),
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
                lambda: float(np.linalg.solve(np.eye(2) - MOVES, PAID)[1]),
                "starts in the other state",
                "That is the return from the second state. Where does the episode begin?",
            ),
        ),
    ),
    "10.2": Open(
        (
            "A prediction is written down before the numbers are computed.",
            "Doubling can win at most what mistakes cost now; halving can lose far more.",
            "The control separates blur from temperature and names the blur.",
        )
    ),
    "10.3": Function(
        exact_gradient,
        tables,
        right=(gradient_in_loops, gradient_by_differences),
        near=(gradient_of_the_start,),
        rtol=1e-5,
        atol=1e-7,
        wrong=(
            Wrong(
                gradient_without_visits,
                "forgets the visits",
                "Each row has the right direction. Its size is missing: how often does an episode "
                "use the memories of that state?",
            ),
            Wrong(
                gradient_of_the_next_reward,
                "credits a choice with its own reward only",
                "The credit of a choice is all that follows it, its action-value. Yours knows the "
                "next reward only.",
            ),
            Wrong(
                gradient_with_undiscounted_visits,
                "does not discount the visits",
                "Right values, but visits that count late moves in full. The objective discounts "
                "them: both linear systems have the factor gamma.",
            ),
            Wrong(
                gradient_of_the_other_index,
                "sums over the wrong index of the derivatives",
                "The derivatives are read the other way round: sum over the choice whose "
                "probability changes, not over the memory that causes it.",
            ),
            Wrong(
                gradient_with_weighted_values,
                "weights by the policy a second time",
                "Each action-value is multiplied by the probability of its choice. The derivative "
                "of a probability stands in its place already.",
            ),
        ),
    ),
    "10.4": Function(
        tied,
        houses,
        right=(tied_by_evaluation, tied_state_by_state),
        near=(values_in_a_hurry,),
        atol=1e-7,
        wrong=(
            Wrong(
                values_of_the_best,
                "ties the means to the best policy",
                "These are the values of an agent that always chooses best. The means shall be "
                "true for the agent that holds them, mistakes included.",
            ),
            Wrong(
                values_without_blur,
                "leaves out the blur",
                "These are true for sharp memories with the same softmax. The agent draws from "
                "N(q, sigma^2) before it chooses.",
            ),
            Wrong(
                values_of_blind_choices,
                "averages over choices as if they were made blindly",
                "Weight the means of the next state by how likely each choice is, not equally.",
            ),
            Wrong(
                values_after_one_look,
                "evaluates a fixed policy",
                "You evaluated the policy of other means. When the means change, so do the "
                "choices: repeat until both agree.",
            ),
        ),
    ),
    "10.5": Open(
        (
            "The memory for 3 nats is compared at its own multiplier, started from itself.",
            "The multiplier is read as the worth of another nat.",
        )
    ),
    "10.6": Open(
        (
            "A prediction is written down first.",
            "The frozen agents are compared with twins that go on learning.",
            "The gain is called a windfall because it vanishes with tied means.",
        )
    ),
    "10.7": Open(
        (
            "Names at least the noise, the critic, the start and the discount as causes.",
            "Says for each what is switched off, and what would be seen if it were the cause.",
            "The discount in the credit is found to explain most of what is left.",
        )
    ),
    "10.8": Function(
        difference,
        chances,
        formula=True,
        right=(difference_in_one_fraction, difference_by_sum),
        near=(difference_undiscounted_ahead,),
        wrong=(
            Wrong(
                difference_of_the_best,
                "lets the agent choose right next time",
                "That is the case P = 1. An agent that comes back may err again.",
            ),
            Wrong(
                difference_without_return,
                "stops after one return",
                "After a second mistake the agent comes back once more: v appears on both sides.",
            ),
            Wrong(
                difference_with_swapped_chances,
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
