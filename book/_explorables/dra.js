// The model of the explorables: the Dynamic Resource Allocator in plain functions.
//
// The functions of the first two sections have the names of dra/loops.py, do the same arithmetic
// and draw random numbers in the same order, so that the two programs can be laid side by side.
// Given the same stream they take the same actions and reach the same q and sigma. A stream is any
// object with standardNormal() and random(). Here the credit is always the advantage, undiscounted.

"use strict";

const Dra = (() => {
  const N_ACTIONS = 4;
  const ACTIONS = ["up", "down", "left", "right"];
  const MOVES = [[-1, 0], [1, 0], [0, -1], [0, 1]];

  // The paper's run in which the maze changes (dra.presets.GRIDWORLD_CHANGE).
  const PRESET = {
    beta: 10,
    gamma_q: 0.9,
    cost_weight: 0.1,
    learning_rate_q: 0.2,
    learning_rate_sigma: 0.1,
    n_trajectories: 10,
    sigma_init: 3,
    sigma_base: 5,
    sigma_bounds: [0.01, 100],
  };
  const STEP_LIMIT = 10000;

  // The task --------------------------------------------------------------------------------------

  // The maze of the paper. A cell is [row, column]; the state number is row * columns + column.
  function paper_layout() {
    const walls = [[1, 2], [2, 2], [3, 2], [0, 7], [1, 7], [2, 7], [4, 5]];
    return { rows: 6, columns: 9, start: 18, goal: 8, walls: new Set(walls.map(([r, c]) => 9 * r + c)) };
  }

  // The moves of a layout as flat arrays, one entry per state and action.
  function gridworld({ rows, columns, start, goal, walls }) {
    const n_states = rows * columns;
    const to = new Int32Array(n_states * N_ACTIONS);
    const reward = new Float64Array(n_states * N_ACTIONS);
    for (let state = 0; state < n_states; state += 1) {
      MOVES.forEach(([down, across], action) => {
        const row = Math.floor(state / columns) + down;
        const column = (state % columns) + across;
        const inside = row >= 0 && row < rows && column >= 0 && column < columns;
        const next = row * columns + column;
        const m = state * N_ACTIONS + action;
        to[m] = inside && !walls.has(next) ? next : state;
        reward[m] = to[m] === goal ? 10 : -1;
      });
    }
    return { n_states, start, goal, to, reward };
  }

  // Number of moves of the shortest way from start to goal; Infinity if there is none.
  function shortest_way(model) {
    const distance = new Array(model.n_states).fill(Infinity);
    distance[model.start] = 0;
    const queue = [model.start];
    for (const state of queue) {
      for (let action = 0; action < N_ACTIONS; action += 1) {
        const next = model.to[state * N_ACTIONS + action];
        if (distance[next] === Infinity) {
          distance[next] = distance[state] + 1;
          queue.push(next);
        }
      }
    }
    return distance[model.goal];
  }

  // A memory: means and standard deviations, entry state * N_ACTIONS + action.
  function initial_memory(n_states, sigma_init) {
    const size = n_states * N_ACTIONS;
    return { q: new Float64Array(size), sigma: new Float64Array(size).fill(sigma_init) };
  }

  // What a trial reads and writes.
  function workspace(model, memory) {
    return {
      model,
      memory,
      gradient: new Float64Array(memory.q.length),
      visited: new Int32Array(STEP_LIMIT),
      steps: 0, // of the last trajectory, whose states are visited[0] to visited[steps - 1]
    };
  }

  // Algorithm 1 -----------------------------------------------------------------------------------

  const noise = new Float64Array(N_ACTIONS);
  const weight = new Float64Array(N_ACTIONS);

  function recall(memory, row, beta, stream) {
    const { q, sigma } = memory;
    let best = -Infinity;
    for (let a = 0; a < N_ACTIONS; a += 1) {
      const m = row * N_ACTIONS + a;
      const zeta = stream.standardNormal();
      const x = beta * (q[m] + sigma[m] * zeta);
      noise[a] = zeta;
      weight[a] = x;
      if (x > best) best = x;
    }
    let total = 0;
    for (let a = 0; a < N_ACTIONS; a += 1) {
      weight[a] = Math.exp(weight[a] - best);
      total += weight[a];
    }
    return total;
  }

  function pick(total, stream) {
    const threshold = stream.random() * total;
    let action = 0;
    let cumulative = weight[0];
    while (threshold >= cumulative && action < N_ACTIONS - 1) {
      action += 1;
      cumulative += weight[action];
    }
    return action;
  }

  function learn_episode(model, memory, beta, gamma_q, learning_rate, stream) {
    const { q } = memory;
    let state = model.start;
    for (let t = 0; t < STEP_LIMIT; t += 1) {
      const m = state * N_ACTIONS + pick(recall(memory, state, beta, stream), stream);
      state = model.to[m];
      let target = model.reward[m];
      const terminated = state === model.goal;
      if (!terminated) {
        const total = recall(memory, state, beta, stream);
        let value = 0;
        for (let a = 0; a < N_ACTIONS; a += 1) value += (weight[a] / total) * q[state * N_ACTIONS + a];
        target += gamma_q * value;
      }
      q[m] += learning_rate * (target - q[m]);
      if (terminated) return t + 1;
    }
    return STEP_LIMIT;
  }

  function credit_of(q, row, action) {
    let mean = 0;
    for (let a = 0; a < N_ACTIONS; a += 1) mean += q[row * N_ACTIONS + a];
    mean /= N_ACTIONS;
    return q[row * N_ACTIONS + action] - mean;
  }

  function add_scores(model, memory, beta, into, visited, stream) {
    let sum_of_rewards = 0;
    let state = model.start;
    for (let t = 0; t < STEP_LIMIT; t += 1) {
      const total = recall(memory, state, beta, stream);
      const action = pick(total, stream);
      const psi = credit_of(memory.q, state, action);
      for (let a = 0; a < N_ACTIONS; a += 1) {
        const hit = a === action ? 1 : 0;
        into[state * N_ACTIONS + a] += psi * (beta * noise[a] * (hit - weight[a] / total));
      }
      visited[t] = state;
      const m = state * N_ACTIONS + action;
      state = model.to[m];
      sum_of_rewards += model.reward[m];
      if (state === model.goal) return [t + 1, sum_of_rewards];
    }
    return [STEP_LIMIT, sum_of_rewards];
  }

  // Adds to work.gradient; returns the number of steps and the mean return of the trajectories.
  function sum_gradient(work, beta, n_trajectories, stream) {
    let steps = 0;
    let returns = 0;
    for (let i = 0; i < n_trajectories; i += 1) {
      const { model, memory, gradient, visited } = work;
      const [length, sum_of_rewards] = add_scores(model, memory, beta, gradient, visited, stream);
      work.steps = length;
      steps += length;
      returns += sum_of_rewards;
    }
    return [steps, returns / n_trajectories];
  }

  // Learn from one episode, then set the gradient to the mean over trajectories.
  function trial(work, parameters, stream) {
    const { beta, gamma_q, learning_rate_q, n_trajectories } = parameters;
    const learned = learn_episode(work.model, work.memory, beta, gamma_q, learning_rate_q, stream);
    work.gradient.fill(0);
    const [steps, reward] = sum_gradient(work, beta, n_trajectories, stream);
    for (let m = 0; m < work.gradient.length; m += 1) work.gradient[m] /= n_trajectories;
    return { steps: learned + steps, reward };
  }

  // Move sigma one step up the gradient of the objective and clip it.
  function ascend(work, parameters) {
    const { cost_weight, learning_rate_sigma, sigma_base, sigma_bounds } = parameters;
    const { sigma } = work.memory;
    const [low, high] = sigma_bounds;
    for (let m = 0; m < sigma.length; m += 1) {
      const slope = sigma[m] * (1 / (sigma_base * sigma_base)) - 1 / sigma[m];
      const moved = sigma[m] + learning_rate_sigma * (work.gradient[m] - cost_weight * slope);
      sigma[m] = Math.min(Math.max(moved, low), high);
    }
  }

  // Prices and choices, exactly -------------------------------------------------------------------

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

  // Random numbers --------------------------------------------------------------------------------

  // A stream from a seed: the generator sfc32 (Doty-Humphrey), normals by the polar method.
  function seeded_stream(seed) {
    let [a, b, c, counter] = [0, seed >>> 0, seed >>> 0, 1];
    const next = () => {
      const sum = (a + b + counter) | 0;
      counter = (counter + 1) | 0;
      a = b ^ (b >>> 9);
      b = (c + (c << 3)) | 0;
      c = ((c << 21) | (c >>> 11)) + sum | 0;
      return sum >>> 0;
    };
    for (let i = 0; i < 20; i += 1) next();
    const random = () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
    let spare = null;
    const standardNormal = () => {
      if (spare !== null) {
        const kept = spare;
        spare = null;
        return kept;
      }
      let x = 0;
      let y = 0;
      let square = 0;
      do {
        x = 2 * random() - 1;
        y = 2 * random() - 1;
        square = x * x + y * y;
      } while (square >= 1 || square === 0);
      const factor = Math.sqrt((-2 * Math.log(square)) / square);
      spare = y * factor;
      return x * factor;
    };
    return { random, standardNormal };
  }

  return {
    N_ACTIONS, ACTIONS, PRESET, STEP_LIMIT, paper_layout, gridworld, shortest_way,
    initial_memory, workspace, recall, pick, learn_episode, credit_of, add_scores,
    sum_gradient, trial, ascend, kl, total_kl, normal_density, normal_cdf, choose_first,
    dprime, greedy_probabilities, choice_entropy, seeded_stream,
  };
})();
