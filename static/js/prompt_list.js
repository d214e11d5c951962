// The list of prompts over the composer as a list box: which option is chosen, and how it moves.
// The focus stays in the composer, which remains a text box: a screen reader follows `aria-activedescendant`.
const box = () => document.getElementById("prompt-choices");
const field = () => document.querySelector("[data-composer] textarea");
const shown = () => [...box().querySelectorAll("[role=option]:not([hidden])")];

export const isOpen = () => box()?.hidden === false;
export const chosen = () => box().querySelector("[aria-selected=true]");

const choose = (option) => {
  chosen()?.setAttribute("aria-selected", "false");
  option?.setAttribute("aria-selected", "true");
  option?.scrollIntoView({ block: "nearest" });
  if (option) field().setAttribute("aria-activedescendant", option.id);
  else field().removeAttribute("aria-activedescendant");
};

export const move = (steps) => {
  const options = shown();
  choose(options[(options.indexOf(chosen()) + steps + options.length) % options.length]);
};

export const narrow = (words) => {
  for (const option of box().querySelectorAll("[role=option]")) {
    option.hidden = !option.textContent.toLowerCase().includes(words.trim().toLowerCase());
  }
  choose(shown()[0]);
  const status = document.querySelector("[data-slash-status]");
  status.textContent = status.dataset.words.replace("{n}", shown().length);
};

export const open = (words) => {
  box().hidden = false;
  field().setAttribute("aria-controls", "prompt-options");
  field().focus();
  narrow(words);
};

export const close = () => {
  if (!isOpen()) return;
  choose(null);
  field().removeAttribute("aria-controls");
  box().hidden = true;
};
