// Two memories: drag their means and standard deviations, see what that does and what it costs.

"use strict";

(() => {
  const { draggable } = Drag;
  const { choose_first, dprime, kl, normal_density } = Exact;
  const { announcer, decimal, element, figures, place, slider } = Page;

  const WIDTH = 640;
  const HEIGHT = 250;
  const FLOOR = 222;
  const TOP = 26;
  const RANGE = 12; // the axis runs from -RANGE to RANGE, in units of reward
  const MEANS = { min: -8, max: 8, step: 0.1 };
  const SIGMAS = { min: 0.2, max: 10, step: 0.1 };
  const BETAS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, Infinity];
  const NAMES = ["A", "B"];

  const x_of = (value) => (WIDTH * (value + RANGE)) / (2 * RANGE);
  const value_of = (x) => (2 * RANGE * x) / WIDTH - RANGE;
  const snapped = (value, { min, max, step }) =>
    Math.min(Math.max(Number((Math.round(value / step) * step).toFixed(6)), min), max);

  // Everything that is shown in words, as numbers.
  function numbers({ q, sigma, sigma_base, beta }) {
    const prices = sigma.map((s) => kl(s, sigma_base));
    return { first: choose_first(q, sigma, beta), dprime: dprime(q, sigma), prices };
  }

  function outline(mean, sigma, height) {
    const points = [];
    for (let x = 0; x <= WIDTH; x += 1) points.push(x);
    for (let z = -4; z <= 4; z += 0.1) points.push(x_of(mean + z * sigma));
    points.sort((a, b) => a - b);
    const path = points.filter((x) => x >= 0 && x <= WIDTH).map((x) => {
      const density = normal_density((value_of(x) - mean) / sigma) / sigma;
      return `${x.toFixed(1)},${(FLOOR - density * height).toFixed(1)}`;
    });
    return `M${path.join("L")}`;
  }

  function axis() {
    const parts = [element("svg:path", { class: "axis", d: `M0,${FLOOR}H${WIDTH}` })];
    for (let value = -10; value <= 10; value += 5) {
      const place = { x: x_of(value), y: HEIGHT - 8, "text-anchor": "middle" };
      parts.push(element("svg:path", { class: "axis", d: `M${x_of(value)},${FLOOR}v6` }));
      parts.push(element("svg:text", place, decimal(value, 0)));
    }
    return parts;
  }

  // A round handle with its letter, if it has one, and what dragging needs to know of it. `move` is
  // called with the value below it.
  function make_handle(plot, className, letter, move) {
    const circle = element("svg:circle", { class: `handle ${className}` });
    const parts = [circle];
    if (letter) parts.push(element("svg:text", { class: `letter ${letter.toLowerCase()}`, "text-anchor": "middle" }, letter));
    const here = { x: 0, y: 0 };
    const put = (x, y) => {
      Object.assign(here, { x, y });
      parts.forEach((part) => part.setAttribute("transform", `translate(${x.toFixed(2)},${y.toFixed(2)})`));
    };
    const held = (on) => {
      circle.classList.toggle("held", on);
      if (on) plot.append(...parts); // before all others
    };
    return { parts, put, at: () => here, held, move: ({ x }) => move(value_of(x)) };
  }

  // The curve and the two handles of memory i.
  function memory_parts(plot, state, i, change) {
    const name = NAMES[i].toLowerCase();
    const set = (key, limits) => (value) => change(key, i, snapped(value, limits));
    const to_sigma = set("sigma", SIGMAS);
    const curve = element("svg:path", { class: `curve ${name}` });
    const base = element("svg:path", { class: `base ${name}` });
    const arm = element("svg:path", { class: `arm ${name}` });
    const width = make_handle(plot, name, "", (value) => to_sigma(Math.abs(value - state.q[i])));
    const mean = make_handle(plot, `mean ${name}`, NAMES[i], set("q", MEANS));
    const draw = (height) => {
      const [q, sigma] = [state.q[i], state.sigma[i]];
      const peak = FLOOR - (height * normal_density(0)) / sigma;
      const shoulder = FLOOR - (height * normal_density(1)) / sigma;
      const outer = q < state.q[1 - i] ? -1 : 1; // the side away from the other memory
      const fits = Math.abs(q + outer * sigma) < RANGE - 0.5;
      const side = q + (fits ? outer : -outer) * sigma;
      curve.setAttribute("d", outline(q, sigma, height));
      base.setAttribute("d", outline(q, state.sigma_base, height));
      arm.setAttribute("d", `M${x_of(q)},${shoulder}H${x_of(side)}`);
      mean.put(x_of(q), peak);
      width.put(x_of(side), shoulder);
    };
    plot.append(base, curve, arm, ...width.parts, ...mean.parts);
    return { draw, handles: [width, mean] };
  }

  const beta_text = (beta) => (beta === Infinity ? "\u221e (Thompson)" : String(beta));

  function sentence(state, now) {
    const [a, b] = now.prices;
    return (
      `A is chosen with probability ${decimal(now.first, 3)}, ` +
      `B with ${decimal(1 - now.first, 3)}. d\u2032 is ${decimal(now.dprime, 2)}. ` +
      `The price is ${decimal(a + b, 2)} nats.`
    );
  }

  function controls(state, change) {
    const make = (label, key, i, limits) => {
      const input = (value) => change(key, i, value);
      const text = (value) => decimal(value, 1);
      return [`${key}${i}`, slider({ label, ...limits, value: state[key][i], text, input })];
    };
    const beta = slider({
      label: "inverse temperature \u03b2",
      min: 0,
      max: BETAS.length - 1,
      step: 1,
      value: BETAS.indexOf(state.beta),
      text: (i) => beta_text(BETAS[i]),
      input: (i) => change("beta", null, BETAS[i]),
    });
    const base = slider({
      label: ["base memory \u03c3", element("sub", {}, "base")],
      min: 1,
      max: 10,
      step: 0.5,
      value: state.sigma_base,
      text: (value) => decimal(value, 1),
      input: (value) => change("sigma_base", null, value),
    });
    return Object.fromEntries([
      make("A: mean q\u0304", "q", 0, MEANS),
      make("A: blur \u03c3", "sigma", 0, SIGMAS),
      make("B: mean q\u0304", "q", 1, MEANS),
      make("B: blur \u03c3", "sigma", 1, SIGMAS),
      ["beta", beta],
      ["sigma_base", base],
    ]);
  }

  function start(root) {
    const state = { q: [2, -1], sigma: [3, 3], sigma_base: 5, beta: 10 };
    const plot = element("svg:svg", { class: "plot", viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img" });
    plot.append(...axis());
    const shown = figures([
      "chooses A", "chooses B", "d\u2032", "price of A", "price of B", "price of both",
    ]);
    const status = announcer();
    const change = (key, i, value) => {
      if (i === null) state[key] = value;
      else {
        state[key][i] = value;
        sliders[`${key}${i}`].set(value);
      }
      show();
    };
    const sliders = controls(state, change);
    const memories = [0, 1].map((i) => memory_parts(plot, state, i, change));
    draggable(plot, memories.flatMap(({ handles }) => handles));
    // what must be read or grasped is as large on a small plot
    const scale = () => plot.style.setProperty("--unit", WIDTH / plot.clientWidth);
    new ResizeObserver(scale).observe(plot);

    function show() {
      const now = numbers(state);
      const height = ((FLOOR - TOP) * Math.min(...state.sigma, state.sigma_base)) / normal_density(0);
      memories.forEach(({ draw }) => draw(height));
      const nats = (x) => `${decimal(x, 3)} nats`;
      shown.set([
        decimal(now.first, 4), decimal(1 - now.first, 4), decimal(now.dprime, 3),
        ...now.prices.map(nats), nats(now.prices[0] + now.prices[1]),
      ]);
      const curve = (i) =>
        `${NAMES[i]} has mean ${decimal(state.q[i], 1)} and standard deviation ${decimal(state.sigma[i], 1)}`;
      plot.setAttribute("aria-label", `Densities of two remembered values. ${curve(0)}; ${curve(1)}.`);
    }

    const panel = element("div", { class: "controls" }, ...Object.values(sliders).map((s) => s.root));
    panel.addEventListener("change", () => status.say(sentence(state, numbers(state))));
    root.replaceChildren(plot, shown.root, panel, status.root);
    show();
  }

  place("memories", start);
})();
