"""Chapter 5, the allocator: Algorithm 1 whole, and the target it learns from."""

import math

import numpy as np

from dra_exercises.spec import Function, Open, Value, Wrong

# 5.3: the target ----------------------------------------------------------------------------------


def targets(rng):
    made = []
    for A in (1, 2, 3, 4, 4, 5):
        for ended in (False, True):
            made.append(
                (
                    float(rng.normal()),
                    ended,
                    rng.normal(0, 2, A),
                    rng.uniform(0.2, 3, A),
                    rng.standard_normal(A),
                    float(rng.uniform(0.5, 10)),
                    float(rng.uniform(0.5, 0.95)),
                )
            )
    return made


def target(reward, ended, q, sigma, zeta, beta, gamma_q):
    """The target of Expected Sarsa with a fresh recall.

    reward : of the move
    ended : whether the episode ended with it
    q, sigma : (A,) means and blur of the memories in the next state
    zeta : (A,) standard normal noise of a fresh recall there
    beta : inverse temperature
    gamma_q : discount of the means

    Returns the number that the mean of the move just made is pulled towards.
    """
    if ended:
        return reward
    x = beta * (q + sigma * zeta)
    weight = np.exp(x - x.max())
    return reward + gamma_q * (weight @ q) / weight.sum()


def target_in_loops(reward, ended, q, sigma, zeta, beta, gamma_q):
    weight = [math.exp(beta * (m - q[0] + s * z)) for m, s, z in zip(q, sigma, zeta, strict=True)]
    value = sum(w * m for w, m in zip(weight, q, strict=True)) / sum(weight)
    return reward + (0 if ended else gamma_q * value)


def target_by_logarithms(reward, ended, q, sigma, zeta, beta, gamma_q):
    x = beta * (q + sigma * zeta)
    return reward + (not ended) * gamma_q * float(np.exp(x - np.logaddexp.reduce(x)) @ q)


def value_of(policy_draws, value_draws, beta):
    x = beta * (policy_draws - policy_draws.max())
    return float(np.exp(x) @ value_draws / np.exp(x).sum())


def target_beyond_the_end(reward, ended, q, sigma, zeta, beta, gamma_q):
    return reward + gamma_q * value_of(q + sigma * zeta, q, beta)


def target_of_draws(reward, ended, q, sigma, zeta, beta, gamma_q):
    draws = q + sigma * zeta
    return reward + (not ended) * gamma_q * value_of(draws, draws, beta)


def target_of_the_best(reward, ended, q, sigma, zeta, beta, gamma_q):
    return reward + (not ended) * gamma_q * q.max()


def target_without_recall(reward, ended, q, sigma, zeta, beta, gamma_q):
    return reward + (not ended) * gamma_q * value_of(q, q, beta)


def target_of_the_greedy_draw(reward, ended, q, sigma, zeta, beta, gamma_q):
    return reward + (not ended) * gamma_q * q[(q + sigma * zeta).argmax()]


def target_undiscounted(reward, ended, q, sigma, zeta, beta, gamma_q):
    return target(reward, ended, q, sigma, zeta, beta, 1.0)


def target_at_another_temperature(reward, ended, q, sigma, zeta, beta, gamma_q):
    return target(reward, ended, q, sigma, zeta, 1.02 * beta, gamma_q)


# 5.4: Algorithm 1 ---------------------------------------------------------------------------------


def corridors(rng):
    """Corridors of two to four cells: action 0 goes on, action 1 back; the last cell is the end."""
    made = []
    sizes = ((2, 8, 6.0, 0.1), (3, 6, 6.0, 0.1), (3, 10, 3.1, 1.0), (4, 6, 3.05, 1.0))
    for n, trials, high, rate in sizes:
        there = np.stack([np.arange(1, n + 1), np.maximum(np.arange(n) - 1, 0)], axis=1)
        paid = np.where(there == n, 10.0, -1.0) + rng.normal(0, 0.1, (n, 2))
        p = {"trials": trials, "trajectories": 3, "step_limit": 40, "beta": 0.5, "gamma_q": 0.9}
        p |= {"rate_q": 0.2, "rate_sigma": rate, "price": 0.3, "sigma_base": 5.0}
        p |= {"sigma_init": 3.0, "low": 0.5, "high": high}
        made.append((there, paid, p, np.random.default_rng(rng.integers(2**32))))
    return made


def allocator(there, paid, p, rng):
    """Algorithm 1 on a small task without chance.

    there : (S, A) int, the state after each action; S, one more than the last row, is the end
    paid : (S, A) reward of each action
    p : dict of the parameters: trials, trajectories (of an estimate), step_limit (of an episode),
        beta, gamma_q, rate_q, rate_sigma, price, sigma_base, sigma_init, low and high
        (the bounds of sigma)
    rng : numpy.random.Generator

    Episodes begin in state 0. Means begin at 0, sigma at sigma_init. The credit is the
    advantage, the mean of the action taken minus the plain mean over actions; nothing
    is discounted but the means.

    The order of the draws: a recall draws `rng.standard_normal(A)`; the choice then
    draws one `rng.random()` and takes the first action whose cumulative probability
    exceeds it; in learning, the fresh recall at the next state follows (none at the
    end).

    Returns an array of shape (2, S, A): the means and the sigma after the last trial.
    """
    q, sigma = np.zeros(paid.shape), np.full(paid.shape, p["sigma_init"])
    n_states, n_actions = paid.shape

    def recall(s):
        zeta = rng.standard_normal(n_actions)
        x = p["beta"] * (q[s] + sigma[s] * zeta)
        weight = np.exp(x - x.max())
        return zeta, weight / weight.sum()

    def choose(pi):
        return min(int((rng.random() >= pi.cumsum()).sum()), n_actions - 1)

    def episode(gradient=None):
        s = 0
        for _ in range(p["step_limit"]):
            zeta, pi = recall(s)
            a = choose(pi)
            after = there[s, a]
            if gradient is None:  # learn
                value = recall(after)[1] @ q[after] if after < n_states else 0.0
                q[s, a] += p["rate_q"] * (paid[s, a] + p["gamma_q"] * value - q[s, a])
            else:  # add up credit times score
                hit = np.arange(n_actions) == a
                gradient[s] += (q[s, a] - q[s].mean()) * p["beta"] * zeta * (hit - pi)
            if after == n_states:
                return
            s = after

    for _ in range(p["trials"]):
        episode()
        g = np.zeros(paid.shape)
        for _ in range(p["trajectories"]):
            episode(g)
        slope = sigma / p["sigma_base"] ** 2 - 1 / sigma
        sigma += p["rate_sigma"] * (g / p["trajectories"] - p["price"] * slope)
        sigma[:] = np.clip(sigma, p["low"], p["high"])
    return np.array([q, sigma])


class Walker:
    """Algorithm 1 with switches, one for each thing that can go wrong."""

    def __init__(self, there, paid, p, rng, **twist):
        self.there, self.paid, self.p, self.rng, self.twist = there, paid, p, rng, twist
        self.q = [[0.0] * paid.shape[1] for _ in paid]
        self.sigma = [[p["sigma_init"]] * paid.shape[1] for _ in paid]

    def recall(self, s):
        zeta = [self.rng.standard_normal() for _ in self.q[s]]
        rows = zip(self.q[s], self.sigma[s], zeta, strict=True)
        x = [self.p["beta"] * (m + b * z) for m, b, z in rows]
        weight = [math.exp(value - max(x)) for value in x]
        return zeta, [w / sum(weight) for w in weight]

    def choose(self, pi):
        threshold, cumulative = self.rng.random(), 0.0
        for a, chance in enumerate(pi):
            cumulative += chance
            if threshold < cumulative:
                return a
        return len(pi) - 1

    def learn(self, s, a, after, pi):
        value = 0.0
        if after < len(self.q):
            ahead = pi if self.twist.get("reuse") else self.recall(after)[1]
            value = sum(c * m for c, m in zip(ahead, self.q[after], strict=True))
            if self.twist.get("greedy"):
                value = max(self.q[after])
        target = self.paid[s, a] + self.p["gamma_q"] * value
        self.q[s][a] += self.p["rate_q"] * (target - self.q[s][a])

    def score(self, s, a, zeta, pi, gradient):
        centre = 0.0 if self.twist.get("credit") else sum(self.q[s]) / len(self.q[s])
        credit = self.q[s][a] - centre
        for b, z in enumerate(zeta):
            gradient[s][b] += credit * self.p["beta"] * z * ((a == b) - pi[b])

    def episode(self, gradient):
        s = 0
        for _ in range(self.p["step_limit"]):
            zeta, pi = self.recall(s)
            a = self.choose(pi)
            after = int(self.there[s, a])
            if gradient is not None:
                self.score(s, a, zeta, pi, gradient)
            if gradient is None or self.twist.get("always"):
                self.learn(s, a, after, pi)
            if after == len(self.q):
                return
            s = after

    def allocate(self):
        gradient = [[0.0] * len(row) for row in self.q]
        for _ in range(self.p["trajectories"]):
            self.episode(gradient)
        n = 1 if self.twist.get("sum") else self.p["trajectories"]
        price = self.p["price"] * (-1 if self.twist.get("sign") else 1)
        for s, row in enumerate(self.sigma):
            for b, x in enumerate(row):
                slope = x / self.p["sigma_base"] ** 2 - 1 / x
                x += self.p["rate_sigma"] * (gradient[s][b] / n - price * slope)
                low, high = self.p["low"], self.p["high"]
                row[b] = max(x, 0.01) if self.twist.get("free") else min(max(x, low), high)

    def run(self):
        for _ in range(self.p["trials"]):
            if self.twist.get("first"):
                self.allocate()
            self.episode(None)
            if not self.twist.get("first"):
                self.allocate()
        return np.array([self.q, self.sigma])


def allocator_of_lists(there, paid, p, rng):
    return Walker(there, paid, p, rng).run()


def allocator_in_one_function(there, paid, p, rng):
    S, A = paid.shape
    memory = np.array([np.zeros((S, A)), np.full((S, A), p["sigma_init"])])
    g = np.zeros((S, A))
    for walk in range(p["trials"] * (p["trajectories"] + 1)):
        s, learning = 0, walk % (p["trajectories"] + 1) == 0
        g = np.zeros((S, A)) if learning else g
        for _ in range(p["step_limit"]):
            zeta = rng.standard_normal(A)
            x = np.exp(p["beta"] * (memory[0, s] - memory[0, s].max() + memory[1, s] * zeta))
            pi = x / x.sum()
            a = min(int(np.searchsorted(pi.cumsum(), rng.random(), side="right")), A - 1)
            k = there[s, a]
            if learning:
                error = paid[s, a] - memory[0, s, a]
                if k < S:
                    x = p["beta"] * (memory[0, k] + memory[1, k] * rng.standard_normal(A))
                    x = np.exp(x - np.logaddexp.reduce(x))
                    error += p["gamma_q"] * (x * memory[0, k]).sum()
                memory[0, s, a] += p["rate_q"] * error
            else:
                psi = memory[0, s, a] - memory[0, s].mean()
                g[s] -= psi * p["beta"] * zeta * pi
                g[s, a] += psi * p["beta"] * zeta[a]
            if k == S:
                break
            s = k
        if walk % (p["trajectories"] + 1) == p["trajectories"]:
            slope = memory[1] / p["sigma_base"] ** 2 - 1 / memory[1]
            step = p["rate_sigma"] * (g / p["trajectories"] - p["price"] * slope)
            memory[1] = np.minimum(np.maximum(memory[1] + step, p["low"]), p["high"])
    return memory


def twisted(name):
    """Return Algorithm 1 with one thing wrong."""

    def wrong(there, paid, p, rng):
        return Walker(there, paid, p, rng, **{name: True}).run()

    wrong.__name__ = f"allocator_{name}"
    return wrong


def allocator_with_a_slow_start(there, paid, p, rng):
    return allocator(there, paid, p | {"rate_q": 0.98 * p["rate_q"]}, rng)


# 5.7 ----------------------------------------------------------------------------------------------


def recalls(rng):
    made = []
    for A in (1, 2, 4):
        spread = rng.uniform(0.01, 0.25, A)
        made.append((float(rng.uniform(0.5, 1)), float(rng.uniform(1, 10)), rng.uniform(0.2, 3, A)))
        made[-1] += (spread,)
    return made


def target_excess(gamma_q, beta, sigma, spread):
    """By how much a target that averages draws is too high.

    gamma_q : discount of the means
    beta : inverse temperature
    sigma : (A,) blur in the next state
    spread : (A,) mean of pi (1 - pi) over the noise, action by action

    Returns the excess [reward].
    """
    return gamma_q * beta * np.sum(sigma**2 * spread)


def excess_in_loops(gamma_q, beta, sigma, spread):
    return gamma_q * sum(beta * s * s * v for s, v in zip(sigma, spread, strict=True))


def excess_by_products(gamma_q, beta, sigma, spread):
    return float(np.dot(sigma, sigma * spread)) * beta * gamma_q


def excess_linear(gamma_q, beta, sigma, spread):
    return gamma_q * beta * np.sum(sigma * spread)


def excess_without_beta(gamma_q, beta, sigma, spread):
    return gamma_q * np.sum(sigma**2 * spread)


def excess_averaged(gamma_q, beta, sigma, spread):
    return gamma_q * beta * np.mean(sigma**2 * spread) * (1 + 1e-3 * (len(sigma) == 1))


def shortfall(gamma_q, beta, sigma, spread):
    return -target_excess(gamma_q, beta, sigma, spread)


def excess_undiscounted(gamma_q, beta, sigma, spread):
    return beta * np.sum(sigma**2 * spread)


EXERCISES = {
    "5.1": Value(
        lambda: [11 * 18, 31 * 18],
        unit="moves",
        rtol=0.05,
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
        target,
        targets,
        right=(target_in_loops, target_by_logarithms),
        near=(target_at_another_temperature,),
        wrong=(
            Wrong(
                target_beyond_the_end,
                "looks beyond the end",
                "Right while the episode goes on. After its end there is nothing to come.",
            ),
            Wrong(
                target_of_draws,
                "averages the draws instead of the means",
                "The weights are right. They average the draws: on average that is too high. The "
                "means are to be averaged.",
            ),
            Wrong(
                target_of_the_best,
                "learns as if the best action followed",
                "That is Q-learning. This agent will not always choose its best action.",
            ),
            Wrong(
                target_without_recall,
                "forgets the noise of the recall",
                "Your weights are a softmax of the means. The agent chooses by draws.",
            ),
            Wrong(
                target_of_the_greedy_draw,
                "takes the largest draw",
                "You take the mean of the action with the largest draw. A softmax weights all.",
            ),
            Wrong(
                target_undiscounted,
                "forgets the discount",
                "What follows is multiplied by gamma_q.",
            ),
        ),
    ),
    "5.4": Function(
        allocator,
        corridors,
        right=(allocator_of_lists, allocator_in_one_function),
        near=(allocator_with_a_slow_start,),
        seconds=20.0,
        wrong=(
            Wrong(
                twisted("reuse"),
                "uses the draw that chose again for the target",
                "The target needs a fresh recall at the next state. You used the weights of the "
                "draw that made the choice.",
            ),
            Wrong(
                twisted("greedy"),
                "learns from the best next action",
                "Your means learn from the maximum of the next state. The target averages over the "
                "policy of one fresh recall.",
            ),
            Wrong(
                twisted("sum"),
                "adds the trajectories up without dividing",
                "Your steps of sigma are too long by the number of trajectories: g is a mean.",
            ),
            Wrong(
                twisted("sign"),
                "ascends the cost",
                "Right size, wrong sign: did you ascend the cost? The price pulls towards more "
                "blur.",
            ),
            Wrong(
                twisted("first"),
                "allocates before it learns",
                "In your first trial sigma moves before anything is learned. Learning comes first.",
            ),
            Wrong(
                twisted("always"),
                "learns during the trajectories too",
                "Your means move while the gradient is estimated. Trajectories only read.",
            ),
            Wrong(
                twisted("credit"),
                "credits the bare value",
                "The credit is the mean of the action taken. The advantage is asked for: subtract "
                "the plain mean over actions.",
            ),
            Wrong(
                twisted("free"),
                "forgets the bounds",
                "Right until a sigma reaches one of its bounds, low and high.",
            ),
        ),
    ),
    "5.5": Open(
        (
            "A prediction of both numbers is written down first.",
            "Separates the price of what was bought before from what changes in walking.",
            "Names the control that restores the time constant, and what it says.",
        )
    ),
    "5.6": Open(
        (
            "Compares at equal numbers of moves, not of trials.",
            "Finds that both step sizes must shrink, and what that costs at the beginning.",
        )
    ),
    "5.7": Function(
        target_excess,
        recalls,
        right=(excess_in_loops, excess_by_products),
        near=(excess_undiscounted,),
        wrong=(
            Wrong(
                excess_linear,
                "loses one of two factors of sigma",
                "Sigma enters twice: as the size of the noise, and through how strongly the noise "
                "moves the softmax.",
            ),
            Wrong(
                excess_without_beta,
                "loses beta in the derivative of the softmax",
                "The softmax is one of beta times the draws. Its derivative has a factor beta.",
            ),
            Wrong(
                excess_averaged,
                "averages over actions",
                "Each action's term is weighted by its own probability already: add them up.",
            ),
            Wrong(
                shortfall,
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
