"""What :mod:`dra.evidence` adds up: prices and bonuses state by state, and along an episode."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import entr

from dra import _check, _slots, costs
from dra._recall_entropy import mean_entropy
from dra.exact import objectives
from dra.exact.chain import States

PAID = ("once", "visit", "step")


@dataclass(frozen=True, eq=False)
class Terms:
    """What an episode pays and earns beside its reward, in units of reward.

    Attributes
    ----------
    task : Task
    q, sigma : (n_states, n_actions) arrays
        As the choices read them.
    known : bool array of the shape of the memory
        Memories that are given, and those of choices that do not exist.
    beta, gamma, bonus_weight : float
    once : float
        Paid once an episode.
    price : (n_states,) array
        Paid at a visit.
    slope : (n_states, n_actions) array
        Derivative of ``price`` in sigma, where a visit pays for the memories of its state.
    table : array of the shape of the memory
        Derivative of what all memories cost, where all are paid for at once.
    """

    task: object
    q: np.ndarray
    sigma: np.ndarray
    known: np.ndarray
    beta: float
    gamma: float
    bonus_weight: float
    once: float
    price: np.ndarray
    slope: np.ndarray
    table: np.ndarray


def terms_of(task, memory, beta, gamma, cost_weight, bonus_weight, paid, cost):
    """Return the :class:`Terms`, all arguments checked."""
    _slots.check_fit(task, memory)
    beta = _check.number("beta", beta, above=0)
    gamma = _check.number("gamma", gamma, least=0, most=1)
    cost_weight = _check.number("cost_weight", cost_weight, least=0)
    bonus_weight = _check.number("bonus_weight", bonus_weight, least=0)
    _check.one_of("paid", paid, PAID)
    _slots.drawable(memory, beta)
    absent = np.ones(task.known.size, bool)
    absent[task.slot[task.available]] = False
    known = memory.known | ~memory.available | absent.reshape(memory.q.shape)
    each, slope = (
        np.where(
            known, 0.0, cost_weight * costs.evaluated(cost, memory.sigma, memory.sigma_base, m)
        )
        for m in ("value", "grad")
    )
    by_choice = [
        np.where(task.available, x.reshape(-1)[task.slot], 0.0)
        for x in (each, slope, memory.q, memory.sigma)
    ]
    at_visit = paid == "visit"
    whole = float(each.sum())
    return Terms(
        task, *by_choice[2:], known, beta, gamma, bonus_weight,
        whole if paid == "once" else 0.0,
        by_choice[0].sum(axis=1) if at_visit else np.full(task.n_states, whole * (paid == "step")),
        by_choice[1] * at_visit,
        slope * (not at_visit),
    )  # fmt: skip


@dataclass(frozen=True, eq=False)
class Exact:
    """The same for the states that a tabular task can visit, with the choices made there."""

    states: States
    choices: objectives.Choices
    bonus: np.ndarray  # (n,)
    bonus_by_sigma: np.ndarray  # (n, n_actions)
    bonus_by_q: np.ndarray


def exactly(task, memory, terms):
    """Return the :class:`Exact` choices and bonuses of a memory."""
    states, memory = objectives.fitted(task, memory)
    q, sigma = objectives.remembered(task, memory, states)
    made = objectives.choices_of(q, sigma, terms.beta, states.available)
    bonus = np.zeros(len(q)), np.zeros(q.shape), np.zeros(q.shape)
    if terms.bonus_weight > 0:
        found = mean_entropy(q, sigma, terms.beta, states.available)
        bonus = tuple(terms.bonus_weight * x for x in found)
    return Exact(states, made, *bonus)


@dataclass(frozen=True, eq=False)
class Walk:
    """One sampled episode of T moves, with what it pays and earns."""

    terms: Terms
    episode: object

    @cached_property
    def rows(self):
        """Rows of the memory that the T choices read."""
        return self.episode.states[:-1]

    @cached_property
    def slot(self):
        """Memories that they read, (T, n_actions)."""
        return self.terms.task.slot[self.rows]

    @cached_property
    def noise(self):
        """Draws zeta, (T, n_actions); 0 where there is no choice."""
        return np.nan_to_num(self.episode.noise)

    @cached_property
    def chance(self):
        """pi(a | s, zeta), (T, n_actions)."""
        at = self.terms
        x = at.beta * (at.q[self.rows] + at.sigma[self.rows] * self.noise)
        x = np.where(at.task.available[self.rows], x, -np.inf)
        weight = np.exp(x - x.max(axis=1, keepdims=True))
        return weight / weight.sum(axis=1, keepdims=True)

    @cached_property
    def entropy(self):
        """Entropy of each choice given its draw, (T,)."""
        return entr(self.chance).sum(axis=1)

    @cached_property
    def discount(self):
        """gamma^t, (T,)."""
        return self.terms.gamma ** np.arange(len(self.rows))

    def sums(self):
        """Return (reward, cost, bonus) of the episode."""
        at, d = self.terms, self.discount
        price = at.once + float(d @ at.price[self.rows])
        return float(d @ self.episode.rewards), price, float(at.bonus_weight * (d @ self.entropy))

    def slopes(self):
        """Return the estimated gradient in sigma choice by choice, (T, n_actions)."""
        at, d, pi = self.terms, self.discount[:, None], self.chance
        income = self.episode.rewards - at.price[self.rows] + at.bonus_weight * self.entropy
        to_come = np.cumsum((self.discount * income)[::-1])[::-1, None]
        taken = np.arange(pi.shape[1]) == self.episode.actions[:, None]
        score = at.beta * self.noise * (taken - pi)
        change = at.beta * self.noise * (entr(pi) - pi * self.entropy[:, None])
        return to_come * score + d * (at.bonus_weight * change - at.slope[self.rows])
