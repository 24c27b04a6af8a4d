// Four theories of a limited agent on one task, at the same price of a nat: at a green light, which
// comes with probability `green`, A earns 1 more; at a red one B earns `stake` more.

"use strict";

const Theories = (() => {
  const { kl, normal_cdf } = Exact;
  const NAMES = ["once", "visit", "compression", "entropy"];

  const entropy = (chances) =>
    chances.reduce((sum, p) => sum - (p > 0 ? p * Math.log(p) : 0), 0);
  const of_two = (p) => entropy([p, 1 - p]);

  // The best memories of a light, whose two have the same sigma; the larger draw wins (eq-two-options).
  function remembered(often, stake, price, base) {
    const at = { gap: stake / Math.SQRT2, price: (price * Math.SQRT2) / often, base };
    const { sigma } = Price.best(at);
    return { right: normal_cdf(at.gap / sigma), nats: 2 * kl(sigma, base) };
  }

  // How often the best compressed policy chooses A: there p ln(h + (1 - h) / x) + (1 - p) ln(h y +
  // 1 - h), with x and y as below, is highest.
  function habit(green, gaps, price) {
    const [x, y] = gaps.map((gap) => Math.exp(-gap / price));
    return Math.min(Math.max(green / (1 - y) - ((1 - green) * x) / (1 - x), 0), 1);
  }

  function compressed(green, gaps, price) {
    const h = habit(green, gaps, price);
    const [x, y] = gaps.map((gap) => Math.exp(-gap / price));
    return [h / (h + (1 - h) * x), (1 - h) / (1 - h + h * y)];
  }

  // How often each light's choice is right, and the nats that the theory itself counts.
  function agent(name, { green, stake, price, base }) {
    const [often, gaps] = [[green, 1 - green], [1, stake]];
    const mean = (values) => often[0] * values[0] + often[1] * values[1];
    if (name === "once" || name === "visit") {
      const lights = gaps.map((gap, i) => remembered(name === "once" ? often[i] : 1, gap, price, base));
      const nats = lights.map((light) => light.nats);
      const right = lights.map((light) => light.right);
      return { right, own: name === "once" ? nats[0] + nats[1] : mean(nats) };
    }
    if (name === "compression") {
      const right = compressed(green, gaps, price);
      return { right, own: information(green, right) };
    }
    const right = gaps.map((gap) => 1 / (1 + Math.exp(-gap / price)));
    return { right, own: Math.LN2 - mean(right.map(of_two)) };
  }

  // I(S; A) in nats.
  function information(green, [a, b]) {
    const left = green * of_two(a) + (1 - green) * of_two(b);
    return Math.max(of_two(green * a + (1 - green) * (1 - b)) - left, 0);
  }

  function agents(at) {
    return NAMES.map((name) => {
      const { right, own } = agent(name, at);
      const reward = at.green * right[0] + (1 - at.green) * at.stake * right[1];
      return { name, right, own, reward, information: information(at.green, right) };
    });
  }

  return { NAMES, agents };
})();
