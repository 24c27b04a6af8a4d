// The curve of the frontier: reward against nats, and the price of a nat as the slope of a line.

"use strict";

const FrontierCurve = (() => {
  const { REACH, hold_page, pixels, place_on } = Drag;
  const { POINTS, leaps } = FrontierTable;
  const { decimal, element } = Page;

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
    const at = (p) => ({ x: x_of(p.nats), y: y_of(p.reward) });
    const go = (event) => {
      const spot = place_on(svg, event);
      const far = POINTS.map((p) => pixels(at(p), spot, spot.unit));
      choose(far.indexOf(Math.min(...far)));
    };
    // a finger drags what it touches; elsewhere it scrolls, unless it was a tap
    const near = (spot) => pixels(at(state.point), spot, spot.unit) <= REACH;
    hold_page(svg, near);
    let drags = false;
    svg.addEventListener("pointerdown", (event) => {
      drags = event.pointerType !== "touch" || near(place_on(svg, event));
      if (!drags) return;
      svg.setPointerCapture(event.pointerId);
      settle();
      go(event);
    });
    svg.addEventListener("pointermove", (event) => {
      if (drags && svg.hasPointerCapture(event.pointerId)) go(event);
    });
    svg.addEventListener("click", (event) => {
      settle();
      go(event);
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

  return { NOTE, make_curve };
})();
