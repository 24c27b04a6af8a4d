"""Tabular tasks: a finite Markov decision process as a few arrays.

For each state and action the array ``next_state`` lists the possible successors, ``probability``
how likely each is, and ``reward`` what the move earns. The arrays have room for K successors, the
largest number that any state and action has: 1 for a deterministic task. Nothing of size
(n_states, n_states) is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from dra import _check, loops
from dra.tasks.task import Task

STEP_LIMIT = 10_000


@dataclass(frozen=True, eq=False, kw_only=True, repr=False)
class Tabular(Task):
    """A finite Markov decision process with a start distribution and a step limit.

    Attributes, beside those of :class:`dra.tasks.task.Task`
    --------------------------------------------------------
    next_state : (n_states, n_actions, K) int array
    probability : (n_states, n_actions, K) array
        Rows sum to one.
    reward : (n_states, n_actions, K) array
        Reward of each move, in the task's units.
    terminal : (n_states,) bool array
        States that end an episode. They are worth nothing and no choice is made in them.
    start_state, start_probability : (n_starts,) arrays
    """

    next_state: np.ndarray
    probability: np.ndarray
    reward: np.ndarray
    terminal: np.ndarray
    start_state: np.ndarray
    start_probability: np.ndarray

    @cached_property
    def model(self):
        """The task as the inner loops read it (:class:`dra.loops.Model`)."""
        moves = np.empty(self.next_state.shape, loops.MOVE)
        moves["to"] = self.next_state
        moves["reward"] = self.reward
        moves["cumulative"] = np.cumsum(self.probability, axis=2)
        moves["terminal"] = self.terminal[self.next_state]
        starts = np.empty(self.start_state.shape, loops.START)
        starts["state"] = self.start_state
        starts["cumulative"] = np.cumsum(self.start_probability)
        return loops.Model(moves, starts)


def tabular(
    transition, reward, *, terminal=(), start=0, step_limit=STEP_LIMIT, slot=None,
    known=None, name="tabular", action_names=None, preset=None,
):  # fmt: skip
    """Make a task from a transition matrix.

    Parameters
    ----------
    transition : (n_states, n_actions, n_states) array
        ``transition[s, a, s']`` is the probability of moving from s to s' under a.
    reward : (n_states, n_actions) or (n_states, n_actions, n_states) array
    terminal : sequence of int, or (n_states,) bool array
    start : int, or (n_states,) array of probabilities
    step_limit : int
    slot : (n_states, n_actions) int array, optional
        Memory of each choice, numbered from 0. Default: every choice has its own.
    known : mapping from slot to (q, sigma), optional
        Memories that are given and free.
    name : str
    action_names : sequence of str, optional
    preset : mapping, optional

    Raises
    ------
    ValueError
        If shapes disagree, probabilities do not sum to one, or a number is out of range.
    """
    transition = _check.probabilities("transition", transition)
    if transition.ndim != 3 or transition.shape[0] != transition.shape[2]:
        raise ValueError(
            f"transition has shape {transition.shape}; it must be (n_states, n_actions, n_states)"
        )
    n_states, n_actions, _ = transition.shape
    reward = _check.array("reward", reward)
    if reward.shape == (n_states, n_actions):
        reward = np.broadcast_to(reward[:, :, None], transition.shape)
    elif reward.shape != transition.shape:
        raise ValueError(
            f"reward has shape {reward.shape}; it must be {(n_states, n_actions)} "
            f"or {transition.shape}"
        )
    k = int((transition > 0).sum(axis=2).max())
    likely_first = np.argsort(transition <= 0, axis=2, kind="stable")[:, :, :k]
    return assemble(
        name,
        likely_first,
        np.take_along_axis(transition, likely_first, axis=2),
        np.take_along_axis(reward, likely_first, axis=2),
        terminal=_states_mask("terminal", terminal, n_states),
        start=start,
        step_limit=step_limit,
        slot=slot,
        known=known,
        action_names=action_names,
        preset=preset,
    )


def assemble(
    name, next_state, probability, reward, *, terminal, start, step_limit, slot=None,
    known=None, action_names=None, preset=None, layout=None,
):  # fmt: skip
    """Make a :class:`Tabular` from lists of successors, all (n_states, n_actions, K) arrays.

    The way to a large task: nothing here grows with the square of the number of states.
    The other parameters, and the errors, are those of :func:`tabular`.
    """
    n_states, n_actions = next_state.shape[:2]
    slot, n_slots = _slots(slot, n_states, n_actions)
    is_known, known_q, known_sigma = _known(known, n_slots)
    start_state, start_probability = _start(start, terminal)
    if action_names is None:
        action_names = tuple(str(a) for a in range(n_actions))
    if len(action_names) != n_actions:
        raise ValueError(
            f"action_names has {len(action_names)} entries; there are {n_actions} actions"
        )
    return Tabular(
        name=name,
        next_state=np.ascontiguousarray(next_state, dtype=np.int64),
        probability=np.ascontiguousarray(probability, dtype=float),
        reward=np.ascontiguousarray(reward, dtype=float),
        terminal=terminal,
        start_state=start_state,
        start_probability=start_probability,
        step_limit=_check.integer("step_limit", step_limit, least=1),
        slot=slot,
        known=is_known,
        known_q=known_q,
        known_sigma=known_sigma,
        action_names=tuple(action_names),
        preset=preset or {},
        layout=layout,
    )


def _states_mask(name, states, n_states):
    """Return ``states``, a bool mask or a sequence of state numbers, as a bool mask."""
    states = np.atleast_1d(np.asarray(states))
    if states.dtype == bool:
        if states.shape != (n_states,):
            raise ValueError(f"{name} has shape {states.shape}; as a mask it must be ({n_states},)")
        return states.copy()
    mask = np.zeros(n_states, bool)
    for s in states.tolist():
        mask[_state(name, s, n_states)] = True
    return mask


def _state(name, s, n_states):
    """Return ``s`` as a state number, or raise ``ValueError``."""
    if s != int(s) or not 0 <= s < n_states:
        raise ValueError(f"{name} is {s}; states are numbered 0 to {n_states - 1}")
    return int(s)


def _start(start, terminal):
    """Return (states, probabilities) of a start state or a start distribution."""
    if np.ndim(start) == 0:
        states, probability = np.array([_state("start", start, terminal.size)]), np.ones(1)
    else:
        start = _check.probabilities("start", start)
        if start.shape != terminal.shape:
            raise ValueError(f"start has shape {start.shape}; it must be {terminal.shape}")
        states = np.flatnonzero(start)
        probability = start[states]
    if terminal[states].any():
        raise ValueError(f"start includes the terminal state {states[terminal[states]][0]}")
    return states.astype(np.int64), probability


def _slots(slot, n_states, n_actions):
    """Return (slot, n_slots), every choice its own memory by default."""
    if slot is None:
        n_slots = n_states * n_actions
        return np.arange(n_slots).reshape(n_states, n_actions), n_slots
    slot = np.array(slot)
    if slot.shape != (n_states, n_actions):
        raise ValueError(f"slot has shape {slot.shape}; it must be {(n_states, n_actions)}")
    used = np.unique(slot)
    if not np.array_equal(used, np.arange(used.size)):
        raise ValueError(f"slot uses the numbers {used}; they must be 0, 1, ... without gaps")
    return slot.astype(np.int64), used.size


def _known(known, n_slots):
    """Return (mask, q, sigma) of the known memories."""
    mask, q, sigma = np.zeros(n_slots, bool), np.zeros(n_slots), np.ones(n_slots)
    for m, (mean, deviation) in dict(known or {}).items():
        if m != int(m) or not 0 <= m < n_slots:
            raise ValueError(f"known names memory {m}; memories are numbered 0 to {n_slots - 1}")
        mask[m] = True
        q[m] = _check.number(f"known[{m}] q", mean)
        sigma[m] = _check.number(f"known[{m}] sigma", deviation, above=0)
    return mask, q, sigma
