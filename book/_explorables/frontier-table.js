// The table of the frontier (FRONTIER of frontier-data.js), prepared, and what it says in words. The
// best allocations in it are computed beforehand, exactly.

"use strict";

const FrontierTable = (() => {
  const { ACTIONS, N_ACTIONS, gridworld } = Dra;
  const { best_action, kl } = Exact;
  const { decimal } = Page;

  const BASE = FRONTIER.sigma_base;
  const KEPT = 0.5 * BASE; // a memory is kept if its sigma is smaller, as in dra.exact.frontier
  const LEAST = kl(KEPT, BASE); // nats
  const TRACE = 0.05; // nats; what a dropped memory still costs is not shown below
  const LEAP = 0.1; // nats; where a memory gains more although nats got dearer, the curve leaps
  const FIRST = 0.1; // the price of a nat at the start: the paper's
  const NAMED = 8; // memories that a sentence names one by one

  const LAYOUT = { ...FRONTIER.layout, walls: new Set(FRONTIER.layout.walls) };
  const MODEL = gridworld(LAYOUT);
  const CHOOSES = Array.from({ length: MODEL.n_states }, (_, s) => s !== LAYOUT.goal && !LAYOUT.walls.has(s));
  const POINTS = FRONTIER.points.map(prepared);
  const N_MEMORIES = N_ACTIONS * CHOOSES.filter(Boolean).length;
  const DEAREST = Math.max(...POINTS.map(({ prices }) => Math.max(...prices)));

  // A point of the table with the price in nats of each memory, and which memories are kept. A memory
  // that is vaguer than the base costs something too; it is not kept.
  function prepared(point) {
    const sigma = point.sigma.flat();
    const q = Float64Array.from(point.q.flat());
    return { ...point, q, sigma, prices: sigma.map((s) => kl(s, BASE)), kept: sigma.map((s) => s < KEPT) };
  }

  // The cells that an agent passes which always takes the move with the largest mean.
  function greedy_way({ q }) {
    const way = [LAYOUT.start];
    while (way[way.length - 1] !== LAYOUT.goal && way.length <= MODEL.n_states) {
      const here = way[way.length - 1];
      const action = best_action({ q }, here);
      const next = MODEL.to[here * N_ACTIONS + action];
      if (action < 0 || way.includes(next)) break;
      way.push(next);
    }
    return way;
  }

  // The memories kept at one point and not at another.
  const lost = (from, to) => from.kept.flatMap((kept, m) => (kept && !to.kept[m] ? [m] : []));

  // Whether the best memory leaps between two neighbours: something becomes sharper as nats get dearer.
  const leaps = (from, to) =>
    to.prices.some((nats, m) => to.sigma[m] < BASE && nats - from.prices[m] > LEAP);

  // In words ---------------------------------------------------------------------------------------

  const weight_text = (x) => x.toPrecision(3);
  const place = (state) => `row ${Math.floor(state / LAYOUT.columns)}, column ${state % LAYOUT.columns}`;

  // Memories by cell: "3 dropped: row 2, column 0 down, right; row 2, column 1 left".
  function count(memories, done) {
    const by_cell = new Map();
    for (const m of memories.slice(0, NAMED)) {
      const where = place(Math.floor(m / N_ACTIONS));
      by_cell.set(where, [...(by_cell.get(where) || []), ACTIONS[m % N_ACTIONS]]);
    }
    const names = [...by_cell].map(([where, moves]) => `${where} ${moves.join(", ")}`);
    if (memories.length > NAMED) names.push(`and ${memories.length - NAMED} more`);
    return memories.length ? ` ${memories.length} ${done}: ${names.join("; ")}.` : "";
  }

  function describe_move(from, to) {
    const change = count(lost(from, to), "dropped") + count(lost(to, from), "taken up");
    const prices = [from, to].map(({ cost_weight }) => weight_text(cost_weight));
    return `Price of a nat from ${prices.join(" to ")}.${change || " The same memories are kept."}`;
  }

  function describe_cell(state, point) {
    const role = { [LAYOUT.start]: "start", [LAYOUT.goal]: "goal" }[state];
    if (LAYOUT.walls.has(state)) return `${place(state)}, wall`;
    const name = place(state) + (role ? `, ${role}` : "");
    if (!CHOOSES[state]) return name;
    const words = ACTIONS.map((action, a) => {
      const nats = point.prices[state * N_ACTIONS + a];
      const price = `${decimal(nats, 2)} nats`;
      if (point.kept[state * N_ACTIONS + a]) return `${action} ${price}`;
      return `${action} dropped${nats > TRACE ? ` (${price})` : ""}`;
    });
    return `${name}: ${words.join(", ")}`;
  }

  return {
    BASE, LEAST, TRACE, FIRST, LAYOUT, CHOOSES, POINTS, N_MEMORIES, DEAREST, greedy_way, lost, leaps,
    weight_text, describe_move, describe_cell,
  };
})();
