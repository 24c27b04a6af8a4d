"""Tasks to test on, and independent oracles, which use no more of the package than arrays."""

import numpy as np

import dra


def random_mdp(seed, *, n_states=4, n_actions=2, deterministic=False):
    """Return (task, transition, reward, start) of a random MDP; its last state is terminal."""
    rng = np.random.default_rng(seed)
    transition = rng.dirichlet(np.full(n_states, 0.5), size=(n_states, n_actions))
    if deterministic:
        transition = np.eye(n_states)[rng.integers(n_states, size=(n_states, n_actions))]
        transition = 0.5 * transition + 0.5 * np.eye(n_states)[-1]
    transition = 0.8 * transition + 0.2 * np.eye(n_states)[-1]
    reward = rng.normal(size=transition.shape)
    start = np.append(rng.dirichlet(np.ones(n_states - 1)), 0.0)
    task = dra.tasks.tabular(transition, reward, terminal=[n_states - 1], start=start)
    return task, transition, reward, start


def shared_task(seed, n_states=5, n_actions=3):
    """Return a random task with six memories, the first of them known."""
    _, transition, reward, start = random_mdp(seed, n_states=n_states, n_actions=n_actions)
    slot = np.random.default_rng(seed).permutation(np.arange(n_states * n_actions) % 6)
    return dra.tasks.tabular(
        transition, reward, terminal=[n_states - 1], start=start,
        slot=slot.reshape(n_states, n_actions), known={0: (0.4, 0.7)},
    )  # fmt: skip


EXISTS = np.array([[1, 0, 1], [0, 1, 0], [1, 1, 1], [1, 1, 0], [0, 0, 0]], bool)


def restricted_mdp(seed, **options):
    """Return (task, transition, reward, start) of a random MDP with the choices EXISTS only.

    The last state is terminal. ``transition`` and ``reward`` hold rubbish where there is no choice.
    """
    _, transition, reward, start = random_mdp(seed, n_states=5, n_actions=3)
    task = dra.tasks.tabular(
        transition, reward, terminal=[4], start=start, available=EXISTS, **options
    )
    return task, transition, np.where(EXISTS[:, :, None], reward, 1e6), start


def restricted_choices(q, sigma, beta):
    """As :func:`choice_probabilities`, among the choices EXISTS, state by state."""
    p = np.zeros(EXISTS.shape)
    for s, row in enumerate(EXISTS[:-1]):
        p[s, row] = choice_probabilities(q[s : s + 1, row], sigma[s : s + 1, row], beta)[0]
    return p


def random_memory(task, seed):
    """Return a memory of a task with random values and random precision."""
    rng = np.random.default_rng(seed)
    q, sigma = rng.normal(size=task.memory_shape), np.exp(rng.normal(size=task.memory_shape))
    return dra.Memory.initial(task, q=q, sigma=sigma, sigma_base=5.0)


def corridor(length):
    """Every one of ``length`` choices must be right, or the episode ends without reward."""
    transition = np.zeros((length + 1, 2, length + 1))
    transition[:, :, length] = 1.0
    for s in range(length):
        transition[s, 0] = np.eye(length + 1)[s + 1]
    reward = np.zeros((length + 1, 2))
    reward[length - 1, 0] = 1.0
    return dra.tasks.tabular(transition, reward, terminal=[length])


def choice_probabilities(q, sigma, beta, nodes=24):
    """Average softmax(beta (q + sigma zeta)) by a tensor Gauss-Hermite rule; rows (S, A)."""
    x, w = np.polynomial.hermite_e.hermegauss(nodes)
    w = w / w.sum()
    n_actions = q.shape[1]
    zeta = np.stack(np.meshgrid(*[x] * n_actions, indexing="ij"), axis=-1).reshape(-1, n_actions)
    weight = np.prod(np.stack(np.meshgrid(*[w] * n_actions, indexing="ij"), -1), -1).ravel()
    logits = beta * (q[:, None, :] + sigma[:, None, :] * zeta)
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p /= p.sum(axis=-1, keepdims=True)
    return np.einsum("n,sna->sa", weight, p)


def action_values(transition, reward, probabilities, gamma):
    """Return Q (S, A) of a policy by a dense linear solve; the last state is terminal."""
    n = transition.shape[0]
    expected = (transition * reward).sum(axis=2)
    live = np.arange(n) < n - 1
    p = np.einsum("sa,sat->st", probabilities, transition) * live[:, None] * live[None, :]
    r = (probabilities * expected).sum(axis=1) * live
    v = np.linalg.solve(np.eye(n) - gamma * p, r)
    return expected + gamma * transition @ (v * live)


def expected_return(transition, reward, start, q, sigma, beta, gamma):
    """Return E[sum_t gamma^t r_t] of the soft Thompson policy."""
    p = choice_probabilities(q, sigma, beta)
    return start @ (p * action_values(transition, reward, p, gamma)).sum(axis=1)


def central_differences(function, x, step=1e-4):
    """Return the gradient of ``function`` at the array ``x``."""
    gradient = np.zeros_like(x)
    for place in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[place] += step
        down[place] -= step
        gradient[place] = (function(up) - function(down)) / (2 * step)
    return gradient
