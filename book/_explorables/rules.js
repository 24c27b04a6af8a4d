// As many nats, by four rules: coffee and holidays. What the nats earn at every way of sharing them,
// and how often the better option is chosen.

"use strict";

(() => {
  const { announcer, decimal, element, place, slider } = Page;
  const { across, frame, line, point, sign, table, up } = Frame;

  const BASE = 5;
  const COFFEE = 1; // what is at stake in a coffee
  const PRICES = [0.01, 0.5];
  const STEPS = 85; // of the price, each less than five per cent
  const FIRST = 50; // 0.1
  const POINTS = 200; // of the curves
  const LEAST = 0.04; // of the height of the first picture: what is level shall look so
  const SIGNS = ["triangle", "circle", "square", "diamond"];
  const NAMES = ["best", "equal", "frequency", "stakes"];

  const price_at = (i) => Number((PRICES[0] * (PRICES[1] / PRICES[0]) ** (i / STEPS)).toPrecision(2));
  const nats_text = (nats) => decimal(nats, nats < 0.1 ? 3 : 2);
  const percent = (share) => `${Math.round(100 * share)} %`;

  // The choices, the four allocations, and all ways of sharing their nats.
  function numbers({ often, stake, price }) {
    const choices = [{ often, stake: COFFEE }, { often: 1 - often, stake }];
    const found = Rules.allocations(choices, price, BASE);
    const total = found[0].nats[0] + found[0].nats[1];
    const ways = Array.from({ length: POINTS + 1 }, (_, i) => {
      const share = (1 - Math.cos((Math.PI * i) / POINTS)) / 2; // closer at the ends, which are steep
      const sigmas = [share * total, (1 - share) * total].map((nats) => Rules.sigma_of(nats, BASE));
      const right = sigmas.map((sigma, k) => Rules.right(sigma, choices[k]));
      return { share, right, reward: Rules.reward(sigmas, choices) };
    });
    return { choices, found, total, ways };
  }

  const share_of = ({ nats }) => nats[0] / (nats[0] + nats[1]);
  const signs = (found, spot) =>
    found.map((way, i) => sign(...spot(way), SIGNS[i], i === 0)).reverse(); // the best above all

  // The reward against the share of the nats that goes to coffee.
  function make_hill() {
    const plot = frame({
      title: "reward per choice", name: "share of the nats for coffee [%]",
      ticks: [0, 0.25, 0.5, 0.75, 1], place: across, label: (share) => String(100 * share),
    });
    const draw = ({ found, ways }) => {
      const rewards = ways.map(({ reward }) => reward);
      const [least, most] = [Math.min(...rewards), found[0].reward];
      const height = Math.max(most - least, LEAST);
      const y_of = (reward) => up(0.92 - (0.88 * (most - reward)) / height);
      const spot = (way) => [across(share_of(way)), y_of(way.reward)];
      plot.inside.replaceChildren(
        line(ways.map((way) => point(across(way.share), y_of(way.reward))), "curve a"),
        ...signs(found, spot),
      );
      plot.high.textContent = decimal(most + (0.08 * height) / 0.88, 2);
      plot.low.textContent = decimal(most - (0.92 * height) / 0.88, 2);
      const places = found.map((way, i) => `${NAMES[i]} ${percent(share_of(way))}`).join(", ");
      plot.root.setAttribute(
        "aria-label",
        `Reward against the share of the nats for coffee, from ${decimal(least)} to ${decimal(most)}. ${places}.`,
      );
    };
    return { root: plot.root, draw };
  }

  // How often a holiday is right against how often coffee is. Along the dashed line the reward is
  // that of the best.
  function make_trade() {
    const at = (right) => across((right - 0.5) / 0.5);
    const above = (right) => up((0.94 * (right - 0.5)) / 0.5);
    const plot = frame({
      title: "holiday right", name: "coffee right", ticks: [0.5, 0.6, 0.7, 0.8, 0.9, 1], place: at,
      label: String,
    });
    plot.high.textContent = "1";
    plot.high.setAttribute("y", above(1) + 5);
    plot.low.textContent = "0.5";
    const draw = ({ choices, found, ways }) => {
      const [worth, other] = choices.map(({ often, stake }) => often * stake);
      const level = [];
      for (let right = 0.5; right <= 1.0001; right += 0.005) {
        const y = (found[0].reward - worth * right) / other;
        if (y >= 0.5 && y <= 1) level.push(point(at(right), above(y)));
      }
      plot.inside.replaceChildren(
        line(level, "arm b"),
        line(ways.map(({ right }) => point(at(right[0]), above(right[1]))), "curve a"),
        ...signs(found, ({ right }) => [at(right[0]), above(right[1])]),
      );
      const spoken = found.map(({ right }, i) =>
        `${NAMES[i]} ${right.map((p) => decimal(p)).join(" and ")}`);
      plot.root.setAttribute(
        "aria-label", `How often coffee and holiday are chosen right. ${spoken.join(", ")}.`,
      );
    };
    return { root: plot.root, draw };
  }

  function sentence({ found, total }) {
    const [best, ...rules] = found;
    const lost = rules.map(({ reward }) => best.reward - reward);
    const next = lost.indexOf(Math.min(...lost)) + 1;
    const worst = lost.indexOf(Math.max(...lost)) + 1;
    return (
      `All four spend ${nats_text(total)} nats. The best gives coffee ${percent(share_of(best))} of them. ` +
      `The rule nearest to it is ${NAMES[next]} (${decimal(lost[next - 1], 4)} less reward), ` +
      `the farthest is ${NAMES[worst]} (${decimal(lost[worst - 1], 4)} less).`
    );
  }

  function controls(state, change) {
    const input = (key) => (value) => change(key, value);
    return [
      slider({
        label: "price of a nat \u03bb", min: 0, max: STEPS, step: 1, value: FIRST,
        text: (i) => String(price_at(i)), input: (i) => change("price", price_at(i)),
      }),
      slider({
        label: "mornings with coffee", min: 0.5, max: 0.95, step: 0.05, value: state.often,
        text: percent, input: input("often"),
      }),
      slider({
        label: "at stake in a holiday (coffee: 1)", min: 1, max: 8, step: 0.5, value: state.stake,
        text: (value) => decimal(value, 1), input: input("stake"),
      }),
    ];
  }

  function start(root) {
    const state = { often: 0.8, stake: 4, price: price_at(FIRST) };
    const [hill, trade] = [make_hill(), make_trade()];
    const shown = table(
      "Nats, chance of the better option, and reward", [
        "nats, coffee", "nats, holiday", "coffee right", "holiday right", "reward",
      ],
      NAMES.map((name, i) => ({ name, drawn: sign(15, 8, SIGNS[i], i === 0) })),
    );
    const status = announcer("status");
    const show = () => {
      const now = numbers(state);
      hill.draw(now);
      trade.draw(now);
      shown.set(now.found.map(({ nats, right, reward }) =>
        [...nats.map(nats_text), ...right.map((p) => decimal(p, 3)), decimal(reward, 4)]));
      status.say(sentence(now));
    };
    const sliders = controls(state, (key, value) => {
      state[key] = value;
      show();
    });
    root.replaceChildren(
      element("div", { class: "side-by-side" }, hill.root, trade.root), shown.root,
      element("div", { class: "controls" }, ...sliders.map((s) => s.root)), status.root,
    );
    status.root.textContent = sentence(numbers(state));
    show();
  }

  place("rules", start);
})();
