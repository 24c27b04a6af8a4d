// What the explorables share: making elements, sliders, announcements, colours and small charts.

"use strict";

const Page = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  // Make an element. A name that starts with "svg:" is of that namespace; an attribute whose value is
  // a function listens to the event of that name.
  function element(name, attributes = {}, ...children) {
    const made = name.startsWith("svg:")
      ? document.createElementNS(SVG, name.slice(4))
      : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (typeof value === "function") made.addEventListener(key, value);
      else if (value !== false) made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  // Numbers as people write them: a real minus sign, and none before zero.
  function decimal(x, digits = 2) {
    const text = x.toFixed(digits);
    return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "\u2212");
  }

  let made = 0;

  // A labelled slider; the label is a text or a list of texts and elements. `text` turns its value
  // into words, `input` hears of changes.
  function slider({ label, min, max, step, value, text = decimal, input }) {
    made += 1;
    const id = `explorable-slider-${made}`;
    const range = element("input", { type: "range", id, min, max, step, value });
    const shown = element("span", { class: "value" });
    const show = () => {
      shown.textContent = text(Number(range.value));
      range.setAttribute("aria-valuetext", shown.textContent);
    };
    range.addEventListener("input", () => {
      show();
      input(Number(range.value));
    });
    show();
    const set = (next) => {
      range.value = next;
      show();
    };
    const name = element("label", { for: id }, ...[label].flat());
    const root = element("div", { class: "slider" }, name, range, shown);
    return { root, range, set };
  }

  // A group of radio buttons; `choose` hears the value of the one chosen.
  function choices({ legend, options, value, choose }) {
    made += 1;
    const name = `explorable-choice-${made}`;
    const buttons = options.map(([key, label]) => {
      const change = () => choose(key);
      const radio = { type: "radio", name, value: key, checked: key === value && "", change };
      return element("label", {}, element("input", radio), ...[label].flat());
    });
    return element("fieldset", {}, element("legend", {}, legend), ...buttons);
  }

  // A button. Its text may change later.
  function button(label, click) {
    return element("button", { type: "button", click }, label);
  }

  // Numbers with names; the returned function sets them, in order.
  function figures(names) {
    const values = names.map(() => element("dd"));
    const pairs = names.map((name, i) => element("div", {}, element("dt", {}, name), values[i]));
    const set = (texts) => texts.forEach((text, i) => (values[i].textContent = text));
    return { root: element("dl", {}, ...pairs), set };
  }

  // A line that screen readers read out when it changes, at most every half second.
  function announcer(className = "visually-hidden") {
    const root = element("p", { class: className, role: "status", "aria-live": "polite" });
    let waiting = null;
    const say = (text) => {
      window.clearTimeout(waiting);
      waiting = window.setTimeout(() => (root.textContent = text), 400);
    };
    return { root, say };
  }

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

  // Charts ----------------------------------------------------------------------------------------

  const WIDTH = 340;
  const HEIGHT = 130;
  const BOX = { left: 42, right: 332, top: 22, bottom: 108 };

  const anchored = (x, y, anchor, text) =>
    element("svg:text", { x, y, "text-anchor": anchor }, text);

  // A chart of one curve against trials. `draw` takes the points as [trial, value], the number of
  // trials so far, the trials at which the maze changed, and the scale [low, high]; what lies below
  // the scale is drawn at its lower end.
  function chart(title, className) {
    const curve = element("svg:path", { class: className });
    const marks = element("svg:path", { class: "mark" });
    const top = anchored(BOX.left - 5, BOX.top + 9, "end", "");
    const low = anchored(BOX.left - 5, BOX.bottom, "end", "");
    const end = anchored(BOX.right, HEIGHT - 6, "end", "");
    const frame = `M${BOX.left},${BOX.top}V${BOX.bottom}H${BOX.right}`;
    const root = element(
      "svg:svg",
      { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title },
      element("svg:path", { class: "axis", d: frame }),
      anchored(BOX.left, 13, "start", title),
      anchored(BOX.left, HEIGHT - 6, "start", "trial 0"),
      top, low, end, marks, curve,
    );
    const draw = (points, trials, changes, [from, to], clipped) => {
      const x = (t) => BOX.left + ((BOX.right - BOX.left) * t) / Math.max(trials, 1);
      const y = (v) =>
        BOX.bottom - ((BOX.bottom - BOX.top) * (Math.max(v, from) - from)) / (to - from);
      const path = points.map(([t, v]) => `${x(t).toFixed(1)},${y(v).toFixed(1)}`).join("L");
      curve.setAttribute("d", path && `M${path}`);
      const mark = (t) => `M${x(t).toFixed(1)},${BOX.top}V${BOX.bottom}`;
      marks.setAttribute("d", changes.map(mark).join(""));
      top.textContent = decimal(to, 0);
      low.textContent = (clipped ? "\u2264 " : "") + decimal(from, 0);
      end.textContent = `trial ${trials}`;
      const last = points.length ? `, now ${decimal(points[points.length - 1][1])}` : "";
      root.setAttribute("aria-label", `${title}, over ${trials} trials${last}`);
    };
    return { root, draw };
  }

  return {
    element, decimal, slider, choices, button, figures, announcer, cell_grid, cividis, rgb, ink,
    colour_bar, chart,
  };
})();
