// The living maze: the Dynamic Resource Allocator learns while you watch, and while you build.

"use strict";

(() => {
  const { paper_layout } = Dra;
  const { total_kl } = Exact;
  const { VIEWS, describe, detail, make_grid, make_legend } = Grid;
  const { CHANGE, changed, curve, new_maze, numbers, rebuild, restart, step, summary } = Learner;
  const { announcer, button, choices, decimal, element, figures, place, slider } = Page;
  const { chart } = Chart;

  const FASTEST = 1e6;
  const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 200, FASTEST]; // trials per second
  const LAST_TRIAL = 10000; // the compact form stops here, to spare batteries
  const FRAME = 90; // milliseconds between pictures
  const NEWS = 15000; // milliseconds between two reports of a running maze to screen readers
  const STALE = 4000; // milliseconds after which a running maze no longer says what was done
  const BUSY = 12; // milliseconds of learning per animation frame

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
    const base = () => element("sub", {}, "base");
    const budget = [
      ["rich", ["rich (\u03c3\u2080 = \u03c3", base(), "/5)"]],
      ["poor", ["poor (\u03c3\u2080 = \u03c3", base(), ")"]],
    ];
    return [
      view,
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

  // What a click on a cell, or Enter, does.
  function make_clicks(maze) {
    const options = [
      ["read", "reads the cell"], ["wall", "draws or erases a wall"], ["goal", "moves the goal"],
    ];
    const choose = (to) => (maze.click = to);
    return choices({ legend: "A click", options, value: maze.click, choose });
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
      // what was done stands for a while, and not next to a maze that has long gone on
      forget: () => page.status.root.textContent && page.status.age() > STALE && page.status.say(""),
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
      read: (state) => page.news.say(`${describe(state, maze)}. ${detail(state, maze)}`),
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
    const four = element("p", { class: "four" });
    const look = (state) => {
      here.textContent = describe(state, maze);
      four.textContent = detail(state, maze);
    };
    page.grid = make_grid(maze, { edit: { read: act.read, wall: act.toggle, goal: act.set_goal }, look });
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

    const main = element("div", { class: "main" }, page.grid.root, legend.root, here, four);
    const parts = [toolbar, main, shown.root, page.status.root, page.news.root, make_clicks(maze)];
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
      if (now - drawn > FRAME) act.forget();
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

  place("maze", start);
})();
