// A frame for curves, with what goes into it, and a table of the numbers that belong to them.

"use strict";

const Frame = (() => {
  const { element } = Page;

  const WIDTH = 340;
  const HEIGHT = 230;
  const BOX = { left: 46, right: 330, top: 24, bottom: 184 };

  const across = (share) => BOX.left + (BOX.right - BOX.left) * share;
  const up = (share) => BOX.bottom - (BOX.bottom - BOX.top) * share;
  const x_of = (value, [from, to]) => across(Math.log(value / from) / Math.log(to / from));
  const point = (x, y) => `${x.toFixed(1)},${y.toFixed(1)}`;
  const text = (x, y, anchor, words) => element("svg:text", { x, y, "text-anchor": anchor }, words);

  // A frame with names and ticks; what is drawn goes into the group `inside`, and `high` and `low`
  // are the ends of the upright axis. `place` says where a tick is, by default on logarithms.
  function frame({ title, name, ticks, range, place = (value) => x_of(value, range), label = String }) {
    const inside = element("svg:g");
    const high = text(BOX.left - 5, BOX.top + 10, "end", "");
    const low = text(BOX.left - 5, BOX.bottom, "end", "");
    const axis = `M${BOX.left},${BOX.top}V${BOX.bottom}H${BOX.right}`;
    const marks = ticks.flatMap((value) => [
      element("svg:path", { class: "axis", d: `M${place(value)},${BOX.bottom}v5` }),
      text(place(value), BOX.bottom + 19, "middle", label(value)),
    ]);
    const root = element(
      "svg:svg", { class: "narrow", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" },
      element("svg:path", { class: "axis", d: axis }), ...marks, inside, high, low,
      text(BOX.left, 13, "start", title), text(BOX.right, HEIGHT - 6, "end", name),
    );
    return { root, inside, high, low };
  }

  const line = (points, className) =>
    element("svg:path", { class: className, d: points.length > 1 ? `M${points.join("L")}` : "" });
  const upright = (x, className) =>
    element("svg:path", { class: className, d: `M${x.toFixed(1)},${BOX.top}V${BOX.bottom}` });

  const SHAPES = {
    triangle: (x, y) => ({ d: `M${point(x, y - 7)}l7,12h-14Z` }),
    diamond: (x, y) => ({ d: `M${point(x, y - 7)}l7,7l-7,7l-7,-7Z` }),
    square: (x, y) => ({ d: `M${point(x - 5, y - 5)}h10v10h-10Z` }),
    circle: (x, y) => ({ cx: x.toFixed(1), cy: y.toFixed(1), r: 5 }),
  };

  // A sign of one of these shapes, full if it is the best.
  function sign(x, y, shape, best) {
    const name = shape === "circle" ? "svg:circle" : "svg:path";
    return element(name, { class: best ? "place best" : "place", ...SHAPES[shape](x, y) });
  }

  // A table: names above its columns, and at the left of each row a sign or a line with its name.
  function table(caption, columns, rows) {
    const cells = rows.map(() => columns.map(() => element("td")));
    const key = (drawn) =>
      element("svg:svg", { class: "sample", viewBox: "0 0 30 16", "aria-hidden": "true" }, drawn);
    const lines = rows.map(({ name, drawn }, i) =>
      element("tr", {}, element("th", { scope: "row" }, key(drawn), ` ${name}`), ...cells[i]));
    const head = columns.map((name) => element("th", { scope: "col" }, name));
    const root = element(
      "table", { class: "numbers" }, element("caption", {}, caption),
      element("thead", {}, element("tr", {}, element("td"), ...head)), element("tbody", {}, ...lines),
    );
    const set = (texts) =>
      texts.forEach((row, i) => row.forEach((words, j) => (cells[i][j].textContent = words)));
    return { root, set };
  }

  return { BOX, across, up, x_of, point, text, frame, line, upright, sign, table };
})();
