// Cells of a maze that can be walked with the arrow keys, and their colours.

"use strict";

const Cells = (() => {
  const { element } = Page;

  // A grid of cells that Tab leads to and the arrow keys walk through, beginning at cell `start`.
  // `enter` hears which cell has the focus; `press` hears of other keys there, and says whether it
  // has used them.
  function cell_grid(cells, { columns, start, label, enter, press = () => false }) {
    let here = start;
    const enter_cell = (i) => {
      cells[here].tabIndex = -1;
      here = i;
      cells[here].tabIndex = 0;
      enter(here);
    };
    cells.forEach((cell, i) => {
      cell.setAttribute("role", "gridcell");
      cell.tabIndex = i === start ? 0 : -1;
      cell.addEventListener("focus", () => enter_cell(i));
    });
    const keydown = (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const column = here % columns;
      const moves = {
        ArrowUp: -columns, ArrowDown: columns, ArrowLeft: column > 0 && -1,
        ArrowRight: column < columns - 1 && 1, Home: -column, End: columns - 1 - column,
      };
      if (event.key in moves) (cells[here + moves[event.key]] || cells[here]).focus();
      else if (!press(event.key, here)) return;
      event.preventDefault();
    };
    const grid = { role: "grid", "aria-label": label, style: `--columns: ${columns}`, keydown };
    const root = element("div", grid);
    for (let first = 0; first < cells.length; first += columns) {
      const line = cells.slice(first, first + columns);
      root.append(element("div", { class: "line", role: "row" }, ...line));
    }
    return root;
  }

  // Colours: nine steps of cividis, which looks the same to most colour-blind readers.
  const CIVIDIS = [[0, 34, 78], [26, 56, 111], [67, 78, 108], [97, 101, 111], [125, 124, 120],
    [155, 148, 118], [188, 174, 108], [222, 201, 88], [254, 232, 56]];

  function cividis(x) {
    const place = Math.min(Math.max(x, 0), 1) * (CIVIDIS.length - 1);
    const i = Math.min(Math.floor(place), CIVIDIS.length - 2);
    return CIVIDIS[i].map((c, k) => Math.round(c + (place - i) * (CIVIDIS[i + 1][k] - c)));
  }

  const rgb = (colour) => `rgb(${colour.join(",")})`;

  // Black or white, whichever is easier to read on a colour.
  function ink([red, green, blue]) {
    const linear = (c) => (c / 255) ** 2.2;
    const light = 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
    return light > 0.18 ? "#000" : "#fff";
  }

  function colour_bar(reversed) {
    const stops = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((i) => rgb(cividis(reversed ? 1 - i / 8 : i / 8)));
    return `linear-gradient(to right, ${stops.join(", ")})`;
  }

  return { cell_grid, cividis, rgb, ink, colour_bar };
})();
