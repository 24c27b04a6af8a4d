// A small chart of one curve against trials.

"use strict";

const Chart = (() => {
  const { decimal, element } = Page;

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

  return { chart };
})();
