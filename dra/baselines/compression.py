"""Policy compression: the most reward for so much information between state and choice.

Maximise E[Q(s, a)] - I(S; A) / beta over policies (Lai & Gershman 2021). With P(a) the policy's own
marginal, the solution is

    pi(a | s) = P(a) exp(beta Q(s, a)) / Z(s),    P(a) = sum_s p(s) pi(a | s)     (eq-compression)

and to repeat the two is the algorithm of Blahut (1972) and Arimoto (1972). It climbs the concave
function sum_s p(s) ln Z(s). With c(a) = sum_s p(s) exp(beta Q(s, a)) / Z(s), a marginal is at most
ln max_a c(a) below the top, which tells when to stop.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dra import _check

_MOST = 500_000  # iterations
_TOLERANCE = 1e-11  # of the climb, in nats; for small beta of the reward, in units of its range


@dataclass(frozen=True, eq=False)
class Compression:
    """What :func:`policy_compression` returns.

    Attributes
    ----------
    choice_probabilities : (n_states, n_actions) array
    marginal : (n_actions,) array
        How often each action is chosen on the whole.
    bits : float
        Mutual information I(S; A) between state and choice.
    reward : float
        Expected reward of a choice.
    """

    choice_probabilities: np.ndarray
    marginal: np.ndarray
    bits: float
    reward: float


@np.errstate(under="ignore")
def policy_compression(q: ArrayLike, probability: ArrayLike, *, beta: float) -> Compression:
    """Return the best policy at a price of 1 / beta per nat of I(S; A) (eq-compression).

    Parameters
    ----------
    q : (n_states, n_actions) array
        Reward of each choice.
    probability : (n_states,) array
        How often each state occurs.
    beta : float
        What a nat of information has to earn is 1 / beta units of reward.

    Returns
    -------
    Compression

    Raises
    ------
    ValueError
        If an argument is not legal.
    RuntimeError
        If the iteration has not come close enough to its limit after half a million rounds.

    Examples
    --------
    Three states, in each of which another action is right: ln 3 nats are enough.

    >>> import numpy as np
    >>> found = policy_compression(np.eye(3), np.full(3, 1 / 3), beta=100.0)
    >>> round(found.bits, 6), round(found.reward, 6)
    (1.584963, 1.0)
    """
    q = _check.array("q", q)
    if q.ndim != 2 or q.size == 0:
        raise ValueError(f"q has shape {q.shape}; it must be (n_states, n_actions), not empty")
    chance = _check.probabilities("probability", probability)
    if chance.shape != q.shape[:1]:
        raise ValueError(f"probability has shape {chance.shape}; it must be {q.shape[:1]}")
    beta = _check.number("beta", beta, above=0)
    if not math.isfinite(beta * float(np.ptp(q[chance > 0]))):
        raise ValueError(f"beta is {beta:g}; times q it must stay within floating point")
    policy = _climb(beta * (q - q.max(axis=1, keepdims=True)), chance)
    marginal = chance @ policy
    used = (policy > 0) & (marginal > 0)  # a state that never occurs may use what no other does
    ratio = np.divide(policy, marginal, out=np.ones_like(policy), where=used)
    nats = float(chance @ np.sum(policy * np.log(ratio), axis=1))
    return Compression(policy, marginal, nats / math.log(2), float(chance @ (policy * q).sum(1)))


def _climb(gain, chance):
    """Return pi(a | s) for gains beta Q(s, a), at most 0, of which each row has a 0."""
    weight = np.exp(gain)
    marginal = np.full(gain.shape[1], 1 / gain.shape[1])
    enough = _TOLERANCE * min(1.0, -float(gain.min()))
    for _ in range(_MOST):
        total = weight @ marginal
        growth = (chance / total) @ weight
        marginal = marginal * growth
        if math.log(growth.max()) <= enough:
            break
    else:
        raise RuntimeError(
            f"policy compression has not settled after {_MOST} rounds; two actions are too alike"
        )
    marginal /= marginal.sum()
    joint = weight * marginal
    return joint / joint.sum(axis=1, keepdims=True)
