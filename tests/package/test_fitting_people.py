"""Many people: whoever else is there, stopped and gone on, checked, compared, predicted."""

import pickle
import signal

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from scipy.stats import norm

from dra import fitting

QUICK = {"rng": 0, "starts": 1, "intervals": "wald", "progress": False}


def crowd(names=("ann", "bob", "cy"), trials=200, model="equal"):
    """People of different sigma."""
    frames = [
        fitting.simulate(
            model, {"sigma": 1.0 + k}, fitting.slot_machines(trials, rng=[k, 0]), rng=[k, 1]
        ).assign(person=name)
        for k, name in enumerate(names)
    ]
    return pd.concat(frames, ignore_index=True)


PEOPLE = crowd()


def test_what_is_found_of_a_person_depends_on_nobody_else(tmp_path):
    whole = fitting.fit("frequency", PEOPLE, **QUICK)
    last_first = pd.concat([PEOPLE[PEOPLE.person == name] for name in ("cy", "ann", "bob")])
    alternating = PEOPLE.assign(k=PEOPLE.groupby("person").cumcount()).sort_values(
        ["k", "person"], ascending=[True, False]
    )
    for other in (last_first, alternating, PEOPLE[PEOPLE.person == "bob"]):
        found = fitting.fit("frequency", other, **QUICK).table.set_index("person")
        for name in found.index:
            expected = whole.table.set_index("person").loc[name]
            assert found.loc[name].equals(expected)
    path = tmp_path / "people.csv"
    PEOPLE.to_csv(path, index=False)
    assert fitting.fit("frequency", path, **QUICK).table.equals(whole.table)
    other_seed = fitting.fit("frequency", PEOPLE, **QUICK | {"rng": 1})
    np.testing.assert_allclose(other_seed.table.estimate, whole.table.estimate, rtol=1e-3)


@pytest.mark.parametrize("change", ["code", "number", "helper"])
def test_a_folder_does_not_stand_for_another_model_of_the_same_name(tmp_path, change):
    def coin(bias, other=False):
        def helped(p):
            return bias(p) if other else p

        def probabilities(parameters, rows):
            heads = np.full(len(rows["choice"]), helped(bias(parameters["bias"])))
            return np.stack([1 - heads, heads], axis=1)

        return fitting.ChoiceModel("coin", {"bias": (0.01, 0.99)}, probabilities)

    def times(by):
        return lambda p: by * p

    tosses = pd.DataFrame({"choice": [1] * 7 + [0] * 3})
    first, same = (coin(times(1.0)) for _ in range(2))
    models = {
        "code": coin(lambda p: 1 - p), "number": coin(times(0.9)), "helper": coin(times(1.0), True)
    }  # fmt: skip
    found = fitting.fit(first, tosses, folder=tmp_path, **QUICK)
    again = fitting.fit(same, tosses, folder=tmp_path, **QUICK)
    assert_frame_equal(found.table, again.table)
    with pytest.raises(ValueError, match="another folder"):
        fitting.fit(models[change], tosses, folder=tmp_path, **QUICK)


def test_a_folder_keeps_who_is_done(tmp_path, monkeypatch):
    from dra.fitting import _settings

    calls, original = [], _settings.fit_person

    def counted(person, *rest):
        calls.append(person.name)
        return original(person, *rest)

    monkeypatch.setattr(_settings, "fit_person", counted)
    alone = fitting.fit("equal", PEOPLE, **QUICK)
    first = PEOPLE[PEOPLE.person != "cy"]
    fitting.fit("equal", first, folder=tmp_path / "kept", **QUICK)
    calls.clear()
    again = fitting.fit("equal", PEOPLE, folder=tmp_path / "kept", **QUICK)
    assert calls == ["cy"]
    assert again.table.equals(alone.table) and again.people.equals(alone.people)
    for change in ({"data": PEOPLE.assign(accept=1 - PEOPLE.accept)}, {"rng": 1}, {"clip": 0.01},
                   {"model": "stakes"}):  # fmt: skip
        given = {"model": "equal", "data": PEOPLE, "folder": tmp_path / "kept"} | QUICK | change
        with pytest.raises(ValueError, match="another folder"):
            fitting.fit(**given)


def pressing(function, start, bounds, rng):
    """An optimiser during which Ctrl-C is pressed."""
    signal.raise_signal(signal.SIGINT)
    return bounds.mean(axis=1)


def test_ctrl_c_loses_nothing(tmp_path):
    options = QUICK | {"optimiser": pressing, "intervals": "none"}
    with pytest.raises(fitting.Interrupted, match="1 of 3 people") as stopped:
        fitting.fit("equal", PEOPLE, folder=tmp_path, **options)
    part = stopped.value.fit
    assert part.people.person.tolist() == ["ann"]
    assert len(list(tmp_path.iterdir())) == 1
    assert part.simulate(0).person.unique().tolist() == ["ann"]
    again = pickle.loads(pickle.dumps(stopped.value))
    assert str(again) == str(stopped.value)


def test_an_error_on_the_way_carries_those_before():
    people = []

    def breaking(function, start, bounds, rng):
        people.append(start)
        if len(people) == 2:
            raise OSError("the licence server is away")
        return bounds.mean(axis=1)

    options = QUICK | {"optimiser": breaking, "intervals": "none", "starts": 1}
    with pytest.raises(OSError, match="licence") as stopped:
        fitting.fit("equal", PEOPLE, **options)
    assert stopped.value.fit.people.person.tolist() == ["ann"]
    assert "fit of 1 before" in stopped.value.__notes__[0]


def put(column, row, value):
    """Return a function that puts a value in a table."""
    return lambda table: table.assign(
        **{column: table[column].astype(object).where(table.index != row, value)}
    )


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.drop(columns="machine"), r"needs \['machine'\] as well"),
        (lambda t: t.assign(d=t.d.where(t.index != 7)), "nan in column 'd', row 7; .* finite"),
        (put("d", 3, "x"), "'x' in column 'd', row 3"),
        (put("d", 3, np.inf), "inf in column 'd', row 3"),
        (put("accept", 9, 2), "2 in column 'accept'.* 0 to 1"),
        (put("accept", 9, 0.5), "0.5 in column 'accept', row 9"),
        (put("machine", 4, None), "None in column 'machine', row 4"),
        (put("person", 5, np.nan), "nan in column 'person', row 5"),
        (lambda t: t.iloc[:0], "no rows"),
        (lambda t: pd.concat([t, t[["d"]]], axis=1), "column 'd' twice"),
        (lambda t: t.assign(person=[1, "1"] * (len(t) // 2)), "differ as text"),
    ],
)
def test_bad_data_is_named_by_column_and_row(change, message):
    with pytest.raises(ValueError, match=f"^data .*{message}"):
        fitting.fit("equal", change(PEOPLE), **QUICK)


def test_what_may_stand_in_a_table():
    odd = PEOPLE.assign(
        accept=PEOPLE.accept.astype(bool), machine=pd.Categorical(PEOPLE.machine), note="x",
        d=PEOPLE.d.astype("Float64"),
    )  # fmt: skip
    plain = fitting.fit("stakes", PEOPLE, **QUICK).table
    assert fitting.fit("stakes", odd, **QUICK).table.equals(plain)
    one = PEOPLE[PEOPLE.person == "ann"].drop(columns="person")
    assert fitting.fit("equal", one, **QUICK).table.person.tolist() == [0]
    renamed = PEOPLE.assign(machine=PEOPLE.machine.map(lambda name: 10 - len(name)))
    assert len(renamed.machine.unique()) < 4  # names of one length are one machine now
    other = PEOPLE.assign(machine=PEOPLE.machine.map({m: -i for i, m in enumerate(
        PEOPLE.machine.unique())}))  # fmt: skip
    np.testing.assert_allclose(
        fitting.fit("stakes", other, **QUICK).table.estimate, plain.estimate, rtol=1e-6
    )


def test_fixed_and_free():
    found = fitting.fit("stakes", PEOPLE, fixed={"lapse": 0.1, "power": None}, **QUICK)
    assert found.table.parameter.tolist() == ["sigma", "power"] * 3
    assert found.parameters("bob")["lapse"] == 0.1
    assert found.people.aic.tolist() == (4 - 2 * found.people.log_likelihood).tolist()
    with pytest.raises(ValueError, match="leave a parameter free"):
        fitting.fit("equal", PEOPLE, fixed={"sigma": 1.0}, **QUICK)


def test_simulating_keeps_all_but_the_choices():
    found = fitting.fit("equal", PEOPLE, **QUICK)
    made = found.simulate(5)
    assert made.drop(columns="accept").equals(PEOPLE.drop(columns="accept"))
    assert made.equals(found.simulate(5)) and not made.equals(found.simulate(6))


def share(table):
    """How often each machine is accepted where that pays."""
    return table[table.d > 0].groupby("machine").accept.mean()


def test_a_check_passes_what_the_model_made_and_fails_what_it_cannot():
    """200 draws; four shares outside of all of them have a probability of 4 * 2 / 201."""
    people = crowd(["ann"], 2000)
    found = fitting.fit("equal", people, **QUICK)
    seen = found.check(share, 0, draws=200, confidence=0.9)
    assert seen.below.between(0.001, 0.999).all()
    assert ((seen.low <= seen["mean"]) & (seen["mean"] <= seen.high)).all()
    lazy = people.assign(accept=people.accept.where(people.machine != "rarely, low", 0))
    seen = fitting.fit("equal", lazy, **QUICK).check(share, 0, draws=200)
    assert seen.below["rarely, low"] == 0.0


def test_cross_validation_is_fitting_the_first_part_and_predicting_the_next():
    """By hand, for the closed form of one sigma and one size of d: a share."""
    people = crowd(["ann"], 330)
    people["d"] = np.sign(people.d)
    folds = fitting.cross_validate("equal", people, rng=0, folds=2, clip=0.0, starts=2)
    assert folds.fitted.tolist() == [110, 220] and folds.predicted.tolist() == [110, 110]
    right = (people.accept == (people.d > 0)).to_numpy()
    for fold, end in zip(folds.itertuples(), (110, 220), strict=True):
        p = right[:end].mean()
        later = right[end : end + 110]
        expected = later.sum() * np.log(p) + (~later).sum() * np.log(1 - p)
        assert fold.log_likelihood == pytest.approx(expected, abs=1e-3)


def test_predictions_go_on_from_the_memories_of_the_first_part():
    """DRA with all parameters but one known: the last block by hand, from the whole path."""
    truth = {"cost_weight": 0.05, "learning_rate_sigma": 0.3, "sigma_init": 4.0}
    people = fitting.simulate("dra", truth, fitting.slot_machines(300, rng=0), rng=1)
    tight = {k: (0.999 * v, 1.001 * v) for k, v in truth.items()}
    folds = fitting.cross_validate("dra", people, rng=0, folds=1, bounds=tight, starts=1)
    logs = fitting.log_likelihood("dra", truth, people)
    assert folds.log_likelihood[0] == pytest.approx(logs[150:].sum(), abs=0.05)
    fresh = fitting.log_likelihood("dra", truth, people[150:]).sum()
    assert abs(folds.log_likelihood[0] - fresh) > 0.2


def test_the_best_model_is_found_where_there_is_enough_to_see():
    """8000 choices, powers of 2: the others lose by far more than chance (20 nats)."""
    offers = fitting.slot_machines(8000, rng=0)
    for model in ("frequency", "stakes"):
        people = fitting.simulate(model, {"sigma": 1.5, "power": 1.0}, offers, rng=1)
        judged = fitting.compare(["equal", "frequency", "stakes"], people, rng=0, folds=2)
        for score, sign in (("aic", -1), ("bic", -1), ("predicted", 1)):
            assert judged.model[(sign * judged[score]).idxmax()] == model
        assert np.ptp(judged.log_likelihood) > 20
    expected = fitting.fit("equal", people, rng=0, intervals="none")
    assert judged.aic[0] == pytest.approx(expected.aic, abs=1e-6)


def test_a_model_of_ones_own_that_gives_no_probabilities_is_refused():
    def loud(parameters, rows):
        return np.full((len(rows["choice"]), 2), parameters["x"])

    model = fitting.ChoiceModel("loud", {"x": (0.1, 0.9)}, loud)
    data = pd.DataFrame({"choice": [0, 1, 1]})
    with pytest.raises(ValueError, match="must be probabilities"):
        fitting.log_likelihood(model, {"x": 0.6}, data)
    narrow = fitting.ChoiceModel("narrow", {"x": (0.1, 0.9)}, lambda p, rows: np.ones((1, 2)) / 2)
    with pytest.raises(ValueError, match=r"shape \(1, 2\) for 3 choices"):
        fitting.fit(narrow, data, rng=0)


def test_a_model_may_look_back_and_draw_its_own_choices():
    """A habit: the last choice again, with the probability stay. 2000 choices, 6 errors."""

    def habit(parameters, rows):
        stay = parameters["stay"]
        before = np.concatenate([[0], rows["choice"][:-1]])
        return np.where(before[:, None] == np.arange(2), stay, 1 - stay)

    def draw(parameters, rows, rng):
        turns = rng.random(len(rows["trial"])) >= parameters["stay"]
        return np.cumsum(turns) % 2

    model = fitting.ChoiceModel("habit", {"stay": (0.01, 0.99)}, habit, ("trial",), simulate=draw)
    data = fitting.simulate(model, {"stay": 0.8}, pd.DataFrame({"trial": np.arange(2000)}), rng=0)
    row = fitting.fit(model, data, rng=0).table.iloc[0]
    assert abs(row.estimate - 0.8) < 6 * row.standard_error
    assert row.standard_error == pytest.approx(np.sqrt(0.8 * 0.2 / 2000), rel=0.1)


def test_intervals_widen_with_confidence():
    people = crowd(["ann"], 600)
    widths = []
    for confidence in (0.5, 0.95):
        for intervals in ("wald", "profile"):
            row = fitting.fit(
                "equal", people, rng=0, intervals=intervals, confidence=confidence
            ).table.iloc[0]
            widths.append(np.log(row.high / row.low) / 2 / norm.ppf((1 + confidence) / 2))
            error = row.standard_error / row.estimate
            assert widths[-1] == pytest.approx(error, rel=0.1)
