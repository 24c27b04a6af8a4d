"""Random Markov decision processes, "Garnets" (Archibald, McKinnon & Thomas, 1995)."""

from __future__ import annotations

from typing import Any

import numpy as np

from dra import _check
from dra.tasks.table import STEP_LIMIT, Tabular, assemble


def random(
    n_states: int, n_actions: int, *, branching: int, rng: Any, ending: float = 0.1,
    step_limit: int = STEP_LIMIT,
) -> Tabular:  # fmt: skip
    """Make a random task: a Garnet, with an end.

    Every choice may lead to ``branching`` different states, drawn without preference; how likely
    each is, is the length of a piece of the unit interval, cut at uniform places. What a choice
    earns is drawn from the standard normal distribution. So far this is the generator of Archibald,
    McKinnon & Thomas (1995) in the form of Bhatnagar et al. (2009). It has no end. Here every move
    ends the episode with probability ``ending`` after it has earned its reward, so that returns
    need no discount: the sum of rewards is then, on average, the sum without an end discounted by
    1 - ``ending``.

    Parameters
    ----------
    n_states : int
        States in which a choice is made. The end is one more, the last.
    n_actions : int
    branching : int
        States that each choice may lead to, at most ``n_states``.
    rng : seed or Generator
    ending : float in [0, 1]
        0 makes a task that goes on for ever, without a terminal state. Give it to
        :func:`dra.train` with ``gamma`` below 1.
    step_limit : int

    Returns
    -------
    Tabular
        Episodes start in state 0, which is as good as any.

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    >>> task = random(8, 3, branching=2, rng=0)
    >>> task, task.probability.sum(axis=2).round(12).max().item()
    (<random: 9 states, 3 actions, step limit 10000>, 1.0)
    """
    n_states = _check.integer("n_states", n_states, least=1, most=10**8)
    n_actions = _check.integer("n_actions", n_actions, least=1, most=10**4)
    branching = _check.integer("branching", branching, least=1, most=n_states)
    ending = _check.number("ending", ending, least=0, most=1)
    step_limit = _check.integer("step_limit", step_limit, least=1)
    rng = _check.generator("rng", rng)
    shape = n_states, n_actions
    to = np.array([
        rng.choice(n_states, branching, replace=False) for _ in range(n_states * n_actions)
    ]).reshape(*shape, branching)  # fmt: skip
    cuts = np.sort(rng.random((*shape, branching - 1)), axis=2)
    chance = np.diff(cuts, axis=2, prepend=0.0, append=1.0)
    reward = rng.standard_normal(shape)[:, :, None]
    if ending == 0:
        return assemble(
            "random", to, chance, reward, terminal=(), start=0, step_limit=step_limit
        )  # fmt: skip
    end = np.full((n_states + 1, n_actions, branching + 1), n_states)
    end[:-1, :, :-1] = to
    chances = np.zeros(end.shape)
    chances[:-1, :, :-1], chances[:-1, :, -1] = (1 - ending) * chance, ending
    chances[-1, :, -1] = 1.0
    earned = np.concatenate([reward, np.zeros((1, n_actions, 1))])
    return assemble(
        "random", end, chances, np.broadcast_to(earned, end.shape), terminal=[n_states], start=0,
        step_limit=step_limit,
    )  # fmt: skip
