"""Policy compression: the most reward for so much information between state and choice.

Maximise E[Q(s, a)] - I(S; A) / beta over policies (Lai & Gershman 2021). With P(a) the policy's own
marginal, the solution is

    pi(a | s) = P(a) exp(beta Q(s, a)) / Z(s),    P(a) = sum_s p(s) pi(a | s)     (eq-compression)

and to repeat the two is the algorithm of Blahut (1972) and Arimoto (1972). It climbs the concave
function sum_s p(s) ln Z(s). With c(a) = sum_s p(s) exp(beta Q(s, a)) / Z(s), a marginal is at most
ln max_a c(a) below the top, which tells when to stop. One round multiplies P(a) by c(a); powers of
c(a) are tried as long as they climb, for where beta is small single rounds go nowhere.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from dra import _check

_MOST = 30_000  # rounds
_FINE, _ROUGH = 1e-11, 1e-6  # nats below the top: enough to stop, and enough at the last round;
# for small beta in units of beta times the range of q


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


@np.errstate(under="ignore", divide="ignore")
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
        If 30 000 rounds do not come within 1e-6 of the top.

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
    unit = min(1.0, -float(gain.min()))
    best, height, least, stride = marginal, -math.inf, math.inf, 1.0
    for _ in range(_MOST):
        total = weight @ marginal
        reached = float(chance @ np.log(total))
        if reached >= height or stride == 1.0:
            growth = np.log((chance / total) @ weight)
            best, height, least, stride = marginal, reached, float(growth.max()), 2.0 * stride
            if least <= max(_FINE * unit, 4e-15):
                break
        else:
            stride = max(1.0, stride / 8.0)  # at 1 it is the algorithm, which never descends
        marginal = _moved(best, stride * growth)
    if least > _ROUGH * max(unit, 1e-7):
        raise RuntimeError(
            f"policy compression is {least:g} nats from its top after {_MOST} rounds"
        )
    marginal = best
    joint = weight * marginal
    return joint / joint.sum(axis=1, keepdims=True)


def _moved(marginal, change):
    """Return the marginal moved by ``change`` in its logarithm; no action is lost for ever."""
    grown = np.log(marginal) + change
    grown = np.maximum(np.exp(grown - grown.max()), 1e-280)
    return grown / grown.sum()
