"""The inner loops: hand-written, uncompiled and compiled agree bit for bit."""

import math
from types import SimpleNamespace

import numpy as np
import pytest
from oracles import random_mdp

import dra
from dra import credits, loops
from dra._compile import COMPILED, uncompiled

plain = uncompiled(loops)


def by_hand(task, trials, seed, *, beta, gamma, alpha_q, alpha_sigma, weight, sigma, n, credit):
    """DRA on a task with one memory per choice, written once more from the paper's description."""
    rng = np.random.default_rng(seed)
    q, sigma = np.zeros(task.slot.shape), np.full(task.slot.shape, sigma)
    actions = range(task.n_actions)

    def recall(s):
        zeta = [rng.standard_normal() for _ in actions]
        x = [beta * (q[s, a] + sigma[s, a] * zeta[a]) for a in actions]
        e = [math.exp(v - max(x)) for v in x]
        total = 0.0
        for v in e:
            total += v
        return zeta, e, total

    def choose(e, total):
        u, c = rng.random() * total, 0.0
        for a in actions:
            c += e[a]
            if u < c:
                return a
        return actions[-1]

    def draw(cumulative):
        u = rng.random()
        return next(k for k, c in enumerate(cumulative) if u < c or k == len(cumulative) - 1)

    def begin():
        few = task.start_state.size == 1
        return task.start_state[0 if few else draw(np.cumsum(task.start_probability))]

    def move(s, a):
        few = task.next_state.shape[2] == 1
        k = 0 if few else draw(np.cumsum(task.probability[s, a]))
        return task.next_state[s, a, k], task.reward[s, a, k]

    for _ in range(trials):
        s = begin()
        while not task.terminal[s]:
            _, e, total = recall(s)
            a = choose(e, total)
            s2, target = move(s, a)
            if not task.terminal[s2]:
                _, e, total = recall(s2)
                value = 0.0
                for b in actions:
                    value += e[b] / total * q[s2, b]
                target += gamma * value
            q[s, a] += alpha_q * (target - q[s, a])
            s = s2
        g = np.zeros(q.shape)
        for _ in range(n):
            scores, earned, s = np.zeros(q.shape), 0.0, begin()
            touched = []
            while not task.terminal[s]:
                zeta, e, total = recall(s)
                a = choose(e, total)
                psi = {
                    "return": 1.0,
                    "q": q[s, a],
                    "advantage": q[s, a] - sum(q[s, b] for b in actions) / len(actions),
                }[credit]
                into = scores if credit == "return" else g
                for b in actions:
                    into[s, b] += psi * (beta * zeta[b] * ((b == a) - e[b] / total))
                touched.append(s)
                s, r = move(s, a)
                earned += r
            if credit == "return":
                for s in touched:
                    g[s] += earned * scores[s]
                    scores[s] = 0.0
        g /= n
        slope = sigma / 25 - 1 / sigma
        sigma = np.clip(sigma + alpha_sigma * (g - weight * slope), 0.01, 100)
    return q, sigma


@pytest.mark.parametrize("credit", credits.BUILT_IN)
@pytest.mark.parametrize("kind", ["deterministic", "stochastic"])
def test_three_versions_agree_bit_for_bit(credit, kind):
    if kind == "deterministic":
        task = dra.tasks.gridworld(3, 4, start=(2, 0), goal=(0, 3), walls=[(1, 1)])
    else:
        task = random_mdp(5, n_states=6, n_actions=3)[0]
    q, sigma = by_hand(
        task, 15, 7, beta=4.0, gamma=0.8, alpha_q=0.3, alpha_sigma=0.02, weight=0.2, sigma=2.0,
        n=4, credit=credit,
    )  # fmt: skip
    settings = {
        "beta": 4.0, "gamma_q": 0.8, "learning_rate_q": 0.3, "learning_rate_sigma": 0.02,
        "cost_weight": 0.2, "sigma_init": 2.0, "n_trajectories": 4, "credit": credit,
    }  # fmt: skip
    fast = dra.train(task, 15, rng=7, **settings)
    slow = dra.train(task, 15, rng=7, compiled=False, **settings)
    for run in (fast, slow):
        np.testing.assert_array_equal(run.memory.q, q)
        np.testing.assert_array_equal(run.memory.sigma, sigma)
    np.testing.assert_array_equal(fast.history, slow.history)
    other = dra.train(task, 15, rng=8, **settings)  # the comparison can fail
    assert not np.array_equal(other.memory.q, q)


def test_the_uncompiled_twin_is_not_compiled():
    functions = [v for v in vars(plain).values() if getattr(v, "__module__", "") == "dra.loops"]
    assert callable(plain.trials) and not any(hasattr(v, "py_func") for v in functions)
    assert hasattr(loops.trials, "py_func") == COMPILED
    assert plain.trials.__globals__["mean_gradient"] is plain.mean_gradient


def test_the_policy_module_takes_the_choices_of_the_loops():
    task = random_mdp(2, n_states=4, n_actions=3)[0]
    memory = dra.Memory.initial(task, q=np.arange(12.0).reshape(4, 3) / 5, sigma=1.5, sigma_base=5)
    table = memory.table(task)
    ours, theirs = np.random.default_rng(3), np.random.default_rng(3)
    for _ in range(200):
        total = plain.recall(table, 1, 2.0, ours)
        a = plain.pick(table.weight, 3, total, ours)
        assert a == dra.policy.sample_action(memory.q[1], memory.sigma[1], 2.0, theirs)


def test_starts_and_successors_follow_their_probabilities():
    # n = 20 000 draws; each count within 5 standard deviations: false alarm below 1e-5 in all
    n, rng, p = 20_000, np.random.default_rng(0), np.array([0.1, 0.0, 0.6, 0.3])
    starts = np.array(list(zip([4, 5, 6, 7], np.cumsum(p), strict=True)), loops.START)
    moves = np.array([[[(k, 0.0, 0.0, c, False) for k, c in enumerate(np.cumsum(p))]]], loops.MOVE)
    drawn = [plain.begin(starts, rng) for _ in range(n)]
    moved = [plain.move(moves, 0, 0, rng)[0] for _ in range(n)]

    def fits(counts, p):
        return (np.abs(counts - n * p) <= 5 * np.sqrt(n * p * (1 - p))).all()

    assert fits(np.bincount(drawn, minlength=8)[4:], p)
    assert fits(np.bincount(moved, minlength=4), p)
    assert not fits(np.bincount(moved, minlength=4), np.array([0.12, 0.0, 0.58, 0.3]))


@pytest.mark.parametrize("p", [[0.5, 0.5], [1 / 6] * 6, [0, 0.9, 0, 0.05, 0.05], range(1, 400)])
def test_a_start_is_where_its_random_number_falls(p):
    cumulative = np.cumsum(np.array(p) / np.sum(p))
    starts = np.array([(10 + k, c) for k, c in enumerate(cumulative)], loops.START)
    draws = [0.0, 1.0 - 2.0**-53, *cumulative[:-1], *np.random.default_rng(0).random(1000)]
    stream = SimpleNamespace(random=iter(draws).__next__)
    found = [plain.begin(starts, stream) for _ in draws]
    last = len(p) - 1
    assert found == [10 + min(np.searchsorted(cumulative, u, "right"), last) for u in draws]


def test_an_episode_cut_off_is_not_terminal():
    # one state, one action, reward 1, no end: the bootstrapped value must pass any finite return
    task = dra.tasks.tabular(np.ones((1, 1, 1)), [[1.0]], step_limit=50)
    run = dra.train(task, 400, rng=0, gamma_q=0.9, beta=1.0)
    assert run.memory.q[0, 0] == pytest.approx(10.0, abs=1e-6)
    assert run.env_steps == 400 * 11 * 50


def test_values_beyond_all_numbers_are_refused():
    # beta q overflows, and the softmax would divide infinity by itself
    transition = np.zeros((2, 3, 2))
    transition[:, :, 1] = 1.0
    task = dra.tasks.tabular(transition, [[1.0, 2.0, 4.0], [0, 0, 0]], terminal=[1])
    memory = dra.Memory([[1e308, 1e308, 0.0], [0, 0, 0]], 1.0, 5.0)
    for act in (
        lambda beta: dra.returns(task, memory, beta=beta, episodes=8, rng=0),
        lambda beta: dra.rollout(task, memory, beta=beta, rng=0),
        lambda beta: dra.gradient.estimate(task, memory, beta=beta, rng=0),
        lambda beta: dra.train(task, 1, rng=0, beta=beta, q_init=memory.q, sigma_base=5.0),
    ):
        with pytest.raises(ValueError, match="beta is 100; times the values of memory"):
            act(100.0)
    dra.returns(task, memory, beta=0.1, episodes=8, rng=0)  # large, and within all numbers


@pytest.mark.parametrize("sigma_base", [5.0, 2.3, 0.07, 1e-154])
@pytest.mark.parametrize("compiled", [True, False])
def test_the_slope_of_kl_is_the_same_in_the_loops_as_in_numpy(sigma_base, compiled):
    """A cost of one's own with the same functions is taken by NumPy, between the trials."""
    task = dra.tasks.gridworld(3, 4, start=(2, 0), goal=(0, 3), walls=[(1, 1)], step_limit=50)
    options = {
        "beta": 2.0, "sigma_base": sigma_base, "sigma_init": sigma_base / 2, "rng": 0,
        "sigma_bounds": (sigma_base / 1e3, 1e3 * sigma_base), "compiled": compiled,
    }  # fmt: skip
    mine = dra.costs.Cost("mine", dra.costs.kl_value, dra.costs.kl_grad)
    other = dra.costs.Cost("other", dra.costs.kl_value, dra.costs.entropy_grad)
    one, two, twin = (dra.train(task, 8, cost=cost, **options) for cost in ("kl", mine, other))
    assert np.array_equal(one.memory.sigma, two.memory.sigma)
    assert not np.array_equal(one.memory.sigma, twin.memory.sigma)


def test_helpers_of_the_loops_can_be_called_from_python():
    # a compiled helper without a way in from Python would take the interpreter down
    task = dra.tasks.gridworld()
    table = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0).table(task)
    total, weight = loops.recall(table, 0, 1.0, np.random.default_rng(0)), table.weight
    assert total == pytest.approx(weight.sum()) and loops.pick(weight, 4, total, _Zero()) == 0


class _Zero:
    def random(self):
        return 0.0


def test_a_total_too_large_leads_to_the_last_choice_and_not_beyond():
    weight, rng = np.array([1.0, 1.0, 7.0]), np.random.default_rng(0)
    assert {plain.pick(weight, 2, 1e9, rng) for _ in range(100)} == {1}
    assert {plain.pick(weight, 2, 2.0, rng) for _ in range(100)} == {0, 1}


def test_the_weights_of_a_recall_are_those_of_the_softmax():
    """Gaps that are whole numbers too: to the best action exp is not asked."""
    task = random_mdp(1, n_states=3, n_actions=4)[0]
    q = np.array([3.0, 2.0, 3.0, -4.5])
    table = dra.Memory(np.tile(q, (3, 1)), 1e-30, 5.0).table(task)
    total, weight = plain.recall(table, 1, 1.0, np.random.default_rng(0)), table.weight
    np.testing.assert_allclose(weight, [1.0, math.exp(-1), 1.0, math.exp(-7.5)], rtol=1e-15)
    assert total == weight.sum()


@pytest.mark.parametrize("gap", [700.0, 745.0, 746.0, 746.5, 800.0, 1e300, math.inf])
def test_a_weight_is_left_out_only_where_its_exponential_is_zero(gap):
    task = random_mdp(1, n_states=3, n_actions=2)[0]
    table = SimpleNamespace(
        **dra.Memory.initial(task, sigma=1.0, sigma_base=5.0).table(task)._asdict()
    )
    table.q, table.sigma = np.tile([0.0, -gap], 3), np.full(6, 0.0 if gap == math.inf else 1e-300)
    total = plain.recall(table, 1, 1.0, np.random.default_rng(0))
    assert table.weight.tolist() == [1.0, math.exp(-gap)] and total == 1.0 + math.exp(-gap)


@pytest.mark.parametrize("credit", ["return", "q"])
def test_no_room_is_asked_for_a_step_limit_that_is_not_reached(credit):
    """10^15 steps would need more memory than any machine has."""
    far = dra.tasks.tabular(
        np.eye(2)[None].repeat(2, 0), np.ones((2, 2)), terminal=[1], step_limit=10**15
    )
    near = dra.tasks.tabular(
        np.eye(2)[None].repeat(2, 0), np.ones((2, 2)), terminal=[1], step_limit=10**4
    )
    one, two = (dra.train(task, 5, rng=0, credit=credit, beta=0.1) for task in (far, near))
    assert np.array_equal(one.memory.sigma, two.memory.sigma)


@pytest.mark.parametrize("compiled", [True, False])
def test_every_move_is_counted(compiled):
    """Episodes of this task have three moves: one is learned from, four are scored."""
    run = dra.train(dra.tasks.huys(3), 7, rng=0, n_trajectories=4, compiled=compiled)
    assert run.env_steps == run.history.env_steps[-1] == 7 * (1 + 4) * 3
