// The maze as a grid of cells that can be seen, clicked, walked with the arrow keys and heard.

"use strict";

const Grid = (() => {
  const { ACTIONS, N_ACTIONS } = Dra;
  const { best_action, choice_entropy, kl } = Exact;
  const { cell_grid, cividis, colour_bar, ink, rgb } = Cells;
  const { decimal, element } = Page;

  const ARROWS = ["\u2191", "\u2193", "\u2190", "\u2192"];
  const row_of = (memory, state) => memory.subarray(state * N_ACTIONS, (state + 1) * N_ACTIONS);

  // What a cell can show: its value, the place of that value on the colour scale, and the words.
  const VIEWS = {
    entropy: {
      label: "choice entropy",
      value: choice_entropy,
      place: (value) => value,
      low: "0: certain",
      high: "1: any action",
      text: (value) => decimal(value, 2),
    },
    precision: {
      label: "precision",
      value: (memory, state) => 1 / Math.min(...row_of(memory.sigma, state)) ** 2,
      place: (value) => 1 - Math.log(25 * value) / Math.log(100),
      low: "4 or more: precise",
      high: "1/25: blurred",
      text: (value) => (value < 10 ? decimal(value, 2) : decimal(value, 0)),
    },
    values: {
      label: "value",
      value: (memory, state) => Math.max(...row_of(memory.q, state)),
      place: (value) => (value + 10) / 20,
      low: "\u221210: far away",
      high: "10: at the goal",
      text: (value) => decimal(value, 1),
    },
  };

  const place_name = (state, { columns }) =>
    `row ${Math.floor(state / columns)}, column ${state % columns}`;

  const role_name = (state, layout) =>
    (state === layout.start && "start") ||
    (state === layout.goal && "goal") ||
    (layout.walls.has(state) && "wall") ||
    "";

  // One cell in words.
  function describe(state, { layout, memory, parameters, view }) {
    const role = role_name(state, layout);
    const name = place_name(state, layout) + (role && `, ${role}`);
    if (role === "wall" || role === "goal") return name;
    const shown = VIEWS[view];
    const best = best_action(memory, state);
    const nats = row_of(memory.sigma, state).reduce((sum, s) => sum + kl(s, parameters.sigma_base), 0);
    return (
      `${name}: ${shown.label} ${shown.text(shown.value(memory, state))}, ` +
      `best action ${best < 0 ? "not known" : ACTIONS[best]}, memory ${decimal(nats, 2)} nats`
    );
  }

  // The four memories of a cell in words.
  function detail(state, { layout, memory }) {
    if (["wall", "goal"].includes(role_name(state, layout))) return "";
    const [q, sigma] = [memory.q, memory.sigma].map((values) => row_of(values, state));
    const one = (action, a) => `${action} ${decimal(q[a], 1)} \u00b1 ${decimal(sigma[a], 1)}`;
    return `q\u0304 \u00b1 \u03c3: ${ACTIONS.map(one).join(", ")}`;
  }

  // Make the grid for a maze (see learner.js). `edit`, by the names of maze.click, hears of clicks and
  // keys; `look` hears which cell is pointed at or has the focus.
  function make_grid(maze, { edit, look }) {
    const { rows, columns } = maze.layout;
    let cursor = maze.layout.start;
    let pointed = null;
    const show = () => look(pointed === null ? cursor : pointed);
    const walks = ["halo", "walk"].map((name) => element("svg:polyline", { class: name }));
    const name = (state) => cells[state].setAttribute("aria-label", describe(state, maze));
    const cells = Array.from({ length: rows * columns }, (_, state) => {
      const click = () => {
        cells[state].focus();
        edit[maze.click](state);
      };
      const point = (to) => () => {
        pointed = to;
        show();
      };
      const parts = ["sign", "arrow"].map((part) => element("span", { class: part }));
      const listen = { click, mouseenter: point(state), mouseleave: point(null) };
      return element("div", listen, ...parts);
    });
    const grid = cell_grid(cells, {
      columns,
      start: cursor,
      label: `Maze of ${rows} rows and ${columns} columns`,
      enter: (state) => {
        cursor = state;
        pointed = null;
        name(cursor);
        show();
      },
      press: (key, state) => {
        const reads = maze.click === "read";
        if (key === "Enter" || key === " ") edit[reads ? "read" : "wall"](state);
        else if (key === "g" || key === "G") edit[reads ? "read" : "goal"](state);
        else return false;
        return true;
      },
    });

    const overlay = { class: "overlay", viewBox: `0 0 ${columns} ${rows}`, "aria-hidden": "true" };
    const root = element("div", { class: "cells" }, grid, element("svg:svg", overlay, ...walks));

    const draw_cell = (state) => {
      const { layout, memory, view, show_numbers } = maze;
      const [cell, shown, role] = [cells[state], VIEWS[view], role_name(state, layout)];
      const arrow = cell.lastChild;
      cell.dataset.kind = role;
      arrow.textContent = "";
      cell.style.background = "";
      cell.style.color = "";
      if (role === "wall" || role === "goal") return;
      const value = shown.value(memory, state);
      const colour = cividis(shown.place(value));
      cell.style.background = rgb(colour);
      cell.style.color = ink(colour);
      if (show_numbers) arrow.textContent = shown.text(value);
      else arrow.textContent = ARROWS[best_action(memory, state)] || "";
      // a name must hold what is seen, but one that changes under the focus would be read out
      if (show_numbers && document.activeElement !== cell) name(state);
    };

    const draw = () => {
      root.classList.toggle("numbers", maze.show_numbers);
      for (let state = 0; state < cells.length; state += 1) draw_cell(state);
      const middle = (state) => `${(state % columns) + 0.5},${Math.floor(state / columns) + 0.5}`;
      walks.forEach((line) => line.setAttribute("points", maze.walk.map(middle).join(" ")));
      show();
    };
    cells.forEach((_, state) => name(state));
    return { root, draw, rename: () => cells.forEach((_, state) => name(state)) };
  }

  // The colours in words.
  function make_legend() {
    const low = element("span");
    const high = element("span");
    const name = element("strong");
    const bar = element("span", { class: "bar" });
    const root = element("p", { class: "legend" }, name, low, bar, high);
    const draw = (view) => {
      name.textContent = VIEWS[view].label;
      low.textContent = VIEWS[view].low;
      high.textContent = VIEWS[view].high;
      bar.style.background = colour_bar(false);
    };
    return { root, draw };
  }

  return { VIEWS, describe, detail, make_grid, make_legend };
})();
