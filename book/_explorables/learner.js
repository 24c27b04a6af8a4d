// What learns in the living maze: the Dynamic Resource Allocator, with walls that can be moved and a
// record of its rewards and prices.

"use strict";

const Learner = (() => {
  const {
    PRESET, ascend, gridworld, initial_memory, paper_layout, seeded_stream, shortest_way, trial,
    workspace,
  } = Dra;
  const { total_kl } = Exact;
  const { decimal } = Page;

  const STARTS = { rich: 0.2, poor: 1 }; // sigma at the start, as a share of sigma_base
  const CHANGE = { wall: 7, before: 8, after: 6 }; // of figure 1B, as state numbers
  const MAX_BINS = 200;
  const RECENT = 20; // trials over which the reward shown is averaged

  function new_maze() {
    const maze = {
      layout: paper_layout(), parameters: { ...PRESET }, start: "rich", seed: 0,
      view: "entropy", click: "wall", show_numbers: false, speed: 50, running: false,
    };
    restart(maze);
    return maze;
  }

  // Forget everything; keep the walls, the goal and the parameters.
  function restart(maze) {
    maze.seed += 1;
    maze.stream = seeded_stream(maze.seed);
    const model = gridworld(maze.layout);
    const sigma_init = STARTS[maze.start] * maze.parameters.sigma_base;
    maze.memory = initial_memory(model.n_states, sigma_init);
    maze.work = workspace(model, maze.memory);
    maze.trials = 0;
    maze.walk = [];
    maze.recent = [];
    maze.history = { width: 1, bins: [] };
    maze.changes = [];
  }

  // Note the reward and price of a trial in the last bin; merge bins when there are too many.
  function note(history, reward, price) {
    let last = history.bins[history.bins.length - 1];
    if (!last || last.n === history.width) {
      last = { n: 0, reward: 0, price: 0 };
      history.bins.push(last);
    }
    last.n += 1;
    last.reward += reward;
    last.price += price;
    if (history.bins.length > MAX_BINS && last.n === history.width) {
      const merged = [];
      for (let i = 0; i < history.bins.length; i += 2) {
        const [a, b] = [history.bins[i], history.bins[i + 1] || { n: 0, reward: 0, price: 0 }];
        merged.push({ n: a.n + b.n, reward: a.reward + b.reward, price: a.price + b.price });
      }
      history.bins = merged;
      history.width *= 2;
    }
  }

  function curve(history, key) {
    let trials = 0;
    return history.bins.map((bin) => {
      trials += bin.n;
      return [trials - bin.n / 2, bin[key] / bin.n];
    });
  }

  function price_of(maze) {
    return maze.parameters.cost_weight * total_kl(maze.memory, maze.parameters.sigma_base);
  }

  function step(maze) {
    const { work, parameters } = maze;
    const { reward } = trial(work, parameters, maze.stream);
    ascend(work, parameters);
    maze.trials += 1;
    maze.recent = [...maze.recent.slice(1 - RECENT), reward];
    maze.walk = Array.from(work.visited.subarray(0, work.steps));
    if (maze.walk.length) maze.walk.push(maze.layout.goal);
    note(maze.history, reward, price_of(maze));
  }

  // Put other walls and another goal in; say no (in words) if the goal would be out of reach.
  function rebuild(maze, walls, goal) {
    const { start } = maze.layout;
    const same = walls.size === maze.layout.walls.size && [...walls].every((w) => maze.layout.walls.has(w));
    if (same && goal === maze.layout.goal) return "Nothing has changed.";
    if (goal === start) return "The goal cannot be on the start.";
    if (walls.has(start)) return "The start must stay free.";
    if (walls.has(goal)) return "The goal must stay free. Move it first.";
    const layout = { ...maze.layout, walls, goal };
    const model = gridworld(layout);
    if (shortest_way(model) === Infinity) return "No: the goal could not be reached any more.";
    maze.layout = layout;
    maze.work = workspace(model, maze.memory);
    maze.walk = [];
    if (maze.trials) maze.changes.push(maze.trials);
    return null;
  }

  // Whether the change of figure 1B has been made.
  const changed = ({ layout }) => layout.goal === CHANGE.after && !layout.walls.has(CHANGE.wall);

  function numbers(maze) {
    const price = price_of(maze);
    const reward = maze.recent.reduce((sum, r) => sum + r, 0) / maze.recent.length;
    return { reward, price, objective: reward - price };
  }

  function summary(maze) {
    if (!maze.trials) return "Trial 0: nothing learned yet.";
    const { reward, price, objective } = numbers(maze);
    return (
      `Trial ${maze.trials}: reward ${decimal(reward, 1)}, price ${decimal(price, 2)}, ` +
      `objective ${decimal(objective, 1)}.`
    );
  }

  return { CHANGE, new_maze, restart, curve, step, rebuild, changed, numbers, summary };
})();
