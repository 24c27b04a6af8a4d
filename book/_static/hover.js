// What a link to an equation, a term of the glossary or a source leads to is shown under the mouse,
// or when the link has the focus. Escape puts it away, and the mouse may move onto it.

"use strict";

const base = new URL(document.documentElement.dataset.content_root, location.href);
const LINKS = 'a.reference.internal[href*="#equation-"], a.reference.internal[href*="#term-"], a[href*="bibliography.html#"]';
const WAIT = 250; // milliseconds
const box = document.createElement("div");
box.id = "preview";
box.setAttribute("role", "tooltip");
box.hidden = true;
document.body.append(box);
let owner; // the link that the box belongs to
let timer;

// The pieces are loaded when the first of them is wanted.
let loading;
const load = () =>
  (loading ??= new Promise((done) => {
    const script = document.createElement("script");
    script.src = new URL("_static/previews.js", base);
    script.onload = () => done(window.PREVIEWS);
    document.head.append(script);
  }));

function hide() {
  clearTimeout(timer);
  owner?.removeAttribute("aria-describedby");
  owner = undefined;
  box.hidden = true;
}

async function show(link) {
  const pieces = await load();
  const piece = pieces[link.href.replace(base.href, "")];
  if (!piece || owner !== link) return;
  box.innerHTML = piece;
  box.hidden = false;
  link.setAttribute("aria-describedby", box.id);
  const at = link.getBoundingClientRect();
  const left = Math.min(at.left, document.documentElement.clientWidth - box.offsetWidth - 8);
  const below = at.bottom + box.offsetHeight + 8 < innerHeight;
  box.style.left = `${Math.max(8, left) + scrollX}px`;
  box.style.top = `${(below ? at.bottom : at.top - box.offsetHeight) + scrollY}px`;
}

const soon = (action) => {
  clearTimeout(timer);
  timer = setTimeout(action, WAIT);
};
for (const link of document.querySelectorAll(LINKS)) {
  const want = () => {
    if (owner === link) return clearTimeout(timer);
    hide();
    owner = link;
    soon(() => show(link));
  };
  link.addEventListener("mouseenter", want);
  link.addEventListener("focus", want);
  link.addEventListener("mouseleave", () => soon(hide));
  link.addEventListener("blur", hide);
}
box.addEventListener("mouseenter", () => clearTimeout(timer));
box.addEventListener("mouseleave", () => soon(hide));
document.addEventListener("keydown", (event) => event.key === "Escape" && hide());

// A link to a solution, an exercise's part or anything folded away unfolds it.
const unfold = () => {
  const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  for (let e = target; e; e = e.parentElement) if (e.tagName === "DETAILS") e.open = true;
  const folded = target.closest(".toggle-hidden") ?? (target.classList.contains("toggle-hidden") ? target : null);
  folded?.querySelector("button.toggle-button")?.click();
  target.scrollIntoView();
};
addEventListener("hashchange", unfold);
addEventListener("load", unfold);
