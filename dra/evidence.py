"""DRA's objective as evidence: what is paid along the trajectory, and a bonus for entropy.

If the draw of a memory is part of the action, control as inference (Levine 2018) gives a lower
bound on the evidence that an episode went well (chapter 11). In units of reward it is

    L = E sum_t gamma^t (r_{t+1} - lambda C(s_t) + eta H(pi(. | s_t, zeta_t)))       (eq-bound)

with C(s) the nats of the memories that are recalled in s. It differs from DRA's objective in two
ways, each of which has a switch here:

- ``paid``: what is paid for; "once": all memories once an episode, as DRA does; "visit": at every
  visit the memories of the state; "step": at every step all memories;
- ``bonus_weight``: eta, what a nat of entropy of the choice given the draw earns; DRA's is 0.

A strict bound has eta = lambda, and is lambda ln n(s) lower at each step where n(s) actions exist.
With "once" and 0 all functions here agree with those of :mod:`dra.exact` and :mod:`dra.gradient`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from dra import _check, _slots, costs, exact
from dra._evidence import Walk, exactly, terms_of
from dra._recall_entropy import mean_entropy
from dra.costs import Cost
from dra.episodes import rollout
from dra.exact import chain as chains
from dra.exact import objectives
from dra.memory import Memory
from dra.tasks import Task
from dra.tasks.table import Tabular

__all__ = ["Bound", "bound", "bound_gradient", "estimate", "recall_entropy", "sample"]


@dataclass(frozen=True, eq=False)
class Bound:
    """The terms of the bound, in units of reward: numbers, or arrays with one entry an episode.

    Attributes
    ----------
    value : float or (n,) array
        Reward minus cost plus bonus.
    reward, cost, bonus : float or (n,) array
    """

    value: Any
    reward: Any
    cost: Any
    bonus: Any


@np.errstate(all="ignore")
def bound(
    task: Tabular, memory: Memory, *, beta: float, gamma: float, cost_weight: float,
    bonus_weight: float = 0.0, paid: str = "once", cost: str | Cost = costs.kl,
) -> Bound:  # fmt: skip
    """Return the bound and its terms, exactly (eq-bound). The task's step limit is ignored.

    Parameters
    ----------
    task : Tabular
    memory : Memory
    beta : float
        Inverse temperature, finite.
    gamma : float in [0, 1]
        Discount of all that happens at a step.
    cost_weight : float >= 0
        Price of a nat: once an episode, at a visit or at a step, as ``paid`` says.
    bonus_weight : float >= 0
        What a nat of entropy of the choice, given the draw, earns at each step.
    paid : str
        "once", "visit" or "step".
    cost : str or cost

    Returns
    -------
    Bound

    Raises
    ------
    ValueError
        If an argument is not legal, or ``gamma`` is 1 and an episode may never end.

    Examples
    --------
    >>> import dra
    >>> from dra import evidence
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> memory = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
    >>> options = {"beta": 10.0, "gamma": 0.9, "cost_weight": 0.1}
    >>> round(evidence.bound(task, memory, **options).cost, 3)  # twelve memories
    1.355
    >>> round(evidence.bound(task, memory, paid="visit", **options).cost, 3)  # four at a visit
    2.733
    """
    terms = terms_of(task, memory, beta, gamma, cost_weight, bonus_weight, paid, cost)
    at = exactly(task, memory, terms)
    visits = chains.visits(at.states, at.choices.chance, terms.gamma)
    reward = float(visits @ np.sum(at.choices.chance * at.states.reward, axis=1))
    price = terms.once + float(visits @ terms.price[at.states.number])
    bonus = float(visits @ at.bonus)
    return Bound(reward - price + bonus, reward, price, bonus)


@np.errstate(all="ignore")
def bound_gradient(
    task: Tabular, memory: Memory, *, beta: float, gamma: float, cost_weight: float,
    bonus_weight: float = 0.0, paid: str = "once", cost: str | Cost = costs.kl,
) -> exact.Gradient:  # fmt: skip
    """Return the exact gradient of :func:`bound` (eq-bound-gradient).

    What a state costs and earns counts twice: a change of sigma changes it, and changes how often
    the state is visited.

    Parameters
    ----------
    task, memory, beta, gamma, cost_weight, bonus_weight, paid, cost
        As for :func:`bound`.

    Returns
    -------
    dra.exact.Gradient
        At fixed q and at fixed sigma; zero for known memories.

    Raises
    ------
    ValueError
        As :func:`bound`.

    Examples
    --------
    >>> import dra
    >>> from dra import evidence, exact
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> memory = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
    >>> options = {"beta": 10.0, "gamma": 0.9, "cost_weight": 0.1}
    >>> mine = evidence.bound_gradient(task, memory, **options).sigma
    >>> bool(abs(mine - exact.objective_gradient(task, memory, **options).sigma).max() < 1e-12)
    True
    """
    terms = terms_of(task, memory, beta, gamma, cost_weight, bonus_weight, paid, cost)
    at = exactly(task, memory, terms)
    here = (at.bonus - terms.price[at.states.number])[:, None]
    income = np.where(at.states.available, at.states.reward + here, 0.0)
    states, gamma = replace(at.states, reward=income), terms.gamma
    visits = chains.visits(states, at.choices.chance, gamma)
    _, by_sigma, by_q = objectives.reward_and_gradient(states, at.choices, gamma)
    by_sigma += visits[:, None] * (at.bonus_by_sigma - terms.slope[states.number])
    by_q += visits[:, None] * at.bonus_by_q
    sigma, q = (objectives.collected(task, memory, states, x) for x in (by_sigma, by_q))
    times = 1.0 if paid == "once" else float(visits.sum())
    return exact.Gradient(np.where(terms.known, 0.0, sigma - times * terms.table), q)


@np.errstate(all="ignore")
def recall_entropy(task: Tabular, memory: Memory, *, beta: float) -> np.ndarray:
    """Return the mean entropy of each state's choice given the draw, exactly (eq-left-over).

    Less than :meth:`dra.Memory.choice_entropy`, by what the draw tells of the choice.

    Parameters
    ----------
    task : Tabular
    memory : Memory
    beta : float
        Inverse temperature, finite.

    Returns
    -------
    (n_states,) array
        E over zeta of H(pi(. | s, zeta)) in nats; 0 for states that no episode can reach.

    Raises
    ------
    ValueError
        If an argument is not legal.

    Examples
    --------
    >>> import dra
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> memory = dra.Memory.initial(task, sigma=0.5, sigma_base=5.0)
    >>> recall_entropy(task, memory, beta=2.0).round(3)
    array([1.114, 1.114, 0.   ])
    >>> round(float(memory.choice_entropy(beta=2.0)[0]), 3)
    1.386
    """
    beta = _check.number("beta", beta, above=0)
    states, memory = objectives.fitted(task, memory)
    _slots.drawable(memory, beta)
    found = np.zeros(task.n_states)
    q, sigma = objectives.remembered(task, memory, states)
    found[states.number] = mean_entropy(q, sigma, beta, states.available)[0]
    return found


@np.errstate(all="ignore")
def sample(
    task: Task, memory: Memory, *, beta: float, gamma: float, cost_weight: float,
    bonus_weight: float = 0.0, paid: str = "once", cost: str | Cost = costs.kl,
    episodes: int, rng: Any,
) -> Bound:  # fmt: skip
    """Return the terms of the bound in sampled episodes.

    Parameters
    ----------
    task : Task
        Any: episodes are rolled out, up to the step limit.
    memory, beta, gamma, cost_weight, bonus_weight, paid, cost
        As for :func:`bound`.
    episodes : int
    rng : seed or Generator

    Returns
    -------
    Bound
        Of (episodes,) arrays.

    Raises
    ------
    ValueError
        If an argument is not legal or the memory does not fit the task.

    Examples
    --------
    >>> import dra
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> memory = dra.Memory.initial(task, sigma=1.0, sigma_base=5.0)
    >>> options = {"beta": 10.0, "gamma": 1.0, "cost_weight": 0.1, "paid": "visit"}
    >>> sample(task, memory, episodes=3, rng=0, **options).cost.round(2)
    array([3.16, 1.36, 4.07])
    """
    terms = terms_of(task, memory, beta, gamma, cost_weight, bonus_weight, paid, cost)
    episodes = _check.integer("episodes", episodes, least=1)
    rng = _check.generator("rng", rng)
    sums = np.empty((episodes, 3))
    for k in range(episodes):
        sums[k] = Walk(terms, rollout(task, memory, beta=terms.beta, rng=rng)).sums()
    reward, price, bonus = sums.T
    return Bound(reward - price + bonus, reward, price, bonus)


@np.errstate(all="ignore")
def estimate(
    task: Task, memory: Memory, *, beta: float, gamma: float, cost_weight: float,
    bonus_weight: float = 0.0, paid: str = "once", cost: str | Cost = costs.kl,
    n_trajectories: int = 10, rng: Any,
) -> np.ndarray:  # fmt: skip
    """Return an unbiased estimate of the gradient of the bound in sigma (eq-bound-gradient).

    Each choice is credited with all that follows it, what is paid and the bonus included; what a
    visit costs and earns adds its own slope.

    Parameters
    ----------
    task : Task
    memory, beta, gamma, cost_weight, bonus_weight, paid, cost
        As for :func:`bound`.
    n_trajectories : int
    rng : seed or Generator

    Returns
    -------
    array of the shape of ``memory.sigma``
        The mean over trajectories; zero for known memories.

    Raises
    ------
    ValueError
        If an argument is not legal or the memory does not fit the task.

    Examples
    --------
    >>> import dra
    >>> task = dra.tasks.gridworld(1, 3, start=(0, 0), goal=(0, 2), walls=())
    >>> memory = dra.Memory([[0, 0, 0, 9.0]] * 3, sigma=4.0, sigma_base=5.0)
    >>> options = {"beta": 1.0, "gamma": 0.5, "cost_weight": 0.1, "bonus_weight": 0.1}
    >>> slope = estimate(task, memory, n_trajectories=2000, rng=0, **options)
    >>> bool(slope[:2, 3].sum() < 0)  # a sharper memory of the way to the goal would pay
    True
    """
    terms = terms_of(task, memory, beta, gamma, cost_weight, bonus_weight, paid, cost)
    n = _check.integer("n_trajectories", n_trajectories, least=1)
    rng = _check.generator("rng", rng)
    total, times = np.zeros(memory.sigma.size), 0.0
    for _ in range(n):
        walk = Walk(terms, rollout(task, memory, beta=terms.beta, rng=rng))
        np.add.at(total, walk.slot, walk.slopes())
        times += 1.0 if paid == "once" else float(walk.discount.sum())
    mean = (total.reshape(memory.sigma.shape) - times * terms.table) / n
    return np.where(terms.known, 0.0, mean)
