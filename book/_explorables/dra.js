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
    N_ACTIONS, ACTIONS, MOVES, PRESET, STEP_LIMIT, paper_layout, gridworld, shortest_way,
    initial_memory, workspace, recall, pick, learn_episode, credit_of, add_scores,
    sum_gradient, trial, ascend, seeded_stream,
  };
})();
