"""Likelihoods of choices against plain loops, and estimates against parameters that were known."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import differential_evolution
from scipy.stats import chi2, norm

import dra
from dra import _compile, exact, fitting, tasks
from dra.fitting import _data, _settings, _sigma

OFFERS = fitting.slot_machines(768, rng=3)
TRUTH = {
    "dra": {"cost_weight": 0.07, "learning_rate_sigma": 0.3, "sigma_init": 3.0},
    "equal": {"sigma": 2.0},
    "frequency": {"sigma": 2.0},
    "stakes": {"sigma": 2.0},
}
FULL = {
    "dra": TRUTH["dra"] | {"sigma_base": 4.0, "lapse": 0.06},
    "equal": {"sigma": 2.0, "lapse": 0.06},
    "frequency": {"sigma": 2.0, "power": 0.8, "lapse": 0.06},
    "stakes": {"sigma": 2.0, "power": 0.8, "lapse": 0.06},
}


def sigma_by_hand(model, p, offers):
    """The sigma of each choice, written again from the docstrings, with dictionaries."""
    names = sorted(set(offers.machine))
    sigma = {m: p.get("sigma_init") for m in names}
    seen, stake = {m: 1 for m in names}, {m: [] for m in names}
    out = []
    for t, (m, d) in enumerate(zip(offers.machine, offers.d, strict=True)):
        if model == "dra":
            out.append(sigma[m])
            for k in names:
                slope = -p["cost_weight"] * (sigma[k] / p["sigma_base"] ** 2 - 1 / sigma[k])
                if k == m:
                    slope -= (d / sigma[k]) ** 2 * norm.pdf(d / sigma[k])
                sigma[k] = min(max(sigma[k] + p["learning_rate_sigma"] * slope, 0.01), 100)
        elif model == "equal":
            out.append(p["sigma"])
        elif model == "frequency":
            mean = np.mean(list(seen.values()))
            out.append(p["sigma"] / (seen[m] / mean) ** p["power"])
            seen[m] += 1
        else:
            every = [x for one in stake.values() for x in one]
            mean = {k: np.mean([np.mean(every), *stake[k]]) if t else 1.0 for k in names}
            out.append(p["sigma"] / (mean[m] / np.mean(list(mean.values()))) ** p["power"])
            stake[m].append(abs(d))
    return np.array(out)


def likelihood_by_hand(model, p, people, clip):
    """The log-probability of each choice."""
    z = people.d / sigma_by_hand(model, p, people)
    accept = p["lapse"] / 2 + (1 - p["lapse"]) * norm.cdf(z)
    chosen = np.where(people.accept == 1, accept, 1 - accept)
    return np.log(np.clip(chosen, clip, 1 - clip))


@pytest.mark.parametrize("model", fitting.BUILT_IN)
def test_the_likelihood_is_that_of_a_plain_loop(model):
    people = fitting.simulate(model, FULL[model], OFFERS, rng=1)
    for clip in (0.001, 0.3):
        by_hand = likelihood_by_hand(model, FULL[model], people, clip)
        found = fitting.log_likelihood(model, FULL[model], people, clip=clip)
        np.testing.assert_allclose(found, by_hand, rtol=0, atol=1e-11)
    wrong = FULL[model] | {"lapse": 0.07}
    assert not np.allclose(fitting.log_likelihood(model, wrong, people), by_hand, atol=1e-4)


def test_public_paths_are_those_of_the_models():
    p = {k: v for k, v in FULL["dra"].items() if k != "lapse"}
    found = fitting.dra_path(OFFERS.machine, OFFERS.d, **p)
    np.testing.assert_allclose(found, sigma_by_hand("dra", p, OFFERS), rtol=1e-12)
    for path, name, given in (
        (fitting.frequency_path, "frequency", (OFFERS.machine,)),
        (fitting.stakes_path, "stakes", (OFFERS.machine, OFFERS.d)),
    ):
        found = path(*given, sigma=2.0, power=0.8)
        np.testing.assert_allclose(found, sigma_by_hand(name, FULL[name], OFFERS), rtol=1e-12)


def test_the_compiled_loops_give_what_the_plain_ones_do():
    plain = _compile.uncompiled(_sigma)
    machine, d = np.unique(OFFERS.machine, return_inverse=True)[1], OFFERS.d.to_numpy()
    for name, given in (
        ("dra_steps", (machine, d, 4, 0.1, 0.3, 3.0, 5.0)),
        ("shares", (machine, 4)),
        ("stakes", (machine, d, 4)),
    ):
        assert np.array_equal(getattr(_sigma, name)(*given), getattr(plain, name)(*given))


@pytest.mark.parametrize("sigma", [0.3, 1.0, 4.0])
@pytest.mark.parametrize("d", [-1.5, 0.75, 2.0])
def test_the_slope_of_the_reward_is_the_exact_gradient_of_the_task(d, sigma):
    """Two actions, refuse (0, known for sure) and accept (d): the tabular task, beta = inf."""
    task = tasks.tabular(
        [[[0.0, 1.0]] * 2, [[0.0, 1.0]] * 2], [[0.0, d], [0.0, 0.0]], terminal=[1], start=0,
        known={0: (0.0, 1e-9)},
    )  # fmt: skip
    memory = dra.Memory.initial(task, q=[[0.0, d], [0.0, 0.0]], sigma=sigma, sigma_base=5.0)
    gradient = exact.objective_gradient(task, memory, beta=np.inf, gamma=1.0, cost_weight=0.1)
    slope = _sigma.reward_slope(d, sigma) - 0.1 * _sigma.price_slope(sigma, 5.0)
    assert gradient.sigma[0, 1] == pytest.approx(slope, rel=1e-7, abs=1e-9)


def test_both_slopes_against_differences():
    def difference(f, x, h=1e-5):
        return (f(x + h) - f(x - h)) / (2 * h)

    for d in (-1.5, 0.75):
        for sigma in (0.4, 1.3, 6.0):
            reward = difference(lambda s, d=d: d * norm.cdf(d / s), sigma)
            assert _sigma.reward_slope(d, sigma) == pytest.approx(reward, rel=1e-7, abs=1e-10)
            price = difference(lambda s: float(dra.costs.kl_value(s, 5.0)), sigma)
            assert _sigma.price_slope(sigma, 5.0) == pytest.approx(price, rel=1e-7)


def test_the_design_has_its_proportions_and_a_stream():
    offers = fitting.slot_machines(640, step=2.0, rng=0)
    counts = offers.groupby(["machine", offers.d.abs()]).size().to_dict()
    assert counts == {
        ("often, high", 2.0): 60, ("often, high", 4.0): 180, ("often, low", 2.0): 180,
        ("often, low", 4.0): 60, ("rarely, high", 2.0): 20, ("rarely, high", 4.0): 60,
        ("rarely, low", 2.0): 60, ("rarely, low", 4.0): 20,
    }  # fmt: skip
    assert offers.d.sum() == 0
    assert offers.equals(fitting.slot_machines(640, step=2.0, rng=0))
    assert not offers.equals(fitting.slot_machines(640, step=2.0, rng=1))


def test_simulated_choices_have_the_probabilities_of_the_model():
    """40 000 choices; chi-square of 8 cells, false alarm 1e-6. Another sigma must fail."""
    offers = fitting.slot_machines(40_000, rng=0)
    people = fitting.simulate("equal", {"sigma": 2.0}, offers, rng=5)

    def surprise(sigma):
        p = norm.cdf(people.d / sigma)
        cells = pd.DataFrame({"excess": people.accept - p, "var": p * (1 - p)})
        sums = cells.groupby([people.machine, people.d.abs()]).sum()
        return chi2.sf((sums.excess**2 / sums["var"]).sum(), len(sums))

    flipped = people.assign(accept=np.where(people.d > 0, people.accept, 1 - people.accept))
    right = norm.cdf(people.d.abs() / 2.0)
    excess = (flipped.accept - right).sum() / np.sqrt((right * (1 - right)).sum())
    assert surprise(2.0) > 1e-6 and abs(excess) < 4.9
    wrong = norm.cdf(people.d.abs() / 2.2)
    assert abs((flipped.accept - wrong).sum() / np.sqrt((wrong * (1 - wrong)).sum())) > 4.9


def test_standard_errors_are_the_spread_of_estimates():
    """150 data sets of 500 choices, one sigma.

    The ratio of spread and mean error has a relative error of 1 / sqrt(300) = 0.058; 4.9 of these
    are a false alarm of 1e-6. A quarter as many choices must fail.
    """
    frames = [
        fitting.simulate("equal", {"sigma": 2.0}, fitting.slot_machines(500, rng=[k, 0]), rng=k)
        for k in range(150)
    ]
    data = pd.concat([f.assign(person=k) for k, f in enumerate(frames)])
    table = fitting.fit("equal", data, rng=0, starts=1, intervals="wald").table
    ratio = np.log(table.estimate).std() / (table.standard_error / table.estimate).mean()
    assert abs(ratio - 1) < 4.9 * 0.058
    assert abs(ratio / 2 - 1) > 4.9 * 0.058
    inside = ((table.low < 2.0) & (table.high > 2.0)).sum()  # binomial(150, 0.95): 1e-6 below 129
    assert inside >= 129


def test_the_information_is_that_of_a_coin():
    """Seven heads of ten: the standard error is sqrt(0.7 * 0.3 / 10), known in closed form."""
    found = fitting.fit(COIN, pd.DataFrame({"choice": [1] * 70 + [0] * 30}), rng=0)
    row = found.table.iloc[0]
    assert row.estimate == pytest.approx(0.7, abs=1e-5)
    assert row.standard_error == pytest.approx(math.sqrt(0.7 * 0.3 / 100), rel=1e-4)

    def rise(p):
        return 2 * (70 * math.log(0.7 / p) + 30 * math.log(0.3 / (1 - p)))

    bound = chi2.ppf(0.95, 1)
    assert rise(row.low) == pytest.approx(bound, rel=2e-3)
    assert rise(row.high) == pytest.approx(bound, rel=2e-3)
    best = 70 * math.log(0.7) + 30 * math.log(0.3)
    assert found.log_likelihood == pytest.approx(best, abs=1e-8)
    assert found.aic == pytest.approx(2 - 2 * best, abs=1e-8)
    assert found.bic == pytest.approx(math.log(100) - 2 * best, abs=1e-8)


def heads(parameters, rows):
    """The probabilities of a coin."""
    up = np.full(len(rows["choice"]), parameters["bias"])
    return np.stack([1 - up, up], axis=1)


COIN = fitting.ChoiceModel("coin", {"bias": (0.01, 0.99)}, heads)


@pytest.fixture(scope="module")
def long():
    """A person of 4000 choices, fitted."""
    offers = fitting.slot_machines(4000, rng=0)
    people = fitting.simulate("dra", TRUTH["dra"], offers, rng=1)
    return fitting.fit("dra", people, rng=0)


def test_dra_is_fitted_within_its_intervals(long):
    """Twice the rise of the loss at the truth: chi-square of 3, false alarm 1e-5."""
    at_truth = fitting.log_likelihood("dra", TRUTH["dra"], long.data).sum()
    assert 0 <= 2 * (long.log_likelihood - at_truth) < chi2.isf(1e-5, 3)
    wrong = fitting.log_likelihood("dra", TRUTH["dra"] | {"cost_weight": 0.14}, long.data).sum()
    assert 2 * (long.log_likelihood - wrong) > chi2.isf(1e-5, 3)
    assert (long.table.low < long.table.estimate).all()
    assert (long.table.estimate < long.table.high).all()


def test_a_profile_has_its_top_at_the_estimate_and_meets_the_bound_at_the_ends(long):
    for row in long.table.itertuples():
        curve = long.profile(row.parameter, points=7)
        top = curve.log_likelihood.idxmax()
        assert curve.log_likelihood[top] == pytest.approx(long.log_likelihood, abs=1e-4)
        assert curve[row.parameter][top] == pytest.approx(row.estimate, rel=1e-3)
        at = np.interp([row.low, row.high], curve[row.parameter], curve.log_likelihood)
        assert ((long.log_likelihood - at) > 1.0).all()


def test_a_global_optimiser_finds_no_better(long):
    def evolve(function, start, bounds, rng):
        assert start.shape == (3,) and bounds.shape == (3, 2)
        found = differential_evolution(function, bounds, x0=start, seed=rng, maxiter=40, popsize=6)
        return found.x

    other = fitting.fit("dra", long.data, rng=1, starts=1, optimiser=evolve, intervals="none")
    assert other.log_likelihood == pytest.approx(long.log_likelihood, abs=1e-3)
    assert other.table[["low", "high", "standard_error"]].isna().all(axis=None)
    np.testing.assert_allclose(other.table.estimate, long.table.estimate, rtol=0.02)


def test_what_is_at_a_border_has_no_standard_error():
    people = fitting.simulate("equal", {"sigma": 1.0}, OFFERS, rng=0)
    found = fitting.fit("equal", people, rng=0, bounds={"sigma": (2.0, 9.0)})
    row = found.table.iloc[0]
    assert row.estimate == row.low == 2.0 and np.isnan(row.standard_error)


def test_soft_thompson_fits_beta_and_sigma_from_columns():
    """5000 choices among three of 8 sets; chi-square of one, false alarm 1e-5."""
    names, sets = ["q_a", "q_b", "q_c"], np.random.default_rng(0).normal(size=(8, 3))
    offers = pd.DataFrame(np.tile(sets, (625, 1)), columns=names)
    for width, truth in ((None, {"sigma": 0.7}), (["s_a", "s_b", "s_c"], {"beta": 3.0})):
        table = offers.assign(s_a=0.2, s_b=0.5, s_c=1.0)
        model = fitting.soft_thompson(names, width)
        data = fitting.simulate(model, truth, table, rng=1)
        found = fitting.fit(model, data, rng=0, starts=1, intervals="none")
        gap = found.log_likelihood - fitting.log_likelihood(model, truth, data).sum()
        assert 0 <= 2 * gap < chi2.isf(1e-5, 1)
        wrong = {name: 1.3 * value for name, value in truth.items()}
        gap = found.log_likelihood - fitting.log_likelihood(model, wrong, data).sum()
        assert 2 * gap > chi2.isf(1e-5, 1)


def test_the_logistic_slope_is_the_root_of_its_score_and_its_error_the_spread():
    """Choices from a logistic curve: 300 sets of 400; false alarms 1e-6."""
    rng = np.random.default_rng(0)
    d = np.tile([-2.0, -1.0, 1.0, 2.0], 100)
    p = 1 / (1 + np.exp(-0.4 * d))
    found = np.array([fitting.logistic_slope(d, rng.random(400) < p) for _ in range(300)])
    assert fitting.logistic_slope(d, p)[0] == pytest.approx(0.4, abs=1e-10)
    error = found[:, 0].std() / math.sqrt(300)
    assert abs(found[:, 0].mean() - 0.4) < 4.9 * error + 0.005  # the bias of 400 choices: 0.003
    assert abs(found[:, 0].std() / found[:, 1].mean() - 1) < 4.9 / math.sqrt(600)
    assert fitting.logistic_slope(d, d > 0) == (np.inf, np.inf)
    small = fitting.logistic_slope(0.01 * d, norm.cdf(0.01 * d / 2.0))[0]
    assert small == pytest.approx(4 * norm.pdf(0) / 2.0, rel=1e-4)


def test_the_search_coordinates_go_there_and_back():
    wanted = _settings.settings("dra", {"lapse": None}, None, 0.001, 5, None)
    people = _data.people_of(wanted.model, OFFERS.assign(accept=1))
    problem = wanted.problem(people[0])
    theta = np.array([0.3, 0.02, 4.0, 0.25])
    np.testing.assert_allclose(problem.outer(problem.inner(theta)), theta, rtol=1e-14)
    h = 1e-6
    x = problem.inner(theta)
    change = [(problem.outer(x + e) - problem.outer(x - e))[i] / (2 * h)
              for i, e in enumerate(h * np.eye(4))]  # fmt: skip
    np.testing.assert_allclose(problem.slope(theta), change, rtol=1e-6)
