// Two repairs to what the theme does in the page.

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

// The search fetches the pages it has found, to quote from them. From a disk that is forbidden, and
// a list of titles is better than a list of errors.
if (location.protocol === "file:") DOCUMENTATION_OPTIONS.SHOW_SEARCH_SUMMARY = false;
