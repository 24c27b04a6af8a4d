// Rewards of another size: how often the better option is chosen, and how many nats are kept, at
// every size of the rewards, where the parameters follow it or not.

"use strict";

(() => {
  const { announcer, decimal, element, figures, place, slider } = Page;
  const { frame, line, point, sign, up, upright, x_of } = Frame;

  const SIZES = [0.01, 100];
  const STEPS = 80; // of the size; 20 make a factor of ten
  const POINTS = 100; // of a curve
  const CONTEXTS = [1, 2, 3, 5, 8, 15, 25, 40];
  // what can be scaled: its key, its name as it is spoken, and the name in the page
  const SCALED = [
    ["beta", "\u03b2 / size"],
    ["base", "\u03c3 base \u00d7 size", ["\u03c3", element("sub", {}, "base"), " \u00d7 size"]],
    ["price", "\u03bb \u00d7 size"],
    ["visits", "\u03bb / contexts"],
  ];

  const size_at = (share) => SIZES[0] * (SIZES[1] / SIZES[0]) ** share;
  const size_text = (i) => String(Number(size_at(i / STEPS).toPrecision(2)));
  const short = (x) => String(Number(x.toPrecision(3)));
  const found = new Map();

  // What is best at every size: points of { size, right, nats }.
  function curve(contexts, follows) {
    const key = [contexts, ...SCALED.map(([name]) => Boolean(follows[name]))].join();
    if (!found.has(key)) {
      const points = Array.from({ length: POINTS + 1 }, (_, i) => {
        const size = size_at(i / POINTS);
        return { size, ...Scale.best(Scale.parameters(size, 1 / contexts, follows)) };
      });
      found.set(key, points);
    }
    return found.get(key);
  }

  function numbers({ step, contexts, follows }) {
    const size = Number(size_text(step));
    const at = Scale.parameters(size, 1 / contexts, follows);
    return { size, at, ...Scale.best(at), points: curve(contexts, follows), fixed: curve(contexts, {}) };
  }

  // One quantity against the size of the rewards. The dashed curve is that of fixed parameters.
  function make_plot(title, key, top, digits) {
    const plot = frame({ title, name: "size of the rewards", ticks: [0.01, 0.1, 1, 10, 100], range: SIZES });
    const draw = (now) => {
      const [low, high] = top(now);
      const spot = (size, value) => [x_of(size, SIZES), up((0.94 * (value - low)) / (high - low))];
      const path = (points, name) => line(points.map((p) => point(...spot(p.size, p[key]))), name);
      plot.inside.replaceChildren(
        upright(x_of(1, SIZES), "mark"),
        path(now.fixed, "curve b"), path(now.points, "curve a"),
        sign(...spot(now.size, now[key]), "triangle", true),
      );
      plot.high.textContent = decimal(high, key === "right" ? 1 : 0);
      plot.high.setAttribute("y", up(0.94) + 5);
      plot.low.textContent = decimal(low, key === "right" ? 1 : 0);
      const ends = [now.points[0], now.points[POINTS]].map((p) => decimal(p[key], digits));
      plot.root.setAttribute(
        "aria-label",
        `${title} against the size of the rewards: ${ends[0]} at 0.01, ${decimal(now[key], digits)} at ` +
          `${now.size}, ${ends[1]} at 100. A dashed line for fixed parameters.`,
      );
    };
    return { root: plot.root, draw };
  }

  function sentence({ contexts, follows }, now) {
    const scaled = SCALED.filter(([key]) => follows[key]).map(([, name]) => name);
    const how = scaled.length ? `Scaled: ${scaled.join(", ")}.` : "Nothing is scaled.";
    const met = contexts > 1 ? ` and ${contexts} contexts` : "";
    return (
      `${how} At size ${now.size}${met} the right option is chosen in ` +
      `${decimal(100 * now.right, 1)} %, with ${decimal(now.nats)} nats.`
    );
  }

  // A box to check for all that can be scaled.
  function boxes(change) {
    const box = ([key, name, shown = [name]]) => {
      const input = element("input", { type: "checkbox", change: (event) => change(key, event.target.checked) });
      return element("label", {}, input, element("span", {}, ...shown));
    };
    return element("fieldset", {}, element("legend", {}, "Scaled"), ...SCALED.map(box));
  }

  function start(root) {
    const state = { step: STEPS / 4, contexts: 1, follows: {} };
    const most = (ways) => Math.max(4, ...ways.map(({ nats }) => Math.ceil(nats)));
    const plots = [
      make_plot("chooses right", "right", () => [0.5, 1], 3),
      make_plot("nats kept", "nats", ({ points, fixed }) => [0, most([...points, ...fixed])], 2),
    ];
    const base = element("span", {}, "\u03c3", element("sub", {}, "base"));
    const shown = figures(["\u03b2", base, "\u03bb", "best \u03c3", "chooses right", "nats kept"]);
    const status = announcer("status");
    const show = () => {
      const now = numbers(state);
      plots.forEach(({ draw }) => draw(now));
      shown.set([
        short(now.at.beta), short(now.at.base), short(now.at.price), short(now.sigma),
        decimal(now.right, 3), decimal(now.nats, 2),
      ]);
      status.say(sentence(state, now));
    };
    const change = (key) => (value) => show(Object.assign(state, { [key]: value }));
    const sliders = [
      slider({
        label: "size of the rewards", min: 0, max: STEPS, step: 1, value: state.step, text: size_text,
        input: change("step"),
      }),
      slider({
        label: "contexts; an episode has one", min: 0, max: CONTEXTS.length - 1, step: 1, value: 0,
        text: (i) => String(CONTEXTS[i]), input: (i) => change("contexts")(CONTEXTS[i]),
      }),
    ];
    const checks = boxes((key, on) => change("follows")({ ...state.follows, [key]: on }));
    root.replaceChildren(
      element("div", { class: "side-by-side" }, ...plots.map((plot) => plot.root)), shown.root,
      element("div", { class: "controls" }, ...sliders.map((s) => s.root)), checks, status.root,
    );
    status.root.textContent = sentence(state, numbers(state));
    show();
  }

  place("scale", start);
})();
