// A choice between a right and a wrong option, and the best precision of their two memories, which
// have the same sigma: the bandit of the chapter on one's own task, with softmax noise.
// The right option earns `gap` more, and the choice is met with probability `often` in an episode.

"use strict";

const Scale = (() => {
  const { choose_first, kl } = Exact;
  const SHARPEST = 80; // gaps, or bases, to a sigma; nothing is worth buying beyond
  const GOLDEN = (Math.sqrt(5) - 1) / 2;

  const right = (sigma, { gap, beta }) => choose_first([gap, 0], [sigma, sigma], beta);

  // The objective F.
  const objective = (sigma, at) =>
    at.often * at.gap * right(sigma, at) - 2 * at.price * kl(sigma, at.base);

  // The place of the maximum of f between two numbers that enclose one alone.
  function highest(f, low, high) {
    let [a, b] = [high - GOLDEN * (high - low), low + GOLDEN * (high - low)];
    let [at_a, at_b] = [f(a), f(b)];
    for (let i = 0; i < 30; i += 1) {
      if (at_a >= at_b) {
        [high, b, at_b] = [b, a, at_a];
        a = high - GOLDEN * (high - low);
        at_a = f(a);
      } else {
        [low, a, at_a] = [a, b, at_b];
        b = low + GOLDEN * (high - low);
        at_b = f(b);
      }
    }
    return (low + high) / 2;
  }

  // The best sigma up to the base, how often the choice is right with it, and its nats.
  function best(at) {
    const f = (x) => objective(Math.exp(x), at);
    const [low, high] = [Math.log(Math.min(at.gap, at.base) / SHARPEST), Math.log(at.base)];
    const step = (high - low) / 60;
    const grid = Array.from({ length: 61 }, (_, i) => f(low + i * step));
    const i = grid.indexOf(Math.max(...grid));
    const sigma = Math.exp(highest(f, low + Math.max(i - 1, 0) * step, low + Math.min(i + 1, 60) * step));
    return { sigma, right: right(sigma, at), nats: 2 * kl(sigma, at.base) };
  }

  // The parameters for rewards of a size, where those named follow it. With `visits` the price
  // follows how often the choice is met as well.
  function parameters(size, often, follows) {
    const times = (name, by) => (follows[name] ? by : 1);
    return {
      gap: size,
      often,
      beta: 10 / times("beta", size),
      base: 5 * times("base", size),
      price: 0.08 * times("price", size) * times("visits", often),
    };
  }

  return { best, parameters };
})();
