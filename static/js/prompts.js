// «/» at the start of a message opens the prompts: arrows move, Enter takes one, Esc closes; typing on narrows the list.
import { chosen, close, isOpen, move, narrow, open } from "./prompt_list.js";

const field = () => document.querySelector("[data-composer] textarea");
const MOVES = { ArrowDown: 1, ArrowUp: -1 };
// Opened by a slash, which the prompt then replaces; opened by the link it is put in where one writes.
let typed = false;
let dismissed = false;

const fill = (text) => {
  const target = field();
  const [start, end] = typed ? [0, target.value.length] : [target.selectionStart, target.selectionEnd];
  dismissed = true;
  document.getElementById("dialog").close();
  target.setRangeText(text, start, end, "end");
  target.focus();
  const gap = target.value.match(/\{[^{}\n]+\}/);
  if (gap) target.setSelectionRange(gap.index, gap.index + gap[0].length);
  target.dispatchEvent(new Event("input", { bubbles: true }));
};

document.addEventListener("input", ({ target }) => {
  if (target !== field()) return;
  if (!/^\/[^\n]*$/.test(target.value)) {
    typed = dismissed = false;
    close();
  } else if (isOpen()) narrow(target.value.slice(1));
  else if (!dismissed) {
    typed = true;
    document.querySelector("[data-slash]").click();
  }
});

document.addEventListener("htmx:afterSettle", ({ target }) => {
  if (target.id !== "prompt-choices") return;
  const text = target.querySelector("[data-fill]")?.value;
  if (text === undefined) open(typed ? field().value.slice(1) : "");
  else {
    close();
    fill(text);
  }
});

// Before anything else hears of the key: Enter would send, and Esc would stop an answer.
document.addEventListener("keydown", (event) => {
  if (!isOpen() || event.isComposing || event.target !== field()) return;
  if (event.key === "Escape") {
    dismissed = true;
    close();
  } else if (event.key === "Enter" && chosen()) chosen().click();
  else if (event.key in MOVES && chosen()) move(MOVES[event.key]);
  else return;
  event.preventDefault();
  event.stopPropagation();
}, { capture: true });

document.addEventListener("click", ({ target }) => {
  // An option that was taken goes on by itself.
  if (!target.closest?.("#prompt-choices, [data-slash]") || target.closest("[role=option]")) close();
});
