// Questions in the page. A card with folded answers becomes a form: options to choose from, or a
// number to type in. Answers are kept on this device and sent nowhere.

"use strict";

(() => {
  const cards = [...document.querySelectorAll("script.quiz-facts")].map((script) => {
    let card = script.previousElementSibling;
    while (card && !card.matches("div.quiz")) card = card.previousElementSibling;
    return { card, facts: JSON.parse(script.textContent) };
  });
  if (!cards.length) return;
  const PLACE = `remember-what-matters-quiz-${cards[0].facts.name.split(".")[0]}`;

  // The store may be blocked or full; then answers last as long as the page.
  let memory = {};
  const kept = () => {
    try {
      const found = JSON.parse(localStorage.getItem(PLACE));
      return found && typeof found === "object" && !Array.isArray(found) ? found : memory;
    } catch {
      return memory;
    }
  };
  const keep = (answers) => {
    memory = answers;
    try {
      localStorage.setItem(PLACE, JSON.stringify(answers));
    } catch {
      // kept in this page
    }
  };

  const make = (name, attributes = {}, ...children) => {
    const made = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    made.append(...children);
    return made;
  };

  // Numbers as people write them: 1,5 and -2 and 1e-3 and a real minus sign.
  const number = (text) => {
    const plain = text.trim().replace(/\u2212/g, "-").replace(",", ".");
    return /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(plain) ? Number(plain) : NaN;
  };

  const shown = []; // functions that show what is kept, one for each question

  function form({ card, facts }) {
    const id = `quiz-${facts.name.replace(/\W/g, "-")}`;
    const title = card.querySelector(".admonition-title");
    const folds = [...card.querySelectorAll("details.sd-dropdown")];
    const answers = folds.map((fold) => {
      const text = fold.querySelector(".sd-summary-text");
      const said = make("div", { class: "quiz-said" });
      said.append(...fold.querySelector(".sd-card-body, .sd-summary-content").childNodes);
      return { text, said };
    });
    const status = make("div", { class: "quiz-status", role: "status" });
    const button = make("button", { type: "button", class: "quiz-check" }, "Check");
    const fieldset = make("fieldset", { class: "quiz-form" });
    fieldset.append(make("legend", { class: "quiz-legend" }, `${title.textContent}: your answer`));
    let choice, write;

    if (facts.fields) {
      const input = make("input", { type: "text", inputmode: "decimal", autocomplete: "off", id });
      const label = make("label", { for: id }, "Your number");
      fieldset.append(label, input, make("span", { class: "quiz-unit" }, facts.unit || ""));
      choice = () => {
        const value = number(input.value);
        if (Number.isNaN(value)) return { text: input.value, at: -1 };
        const at = facts.fields.findIndex(([x, t]) => x === null || Math.abs(value - x) <= t);
        return { text: input.value, at };
      };
      write = (answer) => (input.value = answer ? answer.text : "");
      input.addEventListener("keydown", (event) => event.key === "Enter" && button.click());
    } else {
      const inputs = answers.map(({ text }, k) => {
        const input = make("input", { type: "radio", name: id, value: k, id: `${id}-${k}` });
        const label = make("label", { for: `${id}-${k}` });
        label.append(...text.childNodes);
        fieldset.append(make("div", { class: "quiz-option" }, input, label));
        return input;
      });
      choice = () => ({ text: "", at: inputs.findIndex((input) => input.checked) });
      write = (answer) => inputs.forEach((input, k) => (input.checked = answer?.at === k));
    }

    const paper = make("div", { class: "quiz-paper" });
    answers.forEach(({ said }, k) => {
      const letter = make("strong", {}, `${"ABCDEFGH"[k]} `);
      paper.append(make("div", {}, letter, said.cloneNode(true)));
    });
    folds[0].before(fieldset, button, status, paper);
    folds.forEach((fold) => fold.remove());

    const tell = (answer) => {
      status.replaceChildren();
      status.className = "quiz-status";
      if (!answer) return;
      if (answer.at < 0) {
        status.append(facts.fields ? "Type a number, such as 2.5 or 1e-3." : "Choose an answer first.");
        return;
      }
      const right = answer.at === facts.right;
      status.classList.add(right ? "quiz-right" : "quiz-wrong");
      status.append(make("span", { class: "quiz-mark", "aria-hidden": "true" }, right ? "✓" : "✗"));
      status.append(answers[answer.at].said);
    };

    button.addEventListener("click", () => {
      const answer = choice();
      tell(answer);
      if (answer.at < 0) return;
      const all = kept();
      const old = all[facts.name];
      const same = old && old.digest === facts.digest;
      const first = same ? old.first : answer.at === facts.right;
      all[facts.name] = { digest: facts.digest, first, ...answer };
      keep(all);
      count();
    });

    shown.push(() => {
      const answer = kept()[facts.name];
      const good = answer && answer.digest === facts.digest ? answer : undefined;
      write(good);
      tell(good);
    });
  }

  const text = make("p", { role: "status" });
  const forget = make("button", { type: "button" }, "Forget my answers");
  const score = make("div", { class: "quiz-score" }, text, forget);
  forget.addEventListener("click", () => {
    memory = {};
    try {
      localStorage.removeItem(PLACE);
    } catch {
      // nothing was kept
    }
    shown.forEach((show) => show());
    count();
  });

  function count() {
    const all = kept();
    const mine = cards.map(({ facts }) => all[facts.name]?.digest === facts.digest && all[facts.name]);
    const tried = mine.filter(Boolean);
    const first = tried.filter((answer) => answer.first).length;
    const rest = cards.length - tried.length;
    text.textContent = tried.length
      ? `${first} of ${cards.length} right at the first try; ` +
        (rest ? `${rest} not answered yet.` : "all answered.")
      : `${cards.length} questions in this chapter. Your answers stay on this device.`;
    forget.disabled = !tried.length;
  }

  cards.forEach(form);
  cards[cards.length - 1].card.after(score);
  shown.forEach((show) => show());
  count();
  window.addEventListener("storage", (event) => {
    if (event.key !== PLACE && event.key !== null) return;
    shown.forEach((show) => show());
    count();
  });
})();
