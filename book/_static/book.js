// Repairs to what the theme does in the page, and pictures that can be enlarged.

"use strict";

// What is wider than its box can be scrolled with the arrow keys only if Tab leads to the box. The
// theme sees to that for code, though not for what was folded away when the page was loaded, and
// for tables and formulas not at all.
const BOXES = "pre, .cell_output > .output, .pst-scrollable-table-container, div.math";
const let_tab_in = (box) => {
  box.tabIndex = box.scrollWidth > box.clientWidth || box.scrollHeight > box.clientHeight ? 0 : -1;
};
const boxes = new ResizeObserver((changes) => changes.forEach(({ target }) => let_tab_in(target)));
document.querySelectorAll(BOXES).forEach((box) => boxes.observe(box));

// Paper is white, whatever mode a reader has chosen for the screen.
const root = document.documentElement;
let chosen;
window.addEventListener("beforeprint", () => {
  chosen = root.dataset.theme;
  root.dataset.theme = "light";
});
window.addEventListener("afterprint", () => (root.dataset.theme = chosen));

// A picture that is shown smaller than it is gets a button, which shows it as large as it is.
const show_large = (picture) => {
  const dialog = document.createElement("dialog");
  dialog.className = "enlarged";
  dialog.setAttribute("aria-label", "Enlarged picture");
  const close = document.createElement("button");
  close.type = "button";
  close.textContent = "Close";
  close.onclick = () => dialog.close();
  const copy = picture.cloneNode();
  copy.loading = "eager";
  dialog.append(close, copy);
  dialog.onclose = () => dialog.remove();
  document.body.append(dialog);
  dialog.showModal();
};
const with_button = (picture) => {
  const box = document.createElement("span");
  box.className = "enlargeable";
  picture.replaceWith(box);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "enlarge";
  button.setAttribute("aria-label", "Enlarge");
  button.innerHTML = '<i class="fa-solid fa-magnifying-glass-plus" aria-hidden="true"></i>';
  button.onclick = () => show_large(picture);
  picture.onclick = () => !button.hidden && show_large(picture);
  box.append(picture, button);
  return button;
};
const sizes = new ResizeObserver((changes) =>
  changes.forEach(({ target }) => {
    const small = target.clientWidth > 0 && target.clientWidth < 0.8 * Number(target.getAttribute("width"));
    target.button ??= small ? with_button(target) : undefined;
    if (target.button) target.button.hidden = !small;
  }),
);
document.querySelectorAll(".bd-article .cell_output img[width]").forEach((e) => sizes.observe(e));
