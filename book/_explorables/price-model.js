// One memory at a price, the model: the objective F, its best sigma, and where that leaps. With the
// names and the arithmetic of the chapter on the price of precision:
// an option is worth `gap` more than another whose value is known; the memory of it has a sigma.

"use strict";

const Price = (() => {
  const { kl, normal_cdf, normal_density } = Exact;
  const FAR = 40; // of u = gap / sigma; beyond it nothing is worth buying
  const CUSP = Math.sqrt(3) - Math.sqrt(2); // of k = gap / sigma_base

  // The objective F(sigma), as in eq-one-memory.
  const objective = (sigma, { gap, price, base }) =>
    gap * normal_cdf(gap / sigma) - price * kl(sigma, base);

  // What F gains per unit of ln u: what sharpening is worth minus its price.
  const gain = (u, { gap, price, base }) =>
    gap * u * normal_density(u) - price * (1 - (gap / (u * base)) ** 2);

  // A zero of f between two numbers at which its signs differ.
  function zero(f, low, high) {
    const sign = Math.sign(f(low));
    for (let i = 0; i < 200 && high - low > 1e-15 * high; i += 1) {
      const middle = (low + high) / 2;
      if (Math.sign(f(middle)) === sign) low = middle;
      else high = middle;
    }
    return (low + high) / 2;
  }

  // All { sigma, value, top } with F' = 0 and sigma < base, blurred first.
  function stationary(at) {
    const first = (at.gap / at.base) * (1 + 1e-12);
    const grid = Array.from({ length: 4000 }, (_, i) => first * (FAR / first) ** (i / 3999));
    const positive = grid.map((u) => gain(u, at) > 0);
    const found = [];
    for (let i = 0; i < grid.length - 1; i += 1) {
      if (positive[i] === positive[i + 1]) continue;
      const sigma = at.gap / zero((u) => gain(u, at), grid[i], grid[i + 1]);
      found.push({ sigma, value: objective(sigma, at), top: positive[i] });
    }
    return found;
  }

  // The best sigma up to the base, with its F.
  function best(at) {
    const free = { sigma: at.base, value: objective(at.base, at), top: true };
    return stationary(at)
      .filter(({ top }) => top)
      .reduce((a, b) => (b.value > a.value ? b : a), free);
  }

  // eq-branches: the price, over the gap, at which u is stationary.
  const branch = (u, k) => (u ** 3 * normal_density(u)) / (u * u - k * k);

  // eq-folds: the two u at which branches meet, for k below the cusp.
  function folds(k) {
    const root = Math.sqrt((1 + k * k) ** 2 - 12 * k * k);
    return [Math.sqrt((1 + k * k - root) / 2), Math.sqrt((1 + k * k + root) / 2)];
  }

  // Where the best sigma leaps: the price, and the u of the blurred and of the sharp maximum.
  // Null where it never does.
  function leap(gap, base) {
    const k = gap / base;
    if (k >= CUSP) return null;
    const [low, high] = folds(k);
    const maxima = (price) => {
      const f = (u) => gain(u, { gap, price, base });
      return [zero(f, k * (1 + 1e-12), low), zero(f, high, FAR)];
    };
    const lead = (price) => {
      const at = { gap, price, base };
      const [blurred, sharp] = maxima(price).map((u) => objective(gap / u, at));
      return sharp - blurred;
    };
    const ends = [low, high].map((u) => gap * branch(u, k));
    const price = zero(lead, ends[0] * (1 + 1e-9), ends[1] * (1 - 1e-9));
    const [blurred, sharp] = maxima(price);
    return { price, blurred, sharp };
  }

  return { FAR, objective, stationary, best, branch, leap, zero };
})();
