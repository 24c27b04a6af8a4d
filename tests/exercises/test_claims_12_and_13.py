"""What the quizzes of chapters 12 and 13 state as facts, computed anew: a test for each."""

import math
from dataclasses import replace

import claims
import numpy as np
import pytest
from scipy.stats import norm, spearmanr

import dra
from dra import baselines, exact, fitting
from dra_exercises import source
from dra_exercises.chapter_13 import solutions as own

BETA, BASE = 10.0, 5.0
GIVEN = {"beta": BETA, "gamma": 1.0}
kl = dra.costs.kl.value
SIGMA = BASE * np.geomspace(1e-3, 1, 30_001)
# the slot machines: offers in dollars, and how often each is made at each machine
STEP = 0.75
OFFERS = STEP * np.array([-2, -1, 1, 2])
OFTEN, FAR = np.array([3, 3, 1, 1]) / 8, np.array([3, 1, 3, 1]) / 4


@pytest.mark.parametrize("chapter", [12, 13])
def test_every_question_has_a_test(chapter):
    assert claims.uncovered(chapter, globals()) == []


def slope(task, sigma, price=0.0, **given):
    """The exact gradient of a memory with the true means."""
    memory = dra.Memory(task.reward[:, :, 0], sigma, BASE)
    options = {**GIVEN, "cost_weight": price, **given}
    return exact.objective_gradient(task, memory, **options).sigma


# chapter 12


def best_pair(price, often=1.0, gap=1.0):
    """The best sigma of a pair of memories that is met so often, choices greedy."""
    reward = often * gap * norm.cdf(gap / (math.sqrt(2) * SIGMA))
    return SIGMA[np.argmax(reward - 2 * price * kl(SIGMA, BASE))]


def test_12_quick_1():
    for price in (1e-4, 1e-3):
        sharp = best_pair(price)
        assert sharp < 0.2
        assert 1.85 < best_pair(price, gap=2.0) / sharp < 2  # nearly in proportion
        assert 0.85 < best_pair(price, often=4.0) / sharp < 0.95  # by a logarithm
    assert best_pair(0.2, gap=1.0) < best_pair(0.2, gap=0.5) - 0.2  # blurred: it falls


def test_12_quick_2():
    """1 x 16 against 4 x 1, where stakes are small beside sigma; at larger ones a bit less."""
    ratios = []
    for unit in (0.1, 1.0):
        first, second = slope(claims.one_choice([0.8, 0.2], [unit, 4 * unit]), 4.9, beta=math.inf)[
            :2, 0
        ]
        ratios.append(second / first)
    assert math.isclose(ratios[0], 4, rel_tol=0.01) and 3 < ratios[1] < 4


def test_12_quick_3():
    text = claims.printed(12)
    assert "half frequency, half stakes: [0.286 0.264 0.221 0.2 ] chi2 2.7, AIC 4.7" in text
    assert "DRA 0.302 0.230 0.217 0.209 chi2 1.7, p 0.434, AIC 5.7" in text


def test_12_sharp_end():
    for gap in (1.0, 2.0):
        z = [k * gap / math.sqrt(2) / best_pair(1e-3, gap=k * gap) for k in (1, 2)]
        assert 1 < z[1] / z[0] < 1.1  # nearly fixed, so sigma grows
    assert best_pair(0.2, gap=1.0) < best_pair(0.2, gap=0.5)


def test_12_price_decides():
    ratio = [best_pair(price, gap=4.0) / best_pair(price) for price in (0.3, 0.1, 0.03, 0.003)]
    assert max(ratio[:2]) < 1 < min(ratio[2:])


def test_12_shared_sum():
    """Three options in three pairs: one memory each, or one for each pair that it is in."""
    slot, q = np.array([(0, 1), (0, 2), (1, 2), (0, 1)]), np.array([3.0, 2.0, 0.5])
    sigma, ends = np.array([1.0, 0.7, 1.5]), np.zeros((4, 2, 4))
    ends[:, :, 3] = 1.0
    table = {"terminal": [3], "start": [0.5, 0.3, 0.2, 0.0]}
    shared, apart = (
        exact.objective_gradient(
            dra.tasks.tabular(ends, q[slot], **table, **memories),
            dra.Memory(*held, BASE),
            cost_weight=0.0,
            **GIVEN,
        ).sigma
        for memories, held in (({"slot": slot}, (q, sigma)), ({}, (q[slot], sigma[slot])))
    )
    total = np.zeros(3)
    np.add.at(total, slot[:3], apart[:3])
    assert np.allclose(shared, total) and np.all(apart[:2, 0] < -1e-3)


def twelve():
    """The chapter's twelve options in four sets, of which two are met four times as often."""
    q = np.concatenate([10 + k * np.array([1, 0, -1]) for k in (4.0, 1.0, 4.0, 1.0)])
    pairs = [(3 * k + i, 3 * k + j) for k in range(4) for i, j in [(0, 1), (0, 2), (1, 2)]]
    slot, ends = np.array([*pairs, (0, 0)]), np.zeros((13, 2, 13))
    ends[:, :, 12] = 1.0
    start = [*np.repeat([4, 4, 1, 1], 3) / 30, 0]
    return dra.tasks.tabular(ends, q[slot], terminal=[12], start=start, slot=slot)


def test_12_rules_optimal():
    # among allocations with as many nats of entropy the rule has the least squared error
    rng, weight = np.random.default_rng(1), np.array([9.0, 4.0, 1.0])
    blank = dra.Memory([[0.0, 0.0, 0.0]], BASE, BASE)
    sigma = baselines.by_frequency(blank, 4.0, weight[None]).sigma[0]
    for change in rng.normal(0, 0.2, (50, 3)):
        other = sigma * np.exp(change - change.mean())
        assert weight @ sigma**2 < weight @ other**2
    task = twelve()
    for price in (0.2, 0.1, 0.03, 0.01):
        options = {"cost_weight": price, "sigma_base": BASE, "starts": [0.3, 1.0, 2.5, 4.9]}
        best = exact.optimal_allocation(task, **options, **GIVEN).memory
        for rule in (
            baselines.equal(best, best.cost()),
            baselines.by_frequency(
                best, best.cost(), baselines.memory_visits(task, best, beta=BETA)
            ),
            baselines.by_stakes(best, best.cost(), baselines.memory_stakes(task, best, beta=BETA)),
        ):
            assert np.abs(np.log(rule.sigma / best.sigma)).max() > 0.1


def logistic(chance):
    """Slope of each machine's logistic curve, per step, for its chances to accept each offer."""
    found = []
    for far, row in zip(FAR, chance, strict=True):
        times = (8 * np.array([far, 1 - far, 1 - far, far]) / 2).round().astype(int)
        found.append(fitting.logistic_slope(np.repeat(OFFERS / STEP, times), np.repeat(row, times)))
    return np.array(found)[:, 0]


def test_12_pooled():
    """Half a group by frequency and half by stakes; 4.2 dollars, as the chapter finds."""
    stakes = FAR + 1
    rules = [4.2 / np.sqrt(weight / weight.mean()) for weight in (OFTEN, stakes)]
    accept = [norm.cdf(OFFERS / sigma[:, None]) for sigma in rules]
    marks = np.array([[1, 1, -1, -1], [1, -1, 1, -1]])  # often - rarely, high - low
    often, high = (marks @ logistic(chance) for chance in accept)
    assert often[0] > 0.1 > 0.01 > abs(often[1]) and high[1] > 0.05 > 0.01 > abs(high[0])
    assert np.all(marks @ logistic(np.mean(accept, axis=0)) > 0.03)
    assert "7225 choices: power 0.14" in claims.printed(12)


def test_12_unidentified():
    assert "one session cost_weight 0.06 0.12 0.01 1.00" in claims.printed(12)
    truth = {"cost_weight": 0.1, "learning_rate_sigma": 0.2, "sigma_init": 4.0}
    offers = fitting.slot_machines(768, rng=[0, 6])
    person = fitting.simulate("dra", truth, offers, rng=[0, 7])

    def likely(price):
        """The most likely of a grid of rates and starts."""
        grid = [(r, s) for r in (0.01, 0.03, 0.1, 0.3, 0.9) for s in (2.0, 3.0, 4.0, 5.5, 8.0)]
        rows = [
            fitting.log_likelihood(
                "dra",
                {"cost_weight": price, "learning_rate_sigma": rate, "sigma_init": start},
                person,
            ).sum()
            for rate, start in grid
        ]
        return max(rows), grid[int(np.argmax(rows))]

    (low, dull), (high, quick) = likely(0.02), likely(0.2)
    assert abs(low - high) < 1.92 and dull != quick  # inside one 95 % interval
    # far better predicted than by a coin
    assert max(low, high) > 768 * math.log(0.5) + 20


def test_the_target_of_a_leap():
    stated = claims.target("12.6")
    assert "about 0.078" in stated and "leap at 0.078, local maximum up to 0.097" in (
        claims.printed(12)
    )
    assert f"{0.4 * norm.pdf(1):.3f}" in stated


# chapter 13


def test_13_quick_1():
    old, new = (dra.presets.for_scale(scale) for scale in (10.0, 1000.0))
    assert math.isclose(new["beta"], old["beta"] / 100) and "learning_rate_q" not in new
    assert math.isclose(new["learning_rate_sigma"], 100 * old["learning_rate_sigma"])


def test_13_quick_2():
    """-1 a move for ever, cut off after five; or over after five, and seen as one state."""
    loop = dra.tasks.tabular(np.ones((1, 2, 1)), [[-1.0, -1.0]], start=0, step_limit=5)
    onwards, pay = np.zeros((6, 2, 6)), np.full((6, 2), -1.0)
    onwards[range(6), :, [1, 2, 3, 4, 5, 5]], pay[5] = 1.0, 0.0
    over = dra.tasks.tabular(onwards, pay, terminal=[5], start=0, slot=[[0, 1]] * 6)
    options = {**dra.presets.for_scale(1.0), "gamma_q": 0.9, "learning_rate_q": 0.2}
    options |= {"n_trajectories": 1, "progress": False}
    cut, ended = (dra.train(task, 1000, rng=1, **options).memory.q for task in (loop, over))
    assert np.allclose(cut, -1 / (1 - 0.9)) and -6 < ended.mean() < -2


def test_13_quick_3():
    many, one = claims.one_choice(np.full(1000, 1e-3), 1.0), claims.one_choice([1.0], 1.0)
    for sigma in (0.4, 2.0):
        each = slope(many, sigma, price=0.08 / 1000)[:1000]
        assert np.allclose(1000 * each, slope(one, sigma, price=0.08)[0])


def test_13_units():
    maze, c = dra.tasks.gridworld(), 2.0**6
    old = {**dra.presets.GRIDWORLD, "progress": False, "evaluation_episodes": 1}
    units = "sigma_base", "sigma_init", "cost_weight", "learning_rate_sigma"
    new = {**old, **{name: c * old[name] for name in units}, "beta": old["beta"] / c}
    new["sigma_bounds"] = tuple(c * x for x in old["sigma_bounds"])
    cents = replace(maze, reward=c * maze.reward)

    def moves(task, options):
        return dra.train(task, 100, rng=4, **options).env_steps

    same = moves(maze, old)
    assert moves(cents, new) == same
    # nothing changed, both turned round, or the first sigma forgotten
    turned = {**new, "beta": c * old["beta"], "cost_weight": old["cost_weight"] / c}
    for other in (old, turned, {**new, "sigma_init": old["sigma_init"]}):
        assert moves(cents, other) != same


def test_13_drowned():
    text = claims.printed(13)
    for line in (
        "sharp, and beta 100: ['0.73', '0.85', '0.88', '0.96', '0.83']",
        "sharp, but beta 10: ['0.19', '0.20', '0.26', '0.29', '0.20']",
        "blurred, beta 100: ['0.01', '0.01', '0.01', '0.02', '0.01'] 15 000 trials: 0.02",
        "smallest sigma 4.8",
    ):
        assert line in text
    ice = pytest.importorskip("gymnasium").make("FrozenLake-v1", is_slippery=False)
    lake = dra.tasks.from_gymnasium(ice, name="lake")
    options = {**dra.presets.GRIDWORLD, "gamma_q": 0.99, "progress": False}
    memory = dra.train(lake, 3000, rng=[0, 2, 0], evaluation_episodes=1, **options).memory
    ahead = np.diff(np.sort(memory.q[~lake.terminal], axis=1), axis=1)[:, -1]
    # best less second mean: most below 1 / beta and below sigma, not all below 1 / beta
    assert np.median(ahead) < 0.05 < 1 / BETA < ahead.max() < memory.sigma.min()


def test_13_rare_price():
    (question,) = (each for each in source.read(13).quiz if each.name == "rare-price")
    task = claims.one_choice([0.01, 0.99], [1.0, 1.0])
    rare, whole = slope(task, 0.6)[0, 0], slope(claims.one_choice([1.0], [1.0]), 0.6)[0, 0]
    right, *wrong, _ = question.fields
    assert abs(right.value - rare / whole) < right.tolerance / 100
    assert [field.value for field in wrong] == [100, 1]


def test_13_over_one():
    agents = claims.stored("gymnasium_agents")

    def share(name, kind):
        found = agents[name]
        return (np.mean(found[kind]) - found["nothing"]) / (found["best"] - found["nothing"])

    taxi = [round(share("Taxi-v4", kind), 2) for kind in ("agents", "tied")]
    assert taxi == [1.2, 0.34] and all(share(name, "tied") < 1 for name in agents)


def test_13_flexible_when():
    found = {name: np.array(x, float) for name, x in claims.stored("flexible_pays").items()}
    possible = found["flexible"] - found["nothing"]
    keep = possible > 1e-3
    part = ((found["flexible"] - found["equal"]) / possible)[keep]
    price = (found["price"] * 8 / found["total"])[keep]
    assert len(possible) == 600 and np.median(part[price < 0.003]) < 0.02  # nearly free
    assert np.median(part[(price > 0.1) & (price < 0.2)]) > 0.9  # equal precision: below 0.1
    # n = 599: a correlation of 0.08 is two standard errors
    assert abs(spearmanr(found["importance"][keep], part).statistic) < 0.08


def test_13_tiles_price():
    for n in (2, 4, 9):
        each = kl(0.5 / math.sqrt(n), BASE / math.sqrt(n))
        assert math.isclose(n * each, n * kl(0.5, BASE))
        assert math.isclose(own.cost_in_weights(n, 0.5, BASE), n * kl(0.5, BASE))
