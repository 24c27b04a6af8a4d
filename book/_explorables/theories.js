// One price of a nat, four theories: how often each is right at a light that comes often and at one
// that comes rarely, at every price.

"use strict";

(() => {
  const { announcer, decimal, element, place, slider } = Page;
  const { across, frame, line, point, table, up, upright, x_of } = Frame;

  const BASE = 5;
  const PRICES = [0.01, 10 ** 0.5];
  const STEPS = 50; // of the price, 20 to a factor of ten
  const FIRST = 20; // 0.1
  const POINTS = 100; // of a curve
  const STAKES = { min: 0.5, max: 4, step: 0.5 };
  const NAMES = ["DRA, once", "DRA, per visit", "compression", "max. entropy"];
  const SPOKEN = ["DRA, paid once,", "DRA, paid per visit,", "policy compression", "maximum entropy"];

  const price_along = (share) => PRICES[0] * (PRICES[1] / PRICES[0]) ** share;
  const price_at = (i) => Number(price_along(i / STEPS).toPrecision(2));
  const percent = (share) => `${Math.round(100 * share)} %`;
  const found = new Map();

  // The four agents at every price.
  function curves({ green, stake }) {
    const key = `${green} ${stake}`;
    if (!found.has(key)) {
      const points = Array.from({ length: POINTS + 1 }, (_, i) => {
        const price = price_along(i / POINTS);
        return { price, agents: Theories.agents({ green, stake, price, base: BASE }) };
      });
      found.set(key, points);
    }
    return found.get(key);
  }

  // How often the choice at one light is right, against the price.
  function make_plot(light, title) {
    const plot = frame({ title, name: "price \u03bb [reward / nat]", ticks: [0.01, 0.1, 1], range: PRICES });
    const y_of = (right) => up(0.94 * right);
    plot.high.textContent = "1";
    plot.high.setAttribute("y", y_of(1) + 5);
    plot.low.textContent = "0";
    const half = element("svg:path", { class: "mark", d: `M${across(0)},${y_of(0.5)}H${across(1)}` });
    const draw = (price, points, agents) => {
      const path = (k) =>
        points.map((p) => point(x_of(p.price, PRICES), y_of(p.agents[k].right[light])));
      plot.inside.replaceChildren(
        half, upright(x_of(price, PRICES), "mark leap"),
        ...Theories.NAMES.map((name, k) => line(path(k), `curve ${name}`)).reverse(),
      );
      const spoken = agents.map(({ right }, k) => `${SPOKEN[k]} ${decimal(right[light])}`).join(", ");
      plot.root.setAttribute("aria-label", `${title}, against the price. At ${price}: ${spoken}.`);
    };
    return { root: plot.root, draw };
  }

  function sentence({ price }, agents) {
    const said = agents.map(({ right }, k) =>
      `${SPOKEN[k]} in ${decimal(100 * right[0], 1)} and ${decimal(100 * right[1], 1)} %`);
    return `At a price of ${price} green and red are right: ${said.join("; ")}.`;
  }

  function controls(state, show) {
    const set = (key, value = (x) => x) => (x) => {
      state[key] = value(x);
      show();
    };
    return [
      slider({
        label: "price of a nat \u03bb", min: 0, max: STEPS, step: 1, value: FIRST,
        text: (i) => String(price_at(i)), input: set("price", price_at),
      }),
      slider({
        label: "the light is green", min: 0.5, max: 0.95, step: 0.05, value: state.green,
        text: percent, input: set("green"),
      }),
      slider({
        label: "at stake at red (green: 1)", ...STAKES, value: state.stake,
        text: (value) => decimal(value, 1), input: set("stake"),
      }),
    ];
  }

  function start(root) {
    const state = { green: 0.8, stake: 1, price: price_at(FIRST), base: BASE };
    const plots = [make_plot(0, "green light: chooses right"), make_plot(1, "red light: chooses right")];
    const sample = (name) => element("svg:path", { class: `curve ${name}`, d: "M1,8H29" });
    const shown = table(
      "Chance of the right choice, reward, and nats",
      ["green right", "red right", "reward", "own nats", "I(S;A)"],
      NAMES.map((name, k) => ({ name, drawn: sample(Theories.NAMES[k]) })),
    );
    const status = announcer("status");
    const show = () => {
      const agents = Theories.agents(state);
      plots.forEach(({ draw }) => draw(state.price, curves(state), agents));
      shown.set(agents.map(({ right, reward, own, information }) =>
        [...right, reward, own, information].map((x) => decimal(x, 3))));
      status.say(sentence(state, agents));
    };
    const sliders = controls(state, show);
    root.replaceChildren(
      element("div", { class: "side-by-side" }, ...plots.map((plot) => plot.root)), shown.root,
      element("div", { class: "controls" }, ...sliders.map((s) => s.root)), status.root,
    );
    status.root.textContent = sentence(state, Theories.agents(state));
    show();
  }

  place("theories", start);
})();
