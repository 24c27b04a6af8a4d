// The frontier: raise the price of a nat and watch which memories are dropped. The best allocations
// are computed beforehand, exactly; they are the table FRONTIER of frontier-data.js.

"use strict";

(() => {
  const { ACTIONS, N_ACTIONS, gridworld, kl } = Dra;
  const { best_action } = Grid;
  const {
    announcer, button, cell_grid, cividis, colour_bar, decimal, element, figures, rgb, slider,
  } = Page;

  const MOVES = [[-1, 0], [1, 0], [0, -1], [0, 1]]; // down, across; in the order of ACTIONS
  const BASE = FRONTIER.sigma_base;
  const KEPT = 0.5 * BASE; // a memory is kept if its sigma is smaller, as in dra.exact.frontier
  const LEAST = kl(KEPT, BASE); // nats
  const TRACE = 0.05; // nats; what a dropped memory still costs is not shown below
  const LEAP = 0.1; // nats; where a memory gains more although nats got dearer, the curve leaps
  const FIRST = 0.1; // the price of a nat at the start: the paper's
  const NAMED = 8; // memories that a sentence names one by one

  // The table --------------------------------------------------------------------------------------

  const LAYOUT = { ...FRONTIER.layout, walls: new Set(FRONTIER.layout.walls) };
  const MODEL = gridworld(LAYOUT);
  const CHOOSES = Array.from({ length: MODEL.n_states }, (_, s) => s !== LAYOUT.goal && !LAYOUT.walls.has(s));
  const POINTS = FRONTIER.points.map(prepared);
  const N_MEMORIES = N_ACTIONS * CHOOSES.filter(Boolean).length;
  const DEAREST = Math.max(...POINTS.map(({ prices }) => Math.max(...prices)));

  // A point of the table with the price in nats of each memory, and which memories are kept. A memory
  // that is vaguer than the base costs something too; it is not kept.
  function prepared(point) {
    const sigma = point.sigma.flat();
    const q = Float64Array.from(point.q.flat());
    return { ...point, q, sigma, prices: sigma.map((s) => kl(s, BASE)), kept: sigma.map((s) => s < KEPT) };
  }

  // The cells that an agent passes which always takes the move with the largest mean.
  function greedy_way({ q }) {
    const way = [LAYOUT.start];
    while (way[way.length - 1] !== LAYOUT.goal && way.length <= MODEL.n_states) {
      const here = way[way.length - 1];
      const action = best_action({ q }, here);
      const next = MODEL.to[here * N_ACTIONS + action];
      if (action < 0 || way.includes(next)) break;
      way.push(next);
    }
    return way;
  }

  // The memories kept at one point and not at another.
  const lost = (from, to) => from.kept.flatMap((kept, m) => (kept && !to.kept[m] ? [m] : []));

  // Whether the best memory leaps between two neighbours: something becomes sharper as nats get dearer.
  const leaps = (from, to) =>
    to.prices.some((nats, m) => to.sigma[m] < BASE && nats - from.prices[m] > LEAP);

  // In words ---------------------------------------------------------------------------------------

  const weight_text = (x) => x.toPrecision(3);
  const place = (state) => `row ${Math.floor(state / LAYOUT.columns)}, column ${state % LAYOUT.columns}`;

  // Memories by cell: "3 dropped: row 2, column 0 down, right; row 2, column 1 left".
  function count(memories, done) {
    const by_cell = new Map();
    for (const m of memories.slice(0, NAMED)) {
      const where = place(Math.floor(m / N_ACTIONS));
      by_cell.set(where, [...(by_cell.get(where) || []), ACTIONS[m % N_ACTIONS]]);
    }
    const names = [...by_cell].map(([where, moves]) => `${where} ${moves.join(", ")}`);
    if (memories.length > NAMED) names.push(`and ${memories.length - NAMED} more`);
    return memories.length ? ` ${memories.length} ${done}: ${names.join("; ")}.` : "";
  }

  function describe_move(from, to) {
    const change = count(lost(from, to), "dropped") + count(lost(to, from), "taken up");
    const prices = [from, to].map(({ cost_weight }) => weight_text(cost_weight));
    return `Price of a nat from ${prices.join(" to ")}.${change || " The same memories are kept."}`;
  }

  function describe_cell(state, point) {
    const role = { [LAYOUT.start]: "start", [LAYOUT.goal]: "goal" }[state];
    if (LAYOUT.walls.has(state)) return `${place(state)}, wall`;
    const name = place(state) + (role ? `, ${role}` : "");
    if (!CHOOSES[state]) return name;
    const words = ACTIONS.map((action, a) => {
      const nats = point.prices[state * N_ACTIONS + a];
      const price = `${decimal(nats, 2)} nats`;
      if (point.kept[state * N_ACTIONS + a]) return `${action} ${price}`;
      return `${action} dropped${nats > TRACE ? ` (${price})` : ""}`;
    });
    return `${name}: ${words.join(", ")}`;
  }

  // The maze ---------------------------------------------------------------------------------------

  // The place of a memory around the middle of its cell, at a distance, in units of cells.
  function beside(m, distance) {
    const state = Math.floor(m / N_ACTIONS);
    const [down, across] = MOVES[m % N_ACTIONS];
    const x = (state % LAYOUT.columns) + 0.5 + distance * across;
    return [x, Math.floor(state / LAYOUT.columns) + 0.5 + distance * down];
  }

  const at = ([x, y]) => `${x.toFixed(3)},${y.toFixed(3)}`;

  // A triangle from the middle of the cell towards the move; the longer, the dearer.
  function wedge(m, nats) {
    const reach = 0.08 + 0.38 * Math.sqrt(nats / DEAREST);
    const [tip, [x, y]] = [beside(m, 0.02), beside(m, reach)];
    const [down, across] = MOVES[m % N_ACTIONS];
    const side = 0.8 * reach;
    return `M${at(tip)}L${at([x + side * down, y + side * across])}L${at([x - side * down, y - side * across])}Z`;
  }

  const SIGNS = { dropped: "m-.08,-.08l.16,.16m0,-.16l-.16,.16", taken: "m-.1,0h.2m-.1,-.1v.2" };
  const sign = (m, which) => `M${at(beside(m, 0.28))}${SIGNS[which]}`;
  const colour = (nats) => `fill: ${rgb(cividis((DEAREST - nats) / (DEAREST - LEAST)))}`;

  // The picture over the cells: triangles, signs and the greedy way. `from` may be missing.
  function picture(svg, point, from) {
    const parts = [];
    const path = (name, d, more) => parts.push(element("svg:path", { class: name, d, ...more }));
    const gone = from ? lost(from, point) : [];
    const taken = from ? lost(point, from) : [];
    const empty = [];
    const dots = [];
    point.prices.forEach((nats, m) => {
      if (!CHOOSES[Math.floor(m / N_ACTIONS)]) return;
      if (point.kept[m]) path("kept", wedge(m, nats), { style: colour(nats), "data-memory": m });
      else if (nats > TRACE && point.sigma[m] < BASE) empty.push(wedge(m, nats));
      else dots.push(`M${at(beside(m, 0.28))}h0`);
    });
    path("empty", empty.join(""));
    path("dots", dots.join(""));
    path("ghost", gone.map((m) => wedge(m, from.prices[m])).join(""));
    const way = greedy_way(point).map((state) => at(beside(state * N_ACTIONS, 0)));
    path("halo", `M${way.join("L")}`);
    path("walk", `M${way.join("L")}`);
    for (const [which, memories] of [["dropped", gone], ["taken", taken]]) {
      if (!memories.length) continue;
      const d = memories.map((m) => sign(m, which)).join("");
      path("cross-halo", d);
      path(`cross ${which}`, d, { "data-memories": memories.join(" ") });
    }
    const [cx, cy] = beside(LAYOUT.start * N_ACTIONS, 0);
    parts.push(element("svg:circle", { class: "start", cx, cy, r: 0.17 }));
    parts.push(element("svg:text", { x: cx, y: cy + 0.09, "text-anchor": "middle" }, "S"));
    svg.replaceChildren(...parts);
  }

  // Cells that can be walked with the arrow keys and read out, under the picture.
  function make_maze(state) {
    const { rows, columns } = LAYOUT;
    let cursor = LAYOUT.start;
    const here = element("p", { class: "here" });
    const overlay = { class: "overlay", viewBox: `0 0 ${columns} ${rows}`, "aria-hidden": "true" };
    const svg = element("svg:svg", overlay);
    const cells = CHOOSES.map((chooses, s) => {
      const kind = (s === LAYOUT.start && "start") || (s === LAYOUT.goal && "goal") || (chooses ? "" : "wall");
      const cell = element("div", { "data-kind": kind, click: () => cell.focus() });
      if (kind === "goal") cell.append(element("span", { class: "sign" }, "G"));
      return cell;
    });
    const grid = cell_grid(cells, {
      columns,
      start: cursor,
      label: `Memories of a maze of ${rows} rows and ${columns} columns`,
      enter: (s) => {
        cursor = s;
        here.textContent = describe_cell(cursor, state.point);
      },
    });
    const draw = () => {
      picture(svg, state.point, state.from);
      cells.forEach((cell, s) => cell.setAttribute("aria-label", describe_cell(s, state.point)));
      here.textContent = describe_cell(cursor, state.point);
    };
    return { root: element("div", { class: "cells" }, grid, svg), here, draw };
  }

  function make_legend() {
    const key = (name, d) =>
      element("svg:svg", { class: "key", viewBox: "-.2 -.2 .4 .4", "aria-hidden": "true" },
        element("svg:path", { class: name, d }));
    const bar = element("span", { class: "bar", style: `background: ${colour_bar(true)}` });
    const item = (...parts) => element("span", {}, ...parts);
    return element(
      "p", { class: "legend" },
      item(`kept: ${decimal(LEAST, 1)}`, bar, `${decimal(DEAREST, 1)} nats`),
      item(key("empty", "M0,.12L.13,-.1H-.13Z"), "dropped"),
      item(key("cross dropped", `M0,0${SIGNS.dropped}`), "dropped in this move"),
      item(key("cross taken", `M0,0${SIGNS.taken}`), "taken up in this move"),
    );
  }

  // The curve --------------------------------------------------------------------------------------

  const WIDTH = 270;
  const HEIGHT = 250;
  const BOX = { left: 36, right: 254, top: 24, bottom: 212 };
  const NATS = 20 * Math.ceil(Math.max(...POINTS.map(({ nats }) => nats)) / 20);
  const LOWEST = 5 * Math.floor(Math.min(...POINTS.map(({ objective }) => objective)) / 5);

  const x_of = (nats) => BOX.left + ((BOX.right - BOX.left) * nats) / NATS;
  const y_of = (reward) => BOX.bottom + ((BOX.top - BOX.bottom) * (reward - LOWEST)) / -LOWEST;
  const spot = ({ nats, reward }) => `${x_of(nats).toFixed(1)},${y_of(reward).toFixed(1)}`;

  function axes() {
    const text = (x, y, anchor, words) => element("svg:text", { x, y, "text-anchor": anchor }, words);
    const parts = [
      element("svg:path", { class: "axis", d: `M${BOX.left},${BOX.top}V${BOX.bottom}H${BOX.right}` }),
      text(4, 13, "start", "reward per episode"),
      text(BOX.right, HEIGHT - 4, "end", "memory in nats"),
    ];
    for (let nats = 0; nats <= NATS; nats += 40) {
      parts.push(text(x_of(nats), BOX.bottom + 17, "middle", String(nats)));
      parts.push(element("svg:path", { class: "axis", d: `M${x_of(nats)},${BOX.bottom}v4` }));
    }
    for (let reward = 0; reward >= LOWEST; reward -= 20) {
      parts.push(text(BOX.left - 7, y_of(reward) + 4, "end", decimal(reward, 0)));
      parts.push(element("svg:path", { class: "axis", d: `M${BOX.left},${y_of(reward)}h-4` }));
    }
    return parts;
  }

  // Lines between neighbours on the curve: those with a leap between them, or the others.
  function joined(leaping) {
    const pairs = POINTS.slice(1).map((point, i) => [POINTS[i], point]);
    const chosen = pairs.filter(([a, b]) => leaping === leaps(a, b));
    return chosen.map(([a, b]) => `M${spot(a)}L${spot(b)}`).join("");
  }

  // The line of all memories whose reward - lambda * nats is the objective of a point.
  function price_line({ cost_weight, objective }) {
    const end = Math.min(NATS, -objective / cost_weight);
    const height = objective + cost_weight * end;
    return `M${x_of(0)},${y_of(objective)}L${x_of(end)},${y_of(height)}`;
  }

  const NOTE =
    "The dashed line has slope \u03bb. It meets the axis at the objective, \u25c7, and no point lies " +
    "above it. Dotted: a leap.";

  function make_curve(state, choose, settle) {
    const line = element("svg:path", { class: "price-line" });
    const meets = element("svg:path", { class: "meets" });
    const now = element("svg:circle", { class: "now", r: 6 });
    const svg = element(
      "svg:svg", { class: "frontier-curve", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" },
      ...axes(), line,
      element("svg:path", { class: "leap", d: joined(true) }),
      element("svg:path", { class: "reward", d: joined(false) }),
      element("svg:path", { class: "dots", d: POINTS.map((p) => `M${spot(p)}h0`).join("") }),
      meets, now,
    );
    const nearest = (event) => {
      const { left, top, width } = svg.getBoundingClientRect();
      const scale = WIDTH / width;
      const [x, y] = [(event.clientX - left) * scale, (event.clientY - top) * scale];
      const far = POINTS.map((p) => Math.hypot(x_of(p.nats) - x, y_of(p.reward) - y));
      return far.indexOf(Math.min(...far));
    };
    svg.addEventListener("pointerdown", (event) => {
      svg.setPointerCapture(event.pointerId);
      settle();
      choose(nearest(event));
    });
    svg.addEventListener("pointermove", (event) => {
      if (svg.hasPointerCapture(event.pointerId)) choose(nearest(event));
    });
    const draw = () => {
      const { point } = state;
      const y = y_of(point.objective);
      line.setAttribute("d", price_line(point));
      meets.setAttribute("d", `M${x_of(0)},${y}m-5,0l5,-5l5,5l-5,5z`);
      now.setAttribute("cx", x_of(point.nats));
      now.setAttribute("cy", y_of(point.reward));
      svg.setAttribute("aria-label",
        `Reward against memory for ${POINTS.length} prices of a nat. At the price chosen: ` +
        `${decimal(point.nats, 1)} nats, reward ${decimal(point.reward, 2)}. The line through this ` +
        `point with the price as its slope meets the axis at the objective, ${decimal(point.objective, 2)}.`);
    };
    return { root: svg, draw };
  }

  // The page ---------------------------------------------------------------------------------------

  function start(root) {
    const off = POINTS.map(({ cost_weight }) => Math.abs(Math.log(cost_weight / FIRST)));
    const state = { index: off.indexOf(Math.min(...off)), from: null, fresh: true };
    state.point = POINTS[state.index];
    const status = announcer("status");
    const shown = figures(["\u03bb", "memory", "reward", "price \u03bb \u00d7 nats", "objective", "memories kept"]);
    const maze = make_maze(state);

    // Go to another point. What one move drops is told from where it began: the next change of a
    // fresh state begins one.
    const choose = (index) => {
      if (index === state.index) return;
      if (state.fresh) state.from = state.point;
      state.fresh = false;
      state.index = index;
      state.point = POINTS[index];
      weight.set(index);
      status.say(describe_move(state.from, state.point));
      draw();
    };
    const weight = slider({
      label: "price of a nat \u03bb", min: 0, max: POINTS.length - 1, step: 1, value: state.index,
      text: (i) => weight_text(POINTS[i].cost_weight),
      input: choose,
    });
    const settle = () => (state.fresh = true);
    const moments = ["pointerdown", "keydown", "change"];
    moments.forEach((moment) => weight.range.addEventListener(moment, settle));
    const curve = make_curve(state, choose, settle);
    const next = (way) => {
      const beyond = way > 0 ? POINTS.slice(state.index + 1) : POINTS.slice(0, state.index).reverse();
      const i = beyond.findIndex((p) => (way > 0 ? lost(state.point, p) : lost(p, state.point)).length);
      return i < 0 ? -1 : state.index + way * (i + 1);
    };
    const jump = (way) => () => {
      const index = next(way);
      if (index < 0) return status.say(way > 0 ? "At no higher price is a memory dropped." : "At no lower price is one taken up.");
      settle();
      return choose(index);
    };
    const dearer = button("Drop the next", jump(1));
    const cheaper = button("Bring the last back", jump(-1));

    function draw() {
      const { point } = state;
      maze.draw();
      curve.draw();
      dearer.setAttribute("aria-disabled", next(1) < 0);
      cheaper.setAttribute("aria-disabled", next(-1) < 0);
      const kept = point.kept.filter(Boolean).length;
      shown.set([
        weight_text(point.cost_weight), `${decimal(point.nats, 1)} nats`, decimal(point.reward, 2),
        decimal(point.cost_weight * point.nats, 2), decimal(point.objective, 2),
        `${kept} of ${N_MEMORIES}`,
      ]);
    }

    const left = element("div", { class: "wide" }, maze.root, make_legend(), maze.here);
    const note = element("p", { class: "note" }, NOTE);
    const right = element("div", { class: "narrow" }, curve.root, note);
    const buttons = element("div", { class: "toolbar", role: "group", "aria-label": "Frontier" }, cheaper, dearer);
    root.replaceChildren(weight.root, buttons, element("div", { class: "side-by-side" }, left, right), shown.root, status.root);
    draw();
  }

  document.querySelectorAll('[data-explorable="frontier"]').forEach(start);
})();
