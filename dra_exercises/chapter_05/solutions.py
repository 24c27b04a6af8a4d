"""The reference answers of chapter 5, and the cases that answers are tried on."""

import numpy as np

# 5.3: the target


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


# 5.4: Algorithm 1


def corridors(rng):
    """Corridors: action 0 goes on, action 1 back. Beside each is a room that nobody can enter."""
    made = []
    sizes = ((2, 8, 6.0, 0.1), (3, 6, 6.0, 0.1), (3, 10, 3.1, 1.0), (4, 6, 3.05, 1.0))
    for n, trials, high, rate in sizes:
        there = np.stack([np.arange(1, n + 1), np.maximum(np.arange(n) - 1, 0)], axis=1)
        there[n - 1, 0] = n + 1  # the end; n is the room
        there = np.vstack([there, [n + 1, n]])
        paid = np.where(there == n + 1, 10.0, -1.0) + rng.normal(0, 0.1, (n + 1, 2))
        p = {"trials": trials, "trajectories": 3, "step_limit": 40, "beta": 0.5, "gamma_q": 0.9}
        p |= {"rate_q": 0.2, "rate_sigma": rate, "price": 0.3, "sigma_base": 5.0}
        p |= {"sigma_init": 3.0, "low": 0.5, "high": high}
        made.append((there, paid, p, np.random.default_rng(rng.integers(2**32))))
    return made


def allocator(there, paid, p, rng):
    """Algorithm 1 on a small task without chance.

    there : (S, A) int, the state after each action; S, one more than the last row, is the end;
        some states may be out of reach
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


# 5.7: averaging draws


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
