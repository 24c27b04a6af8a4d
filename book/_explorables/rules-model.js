// Two choices that differ in how often they come and in what they are worth; four ways to share as
// many nats between them. Each choice is between two options, and both have a memory of the same
// sigma; the larger draw wins. A choice is { often, stake }.

"use strict";

const Rules = (() => {
  const { kl, normal_cdf } = Exact;
  const { zero } = Price;
  const RULES = ["best", "equal", "frequency", "stakes"];

  // eq-two-options: how often the better option is chosen.
  const right = (sigma, { stake }) => normal_cdf(stake / (Math.SQRT2 * sigma));

  // What a choice earns above the worse options, on average.
  const reward = (sigmas, choices) =>
    choices.reduce((sum, c, i) => sum + c.often * c.stake * right(sigmas[i], c), 0);

  const nats_of = (sigma, base) => 2 * kl(sigma, base);

  // The two memories of a choice are one memory of a gap that is smaller by the root of two, at
  // another price.
  function best_sigma({ often, stake }, price, base) {
    return Price.best({ gap: stake / Math.SQRT2, price: (price * Math.SQRT2) / often, base }).sigma;
  }

  // The sigma, up to the base, of a pair of memories that cost so many nats.
  function sigma_of(nats, base) {
    if (nats <= 0) return base;
    const excess = (x) => nats_of(base * Math.exp(x), base) - nats;
    return base * Math.exp(-zero((x) => excess(-x), 0, nats / 2 + 1));
  }

  // eq-rule: sigmas in proportion to one over the root of the weights, cut off at the base.
  function by_rule(weights, nats, base) {
    const sigmas = (c) => weights.map((w) => Math.min(c / Math.sqrt(w), base));
    const excess = (x) =>
      sigmas(Math.exp(-x)).reduce((sum, sigma) => sum + nats_of(sigma, base), -nats);
    const free = Math.log(base * Math.sqrt(Math.max(...weights)));
    return sigmas(Math.exp(-zero(excess, -free, 2 + nats - free)));
  }

  // All four allocations, with as many nats as the best has at this price.
  function allocations(choices, price, base) {
    const best = choices.map((choice) => best_sigma(choice, price, base));
    const nats = best.reduce((sum, sigma) => sum + nats_of(sigma, base), 0);
    const weights = {
      equal: choices.map(() => 1),
      frequency: choices.map(({ often }) => often),
      stakes: choices.map(({ stake }) => stake),
    };
    return RULES.map((name) => {
      const sigmas = name === "best" ? best : by_rule(weights[name], nats, base);
      return {
        name, sigmas,
        nats: sigmas.map((sigma) => nats_of(sigma, base)),
        right: sigmas.map((sigma, i) => right(sigma, choices[i])),
        reward: reward(sigmas, choices),
      };
    });
  }

  return { RULES, right, reward, sigma_of, allocations };
})();
