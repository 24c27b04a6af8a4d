"""How sigma goes from trial to trial, in loops that Numba compiles where it is present.

The sigma of a trial is the one with which its choice is made; what the trial teaches changes the
next one's.
"""

from __future__ import annotations

import math

import numpy as np

from dra import _compile

LOW, HIGH = 0.01, 100.0  # sigma_bounds of dra.train
_PEAK = 1.0 / math.sqrt(2.0 * math.pi)


@_compile.inlined
def reward_slope(d, sigma):
    """Return d/dsigma of the expected reward d Phi(d / sigma): -(d / sigma)^2 phi(d / sigma)."""
    z = d / sigma
    return -z * z * _PEAK * math.exp(-0.5 * z * z)


@_compile.inlined
def price_slope(sigma, sigma_base):
    """Return d/dsigma of the KL divergence: sigma / sigma_base^2 - 1 / sigma."""
    return sigma / (sigma_base * sigma_base) - 1.0 / sigma


@_compile.compiled
def dra_steps(machine, d, n_machines, cost_weight, learning_rate_sigma, sigma_init, sigma_base):
    """Return the sigma of each trial's machine. All machines pay at every trial."""
    sigma = np.full(n_machines, sigma_init)
    path = np.empty(len(d))
    for t in range(len(d)):
        shown = machine[t]
        path[t] = sigma[shown]
        gain = reward_slope(d[t], sigma[shown])
        for m in range(n_machines):
            slope = -cost_weight * price_slope(sigma[m], sigma_base)
            if m == shown:
                slope += gain
            sigma[m] = min(max(sigma[m] + learning_rate_sigma * slope, LOW), HIGH)
    return path


@_compile.compiled
def shares(machine, n_machines):
    """Return how often each trial's machine was seen before, over the average of all.

    Every machine counts as seen once before the first trial.
    """
    seen = np.ones(n_machines)
    ratio = np.empty(len(machine))
    for t in range(len(machine)):
        ratio[t] = seen[machine[t]] * n_machines / (t + n_machines)
        seen[machine[t]] += 1.0
    return ratio


@_compile.compiled
def stakes(machine, d, n_machines):
    """Return the mean |d| so far of each trial's machine, over the mean of all machines' means.

    The mean of all trials so far counts as one visit of each machine.
    """
    total, seen = np.zeros(n_machines), np.zeros(n_machines)
    ratio = np.ones(len(d))
    overall = 0.0
    for t in range(len(d)):
        if overall > 0.0:
            level = 0.0
            for m in range(n_machines):
                level += (overall / t + total[m]) / (1.0 + seen[m])
            own = (overall / t + total[machine[t]]) / (1.0 + seen[machine[t]])
            ratio[t] = own * n_machines / level
        total[machine[t]] += abs(d[t])
        seen[machine[t]] += 1.0
        overall += abs(d[t])
    return ratio
