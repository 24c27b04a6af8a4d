"""Other answers to the exercises of chapter 5: right ones, wrong ones and near misses."""

import math

import numpy as np

from dra_exercises.chapter_05.solutions import allocator, target, target_excess

# 5.3: the target


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


def target_of_all_alike(reward, ended, q, sigma, zeta, beta, gamma_q):
    return reward + (not ended) * gamma_q * q.mean()


def target_with_the_reward_discounted(reward, ended, q, sigma, zeta, beta, gamma_q):
    return gamma_q * target(reward, ended, q, sigma, zeta, beta, 1.0)


def target_without_beta(reward, ended, q, sigma, zeta, beta, gamma_q):
    return target(reward, ended, q, sigma, zeta, 1.0, gamma_q)


def target_undiscounted(reward, ended, q, sigma, zeta, beta, gamma_q):
    return target(reward, ended, q, sigma, zeta, beta, 1.0)


def target_at_another_temperature(reward, ended, q, sigma, zeta, beta, gamma_q):
    return target(reward, ended, q, sigma, zeta, 1.02 * beta, gamma_q)


# 5.4: Algorithm 1


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
        weights = pi if self.twist.get("value") else [1 / len(pi)] * len(pi)
        centre = sum(w * m for w, m in zip(weights, self.q[s], strict=True))
        centre *= not self.twist.get("credit")
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
        price = self.p["price"] * (1 - 2 * bool(self.twist.get("sign")))
        price *= not self.twist.get("gratis")
        for s, row in enumerate(self.sigma):
            for b, x in enumerate(row):
                if self.twist.get("visited") and gradient[s][b] == 0:
                    continue
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
        found = [self.q, self.sigma]
        return np.array(found[::-1] if self.twist.get("swapped") else found)


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


# 5.7: averaging draws


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
