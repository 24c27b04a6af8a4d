// What the explorables share: making elements, sliders, buttons and announcements.

"use strict";

const Page = (() => {
  const SVG = "http://www.w3.org/2000/svg";

  // Make an element. A name that starts with "svg:" is of that namespace; an attribute whose value is
  // a function listens to the event of that name.
  function element(name, attributes = {}, ...children) {
    const made = name.startsWith("svg:")
      ? document.createElementNS(SVG, name.slice(4))
      : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
      if (typeof value === "function") made.addEventListener(key, value);
      else if (value !== false) made.setAttribute(key, value);
    }
    made.append(...children);
    return made;
  }

  // Numbers as people write them: a real minus sign, and none before zero.
  function decimal(x, digits = 2) {
    const text = x.toFixed(digits);
    return Number(text) === 0 ? text.replace("-", "") : text.replace("-", "\u2212");
  }

  let made = 0;

  // A labelled slider; the label is a text or a list of texts and elements. `text` turns its value
  // into words, `input` hears of changes.
  function slider({ label, min, max, step, value, text = decimal, input }) {
    made += 1;
    const id = `explorable-slider-${made}`;
    const range = element("input", { type: "range", id, min, max, step, value });
    const shown = element("span", { class: "value" });
    const show = () => {
      shown.textContent = text(Number(range.value));
      range.setAttribute("aria-valuetext", shown.textContent);
    };
    range.addEventListener("input", () => {
      show();
      input(Number(range.value));
    });
    show();
    const set = (next) => {
      range.value = next;
      show();
    };
    const name = element("label", { for: id }, ...[label].flat());
    const root = element("div", { class: "slider" }, name, range, shown);
    return { root, range, set };
  }

  // A group of radio buttons; `choose` hears the value of the one chosen.
  function choices({ legend, options, value, choose }) {
    made += 1;
    const name = `explorable-choice-${made}`;
    const buttons = options.map(([key, label]) => {
      const change = () => choose(key);
      const radio = { type: "radio", name, value: key, checked: key === value && "", change };
      const words = element("span", {}, ...[label].flat());
      return element("label", {}, element("input", radio), words);
    });
    return element("fieldset", {}, element("legend", {}, legend), ...buttons);
  }

  // A button. Its text may change later.
  function button(label, click) {
    return element("button", { type: "button", click }, label);
  }

  // Numbers with names; the returned function sets them, in order.
  function figures(names) {
    const values = names.map(() => element("dd"));
    const pairs = names.map((name, i) => element("div", {}, element("dt", {}, name), values[i]));
    const set = (texts) => texts.forEach((text, i) => (values[i].textContent = text));
    return { root: element("dl", {}, ...pairs), set };
  }

  // A line that screen readers read out when it changes, at most every half second; `age` is for
  // how many milliseconds it has said the same.
  function announcer(className = "visually-hidden") {
    const root = element("p", { class: className, role: "status", "aria-live": "polite" });
    let waiting = null;
    let since = 0;
    const say = (text) => {
      window.clearTimeout(waiting);
      since = performance.now();
      waiting = window.setTimeout(() => (root.textContent = text), 400);
    };
    return { root, say, age: () => performance.now() - since };
  }

  // Build an explorable in every place that is marked for it and not yet taken: at once in those
  // above the script, so that nothing below them moves, and in the others when there are all.
  function place(name, start) {
    document.querySelectorAll(`[data-explorable="${name}"]:not(.live)`).forEach((spot) => {
      const root = element("div", { class: "stage" });
      root.dataset.form = spot.dataset.form;
      start(root);
      spot.append(root);
      spot.classList.add("live");
    });
    if (document.readyState !== "loading") return;
    document.addEventListener("DOMContentLoaded", () => place(name, start), { once: true });
  }

  return { element, decimal, slider, choices, button, figures, announcer, place };
})();
