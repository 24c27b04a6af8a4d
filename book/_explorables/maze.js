// The living maze: the Dynamic Resource Allocator learns while you watch, and while you build.

"use strict";

(() => {
  const {
    PRESET, ascend, gridworld, initial_memory, paper_layout, seeded_stream, shortest_way, total_kl,
    trial, workspace,
  } = Dra;
  const { VIEWS, describe, make_grid, make_legend } = Grid;
  const { announcer, button, chart, choices, decimal, element, figures, slider } = Page;

  const FASTEST = 1e6;
  const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200, FASTEST]; // trials per second
  const STARTS = { rich: 0.2, poor: 1 }; // sigma at the start, as a share of sigma_base
  const CHANGE = { wall: 7, before: 8, after: 6 }; // of figure 1B, as state numbers
  const LAST_TRIAL = 10000; // the compact form stops here, to spare batteries
  const MAX_BINS = 200;
  const RECENT = 20; // trials over which the reward shown is averaged
  const FRAME = 90; // milliseconds between pictures
  const NEWS = 15000; // milliseconds between two reports of a running maze to screen readers
  const BUSY = 12; // milliseconds of learning per animation frame

  // The learner -----------------------------------------------------------------------------------

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

  // The page --------------------------------------------------------------------------------------

  function make_controls(maze, act) {
    const parameter = (label, key, min, max, width, digits) =>
      slider({
        label, min, max, step: width, value: maze.parameters[key],
        text: (value) => decimal(value, digits),
        input: (value) => {
          maze.parameters[key] = value;
          act.draw();
        },
      }).root;
    const views = Object.entries(VIEWS).map(([key, view]) => [key, view.label]);
    const check = (event) => {
      maze.show_numbers = event.target.checked;
      act.draw();
    };
    const boxed = element("label", {}, element("input", { type: "checkbox", change: check }), "numbers");
    const view = choices({ legend: "Cells show", options: views, value: maze.view, choose: act.view });
    view.append(boxed);
    const click = [["wall", "draws or erases a wall"], ["goal", "moves the goal"]];
    const base = () => element("sub", {}, "base");
    const budget = [
      ["rich", ["rich (\u03c3\u2080 = \u03c3", base(), "/5)"]],
      ["poor", ["poor (\u03c3\u2080 = \u03c3", base(), ")"]],
    ];
    return [
      view,
      choices({ legend: "A click", options: click, value: "wall", choose: (to) => (maze.click = to) }),
      choices({ legend: "Starts", options: budget, value: "rich", choose: act.budget }),
      element(
        "div", { class: "controls" },
        make_speed(maze),
        parameter("price of a nat \u03bb", "cost_weight", 0, 1, 0.01, 2),
        parameter(["base memory \u03c3", element("sub", {}, "base")], "sigma_base", 1, 10, 0.5, 1),
        parameter("inverse temperature \u03b2", "beta", 0.5, 20, 0.5, 1),
      ),
    ];
  }

  function make_speed(maze) {
    return slider({
      label: "speed", min: 0, max: SPEEDS.length - 1, step: 1, value: SPEEDS.indexOf(maze.speed),
      text: (i) => (SPEEDS[i] === FASTEST ? "as fast as possible" : `${SPEEDS[i]} trials/s`),
      input: (i) => (maze.speed = SPEEDS[i]),
    }).root;
  }

  // Two charts, and the function that draws them.
  function make_charts(maze) {
    const reward = chart("reward per episode", "reward");
    const price = chart("price of all memories, \u03bb \u00d7 nats", "price");
    const draw = () => {
      const { history, trials, changes } = maze;
      const prices = curve(history, "price");
      const steps = [1, 2, 5, 10, 20, 30, 50, 100, 200, 500, 1000, 5000];
      const most = Math.max(...prices.map(([, value]) => value), 0);
      const high = steps.find((x) => x >= most) || most;
      reward.draw(curve(history, "reward"), trials, changes, [-60, 10], true);
      price.draw(prices, trials, changes, [0, high], false);
    };
    return { root: element("div", { class: "charts" }, reward.root, price.root), draw };
  }

  // What the buttons and the grid do.
  function make_actions(maze, page) {
    const tell = (text) => {
      page.status.say(text);
      page.news.say(summary(maze));
    };
    const draw = () => page.draw();
    const edit = (walls, goal, text) => {
      tell(rebuild(maze, walls, goal) || text);
      draw();
    };
    const run = (on) => {
      maze.running = on;
      tell(on ? "Running." : "Paused.");
      draw();
    };
    const fresh = (text) => {
      restart(maze);
      tell(text);
      draw();
    };
    return {
      news: () => {
        page.grid.rename();
        page.news.say(summary(maze));
      },
      draw,
      run,
      toggle: (state) => {
        const walls = new Set(maze.layout.walls);
        if (walls.delete(state)) return edit(walls, maze.layout.goal, "Wall erased.");
        return edit(walls.add(state), maze.layout.goal, "Wall drawn.");
      },
      set_goal: (state) => {
        if (maze.layout.walls.has(state)) return tell("The goal cannot be in a wall.");
        return edit(maze.layout.walls, state, "The goal has moved here.");
      },
      change: () => {
        const walls = new Set(maze.layout.walls);
        if (!changed(maze)) {
          [CHANGE.wall, CHANGE.after].forEach((state) => walls.delete(state));
          return edit(walls, CHANGE.after, "The wall is open and the goal has moved.");
        }
        walls.add(CHANGE.wall).delete(CHANGE.before);
        return edit(walls, CHANGE.before, "The wall and the goal are back.");
      },
      original: () => edit(paper_layout().walls, paper_layout().goal, "The maze of the paper."),
      step: () => {
        maze.running = false;
        step(maze);
        tell("");
        draw();
      },
      restart: () => fresh("Everything is forgotten."),
      budget: (key) => {
        maze.start = key;
        fresh(`Starting ${key}.`);
      },
      view: (key) => {
        maze.view = key;
        draw();
      },
    };
  }

  function start(root) {
    const maze = new_maze();
    const compact = root.dataset.form === "compact";
    const page = { status: announcer("status"), news: announcer() };
    const act = make_actions(maze, page);
    const here = element("p", { class: "here" });
    const focus = (state) => (here.textContent = describe(state, maze));
    page.grid = make_grid(maze, { toggle: act.toggle, set_goal: act.set_goal, focus });
    const legend = make_legend();
    const shown = figures(["trial", "reward", "memory", "price \u03bb \u00d7 nats", "objective"]);
    const play = button("Run", () => act.run(!maze.running));
    const change = button("Change the maze", act.change);
    const buttons = [play, button("One trial", act.step), button("Start again", act.restart), change];
    if (!compact) buttons.push(button("Maze of the paper", act.original));
    const toolbar = element("div", { class: "toolbar", role: "group", "aria-label": "Maze" }, ...buttons);
    const charts = make_charts(maze);

    page.draw = () => {
      page.grid.draw();
      if (!maze.running) page.grid.rename(); // else now and then: names that change are read out
      legend.draw(maze.view);
      play.textContent = maze.running ? "Pause" : "Run";
      change.textContent = changed(maze) ? "Change it back" : "Change the maze";
      const { reward, price, objective } = numbers(maze);
      const one = (x) => (maze.trials ? decimal(x, 1) : "\u2013");
      const nats = `${decimal(total_kl(maze.memory, maze.parameters.sigma_base), 1)} nats`;
      shown.set([String(maze.trials), one(reward), nats, decimal(price, 1), one(objective)]);
      if (!compact) charts.draw();
    };

    const main = element("div", { class: "main" }, page.grid.root, legend.root, here);
    const parts = [toolbar, main, shown.root, page.status.root, page.news.root];
    if (!compact) parts.push(...make_controls(maze, act), charts.root);
    root.replaceChildren(...parts);
    page.draw();
    animate(root, maze, compact, act);
  }

  // Learn as time passes: only while running, in view, and not for long per frame.
  function animate(root, maze, compact, act) {
    let visible = true;
    const look = (entries) => (visible = entries[entries.length - 1].isIntersecting);
    new IntersectionObserver(look).observe(root);
    let before = 0;
    let drawn = 0;
    let told = performance.now();
    let due = 0;
    const frame = (now) => {
      window.requestAnimationFrame(frame);
      const passed = Math.min(now - before, 100);
      before = now;
      if (!maze.running || !visible) return;
      due = Math.min(due + (maze.speed * passed) / 1000, 1000);
      const end = performance.now() + BUSY;
      const first = maze.trials;
      while (due >= 1 && performance.now() < end) {
        step(maze);
        due -= 1;
      }
      if (!compact && now - told > NEWS) {
        told = now;
        act.news();
      }
      if (compact && first < LAST_TRIAL && maze.trials >= LAST_TRIAL) act.run(false);
      else if (now - drawn > FRAME) {
        drawn = now;
        act.draw();
      }
    };
    maze.running = !window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    act.draw();
    window.requestAnimationFrame(frame);
  }

  document.querySelectorAll('[data-explorable="maze"]').forEach(start);
})();
