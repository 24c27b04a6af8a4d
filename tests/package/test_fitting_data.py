"""Tables of choices as people have them, and what a fit says of data that say nothing."""

import warnings

import numpy as np
import pandas as pd
import pytest

from dra import fitting
from dra.tasks.advice import Advice

OFFERS = fitting.slot_machines(120, rng=0)
PERSON = fitting.simulate("equal", {"sigma": 2.0}, OFFERS, rng=1)
QUICK = {"rng": 0, "starts": 1, "intervals": "none", "progress": False}


def estimates(data, model="equal", **options):
    return fitting.fit(model, data, **QUICK | options).table.estimate.tolist()


SPANS = pd.to_timedelta(PERSON.d, unit="s")
NO_NUMBERS = {
    "spans of time": SPANS,
    "dates": pd.Timestamp("2020") + SPANS,
    "dates as objects": pd.Series([pd.Timestamp("2020")] * 120, dtype=object),
    "periods": pd.period_range("2020", periods=120),
    "complex": PERSON.d + 1j,
    "complex as objects": (PERSON.d + 1j).astype(object),
}


@pytest.mark.parametrize("kind", NO_NUMBERS)
def test_what_is_no_number_is_refused(kind):
    with pytest.raises(ValueError, match=r"in column 'd', row 0; it must be a finite number"):
        estimates(PERSON.assign(d=NO_NUMBERS[kind]))


@pytest.mark.parametrize("entry", [1 + 1j, pd.Timestamp("2020"), pd.Timedelta("1s"), "x"])
def test_one_entry_that_is_no_number_is_found(entry):
    mixed = PERSON.d.astype(object)
    mixed.iloc[3] = entry
    with pytest.raises(ValueError, match=r"in column 'd', row 3; it must be a finite number"):
        estimates(PERSON.assign(d=mixed))


@pytest.mark.parametrize("kind", [str, "category", "Float64", object, "float32"])
def test_numbers_of_any_kind_are_the_same_numbers(kind):
    assert estimates(PERSON.assign(d=PERSON.d.astype(kind))) == estimates(PERSON)


@pytest.mark.parametrize("names", [(1, "1"), (True, "True"), (1.0, "1.0")])
def test_machines_of_the_same_text_are_not_taken_for_one(names):
    data = PERSON.assign(machine=pd.Series(names * 60, dtype=object))
    with pytest.raises(ValueError, match=r"in column 'machine', row 1; .* must differ as text"):
        estimates(data, "frequency")


@pytest.mark.parametrize("path", [fitting.frequency_path, fitting.stakes_path, fitting.dra_path])
def test_paths_do_not_take_them_for_one_either(path):
    given = {"sigma": 1.0} if path is not fitting.dra_path else {
        "cost_weight": 0.1, "learning_rate_sigma": 0.1, "sigma_init": 2.0, "sigma_base": 5.0
    }  # fmt: skip
    d = [] if path is fitting.frequency_path else [[1.0, -1.0]]
    for good in (["1", "b"], [1, 2], np.array(["1", "b"])):
        assert path(good, *d, **given).shape == (2,)
    with pytest.raises(ValueError, match="it must be a sequence of names or one of numbers"):
        path([1, "1"], *d, **given)


def test_machines_may_be_names_and_numbers():
    two = [PERSON.assign(machine=pd.Series(names * 60, dtype=object))
           for names in ((1, "b"), ("a", "b"))]  # fmt: skip
    assert estimates(two[0], "frequency") == estimates(two[1], "frequency")


@pytest.mark.parametrize("model", ["frequency", "stakes", "dra"])
@pytest.mark.parametrize("name", ["aaa", "zzz"])
def test_a_machine_that_comes_later_changes_no_earlier_prediction(model, name):
    later = PERSON.copy()
    later.loc[96:, "machine"] = name  # the last of five blocks
    before, after = (
        fitting.cross_validate(model, data, rng=0, folds=4, starts=1, progress=False)
        for data in (PERSON, later)
    )
    same = before.log_likelihood == after.log_likelihood
    assert same.tolist() == [True, True, True, False]


@pytest.mark.parametrize("times", [0.0, 1e6])
def test_choices_that_say_nothing_are_named(times):
    with pytest.warns(Advice, match="person 0 are as likely with any sigma from 0.05 to 50"):
        estimates(PERSON.assign(d=times * PERSON.d))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        wide = {"bounds": {"sigma": (1.0, 1e9)}}
        if times:
            found = estimates(PERSON.assign(d=times * PERSON.d), **wide)
            np.testing.assert_allclose(found, np.multiply(times, estimates(PERSON)), rtol=1e-3)
