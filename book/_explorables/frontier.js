// The frontier: raise the price of a nat and watch which memories are dropped.

"use strict";

(() => {
  const { MOVES, N_ACTIONS } = Dra;
  const { cell_grid, cividis, colour_bar, rgb } = Cells;
  const { NOTE, make_curve } = FrontierCurve;
  const {
    BASE, LEAST, TRACE, FIRST, LAYOUT, CHOOSES, POINTS, N_MEMORIES, DEAREST, greedy_way, lost,
    weight_text, describe_move, describe_cell,
  } = FrontierTable;
  const { announcer, button, decimal, element, figures, place, slider } = Page;

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

  place("frontier", start);
})();
