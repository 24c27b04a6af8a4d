import numpy as np


def one_trial(task, q, sigma, rng, beta=2.0, rate=0.1, price=0.1, base=5.0):
    """Change q and sigma in place, both of shape (states, actions)."""
    s, done = task.start, False
    gradient = np.zeros_like(sigma)
    while not done:
        zeta = rng.standard_normal(q.shape[1])
        x = beta * (q[s] + sigma[s] * zeta)
        pi = np.exp(x - x.max()) / np.exp(x - x.max()).sum()
        a = rng.choice(len(pi), p=pi)
        after, reward, done = task.move(s, a, rng)
        x = beta * (q[after] + sigma[after] * zeta)
        pi_after = np.exp(x - x.max()) / np.exp(x - x.max()).sum()
        target = reward if done else reward + pi_after @ q[after]
        credit = q[s, a] - q[s].mean()
        score = beta * zeta * ((np.arange(len(pi)) == a) - pi)
        gradient[s] += credit * score
        q[s, a] += rate * (target - q[s, a])
        s = after
    slope = sigma / base**2 - 1 / sigma
    sigma += rate * (gradient + price * slope)
