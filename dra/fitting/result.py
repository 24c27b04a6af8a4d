"""What a fit found, and what can be asked of it."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from dra import _check
from dra._check import Seed
from dra.fitting import _data, _profile
from dra.fitting.model import ChoiceModel, drawn

if TYPE_CHECKING:
    import pandas as pd


class Interrupted(KeyboardInterrupt):
    """Ctrl-C during a fit. Nothing is lost: ``fit`` holds everyone done so far.

    With a ``folder``, the same call goes on from there. Without one, fit the others alone: what is
    found of a person depends on nobody else.
    """

    def __init__(self, fit, total):
        super().__init__(
            f"stopped after {len(fit.people)} of {total} people; they are kept as the attribute fit"
        )
        self.fit, self.total = fit, total

    def __reduce__(self):
        """Copy and pickle by what it holds, not by the message."""
        return type(self), (self.fit, self.total)


@dataclass(frozen=True, eq=False)
class Fit:
    """Fitted parameters.

    Attributes
    ----------
    table : DataFrame
        One row a person and parameter: person, parameter, estimate, standard_error, low, high.
    people : DataFrame
        One row a person: person, choices, log_likelihood (nats), aic, bic.
    model : ChoiceModel
    data : DataFrame
        What was fitted, a row a choice.
    settings : object
        How.
    """

    table: pd.DataFrame
    people: pd.DataFrame
    model: ChoiceModel
    data: pd.DataFrame
    settings: Any

    @property
    def log_likelihood(self) -> float:
        """Log-likelihood of all choices at the estimates, in nats (eq-fit-likelihood)."""
        return float(self.people.log_likelihood.sum())

    @property
    def aic(self) -> float:
        """Akaike's criterion, the sum over people (eq-fit-aic)."""
        return float(self.people.aic.sum())

    @property
    def bic(self) -> float:
        """Schwarz's criterion, the sum over people (eq-fit-aic)."""
        return float(self.people.bic.sum())

    def parameters(self, person: Hashable = None) -> dict[str, float]:
        """Return all parameters of a person, those kept fixed among them.

        Parameters
        ----------
        person : name, optional
            Not needed where there is one only.

        Returns
        -------
        dict of parameter name to float

        Raises
        ------
        ValueError
            If there is no such person, or more than one and none is named.
        """
        rows = self.table[(self.table.person == self._name(person)).to_numpy(dtype=bool)]
        found = dict(zip(rows.parameter, rows.estimate.tolist(), strict=True))
        return {k: (self.settings.fixed | found)[k] for k in self.model.bounds}

    def _name(self, person):
        """Return the name of a person in the table, or raise."""
        names = self.people.person.tolist()
        if person is None and len(names) == 1:
            return names[0]
        try:
            if not isinstance(person, bool | np.bool_ | np.ndarray) and person in names:
                return person
        except Exception:  # what cannot be compared is no name
            pass
        shown = _check.shown(names)
        raise ValueError(f"person is {_check.shown(person)}; it must be one of {shown}")

    def _done(self):
        """Return the :class:`_data.Person` of everyone fitted."""
        fitted = set(self.people.person)
        return [p for p in _data.people_of(self.model, self.data) if p.name in fitted]

    def simulate(self, rng: Seed) -> pd.DataFrame:
        """Return the data with choices that the fitted people would make.

        Parameters
        ----------
        rng : seed or Generator
            Each person has a stream of their own.

        Returns
        -------
        DataFrame
            A copy of `data`, of those who were fitted.
        """
        people, rng = self._done(), _check.generator("rng", rng)
        parameters = {p.name: self.parameters(p.name) for p in people}
        return _drawn(self, people, parameters, rng)

    def profile(self, parameter: str, person: Hashable = None, *, points: int = 25) -> pd.DataFrame:
        """Return the profile likelihood of one parameter (eq-fit-profile).

        At each value all other free parameters are fitted again.

        Parameters
        ----------
        parameter : str
            A fitted one.
        person : name, optional
            Not needed where there is one only.
        points : int
            How many values, at least 3, evenly in the scale of the search. They reach half as far
            again as the interval in `table`, or over all that is allowed where there is none.

        Returns
        -------
        DataFrame
            With the columns of all free parameters and log_likelihood, in nats, a row for each
            value, ascending. How the other parameters move with this one is what trades off.

        Raises
        ------
        ValueError
            If an argument is not legal.
        """
        import pandas as pd

        free = self.settings.free
        _check.one_of("parameter", parameter, free)
        points = _check.integer("points", points, least=3, most=10**6)
        name, i = self._name(person), free.index(parameter)
        problem = self.settings.problem(next(p for p in self._done() if p.name == name))
        rows = self.table[(self.table.person == name).to_numpy(dtype=bool)]
        x, low, high = (problem.inner(rows[c].to_numpy()) for c in ("estimate", "low", "high"))
        low, high = (1.5 * end[i] - 0.5 * x[i] for end in (low, high))
        border = problem.box[i]
        low, high = (np.clip(e, *border) if np.isfinite(e) else b
                     for e, b in zip((low, high), border, strict=True))  # fmt: skip
        values = np.unique([*np.linspace(low, high, points - 1), x[i]])
        losses, found = _profile.curve(problem, i, x, values)
        theta = np.array([problem.outer(point) for point in found])
        return pd.DataFrame(dict(zip(free, theta.T, strict=True)) | {"log_likelihood": -losses})

    def check(
        self, statistic: Callable, rng: Seed, *, draws: int = 200, confidence: float = 0.95
    ) -> pd.DataFrame:
        """Compare the data with what the fitted model predicts of it.

        Parameters
        ----------
        statistic : callable (DataFrame) -> Series, mapping or number
            What to look at: the share of acceptances by machine, say.
        rng : seed or Generator
        draws : int
            Simulated data sets, at least 2.
        confidence : float
            Of the interval, between 0 and 1.

        Returns
        -------
        DataFrame
            A row for each entry of the statistic: observed, mean, low, high of the simulated ones,
            and below, the share of these that lie below the observed (half of those equal to it).
            Parameters are those estimated, so the intervals are a little narrow.

        Raises
        ------
        ValueError
            If an argument is not legal.
        """
        import pandas as pd

        _check.function("statistic", statistic)
        draws = _check.integer("draws", draws, least=2, most=10**6)
        confidence = _check.number("confidence", confidence, above=0, most=1)
        rng, people = _check.generator("rng", rng), self._done()
        parameters = {p.name: self.parameters(p.name) for p in people}
        kept = self.data.iloc[np.sort(np.concatenate([p.place for p in people]))]
        try:
            seen = _as_series(statistic(kept))
        except Exception as error:
            raise ValueError(f"statistic fails on the data: {error}") from error
        made = pd.DataFrame(
            [_as_series(statistic(_drawn(self, people, parameters, rng))) for _ in range(draws)]
        ).reindex(columns=seen.index)
        tail = (1 - confidence) / 2
        below = (made < seen).mean() + (made == seen).mean() / 2
        ends = made.quantile([tail, 1 - tail])
        return pd.DataFrame(
            {"observed": seen, "mean": made.mean(), "low": ends.iloc[0], "high": ends.iloc[1],
             "below": below}
        )  # fmt: skip


def _drawn(fit, people, parameters, rng):
    """Return simulated data of the people fitted."""
    made = drawn(fit.model, parameters, fit.data, people, rng)
    place = np.sort(np.concatenate([p.place for p in people]))
    return made.iloc[place]


def _as_series(value):
    """Return what a statistic gives as a Series of floats, or raise."""
    import pandas as pd

    try:
        return pd.Series(value, dtype=float)
    except (TypeError, ValueError):
        raise ValueError(
            f"statistic returns {_check.shown(value)}; it must return numbers"
        ) from None
