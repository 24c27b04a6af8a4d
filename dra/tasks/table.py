"""Tabular tasks: a finite Markov decision process as a few arrays.

For each state and action the array ``next_state`` lists the possible successors, ``probability``
how likely each is, and ``reward`` what the move earns. The arrays have room for K successors, the
largest number that any state and action has: 1 for a deterministic task. Nothing of size
(n_states, n_states) is kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from dra import _check, loops
from dra.tasks import entries
from dra.tasks import task as base
from dra.tasks.layout import OWN, plain, plain_layout
from dra.tasks.task import Task

STEP_LIMIT = 10_000


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Tabular(Task):
    """A finite Markov decision process: a :class:`dra.tasks.Task` and its dynamics as tables.

    Attributes
    ----------
    next_state : (n_states, n_actions, K) int array
    probability : (n_states, n_actions, K) array
        Rows sum to one.
    reward : (n_states, n_actions, K) array
        Mean reward of each move, in the task's units.
    reward_noise : (n_states, n_actions, K) array
        Standard deviation of a normal variable that each reward is increased by.
    terminal : (n_states,) bool array
        States that end an episode. They are worth nothing and no choice is made in them.
    start_state, start_probability : (n_starts,) arrays
    """

    next_state: np.ndarray
    probability: np.ndarray
    reward: np.ndarray
    reward_noise: np.ndarray
    terminal: np.ndarray
    start_state: np.ndarray
    start_probability: np.ndarray

    def __post_init__(self) -> None:
        """Check every table: the inner loops read them without looking."""
        super().__post_init__()
        shape = *self.slot.shape, (0, *_check.shape_of("next_state", self.next_state))[-1]
        put = object.__setattr__
        put(
            self,
            "next_state",
            entries.numbered("next_state", self.next_state, shape, self.n_states),
        )
        for name in ("probability", "start_probability"):  # to divide again would move last bits
            _check.probabilities(name, getattr(self, name))
            put(self, name, _check.array(name, getattr(self, name)))
        for name, least in (("reward", None), ("reward_noise", 0)):
            put(self, name, _check.array(name, getattr(self, name), shape=shape, least=least))
        if self.probability.shape != shape:
            raise ValueError(f"probability has shape {self.probability.shape}; it must be {shape}")
        put(self, "terminal", _check.mask("terminal", self.terminal, (self.n_states,)))
        starts = _check.shape_of("start_state", self.start_state)
        put(
            self,
            "start_state",
            entries.numbered("start_state", self.start_state, starts, self.n_states),
        )
        if len(starts) != 1 or self.start_probability.shape != starts:
            raise ValueError(
                f"start_state has shape {starts}, start_probability "
                f"{self.start_probability.shape}; both must be (n_starts,)"
            )
        entries.check_starts(self)
        self._freeze()

    def pack(self) -> dict[str, Any]:
        """Return all fields, or only the name where some are objects that a file cannot hold."""
        values = {f.name: getattr(self, f.name) for f in fields(self)}
        values["preset"], values["layout"] = plain(self.preset), plain_layout(self.layout)
        if OWN in (values["preset"], values["layout"]):
            return super().pack()
        return {"kind": "tabular", **values}

    @cached_property
    def _world(self) -> loops.World:
        """The task as the inner loops read it."""
        moves = np.zeros(self.next_state.shape, loops.MOVE)
        moves["to"] = self.next_state
        moves["reward"] = self.reward
        moves["noise"] = self.reward_noise
        moves["cumulative"] = np.cumsum(self.probability, axis=2)
        moves["terminal"] = self.terminal[self.next_state]
        starts = np.empty(self.start_state.shape, loops.START)
        starts["state"] = self.start_state
        starts["cumulative"] = np.cumsum(self.start_probability)
        return loops.World(moves, starts)


def tabular(
    transition: ArrayLike, reward: ArrayLike, *, terminal: ArrayLike = (), start: ArrayLike = 0,
    available: ArrayLike | None = None, reward_noise: ArrayLike = 0.0,
    step_limit: int = STEP_LIMIT, slot: ArrayLike | None = None,
    known: Mapping[int, tuple[float, float]] | None = None, name: str = "tabular",
    action_names: Sequence[str] | None = None, preset: Mapping[str, Any] | None = None,
    layout: Any = None,
) -> Tabular:  # fmt: skip
    """Make a task from a transition matrix.

    Parameters
    ----------
    transition : (n_states, n_actions, n_states) array
        ``transition[s, a, s']`` is the probability of moving from s to s' under a. Rows of actions
        that do not exist may hold anything that is finite and not negative: it is not used.
    reward : (n_states, n_actions) or (n_states, n_actions, n_states) array
        Mean reward of a move.
    terminal : sequence of int, or (n_states,) bool array
    start : int, or (n_states,) array of probabilities
    available : (n_states, n_actions) bool array, optional
        Which actions exist in which state. Default: all. Every state that is not terminal needs
        one.
    reward_noise : float, or array of the shape of ``reward``
        Standard deviation of normal noise added to each reward.
    step_limit : int
        Moves after which an episode is cut off.
    slot : (n_states, n_actions) int array, optional
        Memory of each choice, numbered from 0. Default: every choice has its own.
    known : mapping from slot to (q, sigma), optional
        Memories that are given and free.
    name : str
    action_names : sequence of str, optional
    preset : mapping, optional
        Default parameters of :func:`dra.train`.
    layout : object, optional
        How to draw the states, see :class:`dra.tasks.Task`.

    Returns
    -------
    Tabular

    Raises
    ------
    ValueError
        If shapes disagree, probabilities do not sum to one, or a number is out of range.

    Examples
    --------
    >>> import numpy as np
    >>> transition = np.zeros((2, 2, 2))
    >>> transition[:, 0, 0] = transition[:, 1, 1] = 1.0  # action a leads to state a
    >>> tabular(transition, [[0.0, 1.0], [0.0, 0.0]], terminal=[1])
    <tabular: 2 states, 2 actions, step limit 10000>
    """
    transition = _check.array("transition", transition, least=0.0)
    if transition.ndim != 3 or transition.shape[0] != transition.shape[2] or not transition.size:
        raise ValueError(
            f"transition has shape {transition.shape}; it must be (n_states, n_actions, n_states)"
        )
    n_states, n_actions, _ = transition.shape
    if available is not None:
        available = _check.mask("available", available, (n_states, n_actions))
        transition = np.where(available[:, :, None], transition, np.eye(n_states)[:, None, :])
    transition = _check.probabilities("transition", transition)
    k = int((transition > 0).sum(axis=2).max())
    likely_first = np.argsort(transition <= 0, axis=2, kind="stable")[:, :, :k]

    def listed(name: str, value: ArrayLike, least: float | None) -> np.ndarray:
        full = entries.per_move(name, value, transition.shape, least)
        return np.take_along_axis(full, likely_first, axis=2)

    return assemble(
        name,
        likely_first,
        np.take_along_axis(transition, likely_first, axis=2),
        listed("reward", reward, None),
        reward_noise=listed("reward_noise", reward_noise, 0.0),
        terminal=entries.states_mask("terminal", terminal, n_states),
        start=start,
        step_limit=step_limit,
        slot=slot,
        known=known,
        available=available,
        action_names=action_names,
        preset=preset,
        layout=layout,
    )


def assemble(
    name: str, next_state: ArrayLike, probability: ArrayLike, reward: ArrayLike, *,
    terminal: ArrayLike, start: ArrayLike, step_limit: int = STEP_LIMIT,
    reward_noise: ArrayLike = 0.0, available: ArrayLike | None = None,
    slot: ArrayLike | None = None, known: Mapping[int, tuple[float, float]] | None = None,
    action_names: Sequence[str] | None = None, preset: Mapping[str, Any] | None = None,
    layout: Any = None,
) -> Tabular:  # fmt: skip
    """Make a task from lists of successors.

    The way to a large task: nothing here grows with the square of the number of states.

    Parameters
    ----------
    name : str
    next_state : (n_states, n_actions, K) int array
        The K states that each choice may lead to.
    probability, reward : arrays of the shape of ``next_state``, or one that broadcasts to it
        How likely each is, and the mean reward of the move.
    terminal, start, step_limit
        As for :func:`tabular`.
    reward_noise : array of the shape of ``next_state``, or one that broadcasts to it
        Standard deviation of normal noise added to each reward.
    available, slot, known, action_names, preset, layout
        As for :func:`tabular`.

    Returns
    -------
    Tabular

    Raises
    ------
    ValueError
        As :func:`tabular`.

    Examples
    --------
    A corridor of a million places, along which every step costs one:

    >>> import numpy as np
    >>> place = np.arange(10**6)
    >>> to = np.clip(np.stack([place - 1, place + 1], axis=1), 0, 10**6 - 1)
    >>> assemble("corridor", to[:, :, None], 1.0, -1.0, terminal=[10**6 - 1], start=0)
    <corridor: 1000000 states, 2 actions, step limit 10000>
    """
    shape = _check.shape_of("next_state", next_state)
    if len(shape) != 3 or 0 in shape:
        raise ValueError(f"next_state has shape {shape}; it must be (n_states, n_actions, K)")
    memories = base.memories(*shape[:2], slot=slot, known=known, available=available)
    to = entries.numbered("next_state", next_state, shape, shape[0])
    reward = _check.array("reward", reward, shape=shape)
    noise = _check.array("reward_noise", reward_noise, shape=shape, least=0.0)
    probability = _check.array("probability", probability, shape=shape, least=0.0)
    absent = ~memories["available"]
    if absent.any():  # a choice that does not exist leads nowhere
        to[absent], reward[absent], noise[absent] = np.nonzero(absent)[0][:, None], 0.0, 0.0
        probability[absent] = np.eye(1, shape[2])
    terminal = entries.states_mask("terminal", terminal, shape[0])
    start_state, start_probability = entries.starts(start, terminal)
    return Tabular(
        name=name,
        next_state=to,
        probability=probability,
        reward=reward,
        reward_noise=noise,
        terminal=terminal,
        start_state=start_state,
        start_probability=start_probability,
        step_limit=step_limit,
        action_names=base.names(action_names, shape[1]),
        preset=base.preset_of(preset),
        layout=layout,
        **memories,
    )
