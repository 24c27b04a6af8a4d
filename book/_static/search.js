// The search by section. What can be found is in sections.js; MiniSearch ranks it.

"use strict";

const SHOWN = 40;
const AROUND = 110; // characters of an excerpt on each side of the first hit

// "d'", "σ_base" and "2.1" are words; dashes and everything else part them. Letters in their plain form.
const words = (text) =>
  (text.replace(/′/g, "'").match(/[\p{L}\p{N}_]+(?:['.][\p{L}\p{N}_]+)*'?/gu) ?? []).map((word) =>
    word.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase(),
  );
const same = (a, b) => words(a).join(" ") === words(b).join(" ");

// Whoever types a name exactly wants that place: first the glossary, then equations and figures.
const is_named = (entry, query) =>
  [entry.title, ...entry.also.split(" | "), entry.title.replace(/^[\d.]+ /, "")].some((name) => same(name, query));

function found(query) {
  const index = new MiniSearch({
    fields: ["title", "also", "text"],
    tokenize: words,
    processTerm: (term) => term,
    searchOptions: { boost: { title: 4, also: 4 }, prefix: (term) => term.length > 2, combineWith: "AND" },
  });
  index.addAll(SECTIONS.map((entry, id) => ({ ...entry, id })));
  const strict = index.search(query);
  const hits = strict.length ? strict : index.search(query, { fuzzy: 0.2 });
  return hits
    .map(({ id, score }) => ({ entry: SECTIONS[id], score }))
    .map(({ entry, score }) => ({
      entry,
      score: score * (entry.kind === "term" ? 2 : 1) + (is_named(entry, query) ? (entry.kind === "term" ? 2e6 : 1e6) : 0),
    }))
    .sort((a, b) => b.score - a.score || (a.entry.kind === "term" ? -1 : 1))
    .map(({ entry }) => entry);
}

// The text around the first hit, with every hit marked.
function excerpt(text, query) {
  const sought = words(query);
  const parts = text.split(/([\s—–()[\],;:]+|[.?!](?=\s|$))/);
  const hits = parts.map((part) => words(part).some((w) => sought.some((s) => w.startsWith(s))));
  const start = parts.slice(0, Math.max(0, hits.indexOf(true))).join("").length;
  const paragraph = document.createElement("p");
  let place = 0;
  let cut = false;
  parts.forEach((part, i) => {
    const near = place > start - AROUND && place < start + AROUND;
    place += part.length;
    if (!near) return;
    if (!cut && i > 0) paragraph.append("… ");
    cut = true;
    const node = document.createElement(hits[i] ? "mark" : "span");
    node.textContent = part;
    paragraph.append(hits[i] ? node : part);
  });
  if (place > start + AROUND) paragraph.append(" …");
  return paragraph;
}

function item(entry, query) {
  const element = document.createElement("li");
  element.dataset.kind = entry.kind;
  const link = document.createElement("a");
  link.href = document.documentElement.dataset.content_root + entry.url;
  link.textContent = entry.title;
  const page = document.createElement("span");
  page.className = "search-page";
  page.textContent = entry.title === entry.page ? "" : entry.page;
  element.append(link, page, excerpt(entry.text, query));
  return element;
}

function show(query) {
  const place = document.getElementById("search-results");
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const list = document.createElement("ul");
  list.className = "search";
  const hits = query.trim() ? found(query) : [];
  const more = hits.length > SHOWN ? `, the first ${SHOWN} of them below` : "";
  said.textContent = !query.trim()
    ? "Type what you look for, such as KL, figure 6.2 or solution 3.2."
    : hits.length
      ? `${hits.length} ${hits.length === 1 ? "place" : "places"} found for “${query}”${more}.`
      : `No match for “${query}”. Fewer or shorter words find more.`;
  list.append(...hits.slice(0, SHOWN).map((entry) => item(entry, query)));
  place.replaceChildren(said, ...(hits.length ? [list] : []));
}

const query = new URLSearchParams(location.search).get("q") ?? "";
for (const field of document.querySelectorAll(".bd-search input")) field.value = query;
show(query);
