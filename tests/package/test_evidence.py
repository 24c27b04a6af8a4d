"""The bound against sampling, quadrature and differences, and its gradient against its estimate."""

import math

import numpy as np
import pytest
from oracles import central_differences, random_mdp, random_memory, restricted_mdp, shared_task
from scipy.special import erfc

import dra
from dra import evidence, exact, gradient
from dra._recall_entropy import mean_entropy
from dra.evidence import bound

TASKS = {"plain": random_mdp, "restricted": restricted_mdp, "shared": lambda k: (shared_task(k),)}
OPTIONS = {"beta": 2.0, "gamma": 0.9, "cost_weight": 1.0, "bonus_weight": 6.0}
PAID = ("once", "visit", "step")


def with_(memory, **arrays):
    """Return a memory with other arrays."""
    kept = {"q": memory.q, "sigma": memory.sigma} | arrays
    return dra.Memory(*kept.values(), memory.sigma_base, memory.known, memory.available)


def by_quadrature(q, sigma, beta, nodes=24):
    """E H(pi | zeta) by a tensor Gauss-Hermite rule, for noise that is not large."""
    x, w = np.polynomial.hermite_e.hermegauss(nodes)
    grid = np.stack(np.meshgrid(*[x] * len(q), indexing="ij"), -1).reshape(-1, len(q))
    weight = np.prod(np.meshgrid(*[w / w.sum()] * len(q), indexing="ij"), axis=0).ravel()
    logits = beta * (q + sigma * grid)
    p = np.exp(logits - logits.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    return weight @ -(p * np.log(p)).sum(axis=1)


@pytest.mark.parametrize("seed", range(6))
def test_recall_entropy_against_quadrature(seed):
    rng = np.random.default_rng(seed)
    n = 2 + seed % 2
    q, sigma, beta = rng.normal(size=n), 0.6 * rng.random(n) + 0.01, 1.5
    h, by_sigma, by_q = mean_entropy(q[None], sigma[None], beta, np.ones((1, n), bool))
    assert h[0] == pytest.approx(by_quadrature(q, sigma, beta), abs=1e-8)
    assert abs(h[0] - by_quadrature(q, 1.2 * sigma, beta)) > 1e-6  # twin: more blur
    for slope, at, f in (
        (by_sigma, sigma, lambda s: by_quadrature(q, s, beta)),
        (by_q, q, lambda x: by_quadrature(x, sigma, beta)),
    ):
        np.testing.assert_allclose(slope[0], central_differences(f, at, 1e-3), atol=2e-6)


@pytest.mark.parametrize(("beta", "size"), [(10.0, 5.0), (10.0, 100.0), (0.1, 1.0), (10.0, 0.01)])
def test_recall_entropy_of_any_noise_against_sampling(beta, size):
    """300 000 draws, 6 standard errors: false alarm 2e-9 each."""
    rng = np.random.default_rng(1)
    q, sigma = size * rng.normal(size=3), size * np.exp(rng.normal(size=3))
    h, by_sigma, by_q = mean_entropy(q[None], sigma[None], beta, np.ones((1, 3), bool))
    x = beta * (q + sigma * rng.standard_normal((300_000, 3)))
    p = np.exp(x - x.max(axis=1, keepdims=True))
    p /= p.sum(axis=1, keepdims=True)
    entropy = -(p * np.log(np.maximum(p, 1e-300))).sum(axis=1)
    assert abs(entropy.mean() - h[0]) < 6 * entropy.std() / math.sqrt(len(x)) + 1e-9
    assert np.abs(by_q.sum()) < 1e-8 * beta  # a shift of all means changes nothing

    def f(s):
        return mean_entropy(q[None], s[None], beta, np.ones((1, 3), bool))[0][0]

    slopes = central_differences(f, sigma, 1e-4 * size)
    np.testing.assert_allclose(by_sigma[0], slopes, atol=1e-6 / size)


def test_two_equal_options_have_a_closed_form_limit():
    """Much blur: the entropy given the draw is that of a logistic density at 0, pi^2/6 times 2."""
    sigma, beta = 1000.0, 1.0
    h = mean_entropy(np.zeros((1, 2)), np.full((1, 2), sigma), beta, np.ones((1, 2), bool))[0][0]
    density = 1 / math.sqrt(2 * math.pi * 2 * sigma**2)  # of the difference of the draws at 0
    assert h == pytest.approx(density * math.pi**2 / 3, rel=1e-5)


@pytest.mark.parametrize("kind", TASKS)
@pytest.mark.parametrize("paid", PAID)
def test_bound_and_gradient(kind, paid):
    """2000 episodes and 3000 trajectories, 6 standard errors: false alarm 1e-8 for each number."""
    task = TASKS[kind](2)[0]
    memory = random_memory(task, 2)
    free = ~memory.known
    options = OPTIONS | {"paid": paid, "cost_weight": 0.1 if paid == "step" else 1.0}
    at = evidence.bound(task, memory, **options)
    assert at.value == pytest.approx(at.reward - at.cost + at.bonus, abs=1e-12)
    seen = evidence.sample(task, memory, episodes=2000, rng=0, **options)
    for name in ("value", "reward", "cost", "bonus"):
        values = getattr(seen, name)
        error = 6 * values.std() / math.sqrt(2000) + 1e-9
        assert abs(values.mean() - getattr(at, name)) < error, name
    slope = evidence.bound_gradient(task, memory, **options)

    def f(**arrays):
        return evidence.bound(task, with_(memory, **arrays), **options).value

    for name in ("sigma", "q"):
        x = getattr(memory, name)
        differences = central_differences(lambda y: f(**{name: y}), x, 1e-5)  # noqa: B023
        np.testing.assert_allclose(getattr(slope, name)[free], differences[free], atol=1e-6)
        assert not getattr(slope, name)[~free].any()
    parts = [
        evidence.estimate(task, memory, n_trajectories=30, rng=[1, k], **options)
        for k in range(100)
    ]
    error = np.std(parts, axis=0) / 10 + 1e-9
    off = np.abs(np.mean(parts, axis=0) - slope.sigma) / error
    assert off[free].max() < 6
    for left_out in ({"bonus_weight": 0.0}, {"cost_weight": 0.0}):  # twins that must fail
        other = evidence.bound_gradient(task, memory, **options | left_out)
        assert (np.abs(np.mean(parts, axis=0) - other.sigma) / error)[free].max() > 6.5


def test_once_without_bonus_is_the_objective_of_dra():
    task, *_ = random_mdp(3)
    memory = random_memory(task, 3)
    options = {"beta": 2.0, "gamma": 0.9, "cost_weight": 0.3}
    assert evidence.bound(task, memory, **options).value == pytest.approx(
        exact.objective(task, memory, **options), abs=1e-12
    )
    mine = evidence.bound_gradient(task, memory, **options)
    theirs = exact.objective_gradient(task, memory, **options)
    for name in ("sigma", "q"):
        np.testing.assert_allclose(getattr(mine, name), getattr(theirs, name), atol=1e-12)
    options |= {"n_trajectories": 400, "rng": 0}
    mine = evidence.estimate(task, memory, **options)
    del options["cost_weight"]
    theirs = gradient.estimate(task, memory, credit="return", **options)
    theirs -= 0.3 * dra.costs.kl_grad(memory.sigma, 5.0)
    np.testing.assert_allclose(mine[:-1], theirs[:-1], atol=1.5)  # other credits, the same mean


def fixed_length(n_steps, seed):
    """A random task whose episodes all take ``n_steps`` moves."""
    rng = np.random.default_rng(seed)
    transition = np.zeros((n_steps + 1, 2, n_steps + 1))
    transition[np.arange(n_steps), :, np.arange(n_steps) + 1] = transition[-1, :, -1] = 1.0
    return dra.tasks.tabular(transition, rng.normal(size=(n_steps + 1, 2)), terminal=[n_steps])


def test_all_memories_at_every_step_are_dras_cost_and_a_bonus():
    """At lambda / T per step, with T steps an episode."""
    task = fixed_length(6, 0)
    memory = random_memory(task, 0)
    options = {"beta": 2.0, "gamma": 1.0}
    lam, t = 0.4, 6
    strict = bound(task, memory, cost_weight=lam / t, bonus_weight=lam / t, paid="step", **options)
    plain = exact.objective(task, memory, cost_weight=lam, **options)
    entropy = evidence.recall_entropy(task, memory, beta=2.0).sum()
    assert strict.value == pytest.approx(plain + lam / t * entropy, abs=1e-12)
    visit = bound(task, memory, cost_weight=lam / t, bonus_weight=lam / t, paid="visit", **options)
    assert abs(visit.value - strict.value) > 0.1  # twin


def test_a_visit_pays_for_the_memories_of_its_state():
    task, *_ = random_mdp(4)
    memory = random_memory(task, 4)
    policy = memory.choice_probabilities(2.0)
    visits = exact.evaluate(task, policy, 0.9).visits
    nats = dra.costs.kl_value(memory.sigma, 5.0).sum(axis=1)
    found = evidence.bound(task, memory, beta=2.0, gamma=0.9, cost_weight=0.3, paid="visit")
    assert found.cost == pytest.approx(0.3 * visits @ nats, abs=1e-12)
    assert found.bonus == 0


def test_simulated_tasks_are_sampled_and_the_same_seed_gives_the_same_bits():
    car = dra.tasks.mountain_car(step_limit=15)
    memory = dra.Memory.initial(car, sigma=2.0, sigma_base=5.0)
    options = {"beta": 1.0, "gamma": 1.0, "cost_weight": 0.1, "bonus_weight": 0.1}
    first, again = (
        evidence.estimate(car, memory, n_trajectories=2, rng=3, paid="visit", **options)
        for _ in range(2)
    )
    np.testing.assert_array_equal(first, again)
    assert np.count_nonzero(first) >= 3


def test_the_entropy_at_any_beta_lies_between_its_limits():
    """Of equal options: ln(number) at small beta; falling to 0, as c / beta, at large."""
    task = dra.tasks.gridworld()
    memory = dra.Memory.initial(task, q=1.0, sigma=2.0, sigma_base=5.0)
    small, large = (1e-320, 1e-308, 1e-100, 1e-12), np.geomspace(10.0, 1e300, 100)
    here = exact.chain.states(task).number
    options = {"gamma": 0.9, "cost_weight": 0.1, "bonus_weight": 1.0}
    for beta in small:
        found = evidence.recall_entropy(task, memory, beta=beta)[here]
        np.testing.assert_allclose(found, math.log(4), atol=1e-9)
    entropy = np.array([evidence.recall_entropy(task, memory, beta=b)[here[0]] for b in large])
    assert (entropy > 0).all() and (np.diff(entropy) < 0).all()
    beyond = large > 1e8
    # two options tie with the density 4 (4 - 1) int phi^2 Phi^2 / sigma; each tie leaves pi^2 / 6
    x = np.linspace(-12.0, 12.0, 20_001)
    normal, below = np.exp(-(x**2) / 2) / math.sqrt(2 * math.pi), 0.5 * erfc(-x / math.sqrt(2))
    tie = 12 * np.sum(normal**2 * below**2) * (x[1] - x[0]) / 2.0
    limit = math.pi**2 / 6 * tie / large[beyond]
    np.testing.assert_allclose(entropy[beyond], limit, rtol=1e-8, atol=0.0)
    bonus = [bound(task, memory, beta=b, **options).bonus for b in (1e4, 1e15, 1e200)]
    np.testing.assert_allclose(bonus, bonus[0] * 1e4 / np.array([1e4, 1e15, 1e200]), rtol=1e-4)
    first, last = (bound(task, memory, beta=b, **options).bonus for b in small[:4:3])
    assert first == pytest.approx(last, abs=1e-9)


@pytest.mark.parametrize("scale", [1e-250, 1e-9, 1e9, 1e250])
def test_the_entropy_does_not_depend_on_the_unit(scale):
    """Options of unequal noise, one far behind: q and sigma times k and beta over k."""
    q, sigma = np.array([[0.0, 0.3, -1.0, -1e7]]), np.array([[0.5, 2.0, 1.0, 0.7]])
    exists = np.ones((1, 4), bool)
    for beta in (0.3, 20.0, 40.0, 2000.0):
        h, by_sigma, by_q = mean_entropy(q, sigma, beta, exists)
        found = mean_entropy(scale * q, scale * sigma, beta / scale, exists)
        np.testing.assert_allclose(found[0], h, rtol=1e-9)
        for mine, truth in zip(found[1:], (by_sigma, by_q), strict=True):
            np.testing.assert_allclose(mine * scale, truth, atol=1e-9 * np.abs(truth).max())


@pytest.mark.parametrize("beta", [30.0, 130.0, 1e5, 1e12])
def test_slopes_of_the_entropy_at_large_beta_against_differences(beta):
    """Both ways of finding the surplus; the slopes fall like the entropy, as 1 / beta."""
    q, sigma, exists = np.array([0.2, -0.5, 1.0]), np.array([0.4, 3.0, 1.5]), np.ones((1, 3), bool)
    _, by_sigma, by_q = mean_entropy(q[None], sigma[None], beta, exists)
    of_sigma = central_differences(
        lambda s: mean_entropy(q[None], s[None], beta, exists)[0][0], sigma, 1e-3
    )
    of_q = central_differences(
        lambda x: mean_entropy(x[None], sigma[None], beta, exists)[0][0], q, 1e-3
    )
    np.testing.assert_allclose(by_sigma[0], of_sigma, atol=1e-4 * np.abs(of_sigma).max())
    np.testing.assert_allclose(by_q[0], of_q, atol=1e-4 * np.abs(of_q).max())
