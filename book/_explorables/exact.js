// Prices of memories and probabilities of choices, exactly: what dra.costs and dra.policy compute.

"use strict";

const Exact = (() => {
  const { N_ACTIONS } = Dra;

  // Price of one memory in nats (dra.costs.kl).
  function kl(sigma, sigma_base) {
    const ratio = sigma / sigma_base;
    return 0.5 * ratio * ratio - Math.log(ratio) - 0.5;
  }

  function total_kl(memory, sigma_base) {
    return memory.sigma.reduce((sum, sigma) => sum + kl(sigma, sigma_base), 0);
  }

  function normal_density(z) {
    return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
  }

  // Distribution function of the standard normal: the rational approximation of Hart et al. (1968),
  // as West (2005) gives it; the error is below 1e-14.
  const ABOVE = [0.0352624965998911, 0.700383064443688, 6.37396220353165, 33.912866078383,
    112.079291497871, 221.213596169931, 220.206867912376];
  const BELOW = [0.0883883476483184, 1.75566716318264, 16.064177579207, 86.7807322029461,
    296.564248779674, 637.333633378831, 793.826512519948, 440.413735824752];
  const polynomial = (coefficients, x) => coefficients.reduce((sum, c) => sum * x + c);

  function normal_cdf(z) {
    const x = Math.abs(z);
    let tail = 0;
    if (x < 7.07106781186547) {
      tail = (Math.exp(-0.5 * x * x) * polynomial(ABOVE, x)) / polynomial(BELOW, x);
    } else if (x < 38) {
      tail = normal_density(x) / (x + 1 / (x + 2 / (x + 3 / (x + 4 / (x + 0.65)))));
    }
    return z > 0 ? 1 - tail : tail;
  }

  // Gauss-Legendre points and weights for [-1, 1], eight of them.
  const POINTS = [0.1834346424956498, 0.525532409916329, 0.7966664774136267, 0.9602898564975363];
  const WEIGHTS = [0.362683783378362, 0.3137066458778873, 0.2223810344533745, 0.1012285362903763];

  // Call use(x, dx) at the points of a quadrature whose panels end at the given places.
  function each_point(ends, use) {
    for (let i = 1; i < ends.length; i += 1) {
      const middle = (ends[i] + ends[i - 1]) / 2;
      const half = (ends[i] - ends[i - 1]) / 2;
      if (half > 0) {
        for (let k = 0; k < POINTS.length; k += 1) {
          use(middle - half * POINTS[k], half * WEIGHTS[k]);
          use(middle + half * POINTS[k], half * WEIGHTS[k]);
        }
      }
    }
  }

  const ascending = (a, b) => a - b;
  const NORMAL_ENDS = [-8.3, -6, -4.5, -3, -1.5, 0, 1.5, 3, 4.5, 6, 8.3];
  const LOGISTIC_ENDS = [0, 1, 2, 3, 5, 8, 13, 21, 34].flatMap((x) => (x ? [-x, x] : [0]));

  // Probability of choosing the first of two memories (dra.policy.choice_probabilities). The
  // difference of the two draws is normal, so the average over draws is one integral.
  function choose_first(q, sigma, beta) {
    const spread = Math.hypot(sigma[0], sigma[1]);
    const gap = q[0] - q[1];
    if (beta === Infinity) return normal_cdf(gap / spread);
    const turn = NORMAL_ENDS.concat(LOGISTIC_ENDS.map((x) => (x / beta - gap) / spread));
    let probability = 0;
    each_point(turn.filter((z) => Math.abs(z) <= 8.3).sort(ascending), (z, dz) => {
      probability += (normal_density(z) * dz) / (1 + Math.exp(-beta * (gap + spread * z)));
    });
    return probability;
  }

  function dprime(q, sigma) {
    return Math.abs(q[0] - q[1]) / Math.hypot(sigma[0], sigma[1]);
  }

  // Probability that each draw of a row is the largest, by integrating over the winner's value.
  function greedy_probabilities(memory, row) {
    const q = memory.q.subarray(row * N_ACTIONS, (row + 1) * N_ACTIONS);
    const sigma = memory.sigma.subarray(row * N_ACTIONS, (row + 1) * N_ACTIONS);
    const ends = [];
    for (let a = 0; a < N_ACTIONS; a += 1) NORMAL_ENDS.forEach((z) => ends.push(q[a] + z * sigma[a]));
    const lowest = Math.max(...q.map((mean, a) => mean - 8.3 * sigma[a]));
    const chances = new Float64Array(N_ACTIONS);
    const below = new Float64Array(N_ACTIONS);
    each_point(ends.filter((x) => x >= lowest).sort(ascending), (x, dx) => {
      for (let a = 0; a < N_ACTIONS; a += 1) below[a] = normal_cdf((x - q[a]) / sigma[a]);
      for (let a = 0; a < N_ACTIONS; a += 1) {
        const z = (x - q[a]) / sigma[a];
        if (Math.abs(z) < 8.3) {
          let others = 1;
          for (let b = 0; b < N_ACTIONS; b += 1) if (b !== a) others *= below[b];
          chances[a] += (others * normal_density(z) * dx) / sigma[a];
        }
      }
    });
    return chances;
  }

  // Entropy of the greedy choice in base 4, as in figure 1B: 0 is certain, 1 is even.
  function choice_entropy(memory, row) {
    const chances = greedy_probabilities(memory, row);
    const nats = chances.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0);
    return nats / Math.log(N_ACTIONS);
  }

  // The action with the largest mean, or -1 while nothing distinguishes them.
  function best_action(memory, row) {
    const q = Array.from(memory.q.subarray(row * N_ACTIONS, (row + 1) * N_ACTIONS));
    const best = Math.max(...q);
    return Math.min(...q) === best ? -1 : q.indexOf(best);
  }

  return {
    best_action, kl, total_kl, normal_density, normal_cdf, choose_first, dprime, greedy_probabilities,
    choice_entropy,
  };
})();
