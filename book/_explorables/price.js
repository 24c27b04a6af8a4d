// One memory at a price, the figure: the objective F over sigma, its best point, and where it leaps.

"use strict";

(() => {
  const { kl, normal_cdf } = Exact;
  const { announcer, decimal, element, figures, place, slider } = Page;
  const { BOX, frame, line, point, sign, up, upright, x_of } = Frame;

  const SIGMAS = [0.02, 14]; // the axes, in units of reward
  const PRICES = [0.005, 2];
  const STEPS = 120; // of the price, each about five per cent
  const FIRST = 57; // just below the threshold
  const GAPS = { min: 0.1, max: 5, step: 0.1 };
  const BASES = { min: 1, max: 10, step: 0.5 };

  const price_at = (i) => Number((PRICES[0] * (PRICES[1] / PRICES[0]) ** (i / STEPS)).toPrecision(3));

  // Everything that is shown in words, as numbers.
  function numbers({ gap, price, base }) {
    const { sigma, value } = Price.best({ gap, price, base });
    const leap = Price.leap(gap, base);
    return { sigma, value, nats: kl(sigma, base), right: normal_cdf(gap / sigma), leap };
  }

  // F over sigma. The picture shows the upper part of the hill, 0.4 of the gap high. A maximum is a
  // triangle, full if it is the best; a minimum is a circle.
  function make_hill() {
    const plot = frame({
      title: "objective F [reward]", name: "\u03c3 [reward]", ticks: [0.03, 0.1, 0.3, 1, 3, 10],
      range: SIGMAS,
    });
    const draw = (at, now) => {
      const y_of = (value) => up((value - now.value + 0.36 * at.gap) / (0.4 * at.gap));
      const points = [];
      for (let i = 0; i <= 300; i += 1) {
        const sigma = SIGMAS[0] * (SIGMAS[1] / SIGMAS[0]) ** (i / 300);
        const y = y_of(Price.objective(sigma, at));
        if (y <= BOX.bottom) points.push(point(x_of(sigma, SIGMAS), y));
      }
      const places = Price.stationary(at).filter(({ value }) => y_of(value) <= BOX.bottom);
      plot.inside.replaceChildren(
        upright(x_of(at.base, SIGMAS), "mark"),
        line(points, "curve a"),
        ...places.map(({ sigma, value, top }) =>
          sign(x_of(sigma, SIGMAS), y_of(value), top ? "triangle" : "circle", top && sigma === now.sigma)),
      );
      plot.high.textContent = decimal(now.value + 0.04 * at.gap, 2);
      plot.low.textContent = decimal(now.value - 0.36 * at.gap, 2);
      const hills = places.filter(({ top }) => top).map(({ sigma }) => decimal(sigma, 2));
      plot.root.setAttribute(
        "aria-label",
        `Objective against sigma. Highest ${decimal(now.value, 3)} at sigma ${decimal(now.sigma, 2)}. ` +
          `Hills at ${hills.join(" and ")}. A dotted line marks the width that is free, ${decimal(at.base, 1)}.`,
      );
    };
    return { root: plot.root, draw };
  }

  // The best sigma against the price, for this gap and base. The thin dashed part is stationary, but
  // not the best.
  function make_track() {
    const plot = frame({
      title: "best \u03c3 [reward]", name: "price \u03bb [reward / nat]", ticks: [0.01, 0.1, 1],
      range: PRICES,
    });
    const draw = (at, now) => {
      const k = at.gap / at.base;
      const { price, blurred, sharp } = now.leap || { blurred: Infinity, sharp: Infinity };
      const parts = { blurred: [], between: [], sharp: [] };
      const add = (u) => {
        const here = at.gap * Price.branch(u, k);
        if (here < PRICES[0] || here > PRICES[1]) return;
        const part = u <= blurred ? "blurred" : u >= sharp ? "sharp" : "between";
        parts[part].push(point(x_of(here, PRICES), up(at.gap / u / at.base)));
      };
      for (let i = 0; i <= 800; i += 1) add(k * (1 + 1e-6 * (1e6 * (Price.FAR / k)) ** (i / 800)));
      const leap = now.leap ? [upright(x_of(price, PRICES), "mark leap")] : [];
      plot.inside.replaceChildren(
        ...leap,
        line(parts.between, "arm b"), line(parts.blurred, "curve a"), line(parts.sharp, "curve a"),
        sign(x_of(at.price, PRICES), up(now.sigma / at.base), "triangle", true),
      );
      plot.high.textContent = decimal(at.base, 1);
      plot.low.textContent = "0";
      const jump = now.leap ? `It jumps at a price of ${price.toPrecision(3)}.` : "It rises without a jump.";
      plot.root.setAttribute(
        "aria-label", `Best sigma against the price, now ${decimal(now.sigma, 2)} at ${at.price}. ${jump}`,
      );
    };
    return { root: plot.root, draw };
  }

  function sentence(at, now) {
    const held = `The best \u03c3 is ${decimal(now.sigma, 2)}: ${decimal(now.nats, 3)} nats.`;
    if (!now.leap) return `${held} No jump at this gap: the memory fades as the price rises.`;
    const side = at.price < now.leap.price ? "The memory is kept" : "The memory is all but dropped";
    return `${held} ${side}; the threshold is at \u03bb = ${now.leap.price.toPrecision(3)}.`;
  }

  function start(root) {
    const state = { gap: 0.5, base: 5, price: price_at(FIRST) };
    const [hill, track] = [make_hill(), make_track()];
    const shown = figures(["best \u03c3", "nats held", "chooses right", "F there", "jumps at \u03bb"]);
    const status = announcer("status");
    const set = (key) => (value) => {
      state[key] = value;
      show();
    };
    const text = (value) => decimal(value, 1);
    const sliders = [
      slider({
        label: "price of a nat \u03bb", min: 0, max: STEPS, step: 1, value: FIRST,
        text: (i) => String(price_at(i)), input: (i) => set("price")(price_at(i)),
      }),
      slider({
        label: ["gap q", element("sub", {}, "1"), " \u2212 q", element("sub", {}, "2")],
        ...GAPS, value: state.gap, text, input: set("gap"),
      }),
      slider({
        label: ["free memory \u03c3", element("sub", {}, "base")],
        ...BASES, value: state.base, text, input: set("base"),
      }),
    ];
    const panel = element("div", { class: "controls" }, ...sliders.map((s) => s.root));

    function show() {
      const now = numbers(state);
      hill.draw(state, now);
      track.draw(state, now);
      shown.set([
        decimal(now.sigma, 3), `${decimal(now.nats, 3)} nats`, decimal(now.right, 3),
        decimal(now.value, 4), now.leap ? now.leap.price.toPrecision(4) : "\u2013",
      ]);
      status.say(sentence(state, now));
    }

    const plots = element("div", { class: "side-by-side" }, hill.root, track.root);
    root.replaceChildren(plots, shown.root, panel, status.root);
    status.root.textContent = sentence(state, numbers(state));
    show();
  }

  place("price", start);
})();
